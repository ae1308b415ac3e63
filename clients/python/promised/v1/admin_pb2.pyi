from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WhoAmIRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WhoAmIResponse(_message.Message):
    __slots__ = ("name", "roles", "classes", "customers", "locations", "sources", "economics", "open", "calls_a_second", "calls_at_once", "lines_a_minute", "held_quantity", "hold_for_at_most_seconds")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    CLASSES_FIELD_NUMBER: _ClassVar[int]
    CUSTOMERS_FIELD_NUMBER: _ClassVar[int]
    LOCATIONS_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    ECONOMICS_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    CALLS_A_SECOND_FIELD_NUMBER: _ClassVar[int]
    CALLS_AT_ONCE_FIELD_NUMBER: _ClassVar[int]
    LINES_A_MINUTE_FIELD_NUMBER: _ClassVar[int]
    HELD_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    HOLD_FOR_AT_MOST_SECONDS_FIELD_NUMBER: _ClassVar[int]
    name: str
    roles: _containers.RepeatedScalarFieldContainer[str]
    classes: _containers.RepeatedScalarFieldContainer[str]
    customers: _containers.RepeatedScalarFieldContainer[str]
    locations: _containers.RepeatedScalarFieldContainer[str]
    sources: _containers.RepeatedScalarFieldContainer[str]
    economics: bool
    open: bool
    calls_a_second: int
    calls_at_once: int
    lines_a_minute: int
    held_quantity: int
    hold_for_at_most_seconds: int
    def __init__(self, name: _Optional[str] = ..., roles: _Optional[_Iterable[str]] = ..., classes: _Optional[_Iterable[str]] = ..., customers: _Optional[_Iterable[str]] = ..., locations: _Optional[_Iterable[str]] = ..., sources: _Optional[_Iterable[str]] = ..., economics: bool = ..., open: bool = ..., calls_a_second: _Optional[int] = ..., calls_at_once: _Optional[int] = ..., lines_a_minute: _Optional[int] = ..., held_quantity: _Optional[int] = ..., hold_for_at_most_seconds: _Optional[int] = ...) -> None: ...

class GetConfigRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetConfigResponse(_message.Message):
    __slots__ = ("settings",)
    class Setting(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        FROM_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ..., **kwargs) -> None: ...
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    settings: _containers.RepeatedCompositeFieldContainer[GetConfigResponse.Setting]
    def __init__(self, settings: _Optional[_Iterable[_Union[GetConfigResponse.Setting, _Mapping]]] = ...) -> None: ...

class Token(_message.Message):
    __slots__ = ("name", "roles", "classes", "customers", "locations", "sources", "economics", "expires", "calls_a_second", "calls_at_once", "lines_a_minute", "held_quantity", "hold_for_at_most_seconds")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    CLASSES_FIELD_NUMBER: _ClassVar[int]
    CUSTOMERS_FIELD_NUMBER: _ClassVar[int]
    LOCATIONS_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    ECONOMICS_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_FIELD_NUMBER: _ClassVar[int]
    CALLS_A_SECOND_FIELD_NUMBER: _ClassVar[int]
    CALLS_AT_ONCE_FIELD_NUMBER: _ClassVar[int]
    LINES_A_MINUTE_FIELD_NUMBER: _ClassVar[int]
    HELD_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    HOLD_FOR_AT_MOST_SECONDS_FIELD_NUMBER: _ClassVar[int]
    name: str
    roles: _containers.RepeatedScalarFieldContainer[str]
    classes: _containers.RepeatedScalarFieldContainer[str]
    customers: _containers.RepeatedScalarFieldContainer[str]
    locations: _containers.RepeatedScalarFieldContainer[str]
    sources: _containers.RepeatedScalarFieldContainer[str]
    economics: bool
    expires: _timestamp_pb2.Timestamp
    calls_a_second: int
    calls_at_once: int
    lines_a_minute: int
    held_quantity: int
    hold_for_at_most_seconds: int
    def __init__(self, name: _Optional[str] = ..., roles: _Optional[_Iterable[str]] = ..., classes: _Optional[_Iterable[str]] = ..., customers: _Optional[_Iterable[str]] = ..., locations: _Optional[_Iterable[str]] = ..., sources: _Optional[_Iterable[str]] = ..., economics: bool = ..., expires: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., calls_a_second: _Optional[int] = ..., calls_at_once: _Optional[int] = ..., lines_a_minute: _Optional[int] = ..., held_quantity: _Optional[int] = ..., hold_for_at_most_seconds: _Optional[int] = ...) -> None: ...

class ListTokensRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListTokensResponse(_message.Message):
    __slots__ = ("tokens",)
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    tokens: _containers.RepeatedCompositeFieldContainer[Token]
    def __init__(self, tokens: _Optional[_Iterable[_Union[Token, _Mapping]]] = ...) -> None: ...

class CreateTokenRequest(_message.Message):
    __slots__ = ("name", "roles", "classes", "customers", "locations", "sources", "economics", "expires", "calls_a_second", "calls_at_once", "lines_a_minute", "held_quantity", "hold_for_at_most_seconds")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    CLASSES_FIELD_NUMBER: _ClassVar[int]
    CUSTOMERS_FIELD_NUMBER: _ClassVar[int]
    LOCATIONS_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    ECONOMICS_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_FIELD_NUMBER: _ClassVar[int]
    CALLS_A_SECOND_FIELD_NUMBER: _ClassVar[int]
    CALLS_AT_ONCE_FIELD_NUMBER: _ClassVar[int]
    LINES_A_MINUTE_FIELD_NUMBER: _ClassVar[int]
    HELD_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    HOLD_FOR_AT_MOST_SECONDS_FIELD_NUMBER: _ClassVar[int]
    name: str
    roles: _containers.RepeatedScalarFieldContainer[str]
    classes: _containers.RepeatedScalarFieldContainer[str]
    customers: _containers.RepeatedScalarFieldContainer[str]
    locations: _containers.RepeatedScalarFieldContainer[str]
    sources: _containers.RepeatedScalarFieldContainer[str]
    economics: bool
    expires: _timestamp_pb2.Timestamp
    calls_a_second: int
    calls_at_once: int
    lines_a_minute: int
    held_quantity: int
    hold_for_at_most_seconds: int
    def __init__(self, name: _Optional[str] = ..., roles: _Optional[_Iterable[str]] = ..., classes: _Optional[_Iterable[str]] = ..., customers: _Optional[_Iterable[str]] = ..., locations: _Optional[_Iterable[str]] = ..., sources: _Optional[_Iterable[str]] = ..., economics: bool = ..., expires: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., calls_a_second: _Optional[int] = ..., calls_at_once: _Optional[int] = ..., lines_a_minute: _Optional[int] = ..., held_quantity: _Optional[int] = ..., hold_for_at_most_seconds: _Optional[int] = ...) -> None: ...

class CreateTokenResponse(_message.Message):
    __slots__ = ("token",)
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    token: str
    def __init__(self, token: _Optional[str] = ...) -> None: ...

class RevokeTokenRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class RevokeTokenResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListAuditRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "principal")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    principal: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., principal: _Optional[str] = ...) -> None: ...

class ListAuditResponse(_message.Message):
    __slots__ = ("records", "next_page_token")
    class Record(_message.Message):
        __slots__ = ("at", "principal", "method", "code", "reason", "peer")
        AT_FIELD_NUMBER: _ClassVar[int]
        PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
        METHOD_FIELD_NUMBER: _ClassVar[int]
        CODE_FIELD_NUMBER: _ClassVar[int]
        REASON_FIELD_NUMBER: _ClassVar[int]
        PEER_FIELD_NUMBER: _ClassVar[int]
        at: str
        principal: str
        method: str
        code: str
        reason: str
        peer: str
        def __init__(self, at: _Optional[str] = ..., principal: _Optional[str] = ..., method: _Optional[str] = ..., code: _Optional[str] = ..., reason: _Optional[str] = ..., peer: _Optional[str] = ...) -> None: ...
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    records: _containers.RepeatedCompositeFieldContainer[ListAuditResponse.Record]
    next_page_token: str
    def __init__(self, records: _Optional[_Iterable[_Union[ListAuditResponse.Record, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class BackupRequest(_message.Message):
    __slots__ = ("snapshot_id",)
    SNAPSHOT_ID_FIELD_NUMBER: _ClassVar[int]
    snapshot_id: str
    def __init__(self, snapshot_id: _Optional[str] = ...) -> None: ...

class BackupPart(_message.Message):
    __slots__ = ("file", "offset", "data", "crc32c", "last")
    FILE_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    CRC32C_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    file: str
    offset: int
    data: bytes
    crc32c: int
    last: bool
    def __init__(self, file: _Optional[str] = ..., offset: _Optional[int] = ..., data: _Optional[bytes] = ..., crc32c: _Optional[int] = ..., last: bool = ...) -> None: ...

class ClusterStatusRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ClusterStatusResponse(_message.Message):
    __slots__ = ("cluster", "leader", "epoch", "position", "nodes", "etcd", "last_gap_seconds")
    class Node(_message.Message):
        __slots__ = ("node", "address", "peer", "role", "version", "position", "lag_seconds", "disk_free_bytes", "disk_bytes", "duties")
        NODE_FIELD_NUMBER: _ClassVar[int]
        ADDRESS_FIELD_NUMBER: _ClassVar[int]
        PEER_FIELD_NUMBER: _ClassVar[int]
        ROLE_FIELD_NUMBER: _ClassVar[int]
        VERSION_FIELD_NUMBER: _ClassVar[int]
        POSITION_FIELD_NUMBER: _ClassVar[int]
        LAG_SECONDS_FIELD_NUMBER: _ClassVar[int]
        DISK_FREE_BYTES_FIELD_NUMBER: _ClassVar[int]
        DISK_BYTES_FIELD_NUMBER: _ClassVar[int]
        DUTIES_FIELD_NUMBER: _ClassVar[int]
        node: str
        address: str
        peer: str
        role: str
        version: str
        position: int
        lag_seconds: float
        disk_free_bytes: int
        disk_bytes: int
        duties: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, node: _Optional[str] = ..., address: _Optional[str] = ..., peer: _Optional[str] = ..., role: _Optional[str] = ..., version: _Optional[str] = ..., position: _Optional[int] = ..., lag_seconds: _Optional[float] = ..., disk_free_bytes: _Optional[int] = ..., disk_bytes: _Optional[int] = ..., duties: _Optional[_Iterable[str]] = ...) -> None: ...
    class Etcd(_message.Message):
        __slots__ = ("url", "version", "leader", "healthy", "db_bytes", "heartbeat_ms", "election_ms", "quota_bytes")
        URL_FIELD_NUMBER: _ClassVar[int]
        VERSION_FIELD_NUMBER: _ClassVar[int]
        LEADER_FIELD_NUMBER: _ClassVar[int]
        HEALTHY_FIELD_NUMBER: _ClassVar[int]
        DB_BYTES_FIELD_NUMBER: _ClassVar[int]
        HEARTBEAT_MS_FIELD_NUMBER: _ClassVar[int]
        ELECTION_MS_FIELD_NUMBER: _ClassVar[int]
        QUOTA_BYTES_FIELD_NUMBER: _ClassVar[int]
        url: str
        version: str
        leader: bool
        healthy: bool
        db_bytes: int
        heartbeat_ms: int
        election_ms: int
        quota_bytes: int
        def __init__(self, url: _Optional[str] = ..., version: _Optional[str] = ..., leader: bool = ..., healthy: bool = ..., db_bytes: _Optional[int] = ..., heartbeat_ms: _Optional[int] = ..., election_ms: _Optional[int] = ..., quota_bytes: _Optional[int] = ...) -> None: ...
    CLUSTER_FIELD_NUMBER: _ClassVar[int]
    LEADER_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    NODES_FIELD_NUMBER: _ClassVar[int]
    ETCD_FIELD_NUMBER: _ClassVar[int]
    LAST_GAP_SECONDS_FIELD_NUMBER: _ClassVar[int]
    cluster: str
    leader: str
    epoch: int
    position: int
    nodes: _containers.RepeatedCompositeFieldContainer[ClusterStatusResponse.Node]
    etcd: _containers.RepeatedCompositeFieldContainer[ClusterStatusResponse.Etcd]
    last_gap_seconds: float
    def __init__(self, cluster: _Optional[str] = ..., leader: _Optional[str] = ..., epoch: _Optional[int] = ..., position: _Optional[int] = ..., nodes: _Optional[_Iterable[_Union[ClusterStatusResponse.Node, _Mapping]]] = ..., etcd: _Optional[_Iterable[_Union[ClusterStatusResponse.Etcd, _Mapping]]] = ..., last_gap_seconds: _Optional[float] = ...) -> None: ...
