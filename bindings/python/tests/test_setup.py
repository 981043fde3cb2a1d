"""The profile named once, and one rule for moments and lengths of time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import flowseal
from flowseal import actions, testing

from .conftest import KEYS
from .test_requests import config

OAEP = flowseal.Profile(padding="rsaes-oaep-sha256", algorithm="PS256")
SETUP = flowseal.Setup(OAEP, threads=2)
NOW = testing.SIGNED_AT


def sealed() -> str:
    return testing.seal("req_1", persona="ada", profile=OAEP).to_json()


def test_what_one_setup_makes_is_of_its_profile() -> None:
    key = SETUP.load_decrypting_key(KEYS / "app-2048.pem", kid="now")
    assert (key.padding, key.kid) == ("rsaes-oaep-sha256", "now")
    keys = SETUP.load_verifying_keys(KEYS / "user-2048.pub.pem")
    flow = SETUP.read_flow(sealed())
    expectations = flowseal.Expectations(reference="req_1")
    for verifier in (
        SETUP.verifier_trusting(keys),
        SETUP.verifier_by_requestee({flow.requestee: keys}),
    ):
        verified = flow.verify(verifier, expectations, now=NOW)
        with verified.open(key, select=["naming.given"]) as claims:
            assert list(claims) == ["naming.given"]
        many = SETUP.verify_many([flow], verifier, expectations, now=NOW)
        assert isinstance(many[0], flowseal.VerifiedFlow)
        (opened,) = SETUP.open_many([many[0]], key, select=["naming"])
        assert isinstance(opened, flowseal.OpenedClaims) and "naming.given" in opened


def test_a_setup_reads_every_answer_under_its_profile() -> None:
    small = flowseal.Setup(flowseal.Profile(limits={"response_bytes": 16}))
    body = sealed()
    response = flowseal.HttpResponse(200, {}, body.encode())
    reads: list[Callable[[], object]] = [
        lambda: small.read_flow(body),
        lambda: small.read_response(body),
        lambda: small.read_http("ping", response),
        lambda: list(small.event_stream().push(b"data: " + body.encode() + b"\n\n")),
    ]
    for read in reads:
        with pytest.raises(flowseal.InputError) as refused:
            read()
        assert refused.value.code == "too_large"
    assert SETUP.read_response(body).flow().reference == "req_1"
    assert SETUP.read_http("ping", response).flow().state == "complete"
    session = SETUP.session(config(), "req_1", lifetime=timedelta(seconds=30))
    assert isinstance(session.poll(NOW, 0), actions.Send)
    session.handle(response, NOW)
    assert isinstance(session.poll(NOW, 0), actions.Done)


def test_a_setup_says_what_it_was_made_of() -> None:
    assert (SETUP.profile, SETUP.threads) == (OAEP, 2)
    assert (flowseal.Setup().profile, flowseal.Setup().threads) == (flowseal.Profile(), 1)
    assert "rsaes-oaep-sha256" in repr(SETUP)
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.Setup(threads=0)
    assert refused.value.code == "usage"


def test_a_length_is_seconds_or_a_timedelta_wherever_one_is_wanted(
    user_key: flowseal.VerifyingKey,
) -> None:
    verifier = flowseal.Verifier.trusting(user_key)
    flow = flowseal.Flow.from_json(testing.seal("req_1", persona="ada").to_json())
    for minute in (60, 60.0, 60.9, timedelta(minutes=1)):
        expectations = flowseal.Expectations(reference="req_1", max_age=minute)
        flow.verify(verifier, expectations, now=NOW + 60)
        with pytest.raises(flowseal.RefusedError, match="old"):
            flow.verify(verifier, expectations, now=NOW + 61)
        late = flowseal.Expectations(reference="req_1", leeway=minute)
        for lenient in (late, flowseal.Expectations.unbound(leeway=minute)):
            flow.verify(verifier, lenient, now=NOW - 60)
            with pytest.raises(flowseal.RefusedError):
                flow.verify(verifier, lenient, now=NOW - 61)
        assert flowseal.ApiError(503, "{}", minute).retry_after == 60
    flowseal.Expectations(max_age=2**64 - 1)


@pytest.mark.parametrize(
    "wrong", [-1, -0.5, float("nan"), float("inf"), 2**64, True, "60", timedelta(seconds=-1)]
)
def test_what_is_no_length_is_refused_alike_everywhere(wrong: object) -> None:
    calls: list[Callable[[], object]] = [
        lambda: flowseal.Expectations(max_age=wrong),  # type: ignore[arg-type]
        lambda: flowseal.Expectations(reference="r", leeway=wrong),  # type: ignore[arg-type]
        lambda: flowseal.Expectations.unbound(leeway=wrong),  # type: ignore[arg-type]
        lambda: flowseal.ApiError(503, "{}", wrong),  # type: ignore[arg-type]
        lambda: flowseal.Session(config(), "req_1", deadline=wrong),  # type: ignore[arg-type]
        lambda: flowseal.Session(config(), "req_1", lifetime=wrong),  # type: ignore[arg-type]
    ]
    for call in calls:
        with pytest.raises(flowseal.InputError, match="not a length of time") as refused:
            call()
        assert refused.value.code == "usage"


def test_a_moment_is_seconds_or_an_aware_datetime_also_in_tests() -> None:
    at = datetime.fromtimestamp(NOW, UTC)
    flow = json.loads(testing.seal("req_1", iat=at, signed_at=at).to_json())["data"]["request"]
    assert (flow["iat"], flow["signedAt"]) == (NOW, NOW)
    with pytest.raises(flowseal.InputError) as refused:
        testing.seal("req_1", iat=datetime(2024, 1, 1))
    assert refused.value.code == "time"


def test_evidence_is_a_property_as_the_report_is_and_may_be_called(
    verified: flowseal.VerifiedFlow, tmp_path: Path
) -> None:
    assert verified.evidence.to_json() == verified.evidence().to_json()
    assert verified.report.outcome("signature") == "passed"


def test_the_elements_of_a_claim_are_its_texts(
    verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey
) -> None:
    claims = verified.open(key)
    path = next(path for path, value in claims.items() if isinstance(value, list))
    assert claims.texts(path) == claims.list(path) == claims[path]
