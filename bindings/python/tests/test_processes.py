"""A flow that one process has started is finished by another, and by no more than one."""

from __future__ import annotations

import multiprocessing
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path

import flowseal

from .conftest import KEYS, NOW
from .pretended import EXPIRES, ended, pending, sealed, starter

TABLE = "CREATE TABLE finished (reference TEXT PRIMARY KEY, until INTEGER)"


class Table:
    """What the app's database remembers, by a unique key."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def finish(self, reference: str, until: int) -> bool:
        with closing(sqlite3.connect(self.path, timeout=30)) as database, database:
            row = (reference, until)
            done = database.execute("INSERT OR IGNORE INTO finished VALUES (?, ?)", row)
            return done.rowcount == 1


def finished(kept: str, path: Path) -> str:
    """All that a process does after a restart: it has what was kept, and its configuration."""
    again = flowseal.PendingFlow.from_json(kept, starter())
    flow = ended(again.session(starter()), sealed())
    user = flowseal.VerifyingKey.load(KEYS / "user-2048.pub.pem")
    verifier = flowseal.Verifier.by_requestee({"22212345610": user})
    try:
        verified = again.finish(flow, verifier, Table(path), now=NOW)
    except flowseal.RefusedError as refused:
        return refused.code
    return str(verified.reference)


def test_of_several_processes_that_finish_one_flow_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(TABLE)
    kept = pending().to_json()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as processes:
        told = list(processes.map(finished, [kept] * 4, [path] * 4))
    assert sorted(told) == ["pending_finished"] * 3 + ["req_1"]
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT * FROM finished").fetchall()
    assert rows == [("req_1", EXPIRES + 600)]
