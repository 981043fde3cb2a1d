"""What is sent and what comes back: the requests and the responses of the specification."""

from __future__ import annotations

import copy
import json
import pickle
from types import SimpleNamespace
from typing import Any

import pytest

import flowseal

from .conftest import VECTORS

SEED = VECTORS / "seed"
ROWS: list[dict[str, Any]] = json.loads((SEED / "requests.json").read_text(encoding="utf-8"))


def config(version: str = "v2", **more: Any) -> flowseal.ApiConfig:
    members: dict[str, Any] = {
        "version": version,
        "environment": "sandbox",
        "api_key": "bk-test_",
        "app_secret": bytearray(b"snb_"),
        "organisation_id": "bcn_1",
        "app_id": "app_1",
    }
    return flowseal.ApiConfig(**members | more)


def token() -> flowseal.SessionToken:
    return flowseal.SessionToken.from_header("eyJ.e30.AAAA")


def produced(row: dict[str, Any]) -> flowseal.Request:
    polling = row.get("polling_credentials", "app_secret")
    made = config(row["version"], polling_credentials=polling)
    match row["endpoint"]:
        case "authorize":
            return made.authorize()
        case "sse":
            return made.sse("req_")
        case endpoint:
            request = getattr(made, endpoint)("req_", token())
            assert isinstance(request, flowseal.Request)
            return request


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_every_request_of_the_specification_is_produced(row: dict[str, Any]) -> None:
    request = produced(row)
    assert (request.method, request.endpoint) == (row["method"], row["endpoint"])
    assert request.url == row["url"]
    headers = request.expose_headers()
    assert {name: headers[name] for name in request.sensitive_headers} == row["headers"]
    others = {name: headers[name] for name in set(headers) - set(row["headers"])}
    match request.endpoint:
        case "sse":
            assert others == {"accept": "text/event-stream"}
        case "authorize":
            assert others == {}
        case _:
            assert others == {"content-type": "application/json"}
    body = None if request.body is None else json.loads(request.body)
    assert body == row["body"]


def received(body: bytes, status: int = 200, **headers: str) -> SimpleNamespace:
    return SimpleNamespace(status_code=status, headers=headers, content=body)


def test_every_response_of_the_specification_is_consumed() -> None:
    def read(endpoint: Any, name: str) -> flowseal.Response:
        return flowseal.Response.from_http(endpoint, received((SEED / name).read_bytes()))

    authorized = read("authorize", "authorize.json")
    assert authorized.kind == "authorized"
    assert (authorized.status, authorized.reason) == (
        "successful",
        "Token generated successfully",
    )
    given = authorized.token()
    assert given.expires_at == 1716827175
    assert given.expose_secret().startswith("eyJhbGciOiJIUzI1NiIs")

    assert read("ping", "ping_pending.json").flow().state == "on_session"
    complete = read("polling", "ping_complete.json")
    assert isinstance(complete.answer, flowseal.Flow)
    assert complete.flow().state == "complete"

    cancelled = read("cancel", "cancel.json")
    model = cancelled.cancelled()
    assert isinstance(cancelled.answer, flowseal.RequestModel)
    assert (model.id, model.action, model.mode) == ("req_", "login", "identification")
    assert (model.iat, model.exp) == (1707028058, 1707028418)
    assert model.acquire_claims == ["naming.family", "naming.given"]
    assert model.member("useragent") is None
    assert set(model.to_dict()) >= {"id", "acquireClaims", "ip"}
    with pytest.raises(flowseal.RequestError) as refused:
        cancelled.flow()
    assert refused.value.code == "api_answer"


def test_a_request_that_was_made_is_read() -> None:
    answer = {
        "status": 200,
        "cost": 0.5,
        "version": "v2",
        "colour": ["blue"],
        "data": {"request": {"id": "req_", "signature": "eyJ"}, "token": "qr", "shape": [1]},
    }
    response = flowseal.Response.from_json(json.dumps(answer))
    assert (response.kind, response.status, response.cost) == ("created", "200", 0.5)
    assert (response.version, response.data) == ("v2", {"shape": [1]})
    assert response.member("colour") == ["blue"]
    assert set(response.to_dict()) == {"status", "cost", "version", "colour"}
    created = response.answer
    assert isinstance(created, flowseal.CreatedRequest)
    assert created.request.id == "req_"
    assert created.token is not None and created.token.expose_secret() == "qr"
    assert created.server_stamp_unverified == "eyJ"


def test_the_token_of_a_header_comes_before_the_body_s() -> None:
    body = (SEED / "authorize.json").read_bytes()
    received = flowseal.HttpResponse(200, [("X-Access-Token", "eyJ.e30.HEAD")], body)
    response = flowseal.Response.from_http("authorize", received)
    assert response.token().expose_secret() == "eyJ.e30.HEAD"
    assert "HEAD" not in repr(received)


def test_an_error_of_the_api_says_what_can_be_done() -> None:
    slow = flowseal.Response.from_http(
        "ping", received(b"Too many requests", 429, **{"retry-after": "7"})
    )
    with pytest.raises(flowseal.RequestError) as refused:
        slow.flow()
    assert refused.value.code == "api_rate_limited"
    error = refused.value.api_error
    assert isinstance(error, flowseal.ApiError)
    assert (error.http_status, error.retry_after, error.remedy) == (429, 7, "retry_later")
    assert error.message == "Too many requests"
    assert 7 <= error.back_off(1, 0) <= error.back_off(1, 2**32 - 1) <= 8
    assert error.back_off(1) >= 7

    envelope = flowseal.ApiError(
        None, '{"type": "session_cancel", "code": 400, "helper_url": "u", "body": {"a": 1}}'
    )
    assert (envelope.error_type, envelope.code, envelope.helper_url) == ("session_cancel", 400, "u")
    assert (envelope.body, envelope.member("code")) == ({"a": 1}, 400)
    assert envelope.remedy == "tell_user" and "cancelled" in envelope.advice

    issues = flowseal.ApiError(
        400, b'[{"code": "too_small", "path": ["body", "user"], "message": "Invalid"}]'
    )
    (issue,) = issues.issues
    assert (issue.code, issue.path, issue.message) == ("too_small", "body.user", "Invalid")
    assert issue.member("path") == ["body", "user"]
    assert "Invalid" in str(issue) and "Invalid" in str(issues)


def test_an_exception_takes_the_api_s_error_to_other_processes() -> None:
    answer = received(b'{"status": "failed", "message": "no"}', 503, **{"retry-after": "9"})
    with pytest.raises(flowseal.RequestError) as refused:
        flowseal.Response.from_http("ping", answer).flow()
    travelled = pickle.loads(pickle.dumps(refused.value))
    assert travelled.code == "api_unavailable"
    error = travelled.api_error
    assert (error.http_status, error.retry_after, error.message) == (503, 9, "no")
    assert copy.copy(error).message == "no"


def test_a_success_without_a_flow_has_expired() -> None:
    response = flowseal.Response.from_json('{"status": "successful", "data": {}}')
    assert (response.kind, response.answer) == ("expired", None)
    with pytest.raises(flowseal.InputError) as refused:
        response.flow()
    assert refused.value.code == "flow_expired"


@pytest.mark.parametrize(
    ("code", "word", "more"),
    [
        ("api_config", "one environment", {"app_secret": "prd_1"}),
        ("api_config", "other credential", {"api_key": "snb_1", "app_secret": "bk-test_1"}),
        ("api_config", "is not text", {"app_secret": b"snb_\xff"}),
        ("api_config", "is not text", {"app_secret": "snb_\udc80"}),
        ("api_config", "header", {"app_secret": "snb_ 1"}),
        ("api_config", "https", {"base_url": "http://example.com"}),
        ("usage", "belong together", {"app_id": None}),
        ("usage", "version", {"version": "v3"}),
        ("usage", "environment", {"environment": "test"}),
        ("usage", "polling", {"polling_credentials": "none"}),
    ],
)
def test_a_configuration_that_cannot_work_is_refused(
    code: str, word: str, more: dict[str, Any]
) -> None:
    with pytest.raises(flowseal.InputError, match=word) as refused:
        config(**more)
    assert refused.value.code == code
    assert "snb_1" not in str(refused.value)


def test_what_is_unusual_is_a_warning() -> None:
    assert config().warnings == []
    with pytest.warns(flowseal.FlowsealWarning, match="API key"):
        odd = config(api_key="key-of-tomorrow")
    (warning,) = odd.warnings
    assert "API key" in warning and "tomorrow" not in warning


def test_what_a_version_lacks_is_said() -> None:
    for ask, code in (
        (lambda: config("v2").authorize(), "api_version"),
        (lambda: config("v1").sse("req_1"), "api_version"),
        (lambda: config("v1").ping("req_1"), "api_unauthorized"),
        (lambda: config("v2").ping(""), "usage"),
        (lambda: flowseal.Response.from_http("pong", received(b"")), "usage"),  # type: ignore[arg-type]
    ):
        with pytest.raises((flowseal.InputError, flowseal.RequestError)) as refused:
            ask()
        assert refused.value.code == code


def test_no_credential_is_shown_pickled_or_copied() -> None:
    made, given = config("v1", app_secret="snb_hush"), token()
    request = made.authorize()
    answer = flowseal.Response.from_json((SEED / "authorize.json").read_bytes())
    session = flowseal.Session(made, "req_1")
    for secret in (made, given, request, session):
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            pickle.dumps(secret)
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            copy.copy(secret)
    for thing in (made, given, request, answer, answer.answer, session, session.poll(0, 0)):
        for text in (repr(thing), str(thing)):
            assert "hush" not in text and "eyJ" not in text and "bk-test" not in text


def test_closed_credentials_make_no_request() -> None:
    given = token()
    with config("v1") as made:
        session = flowseal.Session(made, "req_1")
    given.close()
    for use in (
        lambda: made.authorize(),
        lambda: made.version,
        lambda: flowseal.Session(made, "req_1"),
        lambda: config("v1").ping("req_1", given),
        lambda: given.expose_secret(),
    ):
        with pytest.raises(flowseal.InputError) as refused:
            use()
        assert refused.value.code == "usage"
    assert "closed" in repr(made) and "closed" in repr(given)
    # A session holds its credentials for itself.
    assert isinstance(session.poll(), flowseal.Send)
