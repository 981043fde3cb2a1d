"""Spark opens what one machine opens, and a bad flow is a row with its code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

import flowseal
import flowseal.arrow
from flowseal import testing

from .conftest import KEYS


FLOWS, BAD = 2000, 10


def table() -> pa.Table:
    """Good flows, of two people in turn, and ten bad ones among them."""
    people = [testing.seal("req_1", persona=name) for name in ("ada", "chidi")]
    good = [sealed.to_json() for sealed in people]
    bad = [people[0].mutated(mutation) for mutation in list(testing.MUTATIONS)[: BAD - 1]]
    bad.append("no flow at all")
    flows = [good[number % 2] for number in range(FLOWS)]
    for number, text in enumerate(bad):
        flows[number * FLOWS // BAD + number] = text
    return pa.table({"id": [str(number) for number in range(FLOWS)], "flow": flows})


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    examples = Path(__file__).parents[1] / "examples"
    settings = {
        "FLOWSEAL_APP_KEY": str(KEYS / "app-2048.pem"),
        "FLOWSEAL_USER_KEYS": str(KEYS / "user-2048.pub.pem"),
        "FLOWSEAL_ORGANISATION": "bcn_sample",
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYTHONPATH": str(examples),
    }
    os.environ.update(settings)
    sys.path.append(str(examples))
    warehouse = tmp_path_factory.mktemp("warehouse")
    session = (
        SparkSession.builder.master("local[2]")
        .appName("flowseal tests")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(warehouse))
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "300")
        .getOrCreate()
    )
    yield session
    session.stop()


def test_spark_opens_what_one_machine_opens(spark: SparkSession, tmp_path: Path) -> None:
    from spark_job import SCHEMA, open_flows

    flows = table()
    local = pa.table(
        flowseal.arrow.open_flows(
            flows,
            flowseal.DecryptingKey.load(KEYS / "app-2048.pem"),
            verifier=flowseal.Verifier.trusting(KEYS / "user-2048.pub.pem"),
            expectations=flowseal.Expectations(requester="bcn_sample"),
            select=["naming.given"],
        )
    )
    pq.write_table(flows, tmp_path / "flows.parquet")
    frame = spark.read.parquet(str(tmp_path / "flows.parquet")).repartition(4)
    opened = frame.mapInArrow(open_flows, SCHEMA)
    rows = [row.asDict(recursive=True) for row in opened.collect()]
    rows.sort(key=lambda row: int(row["id"]))

    assert rows == local.to_pylist()
    bad = [row for row in rows if row["error"] is not None]
    assert len(rows) == FLOWS and len(bad) == BAD
    assert all(row["claims"] is None and not row["verified"] for row in bad)
    assert [row["error"] for row in bad] == [
        *list(testing.MUTATIONS.values())[: BAD - 1],
        "json",
    ]
    given = {row["claims"]["naming"]["given"] for row in rows if row["error"] is None}
    assert given == {"Adébáyọ̀", "Chidi"}


def test_bulk_reads_what_spark_writes(spark: SparkSession, tmp_path: Path) -> None:
    command = os.environ.get("FLOWSEAL_COMMAND")
    if command is None:
        pytest.skip("FLOWSEAL_COMMAND names no command: `cargo xtask python` builds one")
    flows = table().slice(0, 250)
    pq.write_table(flows, tmp_path / "flows.parquet")
    frame = spark.read.parquet(str(tmp_path / "flows.parquet")).coalesce(1)
    frame.write.parquet(str(tmp_path / "spark"))
    (by_spark,) = (tmp_path / "spark").glob("*.parquet")
    lines = tmp_path / "lines.ndjson"
    lines.write_text("\n".join(flows["flow"].to_pylist()) + "\n", encoding="utf-8")

    rows = []
    for source in ([str(by_spark), "--column", "flow"], [str(lines)]):
        out = tmp_path / "rows.ndjson"
        out.unlink(missing_ok=True)
        words = [command, "bulk", *source, "-o", str(out), "--select", "naming.given", "--quiet"]
        words += ["--key", str(KEYS / "app-2048.pem")]
        words += ["--verify-key", str(KEYS / "user-2048.pub.pem")]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        # Two of these flows are bad.
        assert done.returncode == 1, done.stderr
        rows.append(out.read_text(encoding="utf-8").splitlines())
    assert rows[0] == rows[1]
    assert len(rows[0]) == 250
