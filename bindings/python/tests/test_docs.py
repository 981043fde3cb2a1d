"""The READMEs: each block of Python in them is typed as it is printed, and runs."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from types import SimpleNamespace

import httpx
import polars as pl
import pyarrow as pa
import pytest

import flowseal
from flowseal import testing

from .conftest import KEYS
from .pretended import ELSEWHERE, pending, starter
from .test_identify import command, mock, no_proxy

__all__ = ["command", "no_proxy"]

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
PROJECT = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")


def blocks(text: str = README) -> list[str]:
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


# The names that each block takes from around it, in order: the README's, then the project's.
TAKEN = [
    "response: httpx.Response",
    "",
    "flow: flowseal.Flow, verifier: flowseal.Verifier, expectations: flowseal.Expectations, "
    "log: logging.Logger",
    "key: bytes, start: flowseal.Start, pending: flowseal.PendingFlow, flow: flowseal.Flow, "
    "verifier: flowseal.Verifier, finished: flowseal.FinishedFlows, browser: flowseal.Binding",
    "verified_flows: list[flowseal.VerifiedFlow], verified: flowseal.VerifiedFlow, "
    "key: flowseal.DecryptingKey",
    "hsm: typing.Any, public_pem: str",
    "ask: typing.Callable[[bytes], typing.Awaitable[bytes]]",
    "verified: flowseal.VerifiedFlow, pin: bytes",
    "table: pyarrow.Table, key: flowseal.DecryptingKey, verifier: flowseal.Verifier",
    "",
    "response: httpx.Response",
]


def test_every_block_of_the_readmes_is_typed_as_it_is_printed(tmp_path: Path) -> None:
    every = blocks() + blocks(PROJECT)
    imports = ["asyncio", "logging", "time", "typing", "httpx", "polars", "pyarrow", "flowseal.arrow"]
    program = "".join(f"import {name}\n" for name in imports)
    for number, (block, taken) in enumerate(zip(every, TAKEN, strict=True)):
        body = textwrap.indent(block, "    ")
        program += f"\nasync def block_{number}({taken}) -> None:\n{body}\n"
    file = tmp_path / "blocks.py"
    file.write_text(program, encoding="utf-8")
    config = Path(__file__).parents[1] / "pyproject.toml"
    line = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(config)]
    line += ["--cache-dir", str(tmp_path / "cache"), str(file)]
    found = subprocess.run(line, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("text", [README, PROJECT], ids=["package", "project"])
def test_the_three_lines_of_the_readme_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("app.pem").write_bytes((KEYS / "app-2048.pem").read_bytes())
    Path("user.pub.pem").write_bytes((KEYS / "user-2048.pub.pem").read_bytes())
    now = int(time.time())
    sealed = testing.seal("req_…", persona="ada", requester="bcn_…", iat=now - 9, signed_at=now)
    names: dict[str, object] = {
        "response": SimpleNamespace(content=sealed.to_json().encode())
    }
    names["flowseal"] = flowseal
    exec(blocks(text)[0], names)  # noqa: S102
    assert isinstance(vars(SimpleNamespace(**names))["verified"], flowseal.VerifiedFlow)


def test_the_journey_of_the_readme_runs_against_the_mock_as_it_stands(
    command: str, tmp_path: Path
) -> None:
    program, here = tmp_path / "login.py", "http://127.0.0.1:8080"
    block = blocks()[1]
    assert block.count(here) == 1
    with mock(command, "default") as url:
        program.write_text(block.replace(here, url), encoding="utf-8")
        line = [sys.executable, "-X", "utf8", str(program)]
        done = subprocess.run(line, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    link, name = done.stdout.splitlines()
    assert link.startswith("send the browser to https://") and name == "Adébáyọ̀"


def test_what_refuses_in_the_readme_is_caught(
    caplog: pytest.LogCaptureFixture, user_key: flowseal.VerifyingKey
) -> None:
    (block,) = (block for block in blocks() if "except flowseal.RefusedError" in block)
    sealed = testing.seal("req_1", persona="ada")
    names = {
        "flowseal": flowseal,
        "flow": flowseal.Flow.from_json(sealed.mutated("SwapClaims")),
        "verifier": flowseal.Verifier.trusting(user_key),
        "expectations": flowseal.Expectations.unbound(),
        "log": logging.getLogger("readme"),
    }
    exec(block, names)  # noqa: S102
    assert caplog.messages == ["req_1 refused: signature_invalid", "signature failed"]


def test_the_audit_log_of_the_readme_is_kept(
    caplog: pytest.LogCaptureFixture, verifier: flowseal.Verifier
) -> None:
    (block,) = (block for block in blocks() if "from flowseal import audit" in block)
    on = pending()
    answer = testing.seal("req_1", persona="ada", requester="bcn_sample", signed_at=int(time.time()))
    names = {
        "flowseal": flowseal,
        "key": bytes(32),
        "start": starter().identify("login", ["naming.given"], "Log in", ELSEWHERE),
        "pending": on,
        "flow": flowseal.Flow.from_json(answer.to_json()),
        "verifier": verifier,
        "finished": flowseal.FinishedFlows(),
        "browser": None,
    }
    # Its own lines turn the log on.
    try:
        with pytest.raises(flowseal.FlowsealError):
            exec(block, names)  # noqa: S102
    finally:
        logging.getLogger("flowseal.audit").setLevel(logging.NOTSET)
    told = [json.loads(line) for line in caplog.messages]
    # Its flow was started in 2024.
    assert [(event["event"], event.get("code")) for event in told] == [
        ("started", None),
        ("finished", "flow_expired"),
    ]


def test_threads_and_asyncio_of_the_readme_open(
    verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey
) -> None:
    (block,) = (block for block in blocks() if "threads of its own" in block)
    body = textwrap.indent(block, "    ")
    names = {
        "asyncio": asyncio,
        "flowseal": flowseal,
        "verified_flows": [verified],
        "verified": verified,
        "key": key,
    }
    exec(f"async def run():\n{body}    return results, claims", names)  # noqa: S102
    run = names["run"]
    assert callable(run)
    results, claims = asyncio.run(run())
    assert results[0]["naming.given"] == claims["naming.given"] == "Adébáyọ̀"


def test_the_data_frame_of_the_readme_is_made(
    key: flowseal.DecryptingKey, verifier: flowseal.Verifier
) -> None:
    (block,) = (block for block in blocks() if "import flowseal.arrow" in block)
    sealed = testing.seal("req_1", persona="ada", requester="bcn_…")
    names: dict[str, object] = {
        "flowseal": flowseal,
        "polars": pl,
        "table": pa.table({"flow": [sealed.to_json()]}),
        "key": key,
        "verifier": verifier,
    }
    exec(block, names)  # noqa: S102
    assert pa.table(names["opened"])["error"].to_pylist() == [None]


def test_the_test_of_the_readme_passes() -> None:
    names: dict[str, object] = {"flowseal": flowseal}
    (block,) = (block for block in blocks() if "def test_login" in block)
    exec(block, names)  # noqa: S102
    test_login = names["test_login"]
    assert callable(test_login)
    test_login()
