from google.protobuf import timestamp_pb2 as _timestamp_pb2
from promised.v1 import common_pb2 as _common_pb2
from promised.v1 import exception_pb2 as _exception_pb2
from promised.v1 import promise_pb2 as _promise_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WatchEventsRequest(_message.Message):
    __slots__ = ("from_sequence", "types", "customer", "item", "demand_class", "until_sequence", "digest_over")
    FROM_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    TYPES_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    DIGEST_OVER_FIELD_NUMBER: _ClassVar[int]
    from_sequence: int
    types: _containers.RepeatedScalarFieldContainer[str]
    customer: str
    item: str
    demand_class: str
    until_sequence: int
    digest_over: int
    def __init__(self, from_sequence: _Optional[int] = ..., types: _Optional[_Iterable[str]] = ..., customer: _Optional[str] = ..., item: _Optional[str] = ..., demand_class: _Optional[str] = ..., until_sequence: _Optional[int] = ..., digest_over: _Optional[int] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("sequence", "number", "time", "type", "subject", "cause", "promise", "exception", "position", "jeopardy", "digest", "by")
    class Jeopardy(_message.Message):
        __slots__ = ("order", "line", "customer", "item", "promised", "now", "days", "value", "level", "remedy")
        ORDER_FIELD_NUMBER: _ClassVar[int]
        LINE_FIELD_NUMBER: _ClassVar[int]
        CUSTOMER_FIELD_NUMBER: _ClassVar[int]
        ITEM_FIELD_NUMBER: _ClassVar[int]
        PROMISED_FIELD_NUMBER: _ClassVar[int]
        NOW_FIELD_NUMBER: _ClassVar[int]
        DAYS_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        LEVEL_FIELD_NUMBER: _ClassVar[int]
        REMEDY_FIELD_NUMBER: _ClassVar[int]
        order: str
        line: str
        customer: str
        item: str
        promised: str
        now: str
        days: int
        value: float
        level: _exception_pb2.Exception.Level
        remedy: _common_pb2.Remedy
        def __init__(self, order: _Optional[str] = ..., line: _Optional[str] = ..., customer: _Optional[str] = ..., item: _Optional[str] = ..., promised: _Optional[str] = ..., now: _Optional[str] = ..., days: _Optional[int] = ..., value: _Optional[float] = ..., level: _Optional[_Union[_exception_pb2.Exception.Level, str]] = ..., remedy: _Optional[_Union[_common_pb2.Remedy, _Mapping]] = ...) -> None: ...
    class Digest(_message.Message):
        __slots__ = ("promises", "value", "promise_ids", "level")
        PROMISES_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        PROMISE_IDS_FIELD_NUMBER: _ClassVar[int]
        LEVEL_FIELD_NUMBER: _ClassVar[int]
        promises: int
        value: float
        promise_ids: _containers.RepeatedScalarFieldContainer[str]
        level: _exception_pb2.Exception.Level
        def __init__(self, promises: _Optional[int] = ..., value: _Optional[float] = ..., promise_ids: _Optional[_Iterable[str]] = ..., level: _Optional[_Union[_exception_pb2.Exception.Level, str]] = ...) -> None: ...
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    PROMISE_FIELD_NUMBER: _ClassVar[int]
    EXCEPTION_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    JEOPARDY_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    number: int
    time: _timestamp_pb2.Timestamp
    type: str
    subject: str
    cause: str
    promise: _promise_pb2.Reservation
    exception: _exception_pb2.Exception
    position: int
    jeopardy: Event.Jeopardy
    digest: Event.Digest
    by: str
    def __init__(self, sequence: _Optional[int] = ..., number: _Optional[int] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., type: _Optional[str] = ..., subject: _Optional[str] = ..., cause: _Optional[str] = ..., promise: _Optional[_Union[_promise_pb2.Reservation, _Mapping]] = ..., exception: _Optional[_Union[_exception_pb2.Exception, _Mapping]] = ..., position: _Optional[int] = ..., jeopardy: _Optional[_Union[Event.Jeopardy, _Mapping]] = ..., digest: _Optional[_Union[Event.Digest, _Mapping]] = ..., by: _Optional[str] = ...) -> None: ...
