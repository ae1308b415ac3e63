from google.protobuf import timestamp_pb2 as _timestamp_pb2
from promised.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Scenario(_message.Message):
    __slots__ = ("scenario_id", "name", "created", "expires", "changes", "promises_changed", "version", "taken_at_sequence", "applied_at_sequence", "at_risk", "bytes", "etag", "left_out", "owner", "changes_made")
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CREATED_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    PROMISES_CHANGED_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TAKEN_AT_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    APPLIED_AT_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    AT_RISK_FIELD_NUMBER: _ClassVar[int]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    CHANGES_MADE_FIELD_NUMBER: _ClassVar[int]
    scenario_id: str
    name: str
    created: str
    expires: str
    changes: int
    promises_changed: int
    version: _common_pb2.DataVersion
    taken_at_sequence: int
    applied_at_sequence: int
    at_risk: int
    bytes: int
    etag: str
    left_out: _containers.RepeatedScalarFieldContainer[str]
    owner: str
    changes_made: _containers.RepeatedCompositeFieldContainer[Change]
    def __init__(self, scenario_id: _Optional[str] = ..., name: _Optional[str] = ..., created: _Optional[str] = ..., expires: _Optional[str] = ..., changes: _Optional[int] = ..., promises_changed: _Optional[int] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., taken_at_sequence: _Optional[int] = ..., applied_at_sequence: _Optional[int] = ..., at_risk: _Optional[int] = ..., bytes: _Optional[int] = ..., etag: _Optional[str] = ..., left_out: _Optional[_Iterable[str]] = ..., owner: _Optional[str] = ..., changes_made: _Optional[_Iterable[_Union[Change, _Mapping]]] = ...) -> None: ...

class GetScenarioRequest(_message.Message):
    __slots__ = ("scenario_id",)
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    scenario_id: str
    def __init__(self, scenario_id: _Optional[str] = ...) -> None: ...

class CreateScenarioRequest(_message.Message):
    __slots__ = ("name", "from_scenario_id", "keep_seconds", "at_sequence")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FROM_SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    KEEP_SECONDS_FIELD_NUMBER: _ClassVar[int]
    AT_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    name: str
    from_scenario_id: str
    keep_seconds: int
    at_sequence: int
    def __init__(self, name: _Optional[str] = ..., from_scenario_id: _Optional[str] = ..., keep_seconds: _Optional[int] = ..., at_sequence: _Optional[int] = ...) -> None: ...

class Change(_message.Message):
    __slots__ = ("change", "cells")
    class CellsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    CELLS_FIELD_NUMBER: _ClassVar[int]
    change: str
    cells: _containers.ScalarMap[str, str]
    def __init__(self, change: _Optional[str] = ..., cells: _Optional[_Mapping[str, str]] = ...) -> None: ...

class OrderPriority(_message.Message):
    __slots__ = ("order", "line", "priority")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    order: str
    line: str
    priority: int
    def __init__(self, order: _Optional[str] = ..., line: _Optional[str] = ..., priority: _Optional[int] = ...) -> None: ...

class ChangeScenarioRequest(_message.Message):
    __slots__ = ("scenario_id", "changes", "priorities")
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    PRIORITIES_FIELD_NUMBER: _ClassVar[int]
    scenario_id: str
    changes: _containers.RepeatedCompositeFieldContainer[Change]
    priorities: _containers.RepeatedCompositeFieldContainer[OrderPriority]
    def __init__(self, scenario_id: _Optional[str] = ..., changes: _Optional[_Iterable[_Union[Change, _Mapping]]] = ..., priorities: _Optional[_Iterable[_Union[OrderPriority, _Mapping]]] = ...) -> None: ...

class CompareRequest(_message.Message):
    __slots__ = ("scenario_id", "with_scenario_id", "lines_max", "groups_max")
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    WITH_SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    LINES_MAX_FIELD_NUMBER: _ClassVar[int]
    GROUPS_MAX_FIELD_NUMBER: _ClassVar[int]
    scenario_id: str
    with_scenario_id: str
    lines_max: int
    groups_max: int
    def __init__(self, scenario_id: _Optional[str] = ..., with_scenario_id: _Optional[str] = ..., lines_max: _Optional[int] = ..., groups_max: _Optional[int] = ...) -> None: ...

class Kpi(_message.Message):
    __slots__ = ("lines", "on_time_share", "fill_rate", "days_late_mean", "days_late_p95", "days_late_max", "revenue", "revenue_on_time", "cost", "profit", "at_risk", "revenue_at_risk")
    LINES_FIELD_NUMBER: _ClassVar[int]
    ON_TIME_SHARE_FIELD_NUMBER: _ClassVar[int]
    FILL_RATE_FIELD_NUMBER: _ClassVar[int]
    DAYS_LATE_MEAN_FIELD_NUMBER: _ClassVar[int]
    DAYS_LATE_P95_FIELD_NUMBER: _ClassVar[int]
    DAYS_LATE_MAX_FIELD_NUMBER: _ClassVar[int]
    REVENUE_FIELD_NUMBER: _ClassVar[int]
    REVENUE_ON_TIME_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    PROFIT_FIELD_NUMBER: _ClassVar[int]
    AT_RISK_FIELD_NUMBER: _ClassVar[int]
    REVENUE_AT_RISK_FIELD_NUMBER: _ClassVar[int]
    lines: int
    on_time_share: float
    fill_rate: float
    days_late_mean: float
    days_late_p95: int
    days_late_max: int
    revenue: float
    revenue_on_time: float
    cost: float
    profit: float
    at_risk: int
    revenue_at_risk: float
    def __init__(self, lines: _Optional[int] = ..., on_time_share: _Optional[float] = ..., fill_rate: _Optional[float] = ..., days_late_mean: _Optional[float] = ..., days_late_p95: _Optional[int] = ..., days_late_max: _Optional[int] = ..., revenue: _Optional[float] = ..., revenue_on_time: _Optional[float] = ..., cost: _Optional[float] = ..., profit: _Optional[float] = ..., at_risk: _Optional[int] = ..., revenue_at_risk: _Optional[float] = ...) -> None: ...

class KpiGroup(_message.Message):
    __slots__ = ("dimension", "key", "before", "after")
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    dimension: str
    key: str
    before: Kpi
    after: Kpi
    def __init__(self, dimension: _Optional[str] = ..., key: _Optional[str] = ..., before: _Optional[_Union[Kpi, _Mapping]] = ..., after: _Optional[_Union[Kpi, _Mapping]] = ...) -> None: ...

class LineStanding(_message.Message):
    __slots__ = ("promised", "on_time", "date", "days_late", "profit", "at_risk", "location", "revenue", "revenue_on_time", "cost")
    PROMISED_FIELD_NUMBER: _ClassVar[int]
    ON_TIME_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    DAYS_LATE_FIELD_NUMBER: _ClassVar[int]
    PROFIT_FIELD_NUMBER: _ClassVar[int]
    AT_RISK_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    REVENUE_FIELD_NUMBER: _ClassVar[int]
    REVENUE_ON_TIME_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    promised: float
    on_time: float
    date: str
    days_late: int
    profit: float
    at_risk: bool
    location: str
    revenue: float
    revenue_on_time: float
    cost: float
    def __init__(self, promised: _Optional[float] = ..., on_time: _Optional[float] = ..., date: _Optional[str] = ..., days_late: _Optional[int] = ..., profit: _Optional[float] = ..., at_risk: bool = ..., location: _Optional[str] = ..., revenue: _Optional[float] = ..., revenue_on_time: _Optional[float] = ..., cost: _Optional[float] = ...) -> None: ...

class LineDifference(_message.Message):
    __slots__ = ("order", "line", "customer", "item", "quantity", "verdict", "before", "after", "why", "demand_class")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    order: str
    line: str
    customer: str
    item: str
    quantity: float
    verdict: str
    before: LineStanding
    after: LineStanding
    why: str
    demand_class: str
    def __init__(self, order: _Optional[str] = ..., line: _Optional[str] = ..., customer: _Optional[str] = ..., item: _Optional[str] = ..., quantity: _Optional[float] = ..., verdict: _Optional[str] = ..., before: _Optional[_Union[LineStanding, _Mapping]] = ..., after: _Optional[_Union[LineStanding, _Mapping]] = ..., why: _Optional[str] = ..., demand_class: _Optional[str] = ...) -> None: ...

class CompareResponse(_message.Message):
    __slots__ = ("before", "after", "groups", "lines", "winners", "losers", "added", "gone", "currency")
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    WINNERS_FIELD_NUMBER: _ClassVar[int]
    LOSERS_FIELD_NUMBER: _ClassVar[int]
    ADDED_FIELD_NUMBER: _ClassVar[int]
    GONE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    before: Kpi
    after: Kpi
    groups: _containers.RepeatedCompositeFieldContainer[KpiGroup]
    lines: _containers.RepeatedCompositeFieldContainer[LineDifference]
    winners: int
    losers: int
    added: int
    gone: int
    currency: str
    def __init__(self, before: _Optional[_Union[Kpi, _Mapping]] = ..., after: _Optional[_Union[Kpi, _Mapping]] = ..., groups: _Optional[_Iterable[_Union[KpiGroup, _Mapping]]] = ..., lines: _Optional[_Iterable[_Union[LineDifference, _Mapping]]] = ..., winners: _Optional[int] = ..., losers: _Optional[int] = ..., added: _Optional[int] = ..., gone: _Optional[int] = ..., currency: _Optional[str] = ...) -> None: ...

class CompareProgress(_message.Message):
    __slots__ = ("lines_done", "lines", "result")
    LINES_DONE_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    lines_done: int
    lines: int
    result: CompareResponse
    def __init__(self, lines_done: _Optional[int] = ..., lines: _Optional[int] = ..., result: _Optional[_Union[CompareResponse, _Mapping]] = ...) -> None: ...

class VaryRequest(_message.Message):
    __slots__ = ("scenario_id", "parameter", "lines", "by", "run")
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    PARAMETER_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    scenario_id: str
    parameter: str
    lines: _containers.RepeatedCompositeFieldContainer[_common_pb2.OrderLine]
    by: str
    run: RunBacklogRequest
    def __init__(self, scenario_id: _Optional[str] = ..., parameter: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[_common_pb2.OrderLine, _Mapping]]] = ..., by: _Optional[str] = ..., run: _Optional[_Union[RunBacklogRequest, _Mapping]] = ...) -> None: ...

class VaryResponse(_message.Message):
    __slots__ = ("values_done", "values", "value", "figures", "by", "version", "currency")
    class ByEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Kpi
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Kpi, _Mapping]] = ...) -> None: ...
    VALUES_DONE_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    values_done: int
    values: int
    value: int
    figures: Kpi
    by: _containers.MessageMap[str, Kpi]
    version: _common_pb2.DataVersion
    currency: str
    def __init__(self, values_done: _Optional[int] = ..., values: _Optional[int] = ..., value: _Optional[int] = ..., figures: _Optional[_Union[Kpi, _Mapping]] = ..., by: _Optional[_Mapping[str, Kpi]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., currency: _Optional[str] = ...) -> None: ...

class ApplyScenarioRequest(_message.Message):
    __slots__ = ("request_id", "scenario_id", "again", "etag")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    AGAIN_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    scenario_id: str
    again: bool
    etag: str
    def __init__(self, request_id: _Optional[str] = ..., scenario_id: _Optional[str] = ..., again: bool = ..., etag: _Optional[str] = ...) -> None: ...

class RevertRequest(_message.Message):
    __slots__ = ("request_id", "position")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    position: int
    def __init__(self, request_id: _Optional[str] = ..., position: _Optional[int] = ...) -> None: ...

class ApplyScenarioResponse(_message.Message):
    __slots__ = ("applied", "sequence", "unfit_promise_ids", "why", "outcome")
    class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        OUTCOME_UNSPECIFIED: _ClassVar[ApplyScenarioResponse.Outcome]
        APPLIED: _ClassVar[ApplyScenarioResponse.Outcome]
        LIVE_REFRESHED: _ClassVar[ApplyScenarioResponse.Outcome]
        CHANGES_UNFIT: _ClassVar[ApplyScenarioResponse.Outcome]
        PROMISES_MOVED_ON: _ClassVar[ApplyScenarioResponse.Outcome]
        EXCEEDS_AVAILABLE: _ClassVar[ApplyScenarioResponse.Outcome]
    OUTCOME_UNSPECIFIED: ApplyScenarioResponse.Outcome
    APPLIED: ApplyScenarioResponse.Outcome
    LIVE_REFRESHED: ApplyScenarioResponse.Outcome
    CHANGES_UNFIT: ApplyScenarioResponse.Outcome
    PROMISES_MOVED_ON: ApplyScenarioResponse.Outcome
    EXCEEDS_AVAILABLE: ApplyScenarioResponse.Outcome
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    UNFIT_PROMISE_IDS_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    applied: bool
    sequence: int
    unfit_promise_ids: _containers.RepeatedScalarFieldContainer[str]
    why: str
    outcome: ApplyScenarioResponse.Outcome
    def __init__(self, applied: bool = ..., sequence: _Optional[int] = ..., unfit_promise_ids: _Optional[_Iterable[str]] = ..., why: _Optional[str] = ..., outcome: _Optional[_Union[ApplyScenarioResponse.Outcome, str]] = ...) -> None: ...

class DiscardScenarioRequest(_message.Message):
    __slots__ = ("scenario_id",)
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    scenario_id: str
    def __init__(self, scenario_id: _Optional[str] = ...) -> None: ...

class DiscardScenarioResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListScenariosRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListScenariosResponse(_message.Message):
    __slots__ = ("scenarios", "bytes", "bytes_at_most")
    SCENARIOS_FIELD_NUMBER: _ClassVar[int]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    BYTES_AT_MOST_FIELD_NUMBER: _ClassVar[int]
    scenarios: _containers.RepeatedCompositeFieldContainer[Scenario]
    bytes: int
    bytes_at_most: int
    def __init__(self, scenarios: _Optional[_Iterable[_Union[Scenario, _Mapping]]] = ..., bytes: _Optional[int] = ..., bytes_at_most: _Optional[int] = ...) -> None: ...

class RunBacklogRequest(_message.Message):
    __slots__ = ("scenario_id", "filter", "sequence", "first", "segments", "otherwise", "lock", "keep", "fallback", "most_value_seconds", "apply", "request_id", "lines_max", "groups_max", "saved")
    class Segment(_message.Message):
        __slots__ = ("strategy", "filter")
        STRATEGY_FIELD_NUMBER: _ClassVar[int]
        FILTER_FIELD_NUMBER: _ClassVar[int]
        strategy: str
        filter: str
        def __init__(self, strategy: _Optional[str] = ..., filter: _Optional[str] = ...) -> None: ...
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    FIRST_FIELD_NUMBER: _ClassVar[int]
    SEGMENTS_FIELD_NUMBER: _ClassVar[int]
    OTHERWISE_FIELD_NUMBER: _ClassVar[int]
    LOCK_FIELD_NUMBER: _ClassVar[int]
    KEEP_FIELD_NUMBER: _ClassVar[int]
    FALLBACK_FIELD_NUMBER: _ClassVar[int]
    MOST_VALUE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    APPLY_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    LINES_MAX_FIELD_NUMBER: _ClassVar[int]
    GROUPS_MAX_FIELD_NUMBER: _ClassVar[int]
    SAVED_FIELD_NUMBER: _ClassVar[int]
    scenario_id: str
    filter: str
    sequence: str
    first: _containers.RepeatedScalarFieldContainer[str]
    segments: _containers.RepeatedCompositeFieldContainer[RunBacklogRequest.Segment]
    otherwise: str
    lock: _containers.RepeatedScalarFieldContainer[str]
    keep: _containers.RepeatedScalarFieldContainer[str]
    fallback: str
    most_value_seconds: int
    apply: bool
    request_id: str
    lines_max: int
    groups_max: int
    saved: str
    def __init__(self, scenario_id: _Optional[str] = ..., filter: _Optional[str] = ..., sequence: _Optional[str] = ..., first: _Optional[_Iterable[str]] = ..., segments: _Optional[_Iterable[_Union[RunBacklogRequest.Segment, _Mapping]]] = ..., otherwise: _Optional[str] = ..., lock: _Optional[_Iterable[str]] = ..., keep: _Optional[_Iterable[str]] = ..., fallback: _Optional[str] = ..., most_value_seconds: _Optional[int] = ..., apply: bool = ..., request_id: _Optional[str] = ..., lines_max: _Optional[int] = ..., groups_max: _Optional[int] = ..., saved: _Optional[str] = ...) -> None: ...

class RunProgress(_message.Message):
    __slots__ = ("lines_done", "lines", "parts_done", "parts", "result", "run_id")
    LINES_DONE_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    PARTS_DONE_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    lines_done: int
    lines: int
    parts_done: int
    parts: int
    result: RunBacklogResponse
    run_id: str
    def __init__(self, lines_done: _Optional[int] = ..., lines: _Optional[int] = ..., parts_done: _Optional[int] = ..., parts: _Optional[int] = ..., result: _Optional[_Union[RunBacklogResponse, _Mapping]] = ..., run_id: _Optional[str] = ...) -> None: ...

class ListRunsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListRunsResponse(_message.Message):
    __slots__ = ("runs", "saved")
    RUNS_FIELD_NUMBER: _ClassVar[int]
    SAVED_FIELD_NUMBER: _ClassVar[int]
    runs: _containers.RepeatedCompositeFieldContainer[BacklogRun]
    saved: _containers.RepeatedCompositeFieldContainer[SavedRun]
    def __init__(self, runs: _Optional[_Iterable[_Union[BacklogRun, _Mapping]]] = ..., saved: _Optional[_Iterable[_Union[SavedRun, _Mapping]]] = ...) -> None: ...

class BacklogRun(_message.Message):
    __slots__ = ("run_id", "saved", "by", "started", "ended", "state", "lines", "done", "parts", "parts_done", "why", "applied_at", "before", "after")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[BacklogRun.State]
        RUNNING: _ClassVar[BacklogRun.State]
        DONE: _ClassVar[BacklogRun.State]
        CANCELLED: _ClassVar[BacklogRun.State]
        GONE: _ClassVar[BacklogRun.State]
        FAILED: _ClassVar[BacklogRun.State]
        APPLIED: _ClassVar[BacklogRun.State]
    STATE_UNSPECIFIED: BacklogRun.State
    RUNNING: BacklogRun.State
    DONE: BacklogRun.State
    CANCELLED: BacklogRun.State
    GONE: BacklogRun.State
    FAILED: BacklogRun.State
    APPLIED: BacklogRun.State
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    SAVED_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    STARTED_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    PARTS_DONE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    APPLIED_AT_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    run_id: str
    saved: str
    by: str
    started: _timestamp_pb2.Timestamp
    ended: _timestamp_pb2.Timestamp
    state: BacklogRun.State
    lines: int
    done: int
    parts: int
    parts_done: int
    why: str
    applied_at: int
    before: Kpi
    after: Kpi
    def __init__(self, run_id: _Optional[str] = ..., saved: _Optional[str] = ..., by: _Optional[str] = ..., started: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., ended: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., state: _Optional[_Union[BacklogRun.State, str]] = ..., lines: _Optional[int] = ..., done: _Optional[int] = ..., parts: _Optional[int] = ..., parts_done: _Optional[int] = ..., why: _Optional[str] = ..., applied_at: _Optional[int] = ..., before: _Optional[_Union[Kpi, _Mapping]] = ..., after: _Optional[_Union[Kpi, _Mapping]] = ...) -> None: ...

class SavedRun(_message.Message):
    __slots__ = ("name", "at", "next", "request", "apply")
    NAME_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    APPLY_FIELD_NUMBER: _ClassVar[int]
    name: str
    at: str
    next: _timestamp_pb2.Timestamp
    request: RunBacklogRequest
    apply: str
    def __init__(self, name: _Optional[str] = ..., at: _Optional[str] = ..., next: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., request: _Optional[_Union[RunBacklogRequest, _Mapping]] = ..., apply: _Optional[str] = ...) -> None: ...

class CancelRunRequest(_message.Message):
    __slots__ = ("run_id",)
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    run_id: str
    def __init__(self, run_id: _Optional[str] = ...) -> None: ...

class CancelRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: BacklogRun
    def __init__(self, run: _Optional[_Union[BacklogRun, _Mapping]] = ...) -> None: ...

class RunBacklogResponse(_message.Message):
    __slots__ = ("run_id", "lines", "parts", "cannot_win", "value_given", "value_found", "compared", "applied", "strategies")
    class StrategiesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    CANNOT_WIN_FIELD_NUMBER: _ClassVar[int]
    VALUE_GIVEN_FIELD_NUMBER: _ClassVar[int]
    VALUE_FOUND_FIELD_NUMBER: _ClassVar[int]
    COMPARED_FIELD_NUMBER: _ClassVar[int]
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    STRATEGIES_FIELD_NUMBER: _ClassVar[int]
    run_id: str
    lines: int
    parts: int
    cannot_win: _containers.RepeatedScalarFieldContainer[str]
    value_given: float
    value_found: float
    compared: CompareResponse
    applied: ApplyScenarioResponse
    strategies: _containers.ScalarMap[str, int]
    def __init__(self, run_id: _Optional[str] = ..., lines: _Optional[int] = ..., parts: _Optional[int] = ..., cannot_win: _Optional[_Iterable[str]] = ..., value_given: _Optional[float] = ..., value_found: _Optional[float] = ..., compared: _Optional[_Union[CompareResponse, _Mapping]] = ..., applied: _Optional[_Union[ApplyScenarioResponse, _Mapping]] = ..., strategies: _Optional[_Mapping[str, int]] = ...) -> None: ...

class GetRunRequest(_message.Message):
    __slots__ = ("run_id", "lines_max", "groups_max")
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    LINES_MAX_FIELD_NUMBER: _ClassVar[int]
    GROUPS_MAX_FIELD_NUMBER: _ClassVar[int]
    run_id: str
    lines_max: int
    groups_max: int
    def __init__(self, run_id: _Optional[str] = ..., lines_max: _Optional[int] = ..., groups_max: _Optional[int] = ...) -> None: ...
