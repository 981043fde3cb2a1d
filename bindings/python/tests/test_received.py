"""Flows that were received: an honest level of trust, which has one way to it."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import flowseal
from flowseal import testing

from .conftest import NOW
from .pretended import (
    COOKIE,
    ELSEWHERE,
    PERSON,
    created_answer,
    ended,
    pending,
    properly,
    received,
    sealed,
    starter,
    unsigned,
)
from .test_requests import config


def finish(flow: flowseal.Flow, **more: Any) -> flowseal.ReceivedFlow:
    return pending().finish_received(flow, flowseal.FinishedFlows(), now=NOW, **more)


def refusal(flow: flowseal.Flow, **more: Any) -> str:
    with pytest.raises(flowseal.RefusedError) as refused:
        finish(flow, **more)
    return refused.value.code


def test_a_flow_without_a_signature_is_believed_as_received_and_no_more(
    key: flowseal.DecryptingKey, verifier: flowseal.Verifier
) -> None:
    flow = received(pending(), unsigned())
    assert flow.signature is None
    got = finish(flow)
    assert (got.trust, got.reference, got.requestee_received) == ("received", "req_1", PERSON)
    assert (got.report.outcome("received"), got.report.why("received")) == (
        "passed",
        "callers_word",
    )
    assert got.report.outcome("signature") != "passed"
    assert got.unauthenticated().reference == "req_1"
    with got.open(key, select=["naming"]) as claims:
        assert claims["naming.given"] == "Adébáyọ̀"
        assert (claims.verified, claims.trust) == (False, "received")
    # It is no VerifiedFlow.
    with pytest.raises(flowseal.RefusedError) as refused:
        pending().finish(flow, verifier, flowseal.FinishedFlows(), now=NOW)
    assert refused.value.code == "signature_missing"


def test_a_signature_that_is_there_is_looked_at_where_it_can_be(
    verifier: flowseal.Verifier,
) -> None:
    signed = received(pending(), sealed())
    assert finish(signed, verifier=verifier).report.outcome("signature") == "passed"
    unseen = finish(signed).report
    assert (unseen.outcome("signature"), unseen.why("signature")) == ("not_checked", "no_verifier")
    spoilt = testing.seal("req_1", persona="ada", requester="bcn_sample").mutated("SwapClaims")
    assert refusal(received(pending(), spoilt), verifier=verifier) == "signature_invalid"


def told_without_ticket(request: flowseal.Request, body: bytes) -> flowseal.HttpResponse:
    return flowseal.HttpResponse(200, {}, body).with_url(request.url)


def told_without_address(request: flowseal.Request, body: bytes) -> flowseal.HttpResponse:
    return flowseal.HttpResponse(200, {}, body).answering(request)


def told_from_elsewhere(request: flowseal.Request, body: bytes) -> flowseal.HttpResponse:
    elsewhere = request.url.replace("s.pasby.africa", "s.pasby.example")
    return flowseal.HttpResponse(200, {}, body).with_url(elsewhere).answering(request)


def test_no_other_way_leads_to_a_received_flow() -> None:
    once = flowseal.FinishedFlows()
    ping = starter().ping("req_1")
    ways = {
        "a file": flowseal.Flow.from_json(unsigned()),
        "an answer": flowseal.Response.from_http(
            "ping", properly(ping, unsigned().encode())
        ).flow(),
        "a stream": next(
            flowseal.EventStream().push(f"data: {unsigned()}\n\n".encode())
        )
        .response()
        .flow(),
        "the default": ended(pending().session(starter()), unsigned()),
        "signed, by name": received(pending(), unsigned(), trust="signed"),
        "no pending flow": ended(flowseal.Session(starter(), "req_1"), unsigned()),
        "no ticket": received(pending(), unsigned(), told_without_ticket),
        "no address": received(pending(), unsigned(), told_without_address),
        "a redirect": received(pending(), unsigned(), told_from_elsewhere),
        "another ticket": received(
            pending(), unsigned(), lambda request, body: properly(ping, body).with_url(request.url)
        ),
        "another pending flow": received(pending(allow_more_claims=True), unsigned()),
    }
    for way, flow in ways.items():
        with pytest.raises(flowseal.RefusedError) as refused:
            pending().finish_received(flow, once, now=NOW)
        assert refused.value.code == "signature_missing", way
        report = refused.value.report
        assert report is not None and report.outcome("received") == "failed", way
    assert len(once) == 0


def test_a_signed_flow_that_no_session_received_is_not_received(
    verifier: flowseal.Verifier,
) -> None:
    flow = flowseal.Flow.from_json(sealed())
    with pytest.raises(flowseal.RefusedError) as refused:
        finish(flow, verifier=verifier)
    assert (refused.value.code, refused.value.check) == ("expectation_failed", "received")


def test_nobody_makes_one_or_carries_it_elsewhere() -> None:
    got = finish(received(pending(), unsigned()))
    makers: list[Callable[[], object]] = [
        flowseal.ReceivedFlow,
        lambda: flowseal.ReceivedFlow.__new__(flowseal.ReceivedFlow),
        lambda: object.__new__(flowseal.ReceivedFlow),
        lambda: flowseal.ReceivedFlow(got.unauthenticated()),  # type: ignore[call-arg]
    ]
    for make in makers:
        with pytest.raises(TypeError):
            make()
    with pytest.raises(TypeError):
        type("Mine", (flowseal.ReceivedFlow,), {})
    for travel in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            travel(got)
        # Nor can the flow that a session has received be taken to where nobody received it.
        with pytest.raises(TypeError):
            travel(got.unauthenticated())
    for name in ("evidence", "open_partial", "disclose", "statement", "signature", "requestee"):
        assert not hasattr(got, name)
    with pytest.raises(AttributeError):
        got.trust = "signed"  # type: ignore[misc, assignment]
    assert not isinstance(got, flowseal.VerifiedFlow)
    assert PERSON not in repr(got)


def test_it_is_given_once_and_what_was_asked_is_compared_all_the_same() -> None:
    once, flow = flowseal.FinishedFlows(), received(pending(), unsigned())
    assert pending().finish_received(flow, once, now=NOW)
    with pytest.raises(flowseal.RefusedError) as refused:
        pending().finish_received(flow, once, now=NOW)
    assert refused.value.code == "pending_finished"

    def away(reference: str, until: int) -> bool:
        raise ConnectionError("the database is away")

    with pytest.raises(ConnectionError):
        pending().finish_received(flow, away, now=NOW)
    other = received(pending(), unsigned(requester="bcn_other"))
    assert refusal(other) == "expectation_failed"


def test_only_an_identification_over_tls_or_on_loopback_may_be_received() -> None:
    signer = flowseal.Signer.different_device(PERSON)
    signing = starter().confirm(signer, "Pay").read(created_answer()).pending()
    v1 = config("v1", organisation_id="bcn_sample")
    start = v1.identify("login", ["naming.given"], "Log in", ELSEWHERE)
    polled = start.read(created_answer()).pending()
    asks: list[Callable[[], object]] = [
        lambda: signing.session(starter(), trust="received"),
        lambda: flowseal.Session(starter(), "req_1", trust="received"),
        lambda: polled.session(v1, trust="received", long_polling=True),
        lambda: pending().session(starter(), trust="believed"),  # type: ignore[arg-type]
    ]
    for ask in asks:
        with pytest.raises(flowseal.InputError) as refused:
            ask()
        assert refused.value.code == "usage"
    assert polled.session(v1, trust="received")
    assert signing.session(starter(), trust="signed")


def test_the_profile_may_ask_for_it() -> None:
    profile = flowseal.Profile(trust="received")
    setup = flowseal.Setup(profile)
    for session in (
        setup.pending_session(pending(), starter()),
        pending().session(starter(), profile=profile),
    ):
        assert finish(ended(session, unsigned())).trust == "received"
    # What is said of the one session counts more.
    signed = setup.pending_session(pending(), starter(), trust="signed", deadline=60)
    assert refusal(ended(signed, unsigned())) == "signature_missing"


def test_a_binding_is_asked_for_here_too() -> None:
    here = pending(flowseal.Device.same(), binding=COOKIE)
    flow = received(here, unsigned())
    with pytest.raises(flowseal.RefusedError):
        here.finish_received(flow, flowseal.FinishedFlows(), now=NOW)
    got = here.finish_received(flow, flowseal.FinishedFlows(), binding=COOKIE, now=NOW)
    assert got.trust == "received"


def test_claims_that_were_opened_unverified_have_no_trust(key: flowseal.DecryptingKey) -> None:
    flow = flowseal.Flow.from_json(sealed())
    claims = flow.open_unverified(key, flowseal.Expectations.unbound(), now=NOW)
    assert (claims.verified, claims.trust) == (False, None)


def test_an_address_stays_when_the_request_is_told_after_it() -> None:
    session = pending().session(starter(), trust="received")
    action = session.poll(NOW, 4)
    assert isinstance(action, flowseal.Send)
    response = flowseal.HttpResponse(200, {}, unsigned().encode())
    told = response.with_url(action.request.url).answering(action.request)
    assert told.status_code == 200 and told.content == response.content
    session.handle(told, NOW)
    end = session.poll(NOW, 4)
    assert isinstance(end, flowseal.Ended) and finish(end.result()).trust == "received"
