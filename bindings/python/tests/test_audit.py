"""Events of an audit: held against their schema by a reader that knows nothing of flowseal, and given
to ``logging``."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

import flowseal
from flowseal import audit
from flowseal.types import AuditKind, AuditOutcome

from .conftest import NOW
from .pretended import CLAIMS, ELSEWHERE, PERSON, created_answer, pending, received, sealed, starter, unsigned

SCHEMA = Path(__file__).parents[3] / "crates" / "flowseal" / "docs" / "audit.schema.json"
VALID = fastjsonschema.compile(json.loads(SCHEMA.read_text(encoding="utf-8")))

TRAIL = audit.Audit(person_key=bytes([7]) * 32)
PSEUDONYM = "decc498bfae77a7f19f4988198f7a871314e79a029939a2ba8211b01a6a67ef3"
"""``hmac.new(bytes([7]) * 32, b"flowseal-audit-person-v1\\0" + b"22212345610", "sha256")``, which the
tests of the core have as well."""


def error(code: str, check: str | None = None) -> flowseal.FlowsealError:
    return flowseal.FlowsealError("sentence of hush", code=code, details={"check": check})


def events(trail: audit.Audit = TRAIL) -> list[audit.AuditEvent]:
    """Every event, in ways that it goes."""
    start = starter().identify("login", CLAIMS, "Log in to Example", ELSEWHERE)
    created = start.read(created_answer())
    on = pending()
    flow = flowseal.Flow.from_json(sealed())
    user = flowseal.testing.KeyPair.sample_user().verifying_key()
    verifier = flowseal.Verifier.by_requestee({PERSON: user})
    verified = on.finish(flow, verifier, flowseal.FinishedFlows(), now=NOW)
    got = on.finish_received(received(on, unsigned()), flowseal.FinishedFlows(), now=NOW)
    key = flowseal.testing.KeyPair.sample_app().decrypting_key()
    return [
        trail.started(start, now=NOW),
        trail.created(start, created, now=NOW, took=0.25),
        trail.created(start, error("api_request"), now=NOW),
        trail.picked_up(on, now=NOW),
        trail.cancel_asked(on, now=NOW),
        trail.ended(on, flow, now=NOW, took=12),
        trail.ended(on, error("flow_expired"), now=NOW),
        trail.finished(on, verified, now=NOW),
        trail.finished(on, got, now=NOW),
        trail.finished(on, error("expectation_failed", "requestee"), now=NOW),
        trail.opened(on, verified.open(key), now=NOW),
        trail.opened(on, got.open(key), now=NOW),
        trail.opened(on, error("claim_unopenable"), now=NOW),
    ]


def test_each_event_says_what_happened_and_how_it_went() -> None:
    expected: list[tuple[AuditKind, AuditOutcome, str | None, str | None]] = [
        ("started", "done", None, None),
        ("created", "done", None, None),
        ("created", "failed", "api_request", None),
        ("picked_up", "done", None, None),
        ("cancel_asked", "done", None, None),
        ("ended", "done", None, None),
        ("ended", "ended", "flow_expired", None),
        ("finished", "done", None, "signed"),
        ("finished", "done", None, "received"),
        ("finished", "refused", "expectation_failed", None),
        ("opened", "done", None, "signed"),
        ("opened", "done", None, "received"),
        ("opened", "refused", "claim_unopenable", None),
    ]
    made = events()
    assert [(e.event, e.outcome, e.code, e.trust) for e in made] == expected
    assert {e.at for e in made} == {NOW}
    assert {e.person for e in made} == {PSEUDONYM}
    assert [e.check for e in made if e.check] == ["requestee"]
    assert [e.flow for e in made[:4]] == [None, "req_1", None, "req_1"]
    assert made[1].to_dict()["took_ms"] == 250
    assert (made[7].to_dict()["age_s"], made[7].to_dict()["response_s"]) == (71, 69)


@pytest.mark.parametrize("trail", [TRAIL, audit.Audit()], ids=["with a key", "without"])
def test_every_event_is_as_the_schema_says(trail: audit.Audit) -> None:
    for event in events(trail):
        VALID(json.loads(event.to_json()))
        assert json.loads(event.to_json()) == event.to_dict()
        assert ("person" in event.to_dict()) == (trail is TRAIL)


@pytest.mark.parametrize(
    "change",
    [
        {"event": "seen"},
        {"outcome": "refused"},
        {"code": "flow_expired"},
        {"check": "requestee"},
        {"trust": "none"},
        {"person": "22212345610"},
        {"at": 1716820123.5},
        {"age_s": -1},
        {"claims": {}},
        {"flowseal_audit": 2},
    ],
    ids=str,
)
def test_the_schema_takes_nothing_else(change: dict[str, Any]) -> None:
    event = events()[7].to_dict()
    VALID(event)
    with pytest.raises(fastjsonschema.JsonSchemaException):
        VALID(event | change)


def test_nothing_of_a_flow_or_a_person_is_in_an_event() -> None:
    shown = "".join(f"{event.to_json()} {event!r}" for event in events())
    answer = json.loads(sealed())["data"]["request"]
    for secret in (PERSON, "Log in", "hush", "Adébáyọ̀", "snb_", "bk-test", answer["signature"]):
        assert secret not in shown
    assert repr(TRAIL) == "<flowseal.audit.Audit>"


def test_what_is_no_outcome_is_refused() -> None:
    for wrong in (None, "flow", ValueError("x"), pending()):
        with pytest.raises(TypeError):
            TRAIL.ended(pending(), wrong)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="a VerifiedFlow or a ReceivedFlow is wanted, or a"):
            TRAIL.finished(pending(), wrong)  # type: ignore[arg-type]
    with pytest.raises(flowseal.InputError) as refused:
        audit.Audit(person_key=bytes(31))
    assert refused.value.code == "usage"
    with pytest.raises(flowseal.InputError):
        TRAIL.ended(pending(), error("no_such_code"))


def test_closed_claims_are_none_to_speak_of() -> None:
    user = flowseal.testing.KeyPair.sample_user().verifying_key()
    flow = flowseal.Flow.from_json(sealed())
    verified = pending().finish(
        flow, flowseal.Verifier.trusting(user), flowseal.FinishedFlows(), now=NOW
    )
    claims = verified.open(flowseal.testing.KeyPair.sample_app().decrypting_key())
    claims.close()
    with pytest.raises(flowseal.InputError):
        TRAIL.opened(pending(), claims)


def test_logging_is_given_the_event_as_a_line_and_as_members(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "flowseal.audit"):
        for event in events():
            audit.log(event)
    for event, record in zip(events(), caplog.records, strict=True):
        broken = event.outcome in ("failed", "refused")
        assert record.levelno == (logging.WARNING if broken else logging.INFO)
        assert record.name == "flowseal.audit"
        assert record.__dict__["flowseal"] == event.to_dict()
        assert json.loads(record.getMessage()) == event.to_dict()
    own = logging.getLogger("app.audit")
    with caplog.at_level(logging.INFO, "app.audit"):
        audit.log(events()[0], own)
    assert caplog.records[-1].name == "app.audit"


def test_an_identifier_from_outside_is_ascii_in_a_line(caplog: pytest.LogCaptureFixture) -> None:
    kept = pending().to_json().replace("req_1", "req_\\u009b31m")
    on = flowseal.PendingFlow.from_json(kept, starter())
    with caplog.at_level(logging.INFO, "flowseal.audit"):
        audit.log(TRAIL.picked_up(on))
    assert caplog.records[-1].getMessage().isascii()
