"""The examples with httpx against the API that the command plays on loopback: each client, each
version, each scenario."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

import flowseal

EXAMPLES = Path(__file__).parents[1] / "examples"
sys.path.append(str(EXAMPLES))

import identify
import identify_async

# What a scenario ends in: so many claims, or why there are none.
SCENARIOS: dict[str, int | str] = {
    "default": 9,
    "slow": 9,
    "declined": 1,
    "cancelled": "flow_cancelled",
    "expired": "flow_expired",
    "expired-token": 9,
    "429": 9,
    "500": 9,
    "garbage": 9,
    "dropped": 9,
}

Claims = dict[str, object]


@pytest.fixture(scope="module")
def command() -> str:
    path = os.environ.get("FLOWSEAL_COMMAND")
    if path is None:
        pytest.skip("FLOWSEAL_COMMAND names no command: `cargo xtask python` builds one")
    return path


@contextmanager
def mock(command: str, scenario: str) -> Iterator[str]:
    """The address of a server, which is stopped in the end."""
    server = subprocess.Popen(
        [command, "mock", "--scenario", scenario], stdout=subprocess.PIPE, text=True
    )
    with server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().removeprefix("listening on ").strip()
        finally:
            server.kill()


def sync(url: str, version: str) -> Claims:
    return identify.identify(url, version, "req_1")


def with_asyncio(url: str, way: str) -> Claims:
    (claims,) = asyncio.run(identify_async.identify(url, way, "req_1"))
    return claims


WAYS = [
    (sync, "v1"),
    (sync, "v2"),
    (with_asyncio, "v1"),
    (with_asyncio, "v2"),
    (with_asyncio, "stream"),
]
"""Each client, and each way that it has."""


def outcome(client: Callable[[str, str], Claims], url: str, way: str) -> int | str:
    try:
        return leaves(client(url, way))
    except flowseal.FlowsealError as error:
        return str(error)


def leaves(claims: object) -> int:
    match claims:
        case dict():
            return sum(map(leaves, claims.values()))
        case None:
            return 0
        case _:
            return 1


@pytest.fixture(scope="module", autouse=True)
def no_proxy() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        yield


def test_every_client_comes_through_every_scenario(command: str) -> None:
    def run(case: tuple[str, Callable[[str, str], Claims], str]) -> int | str:
        scenario, client, version = case
        with mock(command, scenario) as url:
            return outcome(client, url, version)

    cases = [
        (scenario, client, version)
        for scenario in SCENARIOS
        for client, version in WAYS
    ]
    # Most of the time they wait, so all of them wait at once.
    with ThreadPoolExecutor(len(cases)) as pool:
        found = list(pool.map(run, cases))
    wrong = {
        (scenario, client.__name__, version): shown
        for (scenario, client, version), shown in zip(cases, found, strict=True)
        if not is_right(SCENARIOS[scenario], shown)
    }
    assert wrong == {}


def is_right(expected: int | str, shown: int | str) -> bool:
    if isinstance(expected, str) and isinstance(shown, str):
        return shown.startswith(expected)
    return expected == shown


def test_one_event_loop_watches_many_flows(command: str) -> None:
    references = [f"req_{number}" for number in range(20)]
    with mock(command, "default") as url:
        people = asyncio.run(identify_async.identify(url, "v2", *references))
    assert [leaves(person) for person in people] == [9] * 20


@pytest.mark.parametrize("example", ["identify.py", "identify_async.py"])
def test_an_example_is_a_program(command: str, example: str) -> None:
    def run(scenario: str) -> subprocess.CompletedProcess[str]:
        with mock(command, scenario) as url:
            program = [sys.executable, str(EXAMPLES / example), url, "v2", "req_1"]
            return subprocess.run(program, capture_output=True, text=True, encoding="utf-8")

    done = run("default")
    assert done.returncode == 0, done.stderr
    assert "Adébáyọ̀" in done.stdout
    refused = run("cancelled")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "error: flow_cancelled: " in refused.stderr
