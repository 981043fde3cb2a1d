"""A web service that logs people in: Starlette, which FastAPI is made of too.

The browser says which flow it waits for; the service asks the API itself, with the client that it
has anyway. Opening takes milliseconds of a processor, so it goes to a thread: flowseal lets the
interpreter go, and the event loop serves others meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

import flowseal

Ping = Callable[[str], Awaitable[bytes]]
"""Asks the API how a flow is getting on, and gives the body of its answer."""


def create_app(
    key: flowseal.DecryptingKey | flowseal.KeyRing,
    verifier: flowseal.Verifier,
    organisation: str,
    ping: Ping,
) -> Starlette:
    """The service. What it remembers belongs into a database where there is more than one of it."""
    accepted: set[str] = set()

    def open_flow(reference: str, body: bytes) -> tuple[str, dict[str, object]]:
        expected = flowseal.Expectations(
            reference=reference, requester=organisation, max_age=300, leeway=5
        )
        verified = flowseal.Flow.from_json(body).verify(verifier, expected)
        with verified.open(key, select=["naming.given", "naming.family"]) as claims:
            return verified.replay_key, {"person": verified.requestee, **claims.to_dict()}

    async def login(request: Request) -> JSONResponse:
        reference: str = request.path_params["reference"]
        body = await ping(reference)
        try:
            replay_key, person = await asyncio.to_thread(open_flow, reference, body)
        except flowseal.RefusedError as refused:
            status = 202 if refused.code == "flow_pending" else 403
            return JSONResponse({"error": refused.code}, status)
        except (flowseal.InputError, flowseal.RequestError) as unusable:
            # The API's answer is no flow: it has expired, or the API has a bad day.
            return JSONResponse({"error": unusable.code}, 502)
        # The same approval is good for one login, not for five minutes of them. Back in the event
        # loop, nobody comes between the look and the entry.
        if replay_key in accepted:
            return JSONResponse({"error": "replayed"}, 403)
        accepted.add(replay_key)
        return JSONResponse(person)

    return Starlette(routes=[Route("/login/{reference}", login, methods=["POST"])])
