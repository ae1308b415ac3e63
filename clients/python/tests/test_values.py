"""Decimals, dates, times and spans in and out."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from promised import amount, day, message, moment, plain
from promised.v1 import availability_pb2, common_pb2, promise_pb2


def test_amounts_are_exact_to_six_places():
    assert amount(0.1 + 0.2) == Decimal("0.3")
    assert str(amount(1000.0)) == "1000" and str(amount(2.50)) == "2.5" and str(amount(-0.0000001)) in ("0", "-0")
    line = message(common_pb2.OrderLine, quantity=Decimal("0.000001"), unit_price=3)
    assert (line.quantity, line.unit_price) == (0.000001, 3.0)
    with pytest.raises(ValueError, match="quantity: 0.0000001 has more than 6 decimals"):
        message(common_pb2.OrderLine, quantity=Decimal("0.0000001"))


def test_dates_go_in_as_dates():
    line = message(common_pb2.OrderLine, requested_date=date(2026, 11, 26), earliest_date="2026-11-25", latest_date=datetime(2026, 12, 1))
    assert (line.requested_date, line.earliest_date, line.latest_date) == ("2026-11-26", "2026-11-25", "2026-12-01")
    with pytest.raises(ValueError, match="a date is wanted"):
        message(common_pb2.OrderLine, requested_date=datetime(2026, 12, 1, 8))
    assert message(availability_pb2.GetAvailabilityRequest, from_=date(2026, 1, 2)) == availability_pb2.GetAvailabilityRequest(**{"from": "2026-01-02"})
    assert day("") is None and day("2026-11-26") == date(2026, 11, 26)
    assert moment("2026-11-29T16:00:00.5Z") == datetime(2026, 11, 29, 16, 0, 0, 500000, timezone.utc)


def test_messages_within_and_enums_by_name():
    at = datetime(2026, 11, 29, 16, tzinfo=timezone.utc)
    fields = {"lines": [{"order": "A", "ordered_at": at}], "hold_for": timedelta(minutes=10), "commitment": "HOLD", "objective": None}
    made = message(promise_pb2.PromiseRequest, **fields)
    back = plain(made)
    assert (back["hold_for"], back["commitment"], back["force"]) == (timedelta(minutes=10), "HOLD", None)
    assert back["lines"][0]["ordered_at"] == at and back["lines"][0]["quantity"] == 0
    with pytest.raises(TypeError, match="has no field quantty; it has: order"):
        message(promise_pb2.PromiseRequest, lines=[{"quantty": 1}])
