#!/usr/bin/env bash
# What surprised
#   Arrow's interface between libraries lets the receiver ask for a schema. Asked for a column of
#   type string, Polars exports string_view without a word, and pyarrow's `from_stream(…,
#   schema=…)`, which did the asking, hands that on as if it had been answered. Whatever relies on
#   the agreed type meets another one later, far from the cause; a cast afterwards gives the type
#   that was asked for.
#
# Seen on 2026-11-29 with polars 2.1.0 and pyarrow 26.0.1 from PyPI.
#
# Why it matters to pasby flows
#   Whoever takes columns of flows or gives columns of claims by this interface has to be ready for
#   all the ways in which Arrow can hold text, whatever was agreed.
#
# How flowseal deals with it
#   flowseal.arrow reads flows from text and binary columns of every layout and looks at the type
#   that came, not at the one that it would prefer.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v python3 >/dev/null || lacking "python3"
python3 -m venv venv || lacking "python3's module venv"
venv/bin/pip install --quiet --disable-pip-version-check --only-binary=:all: \
    polars==2.1.0 pyarrow==26.0.1 || lacking "polars 2.1.0, pyarrow 26.0.1 from PyPI"

venv/bin/python - <<'PYTHON'
import polars
import pyarrow

print("polars", polars.__version__, "pyarrow", pyarrow.__version__)
frame = polars.DataFrame({"flow": ["{}", None]})
wanted = pyarrow.schema([("flow", pyarrow.string())])
came = pyarrow.RecordBatchReader.from_stream(frame, schema=wanted)
print("asked for", wanted.field("flow").type, "and got", came.schema.field("flow").type)
assert came.schema.field("flow").type == pyarrow.string_view()
table = came.read_all()
cast = table.cast(wanted).schema.field("flow").type
print("a cast afterwards gives", cast)
assert cast == pyarrow.string()
PYTHON
