"""Tables in and out: columns, DataFrames, Arrow and Parquet. Nothing here needs pandas or pyarrow until it is asked for.

What comes out is `Columns`: `.frame()` is a pandas DataFrame, `.arrow()` a pyarrow Table, `.parquet(file)` writes one.
What goes in is a DataFrame, a dict of columns, a pyarrow Table or `Columns`.
"""

from __future__ import annotations

from datetime import date
from itertools import chain, groupby
from typing import Any, Iterable, Iterator, Mapping, Sequence

import grpc

from .errors import PromisedError
from .v1 import availability_pb2, common_pb2, promise_pb2
from .values import message

#: Questions of one call, as the server takes them.
QUESTIONS_MAX = 100_000
#: Promises of a page.
PAGE = 10_000

# What is in a column: text, numbers, whole numbers, days (ISO text; "" for none), points in time (nanoseconds), yes or no.
_KINDS = {"days_late": "int", "option": "int", "leg": "int", "rank": "int", "at_risk": "bool", "held_until": "time", "created_at": "time"}
_NUMBERS = {"quantity", "quantity_requested", "unit_price", "cost", "profit", "supply", "demand", "balance", "available"}


def _kind(name: str, values: Sequence[Any]) -> str:
    if name in _KINDS:
        return _KINDS[name]
    if name == "date" or name.endswith("_date"):
        return "day"
    # `supply` is a number in a time-phased table and a word in a promise; measures are numbers whatever they are called.
    first = next(iter(values[:1]), None)
    is_number = isinstance(first, float) or (name in _NUMBERS and not isinstance(first, str))
    return "number" if is_number else "text"


class Columns(dict):
    """Columns of one length by name: lists, or numpy arrays. An empty value is None; a zero is a zero."""

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.values()), ()))

    def arrow(self) -> Any:
        """A pyarrow Table: days as date32, points in time in UTC."""
        import pyarrow

        return pyarrow.table({name: _arrow(pyarrow, name, values) for name, values in self.items()})

    def frame(self) -> Any:
        """A pandas DataFrame: days as datetime64, points in time in UTC."""
        import pandas

        return pandas.DataFrame({name: _series(pandas, name, values) for name, values in self.items()})

    def parquet(self, file: Any) -> None:
        """Writes a Parquet file."""
        import pyarrow.parquet

        pyarrow.parquet.write_table(self.arrow(), file)


def _arrow(pyarrow: Any, name: str, values: Any) -> Any:
    kind = _kind(name, values)
    if kind == "day":
        return pyarrow.array([value or None for value in values], pyarrow.string()).cast(pyarrow.date32())
    types = {"int": pyarrow.int64(), "bool": pyarrow.bool_(), "time": pyarrow.timestamp("ns", "UTC"), "number": pyarrow.float64()}
    return pyarrow.array(values, types.get(kind, pyarrow.string()))


def _series(pandas: Any, name: str, values: Any) -> Any:
    kind = _kind(name, values)
    if kind == "day":
        return pandas.to_datetime(pandas.Series(values, dtype=object).replace("", None), format="%Y-%m-%d")
    if kind == "time":
        return pandas.to_datetime(pandas.Series(values, dtype="Int64"), unit="ns", utc=True)
    kinds = {"int": "Int64" if None in values else "int64", "bool": "bool", "number": "float64"}
    return pandas.Series(values, dtype=kinds.get(kind, object))


def columns(table: Any) -> dict[str, Any]:
    """The columns of a DataFrame, a pyarrow Table, or of a mapping."""
    if hasattr(table, "to_pydict"):
        return table.to_pydict()
    return {str(name): table[name] for name in table.keys()}


# Promises

def promises(client: Any, **filters: Any) -> Columns:
    """All promises that the filters of `promises.list` leave, a row a leg, columns as in `/v1/promises`."""
    return of_promises(_all(client, filters))


def _all(client: Any, filters: Mapping[str, Any]) -> Iterator[Any]:
    token = ""
    while True:
        page = client.promises.list(page_token=token, **{"page_size": PAGE, **filters})
        yield from page.promises
        token = page.next_page_token
        if not token:
            return


def of_promises(found: Iterable[promise_pb2.Reservation]) -> Columns:
    """A row a leg of each promise; one row without a leg where it has none."""
    none = common_pb2.Leg()
    both = [(promise, number, leg) for promise in found for number, leg in enumerate(promise.legs or (none,), 1)]
    heads = [promise for promise, _, _ in both]
    legs = [leg for _, _, leg in both]
    answer = Columns()
    answer["order"] = [p.order for p in heads]
    answer["line"] = [p.line for p in heads]
    answer["leg"] = [number for _, number, _ in both]
    answer["item"] = [leg.item or p.item for p, _, leg in both]
    answer["location"] = [leg.location for leg in legs]
    answer["ship_method"] = [leg.ship_method for leg in legs]
    answer["quantity"] = [leg.quantity for leg in legs]
    answer["ship_date"] = [leg.ship_date for leg in legs]
    answer["arrival_date"] = [leg.arrival_date for leg in legs]
    answer["days_late"] = [leg.days_late for leg in legs]
    answer["supply"] = [leg.supply for leg in legs]
    answer["rank"] = [leg.rank for leg in legs]
    for name in ("cost", "profit"):
        answer[name] = [getattr(p, name) if len(p.legs) < 2 else _known(leg, name) for p, _, leg in both]
    answer["promise_id"] = [p.promise_id for p in heads]
    states = _words(promise_pb2.Reservation.State)
    answer["state"] = [states[p.state] for p in heads]
    answer["customer"] = [p.customer for p in heads]
    answer["demand_class"] = [p.demand_class for p in heads]
    answer["requested_date"] = [p.requested_date for p in heads]
    kinds = {0: "ship", **_words(common_pb2.OrderLine.DateType)}
    answer["date_type"] = [kinds[p.date_type] for p in heads]
    answer["quantity_requested"] = [p.quantity_requested for p in heads]
    answer["unit_price"] = [_known(p.terms, "unit_price") for p in heads]
    answer["held_until"] = [_nanoseconds(p, "held_until") for p in heads]
    answer["at_risk"] = [p.at_risk for p in heads]
    answer["created_at"] = [_nanoseconds(p, "created_at") for p in heads]
    return answer


def _words(kind: Any) -> dict[int, str]:
    return {number: name.lower() for name, number in kind.items()}


def _known(holder: Any, field: str) -> float | None:
    """A number, None where it was not given."""
    known = holder.DESCRIPTOR.fields_by_name[field]
    return getattr(holder, field) if not known.has_presence or holder.HasField(field) else None


def _nanoseconds(holder: Any, field: str) -> int | None:
    if not holder.HasField(field):
        return None
    stamp = getattr(holder, field)
    return stamp.seconds * 1_000_000_000 + stamp.nanos


# Availability

def availability(client: Any, items: Iterable[str] | str, **asked: Any) -> Columns:
    """The time-phased tables of items, a row a day, columns as in `/v1/availability`; other fields as in `availability.get_availability`."""
    answer = Columns({name: [] for name in ("item", "location", "date", "supply", "demand", "balance", "available")})
    for item in [items] if isinstance(items, str) else items:
        for table in client.availability.get_availability(item=item, **asked).tables:
            days = table.days
            answer["item"] += [item] * len(days)
            answer["location"] += [table.location] * len(days)
            for name in ("date", "supply", "demand", "balance", "available"):
                answer[name] += [getattr(day, name) for day in days]
    return answer


def figures(client: Any, measures: Iterable[str], group_by: Iterable[str] = (), **asked: Any) -> Columns:
    """Measures by group, a row a group; other fields as in `analytics.query`: bucket, filter, from_, to, basis, top."""
    told = client.analytics.query(measures=measures, group_by=group_by, **asked)
    rows = [[*row.keys, *row.values, *row.with_values] for row in told.rows]
    return Columns(zip(told.columns, map(list, zip(*rows)))) if rows else Columns({name: [] for name in told.columns})


def export(client: Any, filter: str = "", **asked: Any) -> bytes:
    """All promises as the bytes of a Parquet file, written by the server: the fastest way for millions. `pyarrow.parquet.read_table(io.BytesIO(...))` reads it."""
    return b"".join(part.data for part in client.analytics.export(filter=filter, format="PARQUET", **asked))


def quick_check(client: Any, table: Any, *, scenario_id: str = "", timeout: float | None = None) -> Columns:
    """Asks a question a row and adds the columns `available` and `earliest_date`.

    The columns are `item`, `location`, `quantity`, and if wanted `date` and `demand_class`. They go to the server and come
    back as columns, 100,000 rows a call: there is no object a row.
    """
    asked = columns(table)
    rows = len(asked["item"])
    answer = Columns({name: asked[name] for name in asked})
    available: list[float] = []
    earliest: list[str] = []
    for start in range(0, rows, QUESTIONS_MAX):
        part = {name: values[start : start + QUESTIONS_MAX] for name, values in asked.items()}
        answered = client.availability.quick_check(_questions(part, scenario_id), timeout=timeout)
        if not answered.HasField("columns"):
            raise PromisedError(grpc.StatusCode.UNIMPLEMENTED, "the server is older than questions by columns")
        told = answered.columns
        available += told.available
        earliest += _days(told.earliest_day)
    answer["available"], answer["earliest_date"] = available, earliest
    return answer


def _questions(part: Mapping[str, Any], scenario_id: str) -> availability_pb2.QuickCheckRequest:
    request = availability_pb2.QuickCheckRequest(scenario_id=scenario_id)
    into = request.columns
    for name, place in (("item", into.item), ("location", into.location), ("demand_class", into.demand_class)):
        if name in part:
            place.extend(_list(part[name]))
    into.quantity.extend(_list(part["quantity"]))
    if "date" in part:
        into.date.extend(_iso(_list(part["date"])))
    return request


def _list(values: Any) -> Any:
    return values.tolist() if hasattr(values, "tolist") else values


def _iso(days: Sequence[Any]) -> list[str]:
    """Days as the server reads them; each is written once, however often it comes."""
    known = {day: "" if _missing(day) else day if isinstance(day, str) else day.isoformat()[:10] for day in set(days)}
    return [known[day] for day in days]


def _days(numbers: Sequence[int]) -> list[str]:
    """Days since 1970-01-01 as ISO text, "" for none."""
    first = date(1970, 1, 1).toordinal()
    known = {number: "" if number < 0 else date.fromordinal(first + number).isoformat() for number in set(numbers)}
    return [known[number] for number in numbers]


def _missing(value: Any) -> bool:
    """None, NaN or NaT: DataFrames have them where nothing was given."""
    return value is None or value != value


# Orders in, answers out

def lines(table: Any) -> list[common_pb2.OrderLine]:
    """Order lines of a table whose columns are those of an orders file (fields of OrderLine); others are refused."""
    found = columns(table)
    known = common_pb2.OrderLine.DESCRIPTOR.fields_by_name
    unknown = [name for name in found if name not in known]
    if unknown:
        raise TypeError(f"no columns of an order line: {', '.join(unknown)}; there are: {', '.join(known)}")
    values = {name: _list(column) for name, column in found.items()}
    # Order and line are often numbers in a table.
    texts = {name for name in values if known[name].type == known[name].TYPE_STRING and "date" not in name}
    words = {name for name in values if known[name].enum_type is not None}
    rows = zip(*values.values())
    answer = []
    for row in rows:
        fields = {name: value for name, value in zip(values, row) if not _missing(value) and value != ""}
        for name in texts & fields.keys():
            fields[name] = str(fields[name])
        for name in words & fields.keys():
            fields[name] = str(fields[name]).upper()
        answer.append(message(common_pb2.OrderLine, **fields))
    return answer


def check(client: Any, table: Any, **asked: Any) -> Columns:
    """Asks what could be promised of the order lines of a table; columns as `promised promise --format csv` has them."""
    results = []
    for part in _parts(lines(table)):
        results += client.promises.check_availability(lines=part, **asked).results
    return of_results(results)


def promise(client: Any, table: Any, *, request_id: str = "", **asked: Any) -> Columns:
    """Promises the order lines of a table; the lines of an order stay together. With a `request_id`, asked again with the
    same table it promises nothing twice."""
    results, ids = [], []
    for number, part in enumerate(_parts(lines(table)), 1):
        answer = client.promises.promise(lines=part, request_id=f"{request_id}/{number}" if request_id else "", **asked)
        results += [line.result for line in answer.promises]
        ids += [line.promise_id for line in answer.promises]
    return of_results(results, ids)


def _parts(found: list[common_pb2.OrderLine], most: int = 1_000) -> Iterator[list[common_pb2.OrderLine]]:
    """Whole orders, about so many lines a request."""
    part: list[common_pb2.OrderLine] = []
    for _, order in groupby(found, lambda line: line.order):
        of_order = list(order)
        if part and len(part) + len(of_order) > most:
            yield part
            part = []
        part += of_order
    if part:
        yield part


def of_results(results: Sequence[common_pb2.LineResult], promise_ids: Sequence[str] = ()) -> Columns:
    """A row a leg of the default option and of each alternative; one row for a line that gets nothing."""
    names = ["order", "line", "status", "option", "leg", "item", "location", "ship_method", "quantity", "ship_date", "arrival_date",
             "days_late", "supply", "rank", "cost", "profit", "reason"]
    answer = Columns({name: [] for name in names + (["promise_id"] if promise_ids else [])})
    statuses = _words(common_pb2.LineResult.Status)
    for position, result in enumerate(results):
        head = {"order": result.order, "line": result.line, "status": statuses[result.status]}
        head["reason"] = "; ".join(reason.text for reason in result.reasons)
        if promise_ids:
            head["promise_id"] = promise_ids[position]
        options = chain([result.default_option] if result.HasField("default_option") else [], result.alternatives)
        rows = [_leg(number, place, leg) for number, option in enumerate(options) for place, leg in enumerate(option.legs, 1)]
        for row in rows or [{}]:
            for name, column in answer.items():
                column.append(head[name] if name in head else row.get(name))
    return answer


def _leg(option: int, number: int, leg: common_pb2.Leg) -> dict[str, Any]:
    same = {name: getattr(leg, name) for name in ("item", "location", "ship_method", "quantity", "ship_date", "arrival_date", "days_late", "supply", "rank")}
    return {"option": option, "leg": number, "cost": _known(leg, "cost"), "profit": _known(leg, "profit"), **same}
