#!/usr/bin/env bash
# What surprised
#   A relation of DuckDB that is handed to another library as an Arrow stream keeps its connection
#   busy. The next query on that connection is refused, even where the stream's rows have all been
#   read: only the end of the stream (one read more, or dropping it) gives the connection back.
#
# Seen on 2026-11-29 with duckdb 2.0.1 and pyarrow 26.0.1 from PyPI.
#
# Why it matters to pasby flows
#   A job that opens flows out of a query and writes each batch of results back over the same
#   connection, which is the obvious way to write it, fails at the first batch.
#
# How flowseal deals with it
#   flowseal.arrow reads the stream to its end before it opens anything, so that the connection is
#   free by the time there are results; whoever streams by hand needs `connection.cursor()`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v python3 >/dev/null || lacking "python3"
python3 -m venv venv || lacking "python3's module venv"
venv/bin/pip install --quiet --disable-pip-version-check --only-binary=:all: \
    duckdb==2.0.1 pyarrow==26.0.1 || lacking "duckdb 2.0.1, pyarrow 26.0.1 from PyPI"

venv/bin/python - <<'PYTHON'
import duckdb
import pyarrow

print("duckdb", duckdb.__version__, "pyarrow", pyarrow.__version__)
connection = duckdb.connect()
flows = connection.sql("SELECT 'req_' || range AS flow FROM range(1000)")
stream = pyarrow.RecordBatchReader.from_stream(flows)
rows = stream.read_next_batch().num_rows
print(rows, "of 1000 rows read, the stream still open")
assert rows == 1000


def query(where):
    try:
        return where.execute("SELECT 1").fetchall()
    except duckdb.Error as error:
        return f"{type(error).__name__}: {error}"


busy = query(connection)
print("a query on the same connection:", busy)
assert isinstance(busy, str), "the connection answers while its stream is open"
beside = query(connection.cursor())
print("a query on a cursor of it:", beside)
assert beside == [(1,)]
try:
    stream.read_next_batch()
    raise SystemExit("there were more rows")
except StopIteration:
    after = query(connection)
print("once the stream has said that it has ended:", after)
assert after == [(1,)]
PYTHON
