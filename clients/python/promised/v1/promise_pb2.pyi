from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.rpc import status_pb2 as _status_pb2
from promised.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CheckAvailabilityRequest(_message.Message):
    __slots__ = ("lines", "objective", "alternatives", "pegging", "scenario_id", "remedies", "most", "validate_only")
    LINES_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    PEGGING_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    REMEDIES_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    lines: _containers.RepeatedCompositeFieldContainer[_common_pb2.OrderLine]
    objective: _common_pb2.Objective
    alternatives: int
    pegging: bool
    scenario_id: str
    remedies: bool
    most: bool
    validate_only: bool
    def __init__(self, lines: _Optional[_Iterable[_Union[_common_pb2.OrderLine, _Mapping]]] = ..., objective: _Optional[_Union[_common_pb2.Objective, str]] = ..., alternatives: _Optional[int] = ..., pegging: bool = ..., scenario_id: _Optional[str] = ..., remedies: bool = ..., most: bool = ..., validate_only: bool = ...) -> None: ...

class CheckAvailabilityResponse(_message.Message):
    __slots__ = ("results", "sets", "version", "now")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    SETS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    NOW_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_common_pb2.LineResult]
    sets: _containers.RepeatedCompositeFieldContainer[_common_pb2.SetResult]
    version: _common_pb2.DataVersion
    now: _timestamp_pb2.Timestamp
    def __init__(self, results: _Optional[_Iterable[_Union[_common_pb2.LineResult, _Mapping]]] = ..., sets: _Optional[_Iterable[_Union[_common_pb2.SetResult, _Mapping]]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., now: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Force(_message.Message):
    __slots__ = ("by", "why")
    BY_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    by: str
    why: str
    def __init__(self, by: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...

class PromiseRequest(_message.Message):
    __slots__ = ("request_id", "lines", "commitment", "hold_for", "all_or_nothing", "objective", "alternatives", "pegging", "scenario_id", "force", "brief", "best_effort", "in_order")
    class Commitment(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        COMMITMENT_UNSPECIFIED: _ClassVar[PromiseRequest.Commitment]
        HOLD: _ClassVar[PromiseRequest.Commitment]
        CONFIRM: _ClassVar[PromiseRequest.Commitment]
    COMMITMENT_UNSPECIFIED: PromiseRequest.Commitment
    HOLD: PromiseRequest.Commitment
    CONFIRM: PromiseRequest.Commitment
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    COMMITMENT_FIELD_NUMBER: _ClassVar[int]
    HOLD_FOR_FIELD_NUMBER: _ClassVar[int]
    ALL_OR_NOTHING_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    PEGGING_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    BRIEF_FIELD_NUMBER: _ClassVar[int]
    BEST_EFFORT_FIELD_NUMBER: _ClassVar[int]
    IN_ORDER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    lines: _containers.RepeatedCompositeFieldContainer[_common_pb2.OrderLine]
    commitment: PromiseRequest.Commitment
    hold_for: _duration_pb2.Duration
    all_or_nothing: bool
    objective: _common_pb2.Objective
    alternatives: int
    pegging: bool
    scenario_id: str
    force: Force
    brief: bool
    best_effort: bool
    in_order: bool
    def __init__(self, request_id: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[_common_pb2.OrderLine, _Mapping]]] = ..., commitment: _Optional[_Union[PromiseRequest.Commitment, str]] = ..., hold_for: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., all_or_nothing: bool = ..., objective: _Optional[_Union[_common_pb2.Objective, str]] = ..., alternatives: _Optional[int] = ..., pegging: bool = ..., scenario_id: _Optional[str] = ..., force: _Optional[_Union[Force, _Mapping]] = ..., brief: bool = ..., best_effort: bool = ..., in_order: bool = ...) -> None: ...

class PromisedLine(_message.Message):
    __slots__ = ("promise_id", "order", "line", "state", "held_until", "result", "committed", "error", "status")
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    HELD_UNTIL_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    COMMITTED_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    promise_id: str
    order: str
    line: str
    state: Reservation.State
    held_until: _timestamp_pb2.Timestamp
    result: _common_pb2.LineResult
    committed: bool
    error: Error
    status: _status_pb2.Status
    def __init__(self, promise_id: _Optional[str] = ..., order: _Optional[str] = ..., line: _Optional[str] = ..., state: _Optional[_Union[Reservation.State, str]] = ..., held_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., result: _Optional[_Union[_common_pb2.LineResult, _Mapping]] = ..., committed: bool = ..., error: _Optional[_Union[Error, _Mapping]] = ..., status: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class PromiseResponse(_message.Message):
    __slots__ = ("promises", "sets", "version", "request_id", "now")
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    SETS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NOW_FIELD_NUMBER: _ClassVar[int]
    promises: _containers.RepeatedCompositeFieldContainer[PromisedLine]
    sets: _containers.RepeatedCompositeFieldContainer[_common_pb2.SetResult]
    version: _common_pb2.DataVersion
    request_id: str
    now: _timestamp_pb2.Timestamp
    def __init__(self, promises: _Optional[_Iterable[_Union[PromisedLine, _Mapping]]] = ..., sets: _Optional[_Iterable[_Union[_common_pb2.SetResult, _Mapping]]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., request_id: _Optional[str] = ..., now: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PromiseStreamResponse(_message.Message):
    __slots__ = ("request_id", "promised", "error", "status")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROMISED_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    promised: PromiseResponse
    error: Error
    status: _status_pb2.Status
    def __init__(self, request_id: _Optional[str] = ..., promised: _Optional[_Union[PromiseResponse, _Mapping]] = ..., error: _Optional[_Union[Error, _Mapping]] = ..., status: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class Error(_message.Message):
    __slots__ = ("code", "reason", "message", "violations", "retry_after", "metadata")
    class Violation(_message.Message):
        __slots__ = ("field", "description")
        FIELD_FIELD_NUMBER: _ClassVar[int]
        DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
        field: str
        description: str
        def __init__(self, field: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    VIOLATIONS_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    reason: str
    message: str
    violations: _containers.RepeatedCompositeFieldContainer[Error.Violation]
    retry_after: _duration_pb2.Duration
    metadata: _containers.ScalarMap[str, str]
    def __init__(self, code: _Optional[int] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., violations: _Optional[_Iterable[_Union[Error.Violation, _Mapping]]] = ..., retry_after: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., metadata: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Reservation(_message.Message):
    __slots__ = ("promise_id", "state", "held_until", "order", "line", "item", "quantity_requested", "quantity", "requested_date", "date_type", "customer", "zone", "demand_class", "priority", "legs", "rank", "cost", "profit", "created_at", "at_risk", "force", "terms", "history", "channel", "seller", "unit_price", "by", "value", "currency")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Reservation.State]
        HELD: _ClassVar[Reservation.State]
        CONFIRMED: _ClassVar[Reservation.State]
        FULFILLED: _ClassVar[Reservation.State]
        CANCELLED: _ClassVar[Reservation.State]
        EXPIRED: _ClassVar[Reservation.State]
    STATE_UNSPECIFIED: Reservation.State
    HELD: Reservation.State
    CONFIRMED: Reservation.State
    FULFILLED: Reservation.State
    CANCELLED: Reservation.State
    EXPIRED: Reservation.State
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    HELD_UNTIL_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_REQUESTED_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_DATE_FIELD_NUMBER: _ClassVar[int]
    DATE_TYPE_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    LEGS_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    PROFIT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    AT_RISK_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SELLER_FIELD_NUMBER: _ClassVar[int]
    UNIT_PRICE_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    promise_id: str
    state: Reservation.State
    held_until: _timestamp_pb2.Timestamp
    order: str
    line: str
    item: str
    quantity_requested: float
    quantity: float
    requested_date: str
    date_type: _common_pb2.OrderLine.DateType
    customer: str
    zone: str
    demand_class: str
    priority: int
    legs: _containers.RepeatedCompositeFieldContainer[_common_pb2.Leg]
    rank: int
    cost: float
    profit: float
    created_at: _timestamp_pb2.Timestamp
    at_risk: bool
    force: Force
    terms: _common_pb2.OrderLine
    history: _containers.RepeatedCompositeFieldContainer[PastStep]
    channel: str
    seller: str
    unit_price: float
    by: str
    value: float
    currency: str
    def __init__(self, promise_id: _Optional[str] = ..., state: _Optional[_Union[Reservation.State, str]] = ..., held_until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., order: _Optional[str] = ..., line: _Optional[str] = ..., item: _Optional[str] = ..., quantity_requested: _Optional[float] = ..., quantity: _Optional[float] = ..., requested_date: _Optional[str] = ..., date_type: _Optional[_Union[_common_pb2.OrderLine.DateType, str]] = ..., customer: _Optional[str] = ..., zone: _Optional[str] = ..., demand_class: _Optional[str] = ..., priority: _Optional[int] = ..., legs: _Optional[_Iterable[_Union[_common_pb2.Leg, _Mapping]]] = ..., rank: _Optional[int] = ..., cost: _Optional[float] = ..., profit: _Optional[float] = ..., created_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., at_risk: bool = ..., force: _Optional[_Union[Force, _Mapping]] = ..., terms: _Optional[_Union[_common_pb2.OrderLine, _Mapping]] = ..., history: _Optional[_Iterable[_Union[PastStep, _Mapping]]] = ..., channel: _Optional[str] = ..., seller: _Optional[str] = ..., unit_price: _Optional[float] = ..., by: _Optional[str] = ..., value: _Optional[float] = ..., currency: _Optional[str] = ...) -> None: ...

class PastStep(_message.Message):
    __slots__ = ("step", "at", "sequence", "state", "quantity", "ship_date", "by", "mover")
    class Step(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STEP_UNSPECIFIED: _ClassVar[PastStep.Step]
        PROMISED: _ClassVar[PastStep.Step]
        CONFIRMED: _ClassVar[PastStep.Step]
        CANCELLED: _ClassVar[PastStep.Step]
        AMENDED: _ClassVar[PastStep.Step]
        FULFILLED: _ClassVar[PastStep.Step]
        EXPIRED: _ClassVar[PastStep.Step]
        EXTENDED: _ClassVar[PastStep.Step]
        REOPENED: _ClassVar[PastStep.Step]
        REVERTED: _ClassVar[PastStep.Step]
    STEP_UNSPECIFIED: PastStep.Step
    PROMISED: PastStep.Step
    CONFIRMED: PastStep.Step
    CANCELLED: PastStep.Step
    AMENDED: PastStep.Step
    FULFILLED: PastStep.Step
    EXPIRED: PastStep.Step
    EXTENDED: PastStep.Step
    REOPENED: PastStep.Step
    REVERTED: PastStep.Step
    STEP_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    SHIP_DATE_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    MOVER_FIELD_NUMBER: _ClassVar[int]
    step: PastStep.Step
    at: _timestamp_pb2.Timestamp
    sequence: int
    state: Reservation.State
    quantity: float
    ship_date: str
    by: str
    mover: str
    def __init__(self, step: _Optional[_Union[PastStep.Step, str]] = ..., at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., sequence: _Optional[int] = ..., state: _Optional[_Union[Reservation.State, str]] = ..., quantity: _Optional[float] = ..., ship_date: _Optional[str] = ..., by: _Optional[str] = ..., mover: _Optional[str] = ...) -> None: ...

class ConfirmRequest(_message.Message):
    __slots__ = ("request_id", "promise_id", "quantity", "scenario_id", "promise_ids", "order", "line", "ledger")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    PROMISE_IDS_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    LEDGER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    promise_id: str
    quantity: float
    scenario_id: str
    promise_ids: _containers.RepeatedScalarFieldContainer[str]
    order: str
    line: str
    ledger: str
    def __init__(self, request_id: _Optional[str] = ..., promise_id: _Optional[str] = ..., quantity: _Optional[float] = ..., scenario_id: _Optional[str] = ..., promise_ids: _Optional[_Iterable[str]] = ..., order: _Optional[str] = ..., line: _Optional[str] = ..., ledger: _Optional[str] = ...) -> None: ...

class ConfirmResponse(_message.Message):
    __slots__ = ("promise", "rest", "version", "promises")
    PROMISE_FIELD_NUMBER: _ClassVar[int]
    REST_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    promise: Reservation
    rest: Reservation
    version: _common_pb2.DataVersion
    promises: _containers.RepeatedCompositeFieldContainer[Reservation]
    def __init__(self, promise: _Optional[_Union[Reservation, _Mapping]] = ..., rest: _Optional[_Union[Reservation, _Mapping]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., promises: _Optional[_Iterable[_Union[Reservation, _Mapping]]] = ...) -> None: ...

class CancelRequest(_message.Message):
    __slots__ = ("request_id", "promise_id", "quantity", "scenario_id", "promise_ids", "order", "line", "ledger")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    PROMISE_IDS_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    LEDGER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    promise_id: str
    quantity: float
    scenario_id: str
    promise_ids: _containers.RepeatedScalarFieldContainer[str]
    order: str
    line: str
    ledger: str
    def __init__(self, request_id: _Optional[str] = ..., promise_id: _Optional[str] = ..., quantity: _Optional[float] = ..., scenario_id: _Optional[str] = ..., promise_ids: _Optional[_Iterable[str]] = ..., order: _Optional[str] = ..., line: _Optional[str] = ..., ledger: _Optional[str] = ...) -> None: ...

class CancelResponse(_message.Message):
    __slots__ = ("promise", "version", "promises")
    PROMISE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    promise: Reservation
    version: _common_pb2.DataVersion
    promises: _containers.RepeatedCompositeFieldContainer[Reservation]
    def __init__(self, promise: _Optional[_Union[Reservation, _Mapping]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., promises: _Optional[_Iterable[_Union[Reservation, _Mapping]]] = ...) -> None: ...

class FulfilRequest(_message.Message):
    __slots__ = ("request_id", "promise_id", "order", "line", "ledger", "quantity", "shipped_at", "promise_ids", "scenario_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    LEDGER_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    SHIPPED_AT_FIELD_NUMBER: _ClassVar[int]
    PROMISE_IDS_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    promise_id: str
    order: str
    line: str
    ledger: str
    quantity: float
    shipped_at: _timestamp_pb2.Timestamp
    promise_ids: _containers.RepeatedScalarFieldContainer[str]
    scenario_id: str
    def __init__(self, request_id: _Optional[str] = ..., promise_id: _Optional[str] = ..., order: _Optional[str] = ..., line: _Optional[str] = ..., ledger: _Optional[str] = ..., quantity: _Optional[float] = ..., shipped_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., promise_ids: _Optional[_Iterable[str]] = ..., scenario_id: _Optional[str] = ...) -> None: ...

class FulfilResponse(_message.Message):
    __slots__ = ("promise", "version", "rest", "promises")
    PROMISE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REST_FIELD_NUMBER: _ClassVar[int]
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    promise: Reservation
    version: _common_pb2.DataVersion
    rest: Reservation
    promises: _containers.RepeatedCompositeFieldContainer[Reservation]
    def __init__(self, promise: _Optional[_Union[Reservation, _Mapping]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., rest: _Optional[_Union[Reservation, _Mapping]] = ..., promises: _Optional[_Iterable[_Union[Reservation, _Mapping]]] = ...) -> None: ...

class ReopenRequest(_message.Message):
    __slots__ = ("request_id", "promise_id", "scenario_id", "order", "line", "ledger")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    LEDGER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    promise_id: str
    scenario_id: str
    order: str
    line: str
    ledger: str
    def __init__(self, request_id: _Optional[str] = ..., promise_id: _Optional[str] = ..., scenario_id: _Optional[str] = ..., order: _Optional[str] = ..., line: _Optional[str] = ..., ledger: _Optional[str] = ...) -> None: ...

class ReopenResponse(_message.Message):
    __slots__ = ("promise", "version", "promises")
    PROMISE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    promise: Reservation
    version: _common_pb2.DataVersion
    promises: _containers.RepeatedCompositeFieldContainer[Reservation]
    def __init__(self, promise: _Optional[_Union[Reservation, _Mapping]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., promises: _Optional[_Iterable[_Union[Reservation, _Mapping]]] = ...) -> None: ...

class ExtendHoldRequest(_message.Message):
    __slots__ = ("request_id", "promise_ids", "order", "line", "hold_for", "scenario_id", "ledger")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROMISE_IDS_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    HOLD_FOR_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    LEDGER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    promise_ids: _containers.RepeatedScalarFieldContainer[str]
    order: str
    line: str
    hold_for: _duration_pb2.Duration
    scenario_id: str
    ledger: str
    def __init__(self, request_id: _Optional[str] = ..., promise_ids: _Optional[_Iterable[str]] = ..., order: _Optional[str] = ..., line: _Optional[str] = ..., hold_for: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., scenario_id: _Optional[str] = ..., ledger: _Optional[str] = ...) -> None: ...

class ExtendHoldResponse(_message.Message):
    __slots__ = ("promises", "version")
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    promises: _containers.RepeatedCompositeFieldContainer[Reservation]
    version: _common_pb2.DataVersion
    def __init__(self, promises: _Optional[_Iterable[_Union[Reservation, _Mapping]]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...

class SelfCheckRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SelfCheckResponse(_message.Message):
    __slots__ = ("promises", "accounts", "divergences", "overcommitted", "version", "idle")
    class Divergence(_message.Message):
        __slots__ = ("account", "date", "promised", "running")
        ACCOUNT_FIELD_NUMBER: _ClassVar[int]
        DATE_FIELD_NUMBER: _ClassVar[int]
        PROMISED_FIELD_NUMBER: _ClassVar[int]
        RUNNING_FIELD_NUMBER: _ClassVar[int]
        account: str
        date: str
        promised: float
        running: float
        def __init__(self, account: _Optional[str] = ..., date: _Optional[str] = ..., promised: _Optional[float] = ..., running: _Optional[float] = ...) -> None: ...
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    DIVERGENCES_FIELD_NUMBER: _ClassVar[int]
    OVERCOMMITTED_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    IDLE_FIELD_NUMBER: _ClassVar[int]
    promises: int
    accounts: int
    divergences: _containers.RepeatedCompositeFieldContainer[SelfCheckResponse.Divergence]
    overcommitted: _containers.RepeatedScalarFieldContainer[str]
    version: _common_pb2.DataVersion
    idle: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, promises: _Optional[int] = ..., accounts: _Optional[int] = ..., divergences: _Optional[_Iterable[_Union[SelfCheckResponse.Divergence, _Mapping]]] = ..., overcommitted: _Optional[_Iterable[str]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., idle: _Optional[_Iterable[str]] = ...) -> None: ...

class AmendRequest(_message.Message):
    __slots__ = ("request_id", "promise_id", "line", "objective", "pegging", "force", "scenario_id", "check_only", "ledger")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    PEGGING_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    CHECK_ONLY_FIELD_NUMBER: _ClassVar[int]
    LEDGER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    promise_id: str
    line: _common_pb2.OrderLine
    objective: _common_pb2.Objective
    pegging: bool
    force: Force
    scenario_id: str
    check_only: bool
    ledger: str
    def __init__(self, request_id: _Optional[str] = ..., promise_id: _Optional[str] = ..., line: _Optional[_Union[_common_pb2.OrderLine, _Mapping]] = ..., objective: _Optional[_Union[_common_pb2.Objective, str]] = ..., pegging: bool = ..., force: _Optional[_Union[Force, _Mapping]] = ..., scenario_id: _Optional[str] = ..., check_only: bool = ..., ledger: _Optional[str] = ...) -> None: ...

class AmendResponse(_message.Message):
    __slots__ = ("changed", "promise", "result", "version")
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    PROMISE_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    changed: bool
    promise: Reservation
    result: _common_pb2.LineResult
    version: _common_pb2.DataVersion
    def __init__(self, changed: bool = ..., promise: _Optional[_Union[Reservation, _Mapping]] = ..., result: _Optional[_Union[_common_pb2.LineResult, _Mapping]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...

class GetPromiseRequest(_message.Message):
    __slots__ = ("promise_id", "order", "line", "history", "scenario_id")
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    promise_id: str
    order: str
    line: str
    history: bool
    scenario_id: str
    def __init__(self, promise_id: _Optional[str] = ..., order: _Optional[str] = ..., line: _Optional[str] = ..., history: bool = ..., scenario_id: _Optional[str] = ...) -> None: ...

class GetPromiseResponse(_message.Message):
    __slots__ = ("promises", "version")
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    promises: _containers.RepeatedCompositeFieldContainer[Reservation]
    version: _common_pb2.DataVersion
    def __init__(self, promises: _Optional[_Iterable[_Union[Reservation, _Mapping]]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...

class ListPromisesRequest(_message.Message):
    __slots__ = ("order", "customer", "item", "location", "demand_class", "states", "at_risk", "ship_date_from", "ship_date_to", "page_size", "page_token", "scenario_id", "order_by", "query")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    AT_RISK_FIELD_NUMBER: _ClassVar[int]
    SHIP_DATE_FROM_FIELD_NUMBER: _ClassVar[int]
    SHIP_DATE_TO_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    order: str
    customer: str
    item: str
    location: str
    demand_class: str
    states: _containers.RepeatedScalarFieldContainer[Reservation.State]
    at_risk: bool
    ship_date_from: str
    ship_date_to: str
    page_size: int
    page_token: str
    scenario_id: str
    order_by: str
    query: str
    def __init__(self, order: _Optional[str] = ..., customer: _Optional[str] = ..., item: _Optional[str] = ..., location: _Optional[str] = ..., demand_class: _Optional[str] = ..., states: _Optional[_Iterable[_Union[Reservation.State, str]]] = ..., at_risk: bool = ..., ship_date_from: _Optional[str] = ..., ship_date_to: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., scenario_id: _Optional[str] = ..., order_by: _Optional[str] = ..., query: _Optional[str] = ...) -> None: ...

class ListPromisesResponse(_message.Message):
    __slots__ = ("promises", "next_page_token", "version", "total")
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    promises: _containers.RepeatedCompositeFieldContainer[Reservation]
    next_page_token: str
    version: _common_pb2.DataVersion
    total: int
    def __init__(self, promises: _Optional[_Iterable[_Union[Reservation, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., total: _Optional[int] = ...) -> None: ...

class GetPeggingRequest(_message.Message):
    __slots__ = ("promise_id", "demand", "supply", "on_hand", "resource", "scenario_id")
    class Account(_message.Message):
        __slots__ = ("item", "location")
        ITEM_FIELD_NUMBER: _ClassVar[int]
        LOCATION_FIELD_NUMBER: _ClassVar[int]
        item: str
        location: str
        def __init__(self, item: _Optional[str] = ..., location: _Optional[str] = ...) -> None: ...
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    DEMAND_FIELD_NUMBER: _ClassVar[int]
    SUPPLY_FIELD_NUMBER: _ClassVar[int]
    ON_HAND_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    promise_id: str
    demand: str
    supply: str
    on_hand: GetPeggingRequest.Account
    resource: str
    scenario_id: str
    def __init__(self, promise_id: _Optional[str] = ..., demand: _Optional[str] = ..., supply: _Optional[str] = ..., on_hand: _Optional[_Union[GetPeggingRequest.Account, _Mapping]] = ..., resource: _Optional[str] = ..., scenario_id: _Optional[str] = ...) -> None: ...

class Dependant(_message.Message):
    __slots__ = ("promise_id", "demand", "order", "line", "customer", "item", "quantity", "date", "days_late")
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    DEMAND_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    DAYS_LATE_FIELD_NUMBER: _ClassVar[int]
    promise_id: str
    demand: str
    order: str
    line: str
    customer: str
    item: str
    quantity: float
    date: str
    days_late: int
    def __init__(self, promise_id: _Optional[str] = ..., demand: _Optional[str] = ..., order: _Optional[str] = ..., line: _Optional[str] = ..., customer: _Optional[str] = ..., item: _Optional[str] = ..., quantity: _Optional[float] = ..., date: _Optional[str] = ..., days_late: _Optional[int] = ...) -> None: ...

class GetPeggingResponse(_message.Message):
    __slots__ = ("legs", "used_by", "version", "unpegged")
    LEGS_FIELD_NUMBER: _ClassVar[int]
    USED_BY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    UNPEGGED_FIELD_NUMBER: _ClassVar[int]
    legs: _containers.RepeatedCompositeFieldContainer[_common_pb2.Leg]
    used_by: _containers.RepeatedCompositeFieldContainer[Dependant]
    version: _common_pb2.DataVersion
    unpegged: float
    def __init__(self, legs: _Optional[_Iterable[_Union[_common_pb2.Leg, _Mapping]]] = ..., used_by: _Optional[_Iterable[_Union[Dependant, _Mapping]]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., unpegged: _Optional[float] = ...) -> None: ...

class ExplainRequest(_message.Message):
    __slots__ = ("promise_id", "scenario_id")
    PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    promise_id: str
    scenario_id: str
    def __init__(self, promise_id: _Optional[str] = ..., scenario_id: _Optional[str] = ...) -> None: ...

class ExplainResponse(_message.Message):
    __slots__ = ("promise", "now", "legs", "version")
    PROMISE_FIELD_NUMBER: _ClassVar[int]
    NOW_FIELD_NUMBER: _ClassVar[int]
    LEGS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    promise: Reservation
    now: _common_pb2.LineResult
    legs: _containers.RepeatedCompositeFieldContainer[_common_pb2.Leg]
    version: _common_pb2.DataVersion
    def __init__(self, promise: _Optional[_Union[Reservation, _Mapping]] = ..., now: _Optional[_Union[_common_pb2.LineResult, _Mapping]] = ..., legs: _Optional[_Iterable[_Union[_common_pb2.Leg, _Mapping]]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...
