#!/usr/bin/env bash
# What surprised
#   Whether a filtered pandas frame arrives over Arrow with one column more, `__index_level_0__`,
#   depends on which rows the filter dropped. Drop the first or the last of four and the schema
#   stays; drop one from the middle and the column appears, because only then is the index no longer
#   a range that needs no storing.
#
# Seen on 2026-11-29 with pandas 3.1.1 and pyarrow 26.0.1 from PyPI.
#
# Why it matters to pasby flows
#   A nightly job that leaves out cancelled flows hands on a table whose columns change from night
#   to night, with the data. A receiver that matches schemas, or that takes columns by their place,
#   fails on some nights only.
#
# How flowseal deals with it
#   flowseal.arrow finds the column of flows by its name and hands the others on by theirs, so that
#   one more disturbs nothing. `reset_index(drop=True)` before handing over keeps the schema.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v python3 >/dev/null || lacking "python3"
python3 -m venv venv || lacking "python3's module venv"
venv/bin/pip install --quiet --disable-pip-version-check --only-binary=:all: \
    pandas==3.1.1 pyarrow==26.0.1 || lacking "pandas 3.1.1, pyarrow 26.0.1 from PyPI"

venv/bin/python - <<'PYTHON'
import pandas
import pyarrow

print("pandas", pandas.__version__, "pyarrow", pyarrow.__version__)
frame = pandas.DataFrame({"flow": ["a", "b", "c", "d"]})
for dropped, more in [(0, False), (1, True), (2, True), (3, False)]:
    left = frame[frame.index != dropped]
    names = pyarrow.table(left).column_names
    print(f"row {dropped} dropped: columns {names}")
    assert names == (["flow", "__index_level_0__"] if more else ["flow"])
    assert pyarrow.table(left.reset_index(drop=True)).column_names == ["flow"]
PYTHON
