from promised.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetAvailabilityRequest(_message.Message):
    __slots__ = ("item", "locations", "demand_class", "days", "scenario_id")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATIONS_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    item: str
    locations: _containers.RepeatedScalarFieldContainer[str]
    demand_class: str
    days: int
    scenario_id: str
    def __init__(self, item: _Optional[str] = ..., locations: _Optional[_Iterable[str]] = ..., demand_class: _Optional[str] = ..., days: _Optional[int] = ..., scenario_id: _Optional[str] = ..., **kwargs) -> None: ...

class GetAvailabilityResponse(_message.Message):
    __slots__ = ("item", "uom", "tables", "version")
    class Day(_message.Message):
        __slots__ = ("date", "supply", "demand", "balance", "available")
        DATE_FIELD_NUMBER: _ClassVar[int]
        SUPPLY_FIELD_NUMBER: _ClassVar[int]
        DEMAND_FIELD_NUMBER: _ClassVar[int]
        BALANCE_FIELD_NUMBER: _ClassVar[int]
        AVAILABLE_FIELD_NUMBER: _ClassVar[int]
        date: str
        supply: float
        demand: float
        balance: float
        available: float
        def __init__(self, date: _Optional[str] = ..., supply: _Optional[float] = ..., demand: _Optional[float] = ..., balance: _Optional[float] = ..., available: _Optional[float] = ...) -> None: ...
    class Table(_message.Message):
        __slots__ = ("location", "days")
        LOCATION_FIELD_NUMBER: _ClassVar[int]
        DAYS_FIELD_NUMBER: _ClassVar[int]
        location: str
        days: _containers.RepeatedCompositeFieldContainer[GetAvailabilityResponse.Day]
        def __init__(self, location: _Optional[str] = ..., days: _Optional[_Iterable[_Union[GetAvailabilityResponse.Day, _Mapping]]] = ...) -> None: ...
    ITEM_FIELD_NUMBER: _ClassVar[int]
    UOM_FIELD_NUMBER: _ClassVar[int]
    TABLES_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    item: str
    uom: str
    tables: _containers.RepeatedCompositeFieldContainer[GetAvailabilityResponse.Table]
    version: _common_pb2.DataVersion
    def __init__(self, item: _Optional[str] = ..., uom: _Optional[str] = ..., tables: _Optional[_Iterable[_Union[GetAvailabilityResponse.Table, _Mapping]]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...

class QuickCheckRequest(_message.Message):
    __slots__ = ("queries", "scenario_id", "columns")
    QUERIES_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    queries: _containers.RepeatedCompositeFieldContainer[Query]
    scenario_id: str
    columns: QueryColumns
    def __init__(self, queries: _Optional[_Iterable[_Union[Query, _Mapping]]] = ..., scenario_id: _Optional[str] = ..., columns: _Optional[_Union[QueryColumns, _Mapping]] = ...) -> None: ...

class QueryColumns(_message.Message):
    __slots__ = ("item", "location", "quantity", "date", "demand_class")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    item: _containers.RepeatedScalarFieldContainer[str]
    location: _containers.RepeatedScalarFieldContainer[str]
    quantity: _containers.RepeatedScalarFieldContainer[float]
    date: _containers.RepeatedScalarFieldContainer[str]
    demand_class: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, item: _Optional[_Iterable[str]] = ..., location: _Optional[_Iterable[str]] = ..., quantity: _Optional[_Iterable[float]] = ..., date: _Optional[_Iterable[str]] = ..., demand_class: _Optional[_Iterable[str]] = ...) -> None: ...

class Query(_message.Message):
    __slots__ = ("item", "location", "quantity", "date", "demand_class")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    item: str
    location: str
    quantity: float
    date: str
    demand_class: str
    def __init__(self, item: _Optional[str] = ..., location: _Optional[str] = ..., quantity: _Optional[float] = ..., date: _Optional[str] = ..., demand_class: _Optional[str] = ...) -> None: ...

class QuickCheckResponse(_message.Message):
    __slots__ = ("answers", "version", "columns")
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    answers: _containers.RepeatedCompositeFieldContainer[Quick]
    version: _common_pb2.DataVersion
    columns: QuickColumns
    def __init__(self, answers: _Optional[_Iterable[_Union[Quick, _Mapping]]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., columns: _Optional[_Union[QuickColumns, _Mapping]] = ...) -> None: ...

class QuickColumns(_message.Message):
    __slots__ = ("available", "earliest_day")
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    EARLIEST_DAY_FIELD_NUMBER: _ClassVar[int]
    available: _containers.RepeatedScalarFieldContainer[float]
    earliest_day: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, available: _Optional[_Iterable[float]] = ..., earliest_day: _Optional[_Iterable[int]] = ...) -> None: ...

class Quick(_message.Message):
    __slots__ = ("available", "earliest_date")
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    EARLIEST_DATE_FIELD_NUMBER: _ClassVar[int]
    available: float
    earliest_date: str
    def __init__(self, available: _Optional[float] = ..., earliest_date: _Optional[str] = ...) -> None: ...

class GetAccountRequest(_message.Message):
    __slots__ = ("item", "location", "days", "scenario_id")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    item: str
    location: str
    days: int
    scenario_id: str
    def __init__(self, item: _Optional[str] = ..., location: _Optional[str] = ..., days: _Optional[int] = ..., scenario_id: _Optional[str] = ..., **kwargs) -> None: ...

class AccountEvent(_message.Message):
    __slots__ = ("date", "quantity", "supply", "demand", "promise_id", "kind", "demand_class", "balance", "order", "line", "customer", "supplier")
    DATE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    SUPPLY_FIELD_NUMBER: _ClassVar[int]
    DEMAND_FIELD_NUMBER: _ClassVar[int]
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    date: str
    quantity: float
    supply: str
    demand: str
    promise_id: str
    kind: str
    demand_class: str
    balance: float
    order: str
    line: str
    customer: str
    supplier: str
    def __init__(self, date: _Optional[str] = ..., quantity: _Optional[float] = ..., supply: _Optional[str] = ..., demand: _Optional[str] = ..., promise_id: _Optional[str] = ..., kind: _Optional[str] = ..., demand_class: _Optional[str] = ..., balance: _Optional[float] = ..., order: _Optional[str] = ..., line: _Optional[str] = ..., customer: _Optional[str] = ..., supplier: _Optional[str] = ...) -> None: ...

class GetAccountResponse(_message.Message):
    __slots__ = ("item", "location", "uom", "events", "version")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    UOM_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    item: str
    location: str
    uom: str
    events: _containers.RepeatedCompositeFieldContainer[AccountEvent]
    version: _common_pb2.DataVersion
    def __init__(self, item: _Optional[str] = ..., location: _Optional[str] = ..., uom: _Optional[str] = ..., events: _Optional[_Iterable[_Union[AccountEvent, _Mapping]]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...

class GetCapacityRequest(_message.Message):
    __slots__ = ("resource", "supplier", "item", "days", "scenario_id")
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    resource: str
    supplier: str
    item: str
    days: int
    scenario_id: str
    def __init__(self, resource: _Optional[str] = ..., supplier: _Optional[str] = ..., item: _Optional[str] = ..., days: _Optional[int] = ..., scenario_id: _Optional[str] = ..., **kwargs) -> None: ...

class GetCapacityResponse(_message.Message):
    __slots__ = ("days", "version", "unlimited")
    class Taker(_message.Message):
        __slots__ = ("promise_id", "work_order", "hours", "quantity", "order", "line", "days_late")
        PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
        WORK_ORDER_FIELD_NUMBER: _ClassVar[int]
        HOURS_FIELD_NUMBER: _ClassVar[int]
        QUANTITY_FIELD_NUMBER: _ClassVar[int]
        ORDER_FIELD_NUMBER: _ClassVar[int]
        LINE_FIELD_NUMBER: _ClassVar[int]
        DAYS_LATE_FIELD_NUMBER: _ClassVar[int]
        promise_id: str
        work_order: str
        hours: float
        quantity: float
        order: str
        line: str
        days_late: int
        def __init__(self, promise_id: _Optional[str] = ..., work_order: _Optional[str] = ..., hours: _Optional[float] = ..., quantity: _Optional[float] = ..., order: _Optional[str] = ..., line: _Optional[str] = ..., days_late: _Optional[int] = ...) -> None: ...
    class Day(_message.Message):
        __slots__ = ("date", "capacity", "load", "free", "takers")
        DATE_FIELD_NUMBER: _ClassVar[int]
        CAPACITY_FIELD_NUMBER: _ClassVar[int]
        LOAD_FIELD_NUMBER: _ClassVar[int]
        FREE_FIELD_NUMBER: _ClassVar[int]
        TAKERS_FIELD_NUMBER: _ClassVar[int]
        date: str
        capacity: float
        load: float
        free: float
        takers: _containers.RepeatedCompositeFieldContainer[GetCapacityResponse.Taker]
        def __init__(self, date: _Optional[str] = ..., capacity: _Optional[float] = ..., load: _Optional[float] = ..., free: _Optional[float] = ..., takers: _Optional[_Iterable[_Union[GetCapacityResponse.Taker, _Mapping]]] = ...) -> None: ...
    DAYS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    UNLIMITED_FIELD_NUMBER: _ClassVar[int]
    days: _containers.RepeatedCompositeFieldContainer[GetCapacityResponse.Day]
    version: _common_pb2.DataVersion
    unlimited: bool
    def __init__(self, days: _Optional[_Iterable[_Union[GetCapacityResponse.Day, _Mapping]]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., unlimited: bool = ...) -> None: ...

class Threshold(_message.Message):
    __slots__ = ("item", "location", "demand_class", "date", "at_least")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    item: str
    location: str
    demand_class: str
    date: str
    at_least: float
    def __init__(self, item: _Optional[str] = ..., location: _Optional[str] = ..., demand_class: _Optional[str] = ..., date: _Optional[str] = ..., at_least: _Optional[float] = ...) -> None: ...

class WatchAvailabilityRequest(_message.Message):
    __slots__ = ("thresholds", "from_sequence")
    THRESHOLDS_FIELD_NUMBER: _ClassVar[int]
    FROM_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    thresholds: _containers.RepeatedCompositeFieldContainer[Threshold]
    from_sequence: int
    def __init__(self, thresholds: _Optional[_Iterable[_Union[Threshold, _Mapping]]] = ..., from_sequence: _Optional[int] = ...) -> None: ...

class AvailabilityCrossed(_message.Message):
    __slots__ = ("index", "item", "location", "available", "enough", "sequence", "position")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    ENOUGH_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    index: int
    item: str
    location: str
    available: float
    enough: bool
    sequence: int
    position: int
    def __init__(self, index: _Optional[int] = ..., item: _Optional[str] = ..., location: _Optional[str] = ..., available: _Optional[float] = ..., enough: bool = ..., sequence: _Optional[int] = ..., position: _Optional[int] = ...) -> None: ...
