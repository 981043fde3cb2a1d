"""Open a table of flows with Spark: spark-submit spark_job.py flows.parquet opened.parquet"""

# pyright: basic, reportMissingImports=false
# pyarrow has no types of its own, and PySpark need not be there.

import sys
from collections.abc import Iterator
from os import environ

import pyarrow as pa
from pyspark.sql import SparkSession

import flowseal.arrow

SCHEMA = "id string, claims struct<naming: struct<given: string>>, verified boolean, error string"


def open_flows(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Runs in a worker, which loads the keys by itself: a key is never pickled."""
    verifier = flowseal.Verifier.trusting(environ["FLOWSEAL_USER_KEYS"])
    expected = flowseal.Expectations(requester=environ["FLOWSEAL_ORGANISATION"])
    with flowseal.DecryptingKey.load(environ["FLOWSEAL_APP_KEY"]) as key:
        for batch in batches:
            opened = flowseal.arrow.open_flows(
                batch, key, verifier=verifier, expectations=expected, select=["naming.given"]
            )
            yield from pa.table(opened).to_batches()


if __name__ == "__main__":
    flows = SparkSession.builder.getOrCreate().read.parquet(sys.argv[1]).select("id", "flow")
    flows.mapInArrow(open_flows, SCHEMA).write.parquet(sys.argv[2])
