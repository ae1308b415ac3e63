"""Python's values in and out: Decimal, date, datetime, timedelta."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp

_SIX = Decimal("0.000001")


def amount(number: float) -> Decimal:
    """The exact decimal of a quantity or an amount of money: rounded to 6 places, no trailing zeros."""
    exact = Decimal(repr(number)).quantize(_SIX, ROUND_HALF_EVEN)
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()


def day(text: str) -> date | None:
    """The date of a field such as `ship_date`; None where it is empty."""
    return date.fromisoformat(text) if text else None


def moment(text: str) -> datetime | None:
    """The point in time of a field that holds RFC 3339 text, such as `RefreshSummary.at`; None where it is empty."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def message(kind: Any, **fields: Any) -> Any:
    """A message of this kind. Takes Decimal, date, datetime, timedelta, and dicts for messages within.

    A field whose name is a word of Python is written with an underscore after it: `from_`. A decimal with more than
    6 places is refused, as the server would: rounding it is the caller's choice.
    """
    answer = kind()
    for name, value in fields.items():
        known = answer.DESCRIPTOR.fields_by_name.get(name) or answer.DESCRIPTOR.fields_by_name.get(name.removesuffix("_"))
        if known is None:
            raise TypeError(f"{kind.DESCRIPTOR.name} has no field {name}; it has: {', '.join(answer.DESCRIPTOR.fields_by_name)}")
        if value is None:
            continue
        _set(answer, known, value)
    return answer


def _set(answer: Message, known: FieldDescriptor, value: Any) -> None:
    place = getattr(answer, known.name)
    entry = known.message_type
    if entry is not None and entry.GetOptions().map_entry:
        place.update({key: _into(answer, known, one) for key, one in value.items()})
    elif hasattr(place, "extend"):
        place.extend(_into(answer, known, one) for one in value)
    elif entry is not None:
        place.CopyFrom(_into(answer, known, value))
    else:
        setattr(answer, known.name, _into(answer, known, value))


def _into(answer: Message, known: FieldDescriptor, value: Any) -> Any:
    if isinstance(value, (str, float, int)):
        return value
    if isinstance(value, Decimal):
        if value != value.quantize(_SIX):
            raise ValueError(f"{known.name}: {value:f} has more than 6 decimals")
        return float(value)
    if isinstance(value, date):
        return _time(known, value) if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, timedelta):
        span = Duration()
        span.FromTimedelta(value)
        return span
    if isinstance(value, dict) and known.message_type is not None:
        return message(GetMessageClass(known.message_type), **value)
    return value


def _time(known: FieldDescriptor, value: datetime) -> Any:
    if known.message_type is not None:
        stamp = Timestamp()
        stamp.FromDatetime(value.astimezone(timezone.utc))
        return stamp
    # DataFrames have days as points in time.
    if value.time() != datetime.min.time() or value.tzinfo is not None:
        raise ValueError(f"{known.name}: {value} is a point in time; a date is wanted")
    return value.date().isoformat()


def plain(answer: Message) -> dict[str, Any]:
    """A message as a dict: doubles as Decimal, timestamps as datetime, enums by name, absent messages as None."""
    return {f.name: _out(answer, f) for f in answer.DESCRIPTOR.fields}


def _out(answer: Message, known: Any) -> Any:
    value = getattr(answer, known.name)
    entry = known.message_type
    if entry is not None and entry.GetOptions().map_entry:
        return dict(value)
    if hasattr(value, "extend"):
        return [_one(known, one) for one in value]
    if known.has_presence and not answer.HasField(known.name):
        return None
    return _one(known, value)


def _one(known: Any, value: Any) -> Any:
    if known.type == FieldDescriptor.TYPE_DOUBLE:
        return amount(value)
    if known.type == FieldDescriptor.TYPE_ENUM:
        by_number = known.enum_type.values_by_number.get(value)
        return by_number.name if by_number else value
    if known.message_type is None:
        return value
    if known.message_type.full_name == "google.protobuf.Timestamp":
        return value.ToDatetime(timezone.utc)
    if known.message_type.full_name == "google.protobuf.Duration":
        return value.ToTimedelta()
    return plain(value)
