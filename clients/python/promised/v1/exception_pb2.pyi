from google.protobuf import timestamp_pb2 as _timestamp_pb2
from promised.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Exception(_message.Message):
    __slots__ = ("exception_id", "kind", "level", "subject", "since", "sequence", "cause", "promise_ids", "quantity", "value", "remedies", "acknowledged", "limiting", "order", "line", "customer", "days", "item", "location", "demand_class", "promises", "date", "could_be")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[Exception.Kind]
        AT_RISK: _ClassVar[Exception.Kind]
        LATE: _ClassVar[Exception.Kind]
        COULD_BE_SOONER: _ClassVar[Exception.Kind]
        SUPPLY_LATE: _ClassVar[Exception.Kind]
        OVERCOMMITTED: _ClassVar[Exception.Kind]
        OVER_CONSUMED: _ClassVar[Exception.Kind]
        HOLD_EXPIRING: _ClassVar[Exception.Kind]
        SOURCE_STALE: _ClassVar[Exception.Kind]
        FORCED: _ClassVar[Exception.Kind]
    KIND_UNSPECIFIED: Exception.Kind
    AT_RISK: Exception.Kind
    LATE: Exception.Kind
    COULD_BE_SOONER: Exception.Kind
    SUPPLY_LATE: Exception.Kind
    OVERCOMMITTED: Exception.Kind
    OVER_CONSUMED: Exception.Kind
    HOLD_EXPIRING: Exception.Kind
    SOURCE_STALE: Exception.Kind
    FORCED: Exception.Kind
    class Level(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        LEVEL_UNSPECIFIED: _ClassVar[Exception.Level]
        LOW: _ClassVar[Exception.Level]
        MEDIUM: _ClassVar[Exception.Level]
        HIGH: _ClassVar[Exception.Level]
        CRITICAL: _ClassVar[Exception.Level]
    LEVEL_UNSPECIFIED: Exception.Level
    LOW: Exception.Level
    MEDIUM: Exception.Level
    HIGH: Exception.Level
    CRITICAL: Exception.Level
    class Limiting(_message.Message):
        __slots__ = ("supply", "item", "location", "resource", "supplier", "demand_class")
        SUPPLY_FIELD_NUMBER: _ClassVar[int]
        ITEM_FIELD_NUMBER: _ClassVar[int]
        LOCATION_FIELD_NUMBER: _ClassVar[int]
        RESOURCE_FIELD_NUMBER: _ClassVar[int]
        SUPPLIER_FIELD_NUMBER: _ClassVar[int]
        DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
        supply: str
        item: str
        location: str
        resource: str
        supplier: str
        demand_class: str
        def __init__(self, supply: _Optional[str] = ..., item: _Optional[str] = ..., location: _Optional[str] = ..., resource: _Optional[str] = ..., supplier: _Optional[str] = ..., demand_class: _Optional[str] = ...) -> None: ...
    EXCEPTION_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    PROMISE_IDS_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    REMEDIES_FIELD_NUMBER: _ClassVar[int]
    ACKNOWLEDGED_FIELD_NUMBER: _ClassVar[int]
    LIMITING_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    DATE_FIELD_NUMBER: _ClassVar[int]
    COULD_BE_FIELD_NUMBER: _ClassVar[int]
    exception_id: str
    kind: Exception.Kind
    level: Exception.Level
    subject: str
    since: _timestamp_pb2.Timestamp
    sequence: int
    cause: str
    promise_ids: _containers.RepeatedScalarFieldContainer[str]
    quantity: float
    value: float
    remedies: _containers.RepeatedCompositeFieldContainer[_common_pb2.Remedy]
    acknowledged: Acknowledgement
    limiting: Exception.Limiting
    order: str
    line: str
    customer: str
    days: int
    item: str
    location: str
    demand_class: str
    promises: int
    date: str
    could_be: str
    def __init__(self, exception_id: _Optional[str] = ..., kind: _Optional[_Union[Exception.Kind, str]] = ..., level: _Optional[_Union[Exception.Level, str]] = ..., subject: _Optional[str] = ..., since: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., sequence: _Optional[int] = ..., cause: _Optional[str] = ..., promise_ids: _Optional[_Iterable[str]] = ..., quantity: _Optional[float] = ..., value: _Optional[float] = ..., remedies: _Optional[_Iterable[_Union[_common_pb2.Remedy, _Mapping]]] = ..., acknowledged: _Optional[_Union[Acknowledgement, _Mapping]] = ..., limiting: _Optional[_Union[Exception.Limiting, _Mapping]] = ..., order: _Optional[str] = ..., line: _Optional[str] = ..., customer: _Optional[str] = ..., days: _Optional[int] = ..., item: _Optional[str] = ..., location: _Optional[str] = ..., demand_class: _Optional[str] = ..., promises: _Optional[int] = ..., date: _Optional[str] = ..., could_be: _Optional[str] = ...) -> None: ...

class Acknowledgement(_message.Message):
    __slots__ = ("by", "note", "at", "until")
    BY_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    by: str
    note: str
    at: _timestamp_pb2.Timestamp
    until: _timestamp_pb2.Timestamp
    def __init__(self, by: _Optional[str] = ..., note: _Optional[str] = ..., at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListExceptionsRequest(_message.Message):
    __slots__ = ("kinds", "group_by", "customer", "item", "supplier", "at_least", "order_by", "page_size", "page_token", "snoozed", "scenario_id", "try_remedies")
    KINDS_FIELD_NUMBER: _ClassVar[int]
    GROUP_BY_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SNOOZED_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    TRY_REMEDIES_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedScalarFieldContainer[Exception.Kind]
    group_by: str
    customer: str
    item: str
    supplier: str
    at_least: Exception.Level
    order_by: str
    page_size: int
    page_token: str
    snoozed: bool
    scenario_id: str
    try_remedies: bool
    def __init__(self, kinds: _Optional[_Iterable[_Union[Exception.Kind, str]]] = ..., group_by: _Optional[str] = ..., customer: _Optional[str] = ..., item: _Optional[str] = ..., supplier: _Optional[str] = ..., at_least: _Optional[_Union[Exception.Level, str]] = ..., order_by: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., snoozed: bool = ..., scenario_id: _Optional[str] = ..., try_remedies: bool = ...) -> None: ...

class ListExceptionsResponse(_message.Message):
    __slots__ = ("exceptions", "groups", "total", "next_page_token", "version", "currency", "all")
    class Group(_message.Message):
        __slots__ = ("key", "count", "value", "promises")
        KEY_FIELD_NUMBER: _ClassVar[int]
        COUNT_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        PROMISES_FIELD_NUMBER: _ClassVar[int]
        key: str
        count: int
        value: float
        promises: int
        def __init__(self, key: _Optional[str] = ..., count: _Optional[int] = ..., value: _Optional[float] = ..., promises: _Optional[int] = ...) -> None: ...
    EXCEPTIONS_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    ALL_FIELD_NUMBER: _ClassVar[int]
    exceptions: _containers.RepeatedCompositeFieldContainer[Exception]
    groups: _containers.RepeatedCompositeFieldContainer[ListExceptionsResponse.Group]
    total: int
    next_page_token: str
    version: _common_pb2.DataVersion
    currency: str
    all: ListExceptionsResponse.Group
    def __init__(self, exceptions: _Optional[_Iterable[_Union[Exception, _Mapping]]] = ..., groups: _Optional[_Iterable[_Union[ListExceptionsResponse.Group, _Mapping]]] = ..., total: _Optional[int] = ..., next_page_token: _Optional[str] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., currency: _Optional[str] = ..., all: _Optional[_Union[ListExceptionsResponse.Group, _Mapping]] = ...) -> None: ...

class WatchExceptionsRequest(_message.Message):
    __slots__ = ("kinds", "customer", "item", "supplier", "at_least")
    KINDS_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    SUPPLIER_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedScalarFieldContainer[Exception.Kind]
    customer: str
    item: str
    supplier: str
    at_least: Exception.Level
    def __init__(self, kinds: _Optional[_Iterable[_Union[Exception.Kind, str]]] = ..., customer: _Optional[str] = ..., item: _Optional[str] = ..., supplier: _Optional[str] = ..., at_least: _Optional[_Union[Exception.Level, str]] = ...) -> None: ...

class WatchExceptionsResponse(_message.Message):
    __slots__ = ("exception", "gone", "sequence", "position")
    EXCEPTION_FIELD_NUMBER: _ClassVar[int]
    GONE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    exception: Exception
    gone: bool
    sequence: int
    position: int
    def __init__(self, exception: _Optional[_Union[Exception, _Mapping]] = ..., gone: bool = ..., sequence: _Optional[int] = ..., position: _Optional[int] = ...) -> None: ...

class AcknowledgeRequest(_message.Message):
    __slots__ = ("request_id", "exception_id", "by", "note")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXCEPTION_ID_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    exception_id: str
    by: str
    note: str
    def __init__(self, request_id: _Optional[str] = ..., exception_id: _Optional[str] = ..., by: _Optional[str] = ..., note: _Optional[str] = ...) -> None: ...

class AcknowledgeResponse(_message.Message):
    __slots__ = ("exception", "version")
    EXCEPTION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    exception: Exception
    version: _common_pb2.DataVersion
    def __init__(self, exception: _Optional[_Union[Exception, _Mapping]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...

class SnoozeRequest(_message.Message):
    __slots__ = ("request_id", "exception_id", "by", "note", "until")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXCEPTION_ID_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    exception_id: str
    by: str
    note: str
    until: _timestamp_pb2.Timestamp
    def __init__(self, request_id: _Optional[str] = ..., exception_id: _Optional[str] = ..., by: _Optional[str] = ..., note: _Optional[str] = ..., until: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SnoozeResponse(_message.Message):
    __slots__ = ("exception", "version")
    EXCEPTION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    exception: Exception
    version: _common_pb2.DataVersion
    def __init__(self, exception: _Optional[_Union[Exception, _Mapping]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...
