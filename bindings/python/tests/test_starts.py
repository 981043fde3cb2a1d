"""Starts of flows: what is sent, what comes back, and what is refused before."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import flowseal

from .pretended import CLAIMS, COOKIE, ELSEWHERE, EXPIRES, PERSON, created_answer
from .test_requests import config

HOOK = flowseal.WebhookTarget("https://bank.example/pasby", "order-789")


def body(start: flowseal.Start) -> Any:
    assert start.request.body is not None
    return json.loads(start.request.body)


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize(
    ("step", "device", "more"),
    [
        ("same-device", flowseal.Device.same(), {}),
        ("different-device", ELSEWHERE, {"user": PERSON}),
        ("wildcard", flowseal.Device.wildcard(10), {"seeds": 10}),
    ],
)
def test_an_identification_is_asked_for(
    version: str, step: str, device: flowseal.Device, more: dict[str, object]
) -> None:
    start = config(version).identify("login", ["naming.given"], "Log in", device)
    request = start.request
    assert (request.method, request.endpoint) == ("POST", "identification")
    assert request.url.endswith(f"/api/{version}/identification/{step}")
    assert sorted(request.sensitive_headers) == ["x-access-secret", "x-api-key"]
    assert request.expose_headers()["x-api-key"] == "bk-test_"
    asked = {"action": "login", "claims": ["naming.given"], "payload": "Log in"}
    assert body(start) == asked | more
    assert start.warnings == []


@pytest.mark.parametrize(
    ("step", "signer", "more"),
    [
        ("same-device", flowseal.Signer.same_device(PERSON), {"nin": PERSON}),
        ("different-device", flowseal.Signer.different_device(PERSON), {"nin": PERSON}),
        ("wildcard", flowseal.Signer.wildcard(1), {"seeds": 1}),
    ],
)
def test_a_signing_and_a_confirmation_are_asked_for(
    step: str, signer: flowseal.Signer, more: dict[str, object]
) -> None:
    webhook = {"host": "https://bank.example/pasby", "reference": "order-789"}
    for start, asked in (
        (config().sign(signer, "Pay", HOOK), {"action": "sign", "webhook": webhook}),
        (config().confirm(signer, "Pay", HOOK), {"action": "confirm", "webhook": webhook}),
        (config().confirm(signer, "Pay"), {"action": "confirm"}),
    ):
        assert start.request.endpoint == "signing"
        assert start.request.url.endswith(f"/api/v2/signing/{step}")
        assert body(start) == {"payload": "Pay", **asked, **more}


def identify(**more: Any) -> flowseal.Start:
    asked: dict[str, Any] = {
        "purpose": "login",
        "claims": ["naming.given"],
        "payload": "Log in",
        "device": flowseal.Device.same(),
    }
    return config().identify(**asked | more)


LOCAL = flowseal.WebhookTarget("http://127.0.0.1:1/", "order-789")
SIGNER = flowseal.Signer.different_device(PERSON)
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "purpose": (lambda: identify(purpose="logon"), "usage"),
    "no payload": (lambda: identify(payload=" "), "usage"),
    "no claim's name": (lambda: identify(claims=[""]), "usage"),
    "a claim twice": (lambda: identify(claims=["naming.given", "naming.given"]), "usage"),
    "a claim with a space": (lambda: identify(claims=["naming given"]), "usage"),
    "half a character": (lambda: identify(payload="\ud83d"), "usage"),
    "a short number": (lambda: flowseal.Device.different("2221234561"), "usage"),
    "a number with a space": (lambda: flowseal.Device.different("222 12345610"), "usage"),
    "a signer's short number": (lambda: flowseal.Signer.same_device("222"), "usage"),
    "another signer's": (lambda: flowseal.Signer.different_device("222"), "usage"),
    "no seeds": (lambda: flowseal.Device.wildcard(0), "usage"),
    "too many seeds": (lambda: flowseal.Device.wildcard(11), "usage"),
    "fewer than no seeds": (lambda: flowseal.Device.wildcard(-1), "usage"),
    "far too many seeds": (lambda: flowseal.Signer.wildcard(1000), "usage"),
    "no TLS": (lambda: flowseal.WebhookTarget("http://bank.example/", "order"), "usage"),
    "no reference": (lambda: flowseal.WebhookTarget("https://bank.example/", ""), "usage"),
    "a long reference": (lambda: flowseal.WebhookTarget("https://b.example/", "x" * 257), "usage"),
    "a webhook on this machine": (lambda: config().sign(SIGNER, "Pay", LOCAL), "usage"),
    "nothing to sign": (lambda: config().sign(SIGNER, "", HOOK), "usage"),
    "v1 without a webhook": (lambda: config("v1").confirm(SIGNER, "Pay"), "usage"),
    "v1's wildcard": (
        lambda: config("v1").sign(flowseal.Signer.wildcard(1), "Pay", HOOK),
        "api_version",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_api_would_refuse_is_refused_before_it_is_sent(name: str) -> None:
    ask, code = REFUSED[name]
    with pytest.raises(flowseal.InputError) as refused:
        ask()
    assert refused.value.code == code
    assert PERSON[:5] not in str(refused.value)


def test_a_claim_that_the_catalogue_does_not_have_is_a_warning() -> None:
    with pytest.warns(flowseal.FlowsealWarning, match="naming.givven") as warned:
        start = identify(claims=["naming.givven"])
    assert [str(warning.message) for warning in warned] == start.warnings


def test_one_text_is_no_list_of_claims() -> None:
    with pytest.raises(TypeError):
        identify(claims="naming.given")
    with pytest.raises(TypeError):
        identify(device={"user": PERSON})


def test_a_closed_configuration_starts_nothing() -> None:
    made = config()
    start = made.identify("login", ["naming.given"], "Log in", flowseal.Device.same())
    made.close()
    with pytest.raises(flowseal.InputError):
        made.identify("login", ["naming.given"], "Log in", flowseal.Device.same())
    # What was started before it was closed can still be sent.
    assert start.request.expose_headers()["x-access-secret"] == "snb_"


def test_the_answer_to_a_start_is_what_brings_a_person_to_the_flow() -> None:
    start = identify(device=flowseal.Device.wildcard(2))
    created = start.read(created_answer(seeds=["one", "two"], token="eyJ.e30.AAAA"))
    assert (created.flow, created.expires, created.link) == ("req_1", EXPIRES, None)
    assert created.seeds == ["one", "two"]
    assert (created.request.id, created.cost) == ("req_1", None)
    assert created.token is not None and created.token.expose_secret() == "eyJ.e30.AAAA"
    # Another code every 1.2 s, from one on that chance has chosen.
    shown = [created.seed_at(after, 0) for after in (0, 1.1, 1.2, timedelta(seconds=2.4))]
    assert shown == ["one", "one", "two", "one"]
    assert created.seed_at(0, 1) == "two" and created.SEED_SHOWN == 1.2
    with pytest.raises(flowseal.InputError):
        created.seed_at(-1, 0)

    here = identify().read(created_answer(link="https://open.pasby.africa/1"))
    assert here.link == "https://open.pasby.africa/1"
    assert (here.seeds, here.seed_at(0), here.token) == ([], None, None)
    answer = json.loads(created_answer(link="https://open.pasby.africa/1").content)
    answer["cost"] = 0.5
    costly = flowseal.HttpResponse(201, {}, json.dumps(answer).encode())
    assert identify().read(costly).cost == 0.5


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (created_answer(), "api_answer"),
        (created_answer(link="http://open.pasby.africa/1"), "api_answer"),
        (created_answer(link="javascript:alert(1)"), "api_answer"),
        (created_answer(link=1), "api_answer"),
        (created_answer(link="https://open.pasby.africa/1", seeds=["one", 2]), "api_answer"),
        (flowseal.HttpResponse(201, {}, b'{"status": "successful", "data": {}}'), "api_answer"),
        (flowseal.HttpResponse(201, {}, b"<html>"), "json"),
        (flowseal.HttpResponse(429, {}, b"{}"), "api_rate_limited"),
        (flowseal.HttpResponse(401, {}, b"{}"), "api_unauthorized"),
    ],
)
def test_an_answer_that_starts_nothing_is_told(
    answer: flowseal.HttpResponse, code: str
) -> None:
    with pytest.raises((flowseal.InputError, flowseal.RequestError)) as refused:
        identify().read(answer)
    assert refused.value.code == code


def test_an_answer_that_repeats_a_credential_is_not_quoted() -> None:
    secret = "snb_a-secret-of-some-length"
    made = config(app_secret=secret)
    start = made.identify("login", CLAIMS, "Log in", flowseal.Device.same())
    echo = json.dumps({"status": "failed", "reason": f"no access for {secret}"}).encode()
    with pytest.raises(flowseal.RequestError) as refused:
        start.read(flowseal.HttpResponse(401, {}, echo))
    assert secret not in str(refused.value)


def test_the_health_of_the_api_is_asked_for_without_credentials() -> None:
    request = config().health_check()
    assert (request.endpoint, request.method, request.body) == ("health", "GET", None)
    assert request.url == "https://s.pasby.africa/api/health/check"
    assert request.expose_headers() == {}
    flowseal.Response.check_health(flowseal.HttpResponse(200, {}, b"ok"))
    with pytest.raises(flowseal.RequestError) as refused:
        flowseal.Response.check_health(flowseal.HttpResponse(503, {}, b""))
    assert refused.value.code == "api_unavailable"


def test_every_endpoint_has_its_name() -> None:
    answer = created_answer(link="https://open.pasby.africa/1")
    assert flowseal.Response.from_http("identification", answer).kind == "created"
    assert flowseal.Response.from_http("signing", answer).kind == "created"
    with pytest.raises(flowseal.InputError, match="health, identification"):
        flowseal.Response.from_http("pings", answer)  # type: ignore[arg-type]


def test_nothing_of_a_start_is_shown_or_travels() -> None:
    start = identify(device=ELSEWHERE)
    created = start.read(created_answer(link="https://open.pasby.africa/secret", seeds=["one"]))
    for made in (start, created, ELSEWHERE, SIGNER, HOOK, COOKIE):
        shown = repr(made)
        assert shown.startswith("<flowseal.") and PERSON not in shown
        assert "secret" not in shown and "one" not in shown and "bank.example" not in shown
    for made in (start, created):
        for travel in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                travel(made)
    assert (ELSEWHERE.user, flowseal.Device.same().user) == (PERSON, None)
    assert (SIGNER.nin, flowseal.Signer.wildcard(1).nin) == (PERSON, None)
    assert (HOOK.host, HOOK.reference) == ("https://bank.example/pasby", "order-789")
