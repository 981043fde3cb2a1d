"""Learning a statement from flows, and evidence as a page."""

from __future__ import annotations

import pytest

import flowseal
from flowseal import testing

from .conftest import KEYS, NOW

USER = flowseal.VerifyingKey.from_pem(testing.KeyPair.sample_user().public_pem)
TEMPLATE = "{reference}|{requestee}|{signedAt}"


def flows(profile: flowseal.Profile | None = None, persona: str = "ada") -> list[str]:
    return [
        testing.seal(reference, persona=persona, profile=profile).to_json()
        for reference in ("req_1", "req_2")
    ]


def test_what_was_planted_is_learnt_and_verifies() -> None:
    for planted, finding, persona in (
        (flowseal.Profile(algorithm="PS384"), "canonical-flow-v1", "ada"),
        (flowseal.Profile(statement={"template": TEMPLATE}), "template", "dayo"),
    ):
        calls: list[tuple[int, int]] = []
        learned = flowseal.learn(
            flows(planted, persona), [USER], progress=lambda tried, of: calls.append((tried, of))
        )
        assert (learned.finding, learned.flows, learned.weak) == (finding, 2, False)
        assert learned.template == (TEMPLATE if finding == "template" else None)
        assert learned.profile() == planted
        assert calls and all(tried <= of for tried, of in calls)
        assert list(learned.to_dict()) == [
            *("algorithm", "finding", "statement", "covers", "flows", "weak", "candidates")
        ]
        assert "learned" in repr(learned).lower()


def test_weakness_is_told_and_makes_no_profile_by_itself() -> None:
    one = flowseal.learn(flows()[:1], [USER])
    assert one.weak and one.profile() == flowseal.Profile()
    planted = flowseal.Profile(statement={"template": "{requestee}|{iat}"})
    learned = flowseal.learn(flows(planted, "dayo"), [USER])
    assert learned.weak and learned.covers == ["requestee", "iat"]
    with pytest.raises(flowseal.InputError) as refused:
        learned.profile()
    assert refused.value.code == "usage"
    assert learned.profile(allow_weak=True) == planted


def test_what_nothing_explains_is_unknown() -> None:
    key = testing.KeyPair.sample_app().decrypting_key()
    planted = flowseal.Profile(statement="detached")
    sealed = [flow.replace('"identification"', '"other"') for flow in flows()]
    with pytest.raises(flowseal.RefusedError) as refused:
        flowseal.learn(sealed, [USER], key=key)
    assert refused.value.code == "statement_unknown"
    assert [key["finding"] for key in refused.value.diagnosis or ()] == ["other_bytes"] * 2
    unexplained = {"explained_by": None, "finding": "other_bytes"}
    assert refused.value.flows == [unexplained] * 2
    with pytest.raises(flowseal.RefusedError) as refused:
        flowseal.learn([sealed[0], *flows()], [USER])
    explained = {"explained_by": "canonical-flow-v1", "finding": None}
    assert refused.value.flows == [unexplained, explained, explained]
    assert len(refused.value.diagnosis or ()) == 1
    # The statement of a detached sample is its reference.
    assert flowseal.learn(flows(planted, "dayo"), [USER]).covers == ["reference"]
    with pytest.raises(ZeroDivisionError):
        flowseal.learn(flows(), [USER], progress=lambda tried, of: 1 / 0)
    with pytest.raises(TypeError):
        flowseal.learn("flow", [USER])


def test_evidence_is_a_page(flow: flowseal.Flow, verifier: flowseal.Verifier) -> None:
    verified = flow.verify(verifier, flowseal.Expectations.unbound(), now=NOW)
    page = verified.evidence.to_html()
    assert page.startswith("<!DOCTYPE html>") and "is valid" in page
    read = flowseal.Evidence.from_json(verified.evidence.to_json())
    assert "was not checked" in read.to_html()
    assert "is valid" in read.check_to_html([USER])
    with pytest.raises(flowseal.InputError) as refused:
        read.check_to_html([USER], flowseal.Profile(algorithm="RS512"))
    assert refused.value.code == "profile_mismatch"


def test_a_disclosure_is_a_page_too(verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey) -> None:
    app = flowseal.AppKey.load(KEYS / "app-2048.pub.pem")
    user = flowseal.VerifyingKey.load(KEYS / "user-2048.pub.pem")
    disclosure = verified.disclose(key, ["naming.given"])
    page = disclosure.check_to_html(app, [user])
    assert "Adébáyọ̀" in page and "ada@example.ng" not in page
