"""Open a table of flows with Spark: spark-submit spark_job.py flows.parquet opened.parquet"""

# pyright: basic, reportMissingImports=false
# pyarrow has no types of its own, and PySpark need not be there.

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

import flowseal
import flowseal.arrow

SCHEMA = """id string, claims struct<naming: struct<given: string>,
            contact: struct<emailVerified: boolean>>, verified boolean, error string"""


def open_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Runs in a worker, which loads the keys by itself: a key is never pickled."""
    verifier = flowseal.Verifier.trusting(os.environ["FLOWSEAL_USER_KEYS"])
    expectations = flowseal.Expectations(requester=os.environ["FLOWSEAL_ORGANISATION"])
    with flowseal.DecryptingKey.load(os.environ["FLOWSEAL_APP_KEY"]) as key:
        for batch in batches:
            opened = flowseal.arrow.open_flows(
                batch,
                key,
                verifier=verifier,
                expectations=expectations,
                select=["naming.given", "contact.emailVerified"],
            )
            yield from pa.table(opened).to_batches()


def open_table(flows: DataFrame) -> DataFrame:
    """The columns ``id`` and ``flow`` in; ``id``, ``claims``, ``verified`` and ``error`` out."""
    return flows.select("id", "flow").mapInArrow(open_batches, SCHEMA)


if __name__ == "__main__":
    spark = SparkSession.builder.appName("flowseal").getOrCreate()
    open_table(spark.read.parquet(sys.argv[1])).write.parquet(sys.argv[2])
