"""One budget for an address: turns, a share that is kept free, and a count that processes share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

import flowseal

from .conftest import NOW
from .pretended import pending, starter
from .test_requests import config


def urgently(budget: flowseal.Budget, made: flowseal.ApiConfig, now: float = NOW) -> int:
    """How many requests go out at one moment."""
    sent = 0
    while budget.urgent(made, now) is None:
        sent += 1
    return sent


def test_no_more_than_97_requests_go_out_in_a_minute() -> None:
    budget, made = flowseal.Budget(), config()
    first = urgently(budget, made)
    assert 17 <= first <= 97
    pause = budget.urgent(made, NOW)
    assert pause is not None and pause > 0
    # Another base has a limit of its own.
    assert budget.urgent(config(base_url="https://gateway.example"), NOW) is None
    assert budget.urgent(made, NOW + 61) is None


def test_sessions_take_turns() -> None:
    budget, made = flowseal.Budget(), config()
    sessions = [flowseal.Session(made, f"req_{n}", budget=budget) for n in range(120)]
    actions = [session.poll(NOW, 0) for session in sessions]
    sent = sum(isinstance(action, flowseal.Send) for action in actions)
    assert 1 <= sent <= 80
    assert all(isinstance(action, flowseal.Wait) for action in actions[sent:])
    # What is urgent has its share even now, and without a budget nobody waits.
    assert urgently(budget, made) >= 17
    alone = [flowseal.Session(made, f"req_{n}").poll(NOW, 0) for n in range(120)]
    assert all(isinstance(action, flowseal.Send) for action in alone)


def test_where_too_many_wait_another_is_told_at_once() -> None:
    budget, made = flowseal.Budget(most_sessions=1), config()
    first = flowseal.Session(made, "req_1", budget=budget)
    others: list[Callable[[], object]] = [
        lambda: flowseal.Session(made, "req_2", budget=budget),
        lambda: flowseal.Setup().session(made, "req_2", budget=budget),
        lambda: pending().session(starter(), budget=budget),
        lambda: flowseal.Setup().pending_session(pending(), starter(), budget=budget),
    ]
    for another in others:
        with pytest.raises(flowseal.RequestError) as refused:
            another()
        assert refused.value.code == "api_rate_limited"
    # The place of a session that is let go is free again.
    del first
    assert flowseal.Session(made, "req_2", budget=budget)
    assert flowseal.Budget.MOST_SESSIONS == 200


class Count:
    """A count of the caller's, which says no or yes."""

    def __init__(self, pause: object) -> None:
        self.pause = pause
        self.asked: list[tuple[str, float]] = []

    def take(self, base: str, now: float) -> object:
        self.asked.append((base, now))
        return self.pause


@pytest.mark.parametrize("pause", [5, 5.0, timedelta(seconds=5)])
def test_the_count_of_other_processes_holds_a_request_back(pause: object) -> None:
    count = Count(pause)
    budget = flowseal.Budget(shared_count=count)  # type: ignore[arg-type]
    assert budget.urgent(config(), NOW + 0.5) == 5.0
    assert count.asked == [("https://s.pasby.africa", NOW + 0.5)]
    session = flowseal.Session(config(), "req_1", budget=budget)
    waiting = session.poll(NOW + 60, 0)
    assert isinstance(waiting, flowseal.Wait) and waiting.seconds == pytest.approx(5)
    count.pause = None
    assert budget.urgent(config(), NOW + 120) is None
    assert isinstance(session.poll(NOW + 120, 0), flowseal.Send)


def test_a_function_is_a_count_too() -> None:
    assert flowseal.Budget(shared_count=lambda base, now: None).urgent(config(), NOW) is None
    for wrong in (1, "redis://"):
        with pytest.raises(TypeError, match="take"):
            flowseal.Budget(shared_count=wrong)  # type: ignore[arg-type]


def test_what_a_count_raises_is_raised_and_nothing_is_sent() -> None:
    def away(base: str, now: float) -> None:
        raise ConnectionError("the database is away")

    budget = flowseal.Budget(shared_count=away)
    with pytest.raises(ConnectionError):
        budget.urgent(config(), NOW)
    session = flowseal.Session(config(), "req_1", budget=budget)
    for moment in (NOW, NOW + 60):
        with pytest.raises(ConnectionError):
            session.poll(moment, 0)
    # What is no length of time is no leave.
    for wrong in (False, True, "no", -1):
        nonsense = flowseal.Budget(shared_count=Count(wrong))  # type: ignore[arg-type]
        with pytest.raises(flowseal.InputError):
            nonsense.urgent(config(), NOW)


def test_a_count_that_waits_does_not_stop_whoever_polls_the_same_session() -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(base: str, now: float) -> None:
        inside.set()
        assert go_on.wait(10)

    session = flowseal.Session(config(), "req_1", budget=flowseal.Budget(shared_count=slow))
    found: list[object] = []
    first = threading.Thread(target=lambda: found.append(session.poll(NOW, 0)))
    first.start()
    assert inside.wait(10)
    second = threading.Thread(target=lambda: found.append(session.poll(NOW, 0)))
    second.start()
    # The interpreter goes on while the second one waits for the first one's lock.
    go_on.set()
    first.join(10)
    second.join(10)
    kinds = sorted(type(action).__name__ for action in found)
    assert kinds == ["Send", "Wait"]
