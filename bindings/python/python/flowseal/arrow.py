"""Columns of flows, over the Arrow PyCapsule interface: pyarrow, Polars, DuckDB, Spark and others.

    opened = flowseal.arrow.open_flows(table, key, verifier=verifier, expectations=expectations)
    polars.DataFrame(opened)  # or pyarrow.table(opened)

The column of flows (``column="flow"``) gives way to three: ``claims``, a struct with a field for each
path that opened; ``verified``, whatever became of the claims; and ``error``, the code of a row that is
refused, whose claims are null. A selected group has the columns of its claims. Where a path is a claim in
some rows and a group in others, the fewer are refused (``claim_type``), and so is a row that would bring
more columns than a flow may have leaves (``too_many_leaves``). Every other column stays. What an Arrow array holds is not wiped.
"""

from ._flowseal import OpenedColumns, open_flows

__all__ = ["OpenedColumns", "open_flows"]
