"""RSA is computed outside the interpreter's lock: others go on meanwhile.

No timing: another thread can only have run during a call that has let the lock go.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
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


@pytest.fixture
def unhurried() -> Iterator[None]:
    """No thread is made to let the lock go: others run where it is let go, and nowhere else."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    yield
    sys.setswitchinterval(before)


def lets_go(work: Callable[[], object]) -> bool:
    """Whether another thread gets the interpreter while ``work`` runs in this one.

    Once is proof. A machine that is so busy that it does not wake the other thread within a call gets
    more tries.
    """
    return any(is_overtaken(work) for _ in range(50))


def is_overtaken(work: Callable[[], object]) -> bool:
    overtaken = False
    gate = threading.Lock()
    gate.acquire()

    def overtake() -> None:
        nonlocal overtaken
        with gate:
            overtaken = True

    other = threading.Thread(target=overtake)
    other.start()
    # From here on the other thread has all that it needs but the interpreter.
    gate.release()
    work()
    seen = overtaken
    other.join()
    return seen


@pytest.mark.usefixtures("unhurried")
@pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="this interpreter has no lock"
)
def test_who_holds_the_lock_is_not_overtaken() -> None:
    assert not lets_go(lambda: sum(range(100_000)))


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("threads", [1, 2])
def test_another_thread_runs_while_a_batch_is_opened(
    big: tuple[flowseal.VerifiedFlow, flowseal.DecryptingKey], threads: int
) -> None:
    flow, key = big
    assert lets_go(lambda: flowseal.open_many([flow], key, threads=threads))
    assert lets_go(lambda: flow.open(key, threads=threads))
    assert lets_go(lambda: flow.open_partial(key, threads=threads))
    unverified = flow.unauthenticated()
    assert lets_go(lambda: unverified.open_unverified(key, ANYONE, threads=threads))


@pytest.mark.usefixtures("unhurried")
def test_a_batch_of_verifications_lets_go_too(flow: flowseal.Flow) -> None:
    verifier = flowseal.Verifier.trusting(KEYS / "user-2048.pub.pem")
    flows = [flow] * 2000
    assert lets_go(lambda: flowseal.verify_many(flows, verifier, ANYONE, now=NOW))


def test_asyncio_goes_on_while_flows_are_opened(
    big: tuple[flowseal.VerifiedFlow, flowseal.DecryptingKey],
) -> None:
    flow, key = big

    async def beats() -> int:
        """How often the loop comes round. Were the lock held, it would once or twice."""
        beats = 0
        opened = asyncio.gather(*(asyncio.to_thread(flow.open, key) for _ in range(2)))
        while not opened.done():
            await asyncio.sleep(0.0005)
            beats += 1
        one, other = await opened
        assert one.to_dict() == other.to_dict()
        return beats

    assert any(asyncio.run(beats()) > 10 for _ in range(20))


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
