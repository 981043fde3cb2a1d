"""Identify a person with httpx: python identify.py URL v1|v2 req_…

In another terminal: ``flowseal mock --port 8080``, which is the API at http://127.0.0.1:8080. The
keys and the credentials are those of the mock; a service has its own, from its service account.
"""

from __future__ import annotations

import json
import sys
import time

import httpx

import flowseal
from flowseal import testing

PERSON = "22212345610"
"""Whom the app has asked: the flow that ends well may be another person's."""

MOST_BYTES = 1 << 20
"""More than any response of the API has."""


def identify(url: str, version: str, reference: str) -> dict[str, object]:
    """The claims of the person who approves the flow."""
    config = flowseal.ApiConfig(
        version="v1" if version == "v1" else "v2",
        environment="sandbox",
        api_key="bk-test_mock",
        app_secret="snb_mock",
        organisation_id="bcn_sample",
        app_id="app_sample",
        base_url=url,
    )
    with httpx.Client() as client:
        flow = watch(client, flowseal.Session(config, reference))

    user = testing.KeyPair.sample_user().verifying_key()
    verifier = flowseal.Verifier.by_requestee({PERSON: user})
    expectations = flowseal.Expectations(
        reference=reference, requester="bcn_sample", requestee=PERSON, max_age=300
    )
    verified = flow.verify(verifier, expectations)
    with verified.open(testing.KeyPair.sample_app().decrypting_key()) as claims:
        return claims.to_dict()


def watch(client: httpx.Client, session: flowseal.Session) -> flowseal.Flow:
    """Does what the session says until the flow has ended."""
    while True:
        match session.poll():
            case flowseal.Send(request, timeout):
                response = send(client, request, timeout)
                if response is None:
                    session.lost()
                else:
                    session.handle(response)
            case flowseal.Wait(seconds):
                time.sleep(seconds)
            case flowseal.Progress():
                print("a device has picked the flow up", file=sys.stderr)
            case flowseal.Stream():
                raise AssertionError("a session streams where stream=True asks for it")
            case flowseal.Ended() as end:
                return end.result()


def send(
    client: httpx.Client, request: flowseal.Request, timeout: float
) -> flowseal.HttpResponse | None:
    """What comes back; nothing where it is no response, or longer than any."""
    body = bytearray()
    try:
        with client.stream(
            request.method,
            request.url,
            headers=request.expose_headers(),
            content=request.body,
            timeout=timeout,
        ) as response:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MOST_BYTES:
                    return None
    except httpx.HTTPError:
        return None
    return flowseal.HttpResponse(response.status_code, response.headers, bytes(body))


if __name__ == "__main__":
    try:
        print(json.dumps(identify(*sys.argv[1:4]), ensure_ascii=False))
    except flowseal.FlowsealError as error:
        sys.exit(f"error: {error}")
