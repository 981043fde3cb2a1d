"""Sessions, streams and webhooks: what is to be done, without a socket and a clock."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import flowseal
from flowseal import testing

from .test_requests import config, token

IAT = testing.IAT
TOKEN = b'{"status": "successful", "data": {"token": "eyJ.e30.AAAA"}}'


def answer(**more: Any) -> flowseal.HttpResponse:
    flow = {
        "reference": "req_1",
        "requester": "bcn_1",
        "requestee": "22212345610",
        "mode": "identification",
        "cancelled": False,
        "onsession": False,
        "iat": IAT,
    }
    body = {"status": "successful", "data": {"request": flow | more}}
    return flowseal.HttpResponse(200, {}, json.dumps(body).encode())


def sent(action: object) -> str:
    assert isinstance(action, flowseal.Send), action
    return action.request.endpoint


def test_a_session_goes_from_its_start_to_its_end() -> None:
    session = flowseal.Session(config("v1"), "req_1")
    told: list[str] = []
    now = float(IAT)
    answers = iter([answer(), answer(onsession=True), answer(signature="c2ln")])
    while not told or told[-1] != "done":
        match session.poll(now, 0):
            case flowseal.Send(request, timeout):
                told.append(request.endpoint)
                assert timeout == 10.0
                body = flowseal.HttpResponse(200, {}, TOKEN)
                session.handle(next(answers) if request.endpoint == "ping" else body, now)
            case flowseal.Wait(seconds):
                assert 0 < seconds <= 3
                now += seconds
            case flowseal.Progress(flow):
                told.append(flow.state)
            case flowseal.Done(flow):
                assert flow.state == "complete"
                told.append("done")
            case other:
                pytest.fail(repr(other))
    assert told == ["authorize", "ping", "ping", "on_session", "ping", "done"]
    over = session.poll(now, 0)
    assert isinstance(over, flowseal.Failed) and over.error.code == "session_over"


def test_time_and_chance_are_the_system_s_unless_given() -> None:
    session = flowseal.Session(config(), "req_1")
    assert sent(session.poll()) == "ping"
    session.handle(answer(iat=int(time.time())))
    paused = session.poll()
    assert isinstance(paused, flowseal.Wait) and 0 < paused.seconds <= 3
    for now in (IAT, IAT + 0.5, datetime.fromtimestamp(IAT, UTC)):
        assert sent(flowseal.Session(config(), "req_1").poll(now, 7)) == "ping"
    for wrong in (-1, float("nan"), IAT * 1000, datetime(2024, 1, 1), "now"):
        with pytest.raises(flowseal.InputError) as refused:
            session.poll(wrong, 0)  # type: ignore[arg-type]
        assert refused.value.code == "time"


def test_a_fraction_of_a_second_counts() -> None:
    session = flowseal.Session(config(), "req_1")
    session.poll(IAT, 0)
    session.handle(answer(), IAT)
    first, later = session.poll(IAT, 0), session.poll(IAT + 0.25, 0)
    assert isinstance(first, flowseal.Wait) and isinstance(later, flowseal.Wait)
    assert later.seconds == pytest.approx(first.seconds - 0.25, abs=1e-6)
    aware = session.poll(datetime.fromtimestamp(IAT + 0.5, UTC), 0)
    assert isinstance(aware, flowseal.Wait)
    assert aware.seconds == pytest.approx(first.seconds - 0.5, abs=1e-6)


def test_what_is_lost_is_tried_again_until_the_deadline() -> None:
    session = flowseal.Session(config(), "req_1", deadline=60)
    now, tries = float(IAT), 0
    while True:
        match session.poll(now, 5):
            case flowseal.Send():
                tries += 1
                session.lost(now)
            case flowseal.Wait(seconds):
                now += seconds
            case ended:
                break
    assert isinstance(ended, flowseal.Failed) and ended.error.code == "connection_lost"
    assert 3 <= tries <= 20 and now - IAT <= 60


def test_a_flow_expires_by_its_lifetime_or_by_the_api_s_word() -> None:
    session = flowseal.Session(config(), "req_1", lifetime=30)
    sent(session.poll(IAT, 0))
    session.handle(answer(), IAT)
    assert isinstance(session.poll(IAT + 30, 0), flowseal.Expired)
    session = flowseal.Session(config(), "req_1")
    sent(session.poll(IAT, 0))
    session.handle(flowseal.HttpResponse(200, {}, b'{"status": "successful", "data": {}}'), IAT)
    assert isinstance(session.poll(IAT, 0), flowseal.Expired)


def test_every_end_is_one_kind_of_thing() -> None:
    done = flowseal.Session(config(), "req_1")
    sent(done.poll(IAT, 0))
    done.handle(answer(signature="c2ln"), IAT)
    expired = flowseal.Session(config(), "req_1", lifetime=30)
    sent(expired.poll(IAT, 0))
    expired.handle(answer(), IAT)
    failed = flowseal.Session(config(), "req_1", deadline=1)
    sent(failed.poll(IAT, 0))
    nothing = flowseal.FlowsealError
    for session, moment, kind, code, raises in (
        (done, IAT, flowseal.Done, None, nothing),
        (expired, IAT + 30, flowseal.Expired, "flow_expired", flowseal.InputError),
        (failed, IAT + 60, flowseal.Failed, "connection_lost", flowseal.RequestError),
    ):
        end = session.poll(moment, 0)
        assert type(end) is kind and isinstance(end, flowseal.Ended)
        if code is None:
            assert end.result() is end.flow and end.error is None
        else:
            assert end.flow is None and isinstance(end.error, flowseal.FlowsealError)
            with pytest.raises(raises) as raised:
                end.result()
            assert raised.value is end.error and end.error.code == code
        # Whoever polls on is told so, with an end again.
        over = session.poll(moment, 0)
        assert isinstance(over, flowseal.Ended) and over.error is not None
        assert over.error.code == "session_over"
    assert {flowseal.Done, flowseal.Expired, flowseal.Failed} == set(
        flowseal.Ended.__subclasses__()
    )
    assert not isinstance(flowseal.Session(config(), "req_1").poll(), flowseal.Ended)


def test_a_length_of_time_may_be_a_timedelta() -> None:
    for deadline in (1, 1.0, timedelta(seconds=1), timedelta(days=1), 86_400):
        flowseal.Session(config(), "req_1", deadline=deadline)
    session = flowseal.Session(config(), "req_1", lifetime=timedelta(seconds=30))
    sent(session.poll(IAT, 0))
    session.handle(answer(), IAT)
    assert isinstance(session.poll(IAT + 30, 0), flowseal.Expired)


def test_a_cancel_is_the_next_request() -> None:
    session = flowseal.Session(config(), "req_1")
    sent(session.poll(IAT, 0))
    session.cancel()
    assert sent(session.poll(IAT, 0)) == "cancel"
    model = b'{"status": "successful", "data": {"model": {"id": "req_1"}}}'
    session.handle(flowseal.HttpResponse(200, {}, model), IAT)
    ended = session.poll(IAT, 0)
    assert isinstance(ended, flowseal.Failed) and ended.error.code == "flow_cancelled"
    assert isinstance(ended.error, flowseal.RefusedError)


def test_long_polling_waits_for_a_held_answer() -> None:
    session = flowseal.Session(config("v1"), "req_1", long_polling=True)
    action = session.poll(IAT, 0)
    assert isinstance(action, flowseal.Send) and action.request.endpoint == "polling"
    assert action.timeout == 65.0
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.Session(config("v2"), "req_1", long_polling=True)
    assert refused.value.code == "api_version"


@pytest.mark.parametrize(
    ("code", "flow", "more"),
    [
        ("usage", "", {}),
        ("usage", "req_1", {"deadline": -1}),
        ("usage", "req_1", {"lifetime": float("nan")}),
        ("usage", "req_1", {"deadline": IAT + 60}),
        ("usage", "req_1", {"deadline": 86_401}),
        ("usage", "req_1", {"lifetime": IAT}),
        ("usage", "req_1", {"deadline": timedelta(days=1, seconds=1)}),
        ("usage", "req_1", {"deadline": timedelta(seconds=-1)}),
        ("usage", "req_1", {"deadline": "60"}),
        ("usage", "req_1", {"deadline": datetime.fromtimestamp(IAT, UTC)}),
        ("usage", "req_1", {"deadline": True}),
    ],
)
def test_a_session_that_cannot_work_is_refused(
    code: str, flow: str, more: dict[str, Any]
) -> None:
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.Session(config(), flow, **more)
    assert refused.value.code == code


def test_v1_needs_the_identifiers_before_it_begins() -> None:
    with pytest.raises(flowseal.InputError, match="organisation") as refused:
        flowseal.Session(config("v1", organisation_id=None, app_id=None), "req_1")
    assert refused.value.code == "api_config"


def test_a_profile_bounds_the_answers() -> None:
    profile = flowseal.Profile(limits={"response_bytes": 64})
    session = flowseal.Session(config(), "req_1", profile=profile)
    for _ in range(5):
        now = IAT
        while isinstance(action := session.poll(now, 0), flowseal.Wait):
            now += 30
        sent(action)
        session.handle(answer(), now)
    ended = session.poll(now, 0)
    assert isinstance(ended, flowseal.Failed) and ended.error.code == "too_large"
    assert isinstance(ended.error, flowseal.InputError)


def test_a_response_that_is_none_is_a_mistake_of_the_caller() -> None:
    session = flowseal.Session(config(), "req_1")
    session.poll(IAT, 0)
    with pytest.raises(AttributeError):
        session.handle(b"{}", IAT)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        session.handle(flowseal.HttpResponse(200, {}, 1), IAT)  # type: ignore[arg-type]
    # The session still waits for its answer.
    assert isinstance(session.poll(IAT, 0), flowseal.Wait)


def test_a_stream_is_cut_into_chunks_anyhow() -> None:
    pending = json.loads(answer().content)
    text = f": hello\nid: 7\nevent: flow\ndata: {json.dumps(pending)}\r\n\r\ndata: {{}}\n\n".encode()
    for size in (1, 7, len(text)):
        stream = flowseal.EventStream()
        chunks = [text[start : start + size] for start in range(0, len(text), size)]
        first, second = [event for chunk in chunks for event in stream.push(chunk)]
        assert first.response().flow().state == "pending"
        assert (first.name, first.id, second.data) == (b"flow", b"7", b"{}")
        assert "22212345610" not in repr(first)


def test_an_event_that_is_too_large_is_raised_in_its_place() -> None:
    stream = flowseal.EventStream(profile=flowseal.Profile(limits={"response_bytes": 16}))
    events = stream.push(b"data: 1\n\ndata: " + b"x" * 32)
    assert next(events).data == b"1"
    with pytest.raises(flowseal.InputError) as refused:
        next(events)
    assert refused.value.code == "too_large"
    assert list(stream.push(b"data: 2\n\n")) == []


class Store:
    """Which flow waits for which reference, and what has come."""

    def __init__(self, flows: dict[str, str]) -> None:
        self.flows = flows
        self.seen: dict[str, int] = {}

    def flow_of(self, reference: str) -> str | None:
        return self.flows.get(reference)

    def remember(self, key: str, until: int) -> bool:
        if key in self.seen:
            return False
        self.seen[key] = until
        return True


WEBHOOK = flowseal.Webhook.from_json(b'{"data": {"reference": "order-1"}, "reference": "order-2"}')


def test_the_answer_to_another_request_is_dropped() -> None:
    session = flowseal.Session(config(), "req_1")
    ping = session.poll(IAT, 0)
    assert isinstance(ping, flowseal.Send)
    session.cancel()
    voiding = session.poll(IAT + 1, 0)
    assert isinstance(voiding, flowseal.Send) and voiding.request.endpoint == "cancel"
    # That the ping finds the flow expired does not say that it is cancelled.
    expired = flowseal.HttpResponse(200, {}, b'{"status": "successful", "data": {}}')
    late = flowseal.HttpResponse.of(expired).answering(ping.request)
    assert (late.status_code, late.content) == (200, expired.content)
    session.handle(late, IAT + 2)
    assert not isinstance(session.poll(IAT + 2, 0), flowseal.Failed)
    session.handle(expired.answering(voiding.request), IAT + 2)
    ended = session.poll(IAT + 2, 0)
    assert isinstance(ended, flowseal.Failed) and ended.error.code == "flow_cancelled"


def test_a_webhook_becomes_the_ping_that_confirms_it() -> None:
    store = Store({"order-1": "req_1"})
    ping = WEBHOOK.confirm(config(), store, now=IAT)
    assert (ping.endpoint, ping.body) == ("ping", b'{"request":"req_1"}')
    # The flow for three seconds, and what was said of it for as long as it may be said again.
    assert sorted(store.seen.values()) == [IAT + 3, IAT + flowseal.Webhook.WINDOW]
    with pytest.raises(flowseal.InputError) as replayed:
        WEBHOOK.confirm(config(), store)
    assert replayed.value.code == "webhook_replayed"
    assert WEBHOOK.confirm(config("v1"), Store(store.flows), token=token()).endpoint == "ping"
    for wrong, code in (
        (lambda: WEBHOOK.confirm(config(), Store({})), "webhook_unmatched"),
        (lambda: WEBHOOK.confirm(config("v1"), Store(store.flows)), "api_unauthorized"),
        (lambda: flowseal.Webhook.from_json("[]"), "webhook"),
    ):
        with pytest.raises((flowseal.InputError, flowseal.RequestError)) as refused:
            wrong()
        assert refused.value.code == code


@pytest.mark.parametrize("method", ["flow_of", "remember"])
def test_what_a_store_raises_is_raised_and_nothing_is_remembered(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store({"order-2": "req_1"})
    asked = []

    def fail(*arguments: object) -> None:
        asked.append(arguments)
        raise ConnectionError("the database is away")

    monkeypatch.setattr(store, method, fail)
    with pytest.raises(ConnectionError):
        WEBHOOK.confirm(config(), store, now=IAT)
    assert len(asked) == 1
    assert store.seen == {}
