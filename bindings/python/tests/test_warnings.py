"""What is odd but no refusal: a warning, in the name of the line that asked for it."""

from __future__ import annotations

import inspect
import warnings
from types import FunctionType

import pyarrow as pa
import pytest

import flowseal
import flowseal.arrow

from .conftest import KEYS, NOW


def odd_set() -> bytes:
    return (KEYS / "one-unusable.jwks").read_bytes()


def make_config() -> flowseal.ApiConfig:
    return flowseal.ApiConfig(
        version="v2", environment="sandbox", api_key="key-of-tomorrow", app_secret="snb_1"
    )


CONFIG = flowseal.ApiConfig(
    version="v2", environment="sandbox", api_key="bk-test_1", app_secret="snb_1"
)


@pytest.mark.parametrize(
    ("odd", "word"),
    [
        (lambda: flowseal.Expectations(reference="flow_1"), "req_"),
        (lambda: flowseal.Expectations(mode="identificaton"), "identificaton"),
        (lambda: flowseal.Expectations(claims=["naming.givn"]), "naming.given"),
        (make_config, "API key"),
        (lambda: flowseal.Session(CONFIG, "1234"), "does not begin with req_"),
        (lambda: flowseal.VerifyingKey.from_jwk(odd_set()), "skipped"),
        (lambda: flowseal.VerifyingKey.load(KEYS / "one-unusable.jwks"), "one-unusable.jwks"),
        (lambda: flowseal.VerifyingKey.load_all(KEYS / "one-unusable.jwks"), "one-unusable"),
        (lambda: flowseal.Verifier.trusting(KEYS / "one-unusable.jwks"), "one-unusable"),
        (lambda: flowseal.Verifier.by_requestee({"1": [KEYS / "one-unusable.jwks"]}), "skipped"),
    ],
)
def test_what_is_odd_is_a_warning_at_the_line_that_asked(
    odd: FunctionType, word: str
) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        odd()
    assert any(word in str(warning.message) for warning in caught)
    code = odd.__code__
    last = code.co_firstlineno + len(inspect.getsource(odd).splitlines())
    for warning in caught:
        assert issubclass(warning.category, flowseal.FlowsealWarning)
        assert warning.filename == code.co_filename
        assert warning.lineno in range(code.co_firstlineno, last)


def test_what_is_odd_in_a_selection_is_a_warning_in_every_opening(
    flow: flowseal.Flow,
    verified: flowseal.VerifiedFlow,
    verifier: flowseal.Verifier,
    key: flowseal.DecryptingKey,
    response: bytes,
) -> None:
    unbound = flowseal.Expectations.unbound()
    select = ["naming.givn"]
    table = pa.table({"flow": [response.decode()]})
    for opening in (
        lambda: verified.open(key, select=select),
        lambda: verified.open_partial(key, select=select),
        lambda: flow.open_unverified(key, unbound, now=NOW, select=select),
        lambda: flowseal.open_many([verified], key, select=select),
        lambda: flowseal.arrow.open_flows(
            table, key, expectations=unbound, verifier=verifier, now=NOW, select=select
        ),
    ):
        with pytest.warns(flowseal.FlowsealWarning, match="naming.given") as caught:
            opening()
        assert [warning.filename for warning in caught] == [__file__]


def test_a_warning_that_is_made_an_error_is_raised() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", flowseal.FlowsealWarning)
        with pytest.raises(flowseal.FlowsealWarning, match="naming.given"):
            flowseal.Expectations(claims=["naming.givn"])


def test_what_is_not_odd_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        flowseal.Expectations(
            reference="req_1", requestee="22212345610", mode="signature", claims=["naming"]
        )
        flowseal.VerifyingKey.load_all(KEYS / "user-2048.jwk")


def test_a_null_in_a_warning_is_no_end_of_it() -> None:
    with pytest.warns(flowseal.FlowsealWarning, match="check that it is one"):
        flowseal.Expectations(reference="flow\0_1")
