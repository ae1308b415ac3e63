"""The fields of requests, as dicts and keyword arguments take them. Made by generate.py from proto/; do not edit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Iterable, Mapping, Optional, TypedDict, Union

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from .v1 import admin_pb2, allocation_pb2, analytics_pb2, availability_pb2, catalog_pb2, common_pb2, event_pb2, exception_pb2, promise_pb2, scenario_pb2, snapshot_pb2

Number = Union[float, int, Decimal]
Day = Union[str, date]
Time = Union[datetime, Timestamp]
Span = Union[timedelta, Duration]
Enum = Union[int, str]


class WhoAmIRequestFields(TypedDict, total=False):
    """The fields of WhoAmIRequest."""



class GetConfigRequestFields(TypedDict, total=False):
    """The fields of GetConfigRequest."""



class ListTokensRequestFields(TypedDict, total=False):
    """The fields of ListTokensRequest."""



class CreateTokenRequestFields(TypedDict, total=False):
    """The fields of CreateTokenRequest."""

    name: str
    roles: Iterable[str]
    classes: Iterable[str]
    customers: Iterable[str]
    locations: Iterable[str]
    sources: Iterable[str]
    economics: bool
    expires: Time
    calls_a_second: Optional[int]
    calls_at_once: Optional[int]
    lines_a_minute: Optional[int]
    held_quantity: Optional[int]
    hold_for_at_most_seconds: Optional[int]


class RevokeTokenRequestFields(TypedDict, total=False):
    """The fields of RevokeTokenRequest."""

    name: str


class ListAuditRequestFields(TypedDict, total=False):
    """The fields of ListAuditRequest."""

    page_size: int
    page_token: str
    principal: str


class BackupRequestFields(TypedDict, total=False):
    """The fields of BackupRequest."""

    snapshot_id: str


class ClusterStatusRequestFields(TypedDict, total=False):
    """The fields of ClusterStatusRequest."""



class GetAllocationRequestFields(TypedDict, total=False):
    """The fields of GetAllocationRequest."""

    item: str
    location: str
    scenario_id: str


class PreviewAllocationRequestFields(TypedDict, total=False):
    """The fields of PreviewAllocationRequest."""

    item: str
    location: str
    changes: Iterable[Union[allocation_pb2.ShareChange, "ShareChangeFields"]]
    scenario_id: str


class ChangeAllocationRequestFields(TypedDict, total=False):
    """The fields of ChangeAllocationRequest."""

    request_id: str
    item: str
    location: str
    changes: Iterable[Union[allocation_pb2.ShareChange, "ShareChangeFields"]]


class QueryRequestFields(TypedDict, total=False):
    """The fields of QueryRequest."""

    measures: Iterable[str]
    group_by: Iterable[str]
    bucket: Enum
    filter: str
    from_: Day
    to: Day
    basis: Enum
    top: int
    with_scenario_id: str
    scenario_id: str


class ExportRequestFields(TypedDict, total=False):
    """The fields of ExportRequest."""

    format: Enum
    filter: str
    scenario_id: str


class GetAvailabilityRequestFields(TypedDict, total=False):
    """The fields of GetAvailabilityRequest."""

    item: str
    locations: Iterable[str]
    demand_class: str
    from_: Day
    days: int
    scenario_id: str


class QuickCheckRequestFields(TypedDict, total=False):
    """The fields of QuickCheckRequest."""

    queries: Iterable[Union[availability_pb2.Query, "QueryFields"]]
    scenario_id: str
    columns: Union[availability_pb2.QueryColumns, "QueryColumnsFields"]


class GetAccountRequestFields(TypedDict, total=False):
    """The fields of GetAccountRequest."""

    item: str
    location: str
    from_: Day
    days: int
    scenario_id: str


class GetCapacityRequestFields(TypedDict, total=False):
    """The fields of GetCapacityRequest."""

    resource: str
    supplier: str
    item: str
    from_: Day
    days: int
    scenario_id: str


class WatchAvailabilityRequestFields(TypedDict, total=False):
    """The fields of WatchAvailabilityRequest."""

    thresholds: Iterable[Union[availability_pb2.Threshold, "ThresholdFields"]]
    from_sequence: Optional[int]


class FindRequestFields(TypedDict, total=False):
    """The fields of FindRequest."""

    text: str
    kinds: Iterable[Enum]
    limit: int
    page_token: str
    scenario_id: str


class GetItemRequestFields(TypedDict, total=False):
    """The fields of GetItemRequest."""

    item: str
    scenario_id: str


class GetLocationRequestFields(TypedDict, total=False):
    """The fields of GetLocationRequest."""

    location: str
    scenario_id: str


class GetCustomerRequestFields(TypedDict, total=False):
    """The fields of GetCustomerRequest."""

    customer: str
    scenario_id: str


class GetRulesRequestFields(TypedDict, total=False):
    """The fields of GetRulesRequest."""

    item: str
    location: str
    customer: str
    demand_class: str
    scenario_id: str


class ListExceptionsRequestFields(TypedDict, total=False):
    """The fields of ListExceptionsRequest."""

    kinds: Iterable[Enum]
    group_by: str
    customer: str
    item: str
    supplier: str
    at_least: Enum
    order_by: str
    page_size: int
    page_token: str
    snoozed: bool
    scenario_id: str
    try_remedies: bool


class WatchExceptionsRequestFields(TypedDict, total=False):
    """The fields of WatchExceptionsRequest."""

    kinds: Iterable[Enum]
    customer: str
    item: str
    supplier: str
    at_least: Enum


class AcknowledgeRequestFields(TypedDict, total=False):
    """The fields of AcknowledgeRequest."""

    request_id: str
    exception_id: str
    by: str
    note: str


class SnoozeRequestFields(TypedDict, total=False):
    """The fields of SnoozeRequest."""

    request_id: str
    exception_id: str
    by: str
    note: str
    until: Time


class CheckAvailabilityRequestFields(TypedDict, total=False):
    """The fields of CheckAvailabilityRequest."""

    lines: Iterable[Union[common_pb2.OrderLine, "OrderLineFields"]]
    objective: Enum
    alternatives: int
    pegging: bool
    scenario_id: str
    remedies: bool
    most: bool
    validate_only: bool


class PromiseRequestFields(TypedDict, total=False):
    """The fields of PromiseRequest."""

    request_id: str
    lines: Iterable[Union[common_pb2.OrderLine, "OrderLineFields"]]
    commitment: Enum
    hold_for: Span
    all_or_nothing: bool
    objective: Enum
    alternatives: int
    pegging: bool
    scenario_id: str
    force: Union[promise_pb2.Force, "ForceFields"]
    brief: bool
    best_effort: bool
    in_order: bool


class ConfirmRequestFields(TypedDict, total=False):
    """The fields of ConfirmRequest."""

    request_id: str
    promise_id: str
    quantity: Optional[Number]
    scenario_id: str
    promise_ids: Iterable[str]
    order: str
    line: str
    ledger: str


class CancelRequestFields(TypedDict, total=False):
    """The fields of CancelRequest."""

    request_id: str
    promise_id: str
    quantity: Optional[Number]
    scenario_id: str
    promise_ids: Iterable[str]
    order: str
    line: str
    ledger: str


class AmendRequestFields(TypedDict, total=False):
    """The fields of AmendRequest."""

    request_id: str
    promise_id: str
    line: Union[common_pb2.OrderLine, "OrderLineFields"]
    objective: Enum
    pegging: bool
    force: Union[promise_pb2.Force, "ForceFields"]
    scenario_id: str
    check_only: bool
    ledger: str


class FulfilRequestFields(TypedDict, total=False):
    """The fields of FulfilRequest."""

    request_id: str
    promise_id: str
    order: str
    line: str
    ledger: str
    quantity: Optional[Number]
    shipped_at: Time
    promise_ids: Iterable[str]
    scenario_id: str


class ReopenRequestFields(TypedDict, total=False):
    """The fields of ReopenRequest."""

    request_id: str
    promise_id: str
    scenario_id: str
    order: str
    line: str
    ledger: str


class ExtendHoldRequestFields(TypedDict, total=False):
    """The fields of ExtendHoldRequest."""

    request_id: str
    promise_ids: Iterable[str]
    order: str
    line: str
    hold_for: Span
    scenario_id: str
    ledger: str


class GetPromiseRequestFields(TypedDict, total=False):
    """The fields of GetPromiseRequest."""

    promise_id: str
    order: str
    line: str
    history: bool
    scenario_id: str


class ListPromisesRequestFields(TypedDict, total=False):
    """The fields of ListPromisesRequest."""

    order: str
    customer: str
    item: str
    location: str
    demand_class: str
    states: Iterable[Enum]
    at_risk: Optional[bool]
    ship_date_from: Day
    ship_date_to: Day
    page_size: int
    page_token: str
    scenario_id: str
    order_by: str
    query: str


class GetPeggingRequestFields(TypedDict, total=False):
    """The fields of GetPeggingRequest."""

    promise_id: str
    demand: str
    supply: str
    on_hand: Union[promise_pb2.GetPeggingRequest.Account, "GetPeggingRequestAccountFields"]
    resource: str
    scenario_id: str


class ExplainRequestFields(TypedDict, total=False):
    """The fields of ExplainRequest."""

    promise_id: str
    scenario_id: str


class SelfCheckRequestFields(TypedDict, total=False):
    """The fields of SelfCheckRequest."""



class WatchEventsRequestFields(TypedDict, total=False):
    """The fields of WatchEventsRequest."""

    from_sequence: Optional[int]
    types: Iterable[str]
    customer: str
    item: str
    demand_class: str
    until_sequence: Optional[int]
    digest_over: int


class CreateScenarioRequestFields(TypedDict, total=False):
    """The fields of CreateScenarioRequest."""

    name: str
    from_scenario_id: Day
    keep_seconds: int
    at_sequence: int


class ChangeScenarioRequestFields(TypedDict, total=False):
    """The fields of ChangeScenarioRequest."""

    scenario_id: str
    changes: Iterable[Union[scenario_pb2.Change, "ChangeFields"]]
    priorities: Iterable[Union[scenario_pb2.OrderPriority, "OrderPriorityFields"]]


class GetScenarioRequestFields(TypedDict, total=False):
    """The fields of GetScenarioRequest."""

    scenario_id: str


class CompareRequestFields(TypedDict, total=False):
    """The fields of CompareRequest."""

    scenario_id: str
    with_scenario_id: str
    lines_max: int
    groups_max: int


class VaryRequestFields(TypedDict, total=False):
    """The fields of VaryRequest."""

    scenario_id: str
    parameter: str
    lines: Iterable[Union[common_pb2.OrderLine, "OrderLineFields"]]
    by: str
    run: Union[scenario_pb2.RunBacklogRequest, "RunBacklogRequestFields"]


class ApplyScenarioRequestFields(TypedDict, total=False):
    """The fields of ApplyScenarioRequest."""

    request_id: str
    scenario_id: str
    again: bool
    etag: str


class RevertRequestFields(TypedDict, total=False):
    """The fields of RevertRequest."""

    request_id: str
    position: int


class DiscardScenarioRequestFields(TypedDict, total=False):
    """The fields of DiscardScenarioRequest."""

    scenario_id: str


class ListScenariosRequestFields(TypedDict, total=False):
    """The fields of ListScenariosRequest."""



class RunBacklogRequestFields(TypedDict, total=False):
    """The fields of RunBacklogRequest."""

    scenario_id: str
    filter: str
    sequence: str
    first: Iterable[str]
    segments: Iterable[Union[scenario_pb2.RunBacklogRequest.Segment, "RunBacklogRequestSegmentFields"]]
    otherwise: str
    lock: Iterable[str]
    keep: Iterable[str]
    fallback: str
    most_value_seconds: int
    apply: bool
    request_id: str
    lines_max: int
    groups_max: int
    saved: str


class GetRunRequestFields(TypedDict, total=False):
    """The fields of GetRunRequest."""

    run_id: str
    lines_max: int
    groups_max: int


class ListRunsRequestFields(TypedDict, total=False):
    """The fields of ListRunsRequest."""



class CancelRunRequestFields(TypedDict, total=False):
    """The fields of CancelRunRequest."""

    run_id: str


class PushRequestFields(TypedDict, total=False):
    """The fields of PushRequest."""

    begin: Union[snapshot_pb2.PushRequest.Begin, "PushRequestBeginFields"]
    chunk: Union[snapshot_pb2.PushRequest.Chunk, "PushRequestChunkFields"]
    finish: Union[snapshot_pb2.PushRequest.Finish, "PushRequestFinishFields"]


class GetUploadRequestFields(TypedDict, total=False):
    """The fields of GetUploadRequest."""

    snapshot_id: str


class GetStatusRequestFields(TypedDict, total=False):
    """The fields of GetStatusRequest."""



class ListSnapshotsRequestFields(TypedDict, total=False):
    """The fields of ListSnapshotsRequest."""



class ActivateRequestFields(TypedDict, total=False):
    """The fields of ActivateRequest."""

    snapshot_id: str
    force: Union[promise_pb2.Force, "ForceFields"]


class ApplyChangesRequestFields(TypedDict, total=False):
    """The fields of ApplyChangesRequest."""

    request_id: str
    changes: Iterable[Union[scenario_pb2.Change, "ChangeFields"]]
    source: str
    known_at: Time
    validate_only: bool
    position: str
    after: Optional[str]


class GetReconciliationRequestFields(TypedDict, total=False):
    """The fields of GetReconciliationRequest."""

    number: int


class ShareChangeFields(TypedDict, total=False):
    """The fields of ShareChange."""

    shift: Union[allocation_pb2.ShareChange.Shift, "ShareChangeShiftFields"]
    set_share: Union[allocation_pb2.ShareChange.SetShare, "ShareChangeSetShareFields"]
    release: Union[allocation_pb2.ShareChange.Release, "ShareChangeReleaseFields"]


class QueryFields(TypedDict, total=False):
    """The fields of Query."""

    item: str
    location: str
    quantity: Number
    date: Day
    demand_class: str


class QueryColumnsFields(TypedDict, total=False):
    """The fields of QueryColumns."""

    item: Iterable[str]
    location: Iterable[str]
    quantity: Iterable[Number]
    date: Iterable[Day]
    demand_class: Iterable[str]


class ThresholdFields(TypedDict, total=False):
    """The fields of Threshold."""

    item: str
    location: str
    demand_class: str
    date: Day
    at_least: Number


class OrderLineFields(TypedDict, total=False):
    """The fields of OrderLine."""

    order: str
    line: str
    item: str
    quantity: Number
    uom: str
    requested_date: Day
    date_type: Enum
    customer: str
    zone: str
    location: str
    demand_class: str
    priority: Optional[int]
    earliest_date: Day
    latest_date: Day
    ship_set: str
    arrival_set: str
    split: Optional[bool]
    min_split_quantity: Optional[Number]
    max_splits: Optional[int]
    substitutes: Optional[bool]
    ship_method: str
    objective: Enum
    unit_price: Optional[Number]
    ordered_at: Time
    source: str
    repeat: Enum
    ship_together: str
    channel: str
    seller: str


class ForceFields(TypedDict, total=False):
    """The fields of Force."""

    by: str
    why: str


class GetPeggingRequestAccountFields(TypedDict, total=False):
    """The fields of GetPeggingRequest.Account."""

    item: str
    location: str


class ChangeFields(TypedDict, total=False):
    """The fields of Change."""

    change: str
    cells: Mapping[str, Any]


class OrderPriorityFields(TypedDict, total=False):
    """The fields of OrderPriority."""

    order: str
    line: str
    priority: Optional[int]


class RunBacklogRequestSegmentFields(TypedDict, total=False):
    """The fields of RunBacklogRequest.Segment."""

    strategy: str
    filter: str


class PushRequestBeginFields(TypedDict, total=False):
    """The fields of PushRequest.Begin."""

    snapshot_id: str
    files: Iterable[Union[snapshot_pb2.PushRequest.Begin.File, "PushRequestBeginFileFields"]]


class PushRequestChunkFields(TypedDict, total=False):
    """The fields of PushRequest.Chunk."""

    file: str
    offset: int
    data: bytes
    crc32c: int
    last: bool


class PushRequestFinishFields(TypedDict, total=False):
    """The fields of PushRequest.Finish."""

    aim: Enum
    force: Union[promise_pb2.Force, "ForceFields"]


class ShareChangeShiftFields(TypedDict, total=False):
    """The fields of ShareChange.Shift."""

    from_class: Day
    to_class: Day
    quantity: Number
    date: Day


class ShareChangeSetShareFields(TypedDict, total=False):
    """The fields of ShareChange.SetShare."""

    demand_class: str
    value: Number
    date: Day


class ShareChangeReleaseFields(TypedDict, total=False):
    """The fields of ShareChange.Release."""

    demand_class: str
    to_class: Day
    date: Day


class PushRequestBeginFileFields(TypedDict, total=False):
    """The fields of PushRequest.Begin.File."""

    file: str
    length: int
    crc32c: int
    blake3: str
