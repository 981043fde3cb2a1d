"""From the start of a login to a name, with httpx: python journey.py URL v1|v2 [signed|received]

In another terminal: ``flowseal mock --port 8080``, which is the API at http://127.0.0.1:8080, and for a
flow without an e-signature ``--scenario unsigned``. The keys and the credentials are those of the mock;
a service has its own, from its service account.
"""

from __future__ import annotations

import sys
import time

import httpx

import flowseal
from flowseal import testing
from flowseal.types import Trust
from identify import send  # It reads no more than MOST_BYTES.

CLAIMS = ["naming.given", "naming.family"]
"""What the person is asked for."""


def journey(url: str, version: str, trust: str = "signed") -> str:
    """The name of the person who approves the flow."""
    config = flowseal.ApiConfig(
        version="v1" if version == "v1" else "v2",
        environment="sandbox",
        api_key="bk-test_mock",
        app_secret="snb_mock",
        organisation_id="bcn_sample",
        app_id="app_sample",
        base_url=url,
    )
    key = testing.KeyPair.sample_app().decrypting_key()
    user = testing.KeyPair.sample_user().verifying_key()
    verifier = flowseal.Verifier.by_requestee({"22212345610": user})
    browser = flowseal.Binding("fEv3tKx0Qm9Zp1Lr")  # In a service: a random cookie.
    finished = flowseal.FinishedFlows()

    with httpx.Client() as client:
        device = flowseal.Device.different("22212345610")
        start = config.identify("login", CLAIMS, "Log in to Example", device)
        response = send(client, start.request, 10.0)
        if response is None:
            sys.exit("error: the API does not answer")
        pending = start.read(response).pending(browser)
        believed: Trust = "received" if trust == "received" else "signed"
        session = pending.session(config, trust=believed, budget=flowseal.Budget())
        flow = watch(client, pending, session)

    if trust == "received":
        received = pending.finish_received(flow, finished, binding=browser)
        with received.open(key) as claims:
            return claims.text("naming.given")
    verified = pending.finish(flow, verifier, finished, binding=browser)
    with verified.open(key) as claims:
        return claims.text("naming.given")


def watch(
    client: httpx.Client, pending: flowseal.PendingFlow, session: flowseal.Session
) -> flowseal.Flow:
    """Does what the session says until the flow has ended, and tells the person how it goes."""
    words = flowseal.Words.english()
    print(words.text(pending.situation("pending")), file=sys.stderr)
    while True:
        match session.poll():
            case flowseal.Send(request, timeout):
                response = send(client, request, timeout)
                if response is None:
                    session.lost()
                else:
                    # httpx follows no redirect: the address that answers is the request's.
                    session.handle(response.answering(request).with_url(request.url))
            case flowseal.Wait(seconds):
                time.sleep(seconds)
            case flowseal.Progress(flow):
                print(words.text(pending.situation(flow.state)), file=sys.stderr)
            case flowseal.Stream():
                raise AssertionError("a session streams where stream=True asks for it")
            case flowseal.Ended() as end:
                return end.result()


if __name__ == "__main__":
    try:
        print(journey(*sys.argv[1:4]))
    except flowseal.FlowsealError as error:
        situation = flowseal.Situation.of_error(error)
        sys.exit(f"{flowseal.Words.english().text(situation)}\nerror: {error}")
