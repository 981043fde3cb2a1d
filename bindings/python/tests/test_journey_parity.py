"""The table of the journey that every language runs.

``crates/flowseal/tests/vectors/README.md`` describes it.
"""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest

import flowseal

from .conftest import KEYS, VECTORS
from .pretended import CLAIMS, COOKIE, PERSON

Case = dict[str, Any]

CASES: list[Case] = json.loads((VECTORS / "journey.json").read_text(encoding="utf-8"))
SAMPLE = (VECTORS.parents[3] / "bindings/c/examples/flow.json").read_bytes()

# A minute after the sample was signed.
NOW = 1716820181


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_case_of_the_journey_ends_as_the_table_says(case: Case) -> None:
    expected = case["expect"]
    try:
        with warnings.catch_warnings():
            # Counted by `warnings`.
            warnings.simplefilter("ignore", flowseal.FlowsealWarning)
            found = run(case)
    except flowseal.FlowsealError as error:
        found = {"code": error.code}
        lines = error.report.lines if error.report else []
        failed = [line.check for line in lines if line.outcome == "failed"]
        if failed:
            found["failed"] = failed[0]
        if "situation" in expected:
            found["situation"] = flowseal.Situation.of_error(error).key
    assert found == expected


def run(case: Case) -> dict[str, Any]:
    match case["operation"]:
        case "start":
            return sent(start(case))
        case "answer":
            return answered(case)
        case "pending":
            return finished(case)
        case "words":
            return told(case["situation"])
        case unknown:
            raise AssertionError(f"the table has the unknown operation {unknown}")


def config(case: Case) -> flowseal.ApiConfig:
    members: dict[str, Any] = {"base_url": case["base"]} if "base" in case else {}
    return flowseal.ApiConfig(
        version=case.get("version", "v2"),
        environment="sandbox",
        api_key="bk-test_1",
        app_secret="snb_1",
        organisation_id=case.get("organisation", "bcn_sample"),
        app_id="app_sample",
        **members,
    )


def start(case: Case) -> flowseal.Start:
    if case["method"] == "identify":
        return config(case).identify(
            case["action"], case["claims"], case["payload"], device(case["device"])
        )
    who, hook = signer(case["device"]), case.get("webhook")
    target = flowseal.WebhookTarget(hook["host"], hook["reference"]) if hook else None
    if case["method"] == "sign":
        assert target is not None
        return config(case).sign(who, case["payload"], target)
    return config(case).confirm(who, case["payload"], target)


def device(asked: dict[str, Any]) -> flowseal.Device:
    match asked:
        case {"different": user}:
            return flowseal.Device.different(user)
        case {"wildcard": seeds}:
            return flowseal.Device.wildcard(seeds)
    return flowseal.Device.same()


def signer(asked: dict[str, Any]) -> flowseal.Signer:
    match asked:
        case {"same": nin}:
            return flowseal.Signer.same_device(nin)
        case {"different": nin}:
            return flowseal.Signer.different_device(nin)
    return flowseal.Signer.wildcard(asked["wildcard"])


def sent(start: flowseal.Start) -> dict[str, Any]:
    body = start.request.body
    assert body is not None
    return {
        "url": start.request.url,
        "body": json.loads(body),
        "warnings": len(start.warnings),
    }


def answered(case: Case) -> dict[str, Any]:
    response = flowseal.HttpResponse(case["status"], {}, case["answer"].encode())
    created = start(case).read(response)
    return {
        "flow": created.flow,
        "link": created.link,
        "seeds": created.seeds,
        "token": created.token and created.token.expose_secret(),
        "expires": created.expires,
        "cost": None if created.cost is None else json.dumps(created.cost),
    }


def finished(case: Case) -> dict[str, Any]:
    """What was asked of the person in the sample, changed as the case says, and its end."""
    login = config({}).identify(
        "login", CLAIMS, "Log in to Example", flowseal.Device.different(PERSON)
    )
    request = {"id": "req_sample", "exp": 1716820412}
    answer = json.dumps({"status": "successful", "data": {"request": request}})
    created = login.read(flowseal.HttpResponse(201, {}, answer.encode()))
    members = json.loads(created.pending(COOKIE).to_json()) | case["change"]
    kept = {name: value for name, value in members.items() if value is not None}
    pending = flowseal.PendingFlow.from_json(json.dumps(kept), config(case))
    pending.finish(
        flowseal.Flow.from_json(SAMPLE),
        flowseal.Verifier.trusting([KEYS / "user-2048.pub.pem"]),
        flowseal.FinishedFlows(),
        binding=COOKIE,
        now=NOW,
    )
    return {"finished": True}


def told(key: str) -> dict[str, Any]:
    situation = next(known for known in flowseal.Situation.ALL if known.key == key)
    return {
        "english": flowseal.Words.english().text(situation),
        "french": flowseal.Words.french().text(situation),
        "next": situation.next,
    }
