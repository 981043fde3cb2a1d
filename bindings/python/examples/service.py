"""A web service that logs people in: Starlette, which FastAPI is made of too.

A login begins with a random secret in a cookie: the flow is bound to the browser that has it, and what
is pending stays here. The service asks the API itself, with the client that it has anyway. Opening takes
milliseconds of a processor, so it goes to a thread: flowseal lets the interpreter go, and the event
loop serves others meanwhile.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

import flowseal

Send = Callable[[flowseal.Request, float], Awaitable[flowseal.HttpResponse | None]]
"""Sends a request, gives up after so many seconds, and gives what has come back, if anything has."""

CLAIMS = ["naming.given", "naming.family"]
"""What people are asked for."""


def create_app(
    config: flowseal.ApiConfig,
    key: flowseal.DecryptingKey | flowseal.KeyRing,
    verifier: flowseal.Verifier,
    send: Send,
) -> Starlette:
    """The service. What it remembers belongs into a database where there is more than one of it."""
    kept: dict[str, str] = {}
    finished, budget = flowseal.FinishedFlows(), flowseal.Budget()
    words = flowseal.Words.english()

    def told(situation: flowseal.Situation, status: int) -> JSONResponse:
        """What the person is told: never which check has failed."""
        text = words.text(situation)
        said = {"situation": situation.key, "next": situation.next, "text": text}
        return JSONResponse(said, status)

    def refused(error: flowseal.FlowsealError) -> JSONResponse:
        return told(flowseal.Situation.of_error(error), error.http_status or 500)

    async def start(request: Request) -> JSONResponse:
        start = config.identify("login", CLAIMS, "Log in to Example", flowseal.Device.same())
        if budget.urgent(config) is not None:
            return told(flowseal.Situation.of_code("api_rate_limited"), 503)
        response = await send(start.request, 10.0)
        if response is None:
            return told(flowseal.Situation.of_code("connection_lost"), 503)
        try:
            created = start.read(response)
        except flowseal.FlowsealError as error:
            return refused(error)
        cookie = secrets.token_urlsafe(32)
        kept[cookie] = created.pending(flowseal.Binding(cookie)).to_json()
        answer = JSONResponse({"link": created.link}, 201)
        answer.set_cookie("login", cookie, httponly=True, secure=True, samesite="lax")
        return answer

    async def watched(session: flowseal.Session) -> flowseal.Flow:
        while True:
            match session.poll():
                case flowseal.Send(request, timeout):
                    response = await send(request, timeout)
                    if response is None:
                        session.lost()
                    else:
                        session.handle(response)
                case flowseal.Wait(seconds):
                    await asyncio.sleep(seconds)
                case flowseal.Progress():
                    pass
                case flowseal.Stream():
                    raise AssertionError("a session streams where stream=True asks for it")
                case flowseal.Ended() as end:
                    return end.result()

    def opened(
        pending: flowseal.PendingFlow, flow: flowseal.Flow, cookie: str
    ) -> dict[str, object]:
        verified = pending.finish(flow, verifier, finished, binding=flowseal.Binding(cookie))
        with verified.open(key) as claims:
            return {"person": verified.requestee, **claims.to_dict()}

    async def end(request: Request) -> JSONResponse:
        cookie = request.cookies.get("login", "")
        if cookie not in kept:
            return told(flowseal.Situation.of_code("flow_expired"), 403)
        pending = flowseal.PendingFlow.from_json(kept[cookie], config)
        try:
            flow = await watched(pending.session(config, budget=budget))
            person = await asyncio.to_thread(opened, pending, flow, cookie)
        except flowseal.FlowsealError as error:
            return refused(error)
        return JSONResponse(person)

    routes = [Route("/login", start, methods=["POST"]), Route("/login", end, methods=["GET"])]
    return Starlette(routes=routes)
