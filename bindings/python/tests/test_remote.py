"""Keys whose private half is elsewhere: a function that computes, and the resumable form."""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import pickle
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pyarrow
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

import flowseal
import flowseal.arrow
from flowseal import DecryptingKey, Opening, RawOperation, testing

from .conftest import NOW

PAIR = testing.KeyPair.sample_app()
ANYONE = flowseal.Expectations.unbound()

Holder = Callable[[list[RawOperation]], list[bytes]]


def numbers() -> tuple[int, int, int]:
    key = serialization.load_pem_private_key(PAIR.private_pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    private = key.private_numbers()
    return private.public_numbers.n, private.public_numbers.e, private.d


N, E, D = numbers()


def compute(operation: RawOperation) -> bytes:
    ciphertext = int.from_bytes(operation.ciphertext, "big")
    return pow(ciphertext, D, N).to_bytes(len(operation.ciphertext), "big")


def compute_all(operations: list[RawOperation]) -> list[bytes]:
    return [compute(operation) for operation in operations]


def supply(opening: Opening[flowseal.OpenedClaims]) -> None:
    for operation in reversed(opening.operations()):
        opening.supply(operation.id, compute(operation))


def test_a_function_computes_and_the_claims_are_the_same(
    verified: flowseal.VerifiedFlow, key: DecryptingKey
) -> None:
    here = verified.open(key)
    for unblinded in (False, True):
        remote = DecryptingKey.remote(PAIR.public_pem, compute_all, unblinded=unblinded, kid="hsm")
        assert (remote.is_remote, key.is_remote, remote.kid) == (True, False, "hsm")
        assert remote.fingerprint == key.fingerprint
        there = verified.open(remote)
        assert (dict(there), there.trust) == (dict(here), here.trust)
        assert there.report.lines == here.report.lines
        (one,) = flowseal.open_many([verified], remote)
        assert isinstance(one, flowseal.OpenedClaims)
        assert dict(one) == dict(here)
        assert dict(verified.open_partial(remote).opened) == dict(here)


def test_a_key_is_made_of_its_numbers(key: DecryptingKey) -> None:
    assert DecryptingKey.remote_from_numbers(N, E).fingerprint == key.fingerprint
    verifying = flowseal.VerifyingKey.from_numbers(N, E, kid="ada")
    assert (verifying.fingerprint, verifying.kid) == (key.fingerprint, "ada")
    with pytest.raises(flowseal.InputError) as refused:
        DecryptingKey.remote_from_numbers(N >> 1024, E)
    assert refused.value.code in {"key_size", "key_invalid"}
    with pytest.raises(flowseal.InputError) as refused:
        DecryptingKey.remote(PAIR.private_pem)
    assert refused.value.code == "key_kind"


def test_the_function_sees_no_ciphertext_of_the_flow_unless_it_may(
    verified: flowseal.VerifiedFlow,
) -> None:
    seen: list[RawOperation] = []

    def watch(operations: list[RawOperation]) -> list[bytes]:
        seen.extend(operations)
        return compute_all(operations)

    verified.open(DecryptingKey.remote(PAIR.public_pem, watch))
    blinded = {operation.ciphertext for operation in seen}
    seen.clear()
    verified.open(DecryptingKey.remote(PAIR.public_pem, watch, unblinded=True))
    plain = {operation.ciphertext for operation in seen}
    assert len(blinded) == len(plain) == 9
    assert not blinded & plain


@pytest.mark.parametrize(
    "spoil",
    [
        lambda results: [b"\0" * 256 for _ in results],
        lambda results: [results[1], results[0], *results[2:]],
        lambda results: [bytes([results[0][0] ^ 1]) + results[0][1:], *results[1:]],
        lambda results: [b"\xff" * 256 for _ in results],
    ],
)
def test_a_wrong_answer_is_a_fault(
    verified: flowseal.VerifiedFlow, spoil: Callable[[list[bytes]], list[bytes]]
) -> None:
    remote = DecryptingKey.remote(PAIR.public_pem, lambda asked: spoil(compute_all(asked)))
    with pytest.raises(flowseal.InternalError) as refused:
        verified.open(remote)
    assert refused.value.code == "internal_fault"


def test_an_exception_is_the_cause(verified: flowseal.VerifiedFlow) -> None:
    class Gone(Exception):
        pass

    def fail(_: list[RawOperation]) -> list[bytes]:
        raise Gone("no route")

    with pytest.raises(flowseal.InternalError) as refused:
        verified.open(DecryptingKey.remote(PAIR.public_pem, fail))
    assert refused.value.code == "key_unavailable"
    assert isinstance(refused.value.__cause__, Gone)
    assert "no route" not in str(refused.value)
    # Of a batch each flow has the exception, and none is raised.
    results = flowseal.open_many([verified, verified], DecryptingKey.remote(PAIR.public_pem, fail))
    assert all(isinstance(one, flowseal.InternalError) for one in results)
    assert all(isinstance(one.__cause__, Gone) for one in results if isinstance(one, Exception))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda results: results[:-1], "8 results came for 9"),
        (lambda results: [*results, results[0]], "more than 9 results came"),
        (lambda results: itertools.repeat(results[0]), "more than 9 results came"),
        (lambda results: (result for result in results if result != results[3]), "8 results came"),
        (lambda results: [results[0][1:], *results[1:]], "has 255 bytes"),
        (lambda _: None, "iterable"),
        (lambda results: ["text", *results[1:]], "bytes are wanted"),
    ],
)
def test_what_is_no_list_of_results_is_no_answer(
    verified: flowseal.VerifiedFlow, answer: Callable[[list[bytes]], list[bytes]], said: str
) -> None:
    remote = DecryptingKey.remote(PAIR.public_pem, lambda asked: answer(compute_all(asked)))
    with pytest.raises(flowseal.InternalError) as refused:
        verified.open(remote)
    assert refused.value.code == "key_unavailable"
    assert said in str(refused.value.__cause__)


def test_an_interrupt_is_not_an_error(verified: flowseal.VerifiedFlow) -> None:
    def interrupted(_: list[RawOperation]) -> list[bytes]:
        raise KeyboardInterrupt

    remote = DecryptingKey.remote(PAIR.public_pem, interrupted)
    with pytest.raises(KeyboardInterrupt):
        verified.open(remote)
    # Nor is it one of a batch's results.
    with pytest.raises(KeyboardInterrupt):
        flowseal.open_many([verified, verified], remote)
    with pytest.raises(KeyboardInterrupt):
        verified.open_partial(remote)
    table = pyarrow.table({"flow": [testing.seal("req_1", persona="ada").to_json()]})
    with pytest.raises(KeyboardInterrupt):
        flowseal.arrow.open_flows(table, remote, expectations=ANYONE, unverified=True, now=NOW)


def test_what_cannot_be_called_holds_no_key() -> None:
    with pytest.raises(TypeError, match="give a function"):
        DecryptingKey.remote(PAIR.public_pem, b"no function")  # type: ignore[arg-type]


def test_threads_that_open_and_the_function_do_not_wait_for_each_other(
    verified: flowseal.VerifiedFlow,
) -> None:
    """Each function waits until both are in theirs: one lock held while it runs would be the end."""
    both = threading.Barrier(2, timeout=60)

    def meet(operations: list[RawOperation]) -> list[bytes]:
        both.wait()
        return compute_all(operations)

    remote = DecryptingKey.remote(PAIR.public_pem, meet)
    with ThreadPoolExecutor(2) as pool:
        opened = list(pool.map(lambda _: verified.open(remote), range(2)))
    assert [len(claims) for claims in opened] == [9, 9]


def test_a_function_may_open_other_flows(
    verified: flowseal.VerifiedFlow, key: DecryptingKey
) -> None:
    def nested(operations: list[RawOperation]) -> list[bytes]:
        assert len(verified.open(key)) == 9
        return compute_all(operations)

    assert len(verified.open(DecryptingKey.remote(PAIR.public_pem, nested))) == 9


def test_a_function_may_close_the_key_that_asks_it(verified: flowseal.VerifiedFlow) -> None:
    def let_go(operations: list[RawOperation]) -> list[bytes]:
        remote.close()
        gc.collect()
        return compute_all(operations)

    remote = DecryptingKey.remote(PAIR.public_pem, let_go)
    assert len(verified.open(remote)) == 9
    with pytest.raises(flowseal.InputError) as refused:
        verified.open(remote)
    assert refused.value.code == "usage"


def test_a_function_may_open_with_its_own_key(verified: flowseal.VerifiedFlow) -> None:
    depth = 0

    def again(operations: list[RawOperation]) -> list[bytes]:
        nonlocal depth
        depth += 1
        if depth < 4:
            assert len(verified.open(remote)) == 9
        return compute_all(operations)

    remote = DecryptingKey.remote(PAIR.public_pem, again)
    assert len(verified.open(remote)) == 9
    assert depth == 4


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
def test_what_has_to_be_awaited_is_no_answer(verified: flowseal.VerifiedFlow) -> None:
    async def later(operations: list[RawOperation]) -> list[bytes]:
        return compute_all(operations)

    remote = DecryptingKey.remote(PAIR.public_pem, later)  # type: ignore[arg-type]
    with pytest.raises(flowseal.InternalError) as refused:
        verified.open(remote)
    assert refused.value.code == "key_unavailable"
    assert isinstance(refused.value.__cause__, TypeError)


@pytest.mark.parametrize("leaf", ["AQ" * 171 + "==", "AAAA", "no base64"])
def test_a_spoilt_flow_is_refused_alike(leaf: str, key: DecryptingKey) -> None:
    answer = json.loads(testing.seal("req_1", persona="ada").to_json())
    answer["data"]["request"]["claims"]["naming"]["given"] = leaf
    spoilt = flowseal.Flow.from_json(json.dumps(answer))
    opening = spoilt.begin_opening_unverified(
        DecryptingKey.remote(PAIR.public_pem), ANYONE, now=NOW
    )
    supply(opening)

    def said(call: Callable[[], object]) -> tuple[str, str, object]:
        with pytest.raises(flowseal.RefusedError) as refused:
            call()
        return refused.value.code, str(refused.value), refused.value.details

    here = said(lambda: spoilt.open_unverified(key, ANYONE, now=NOW))
    remote = DecryptingKey.remote(PAIR.public_pem, compute_all)
    assert said(lambda: spoilt.open_unverified(remote, ANYONE, now=NOW)) == here
    assert said(opening.finish) == here


def test_results_come_in_any_order(verified: flowseal.VerifiedFlow, key: DecryptingKey) -> None:
    remote = DecryptingKey.remote(PAIR.public_pem)
    with pytest.raises(flowseal.InputError) as refused:
        verified.open(remote)
    assert refused.value.code == "usage"

    opening = verified.begin_opening(remote)
    operations = opening.operations()
    other = verified.begin_opening(remote).operations()[0]
    first = operations[0]

    def refuses(call: Callable[[], object]) -> None:
        with pytest.raises(flowseal.InputError) as refused:
            call()
        assert refused.value.code == "usage"

    refuses(opening.finish)
    opening.supply(first.id, bytearray(compute(first)))
    refuses(lambda: opening.supply(first.id, compute(first)))
    refuses(lambda: opening.supply(other.id, compute(other)))
    refuses(lambda: opening.supply(operations[1].id, b"\0" * 255))
    refuses(opening.finish)
    assert [one.id for one in opening.operations()] == [one.id for one in operations]
    assert [one.id for one in opening.missing()] == [one.id for one in operations[1:]]
    assert repr(opening) == "<flowseal.Opening, 8 of 9 missing>"
    for operation in reversed(operations[1:]):
        opening.supply(operation.id, compute(operation))
    assert dict(opening.finish()) == dict(verified.open(key))
    refuses(opening.finish)

    with verified.begin_opening(remote) as closed:
        pass
    refuses(closed.operations)
    refuses(closed.finish)
    with pytest.raises(TypeError, match="neither pickled nor copied"):
        pickle.dumps(closed)


def test_part_of_a_flow_many_flows_and_flows_that_nobody_verified(
    verified: flowseal.VerifiedFlow, flow: flowseal.Flow, key: DecryptingKey
) -> None:
    remote = DecryptingKey.remote(PAIR.public_pem)
    whole = dict(verified.open(key))

    part = verified.begin_opening_partial(remote, select=["naming"])
    for operation in part.operations():
        part.supply(operation.id, compute(operation))
    partial = part.finish()
    assert set(partial.opened) == {"naming.given", "naming.family"}

    unverified = flow.begin_opening_unverified(remote, ANYONE, now=NOW)
    supply(unverified)
    claims = unverified.finish()
    assert (dict(claims), claims.verified) == (whole, False)

    many = flowseal.begin_opening_many([verified, verified], remote)
    wrong = many.operations()[3].id
    for operation in many.operations():
        spoilt = operation.id == wrong
        many.supply(operation.id, b"\1" * 256 if spoilt else compute(operation))
    refused, opened = many.finish()
    assert isinstance(refused, flowseal.InternalError)
    assert refused.code == "internal_fault"
    assert isinstance(opened, flowseal.OpenedClaims)
    assert dict(opened) == whole

    archive = flowseal.begin_opening_many_unverified([flow], remote, ANYONE, now=NOW)
    for operation in archive.operations():
        archive.supply(operation.id, compute(operation))
    (opened,) = archive.finish()
    assert isinstance(opened, flowseal.OpenedClaims)
    assert dict(opened) == whole


def test_a_service_is_asked_from_asyncio(
    verified: flowseal.VerifiedFlow, key: DecryptingKey
) -> None:
    """Answers come when they come: here the last one first."""

    async def ask(operation: RawOperation, turn: asyncio.Event, next_turn: asyncio.Event) -> bytes:
        await turn.wait()
        next_turn.set()
        return compute(operation)

    async def run() -> dict[str, object]:
        opening = verified.begin_opening(DecryptingKey.remote(PAIR.public_pem))
        operations = opening.operations()
        turns = [asyncio.Event() for _ in range(len(operations) + 1)]

        async def one(place: int, operation: RawOperation) -> None:
            opening.supply(operation.id, await ask(operation, turns[place + 1], turns[place]))

        turns[-1].set()
        await asyncio.gather(*(one(place, operation) for place, operation in enumerate(operations)))
        claims = await asyncio.to_thread(opening.finish)
        return dict(claims)

    assert asyncio.run(run()) == dict(verified.open(key))


def test_a_key_lets_its_function_go(verified: flowseal.VerifiedFlow) -> None:
    class Service:
        def __call__(self, operations: list[RawOperation]) -> list[bytes]:
            return compute_all(operations)

    service = Service()
    gone = weakref.ref(service)
    with DecryptingKey.remote(PAIR.public_pem, service) as remote:
        verified.open(remote)
        del service
        gc.collect()
        assert gone() is not None
    gc.collect()
    assert gone() is None
