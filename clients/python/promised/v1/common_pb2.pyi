from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Objective(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OBJECTIVE_UNSPECIFIED: _ClassVar[Objective]
    SOURCING_RANK: _ClassVar[Objective]
    EARLIEST: _ClassVar[Objective]
    LOWEST_COST: _ClassVar[Objective]
    HIGHEST_PROFIT: _ClassVar[Objective]
OBJECTIVE_UNSPECIFIED: Objective
SOURCING_RANK: Objective
EARLIEST: Objective
LOWEST_COST: Objective
HIGHEST_PROFIT: Objective

class DataVersion(_message.Message):
    __slots__ = ("snapshot_id", "as_of", "sequence", "ledger", "token", "epoch", "stale")
    SNAPSHOT_ID_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    LEDGER_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    STALE_FIELD_NUMBER: _ClassVar[int]
    snapshot_id: str
    as_of: str
    sequence: int
    ledger: str
    token: str
    epoch: int
    stale: bool
    def __init__(self, snapshot_id: _Optional[str] = ..., as_of: _Optional[str] = ..., sequence: _Optional[int] = ..., ledger: _Optional[str] = ..., token: _Optional[str] = ..., epoch: _Optional[int] = ..., stale: bool = ...) -> None: ...

class OrderLine(_message.Message):
    __slots__ = ("order", "line", "item", "quantity", "uom", "requested_date", "date_type", "customer", "zone", "location", "demand_class", "priority", "earliest_date", "latest_date", "ship_set", "arrival_set", "split", "min_split_quantity", "max_splits", "substitutes", "ship_method", "objective", "unit_price", "ordered_at", "source", "repeat", "ship_together", "channel", "seller")
    class DateType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        DATE_TYPE_UNSPECIFIED: _ClassVar[OrderLine.DateType]
        SHIP: _ClassVar[OrderLine.DateType]
        ARRIVAL: _ClassVar[OrderLine.DateType]
    DATE_TYPE_UNSPECIFIED: OrderLine.DateType
    SHIP: OrderLine.DateType
    ARRIVAL: OrderLine.DateType
    class Repeat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        REPEAT_UNSPECIFIED: _ClassVar[OrderLine.Repeat]
        REFUSE: _ClassVar[OrderLine.Repeat]
        ADD: _ClassVar[OrderLine.Repeat]
        REPLACE: _ClassVar[OrderLine.Repeat]
    REPEAT_UNSPECIFIED: OrderLine.Repeat
    REFUSE: OrderLine.Repeat
    ADD: OrderLine.Repeat
    REPLACE: OrderLine.Repeat
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    UOM_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_DATE_FIELD_NUMBER: _ClassVar[int]
    DATE_TYPE_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    EARLIEST_DATE_FIELD_NUMBER: _ClassVar[int]
    LATEST_DATE_FIELD_NUMBER: _ClassVar[int]
    SHIP_SET_FIELD_NUMBER: _ClassVar[int]
    ARRIVAL_SET_FIELD_NUMBER: _ClassVar[int]
    SPLIT_FIELD_NUMBER: _ClassVar[int]
    MIN_SPLIT_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    MAX_SPLITS_FIELD_NUMBER: _ClassVar[int]
    SUBSTITUTES_FIELD_NUMBER: _ClassVar[int]
    SHIP_METHOD_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    UNIT_PRICE_FIELD_NUMBER: _ClassVar[int]
    ORDERED_AT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REPEAT_FIELD_NUMBER: _ClassVar[int]
    SHIP_TOGETHER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SELLER_FIELD_NUMBER: _ClassVar[int]
    order: str
    line: str
    item: str
    quantity: float
    uom: str
    requested_date: str
    date_type: OrderLine.DateType
    customer: str
    zone: str
    location: str
    demand_class: str
    priority: int
    earliest_date: str
    latest_date: str
    ship_set: str
    arrival_set: str
    split: bool
    min_split_quantity: float
    max_splits: int
    substitutes: bool
    ship_method: str
    objective: Objective
    unit_price: float
    ordered_at: _timestamp_pb2.Timestamp
    source: str
    repeat: OrderLine.Repeat
    ship_together: str
    channel: str
    seller: str
    def __init__(self, order: _Optional[str] = ..., line: _Optional[str] = ..., item: _Optional[str] = ..., quantity: _Optional[float] = ..., uom: _Optional[str] = ..., requested_date: _Optional[str] = ..., date_type: _Optional[_Union[OrderLine.DateType, str]] = ..., customer: _Optional[str] = ..., zone: _Optional[str] = ..., location: _Optional[str] = ..., demand_class: _Optional[str] = ..., priority: _Optional[int] = ..., earliest_date: _Optional[str] = ..., latest_date: _Optional[str] = ..., ship_set: _Optional[str] = ..., arrival_set: _Optional[str] = ..., split: bool = ..., min_split_quantity: _Optional[float] = ..., max_splits: _Optional[int] = ..., substitutes: bool = ..., ship_method: _Optional[str] = ..., objective: _Optional[_Union[Objective, str]] = ..., unit_price: _Optional[float] = ..., ordered_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ..., repeat: _Optional[_Union[OrderLine.Repeat, str]] = ..., ship_together: _Optional[str] = ..., channel: _Optional[str] = ..., seller: _Optional[str] = ...) -> None: ...

class LineResult(_message.Message):
    __slots__ = ("order", "line", "status", "default_option", "alternatives", "available_on_requested_date", "reasons", "remedies", "most_by_requested_date", "left_out")
    class Status(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATUS_UNSPECIFIED: _ClassVar[LineResult.Status]
        ON_TIME: _ClassVar[LineResult.Status]
        LATE: _ClassVar[LineResult.Status]
        PARTIAL: _ClassVar[LineResult.Status]
        UNAVAILABLE: _ClassVar[LineResult.Status]
        REFUSED: _ClassVar[LineResult.Status]
        ALREADY_PROMISED: _ClassVar[LineResult.Status]
    STATUS_UNSPECIFIED: LineResult.Status
    ON_TIME: LineResult.Status
    LATE: LineResult.Status
    PARTIAL: LineResult.Status
    UNAVAILABLE: LineResult.Status
    REFUSED: LineResult.Status
    ALREADY_PROMISED: LineResult.Status
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_OPTION_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_ON_REQUESTED_DATE_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    REMEDIES_FIELD_NUMBER: _ClassVar[int]
    MOST_BY_REQUESTED_DATE_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    order: str
    line: str
    status: LineResult.Status
    default_option: Option
    alternatives: _containers.RepeatedCompositeFieldContainer[Option]
    available_on_requested_date: float
    reasons: _containers.RepeatedCompositeFieldContainer[Reason]
    remedies: _containers.RepeatedCompositeFieldContainer[Remedy]
    most_by_requested_date: float
    left_out: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, order: _Optional[str] = ..., line: _Optional[str] = ..., status: _Optional[_Union[LineResult.Status, str]] = ..., default_option: _Optional[_Union[Option, _Mapping]] = ..., alternatives: _Optional[_Iterable[_Union[Option, _Mapping]]] = ..., available_on_requested_date: _Optional[float] = ..., reasons: _Optional[_Iterable[_Union[Reason, _Mapping]]] = ..., remedies: _Optional[_Iterable[_Union[Remedy, _Mapping]]] = ..., most_by_requested_date: _Optional[float] = ..., left_out: _Optional[_Iterable[str]] = ...) -> None: ...

class Remedy(_message.Message):
    __slots__ = ("kind", "text", "supply", "days", "date", "resource", "hours", "item", "location", "quantity", "ship_method", "demand_class", "option")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[Remedy.Kind]
        EXPEDITE: _ClassVar[Remedy.Kind]
        HOURS: _ClassVar[Remedy.Kind]
        GOODS: _ClassVar[Remedy.Kind]
        SPLIT: _ClassVar[Remedy.Kind]
        SUBSTITUTE: _ClassVar[Remedy.Kind]
        SHIP_METHOD: _ClassVar[Remedy.Kind]
        SHIP_FROM: _ClassVar[Remedy.Kind]
        FROM_CLASS: _ClassVar[Remedy.Kind]
        HOUSE: _ClassVar[Remedy.Kind]
    KIND_UNSPECIFIED: Remedy.Kind
    EXPEDITE: Remedy.Kind
    HOURS: Remedy.Kind
    GOODS: Remedy.Kind
    SPLIT: Remedy.Kind
    SUBSTITUTE: Remedy.Kind
    SHIP_METHOD: Remedy.Kind
    SHIP_FROM: Remedy.Kind
    FROM_CLASS: Remedy.Kind
    HOUSE: Remedy.Kind
    class MoreHours(_message.Message):
        __slots__ = ("date", "hours")
        DATE_FIELD_NUMBER: _ClassVar[int]
        HOURS_FIELD_NUMBER: _ClassVar[int]
        date: str
        hours: float
        def __init__(self, date: _Optional[str] = ..., hours: _Optional[float] = ...) -> None: ...
    KIND_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SUPPLY_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    HOURS_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    SHIP_METHOD_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    OPTION_FIELD_NUMBER: _ClassVar[int]
    kind: Remedy.Kind
    text: str
    supply: str
    days: int
    date: str
    resource: str
    hours: _containers.RepeatedCompositeFieldContainer[Remedy.MoreHours]
    item: str
    location: str
    quantity: float
    ship_method: str
    demand_class: str
    option: Option
    def __init__(self, kind: _Optional[_Union[Remedy.Kind, str]] = ..., text: _Optional[str] = ..., supply: _Optional[str] = ..., days: _Optional[int] = ..., date: _Optional[str] = ..., resource: _Optional[str] = ..., hours: _Optional[_Iterable[_Union[Remedy.MoreHours, _Mapping]]] = ..., item: _Optional[str] = ..., location: _Optional[str] = ..., quantity: _Optional[float] = ..., ship_method: _Optional[str] = ..., demand_class: _Optional[str] = ..., option: _Optional[_Union[Option, _Mapping]] = ...) -> None: ...

class Option(_message.Message):
    __slots__ = ("rank", "summary", "legs", "economics", "days_late")
    RANK_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    LEGS_FIELD_NUMBER: _ClassVar[int]
    ECONOMICS_FIELD_NUMBER: _ClassVar[int]
    DAYS_LATE_FIELD_NUMBER: _ClassVar[int]
    rank: int
    summary: str
    legs: _containers.RepeatedCompositeFieldContainer[Leg]
    economics: Economics
    days_late: int
    def __init__(self, rank: _Optional[int] = ..., summary: _Optional[str] = ..., legs: _Optional[_Iterable[_Union[Leg, _Mapping]]] = ..., economics: _Optional[_Union[Economics, _Mapping]] = ..., days_late: _Optional[int] = ...) -> None: ...

class Leg(_message.Message):
    __slots__ = ("item", "location", "ship_method", "quantity", "covers", "ship_date", "arrival_date", "pegs", "need_date", "days_late", "supply", "rank", "cost", "profit")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    SHIP_METHOD_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    COVERS_FIELD_NUMBER: _ClassVar[int]
    SHIP_DATE_FIELD_NUMBER: _ClassVar[int]
    ARRIVAL_DATE_FIELD_NUMBER: _ClassVar[int]
    PEGS_FIELD_NUMBER: _ClassVar[int]
    NEED_DATE_FIELD_NUMBER: _ClassVar[int]
    DAYS_LATE_FIELD_NUMBER: _ClassVar[int]
    SUPPLY_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    PROFIT_FIELD_NUMBER: _ClassVar[int]
    item: str
    location: str
    ship_method: str
    quantity: float
    covers: float
    ship_date: str
    arrival_date: str
    pegs: _containers.RepeatedCompositeFieldContainer[Peg]
    need_date: str
    days_late: int
    supply: str
    rank: int
    cost: float
    profit: float
    def __init__(self, item: _Optional[str] = ..., location: _Optional[str] = ..., ship_method: _Optional[str] = ..., quantity: _Optional[float] = ..., covers: _Optional[float] = ..., ship_date: _Optional[str] = ..., arrival_date: _Optional[str] = ..., pegs: _Optional[_Iterable[_Union[Peg, _Mapping]]] = ..., need_date: _Optional[str] = ..., days_late: _Optional[int] = ..., supply: _Optional[str] = ..., rank: _Optional[int] = ..., cost: _Optional[float] = ..., profit: _Optional[float] = ...) -> None: ...

class Peg(_message.Message):
    __slots__ = ("item", "location", "quantity", "date", "stock", "make", "transfer", "buy", "infinite", "lead_time", "cost", "pegs")
    class Stock(_message.Message):
        __slots__ = ("supplies", "borrowed", "shares")
        class Supply(_message.Message):
            __slots__ = ("supply", "quantity", "planned_by", "date")
            SUPPLY_FIELD_NUMBER: _ClassVar[int]
            QUANTITY_FIELD_NUMBER: _ClassVar[int]
            PLANNED_BY_FIELD_NUMBER: _ClassVar[int]
            DATE_FIELD_NUMBER: _ClassVar[int]
            supply: str
            quantity: float
            planned_by: str
            date: str
            def __init__(self, supply: _Optional[str] = ..., quantity: _Optional[float] = ..., planned_by: _Optional[str] = ..., date: _Optional[str] = ...) -> None: ...
        class Share(_message.Message):
            __slots__ = ("demand_class", "quantity")
            DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
            QUANTITY_FIELD_NUMBER: _ClassVar[int]
            demand_class: str
            quantity: float
            def __init__(self, demand_class: _Optional[str] = ..., quantity: _Optional[float] = ...) -> None: ...
        SUPPLIES_FIELD_NUMBER: _ClassVar[int]
        BORROWED_FIELD_NUMBER: _ClassVar[int]
        SHARES_FIELD_NUMBER: _ClassVar[int]
        supplies: _containers.RepeatedCompositeFieldContainer[Peg.Stock.Supply]
        borrowed: float
        shares: _containers.RepeatedCompositeFieldContainer[Peg.Stock.Share]
        def __init__(self, supplies: _Optional[_Iterable[_Union[Peg.Stock.Supply, _Mapping]]] = ..., borrowed: _Optional[float] = ..., shares: _Optional[_Iterable[_Union[Peg.Stock.Share, _Mapping]]] = ...) -> None: ...
    class Make(_message.Message):
        __slots__ = ("work_definition", "start_date", "started", "hours")
        class Hours(_message.Message):
            __slots__ = ("resource", "date", "hours", "to")
            RESOURCE_FIELD_NUMBER: _ClassVar[int]
            DATE_FIELD_NUMBER: _ClassVar[int]
            HOURS_FIELD_NUMBER: _ClassVar[int]
            FROM_FIELD_NUMBER: _ClassVar[int]
            TO_FIELD_NUMBER: _ClassVar[int]
            resource: str
            date: str
            hours: float
            to: float
            def __init__(self, resource: _Optional[str] = ..., date: _Optional[str] = ..., hours: _Optional[float] = ..., to: _Optional[float] = ..., **kwargs) -> None: ...
        WORK_DEFINITION_FIELD_NUMBER: _ClassVar[int]
        START_DATE_FIELD_NUMBER: _ClassVar[int]
        STARTED_FIELD_NUMBER: _ClassVar[int]
        HOURS_FIELD_NUMBER: _ClassVar[int]
        work_definition: str
        start_date: str
        started: float
        hours: _containers.RepeatedCompositeFieldContainer[Peg.Make.Hours]
        def __init__(self, work_definition: _Optional[str] = ..., start_date: _Optional[str] = ..., started: _Optional[float] = ..., hours: _Optional[_Iterable[_Union[Peg.Make.Hours, _Mapping]]] = ...) -> None: ...
    class Transfer(_message.Message):
        __slots__ = ("ship_method", "ship_date")
        FROM_FIELD_NUMBER: _ClassVar[int]
        SHIP_METHOD_FIELD_NUMBER: _ClassVar[int]
        SHIP_DATE_FIELD_NUMBER: _ClassVar[int]
        ship_method: str
        ship_date: str
        def __init__(self, ship_method: _Optional[str] = ..., ship_date: _Optional[str] = ..., **kwargs) -> None: ...
    class Buy(_message.Message):
        __slots__ = ("supplier", "bought", "order_by")
        SUPPLIER_FIELD_NUMBER: _ClassVar[int]
        BOUGHT_FIELD_NUMBER: _ClassVar[int]
        ORDER_BY_FIELD_NUMBER: _ClassVar[int]
        supplier: str
        bought: float
        order_by: str
        def __init__(self, supplier: _Optional[str] = ..., bought: _Optional[float] = ..., order_by: _Optional[str] = ...) -> None: ...
    class Infinite(_message.Message):
        __slots__ = ()
        def __init__(self) -> None: ...
    class LeadTime(_message.Message):
        __slots__ = ()
        def __init__(self) -> None: ...
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    STOCK_FIELD_NUMBER: _ClassVar[int]
    MAKE_FIELD_NUMBER: _ClassVar[int]
    TRANSFER_FIELD_NUMBER: _ClassVar[int]
    BUY_FIELD_NUMBER: _ClassVar[int]
    INFINITE_FIELD_NUMBER: _ClassVar[int]
    LEAD_TIME_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    PEGS_FIELD_NUMBER: _ClassVar[int]
    item: str
    location: str
    quantity: float
    date: str
    stock: Peg.Stock
    make: Peg.Make
    transfer: Peg.Transfer
    buy: Peg.Buy
    infinite: Peg.Infinite
    lead_time: Peg.LeadTime
    cost: Costs
    pegs: _containers.RepeatedCompositeFieldContainer[Peg]
    def __init__(self, item: _Optional[str] = ..., location: _Optional[str] = ..., quantity: _Optional[float] = ..., date: _Optional[str] = ..., stock: _Optional[_Union[Peg.Stock, _Mapping]] = ..., make: _Optional[_Union[Peg.Make, _Mapping]] = ..., transfer: _Optional[_Union[Peg.Transfer, _Mapping]] = ..., buy: _Optional[_Union[Peg.Buy, _Mapping]] = ..., infinite: _Optional[_Union[Peg.Infinite, _Mapping]] = ..., lead_time: _Optional[_Union[Peg.LeadTime, _Mapping]] = ..., cost: _Optional[_Union[Costs, _Mapping]] = ..., pegs: _Optional[_Iterable[_Union[Peg, _Mapping]]] = ...) -> None: ...

class Costs(_message.Message):
    __slots__ = ("supply", "make", "freight", "handling", "lateness", "total")
    SUPPLY_FIELD_NUMBER: _ClassVar[int]
    MAKE_FIELD_NUMBER: _ClassVar[int]
    FREIGHT_FIELD_NUMBER: _ClassVar[int]
    HANDLING_FIELD_NUMBER: _ClassVar[int]
    LATENESS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    supply: float
    make: float
    freight: float
    handling: float
    lateness: float
    total: float
    def __init__(self, supply: _Optional[float] = ..., make: _Optional[float] = ..., freight: _Optional[float] = ..., handling: _Optional[float] = ..., lateness: _Optional[float] = ..., total: _Optional[float] = ...) -> None: ...

class Economics(_message.Message):
    __slots__ = ("price", "cost", "profit", "costs", "currency")
    PRICE_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    PROFIT_FIELD_NUMBER: _ClassVar[int]
    COSTS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    price: float
    cost: float
    profit: float
    costs: Costs
    currency: str
    def __init__(self, price: _Optional[float] = ..., cost: _Optional[float] = ..., profit: _Optional[float] = ..., costs: _Optional[_Union[Costs, _Mapping]] = ..., currency: _Optional[str] = ...) -> None: ...

class Reason(_message.Message):
    __slots__ = ("code", "text", "account", "item", "location", "from_location", "resource", "supplier", "work_definition", "date", "until_date", "available", "days", "order", "line", "demand_class", "given", "kept", "takers", "ship_method")
    class Code(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        CODE_UNSPECIFIED: _ClassVar[Reason.Code]
        NO_SHIP_FROM: _ClassVar[Reason.Code]
        NO_LANE: _ClassVar[Reason.Code]
        NO_METHOD: _ClassVar[Reason.Code]
        STOCK: _ClassVar[Reason.Code]
        COMMITTED: _ClassVar[Reason.Code]
        RESOURCE: _ClassVar[Reason.Code]
        LEAD_TIME: _ClassVar[Reason.Code]
        SUPPLIER_CAPACITY: _ClassVar[Reason.Code]
        DURATION: _ClassVar[Reason.Code]
        TRANSIT: _ClassVar[Reason.Code]
        EARLIEST_SHIP: _ClassVar[Reason.Code]
        HOUSE_FULL: _ClassVar[Reason.Code]
        DEPTH: _ClassVar[Reason.Code]
        AFTER_LATEST: _ClassVar[Reason.Code]
        SET_FAILED: _ClassVar[Reason.Code]
        SET_WAITS: _ClassVar[Reason.Code]
        SHARE: _ClassVar[Reason.Code]
        PROMISED_BEFORE: _ClassVar[Reason.Code]
        CAP: _ClassVar[Reason.Code]
        AFTER_HORIZON: _ClassVar[Reason.Code]
        EARLIEST_ARRIVAL: _ClassVar[Reason.Code]
        SET_TAKES: _ClassVar[Reason.Code]
        FORECAST: _ClassVar[Reason.Code]
        EFFORT: _ClassVar[Reason.Code]
    CODE_UNSPECIFIED: Reason.Code
    NO_SHIP_FROM: Reason.Code
    NO_LANE: Reason.Code
    NO_METHOD: Reason.Code
    STOCK: Reason.Code
    COMMITTED: Reason.Code
    RESOURCE: Reason.Code
    LEAD_TIME: Reason.Code
    SUPPLIER_CAPACITY: Reason.Code
    DURATION: Reason.Code
    TRANSIT: Reason.Code
    EARLIEST_SHIP: Reason.Code
    HOUSE_FULL: Reason.Code
    DEPTH: Reason.Code
    AFTER_LATEST: Reason.Code
    SET_FAILED: Reason.Code
    SET_WAITS: Reason.Code
    SHARE: Reason.Code
    PROMISED_BEFORE: Reason.Code
    CAP: Reason.Code
    AFTER_HORIZON: Reason.Code
    EARLIEST_ARRIVAL: Reason.Code
    SET_TAKES: Reason.Code
    FORECAST: Reason.Code
    EFFORT: Reason.Code
    class KeptFor(_message.Message):
        __slots__ = ("demand_class", "quantity")
        DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
        QUANTITY_FIELD_NUMBER: _ClassVar[int]
        demand_class: str
        quantity: float
        def __init__(self, demand_class: _Optional[str] = ..., quantity: _Optional[float] = ...) -> None: ...
    class Taker(_message.Message):
        __slots__ = ("kind", "demand", "date", "quantity")
        KIND_FIELD_NUMBER: _ClassVar[int]
        DEMAND_FIELD_NUMBER: _ClassVar[int]
        DATE_FIELD_NUMBER: _ClassVar[int]
        QUANTITY_FIELD_NUMBER: _ClassVar[int]
        kind: str
        demand: str
        date: str
        quantity: float
        def __init__(self, kind: _Optional[str] = ..., demand: _Optional[str] = ..., date: _Optional[str] = ..., quantity: _Optional[float] = ...) -> None: ...
    CODE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    FROM_LOCATION_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    WORK_DEFINITION_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DATE_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    GIVEN_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    TAKERS_FIELD_NUMBER: _ClassVar[int]
    SHIP_METHOD_FIELD_NUMBER: _ClassVar[int]
    code: Reason.Code
    text: str
    account: str
    item: str
    location: str
    from_location: str
    resource: str
    supplier: str
    work_definition: str
    date: str
    until_date: str
    available: float
    days: int
    order: str
    line: str
    demand_class: str
    given: float
    kept: _containers.RepeatedCompositeFieldContainer[Reason.KeptFor]
    takers: _containers.RepeatedCompositeFieldContainer[Reason.Taker]
    ship_method: str
    def __init__(self, code: _Optional[_Union[Reason.Code, str]] = ..., text: _Optional[str] = ..., account: _Optional[str] = ..., item: _Optional[str] = ..., location: _Optional[str] = ..., from_location: _Optional[str] = ..., resource: _Optional[str] = ..., supplier: _Optional[str] = ..., work_definition: _Optional[str] = ..., date: _Optional[str] = ..., until_date: _Optional[str] = ..., available: _Optional[float] = ..., days: _Optional[int] = ..., order: _Optional[str] = ..., line: _Optional[str] = ..., demand_class: _Optional[str] = ..., given: _Optional[float] = ..., kept: _Optional[_Iterable[_Union[Reason.KeptFor, _Mapping]]] = ..., takers: _Optional[_Iterable[_Union[Reason.Taker, _Mapping]]] = ..., ship_method: _Optional[str] = ...) -> None: ...

class SetResult(_message.Message):
    __slots__ = ("order", "set", "kind", "lines", "date", "given_up")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[SetResult.Kind]
        SHIP_SET: _ClassVar[SetResult.Kind]
        ARRIVAL_SET: _ClassVar[SetResult.Kind]
        SHIP_TOGETHER: _ClassVar[SetResult.Kind]
    KIND_UNSPECIFIED: SetResult.Kind
    SHIP_SET: SetResult.Kind
    ARRIVAL_SET: SetResult.Kind
    SHIP_TOGETHER: SetResult.Kind
    ORDER_FIELD_NUMBER: _ClassVar[int]
    SET_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    GIVEN_UP_FIELD_NUMBER: _ClassVar[int]
    order: str
    set: str
    kind: SetResult.Kind
    lines: _containers.RepeatedScalarFieldContainer[str]
    date: str
    given_up: bool
    def __init__(self, order: _Optional[str] = ..., set: _Optional[str] = ..., kind: _Optional[_Union[SetResult.Kind, str]] = ..., lines: _Optional[_Iterable[str]] = ..., date: _Optional[str] = ..., given_up: bool = ...) -> None: ...
