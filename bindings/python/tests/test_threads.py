"""RSA is computed outside the interpreter's lock: others go on meanwhile.

No timing: an event can only be set while a batch runs if the lock is let go.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

import flowseal
from flowseal import testing

from .conftest import KEYS, NOW

ANYONE = flowseal.Expectations.unbound()


@pytest.fixture(scope="module")
def big() -> tuple[flowseal.VerifiedFlow, flowseal.DecryptingKey]:
    """A flow whose opening takes long enough to be overtaken."""
    key = flowseal.DecryptingKey.load(KEYS / "app-2048.pem")
    claims = {"group": {f"claim{number}": str(number) for number in range(200)}}
    flow = flowseal.Flow.from_json(testing.seal("req_big", claims=claims).to_json())
    verifier = flowseal.Verifier.trusting(KEYS / "user-2048.pub.pem")
    return flow.verify(verifier, ANYONE, now=NOW), key


def counted_while(work: Callable[[], object]) -> int:
    """How often another thread got the interpreter while ``work`` ran in this one."""
    running, stop = threading.Event(), threading.Event()
    count = 0

    def tick() -> None:
        nonlocal count
        running.set()
        while not stop.wait(0.0005):
            count += 1

    ticker = threading.Thread(target=tick)
    ticker.start()
    running.wait()
    # From here on this thread gives the interpreter up only where `work` does.
    before = count
    work()
    after = count
    stop.set()
    ticker.join()
    return after - before


@pytest.mark.parametrize("threads", [1, 2])
def test_another_thread_runs_while_a_batch_is_opened(
    big: tuple[flowseal.VerifiedFlow, flowseal.DecryptingKey], threads: int
) -> None:
    flow, key = big
    # The interpreter is let go for some hundred milliseconds. Held, the ticker would get it for a
    # tick or two at the edges.
    assert counted_while(lambda: flowseal.open_many([flow], key, threads=threads)) > 4
    assert counted_while(lambda: flow.open(key, threads=threads)) > 4
    assert counted_while(lambda: flow.open_partial(key, threads=threads)) > 4
    unverified = flow.unauthenticated()
    assert counted_while(lambda: unverified.open_unverified(key, ANYONE)) > 4


def test_a_batch_of_verifications_lets_go_too(flow: flowseal.Flow) -> None:
    verifier = flowseal.Verifier.trusting(KEYS / "user-2048.pub.pem")
    flows = [flow] * 2000
    assert counted_while(lambda: flowseal.verify_many(flows, verifier, ANYONE, now=NOW)) > 4


def test_asyncio_goes_on_while_flows_are_opened(
    big: tuple[flowseal.VerifiedFlow, flowseal.DecryptingKey],
) -> None:
    flow, key = big

    async def main() -> tuple[int, list[flowseal.OpenedClaims]]:
        beats = 0
        opened = asyncio.gather(*(asyncio.to_thread(flow.open, key) for _ in range(2)))
        while not opened.done():
            await asyncio.sleep(0.0005)
            beats += 1
        return beats, await opened

    beats, (one, other) = asyncio.run(main())
    assert beats > 10
    assert one.to_dict() == other.to_dict()


def test_many_threads_share_everything(
    flow: flowseal.Flow, verifier: flowseal.Verifier, key: flowseal.DecryptingKey
) -> None:
    ring = flowseal.KeyRing([key])
    barrier = threading.Barrier(8)

    def one(_: int) -> dict[str, object]:
        barrier.wait()
        return flow.verify(verifier, ANYONE, now=NOW).open(ring).to_dict()

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(one, range(8)))
    assert all(result == results[0] for result in results)


def test_a_key_that_is_closed_under_way_ends_in_claims_or_in_usage(
    verified: flowseal.VerifiedFlow,
) -> None:
    key = flowseal.DecryptingKey.load(KEYS / "app-2048.pem")
    barrier = threading.Barrier(5)

    def close(_: int) -> str:
        barrier.wait()
        key.close()
        return "closed"

    def open_it(_: int) -> str:
        barrier.wait()
        try:
            return verified.open(key).text("bio.gender")
        except flowseal.InputError as error:
            return error.code

    with ThreadPoolExecutor(5) as pool:
        closing = pool.submit(close, 0)
        opened = list(pool.map(open_it, range(4)))
        closing.result()
    assert set(opened) <= {"female", "usage"}
    with pytest.raises(flowseal.InputError):
        verified.open(key)
