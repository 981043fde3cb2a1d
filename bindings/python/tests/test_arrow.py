"""Columns of flows, read and written by pyarrow and Polars."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import flowseal
import flowseal.arrow
from flowseal import testing

from .conftest import KEYS, NOW

ANYONE = flowseal.Expectations.unbound()


def flows() -> dict[str, str | None]:
    ada = testing.seal("req_1", persona="ada")
    return {
        "sound": ada.to_json(),
        "spoilt": ada.mutated("SwapClaims"),
        "pending": ada.mutated("DropClaims").replace('"signature"', '"was"'),
        "garbage": "{",
        "absent": None,
        "chidi": testing.seal("req_2", persona="chidi").to_json(),
        "nothing": testing.seal("req_3", persona="dayo").to_json(),
    }


# Claims that the catalogue does not have, which is odd but not refused.
ODD = pytest.mark.filterwarnings("ignore::flowseal.FlowsealWarning")


def opened(table: Any, key: flowseal.DecryptingKey, **more: Any) -> flowseal.arrow.OpenedColumns:
    verifier = flowseal.Verifier.trusting(KEYS / "user-2048.pub.pem")
    return flowseal.arrow.open_flows(
        table, key, verifier=verifier, expectations=ANYONE, now=NOW, **more
    )


@pytest.fixture(scope="module")
def table() -> pa.Table:
    rows = flows()
    return pa.table({"id": list(rows), "flow": list(rows.values()), "more": range(len(rows))})


def test_each_row_has_its_claims_or_its_code(
    table: pa.Table, key: flowseal.DecryptingKey
) -> None:
    columns = pa.table(opened(table, key))
    assert columns.column_names == ["id", "more", "claims", "verified", "error"]
    rows = {row["id"]: row for row in columns.to_pylist()}
    assert list(rows) == list(flows())
    assert {name: row["error"] for name, row in rows.items()} == {
        "sound": None,
        "spoilt": "signature_invalid",
        "pending": "flow_pending",
        "garbage": "json",
        "absent": "not_a_flow",
        "chidi": None,
        "nothing": None,
    }
    assert {name for name, row in rows.items() if row["verified"]} == {"sound", "chidi", "nothing"}
    sound = rows["sound"]["claims"]
    assert sound["naming"]["given"] == "Adébáyọ̀"
    assert sound["contact"]["emailVerified"] is True
    assert sound["nationality"]["nationalities"] == ["NG", "GB"]
    assert sound["hobbies"]["sports"] == {"0": None, "1": None}
    assert rows["chidi"]["claims"]["hobbies"]["sports"] == {"0": "football", "1": "chess"}
    assert rows["spoilt"]["claims"] is None
    assert rows["nothing"]["claims"]["naming"]["given"] is None


def test_the_columns_agree_with_one_flow_at_a_time(
    table: pa.Table, key: flowseal.DecryptingKey, verifier: flowseal.Verifier
) -> None:
    for row in pa.table(opened(table, key)).to_pylist():
        if row["error"] is None:
            flow = flowseal.Flow.from_json(flows()[row["id"]] or "")
            user = flowseal.Verifier.trusting(KEYS / "user-2048.pub.pem")
            claims = flow.verify(user, ANYONE, now=NOW).open(key)
            for path, value in claims.items():
                found = row["claims"]
                for name in path.split("."):
                    found = found[name]
                assert found == value


@ODD
def test_selected_paths_are_the_columns_whatever_the_flows_have(
    table: pa.Table, key: flowseal.DecryptingKey
) -> None:
    select = ["naming.given", "contact.emailVerified", "not.there"]
    columns = pa.table(opened(table, key, select=select))
    assert columns.schema.field("claims").type == pa.struct(
        [
            ("naming", pa.struct([("given", pa.string())])),
            ("contact", pa.struct([("emailVerified", pa.bool_())])),
            ("not", pa.struct([("there", pa.string())])),
        ]
    )
    first = columns.to_pylist()[0]["claims"]
    assert first == {
        "naming": {"given": "Adébáyọ̀"},
        "contact": {"emailVerified": True},
        "not": {"there": None},
    }


def test_a_claim_that_its_column_cannot_hold_is_a_row_with_a_code(
    key: flowseal.DecryptingKey,
) -> None:
    rows = [
        testing.seal("req_1", claims={"contact": {"emailVerified": "perhaps"}}).to_json(),
        testing.seal("req_2", claims={"contact": {"emailVerified": "true"}}).to_json(),
    ]
    columns = pa.table(opened(pa.table({"flow": rows}), key))
    assert columns["error"].to_pylist() == ["claim_type", None]
    assert columns["claims"].to_pylist() == [None, {"contact": {"emailVerified": True}}]
    # It was verified, whatever became of its claims.
    assert columns["verified"].to_pylist() == [True, True]


@ODD
def test_a_selected_group_has_the_columns_of_its_claims(
    table: pa.Table, key: flowseal.DecryptingKey
) -> None:
    columns = pa.table(opened(table, key, select=["not.there", "contact", "naming.given"]))
    claims = columns.schema.field("claims").type
    assert [claims.field(n).name for n in range(claims.num_fields)] == ["not", "contact", "naming"]
    assert claims.field("contact").type.field("emailVerified").type == pa.bool_()
    assert claims.field("naming").type == pa.struct([("given", pa.string())])
    rows = {row["id"]: row for row in columns.to_pylist()}
    assert rows["sound"]["error"] is None and rows["sound"]["verified"]
    contact = rows["sound"]["claims"]["contact"]
    assert contact["email"] == "ada@example.ng" and contact["emailVerified"] is True
    assert rows["nothing"]["error"] is None


def test_what_was_verified_is_shown_so_although_it_does_not_open(
    table: pa.Table,
) -> None:
    other = flowseal.DecryptingKey.load(KEYS / "other-2048.pem")
    rows = {row["id"]: row for row in pa.table(opened(table, other)).to_pylist()}
    assert rows["sound"]["error"] == "claim_unopenable"
    assert rows["sound"]["verified"] is True and rows["sound"]["claims"] is None
    assert rows["spoilt"]["verified"] is False


def test_a_row_that_is_refused_makes_no_columns(key: flowseal.DecryptingKey) -> None:
    strange = {"strange": {"name": "x", "more": "y"}}
    rows = [testing.seal("req_2", claims={"naming": {"given": "Ada"}}).to_json()]
    for mutation in ("SwapClaims", "ChangeSignature"):
        rows.append(testing.seal("req_3", claims=strange).mutated(mutation))
    columns = pa.table(opened(pa.table({"flow": rows}), key))
    assert columns["error"].to_pylist() == [None, "signature_invalid", "signature_invalid"]
    assert columns.schema.field("claims").type == pa.struct(
        [("naming", pa.struct([("given", pa.string())]))]
    )


@ODD
@pytest.mark.parametrize("select", [None, ["naming"], ["naming", "more"]])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_claim_where_others_have_a_group_costs_its_row_alone(
    key: flowseal.DecryptingKey, place: int, select: list[str] | None
) -> None:
    good = [{"naming": {"given": "Ada"}}, {"naming": {"given": "Chidi"}}]
    shapes: list[dict[str, Any]] = [*good]
    shapes.insert(place, {"naming": "a text"})
    rows = [testing.seal(f"req_{n}", claims=claims).to_json() for n, claims in enumerate(shapes)]
    columns = pa.table(opened(pa.table({"flow": rows}), key, select=select))
    errors = columns["error"].to_pylist()
    assert errors.pop(place) == "claim_type"
    assert errors == [None, None]
    given = [row["naming"]["given"] for row in columns["claims"].to_pylist() if row]
    assert given == ["Ada", "Chidi"]


def test_there_is_a_bound_to_the_columns_that_rows_can_make(key: flowseal.DecryptingKey) -> None:
    profile = flowseal.Profile(limits={"leaves": 8})
    rows = [
        testing.seal(f"req_{row}", claims={f"g{row}": {f"c{n}": "x" for n in range(4)}}).to_json()
        for row in range(4)
    ]
    rows.append(testing.seal("req_again", claims={"g1": {"c1": "y"}}).to_json())
    columns = pa.table(opened(pa.table({"flow": rows}), key, profile=profile))
    assert columns["error"].to_pylist() == [None, None, "too_many_leaves", "too_many_leaves", None]
    claims = columns.schema.field("claims").type
    assert sum(claims.field(n).type.num_fields for n in range(claims.num_fields)) == 8
    assert columns["claims"].to_pylist()[4]["g1"]["c1"] == "y"


@pytest.mark.parametrize("values", [pa.string(), pa.large_string(), pa.binary()])
def test_a_column_may_be_a_dictionary(key: flowseal.DecryptingKey, values: pa.DataType) -> None:
    texts = [flows()["sound"], None, "{", flows()["sound"]]
    column = pa.array(texts).cast(pa.binary()).cast(values).dictionary_encode()
    expected = [None, "not_a_flow", "json", None]
    columns = pa.table(opened(pa.table({"flow": column}), key))
    assert columns["error"].to_pylist() == expected
    given = [row and row["naming"]["given"] for row in columns["claims"].to_pylist()]
    assert given == ["Adébáyọ̀", None, None, "Adébáyọ̀"]
    sliced = pa.table(opened(pa.table({"flow": column}).slice(2, 2), key))
    assert sliced["error"].to_pylist() == expected[2:]
    nulls = pa.DictionaryArray.from_arrays(pa.array([None], pa.int8()), pa.array([], values))
    assert pa.table(opened(pa.table({"flow": nulls}), key))["error"].to_pylist() == ["not_a_flow"]


def test_polars_categoricals_come_in(key: flowseal.DecryptingKey) -> None:
    frame = pl.DataFrame({"flow": pl.Series([flows()["sound"], None], dtype=pl.Categorical)})
    assert pa.table(opened(frame, key))["error"].to_pylist() == [None, "not_a_flow"]


@pytest.mark.parametrize("ends", [pa.int16(), pa.int32(), pa.int64()])
def test_a_column_may_be_of_runs(key: flowseal.DecryptingKey, ends: pa.DataType) -> None:
    values = pa.array([flows()["sound"], None, "{"])
    column = pa.RunEndEncodedArray.from_arrays(pa.array([2, 3, 5], ends), values)
    expected = [None, None, "not_a_flow", "json", "json"]
    assert pa.table(opened(pa.table({"flow": column}), key))["error"].to_pylist() == expected
    sliced = opened(pa.table({"flow": column.slice(1, 3)}), key)
    assert pa.table(sliced)["error"].to_pylist() == expected[1:4]


def test_a_column_without_any_value_is_rows_without_flows(key: flowseal.DecryptingKey) -> None:
    columns = pa.table(opened(pa.table({"flow": pa.nulls(2), "id": [1, 2]}), key))
    assert columns["error"].to_pylist() == ["not_a_flow", "not_a_flow"]
    assert columns["id"].to_pylist() == [1, 2]


def test_polars_goes_in_and_out(table: pa.Table, key: flowseal.DecryptingKey) -> None:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    out = pl.DataFrame(opened(frame, key))
    assert out.columns == ["id", "more", "claims", "verified", "error"]
    given = out.select(pl.col("claims").struct.field("naming").struct.field("given"))
    assert given["given"].to_list()[0] == "Adébáyọ̀"
    assert out["error"].null_count() == 3


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view()],
)
def test_a_flow_is_text_or_binary(key: flowseal.DecryptingKey, kind: pa.DataType) -> None:
    table = pa.table({"flow": pa.array([flows()["sound"], None]).cast(pa.binary()).cast(kind)})
    columns = pa.table(opened(table, key))
    assert columns["error"].to_pylist() == [None, "not_a_flow"]


def test_batches_and_streams_come_in_too(table: pa.Table, key: flowseal.DecryptingKey) -> None:
    whole = pa.table(opened(table, key))
    batches = table.to_batches(max_chunksize=2)
    stream = pa.RecordBatchReader.from_batches(table.schema, batches)
    assert pa.table(opened(stream, key)).equals(whole)
    assert pa.table(opened(table.to_batches()[0], key)).equals(whole)
    assert pa.table(opened(table.slice(1, 3), key, select=["naming.given"])).num_rows == 3
    empty = pa.table(opened(table.slice(0, 0), key))
    assert empty.num_rows == 0
    assert empty.column_names == whole.column_names


def test_what_is_opened_unverified_is_never_shown_as_verified(
    table: pa.Table, key: flowseal.DecryptingKey
) -> None:
    columns = pa.table(
        flowseal.arrow.open_flows(table, key, expectations=ANYONE, unverified=True, now=NOW)
    )
    assert columns["verified"].to_pylist() == [False] * table.num_rows
    rows = dict(zip(columns["id"].to_pylist(), columns["error"].to_pylist(), strict=True))
    assert rows["sound"] is None and rows["garbage"] == "json" and rows["pending"] == "flow_pending"


def test_whether_flows_are_verified_has_to_be_said(
    table: pa.Table, key: flowseal.DecryptingKey, verifier: flowseal.Verifier
) -> None:
    for more in ({}, {"verifier": verifier, "unverified": True}):
        with pytest.raises(flowseal.InputError, match="verifier") as refused:
            flowseal.arrow.open_flows(table, key, expectations=ANYONE, **more)  # type: ignore[call-overload]
        assert refused.value.code == "usage"


def test_a_table_that_does_not_fit_is_refused(key: flowseal.DecryptingKey) -> None:
    for columns, word in (
        ({"flows": ["{}"]}, "no column"),
        ({"flow": [1]}, "type"),
        ({"flow": ["{}"], "error": ["mine"]}, "rename"),
    ):
        with pytest.raises(flowseal.InputError, match=word) as refused:
            opened(pa.table(columns), key)
        assert refused.value.code == "usage"
    with pytest.raises(flowseal.InputError, match="group"):
        opened(pa.table({"flow": ["{}"]}), key, select=["naming", "naming.given"])
    with pytest.raises(ValueError):
        opened([1], key)


def test_columns_can_be_read_again(table: pa.Table, key: flowseal.DecryptingKey) -> None:
    columns = opened(table, key)
    assert len(columns) == table.num_rows
    assert columns.column_names == ["id", "more", "claims", "verified", "error"]
    assert pa.table(columns).equals(pa.table(columns))


def test_neither_pyarrow_nor_anything_else_is_needed_at_run_time() -> None:
    program = (
        "import sys, flowseal, flowseal.arrow, flowseal.testing\n"
        "assert not {'pyarrow', 'numpy', 'polars', 'asyncio'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
