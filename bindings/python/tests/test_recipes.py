"""The recipes with columns run as they are printed: in order, beside each other's results."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from flowseal import testing

from .conftest import KEYS

PAGE = (Path(__file__).parents[1] / "docs" / "columns.md").read_text(encoding="utf-8")

# `cargo xtask python` builds the command with the feature `columns`, and names it.
COMMAND = os.environ.get("FLOWSEAL_COMMAND")
if COMMAND is None:
    pytest.skip("FLOWSEAL_COMMAND names no command", allow_module_level=True)

# What is in the file of flows, a line each; line 2 has a claim that no catalogue knows.
GIVEN = [(1, "Adébáyọ̀"), (2, "00123"), (5, "Chidi")]
REFUSED = {3: "signature_invalid", 4: "json"}


def year() -> list[str]:
    """Some flows of which two are bad."""
    ada = testing.seal("req_1", persona="ada")
    odd = testing.seal("req_2", claims={"naming": {"given": "00123"}, "shoes": {"size": "43"}})
    chidi = testing.seal("req_3", claims={"naming": {"given": "Chidi"}})
    return [ada.to_json(), odd.to_json(), ada.mutated("SwapClaims"), "{", chidi.to_json()]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every block of the page, in a directory of its own, and the names that it leaves."""
    place = tmp_path_factory.mktemp("recipes")
    (place / "year.ndjson").write_text("\n".join(year()) + "\n", encoding="utf-8")
    (place / "app.pem").write_bytes((KEYS / "app-2048.pem").read_bytes())
    (place / "user.pub.pem").write_bytes((KEYS / "user-2048.pub.pem").read_bytes())
    names: dict[str, Any] = {"place": place}
    before = Path.cwd()
    os.chdir(place)
    try:
        for language, block in re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL):
            if language == "python":
                exec(block, names)  # noqa: S102
            else:
                for line in block.splitlines():
                    run(line)
    finally:
        os.chdir(before)
    return names


def run(line: str) -> None:
    """A line of a shell. Two of the flows are refused, which the status says."""
    program, *words = shlex.split(line)
    assert (program, COMMAND is not None) == ("flowseal", True)
    done = subprocess.run(
        [COMMAND or "", *words, "--quiet"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr


def pairs(table: pa.Table) -> list[tuple[Any, ...]]:
    return sorted(tuple(row.values()) for row in table.to_pylist())


def test_parquet_is_read_alike_by_all(ran: dict[str, Any]) -> None:
    assert ran["refused"] == [("json", 1), ("signature_invalid", 1)]
    assert ran["given"] == GIVEN
    assert ran["others"] == [("43",)]
    assert ran["frame"].rows() == GIVEN
    assert list(ran["data_frame"].itertuples(index=False, name=None)) == GIVEN
    assert pairs(ran["table"]) == GIVEN


def test_lines_of_json_are_read_alike_by_all(ran: dict[str, Any]) -> None:
    assert ran["lines"] == GIVEN
    assert ran["line_frame"].rows() == GIVEN
    assert ran["names"] == GIVEN
    rows = {row["line"]: row for row in ran["line_table"].to_pylist()}
    verified = [line for line, row in rows.items() if row["verified"]]
    assert [(line, rows[line]["claims"]["naming"]["given"]) for line in verified] == GIVEN


@pytest.mark.parametrize("writer", ["duckdb", "polars", "pandas", "pyarrow"])
def test_whoever_wrote_the_column_the_rows_are_those_of_the_lines(
    ran: dict[str, Any], writer: str
) -> None:
    rows = (ran["place"] / f"{writer}_rows.ndjson").read_text(encoding="utf-8").splitlines()
    assert rows == (ran["place"] / "rows.ndjson").read_text(encoding="utf-8").splitlines()
    codes = {row["line"]: row["code"] for row in map(json.loads, rows)}
    assert {line: code for line, code in codes.items() if code is not None} == REFUSED


def test_a_program_opens_what_the_command_opens(ran: dict[str, Any]) -> None:
    expected = [REFUSED.get(line) for line in range(1, 6)]
    assert ran["of_relation"]["error"].to_pylist() == expected
    assert ran["of_frame"]["error"].to_list() == expected
    assert [code if isinstance(code, str) else None for code in ran["of_data_frame"]["error"]] == expected
    written = ran["db"].table("opened_flows").fetchall()
    assert [given for given, error in written if error is None] == [name for _, name in GIVEN]
    assert [error for _, error in written] == expected


def test_a_connection_with_an_open_stream_refuses_and_a_cursor_does_not(ran: dict[str, Any]) -> None:
    """What the page warns of: where this is no longer so, so is the way out."""
    db = ran["db"]
    stream = db.table("flows").to_arrow_reader(1)
    stream.read_next_batch()
    with pytest.raises(Exception, match="open result"):
        db.sql("SELECT 1").fetchall()
    assert db.cursor().sql("SELECT 1").fetchall() == [(1,)]
    stream.read_all()
    assert db.sql("SELECT 1").fetchall() == [(1,)]
