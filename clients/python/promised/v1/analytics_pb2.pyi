from promised.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class QueryRequest(_message.Message):
    __slots__ = ("measures", "group_by", "bucket", "filter", "to", "basis", "top", "with_scenario_id", "scenario_id")
    class Bucket(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        BUCKET_UNSPECIFIED: _ClassVar[QueryRequest.Bucket]
        DAY: _ClassVar[QueryRequest.Bucket]
        WEEK: _ClassVar[QueryRequest.Bucket]
        MONTH: _ClassVar[QueryRequest.Bucket]
    BUCKET_UNSPECIFIED: QueryRequest.Bucket
    DAY: QueryRequest.Bucket
    WEEK: QueryRequest.Bucket
    MONTH: QueryRequest.Bucket
    class Basis(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        BASIS_UNSPECIFIED: _ClassVar[QueryRequest.Basis]
        REQUEST: _ClassVar[QueryRequest.Basis]
        FIRST_PROMISE: _ClassVar[QueryRequest.Basis]
        LAST_PROMISE: _ClassVar[QueryRequest.Basis]
    BASIS_UNSPECIFIED: QueryRequest.Basis
    REQUEST: QueryRequest.Basis
    FIRST_PROMISE: QueryRequest.Basis
    LAST_PROMISE: QueryRequest.Basis
    MEASURES_FIELD_NUMBER: _ClassVar[int]
    GROUP_BY_FIELD_NUMBER: _ClassVar[int]
    BUCKET_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    TOP_FIELD_NUMBER: _ClassVar[int]
    WITH_SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    measures: _containers.RepeatedScalarFieldContainer[str]
    group_by: _containers.RepeatedScalarFieldContainer[str]
    bucket: QueryRequest.Bucket
    filter: str
    to: str
    basis: QueryRequest.Basis
    top: int
    with_scenario_id: str
    scenario_id: str
    def __init__(self, measures: _Optional[_Iterable[str]] = ..., group_by: _Optional[_Iterable[str]] = ..., bucket: _Optional[_Union[QueryRequest.Bucket, str]] = ..., filter: _Optional[str] = ..., to: _Optional[str] = ..., basis: _Optional[_Union[QueryRequest.Basis, str]] = ..., top: _Optional[int] = ..., with_scenario_id: _Optional[str] = ..., scenario_id: _Optional[str] = ..., **kwargs) -> None: ...

class QueryResponse(_message.Message):
    __slots__ = ("columns", "rows", "total", "version", "with_version", "currency")
    class Row(_message.Message):
        __slots__ = ("keys", "values", "with_values")
        KEYS_FIELD_NUMBER: _ClassVar[int]
        VALUES_FIELD_NUMBER: _ClassVar[int]
        WITH_VALUES_FIELD_NUMBER: _ClassVar[int]
        keys: _containers.RepeatedScalarFieldContainer[str]
        values: _containers.RepeatedScalarFieldContainer[float]
        with_values: _containers.RepeatedScalarFieldContainer[float]
        def __init__(self, keys: _Optional[_Iterable[str]] = ..., values: _Optional[_Iterable[float]] = ..., with_values: _Optional[_Iterable[float]] = ...) -> None: ...
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    WITH_VERSION_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    columns: _containers.RepeatedScalarFieldContainer[str]
    rows: _containers.RepeatedCompositeFieldContainer[QueryResponse.Row]
    total: QueryResponse.Row
    version: _common_pb2.DataVersion
    with_version: _common_pb2.DataVersion
    currency: str
    def __init__(self, columns: _Optional[_Iterable[str]] = ..., rows: _Optional[_Iterable[_Union[QueryResponse.Row, _Mapping]]] = ..., total: _Optional[_Union[QueryResponse.Row, _Mapping]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., with_version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., currency: _Optional[str] = ...) -> None: ...

class ExportRequest(_message.Message):
    __slots__ = ("format", "filter", "scenario_id")
    class Format(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        FORMAT_UNSPECIFIED: _ClassVar[ExportRequest.Format]
        PARQUET: _ClassVar[ExportRequest.Format]
        CSV: _ClassVar[ExportRequest.Format]
    FORMAT_UNSPECIFIED: ExportRequest.Format
    PARQUET: ExportRequest.Format
    CSV: ExportRequest.Format
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    format: ExportRequest.Format
    filter: str
    scenario_id: str
    def __init__(self, format: _Optional[_Union[ExportRequest.Format, str]] = ..., filter: _Optional[str] = ..., scenario_id: _Optional[str] = ...) -> None: ...

class ExportResponse(_message.Message):
    __slots__ = ("data", "promises_done", "promises")
    DATA_FIELD_NUMBER: _ClassVar[int]
    PROMISES_DONE_FIELD_NUMBER: _ClassVar[int]
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    promises_done: int
    promises: int
    def __init__(self, data: _Optional[bytes] = ..., promises_done: _Optional[int] = ..., promises: _Optional[int] = ...) -> None: ...
