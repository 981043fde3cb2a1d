"""Identify people with httpx and asyncio: python identify_async.py URL v1|v2|stream req_… …

All of them at once, in one thread: a session waits for nothing by itself. With ``stream`` each listens
to v2's server-sent events in place of pinging. The server is that of ``identify.py``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import AsyncExitStack, suppress

import httpx

import flowseal
from flowseal import testing

PERSON = "22212345610"
"""Whom the app has asked: the flow that ends well may be another person's."""

MOST_BYTES = 1 << 20
"""More than any response of the API has."""


async def identify(url: str, way: str, *references: str) -> list[dict[str, object]]:
    """The claims of the people who approve the flows, in order."""
    config = flowseal.ApiConfig(
        version="v1" if way == "v1" else "v2",
        environment="sandbox",
        api_key="bk-test_mock",
        app_secret="snb_mock",
        organisation_id="bcn_sample",
        app_id="app_sample",
        base_url=url,
    )
    async with httpx.AsyncClient() as client:

        async def one(reference: str) -> dict[str, object]:
            session = flowseal.Session(config, reference, stream=way == "stream")
            async with AsyncExitStack() as streams:
                flow = await watch(client, session, streams)
            # Opening takes milliseconds of a processor, in which the event loop serves others.
            return await asyncio.to_thread(opened, flow, reference)

        return await asyncio.gather(*map(one, references))


async def watch(
    client: httpx.AsyncClient, session: flowseal.Session, streams: AsyncExitStack
) -> flowseal.Flow:
    """Does what the session says until the flow has ended."""
    chunks: asyncio.Queue[bytes | None] = asyncio.Queue(8)
    while True:
        if not session.listens:
            await streams.aclose()
        match session.poll():
            case flowseal.Send(request, timeout):
                response = await send(client, request, timeout)
                if response is None:
                    session.lost()
                else:
                    session.handle(response)
            case flowseal.Stream(request, timeout):
                task = asyncio.create_task(listen(client, request, timeout, chunks))
                streams.callback(task.cancel)
            case flowseal.Wait(seconds) if session.listens:
                with suppress(TimeoutError):  # The pause has passed.
                    match await asyncio.wait_for(chunks.get(), seconds):
                        case None:
                            session.stream_ended()
                        case chunk:
                            session.heard(chunk)
            case flowseal.Wait(seconds):
                await asyncio.sleep(seconds)
            case flowseal.Progress():
                print("a device has picked the flow up", file=sys.stderr)
            case flowseal.Ended() as end:
                return end.result()


async def send(
    client: httpx.AsyncClient, request: flowseal.Request, timeout: float
) -> flowseal.HttpResponse | None:
    """What comes back; nothing where it is no response, or longer than any."""
    body = bytearray()
    try:
        async with client.stream(
            request.method,
            request.url,
            headers=request.expose_headers(),
            content=request.body,
            timeout=timeout,
        ) as response:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MOST_BYTES:
                    return None
    except httpx.HTTPError:
        return None
    return flowseal.HttpResponse(response.status_code, response.headers, bytes(body))


async def listen(
    client: httpx.AsyncClient,
    request: flowseal.Request,
    timeout: float,
    chunks: asyncio.Queue[bytes | None],
) -> None:
    """Hands on what arrives of a stream, and in the end ``None``."""
    method, headers = request.method, request.expose_headers()
    try:
        async with client.stream(method, request.url, headers=headers, timeout=timeout) as response:
            response.raise_for_status()
            async for chunk in response.aiter_bytes():
                await chunks.put(chunk)
    except httpx.HTTPError:
        pass  # However it ends, pings go on.
    await chunks.put(None)


def opened(flow: flowseal.Flow, reference: str) -> dict[str, object]:
    """The claims of a flow that is genuine and the expected one."""
    user = testing.KeyPair.sample_user().verifying_key()
    verifier = flowseal.Verifier.by_requestee({PERSON: user})
    expectations = flowseal.Expectations(
        reference=reference, requester="bcn_sample", requestee=PERSON, max_age=300
    )
    verified = flow.verify(verifier, expectations)
    with verified.open(testing.KeyPair.sample_app().decrypting_key()) as claims:
        return claims.to_dict()


if __name__ == "__main__":
    try:
        for person in asyncio.run(identify(*sys.argv[1:])):
            print(json.dumps(person, ensure_ascii=False))
    except flowseal.FlowsealError as error:
        sys.exit(f"error: {error}")
