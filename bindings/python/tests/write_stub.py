"""Writes what the compiled module says of itself into its stub: ``python -m tests.write_stub``.

The documentation has one source, the Rust of ``src/``. ``help()`` shows it; editors read the stub.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from pathlib import Path

from flowseal import _flowseal

STUB = Path(__file__).parents[1] / "python" / "flowseal" / "_flowseal.pyi"


def rewritten(stub: str) -> str:
    """The stub with each docstring that it has as the compiled module has it."""
    lines = stub.split("\n")
    for node, said in reversed(documented(ast.parse(stub))):
        docstring = node.body[0]
        indent = " " * docstring.col_offset
        closing = '\n"""' if "\n\n" in said else '"""'
        lines[docstring.lineno - 1 : docstring.end_lineno] = textwrap.indent(
            f'"""{said}{closing}', indent
        ).split("\n")
    return "\n".join(lines)


def documented(tree: ast.Module) -> list[tuple[ast.ClassDef | ast.FunctionDef, str]]:
    """What has a docstring in the stub and documentation at run time, in the stub's order."""
    found: dict[str, tuple[ast.ClassDef | ast.FunctionDef, str]] = {}

    def add(path: str, node: ast.ClassDef | ast.FunctionDef, named: object) -> None:
        said = inspect.getdoc(named)
        if said and ast.get_docstring(node):
            # Of overloads the first one speaks for the function.
            found.setdefault(path, (node, said))

    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            of_class = getattr(_flowseal, node.name)
            add(node.name, node, of_class)
            for member in node.body:
                if isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
                    add(f"{node.name}.{member.name}", member, getattr(of_class, member.name))
        elif isinstance(node, ast.FunctionDef):
            add(node.name, node, getattr(_flowseal, node.name))
    return list(found.values())


if __name__ == "__main__":
    STUB.write_text(rewritten(STUB.read_text(encoding="utf-8")), encoding="utf-8")
