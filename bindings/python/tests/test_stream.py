"""A session that listens: one stream in the place of pings, which alone are believed."""

from __future__ import annotations

import pytest

import flowseal
from flowseal import actions, testing

from .conftest import NOW
from .pretended import pending, properly, sealed, starter, unsigned
from .test_requests import config

NOBODY_YET = (
    '{"reference": "req_1", "requester": "bcn_sample", "requestee": "22212345610",'
    ' "mode": "identification", "cancelled": false, "iat": 1716820052}'
)


def event(answer: str) -> bytes:
    return f"data: {answer}\n\n".replace("\r", "").encode()


def listening(session: flowseal.Session) -> flowseal.Session:
    """The session when its stream is open."""
    assert not session.listens
    match session.poll(NOW, 0):
        case actions.Stream(request, timeout):
            assert request.endpoint == "sse" and timeout == 10.0
            assert "request=req_1" in request.url
        case other:
            raise AssertionError(other)
    assert session.listens
    return session


def pings(session: flowseal.Session) -> flowseal.Request:
    match session.poll(NOW, 0):
        case flowseal.Send(request) if request.endpoint == "ping":
            return request
        case other:
            raise AssertionError(other)


def test_an_event_causes_the_ping_that_is_believed() -> None:
    session = listening(flowseal.Session(config("v2"), "req_1", stream=True))
    stream = event(NOBODY_YET)
    for at in range(0, len(stream), 7):
        session.heard(stream[at : at + 7], NOW)
        assert isinstance(session.poll(NOW, 0), flowseal.Wait)
    session.heard(event(sealed()), NOW)
    request = pings(session)
    session.handle(properly(request, sealed().encode()), NOW)
    end = session.poll(NOW, 0)
    assert isinstance(end, flowseal.Done) and not session.listens
    assert "<flowseal.Done" in repr(end)


def test_a_stream_that_ends_gives_way_to_pings() -> None:
    session = listening(flowseal.Session(config("v2"), "req_1", stream=True))
    session.stream_ended(NOW)
    assert not session.listens
    pings(session)
    session.heard(event(sealed()), NOW)  # Nobody listens any more.
    assert isinstance(session.poll(NOW, 0), flowseal.Wait)


def test_a_flow_is_received_by_a_ping_and_not_by_an_event() -> None:
    on = pending()
    session = listening(on.session(starter(), trust="received", stream=True))
    session.heard(event(unsigned()), NOW)
    request = pings(session)
    session.handle(properly(request, unsigned().encode()), NOW)
    end = session.poll(NOW, 0)
    assert isinstance(end, flowseal.Ended)
    received = on.finish_received(end.result(), flowseal.FinishedFlows(), now=NOW)
    assert received.trust == "received"


def test_who_has_not_asked_for_a_stream_gets_none_and_v1_has_none() -> None:
    session = flowseal.Session(config("v2"), "req_1")
    assert isinstance(session.poll(NOW, 0), flowseal.Send)
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.Session(config("v1"), "req_1", stream=True)
    assert refused.value.code == "api_version"
    setup = flowseal.Setup(flowseal.Profile(trust="signed"))
    listening(setup.session(config("v2"), "req_1", stream=True))
    listening(setup.pending_session(pending(), starter(), stream=True))


def test_what_is_shown_of_a_stream_is_no_secret() -> None:
    session = flowseal.Session(config("v2"), "req_1", stream=True)
    action = session.poll(testing.SIGNED_AT, 0)
    assert repr(action).startswith("<flowseal.Stream <flowseal.Request GET ")
    assert "snb_" not in repr(action)
