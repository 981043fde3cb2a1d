"""Pending flows: kept between start and end, finished once, and by what was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import pytest

import flowseal
import flowseal.audit
from flowseal import testing

from .conftest import NOW
from .pretended import (
    CLAIMS,
    COOKIE,
    ELSEWHERE,
    EXPIRES,
    PERSON,
    created_answer,
    ended,
    pending,
    received,
    sealed,
    starter,
    unsigned,
)
from .test_requests import config

KEY = bytes(range(32))


def flow(**more: Any) -> flowseal.Flow:
    return flowseal.Flow.from_json(sealed(**more))


def test_the_whole_journey_from_the_start_to_a_name(
    verifier: flowseal.Verifier, key: flowseal.DecryptingKey
) -> None:
    # At the start, in one process.
    made = starter()
    start = made.identify("login", CLAIMS, "Log in to Example", flowseal.Device.same())
    created = start.read(created_answer(link="https://open.pasby.africa/1"))
    kept = created.pending(COOKIE).to_json()
    assert "snb_" not in kept and "bk-test" not in kept and "cookie" not in kept
    # At the end, in another one.
    again = flowseal.PendingFlow.from_json(kept, starter())
    ending = ended(again.session(starter(), deadline=60), sealed())
    once = flowseal.FinishedFlows()
    verified = again.finish(ending, verifier, once, binding=COOKIE, now=NOW)
    assert (verified.trust, verified.requestee) == ("signed", PERSON)
    with verified.open(key) as claims:
        assert (claims["naming.given"], claims.trust) == ("Adébáyọ̀", "signed")
    with pytest.raises(flowseal.RefusedError) as refused:
        again.finish(ending, verifier, once, binding=COOKIE, now=NOW)
    assert refused.value.code == "pending_finished" and len(once) == 1


def test_a_pending_flow_says_what_was_asked() -> None:
    signer = flowseal.Signer.same_device(PERSON)
    target = flowseal.WebhookTarget("https://bank.example/", "order-789")
    answer = created_answer(link="https://open.pasby.africa/1")
    signing = starter().sign(signer, "Pay", target).read(answer).pending(COOKIE)
    assert (signing.reference, signing.person) == ("req_1", PERSON)
    assert (signing.expires, signing.finish_by) == (EXPIRES, EXPIRES + 600)
    assert signing.webhook_reference == "order-789"
    assert signing.flow_of("order-789") == signing.flow_of("req_1") == "req_1"
    assert signing.flow_of("order-1") is None
    hint = flowseal.Webhook.from_json(b'{"data": {"reference": "order-789"}}')
    assert signing.is_meant_by(hint) and not pending().is_meant_by(hint)
    assert pending().webhook_reference is None and pending(flowseal.Device.wildcard(2)).person is None


@pytest.mark.parametrize(
    ("check", "more"),
    [
        ("reference", {"reference": "req_2"}),
        ("requester", {"requester": "bcn_other"}),
        ("requestee", {"persona": "grace"}),
        ("mode", {"mode": "signature"}),
    ],
)
def test_every_change_of_what_came_back_is_refused_by_its_check(
    check: str, more: dict[str, Any], user_key: flowseal.VerifyingKey
) -> None:
    verifier = flowseal.Verifier.trusting(user_key)
    members: dict[str, Any] = {"persona": "ada", "requester": "bcn_sample"}
    members |= more
    if members["persona"] == "grace":
        members["persona"] = next(name for name in testing.PERSONAS if name != "ada")
    reference = members.pop("reference", "req_1")
    other = flowseal.Flow.from_json(testing.seal(reference, **members).to_json())
    once = flowseal.FinishedFlows()
    with pytest.raises(flowseal.RefusedError) as refused:
        pending(allow_more_claims=True).finish(other, verifier, once, now=NOW)
    assert (refused.value.code, refused.value.check) == ("expectation_failed", check)
    # By hand it is the same, and a refusal finishes nothing.
    with pytest.raises(flowseal.RefusedError) as by_hand:
        other.verify(verifier, pending(allow_more_claims=True).expectations, now=NOW)
    assert by_hand.value.check == check and len(once) == 0


def asking_for(*claims: str, **more: Any) -> flowseal.PendingFlow:
    start = starter().identify("login", claims, "Log in", ELSEWHERE)
    return start.read(created_answer()).pending(**more)


def test_others_than_the_claims_asked_for_are_refused_unless_more_are_allowed(
    verifier: flowseal.Verifier,
) -> None:
    with pytest.raises(flowseal.RefusedError) as refused:
        asking_for("naming.given").finish(flow(), verifier, flowseal.FinishedFlows(), now=NOW)
    assert refused.value.check == "claims_requested"
    more = asking_for("naming.given", allow_more_claims=True)
    assert more.finish(flow(), verifier, flowseal.FinishedFlows(), now=NOW).requestee == PERSON


def test_age_and_leeway_are_those_of_the_start(verifier: flowseal.Verifier) -> None:
    late = testing.SIGNED_AT + 61
    judged: list[tuple[dict[str, Any], str | None]] = [
        ({"max_age": 60}, "expectation_failed"),
        ({"max_age": 60, "leeway": 1}, None),
        ({}, None),
    ]
    for more, code in judged:
        kept = pending(**more).to_json()
        again = flowseal.PendingFlow.from_json(kept, starter())
        if code is None:
            again.finish(flow(), verifier, flowseal.FinishedFlows(), now=late)
            continue
        with pytest.raises(flowseal.RefusedError) as refused:
            again.finish(flow(), verifier, flowseal.FinishedFlows(), now=late)
        assert (refused.value.code, refused.value.check) == (code, "age")


def test_another_browser_than_that_of_the_start_ends_nothing(
    verifier: flowseal.Verifier,
) -> None:
    here = pending(flowseal.Device.same(), binding=COOKIE)
    once = flowseal.FinishedFlows()
    for other in (None, flowseal.Binding(b"the cookie of another one")):
        with pytest.raises(flowseal.RefusedError) as refused:
            here.finish(flow(), verifier, once, binding=other, now=NOW)
        assert refused.value.code == "expectation_failed" and len(once) == 0
        with pytest.raises(flowseal.RefusedError) as refused:
            here.finish_received(flow(), once, binding=other, now=NOW)
        assert refused.value.code == "expectation_failed" and len(once) == 0
    assert here.finish(flow(), verifier, once, binding=COOKIE, now=NOW)


def test_a_browser_at_the_end_alone_is_a_mistake(verifier: flowseal.Verifier) -> None:
    # Whoever gives one believes that it is compared.
    without, once = pending(), flowseal.FinishedFlows()
    for end in (
        lambda: without.finish(flow(), verifier, once, binding=COOKIE, now=NOW),
        lambda: without.finish_received(flow(), once, binding=COOKIE, now=NOW),
    ):
        with pytest.raises(flowseal.InputError, match="at the start as well") as refused:
            end()
        assert (refused.value.code, refused.value.why) == ("usage", "binding")
    assert len(once) == 0
    assert without.finish(flow(), verifier, once, now=NOW)


def test_a_flow_for_the_same_device_is_bound_to_a_browser() -> None:
    with pytest.raises(flowseal.InputError, match="Binding") as refused:
        pending(flowseal.Device.same())
    assert refused.value.code == "usage"
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.Binding(bytes(15))
    assert refused.value.code == "usage" and flowseal.Binding.SHORTEST == 16
    assert flowseal.Binding("fEv3tKx0Qm9Zp1Lr") == flowseal.Binding(b"fEv3tKx0Qm9Zp1Lr")
    assert flowseal.Binding(bytes(16)) != flowseal.Binding(bytes(17))
    assert repr(COOKIE) == "<flowseal.Binding>"
    with pytest.raises(TypeError):
        flowseal.Binding(1)  # type: ignore[arg-type]


def test_a_flow_is_not_finished_too_late_or_without_a_signature(
    verifier: flowseal.Verifier,
) -> None:
    once = flowseal.FinishedFlows()
    for given, moment, code in (
        (flow(), EXPIRES + 601, "flow_expired"),
        (flowseal.Flow.from_json(unsigned()), NOW, "signature_missing"),
    ):
        with pytest.raises(flowseal.FlowsealError) as refused:
            pending().finish(given, verifier, once, now=moment)
        assert refused.value.code == code
    assert len(once) == 0
    assert pending().finish(flow(), verifier, once, now=EXPIRES + 600)


class Database:
    """A table of the caller's, under a unique key."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}

    def finish(self, reference: str, until: int) -> bool:
        return self.rows.setdefault(reference, until) is until


def test_once_is_an_object_of_the_caller_s_or_a_function(verifier: flowseal.Verifier) -> None:
    database = Database()
    for once in (database, database.finish):
        database.rows.clear()
        assert pending().finish(flow(), verifier, once, now=NOW)
        assert database.rows == {"req_1": EXPIRES + 600}
    for no in (lambda reference, until: False, lambda reference, until: 0 > 1):
        with pytest.raises(flowseal.RefusedError) as refused:
            pending().finish(flow(), verifier, no, now=NOW)
        assert refused.value.code == "pending_finished"
        # The judgement is at hand, and was a good one.
        assert refused.value.report is not None
        assert refused.value.report.outcome("signature") == "passed"


def test_what_once_raises_is_raised_and_nothing_is_given(verifier: flowseal.Verifier) -> None:
    def away(reference: str, until: int) -> bool:
        raise ConnectionError("the database is away")

    with pytest.raises(ConnectionError, match="away"):
        pending().finish(flow(), verifier, away, now=NOW)
    # What is no answer is no leave.
    for nothing in (None, "true", 1):
        with pytest.raises(TypeError):
            pending().finish(flow(), verifier, lambda *_: nothing, now=NOW)  # type: ignore[arg-type]
    # And what cannot be asked is told before anything is judged.
    wrong: list[Any] = [None, {}, "req_1"]
    for once in wrong:
        with pytest.raises(TypeError, match="finish"):
            pending().finish(flow(), verifier, once, now=NOW)


def test_once_is_not_asked_about_a_flow_that_is_refused(user_key: flowseal.VerifyingKey) -> None:
    asked: list[str] = []

    def once(reference: str, until: int) -> bool:
        asked.append(reference)
        return True

    spoilt = testing.seal("req_1", persona="ada", requester="bcn_sample").mutated("SwapClaims")
    with pytest.raises(flowseal.RefusedError) as refused:
        pending().finish(
            flowseal.Flow.from_json(spoilt), flowseal.Verifier.trusting(user_key), once, now=NOW
        )
    assert refused.value.code == "signature_invalid" and asked == []


def test_of_many_that_finish_at_once_one_wins(verifier: flowseal.Verifier) -> None:
    once, on, given = flowseal.FinishedFlows(), pending(), flow()

    def attempt(_: int) -> str:
        try:
            on.finish(given, verifier, once, now=NOW)
        except flowseal.RefusedError as refused:
            return refused.code
        return "finished"

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(attempt, range(16)))
    assert sorted(outcomes) == ["finished"] + ["pending_finished"] * 15


def test_finished_flows_are_forgotten_in_time() -> None:
    once = flowseal.FinishedFlows()
    assert once.finish("req_1", NOW) and not once.finish("req_1", NOW)
    once.forget_before(NOW)
    assert len(once) == 1
    once.forget_before(NOW + 1)
    assert len(once) == 0 and repr(once) == "<flowseal.FinishedFlows 0>"


def test_another_configuration_does_not_take_it_up() -> None:
    kept = pending()
    production = {"api_key": "bk-live_", "app_secret": "prd_", "environment": "production"}
    for other in (
        config(organisation_id="bcn_sample", **production),
        config(organisation_id="bcn_other"),
        config(organisation_id="bcn_sample", app_id="app_2"),
        config(organisation_id="bcn_sample", base_url="https://gateway.example"),
        config(organisation_id=None, app_id=None),
    ):
        for take_up in (
            lambda other=other: flowseal.PendingFlow.from_json(kept.to_json(), other),
            lambda other=other: flowseal.PendingFlow.unseal(kept.seal(KEY), KEY, other),
            lambda other=other: kept.session(other),
        ):
            with pytest.raises(flowseal.InputError) as refused:
                take_up()
            assert refused.value.code == "pending_flow"


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "version": lambda members: members.update(flowseal_pending=2),
    "unknown": lambda members: members.update(more=1),
    "environment": lambda members: members.update(environment="production"),
    "base": lambda members: members.update(base="https://other.example"),
    "action": lambda members: members.update(action="logon"),
    "person": lambda members: members.update(person="222"),
    "reference": lambda members: members.pop("reference"),
    "expires": lambda members: members.update(expires="soon"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_not_written_is_not_read(name: str) -> None:
    members = json.loads(pending().to_json())
    assert members["flowseal_pending"] == 1
    CHANGES[name](members)
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.PendingFlow.from_json(json.dumps(members), starter())
    assert refused.value.code == "pending_flow" and PERSON not in str(refused.value)


def test_what_travels_is_sealed_under_32_bytes() -> None:
    on = pending()
    travels = on.seal(bytearray(KEY))
    again = flowseal.PendingFlow.unseal(travels, memoryview(KEY), starter())
    assert again.to_json() == on.to_json()
    changed = ("A" if travels[0] != "A" else "B") + travels[1:]
    for text, under in ((changed, KEY), (travels, bytes(32)), ("", KEY), ("a.b", KEY)):
        with pytest.raises(flowseal.InputError) as refused:
            flowseal.PendingFlow.unseal(text, under, starter())
        assert refused.value.code == "pending_flow"
    for short in (b"", bytes(31), bytes(33)):
        for use in (
            lambda short=short: on.seal(short),
            lambda short=short: flowseal.PendingFlow.unseal(travels, short, starter()),
        ):
            with pytest.raises(flowseal.InputError, match="32 bytes") as refused:
                use()
            assert refused.value.code == "usage"
    with pytest.raises(TypeError):
        on.seal("x" * 32)  # type: ignore[arg-type]


def test_nobody_makes_one_of_nothing() -> None:
    for made in (flowseal.PendingFlow, flowseal.Created, flowseal.Start, flowseal.audit.AuditEvent):
        with pytest.raises(TypeError):
            made()
    assert PERSON not in repr(pending()) and "req_1" in repr(pending())


def test_bytes_that_were_signed_elsewhere_come_with_the_end(verifier: flowseal.Verifier) -> None:
    text = sealed()
    answer = flowseal.Flow.from_json(text)
    own = pending().finish(answer, verifier, flowseal.FinishedFlows(), now=NOW)
    covers = own.report.covers
    user = testing.KeyPair.sample_user().verifying_key()
    profile = flowseal.Profile(statement="detached")
    detached = flowseal.Verifier.trusting(user, profile=profile)

    def end(**more: Any) -> flowseal.VerifiedFlow:
        return pending().finish(answer, detached, flowseal.FinishedFlows(), now=NOW, **more)

    assert end(statement=own.statement, covers=covers).reference == "req_1"
    for more, code in (
        ({}, "statement"),
        ({"statement": own.statement}, "usage"),
        ({"statement": b"something else", "covers": covers}, "signature_invalid"),
    ):
        with pytest.raises(flowseal.FlowsealError) as refused:
            end(**more)
        assert refused.value.code == code
    # One that was received is held against its signature, too.
    got = received(pending(), text)
    for statement, outcome in ((own.statement, "passed"), (b"something else", None)):
        with pytest.raises(flowseal.RefusedError) if outcome is None else nullcontext():
            finished = pending().finish_received(
                got,
                flowseal.FinishedFlows(),
                verifier=detached,
                now=NOW,
                statement=statement,
                covers=covers,
            )
            assert finished.report.outcome("signature") == outcome
