"""Words for the person: by state, error and device, in two languages or the app's own."""

from __future__ import annotations

import copy
import json
import pickle
from typing import get_args

import pytest

import flowseal
from flowseal.types import NextStep, SituationKey, State

from .pretended import COOKIE, pending

SAME = pending(flowseal.Device.same(), binding=COOKIE)
ANYWHERE = pending(flowseal.Device.wildcard(2))


def test_every_situation_has_a_key_a_step_and_a_sentence() -> None:
    keys = [situation.key for situation in flowseal.Situation.ALL]
    assert keys == sorted(keys) == sorted(get_args(SituationKey))
    english, french = flowseal.Words.english(), flowseal.Words.french()
    for situation in flowseal.Situation.ALL:
        assert situation.next in get_args(NextStep)
        assert english.text(situation) != french.text(situation)
    assert len(set(flowseal.Situation.ALL)) == len(keys)


@pytest.mark.parametrize("situation", flowseal.Situation.ALL, ids=lambda known: known.key)
def test_a_situation_is_its_key_wherever_it_is_taken_to(situation: flowseal.Situation) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(situation, protocol)) == situation
    assert copy.deepcopy(situation) == copy.copy(situation) == situation
    assert flowseal.Situation(situation.key) == situation


def test_a_situation_of_no_such_key_is_refused() -> None:
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.Situation("picked up")  # type: ignore[arg-type]
    assert refused.value.code == "usage"


@pytest.mark.parametrize(
    ("on", "state", "key"),
    [
        (pending(), "pending", "asked_elsewhere"),
        (SAME, "pending", "open_link"),
        (ANYWHERE, "pending", "scan_code"),
        (SAME, "on_session", "picked_up"),
        (SAME, "complete", "approved"),
        (SAME, "cancelled", "declined"),
    ],
)
def test_what_a_person_is_told_depends_on_state_and_device(
    on: flowseal.PendingFlow, state: State, key: str
) -> None:
    assert on.situation(state).key == key


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(flowseal.InputError, match="on_session") as refused:
        SAME.situation("done")  # type: ignore[arg-type]
    assert refused.value.code == "usage"


def test_every_code_means_something_to_a_person() -> None:
    for code in flowseal.ERROR_CODES:
        assert flowseal.Situation.of_code(code) in flowseal.Situation.ALL
    for code, key, step in (
        ("flow_expired", "expired", "restart"),
        ("flow_cancelled", "declined", "restart"),
        ("signature_invalid", "not_accepted", "contact"),
        ("pending_finished", "already_finished", "restart"),
        ("api_rate_limited", "too_busy", "retry"),
        ("connection_lost", "try_again", "retry"),
        ("api_config", "service_failed", "contact"),
    ):
        situation = flowseal.Situation.of_code(code)
        assert (situation.key, situation.next) == (key, step)
        assert repr(situation) == f"<flowseal.Situation {key}>"
        error = flowseal.FlowsealError("a sentence", code=code)
        assert flowseal.Situation.of_error(error) == situation
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.Situation.of_code("no_such_code")
    assert refused.value.code == "usage"
    for wrong in (ValueError("x"), None):
        with pytest.raises(TypeError):
            flowseal.Situation.of_error(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(("member", "key"), [("nin", "check_number"), ("payload", "service_failed")])
def test_a_number_that_the_api_does_not_take_is_the_person_s_to_check(
    member: str, key: str
) -> None:
    issue = {"code": "too_small", "path": ["body", member], "message": "Invalid"}
    body = json.dumps([issue])
    with pytest.raises(flowseal.RequestError) as refused:
        flowseal.Response.check_health(flowseal.HttpResponse(400, {}, body.encode()))
    assert flowseal.Situation.of_error(refused.value).key == key


def test_the_app_s_own_words_replace_them_whole() -> None:
    own = {situation.key: f"our {situation.key}" for situation in flowseal.Situation.ALL}
    words = flowseal.Words.from_json(json.dumps(own))
    for situation in flowseal.Situation.ALL:
        assert words.text(situation) == f"our {situation.key}"
    fewer = {key: text for key, text in own.items() if key != "expired"}
    more, blank = own | {"x": "y"}, own | {"expired": " "}
    for wrong in ("", "[]", "{}", *map(json.dumps, (fewer, more, blank))):
        with pytest.raises(flowseal.InputError) as refused:
            flowseal.Words.from_json(wrong)
        assert refused.value.code == "usage"
