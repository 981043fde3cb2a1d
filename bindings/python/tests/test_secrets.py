"""What is held is let go when it is closed, and is neither shown, pickled nor copied."""

from __future__ import annotations

import copy
import pickle

import pytest

import flowseal
from flowseal import testing

from .conftest import KEYS


def app_key() -> flowseal.DecryptingKey:
    return flowseal.DecryptingKey.load(KEYS / "app-2048.pem")


def test_a_closed_key_opens_nothing(verified: flowseal.VerifiedFlow) -> None:
    with app_key() as key:
        ring = flowseal.KeyRing([key])
        assert verified.open(key)["naming.given"]
    for use in (lambda: verified.open(key), lambda: key.fingerprint, lambda: key.bits):
        with pytest.raises(flowseal.InputError) as refused:
            use()
        assert refused.value.code == "usage"
    key.close()
    # A ring holds its keys for itself, until it is closed.
    assert verified.open(ring)["naming.given"]
    with ring:
        pass
    with pytest.raises(flowseal.InputError):
        verified.open(ring)
    assert "closed" in repr(key) and "closed" in repr(ring)


def test_closed_claims_are_gone(
    verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey
) -> None:
    with verified.open(key) as claims:
        items = claims.items()
    for use in (
        lambda: claims["naming.given"],
        lambda: claims.get("naming.given"),
        lambda: claims.to_dict(),
        lambda: claims.to_bytearray("naming.given"),
        lambda: list(claims),
        lambda: list(items),
        lambda: len(claims),
        lambda: "naming.given" in claims,
    ):
        with pytest.raises(flowseal.InputError) as refused:
            use()
        assert refused.value.code == "usage"
    claims.close()
    assert repr(claims) == "<flowseal.OpenedClaims closed>"


def test_an_error_in_the_block_closes_and_is_raised(
    verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey
) -> None:
    claims = verified.open(key)
    with pytest.raises(ZeroDivisionError), claims:
        _ = 1 / 0
    with pytest.raises(flowseal.InputError):
        len(claims)


def test_a_claim_comes_out_in_a_buffer_that_can_be_overwritten(
    verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey
) -> None:
    claims = verified.open(key)
    given = claims.to_bytearray("naming.given")
    assert given == "Adébáyọ̀".encode()
    given[:] = bytes(len(given))
    assert claims["naming.given"] == "Adébáyọ̀"
    with pytest.raises(KeyError):
        claims.to_bytearray("naming.nickname")


def test_nothing_secret_or_personal_is_shown(
    flow: flowseal.Flow,
    verified: flowseal.VerifiedFlow,
    verifier: flowseal.Verifier,
    user_key: flowseal.VerifyingKey,
    key: flowseal.DecryptingKey,
) -> None:
    claims = verified.open(key)
    private = testing.KeyPair.sample_app().private_pem.splitlines()[1]
    expected = flowseal.Expectations(requestee="22212345610")
    shown = [
        flow,
        verified,
        verified.report,
        verified.evidence(),
        verifier,
        expected,
        key,
        flowseal.KeyRing([key]),
        claims,
        verified.open_partial(key),
        disclosure := verified.disclose(key, ["naming"]),
        disclosure.check(flowseal.AppKey.load(KEYS / "app-2048.pub.pem"), user_key),
        testing.KeyPair.sample_app(),
        testing.seal("req_1", persona="ada"),
    ]
    for thing in shown:
        for text in (repr(thing), str(thing)):
            assert "22212345610" not in text
            assert "Adé" not in text
            assert private not in text


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_secrets_are_neither_pickled_nor_copied(
    verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey, protocol: int
) -> None:
    for secret in (key, flowseal.KeyRing([key]), verified.open(key)):
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            pickle.dumps(secret, protocol)
        for copied in (copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="neither pickled nor copied"):
                copied(secret)


def test_only_a_verification_makes_a_verified_flow() -> None:
    for made_here_only in (
        flowseal.VerifiedFlow,
        flowseal.Flow,
        flowseal.OpenedClaims,
        flowseal.DecryptingKey,
    ):
        with pytest.raises(TypeError):
            made_here_only()


def test_nothing_can_be_changed(
    flow: flowseal.Flow, verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey
) -> None:
    for thing, name in ((flow, "reference"), (verified, "reference"), (key, "bits"), (key, "new")):
        with pytest.raises(AttributeError):
            setattr(thing, name, "another")
    verified.report.covers.append("cancelled")
    assert "cancelled" not in verified.report.covers
