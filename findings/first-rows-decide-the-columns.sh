#!/usr/bin/env bash
# What surprised
#   Rows of claims, as dictionaries, go into a table, and a claim that the first person declined is
#   gone for everybody. pyarrow takes the columns from the first row alone; Polars from the first
#   hundred, so that a test with ten rows passes and a job with a thousand loses a column. Neither
#   warns. pandas takes the columns of all rows.
#
# Seen on 2026-11-29 with pyarrow 26.0.1, polars 2.1.0 and pandas 3.1.1 from PyPI.
#
# Why it matters to pasby flows
#   People may decline claims, so rows differ by nature. Which columns a job delivers then depends
#   on who happens to come first.
#
# How flowseal deals with it
#   flowseal.arrow makes its columns from all rows that opened; a claim that one row has is a
#   column, and is null in the others.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v python3 >/dev/null || lacking "python3"
python3 -m venv venv || lacking "python3's module venv"
venv/bin/pip install --quiet --disable-pip-version-check --only-binary=:all: \
    pyarrow==26.0.1 polars==2.1.0 pandas==3.1.1 ||
    lacking "pyarrow 26.0.1, polars 2.1.0, pandas 3.1.1 from PyPI"

venv/bin/python - <<'PYTHON'
import pandas
import polars
import pyarrow

for library in pyarrow, polars, pandas:
    print(library.__name__, library.__version__)

without = {"reference": "req_1", "naming.given": "Ada"}
complete = {"reference": "req_2", "naming.given": "Grace", "financial.bvn": "00122212345"}


def columns(before):
    """What each library makes of `before` people who declined and one who did not."""
    rows = [without] * before + [complete]
    return {
        "pyarrow": pyarrow.Table.from_pylist(rows).num_columns,
        "polars": polars.DataFrame(rows).width,
        "pandas": pandas.DataFrame(rows).shape[1],
    }


for before, expected in [
    (0, {"pyarrow": 3, "polars": 3, "pandas": 3}),
    (1, {"pyarrow": 2, "polars": 3, "pandas": 3}),
    (99, {"pyarrow": 2, "polars": 3, "pandas": 3}),
    (100, {"pyarrow": 2, "polars": 2, "pandas": 3}),
]:
    seen = columns(before)
    print(f"{before} rows without the claim, then one with it: columns {seen}")
    assert seen == expected, f"expected {expected}"
PYTHON
