"""Keys that stay in their token: one of SoftHSM2, which each run makes anew."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import pickle
import shutil
import subprocess
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

import flowseal
from flowseal import DecryptingKey, VerifyingKey, testing

from .conftest import KEYS, NOW

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "481516"
APP = "pkcs11:token=apps;object=app"
# The same key, which wants a login for each operation.
ASKS = "pkcs11:token=apps;object=asks"

lacking = [name for name in ("softhsm2-util", "pkcs11-tool") if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(
    bool(lacking) or not Path(MODULE).exists(),
    reason=f"SoftHSM2 or opensc is not on this machine: {', '.join([*lacking, MODULE])}",
)


def ran(line: str) -> None:
    done = subprocess.run(line.split(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module", autouse=True)
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    place = tmp_path_factory.mktemp("softhsm")
    (place / "tokens").mkdir()
    configuration = place / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {place}/tokens\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SOFTHSM2_CONF", str(configuration))
        pem, other = KEYS / "app-2048.pem", KEYS / "other-2048.pem"
        for label in ("apps", "other"):
            ran(f"softhsm2-util --init-token --free --label {label} --pin {PIN} --so-pin 23424815")
        for key, name in ((pem, "app --id 01"), (other, "twin --id 02"), (other, "twin --id 03")):
            ran(f"softhsm2-util --import {key} --token apps --label {name} --pin {PIN} --force")
        login = f"pkcs11-tool --module {MODULE} --token-label apps --login --pin {PIN}"
        asks = "--type privkey --label asks --id 04 --usage-decrypt --always-auth"
        ran(f"{login} --write-object {pem} {asks}")
        yield


def in_token(uri: str = APP, unblinded: bool = False) -> DecryptingKey:
    return DecryptingKey.from_token(uri, pin=PIN, module=MODULE, unblinded=unblinded)


def code(call: Callable[[], object]) -> str:
    with pytest.raises(flowseal.FlowsealError) as refused:
        call()
    shown = f"{refused.value!r} {refused.value} {refused.value.details}"
    assert PIN not in shown and "999999" not in shown
    return refused.value.code


def test_a_token_opens_what_a_file_opens(
    verified: flowseal.VerifiedFlow, flow: flowseal.Flow, key: DecryptingKey
) -> None:
    here = verified.open(key)
    for unblinded in (False, True):
        with in_token(unblinded=unblinded) as token:
            assert (token.is_remote, token.fingerprint) == (True, key.fingerprint)
            assert (token.bits, token.padding) == (key.bits, key.padding)
            there = verified.open(token)
            assert (dict(there), there.trust) == (dict(here), here.trust)
            assert there.report.lines == here.report.lines
            results = flowseal.open_many([verified] * 5, flowseal.KeyRing([token]), threads=2)
            assert [dict(one) for one in results if isinstance(one, flowseal.OpenedClaims)] == [
                dict(here)
            ] * 5
            anyone = flowseal.Expectations.unbound()
            assert dict(flow.open_unverified(token, anyone, now=NOW)) == dict(here)


def test_a_key_has_a_name_and_the_padding_of_its_profile(verified: flowseal.VerifiedFlow) -> None:
    profile = flowseal.Profile(padding="rsaes-oaep-sha256")
    with DecryptingKey.from_token(
        f"{APP}?module-path={MODULE}",
        pin=PIN,
        module=Path("another.so"),
        sessions=1,
        patience=60,
        kid="hsm",
        profile=profile,
    ) as key:
        assert (key.kid, key.padding) == ("hsm", "rsaes-oaep-sha256")
        assert code(lambda: verified.open(key)) == "claim_unopenable"


def test_a_public_key_of_a_token_verifies(key: DecryptingKey) -> None:
    public = "pkcs11:token=apps;object=app;type=public"
    assert VerifyingKey.from_token(public, module=MODULE).fingerprint == key.fingerprint
    assert VerifyingKey.from_token(APP, pin=PIN, module=MODULE).fingerprint == key.fingerprint
    pair = testing.KeyPair.sample_app()
    sealed = testing.seal("req_1", persona="ada", user=pair)
    verifier = flowseal.Verifier.trusting(VerifyingKey.from_token(public, module=Path(MODULE)))
    flow = flowseal.Flow.from_json(sealed.to_json())
    flow.verify(verifier, flowseal.Expectations(reference="req_1"), now=NOW)


def test_a_pin_is_text_or_bytes_or_is_asked_for(verified: flowseal.VerifiedFlow) -> None:
    labels: list[str] = []

    def ask(label: str) -> bytearray:
        labels.append(label)
        return bytearray(PIN.encode())

    buffer = bytearray(PIN.encode())
    for pin in (PIN, PIN.encode(), buffer, memoryview(buffer), ask):
        with DecryptingKey.from_token(APP, pin=pin, module=MODULE) as key:
            assert len(verified.open(key)) == 9
    assert labels == ["apps"]
    # What the caller has is the caller's to wipe.
    assert buffer == PIN.encode()


def test_the_interpreter_is_free_while_a_token_computes(verified: flowseal.VerifiedFlow) -> None:
    """The token's threads ask for the PIN, in Python, while this one waits for the claims."""
    here = threading.get_ident()
    threads: list[int] = []

    def ask(_: str) -> str:
        threads.append(threading.get_ident())
        return PIN

    with DecryptingKey.from_token(ASKS, pin=ask, module=MODULE) as key:
        assert len(threads) == 1
        assert len(verified.open(key)) == 9
        with ThreadPoolExecutor(3) as pool:
            opened = list(pool.map(lambda _: len(verified.open(key)), range(3)))
        assert opened == [9, 9, 9]
        assert len(asyncio.run(asyncio.to_thread(verified.open, key))) == 9
    assert len(threads) == 1 + 9 * 5
    assert here not in threads


def test_a_pin_that_is_not_given_is_an_error_with_its_cause(
    verified: flowseal.VerifiedFlow,
) -> None:
    class Away(Exception):
        pass

    away = False

    def ask(_: str) -> str | None:
        if away:
            raise Away(f"nobody is there to say {PIN}")
        return PIN

    def number(_: str) -> int:
        return 481516

    def load(pin: Callable[[str], str | None]) -> DecryptingKey:
        return DecryptingKey.from_token(ASKS, pin=pin, module=MODULE)

    assert code(lambda: load(lambda _: None)) == "pin"
    assert code(lambda: DecryptingKey.from_token(APP, module=MODULE)) == "pin"
    assert code(lambda: DecryptingKey.from_token(APP, pin=b"\xff", module=MODULE)) == "pin"
    with pytest.raises(flowseal.InputError) as refused:
        load(number)  # type: ignore[arg-type]
    assert refused.value.code == "pin"
    assert isinstance(refused.value.__cause__, TypeError)
    def away_is_the_cause(call: Callable[[], object]) -> None:
        with pytest.raises(flowseal.InputError) as refused:
            call()
        assert refused.value.code == "pin"
        assert isinstance(refused.value.__cause__, Away)
        assert PIN not in str(refused.value)

    with load(ask) as key:
        away = True
        away_is_the_cause(lambda: verified.open(key))
        away = False
        assert len(verified.open(key)) == 9
        away = True
        away_is_the_cause(lambda: verified.open(key))
    away_is_the_cause(lambda: load(ask))
    # An exception of earlier is not the cause of what fails later.
    assert code(lambda: DecryptingKey.from_token(ASKS, pin=b"999999", module=MODULE)) == "pin"
    flowseal.forget_refused_pins()


def test_a_wrong_pin_is_tried_once() -> None:
    asked: list[str] = []

    def wrong(label: str) -> str:
        asked.append(label)
        return "999999"

    def said() -> str:
        with pytest.raises(flowseal.InputError) as refused:
            DecryptingKey.from_token(APP, pin=wrong, module=MODULE)
        assert refused.value.code == "pin"
        assert "999999" not in f"{refused.value!r}"
        return str(refused.value)

    assert "CKR_PIN_INCORRECT" in said()
    assert "not tried again" in said()
    flowseal.forget_refused_pins()
    assert "CKR_PIN_INCORRECT" in said()
    assert len(asked) == 3
    flowseal.forget_refused_pins()


def test_what_is_no_way_to_a_key_is_refused_by_its_code(tmp_path: Path) -> None:
    def load(uri: str, module: str = MODULE) -> Callable[[], object]:
        return lambda: DecryptingKey.from_token(uri, pin=PIN, module=module)

    assert code(load("app.pem")) == "usage"
    assert code(load(f"{APP}?pin-value={PIN}")) == "usage"
    assert code(load("pkcs11:token=nobodys")) == "key_kind"
    assert code(load("pkcs11:token=other")) == "key_kind"
    assert code(load("pkcs11:token=apps;object=twin")) == "key_ambiguous"
    assert code(load("pkcs11:object=nobodys")) == "key_ambiguous"
    no_library = tmp_path / "module.so"
    no_library.write_text("text")
    assert code(load(APP, str(no_library))) == "io"
    assert code(lambda: VerifyingKey.from_token("pkcs11:token=other", module=MODULE)) == "key_kind"
    assert code(lambda: DecryptingKey.from_token(APP, module=MODULE, patience=-1)) == "usage"
    with pytest.raises(TypeError, match="this is bytes"):
        DecryptingKey.from_token(APP, module=b"module.so")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="this is int"):
        DecryptingKey.from_token(APP, pin=481516, module=MODULE)  # type: ignore[arg-type]


def test_a_key_is_loaded_as_often_as_it_is_wanted(verified: flowseal.VerifiedFlow) -> None:
    with in_token() as first:
        assert len(verified.open(first)) == 9
        with in_token() as second:
            assert len(verified.open(second)) == len(verified.open(first)) == 9


def test_a_closed_key_opens_nothing_and_is_neither_shown_nor_copied(
    verified: flowseal.VerifiedFlow,
) -> None:
    with in_token() as key:
        ring = flowseal.KeyRing([key])
        assert PIN not in repr(key)
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            pickle.dumps(key)
    assert code(lambda: verified.open(key)) == "usage"
    assert len(verified.open(ring)) == 9
    ring.close()
    assert code(lambda: verified.open(ring)) == "usage"


def test_after_a_fork_the_child_is_told_and_the_parent_goes_on() -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as processes:
        told = processes.submit(forking).result()
    assert told == {
        "nothing open yet": "opened",
        "the parent's key": "key_unavailable",
        "a key of its own, while the parent's is open": "key_unavailable",
        "the parent's key, closed and collected": "closed",
        "the parent": "opened",
        "a key of its own, after the parent's was closed": "opened",
    }


def forking() -> dict[str, str]:
    """In a process of its own: whether SoftHSM is initialised here is a part of what is tried."""
    pair = testing.KeyPair.sample_user()
    flow = flowseal.Flow.from_json(testing.seal("req_1", persona="ada").to_json())
    verifier = flowseal.Verifier.trusting(pair.verifying_key())
    verified = flow.verify(verifier, flowseal.Expectations(reference="req_1"), now=NOW)

    def opened(key: DecryptingKey) -> str:
        return "opened" if len(verified.open(key)) == 9 else "lost"

    def its_own() -> str:
        with in_token() as key:
            return opened(key)

    told = {"nothing open yet": in_child(its_own)}
    with in_token() as key:
        opened(key)

        def let_go() -> str:
            key.close()
            return "closed" if "closed" in repr(key) else "open"

        told["the parent's key"] = in_child(lambda: opened(key))
        told["a key of its own, while the parent's is open"] = in_child(its_own)
        told["the parent's key, closed and collected"] = in_child(let_go)
        told["the parent"] = opened(key)
    told["a key of its own, after the parent's was closed"] = in_child(its_own)
    return told


def in_child(work: Callable[[], str]) -> str:
    """What this says in a child of this process."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # Later Pythons warn of forks where there are threads, which is what is tried.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            said = work()
        except flowseal.FlowsealError as error:
            said = error.code
        except BaseException as error:  # noqa: BLE001
            said = repr(error)
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        said = told.read()
    os.waitpid(child, 0)
    return said
