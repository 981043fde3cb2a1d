"""The table of cases that every language runs: the same values and the same codes.

``crates/flowseal/tests/vectors/README.md`` describes it.
"""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest

import flowseal

from .conftest import KEYS, VECTORS

Case = dict[str, Any]

CASES: list[Case] = json.loads((VECTORS / "cases.json").read_text(encoding="utf-8"))

# How the command reads its arguments and names a missing file is the command's alone.
APPLY = [case for case in CASES if case["operation"] != "command"]

# What a case may expect. A member that is not known here is an error, so that the table cannot grow
# past its reader. `number` and `exit` go with `code`; `trust` is the command's word for a type.
EXPECTED = set(
    "code number exit failed passed not_asked state covers claims errors value loaded diagnosis"
    " details warnings trust".split()
)

# A minute after the flows of the table are signed.
NOW = 1716820181


def test_only_cases_of_the_command_are_left_out() -> None:
    names = {case["name"] for case in CASES} - {case["name"] for case in APPLY}
    assert all(name.startswith("command/") for name in names)
    assert len(APPLY) >= 257


@pytest.mark.parametrize("case", APPLY, ids=lambda case: case["name"])
def test_every_case_ends_as_the_table_says(case: Case) -> None:
    expected = case["expect"]
    assert set(expected) <= EXPECTED
    report: flowseal.Report | None
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            found, report = run(case)
        except flowseal.FlowsealError as error:
            assert error.code == expected.get("code"), error
            assert flowseal.ERROR_CODES[error.code] == expected["number"]
            assert exit_status(error) == expected["exit"]
            found, report = {"code": error.code}, error.report
            found |= {"diagnosis": error.diagnosis, "details": error.details}
    if "warnings" in expected:
        for warning, word in zip(warned, expected["warnings"], strict=True):
            assert warning.category is flowseal.FlowsealWarning
            assert word in str(warning.message)

    members = "code state covers claims errors value loaded diagnosis details"
    for member in members.split():
        if member in expected:
            assert found.get(member) == expected[member]
    assert "code" in expected or "code" not in found
    outcomes = {line.check: line.outcome for line in report.lines} if report else {}
    for outcome in ("passed", "not_asked"):
        assert all(outcomes[check] == outcome for check in expected.get(outcome, []))
    if "failed" in expected:
        assert outcomes[expected["failed"]] == "failed"


def exit_status(error: flowseal.FlowsealError) -> int:
    classes = {flowseal.RefusedError: 1, flowseal.InternalError: 3}
    return classes.get(type(error), 2)


def run(case: Case) -> tuple[dict[str, Any], flowseal.Report | None]:
    profile = profile_of(case.get("profile"))
    match case["operation"]:
        case "load_decrypting_key":
            ring(case, profile)
            return {"loaded": True}, None
        case "load_verifying_key":
            verifier(case, profile)
            return {"loaded": True}, None
        case "check_evidence":
            evidence = flowseal.Evidence.from_json(case["evidence"])
            # Whatever they are for: the file's profile says it.
            paths = [KEYS / file for file in case.get("verify_keys", ["user-2048.pub.pem"])]
            if profile is not None:
                return {}, evidence.check_under(paths, profile)
            return {}, evidence.check(paths)
        case "inspect":
            return {"state": flow(case, profile).state}, None
        case "open_unverified":
            claims = flow(case, profile).open_unverified(
                ring(case, profile),
                expectations(case),
                now=now(case),
                select=case.get("select"),
            )
            return {"claims": claims.to_dict()}, claims.report

    verified = flow(case, profile).verify(
        verifier(case, profile),
        expectations(case),
        now=now(case),
        statement=case.get("statement"),
        covers=case.get("covers"),
    )
    if case["operation"] == "verify":
        return {"covers": verified.report.covers}, verified.report
    keys, select = ring(case, profile), case.get("select")
    match case["operation"]:
        case "open":
            found = {"claims": verified.open(keys, select=select).to_dict()}
        case "read":
            found = {"value": read(case, verified.open(keys, select=select))}
        case "open_partial":
            partial = verified.open_partial(keys, select=select)
            errors = {path: error.code for path, error in partial.errors.items()}
            found = {"claims": partial.opened.to_dict(), "errors": errors}
        case unknown:
            raise AssertionError(f"the table has the unknown operation {unknown}")
    return found, verified.report


def flow(case: Case, profile: flowseal.Profile | None) -> flowseal.Flow:
    if "response_hex" in case:
        text = bytes.fromhex(case["response_hex"])
    else:
        text = case["response"].encode()
    text = text.ljust(case.get("response_padded_to", 0))
    return flowseal.Flow.from_json(text, profile=profile)


def profile_of(members: Any) -> flowseal.Profile | None:
    return None if members is None else flowseal.Profile.from_json(json.dumps(members))


def ring(case: Case, of_the_operation: flowseal.Profile | None) -> flowseal.KeyRing:
    profile = profile_of(case.get("key_profile")) or of_the_operation
    passphrase = case.get("passphrase")
    files = case.get("keys", ["app-2048.pem"])
    return flowseal.KeyRing(
        [
            flowseal.DecryptingKey.load(KEYS / file, passphrase, profile=profile)
            for file in files
        ]
    )


def verifier(case: Case, profile: flowseal.Profile | None) -> flowseal.Verifier:
    keys = case.get("verify_keys", ["user-2048.pub.pem"])
    if isinstance(keys, dict):
        users = {
            requestee: [KEYS / file for file in files] for requestee, files in keys.items()
        }
        return flowseal.Verifier.by_requestee(users, profile=profile)
    return flowseal.Verifier.trusting([KEYS / file for file in keys], profile=profile)


def expectations(case: Case) -> flowseal.Expectations:
    asked = dict(case.get("expectations", {}))
    if set(asked) <= {"leeway"}:
        return flowseal.Expectations.unbound(**asked)
    return flowseal.Expectations(**asked)


def now(case: Case) -> int:
    moment: int = case.get("now", NOW)
    return moment


def read(case: Case, claims: flowseal.OpenedClaims) -> Any:
    path = case["path"]
    match case["as"]:
        case "text":
            return claims.text(path)
        case "boolean":
            return claims.boolean(path)
        case "list":
            return claims.list(path)
        case "digits":
            return claims.digits(path)
        case "date":
            date = claims.date(path)
            return [date.year, date.month, date.day]
        case unknown:
            raise AssertionError(f"the table has the unknown type {unknown}")
