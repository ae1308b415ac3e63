"""DataFrames, Arrow and Parquet, in and out."""

import datetime

import pytest

from promised import PromisedError, tables

pandas = pytest.importorskip("pandas")
pyarrow = pytest.importorskip("pyarrow")
import pyarrow.parquet  # noqa: E402

ORDERS = {"order": [1, 1, 2], "line": [1, 2, 1], "item": ["PUMP", "VALVE", "VALVE"], "quantity": [1, 2, 50.0],
          "requested_date": pandas.to_datetime(["2026-11-26"] * 3), "customer": ["NORDWIND", None, "NORDWIND"],
          "location": [None, "HAM", float("nan")], "date_type": ["ship", "ship", None]}


def test_orders_in_answers_out(client):
    orders = pandas.DataFrame(ORDERS)
    checked = tables.check(client, orders, alternatives=1).frame()
    assert list(checked["status"][:1]) == ["on_time"] and checked["status"].iloc[-1] == "unavailable"
    assert pandas.isna(checked["quantity"].iloc[-1]) and "never" in checked["reason"].iloc[-1]
    first = tables.promise(client, orders, request_id="T")
    assert first["promise_id"] == ["P1", "P2", ""]
    assert tables.promise(client, orders, request_id="T")["promise_id"] == ["P1", "P2", ""], "asked again"
    with pytest.raises(TypeError, match="no columns of an order line: qty"):
        tables.lines({"order": ["1"], "qty": [1]})


def test_promises_out(client, tmp_path):
    tables.promise(client, pandas.DataFrame(ORDERS))
    found = tables.promises(client, page_size=1)
    frame = found.frame()
    assert list(frame["promise_id"]) == ["P1", "P2"] and list(frame["cost"]) == [60.0, 40.0]
    assert frame["days_late"].tolist() == [0, 0], "zeros are zeros"
    assert frame["ship_date"].iloc[0] == pandas.Timestamp("2026-11-26") and pandas.isna(frame["held_until"].iloc[0])
    found.parquet(tmp_path / "promises.parquet")
    read = pyarrow.parquet.read_table(tmp_path / "promises.parquet")
    assert read.schema.field("ship_date").type == pyarrow.date32() and read["created_at"][0].as_py().tzinfo is not None
    assert tables.promises(client, customer="SUEDBAU").rows == 0 and tables.promises(client, customer="SUEDBAU").arrow().num_rows == 0


def test_availability_out(client):
    table = tables.availability(client, ["VALVE", "PUMP"], days=3).frame()
    assert list(table.columns) == ["item", "location", "date", "supply", "demand", "balance", "available"]
    assert table[table["item"] == "VALVE"]["available"].tolist() == [2.0, 2.0, 2.0]
    assert table["date"].iloc[0] == pandas.Timestamp("2026-11-23")


def test_figures_out(client):
    tables.promise(client, pandas.DataFrame(ORDERS))
    frame = tables.figures(client, ["lines", "on_time_lines"], ["item"]).frame()
    assert frame["item"].tolist() == ["PUMP", "VALVE"] and frame["lines"].sum() == 2.0
    read = pyarrow.parquet.read_table(pyarrow.BufferReader(tables.export(client)))
    assert read.num_rows == 2 and read.column_names[:2] == ["order", "line"]


@pytest.mark.parametrize("make", [dict, pandas.DataFrame, pyarrow.table])
def test_questions_by_columns(client, make):
    day = datetime.date(2026, 11, 25)
    asked = make({"item": ["VALVE", "VALVE", "VALVE"], "location": ["HAM"] * 3, "quantity": [2.0, 4.0, 50.0], "date": [None, day, day]})
    told = tables.quick_check(client, asked)
    assert told["available"] == [2.0, 2.0, 2.0] and told["earliest_date"] == ["2026-11-23", "2026-12-01", ""]
    assert told.frame()["earliest_date"].isna().tolist() == [False, False, True]
    with pytest.raises(PromisedError) as fault:
        tables.quick_check(client, {"item": ["VALVE", "NONE"], "location": ["HAM"] * 2, "quantity": [1, 1]})
    assert fault.value.violations[0].field == "columns[1].item"
