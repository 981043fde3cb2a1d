"""From bytes to claims, as the README tells it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType

import pytest

import flowseal
from flowseal import testing

from .conftest import KEYS, NOW


def test_three_lines_open_a_flow(
    response: bytes,
    verifier: flowseal.Verifier,
    key: flowseal.DecryptingKey,
    expectations: flowseal.Expectations,
) -> None:
    flow = flowseal.Flow.from_json(response)
    verified = flow.verify(verifier, expectations, now=NOW)
    with verified.open(key) as claims:
        assert claims["naming.given"] == "Adébáyọ̀"
        assert claims["naming.family"] == "Ọláwálé 😀"
        assert claims["contact.emailVerified"] is True
        assert claims["nationality.nationalities"] == ["NG", "GB"]
        assert claims["bio.birthnumber"] == "22212345610"
        assert claims.get("naming.nickname") is None
        assert claims.get("naming.nickname", "none") == "none"


def test_claims_are_a_mapping(
    verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey
) -> None:
    claims = verified.open(key)
    assert isinstance(claims, Mapping)
    assert len(claims) == len(list(claims)) == 9
    assert list(claims) == list(claims.keys()) == verified.unauthenticated().claim_paths
    assert dict(claims) == dict(claims.items())
    assert list(claims.values())[0] == claims[next(iter(claims))]
    assert "naming.given" in claims
    assert "naming" not in claims
    with pytest.raises(KeyError):
        claims["naming"]
    match claims:
        case {"naming.given": given}:
            assert given == claims.text("naming.given")
        case _:
            pytest.fail("a mapping pattern does not match")


def test_a_claim_is_read_as_what_the_caller_knows_it_to_be(
    verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey
) -> None:
    claims = verified.open(key)
    assert claims.digits("bio.birthnumber") == "22212345610"
    assert claims.date("bio.birthdate").isoformat() == "1987-04-12"
    assert claims.boolean("contact.emailVerified")
    assert claims.list("nationality.nationalities") == ["NG", "GB"]
    with pytest.raises(flowseal.RefusedError, match="claim_type") as refused:
        claims.boolean("naming.given")
    assert "Adé" not in str(refused.value)


@pytest.mark.parametrize("text", ["False", "false ", " false", "0", "no", "off", "FALSE", "perhaps"])
def test_what_is_no_boolean_is_never_a_truthy_text(
    key: flowseal.DecryptingKey, user_key: flowseal.VerifyingKey, text: str
) -> None:
    sealed = testing.seal("req_1", claims={"contact": {"emailVerified": text, "email": "a@b"}})
    flow = flowseal.Flow.from_json(sealed.to_json())
    trusting = flowseal.Verifier.trusting(user_key)
    claims = flow.verify(trusting, flowseal.Expectations.unbound(), now=NOW).open(key)
    for read in (
        lambda: claims["contact.emailVerified"],
        lambda: claims.get("contact.emailVerified"),
        lambda: claims.get("contact.emailVerified", False),
        lambda: list(claims.values()),
        lambda: dict(claims),
        lambda: claims.to_dict(),
    ):
        with pytest.raises(flowseal.RefusedError) as refused:
            read()
        assert refused.value.code == "claim_type"
    assert claims.text("contact.emailVerified") == text
    assert claims["contact.email"] == "a@b"


def test_what_is_no_list_is_no_value(
    key: flowseal.DecryptingKey, user_key: flowseal.VerifyingKey
) -> None:
    sealed = testing.seal("req_1", claims={"nationality": {"nationalities": "NG, GB"}})
    flow = flowseal.Flow.from_json(sealed.to_json())
    trusting = flowseal.Verifier.trusting(user_key)
    claims = flow.verify(trusting, flowseal.Expectations.unbound(), now=NOW).open(key)
    with pytest.raises(flowseal.RefusedError, match="claim_type"):
        claims["nationality.nationalities"]
    assert claims.text("nationality.nationalities") == "NG, GB"


def test_a_group_is_no_claim(verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey) -> None:
    claims = verified.open(key)
    for read in (claims.text, claims.boolean, claims.list, claims.digits, claims.to_bytearray):
        with pytest.raises(flowseal.InputError, match="group") as refused:
            read("naming")
        assert refused.value.code == "usage"
    assert "naming" not in claims
    with pytest.raises(KeyError):
        claims["naming"]
    with pytest.raises(KeyError):
        claims.text("nam")


@pytest.mark.filterwarnings("ignore::flowseal.FlowsealWarning")
def test_selected_claims_alone_are_opened(
    verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey
) -> None:
    claims = verified.open(key, select=["naming", "bio.birthdate", "not.there"])
    assert list(claims) == ["bio.birthdate", "naming.family", "naming.given"]
    assert claims.to_dict()["bio"] == {"birthdate": "1987-04-12"}


def test_claims_of_a_flow_that_nobody_verified_open_when_it_is_said(
    flow: flowseal.Flow, key: flowseal.DecryptingKey
) -> None:
    claims = flow.open_unverified(key, flowseal.Expectations.unbound())
    assert claims["naming.given"] == "Adébáyọ̀"
    assert not claims.verified
    assert claims.report.outcome("signature") == "not_checked"


@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview, bytes.decode])
def test_a_response_is_text_or_anything_with_a_buffer(response: bytes, wrap: object) -> None:
    assert callable(wrap)
    assert flowseal.Flow.from_json(wrap(response)).reference == "req_1"


def test_a_refused_flow_stays_as_it_was(
    flow: flowseal.Flow, verifier: flowseal.Verifier, expectations: flowseal.Expectations
) -> None:
    with pytest.raises(flowseal.RefusedError):
        flow.verify(verifier, flowseal.Expectations(reference="req_2"), now=NOW)
    assert flow.verify(verifier, expectations, now=NOW).reference == "req_1"


def test_members_are_those_of_the_wire(flow: flowseal.Flow) -> None:
    assert flow.requester == flow.member("requester") == "bcn_sample"
    assert (flow.iat, flow.signed_at) == (testing.IAT, testing.SIGNED_AT)
    assert (flow.mode, flow.cancelled, flow.state) == ("identification", False, "complete")
    assert flow.member("signedAt") == testing.SIGNED_AT
    assert flow.member("unknown") is None
    assert flow.to_dict()["reference"] == "req_1"
    assert isinstance(flow.to_dict()["claims"]["naming"]["given"], str)


def test_a_verified_flow_gives_covered_members_only(verified: flowseal.VerifiedFlow) -> None:
    assert verified.covered("reference") == verified.reference == "req_1"
    assert verified.covered("cancelled") is None
    assert verified.unauthenticated().cancelled is False
    assert verified.statement.startswith(b"{")
    assert len(verified.signature) == 256
    assert len(verified.replay_key) == 64


def test_evidence_is_checked_again(
    verified: flowseal.VerifiedFlow, user_key: flowseal.VerifyingKey
) -> None:
    evidence = flowseal.Evidence.from_json(verified.evidence().to_json())
    assert evidence.check(user_key).outcome("signature") == "passed"
    assert evidence.check([KEYS / "user-2048.pub.pem"]).key == verified.report.key
    assert evidence.statement == verified.statement
    # The core writes the evidence's report, and the command's, as this package gives it.
    written = json.loads(evidence.to_json())
    found = verified.report.to_dict()
    assert found == {name: written[name] for name in ("report", "covers", "key")}
    certified = flowseal.Verifier.trusting(KEYS / "user-2048.cert.pem")
    verified = verified.unauthenticated().verify(certified, flowseal.Expectations.unbound())
    written = json.loads(verified.evidence().to_json())
    assert verified.report.to_dict()["key"] == written["key"]
    assert written["key"]["certificate"] == "dates_and_chain_not_checked"


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        NOW + 0.9,
        datetime.fromtimestamp(NOW, UTC),
        datetime.fromtimestamp(NOW, timezone(timedelta(hours=1))),
    ],
)
def test_now_is_a_number_or_an_aware_datetime(
    flow: flowseal.Flow, verifier: flowseal.Verifier, now: int | float | datetime
) -> None:
    exact = flowseal.Expectations(max_age=NOW - testing.SIGNED_AT)
    assert flow.verify(verifier, exact, now=now)
    too_young = flowseal.Expectations(max_age=NOW - testing.SIGNED_AT - 1)
    with pytest.raises(flowseal.RefusedError) as refused:
        flow.verify(verifier, too_young, now=now)
    assert refused.value.report is not None
    assert refused.value.report.why("age") == "too_old"


@pytest.mark.parametrize(
    "now",
    [
        datetime(2024, 5, 27, 14, 28, 41),  # noqa: DTZ001
        float("nan"),
        float("inf"),
        1e300,
        -1,
        NOW * 1000,
        10**30,
        "1716820121",
    ],
)
def test_what_is_no_moment_is_refused(
    flow: flowseal.Flow, verifier: flowseal.Verifier, now: int
) -> None:
    with pytest.raises(flowseal.InputError) as refused:
        flow.verify(verifier, flowseal.Expectations.unbound(), now=now)
    assert refused.value.code == "time"


def test_now_is_the_system_s_clock_unless_it_is_given(
    flow: flowseal.Flow, verifier: flowseal.Verifier
) -> None:
    assert flow.verify(verifier, flowseal.Expectations.unbound())
    with pytest.raises(flowseal.RefusedError):
        flow.verify(verifier, flowseal.Expectations(max_age=300))


def test_to_expect_nothing_has_to_be_said() -> None:
    for nothing in ({}, {"leeway": 5}):
        with pytest.raises(flowseal.InputError) as refused:
            flowseal.Expectations(**nothing)  # type: ignore[arg-type]
        assert refused.value.code == "usage"


def test_a_profile_is_loaded_or_built(tmp_path: Path) -> None:
    built = flowseal.Profile(algorithm="PS256", statement={"template": "{reference}.{iat}"})
    (tmp_path / "profile.json").write_text(
        '{"algorithm": "PS256", "statement": {"template": "{reference}.{iat}"}}'
    )
    assert built == flowseal.Profile.load(tmp_path / "profile.json")
    assert built != flowseal.Profile()
    assert flowseal.Profile.from_json(b"{}") == flowseal.Profile()
    assert built.to_dict()["statement"] == {"template": "{reference}.{iat}"}
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.Profile(algoritm="PS256")  # type: ignore[call-arg]
    assert refused.value.code == "profile"


def test_one_profile_for_everything_that_takes_part() -> None:
    profile = flowseal.Profile(algorithm="PS256", padding="rsaes-oaep-sha256")
    sealed = testing.seal("req_1", persona="ada", profile=profile).to_json()
    user = testing.KeyPair.sample_user().verifying_key()
    key = flowseal.DecryptingKey.load(KEYS / "app-2048.pem", profile=profile)
    assert key.padding == "rsaes-oaep-sha256"

    flow = flowseal.Flow.from_json(sealed, profile=profile)
    verifier = flowseal.Verifier.trusting(user, profile=profile)
    verified = flow.verify(verifier, flowseal.Expectations.unbound())
    assert verified.open(key)["naming.given"] == "Adébáyọ̀"

    other = flowseal.Verifier.trusting(user, profile=flowseal.Profile())
    with pytest.raises(flowseal.InputError) as refused:
        flow.verify(other, flowseal.Expectations.unbound())
    assert refused.value.code == "profile_mismatch"


def test_keys_come_from_paths_and_from_bytes(response: bytes) -> None:
    pem = (KEYS / "app-2048.pem").read_bytes()
    der = (KEYS / "app-2048.der").read_bytes()
    keys = [
        flowseal.DecryptingKey.load(str(KEYS / "app-2048.pem")),
        flowseal.DecryptingKey.from_pem(pem),
        flowseal.DecryptingKey.from_pem(bytearray(pem)),
        flowseal.DecryptingKey.from_pem(memoryview(pem)),
        flowseal.DecryptingKey.from_der(der),
    ]
    for passphrase in ("correct horse", b"correct horse", bytearray(b"correct horse")):
        keys.append(flowseal.DecryptingKey.load(KEYS / "app-2048.encrypted.pem", passphrase))
    assert len({key.fingerprint for key in keys}) == 1
    assert {key.bits for key in keys} == {2048}


def test_trust_is_a_key_a_path_or_a_list(
    flow: flowseal.Flow, user_key: flowseal.VerifyingKey
) -> None:
    path = KEYS / "user-2048.pub.pem"
    anyone = flowseal.Expectations.unbound()
    for keys in (user_key, path, str(path), [user_key], [path], (path, user_key)):
        assert flow.verify(flowseal.Verifier.trusting(keys), anyone)
        assert flow.verify(flowseal.Verifier.by_requestee({flow.requestee: keys}), anyone)
    users = MappingProxyType({flow.requestee: user_key})
    assert flow.verify(flowseal.Verifier.by_requestee(users), anyone)
    with pytest.raises(flowseal.RefusedError) as refused:
        flow.verify(flowseal.Verifier.by_requestee({"another": user_key}), anyone)
    assert refused.value.code == "no_verifying_key"


def test_a_ring_stands_wherever_a_key_does(
    verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey
) -> None:
    other = flowseal.DecryptingKey.load(KEYS / "other-2048.pem", kid="old")
    ring = flowseal.KeyRing([other, key])
    assert len(ring) == 2
    assert ring.fingerprints == [other.fingerprint, key.fingerprint]
    assert verified.open(ring)["naming.given"] == "Adébáyọ̀"
    with pytest.raises(flowseal.RefusedError) as refused:
        verified.open(ring.only("old"))
    assert refused.value.code == "claim_unopenable"


def test_a_batch_answers_for_each_flow_in_order(
    verifier: flowseal.Verifier, key: flowseal.DecryptingKey
) -> None:
    other = flowseal.Profile(padding="rsaes-oaep-sha256")
    profiles = {"req_1": None, "req_2": other, "req_3": None}
    flows = [
        flowseal.Flow.from_json(testing.seal(reference, persona="ada", profile=profile).to_json())
        for reference, profile in profiles.items()
    ]
    expected = [flowseal.Expectations(reference=reference) for reference in profiles]
    verified = flowseal.verify_many(flows, verifier, expected, threads=2)
    assert all(isinstance(flow, flowseal.VerifiedFlow) for flow in verified)
    first = flowseal.verify_many(flows, verifier, expected[0])
    assert [isinstance(flow, flowseal.VerifiedFlow) for flow in first] == [True, False, False]

    sound = [flow for flow in verified if isinstance(flow, flowseal.VerifiedFlow)]
    results = flowseal.open_many(sound, key, threads=2)
    assert isinstance(results[0], flowseal.OpenedClaims)
    assert isinstance(results[1], flowseal.RefusedError)
    assert results[1].code == "claim_unopenable"
    assert isinstance(results[2], flowseal.OpenedClaims)
    archive = flowseal.open_many_unverified(flows, key, expected[0], threads=2)
    assert isinstance(archive[0], flowseal.OpenedClaims)
    assert archive[0].report.outcome("signature") == "not_checked"
    codes = [claims.code for claims in archive[1:] if isinstance(claims, flowseal.FlowsealError)]
    assert codes == ["expectation_failed"] * 2
    with pytest.raises(flowseal.InputError):
        flowseal.open_many(sound, key, threads=0)
    with pytest.raises(ValueError, match="one for each"):
        flowseal.verify_many(flows, verifier, expected[:2])


def test_every_claim_that_opens_is_told_from_those_that_do_not(
    verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey
) -> None:
    whole = verified.open_partial(key)
    assert len(whole.opened) == 9
    assert whole.errors == {}
    other = flowseal.DecryptingKey.load(KEYS / "other-2048.pem")
    nothing = verified.open_partial(other)
    assert {error.code for error in nothing.errors.values()} == {"claim_unopenable"}
    assert list(nothing.errors) == verified.unauthenticated().claim_paths


def test_a_covered_member_has_no_member_that_the_statement_lacks(
    response: bytes, verifier: flowseal.Verifier, expectations: flowseal.Expectations
) -> None:
    changed = json.loads(response)
    changed["data"]["request"]["claims"]["approved by the bank"] = None
    flow = flowseal.Flow.from_json(json.dumps(changed))
    verified = flow.verify(verifier, expectations, now=NOW)
    assert "approved" not in verified.statement.decode()
    assert "approved by the bank" not in verified.covered("claims")
    # As received, it is still there to be looked at.
    assert "approved by the bank" in verified.unauthenticated().member("claims")
