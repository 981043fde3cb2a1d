"""Exceptions: one root, a class for each kind, stable codes."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

import flowseal
from flowseal import testing

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


def test_classes_mirror_the_exit_statuses() -> None:
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.Flow.from_json(b"{")
    assert refused.value.code == "json"
    assert isinstance(refused.value, ValueError)
    assert refused.value.report is None
    for kind in (flowseal.InputError, flowseal.RefusedError, flowseal.InternalError):
        assert issubclass(kind, flowseal.FlowsealError)
        assert kind.code in flowseal.ERROR_CODES
        assert kind.__module__ == "flowseal"
        # Whoever catches and makes one again, with whatever arguments, gets no second error.
        assert str(kind()) == f"{kind.code}: "
        assert kind("why", code="io").code == "io"


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
