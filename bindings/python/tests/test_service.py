"""The example of a web service, asked as a browser would."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import flowseal
from flowseal import testing

from .test_requests import config

sys.path.append(str(Path(__file__).parents[1] / "examples"))

from service import create_app

CLAIMS = {"naming": {"given": "Adébáyọ̀", "family": "Ọláwálé"}}
GONE = '{"status": "successful", "reason": "Ping successful", "data": {}}'


def sealed(persona: str = "22212345610", **more: Any) -> str:
    now = int(time.time())
    return testing.seal(
        "req_1", claims=CLAIMS, requestee=persona, iat=now - 60, signed_at=now - 10, **more
    ).to_json()


def client(pinged: str, started: int = 201) -> TestClient:
    """A browser at the service, whose API answers so."""

    async def send(request: flowseal.Request, timeout: float) -> flowseal.HttpResponse | None:
        if request.endpoint == "ping":
            return flowseal.HttpResponse(200, {}, pinged.encode()).answering(request)
        if started == 0:
            return None
        now = int(time.time())
        data = {"request": {"id": "req_1", "iat": now, "exp": now + 360}}
        body = {"data": data | {"link": "https://open.pasby.africa/1"}}
        return flowseal.HttpResponse(started, {}, json.dumps(body).encode())

    user = testing.KeyPair.sample_user().verifying_key()
    key = testing.KeyPair.sample_app().decrypting_key()
    verifier = flowseal.Verifier.by_requestee({"22212345610": user})
    app = create_app(config(organisation_id="bcn_sample"), key, verifier, send)
    return TestClient(app, base_url="https://testserver")


def test_a_person_logs_in_once() -> None:
    browser = client(sealed())
    start = browser.post("/login")
    assert (start.status_code, start.json()) == (201, {"link": "https://open.pasby.africa/1"})
    first = browser.get("/login")
    assert (first.status_code, first.json()) == (200, {"person": "22212345610", **CLAIMS})
    again = browser.get("/login")
    assert (again.status_code, again.json()["situation"]) == (409, "already_finished")


def test_another_browser_does_not_get_the_result() -> None:
    browser = client(sealed())
    assert browser.post("/login").status_code == 201
    mine = browser.cookies.get("login")
    for other in (None, "x" * 43):
        browser.cookies.clear()
        if other is not None:
            browser.cookies.set("login", other)
        assert browser.get("/login").status_code == 403
    browser.cookies.clear()
    browser.cookies.set("login", str(mine))
    assert browser.get("/login").status_code == 200


@pytest.mark.parametrize(
    ("pinged", "situation"),
    [
        (sealed(requester="bcn_other"), "not_accepted"),
        (sealed("33312345610"), "not_accepted"),
        (sealed(mode="signature"), "not_accepted"),
        (GONE, "expired"),
    ],
)
def test_a_person_is_told_what_to_do_and_not_which_check_has_failed(
    pinged: str, situation: str
) -> None:
    browser = client(pinged)
    browser.post("/login")
    refused = browser.get("/login")
    assert refused.status_code >= 400
    said = refused.json()
    assert (said["situation"], set(said)) == (situation, {"situation", "next", "text"})
    assert "req_1" not in refused.text and "bcn_other" not in refused.text


@pytest.mark.parametrize(
    ("started", "situation"), [(429, "too_busy"), (0, "try_again"), (401, "service_failed")]
)
def test_a_start_that_fails_is_told(started: int, situation: str) -> None:
    refused = client(GONE, started).post("/login")
    assert refused.status_code >= 400 and "set-cookie" not in refused.headers
    assert refused.json()["situation"] == situation
