"""What the tests of the journey share: an API that is pretended, and flows between start and end."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import flowseal
from flowseal import testing
from flowseal.types import Trust

from .conftest import NOW
from .test_requests import config

PERSON = "22212345610"
CLAIMS = [
    "bio.birthnumber",
    "bio.birthdate",
    "bio.gender",
    "contact.email",
    "contact.emailVerified",
    "naming.family",
    "naming.given",
    "nationality.primary",
    "nationality.nationalities",
]
EXPIRES = testing.IAT + 360
COOKIE = flowseal.Binding(b"the cookie of this browser")
ELSEWHERE = flowseal.Device.different(PERSON)


def created_answer(status: int = 201, **beside: Any) -> flowseal.HttpResponse:
    """What the API answers a start with."""
    request = {"id": "req_1", "iat": testing.IAT, "exp": EXPIRES}
    body = {"status": "successful", "data": {"request": request, **beside}}
    return flowseal.HttpResponse(status, {}, json.dumps(body).encode())


def pending(device: flowseal.Device = ELSEWHERE, **more: Any) -> flowseal.PendingFlow:
    made = config(organisation_id="bcn_sample")
    start = made.identify("login", CLAIMS, "Log in to Example", device)
    answer = created_answer(link="https://open.pasby.africa/1", seeds=["one", "two"])
    return start.read(answer).pending(**more)


def starter() -> flowseal.ApiConfig:
    """The configuration that has started what is ``pending``."""
    return config(organisation_id="bcn_sample")


def sealed(**more: Any) -> str:
    members: dict[str, Any] = {"persona": "ada", "requester": "bcn_sample"}
    return testing.seal("req_1", **members | more).to_json()


def unsigned(**more: Any) -> str:
    answer = json.loads(sealed(**more))
    del answer["data"]["request"]["signature"]
    return json.dumps(answer)


Tell = Callable[[flowseal.Request, bytes], flowseal.HttpResponse]


def properly(request: flowseal.Request, body: bytes) -> flowseal.HttpResponse:
    return flowseal.HttpResponse(200, {}, body).answering(request).with_url(request.url)


def ended(session: flowseal.Session, body: str, tell: Tell = properly) -> flowseal.Flow:
    """The flow of a session whose pings are answered with this body."""
    now = float(NOW)
    while True:
        match session.poll(now, 4):
            case flowseal.Send(request):
                session.handle(tell(request, body.encode()), now)
            case flowseal.Wait(seconds):
                now += seconds
            case flowseal.Ended() as end:
                return end.result()
            case other:
                raise AssertionError(other)


def received(
    on: flowseal.PendingFlow, body: str, tell: Tell = properly, trust: Trust = "received"
) -> flowseal.Flow:
    return ended(on.session(starter(), trust=trust), body, tell)
