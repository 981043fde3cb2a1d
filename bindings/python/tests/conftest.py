"""What the tests share: a flow that Ada has approved, and all that verifies and opens it."""

from __future__ import annotations

from pathlib import Path

import pytest

import flowseal
from flowseal import testing

VECTORS = Path(__file__).parents[3] / "crates" / "flowseal" / "tests" / "vectors"
KEYS = VECTORS / "keys"

NOW = testing.SIGNED_AT + 2


@pytest.fixture(scope="session")
def key() -> flowseal.DecryptingKey:
    return flowseal.DecryptingKey.load(KEYS / "app-2048.pem")


@pytest.fixture(scope="session")
def user_key() -> flowseal.VerifyingKey:
    return flowseal.VerifyingKey.load(KEYS / "user-2048.pub.pem")


@pytest.fixture(scope="session")
def verifier(user_key: flowseal.VerifyingKey) -> flowseal.Verifier:
    return flowseal.Verifier.by_requestee({"22212345610": user_key})


@pytest.fixture(scope="session")
def response() -> bytes:
    return testing.seal("req_1", persona="ada").to_json().encode()


@pytest.fixture(scope="session")
def flow(response: bytes) -> flowseal.Flow:
    return flowseal.Flow.from_json(response)


@pytest.fixture(scope="session")
def expectations() -> flowseal.Expectations:
    return flowseal.Expectations(reference="req_1", requester="bcn_sample", max_age=300)


@pytest.fixture(scope="session")
def verified(
    flow: flowseal.Flow, verifier: flowseal.Verifier, expectations: flowseal.Expectations
) -> flowseal.VerifiedFlow:
    return flow.verify(verifier, expectations, now=NOW)
