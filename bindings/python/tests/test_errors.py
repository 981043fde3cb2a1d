"""Exceptions: one root, a class for each kind, stable codes."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from pathlib import Path
from typing import get_args

import pytest

import flowseal
from flowseal import testing, types

from .conftest import NOW


def refusal(flow: flowseal.Flow, verifier: flowseal.Verifier) -> flowseal.RefusedError:
    with pytest.raises(flowseal.RefusedError) as refused:
        flow.verify(verifier, flowseal.Expectations(reference="req_2"), now=NOW)
    return refused.value


def test_a_refusal_carries_its_report(flow: flowseal.Flow, verifier: flowseal.Verifier) -> None:
    error = refusal(flow, verifier)
    assert error.code == "expectation_failed"
    assert str(error).startswith("expectation_failed: ")
    assert error.sentence in str(error)
    report = error.report
    assert report is not None
    assert report.outcome("reference") == "failed"
    assert report.why("reference") == "differs"
    assert report.outcome("signature") == "passed"
    assert report.outcome("age") == "not_asked"
    assert report.key is not None and len(report.key.fingerprint) == 64
    assert [line["check"] for line in report.to_dict()["report"]] == [
        line.check for line in report.lines
    ]
    with pytest.raises(KeyError):
        report.outcome("no such check")


def test_exceptions_travel_to_other_processes(
    flow: flowseal.Flow, verifier: flowseal.Verifier
) -> None:
    error = refusal(flow, verifier)
    for travelled in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(travelled) is type(error)
        assert (travelled.code, travelled.args) == (error.code, error.args)
        assert travelled.report == error.report
        assert hash(travelled.report) == hash(error.report)


def invalid() -> flowseal.RefusedError:
    """A signature by the user's key, over other bytes than are given."""
    sealed = testing.seal("req_1", persona="ada").mutated("SwapClaims")
    user = testing.KeyPair.sample_user().public_pem
    key = flowseal.VerifyingKey.from_pem(user, kid="ada-2026")
    flow = flowseal.Flow.from_json(sealed)
    with pytest.raises(flowseal.RefusedError) as refused:
        flow.verify(
            flowseal.Verifier.trusting(key), flowseal.Expectations.unbound(), now=NOW
        )
    return refused.value


def test_what_an_error_is_about_is_in_its_attributes(
    flow: flowseal.Flow, verifier: flowseal.Verifier, key: flowseal.DecryptingKey
) -> None:
    error = refusal(flow, verifier)
    assert (error.check, error.expected, error.found) == ("reference", "req_2", "req_1")
    assert (error.claim, error.seconds, error.size, error.sizes) == (None, None, None, [])
    assert error.details is not None and error.details["check"] == "reference"

    with pytest.raises(flowseal.RefusedError) as late:
        flow.verify(verifier, flowseal.Expectations(max_age=1), now=NOW)
    assert (late.value.check, late.value.seconds) == ("age", 1)

    response = json.loads(testing.seal("req_1", persona="ada").to_bare_json())
    response["claims"]["bio"]["gender"] = "AAAA"
    short = flowseal.Flow.from_json(json.dumps(response))
    with pytest.raises(flowseal.RefusedError) as refused:
        short.open_unverified(key, flowseal.Expectations.unbound(), now=NOW)
    error = refused.value
    assert (error.claim, error.size, error.sizes) == ("bio.gender", 3, [256])

    user = flowseal.VerifyingKey.from_pem(testing.KeyPair.sample_user().public_pem, kid="ada-2026")
    named = flowseal.Verifier.trusting(user)
    verified = flow.verify(named, flowseal.Expectations.unbound(), now=NOW)
    with pytest.raises(flowseal.RefusedError) as refused:
        verified.evidence().check([])
    assert (refused.value.key, refused.value.kid) == (user.fingerprint, "ada-2026")

    # Where nothing is known of it, nothing is said.
    bare = flowseal.InputError("why")
    assert (bare.check, bare.key, bare.kid, bare.sizes) == (None, None, None, [])


def test_attributes_travel_with_the_exception(
    flow: flowseal.Flow, verifier: flowseal.Verifier
) -> None:
    error = refusal(flow, verifier)
    travelled = pickle.loads(pickle.dumps(error))
    assert travelled.details == error.details
    assert (travelled.check, travelled.found) == (error.check, error.found)


def test_a_diagnosis_says_why_and_shows_its_digest_to_nobody_in_passing() -> None:
    error = invalid()
    assert error.diagnosis is not None
    (found,) = error.diagnosis
    assert (found["finding"], found["padding"], found["hash"]) == ("other_bytes", "v1_5", "sha256")
    assert (found["kid"], found["salt_length"]) == ("ada-2026", None)
    digest = found["digest"]
    assert len(bytes.fromhex(digest)) == 32
    # It is data, and is there for a program that wants it.
    assert json.loads(json.dumps(error.diagnosis)) == error.diagnosis
    assert copy.copy(error).diagnosis == error.diagnosis

    shown = [str(error), repr(error), error.sentence, repr(error.diagnosis), str(found)]
    shown += [f"{found}", repr(error.report), repr(error.details), repr(vars(error))]
    shown += traceback.format_exception(error)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for what in (error, error.diagnosis, found):
            shown.append(pickle.dumps(what, protocol).decode("latin-1"))
    for text in shown:
        assert digest not in text
        assert bytes.fromhex(digest).decode("latin-1") not in text

    travelled = pickle.loads(pickle.dumps(error))
    assert travelled.diagnosis == [{**found, "digest": None}]
    assert type(travelled.diagnosis[0]) is flowseal.DiagnosedKey


def test_what_comes_of_a_request_is_no_fault_of_an_argument_s() -> None:
    config = flowseal.ApiConfig(
        version="v2", environment="sandbox", api_key="bk-test_1", app_secret="snb_1"
    )
    session = flowseal.Session(config, "req_1", deadline=60)
    session.poll(1_716_820_000)
    ended = session.poll(1_716_820_100)
    assert isinstance(ended, flowseal.Failed)
    assert isinstance(ended.error, flowseal.RequestError)
    assert ended.error.code == "connection_lost"
    assert not isinstance(ended.error, ValueError)
    with pytest.raises(flowseal.RequestError) as refused:
        body = {"status": "failed", "message": "no"}
        answer = flowseal.HttpResponse(401, {}, json.dumps(body).encode())
        flowseal.Response.from_http("ping", answer).flow()
    assert refused.value.api_error is not None


def test_classes_mirror_the_exit_statuses() -> None:
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.Flow.from_json(b"{")
    assert refused.value.code == "json"
    assert isinstance(refused.value, ValueError)
    assert refused.value.report is None
    kinds = (flowseal.InputError, flowseal.RequestError, flowseal.RefusedError)
    for kind in (*kinds, flowseal.InternalError):
        assert issubclass(kind, flowseal.FlowsealError)
        assert kind.code in flowseal.ERROR_CODES
        assert kind.__module__ == "flowseal"
        # Whoever catches and makes one again, with whatever arguments, gets no second error.
        assert str(kind()) == f"{kind.code}: "
        assert kind("why", code="io").code == "io"


def test_a_code_says_what_kind_of_answer_it_wants() -> None:
    classes = set()
    for code in flowseal.ERROR_CODES:
        error = flowseal.FlowsealError("why", code=code)
        assert error.http_status is not None and 200 <= error.http_status < 600
        classes.add(error.code_class)
    assert classes == set(get_args(types.CodeClass))
    late = flowseal.RequestError("why", code="api_rate_limited")
    assert (late.code_class, late.http_status) == ("retry", 503)
    own = flowseal.FlowsealError("why", code="of_the_caller_s_own")
    assert (own.code_class, own.http_status) == (None, None)


def test_every_code_has_its_number() -> None:
    numbers = list(flowseal.ERROR_CODES.values())
    assert numbers == sorted(set(numbers))
    assert flowseal.ERROR_CODES["signature_invalid"] == 44
    with pytest.raises(TypeError):
        flowseal.ERROR_CODES["mine"] = 1  # type: ignore[index]


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    missing = tmp_path / "missing.pem"
    for load in (
        flowseal.DecryptingKey.load,
        flowseal.VerifyingKey.load,
        flowseal.Profile.load,
        flowseal.Verifier.trusting,
    ):
        with pytest.raises(flowseal.InputError, match="missing.pem") as refused:
            load(missing)
        assert refused.value.code == "io"
        assert isinstance(refused.value.__cause__, FileNotFoundError)


def test_a_file_is_named_in_what_is_said_of_it(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("no key")
    with pytest.raises(flowseal.InputError, match="garbage.pem") as refused:
        flowseal.DecryptingKey.load(garbage)
    assert refused.value.code == "key_format"
    garbage.write_bytes(bytes(1 << 20) + b"x")
    with pytest.raises(flowseal.InputError, match="garbage.pem") as refused:
        flowseal.DecryptingKey.load(garbage)
    assert refused.value.code == "too_large"


def test_a_lone_surrogate_is_no_json() -> None:
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.Flow.from_json('{"reference": "\ud800"}')
    assert refused.value.code == "json"


def test_what_is_of_the_wrong_type_is_python_s_own_error(key: flowseal.DecryptingKey) -> None:
    with pytest.raises(TypeError):
        flowseal.Flow.from_json(1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        flowseal.KeyRing([key, "app.pem"])  # type: ignore[list-item]
    with pytest.raises(TypeError):
        flowseal.Expectations("req_1")  # type: ignore[call-arg]
    endless: list[object] = []
    endless.append(endless)
    for no_keys in (1, [1], [[key]], endless):
        with pytest.raises(TypeError):
            flowseal.Verifier.trusting(no_keys)  # type: ignore[arg-type]


def test_every_mutation_is_refused_with_its_code(verifier: flowseal.Verifier) -> None:
    sealed = testing.seal("req_1", persona="ada")
    assert len(testing.MUTATIONS) > 20
    for mutation, code in testing.MUTATIONS.items():
        with pytest.raises(flowseal.FlowsealError) as refused:
            flow = flowseal.Flow.from_json(sealed.mutated(mutation))
            flow.verify(
                flowseal.Verifier.trusting(testing.KeyPair.sample_user().verifying_key()),
                flowseal.Expectations.unbound(),
                now=NOW,
            )
        assert refused.value.code == code, mutation
    with pytest.raises(flowseal.InputError):
        sealed.mutated("NoSuchMutation")
