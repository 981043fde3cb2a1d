"""Some claims shown with the proof: to flowseal, and to a reader that has none of it."""

from __future__ import annotations

import base64
import copy
import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import flowseal
from flowseal import testing

from .by_hand import PADDINGS, made
from .conftest import KEYS, VECTORS

DOCS = Path(__file__).parents[3] / "crates" / "flowseal" / "docs"
READER = DOCS / "disclosure_reader.py"

ALL_PADDINGS = (
    "rsaes-pkcs1-v1_5",
    "rsaes-oaep-sha1",
    "rsaes-oaep-sha256",
    "rsaes-oaep-sha256-mgf1-sha1",
)

APP, USER = KEYS / "app-2048.pub.pem", KEYS / "user-2048.pub.pem"


@pytest.fixture(scope="session")
def reader() -> Any:
    spec = importlib.util.spec_from_file_location("disclosure_reader", READER)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def file(verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey) -> dict[str, Any]:
    disclosure = verified.disclose(key, ["naming.given", "contact.emailVerified"])
    shown: dict[str, Any] = json.loads(disclosure.to_json())
    return shown


def check(file: dict[str, Any]) -> flowseal.Disclosed:
    read = flowseal.Disclosure.from_json(json.dumps(file))
    return read.check(flowseal.AppKey.load(APP), USER)


def refusal(file: dict[str, Any]) -> tuple[str, str | None]:
    with pytest.raises(flowseal.FlowsealError) as refused:
        check(file)
    return refused.value.code, refused.value.why


def test_what_is_shown_is_proved_and_the_rest_is_withheld(file: dict[str, Any]) -> None:
    disclosed = check(file)
    with disclosed.claims as claims:
        assert dict(claims) == {"naming.given": "Adébáyọ̀", "contact.emailVerified": True}
    assert "naming.family" in disclosed.withheld and len(disclosed.withheld) == 7
    assert (disclosed.reference, disclosed.requestee) == ("req_1", "22212345610")
    assert (disclosed.requester, disclosed.signed_at) == ("bcn_sample", testing.SIGNED_AT)
    assert disclosed.report.outcome("claims_signed") == "passed"
    assert disclosed.covered("mode") == "identification" and disclosed.covered("cancelled") is None
    assert repr(disclosed) == '<flowseal.Disclosed of "req_1">'


def test_a_disclosure_says_what_it_is_and_no_claim(
    verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey
) -> None:
    disclosure = verified.disclose(key, ["naming"])
    assert disclosure.paths == ["naming.family", "naming.given"]
    assert repr(disclosure) == "<flowseal.Disclosure of naming.family, naming.given>"
    assert disclosure.padding == "rsaes-pkcs1-v1_5"
    assert disclosure.app_key_fingerprint == key.fingerprint
    assert disclosure.evidence.statement == verified.statement
    em = disclosure.encoded_message("naming.given")
    assert em is not None and em.startswith(b"\0\2") and em.endswith('"Adébáyọ̀"'.encode())
    assert disclosure.encoded_message("contact.email") is None
    app = flowseal.AppKey.from_pem(APP.read_bytes())
    assert (app.bits, app.fingerprint) == (2048, key.fingerprint)
    assert repr(app) == f"<flowseal.AppKey 2048 bits, {key.fingerprint}>"


def test_each_refusal_has_its_code(
    verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey, file: dict[str, Any]
) -> None:
    with pytest.raises(flowseal.InputError) as refused:
        verified.disclose(key, ["naming.nickname"])
    assert refused.value.code == "disclosure"
    with pytest.raises(TypeError):
        verified.disclose(key, "naming")
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.AppKey.load(APP, exponent=3)
    assert refused.value.code == "key_size"

    edited = copy.deepcopy(file)
    edited["claims"][0]["em"] = edited["claims"][1]["em"]
    assert refusal(edited) == ("disclosure_invalid", "ciphertext_differs")
    edited = copy.deepcopy(file)
    edited["app_key"]["fingerprint"] = "00" * 32
    assert refusal(edited) == ("disclosure_invalid", "other_key")
    assert refusal(file | {"note": ""}) == ("disclosure", None)
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.Disclosure.from_json(json.dumps(file)).check_under(
            flowseal.AppKey.load(APP),
            USER,
            flowseal.Profile.from_json('{"algorithm": "PS256"}'),
        )
    assert refused.value.code == "profile_mismatch"


CASES: list[dict[str, Any]] = json.loads((VECTORS / "disclosures.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_case_ends_as_the_table_says(case: dict[str, Any]) -> None:
    own = flowseal.Profile.from_json(json.dumps(case["profile"])) if "profile" in case else None
    try:
        if case["operation"] == "check":
            read = flowseal.Disclosure.from_json(json.dumps(case["file"]))
            app = flowseal.AppKey.load(APP)
            disclosed = read.check_under(app, USER, own) if own else read.check(app, USER)
            with disclosed.claims as claims:
                shown = claims.to_dict()
            found: dict[str, Any] = {"disclosed": shown, "withheld": disclosed.withheld}
        else:
            flow = flowseal.Flow.from_json(json.dumps(case["flow"]), profile=own)
            verifier = flowseal.Verifier.trusting(USER, profile=own)
            unbound = flowseal.Expectations.unbound()
            verified = flow.verify(verifier, unbound, now=testing.SIGNED_AT)
            key = flowseal.DecryptingKey.load(KEYS / "app-2048.pem", profile=own)
            found = {"paths": verified.disclose(key, case["paths"]).paths}
    except flowseal.FlowsealError as error:
        found = {"code": error.code} | ({"why": error.why} if error.why else {})
    assert found == case["expect"]


def test_what_was_only_received_shows_nothing() -> None:
    assert not hasattr(flowseal.ReceivedFlow, "disclose")
    assert not hasattr(flowseal.Flow, "disclose")


def test_a_weak_key_of_an_app_s_is_refused() -> None:
    for name, code in (("roca.pub.pem", "key_weak"), ("exponent-3.pub.pem", "key_size")):
        with pytest.raises(flowseal.InputError) as refused:
            flowseal.AppKey.load(KEYS / name)
        assert refused.value.code == code


def test_a_reader_of_sixty_lines_checks_it_alone(file: dict[str, Any], tmp_path: Path) -> None:
    lines = READER.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 60
    imports = [line for line in lines if "import" in line.split("#")[0].split('"')[0]]
    assert imports == ["import base64, hashlib, json, sys"]
    (tmp_path / "shown.json").write_text(json.dumps(file))
    command = [sys.executable, "-I", str(READER), "shown.json", str(APP), str(USER)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, encoding="utf-8")
    assert json.loads(ran.stdout) == {
        "requestee": "22212345610",
        "shown": {"naming.given": "Adébáyọ̀", "contact.emailVerified": "true"},
    }
    # Nor does it believe anything without its checks, which an assert would be.
    file = copy.deepcopy(file)
    file["claims"][0]["em"] = file["claims"][1]["em"]
    (tmp_path / "shown.json").write_text(json.dumps(file))
    command.insert(1, "-O")
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, encoding="utf-8")
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", "another ciphertext\n")


@pytest.mark.parametrize("padding", ALL_PADDINGS)
def test_both_read_every_padding_and_refuse_the_same(padding: str, reader: Any) -> None:
    profile = flowseal.Profile.from_json(json.dumps({"padding": padding}))
    response = testing.seal("req_1", persona="ada", profile=profile).to_json()
    verifier = flowseal.Verifier.trusting(USER, profile=profile)
    flow = flowseal.Flow.from_json(response, profile=profile)
    unbound = flowseal.Expectations.unbound()
    verified = flow.verify(verifier, unbound, now=testing.SIGNED_AT)
    key = flowseal.DecryptingKey.load(KEYS / "app-2048.pem", profile=profile)
    shown = json.loads(verified.disclose(key, ["naming"]).to_json())
    keys = [reader.public_key(path.read_text()) for path in (APP, USER)]
    _, theirs = reader.check(shown, *keys)
    with check(shown).claims as ours:
        assert dict(ours) == theirs

    em = base64.b64decode(shown["claims"][0]["em"])
    for place in {0, 1, 2, 40, 100, len(em) - 1}:
        changed = bytes(b ^ (i == place) for i, b in enumerate(em))
        edited = copy.deepcopy(shown)
        edited["claims"][0]["em"] = base64.b64encode(changed).decode()
        with pytest.raises(SystemExit):
            reader.check(edited, *keys)
        assert refusal(edited)[0] in ("disclosure", "disclosure_invalid")
    edited = copy.deepcopy(shown)
    for named in set(ALL_PADDINGS) - {padding}:
        edited["app_key"]["padding"] = edited["evidence"]["profile"]["padding"] = named
        with pytest.raises((SystemExit, ValueError)):
            reader.check(edited, *keys)
        assert refusal(edited) == ("disclosure_invalid", "no_block")


def test_both_name_the_elements_of_a_list_alike(reader: Any) -> None:
    """A path has one spelling: of what is no number in a list, Python's own indexing knows more."""
    sealed = testing.seal("req_1", claims={"other": ["one", "two"]}).to_json()
    verified = flowseal.Flow.from_json(sealed).verify(
        flowseal.Verifier.trusting(USER), flowseal.Expectations.unbound(), now=testing.SIGNED_AT
    )
    key = flowseal.DecryptingKey.load(KEYS / "app-2048.pem")
    file = json.loads(verified.disclose(key, ["other.1"]).to_json())
    keys = [reader.public_key(path.read_text()) for path in (APP, USER)]
    assert reader.check(file, *keys)[1] == {"other.1": "two"}
    for path in ("other.-1", "other.01", "other.+1", "other. 1", "other.0_1", "other.١", "other"):
        file["claims"][0]["path"] = path
        with pytest.raises((ValueError, TypeError)):
            reader.check(file, *keys)
        assert refusal(file) == ("disclosure", None)


def test_neither_reads_a_version_or_a_padding_that_it_does_not_know(
    file: dict[str, Any], reader: Any
) -> None:
    keys = [reader.public_key(path.read_text()) for path in (APP, USER)]
    for edited in (
        file | {"flowseal_disclosure": 2},
        file | {"app_key": file["app_key"] | {"padding": "none"}},
    ):
        with pytest.raises(SystemExit):
            reader.check(edited, *keys)
        assert refusal(edited) == ("disclosure", None)


@pytest.mark.parametrize("padding", PADDINGS)
def test_what_plain_python_has_made_is_accepted(padding: str, reader: Any) -> None:
    file, app, user = made(padding, random.Random(padding))
    read = flowseal.Disclosure.from_json(json.dumps(file))
    app_key = flowseal.AppKey.from_pem(app.public_pem())
    user_key = flowseal.VerifyingKey.from_pem(user.public_pem())
    disclosed = read.check(app_key, user_key)
    with disclosed.claims as claims:
        assert dict(claims) == {"naming.given": "Zoë", "contact.email": "z@example.com"}
    assert disclosed.withheld == ["naming.surname"]
    assert disclosed.reference == "req_by_hand"
    keys = [reader.public_key(pair.public_pem()) for pair in (app, user)]
    _, theirs = reader.check(file, *keys)
    assert theirs == {"naming.given": "Zoë", "contact.email": "z@example.com"}
