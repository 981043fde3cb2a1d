"""The example of a web service, asked as a browser would."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from starlette.testclient import TestClient

import flowseal
from flowseal import testing

sys.path.append(str(Path(__file__).parents[1] / "examples"))

from service import create_app


def client() -> TestClient:
    now = int(time.time())
    sealed = testing.seal("req_1", persona="ada", iat=now - 60, signed_at=now - 10)
    old = testing.seal("req_old", persona="ada")
    answers = {
        "req_1": sealed.to_json(),
        "req_old": old.to_json(),
        "req_other": sealed.to_json(),
        "req_forged": testing.seal(
            "req_forged", persona="bayo", iat=now - 60, signed_at=now - 10
        ).to_json(),
        "req_pending": sealed.mutated("DropClaims")
        .replace('"signature"', '"was"')
        .replace("req_1", "req_pending"),
        "req_gone": '{"status": "successful", "reason": "Ping successful", "data": {}}',
    }

    async def ping(reference: str) -> bytes:
        return answers[reference].encode()

    user = testing.KeyPair.sample_user().verifying_key()
    key = testing.KeyPair.sample_app().decrypting_key()
    verifier = flowseal.Verifier.by_requestee({"22212345610": user})
    return TestClient(create_app(key, verifier, "bcn_sample", ping))


def test_a_person_logs_in_once() -> None:
    browser = client()
    first = browser.post("/login/req_1")
    assert first.status_code == 200
    naming = {"family": "Ọláwálé 😀", "given": "Adébáyọ̀"}
    assert first.json() == {"person": "22212345610", "naming": naming}
    again = browser.post("/login/req_1")
    assert (again.status_code, again.json()) == (403, {"error": "replayed"})


def test_what_is_refused_has_its_code() -> None:
    browser = client()
    for reference, status, code in (
        ("req_old", 403, "expectation_failed"),
        ("req_other", 403, "expectation_failed"),
        ("req_forged", 403, "no_verifying_key"),
        ("req_pending", 202, "flow_pending"),
        ("req_gone", 502, "flow_expired"),
    ):
        answer = browser.post(f"/login/{reference}")
        assert (answer.status_code, answer.json()) == (status, {"error": code}), reference
