"""What must hold for any claims and for any bytes."""

from __future__ import annotations

import json
from typing import Any, Literal

from hypothesis import given, settings
from hypothesis import strategies as st

import flowseal
from flowseal import testing

from .conftest import KEYS, NOW

settings.register_profile("here", deadline=None, database=None, max_examples=50)
settings.load_profile("here")

KEY = flowseal.DecryptingKey.load(KEYS / "app-2048.pem")
VERIFIER = flowseal.Verifier.trusting(KEYS / "user-2048.pub.pem")
ANYONE = flowseal.Expectations.unbound()

# Names without dots, and none that the catalogue types; texts that a key of 2048 bits holds.
NAMES = st.text(
    st.characters(exclude_characters=".", exclude_categories=["Cs"]), min_size=1, max_size=8
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
TREES = st.dictionaries(
    NAMES, st.dictionaries(NAMES, TEXTS, min_size=1, max_size=3), min_size=1, max_size=2
)


@given(claims=TREES)
def test_what_was_sealed_is_opened(claims: dict[str, dict[str, str]]) -> None:
    sealed = testing.seal("req_1", claims=claims).to_json()
    verified = flowseal.Flow.from_json(sealed).verify(VERIFIER, ANYONE, now=NOW)
    opened = verified.open(KEY)
    assert opened.to_dict() == claims
    for group, fields in claims.items():
        for field, text in fields.items():
            assert opened[f"{group}.{field}"] == text
            assert opened.to_bytearray(f"{group}.{field}") == text.encode()


@given(text=st.one_of(st.binary(max_size=200), st.text(max_size=200)))
def test_no_bytes_do_anything_but_raise_input_error(text: bytes | str) -> None:
    for read in (
        flowseal.Flow.from_json,
        flowseal.Profile.from_json,
        flowseal.Evidence.from_json,
        flowseal.VerifyingKey.from_pem,
        flowseal.Response.from_json,
        flowseal.Webhook.from_json,
    ):
        try:
            read(text)
        except flowseal.InputError:
            pass
    if isinstance(text, bytes):
        for load in (
            lambda file: flowseal.DecryptingKey.from_pem(file, file),
            lambda file: flowseal.ServiceAccount.from_parts(file, [file]),
            flowseal.ServiceAccount.from_zip,
        ):
            try:
                load(text)
            except flowseal.InputError:
                pass


@given(
    answers=st.lists(
        st.tuples(
            st.integers(100, 599),
            st.dictionaries(st.sampled_from(["retry-after", "x-access-token"]), TEXTS),
            st.binary(max_size=100) | st.just(b"snb_1 bk-test_1"),
        )
    ),
    version=st.sampled_from(["v1", "v2"]),
)
def test_whatever_the_api_answers_a_session_ends(
    answers: list[tuple[int, dict[str, str], bytes]], version: Literal["v1", "v2"]
) -> None:
    config = flowseal.ApiConfig(
        version=version,
        environment="sandbox",
        api_key="bk-test_1",
        app_secret="snb_1",
        organisation_id="bcn_1",
        app_id="app_1",
    )
    session, waiting = flowseal.Session(config, "req_1"), iter(answers)
    now, sent = float(NOW), 0
    while True:
        action = session.poll(now)
        assert "snb_1" not in repr(action) and "bk-test_1" not in repr(action)
        match action:
            case flowseal.Send():
                sent += 1
                assert sent <= 6 * 100
                answer = next(waiting, None)
                if answer is None:
                    session.lost(now)
                else:
                    session.handle(flowseal.HttpResponse(*answer), now)
            case flowseal.Wait(seconds):
                now += seconds
            case flowseal.Progress():
                pass
            case flowseal.Done() | flowseal.Expired() | flowseal.Failed():
                break
    assert not isinstance(action, flowseal.Failed) or "snb_1" not in str(action.error)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(TEXTS, below, max_size=3),
    max_leaves=8,
)


@given(unknown=JSON)
def test_unknown_members_come_out_as_json_reads_them(unknown: Any) -> None:
    flow = {
        "reference": "req_1",
        "requester": "bcn_1",
        "requestee": "10",
        "mode": "identification",
        "cancelled": False,
        "iat": 1716820052,
        "unknown": unknown,
    }
    text = json.dumps(flow)
    read = flowseal.Flow.from_json(text)
    assert read.to_dict() == json.loads(text)
    assert read.member("unknown") == unknown
