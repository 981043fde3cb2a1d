"""The documentation: what is said in the stubs is said at run time, and the README's code runs."""

from __future__ import annotations

import ast
import inspect
import json
import re
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

import flowseal
from flowseal import _flowseal, testing

from .conftest import KEYS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
STUB = ast.parse(Path(flowseal.__file__).with_name("_flowseal.pyi").read_text(encoding="utf-8"))

# They are in the package for `flowseal.testing`, which documents them.
INTERNAL = {"personas", "mutations"}


def documented() -> dict[str, str | None]:
    """Every public class, method and function of the stub, with its summary."""
    found: dict[str, str | None] = {}
    for node in STUB.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            found[node.name] = summary(ast.get_docstring(node))
            for member in node.body:
                if isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
                    path = f"{node.name}.{member.name}"
                    found[path] = found.get(path) or summary(ast.get_docstring(member))
        elif isinstance(node, ast.FunctionDef) and node.name not in INTERNAL:
            found[node.name] = found.get(node.name) or summary(ast.get_docstring(node))
    return found


def summary(docs: str | None) -> str | None:
    return " ".join(docs.split("\n\n")[0].split()) if docs else None


@pytest.mark.parametrize("path", documented())
def test_every_name_says_the_same_to_a_reader_and_at_run_time(path: str) -> None:
    named: object = _flowseal
    for name in path.split("."):
        named = getattr(named, name)
    assert documented()[path]
    assert summary(inspect.getdoc(named)) == documented()[path]


def blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_three_lines_of_the_readme_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("app.pem").write_bytes((KEYS / "app-2048.pem").read_bytes())
    Path("user.pem").write_bytes((KEYS / "user-2048.pub.pem").read_bytes())
    now = int(time.time())
    sealed = testing.seal("req_…", persona="ada", requester="bcn_…", iat=now - 9, signed_at=now)
    names = {"response": SimpleNamespace(content=sealed.to_json().encode())}
    exec(blocks()[0], names)  # noqa: S102
    assert isinstance(vars(SimpleNamespace(**names))["verified"], flowseal.VerifiedFlow)


def test_the_loop_of_the_readme_ends_with_the_flow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = {"type": "app", "appid": "app_1", "secret": "snb_1", "apikeys": {"test": "bk-test_1"}}
    with zipfile.ZipFile("account.zip", "w") as account:
        account.writestr("config.json", json.dumps(config))
        account.write(KEYS / "app-2048.pem", "app.pem")
    sealed = testing.seal("req_…", persona="ada").to_json()
    api = httpx.MockTransport(lambda request: httpx.Response(200, text=sealed))
    with httpx.Client(transport=api) as client:
        names: dict[str, object] = {
            "flowseal": flowseal,
            "httpx": httpx,
            "time": time,
            "client": client,
        }
        exec(blocks()[1], names)  # noqa: S102
    flow = names["flow"]
    assert isinstance(flow, flowseal.Flow) and flow.state == "complete"


def test_the_test_of_the_readme_passes() -> None:
    names: dict[str, object] = {"flowseal": flowseal}
    (block,) = (block for block in blocks() if "def test_login" in block)
    exec(block, names)  # noqa: S102
    test_login = names["test_login"]
    assert callable(test_login)
    test_login()
