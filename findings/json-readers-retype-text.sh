#!/usr/bin/env bash
# What surprised
#   In JSON, text is text: it stands in quotes. Two readers of newline-delimited JSON look into the
#   text and turn it into moments. "2026-11-29T10:00:00+01:00" becomes nine o'clock, and the offset
#   is gone; a birth date becomes a date or a midnight. A number too long for 64 bits becomes a
#   float in both, and its last digits are others. Polars leaves all of it alone.
#
# Seen on 2026-11-29 with pyarrow 26.0.1, duckdb 2.0.1 and polars 2.1.0 from PyPI.
#
# Why it matters to pasby flows
#   A signed statement is made of the members as they were written. A flow that was archived as a
#   line of JSON and comes back through such a reader no longer verifies, and a long birth number is
#   no longer the person's.
#
# How flowseal deals with it
#   flowseal.arrow takes each flow as the text or the bytes that were received and reads it itself;
#   claims come as text, and whoever wants a date or digits asks for them by name. Store the body as
#   one text column.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v python3 >/dev/null || lacking "python3"
python3 -m venv venv || lacking "python3's module venv"
venv/bin/pip install --quiet --disable-pip-version-check --only-binary=:all: \
    pyarrow==26.0.1 duckdb==2.0.1 polars==2.1.0 ||
    lacking "pyarrow 26.0.1, duckdb 2.0.1, polars 2.1.0 from PyPI"

venv/bin/python - <<'PYTHON'
import json
from datetime import date, datetime

import duckdb
import polars
import pyarrow.json

for library in pyarrow, duckdb, polars:
    print(library.__name__, library.__version__)

flow = {
    "signedAt": "2026-11-29T10:00:00+01:00",
    "birthdate": "1990-01-02",
    "birthnumber": 12345678901234567890123,
}
with open("flows.ndjson", "w") as file:
    file.write(json.dumps(flow) + "\n")

by_arrow = pyarrow.json.read_json("flows.ndjson").to_pylist()[0]
query = "SELECT epoch(signedAt), birthdate, birthnumber FROM 'flows.ndjson'"
by_duckdb = dict(zip(flow, duckdb.sql(query).fetchall()[0]))
by_polars = polars.read_ndjson("flows.ndjson").to_dicts()[0]
print("written:", flow)
print("pyarrow:", by_arrow)
print("duckdb (asked for signedAt in seconds since 1970):", by_duckdb)
print("polars: ", by_polars)

NINE = datetime(2026, 11, 29, 9)
assert by_arrow["signedAt"] == NINE and by_arrow["birthdate"] == datetime(1990, 1, 2)
assert isinstance(by_arrow["birthnumber"], float)
assert by_duckdb["signedAt"] == (NINE - datetime(1970, 1, 1)).total_seconds()
assert by_duckdb["birthdate"] == date(1990, 1, 2) and isinstance(by_duckdb["birthnumber"], float)
assert int(by_duckdb["birthnumber"]) != flow["birthnumber"]
assert by_polars == flow, "polars has changed something, too"
PYTHON
