"""The stub says of each name what the compiled module says: editors read the one, help() the other."""

from __future__ import annotations

import ast
import inspect
import pydoc
from pathlib import Path

import pytest

import flowseal
from flowseal import _flowseal

from . import write_stub

STUB = ast.parse(Path(flowseal.__file__).with_name("_flowseal.pyi").read_text(encoding="utf-8"))

# They are in the package for `flowseal.testing` and for the exceptions, which document them.
INTERNAL = {"about_code", "personas", "mutations"}


def documented() -> dict[str, str]:
    """Every public class, method, property and function of the stub, with its documentation."""
    found: dict[str, str] = {}

    def add(path: str, node: ast.ClassDef | ast.FunctionDef) -> None:
        found[path] = found.get(path) or ast.get_docstring(node) or ""

    for node in STUB.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            add(node.name, node)
            for member in node.body:
                if isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
                    add(f"{node.name}.{member.name}", member)
        elif isinstance(node, ast.FunctionDef) and node.name not in INTERNAL:
            add(node.name, node)
    return found


@pytest.mark.parametrize("path", documented())
def test_every_name_says_the_same_to_a_reader_and_at_run_time(path: str) -> None:
    named: object = _flowseal
    for name in path.split("."):
        named = getattr(named, name)
    assert documented()[path]
    # The compiled module's is the one source: `python -m tests.write_stub` copies it.
    assert inspect.getdoc(named) == documented()[path]


def test_the_stub_is_written_from_the_compiled_module() -> None:
    stub = write_stub.STUB.read_text(encoding="utf-8")
    assert write_stub.rewritten(stub) == stub
    other = stub.replace("Ask ``poll`` what to do", "Ask nobody")
    assert other != stub
    assert write_stub.rewritten(other) == stub


def test_help_of_a_class_says_how_it_is_used() -> None:
    shown = pydoc.plain(pydoc.render_doc(flowseal.Session))
    for words in ("Ask ``poll`` what to do", "deadline", "Takes the response to the request"):
        assert words in shown
