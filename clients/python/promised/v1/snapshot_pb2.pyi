from google.protobuf import timestamp_pb2 as _timestamp_pb2
from promised.v1 import common_pb2 as _common_pb2
from promised.v1 import promise_pb2 as _promise_pb2
from promised.v1 import scenario_pb2 as _scenario_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Aim(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AIM_UNSPECIFIED: _ClassVar[Aim]
    VALIDATE: _ClassVar[Aim]
    ACTIVATE: _ClassVar[Aim]
    FORCE: _ClassVar[Aim]
AIM_UNSPECIFIED: Aim
VALIDATE: Aim
ACTIVATE: Aim
FORCE: Aim

class PushRequest(_message.Message):
    __slots__ = ("begin", "chunk", "finish")
    class Begin(_message.Message):
        __slots__ = ("snapshot_id", "files")
        class File(_message.Message):
            __slots__ = ("file", "length", "crc32c", "blake3")
            FILE_FIELD_NUMBER: _ClassVar[int]
            LENGTH_FIELD_NUMBER: _ClassVar[int]
            CRC32C_FIELD_NUMBER: _ClassVar[int]
            BLAKE3_FIELD_NUMBER: _ClassVar[int]
            file: str
            length: int
            crc32c: int
            blake3: str
            def __init__(self, file: _Optional[str] = ..., length: _Optional[int] = ..., crc32c: _Optional[int] = ..., blake3: _Optional[str] = ...) -> None: ...
        SNAPSHOT_ID_FIELD_NUMBER: _ClassVar[int]
        FILES_FIELD_NUMBER: _ClassVar[int]
        snapshot_id: str
        files: _containers.RepeatedCompositeFieldContainer[PushRequest.Begin.File]
        def __init__(self, snapshot_id: _Optional[str] = ..., files: _Optional[_Iterable[_Union[PushRequest.Begin.File, _Mapping]]] = ...) -> None: ...
    class Chunk(_message.Message):
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
    class Finish(_message.Message):
        __slots__ = ("aim", "force")
        AIM_FIELD_NUMBER: _ClassVar[int]
        FORCE_FIELD_NUMBER: _ClassVar[int]
        aim: Aim
        force: _promise_pb2.Force
        def __init__(self, aim: _Optional[_Union[Aim, str]] = ..., force: _Optional[_Union[_promise_pb2.Force, _Mapping]] = ...) -> None: ...
    BEGIN_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    FINISH_FIELD_NUMBER: _ClassVar[int]
    begin: PushRequest.Begin
    chunk: PushRequest.Chunk
    finish: PushRequest.Finish
    def __init__(self, begin: _Optional[_Union[PushRequest.Begin, _Mapping]] = ..., chunk: _Optional[_Union[PushRequest.Chunk, _Mapping]] = ..., finish: _Optional[_Union[PushRequest.Finish, _Mapping]] = ...) -> None: ...

class PushResponse(_message.Message):
    __slots__ = ("summary",)
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    summary: RefreshSummary
    def __init__(self, summary: _Optional[_Union[RefreshSummary, _Mapping]] = ...) -> None: ...

class RefreshSummary(_message.Message):
    __slots__ = ("number", "snapshot_id", "as_of", "replaces", "outcome", "at", "errors", "warnings", "faults", "suspicions", "forced_by", "forced_why", "generation", "sequence", "absorbed", "carried", "dropped", "at_risk", "accounts_checked", "accounts_changed", "load_millis", "reconcile_millis", "stand_still_micros", "rows", "changes_made_again", "changes_left_out")
    class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        OUTCOME_UNSPECIFIED: _ClassVar[RefreshSummary.Outcome]
        ACTIVATED: _ClassVar[RefreshSummary.Outcome]
        VALIDATED: _ClassVar[RefreshSummary.Outcome]
        QUARANTINED: _ClassVar[RefreshSummary.Outcome]
    OUTCOME_UNSPECIFIED: RefreshSummary.Outcome
    ACTIVATED: RefreshSummary.Outcome
    VALIDATED: RefreshSummary.Outcome
    QUARANTINED: RefreshSummary.Outcome
    class RowsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_ID_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    REPLACES_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    FAULTS_FIELD_NUMBER: _ClassVar[int]
    SUSPICIONS_FIELD_NUMBER: _ClassVar[int]
    FORCED_BY_FIELD_NUMBER: _ClassVar[int]
    FORCED_WHY_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    ABSORBED_FIELD_NUMBER: _ClassVar[int]
    CARRIED_FIELD_NUMBER: _ClassVar[int]
    DROPPED_FIELD_NUMBER: _ClassVar[int]
    AT_RISK_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_CHECKED_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_CHANGED_FIELD_NUMBER: _ClassVar[int]
    LOAD_MILLIS_FIELD_NUMBER: _ClassVar[int]
    RECONCILE_MILLIS_FIELD_NUMBER: _ClassVar[int]
    STAND_STILL_MICROS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    CHANGES_MADE_AGAIN_FIELD_NUMBER: _ClassVar[int]
    CHANGES_LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    number: int
    snapshot_id: str
    as_of: str
    replaces: str
    outcome: RefreshSummary.Outcome
    at: str
    errors: int
    warnings: int
    faults: _containers.RepeatedScalarFieldContainer[str]
    suspicions: _containers.RepeatedScalarFieldContainer[str]
    forced_by: str
    forced_why: str
    generation: int
    sequence: int
    absorbed: int
    carried: int
    dropped: int
    at_risk: int
    accounts_checked: int
    accounts_changed: int
    load_millis: int
    reconcile_millis: int
    stand_still_micros: int
    rows: _containers.ScalarMap[str, int]
    changes_made_again: int
    changes_left_out: int
    def __init__(self, number: _Optional[int] = ..., snapshot_id: _Optional[str] = ..., as_of: _Optional[str] = ..., replaces: _Optional[str] = ..., outcome: _Optional[_Union[RefreshSummary.Outcome, str]] = ..., at: _Optional[str] = ..., errors: _Optional[int] = ..., warnings: _Optional[int] = ..., faults: _Optional[_Iterable[str]] = ..., suspicions: _Optional[_Iterable[str]] = ..., forced_by: _Optional[str] = ..., forced_why: _Optional[str] = ..., generation: _Optional[int] = ..., sequence: _Optional[int] = ..., absorbed: _Optional[int] = ..., carried: _Optional[int] = ..., dropped: _Optional[int] = ..., at_risk: _Optional[int] = ..., accounts_checked: _Optional[int] = ..., accounts_changed: _Optional[int] = ..., load_millis: _Optional[int] = ..., reconcile_millis: _Optional[int] = ..., stand_still_micros: _Optional[int] = ..., rows: _Optional[_Mapping[str, int]] = ..., changes_made_again: _Optional[int] = ..., changes_left_out: _Optional[int] = ...) -> None: ...

class GetUploadRequest(_message.Message):
    __slots__ = ("snapshot_id",)
    SNAPSHOT_ID_FIELD_NUMBER: _ClassVar[int]
    snapshot_id: str
    def __init__(self, snapshot_id: _Optional[str] = ...) -> None: ...

class GetUploadResponse(_message.Message):
    __slots__ = ("files",)
    class File(_message.Message):
        __slots__ = ("file", "length", "crc32c")
        FILE_FIELD_NUMBER: _ClassVar[int]
        LENGTH_FIELD_NUMBER: _ClassVar[int]
        CRC32C_FIELD_NUMBER: _ClassVar[int]
        file: str
        length: int
        crc32c: int
        def __init__(self, file: _Optional[str] = ..., length: _Optional[int] = ..., crc32c: _Optional[int] = ...) -> None: ...
    FILES_FIELD_NUMBER: _ClassVar[int]
    files: _containers.RepeatedCompositeFieldContainer[GetUploadResponse.File]
    def __init__(self, files: _Optional[_Iterable[_Union[GetUploadResponse.File, _Mapping]]] = ...) -> None: ...

class GetStatusRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetStatusResponse(_message.Message):
    __slots__ = ("version", "generation", "age_seconds", "sources", "tables", "build", "promises_live", "promises_at_risk", "bytes_live", "bytes_resident", "last_record", "changes")
    class Source(_message.Message):
        __slots__ = ("source", "watermark", "age_seconds", "position", "positions")
        SOURCE_FIELD_NUMBER: _ClassVar[int]
        WATERMARK_FIELD_NUMBER: _ClassVar[int]
        AGE_SECONDS_FIELD_NUMBER: _ClassVar[int]
        POSITION_FIELD_NUMBER: _ClassVar[int]
        POSITIONS_FIELD_NUMBER: _ClassVar[int]
        source: str
        watermark: _timestamp_pb2.Timestamp
        age_seconds: float
        position: str
        positions: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, source: _Optional[str] = ..., watermark: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., age_seconds: _Optional[float] = ..., position: _Optional[str] = ..., positions: _Optional[_Iterable[str]] = ...) -> None: ...
    class Table(_message.Message):
        __slots__ = ("table", "rows", "as_of")
        TABLE_FIELD_NUMBER: _ClassVar[int]
        ROWS_FIELD_NUMBER: _ClassVar[int]
        AS_OF_FIELD_NUMBER: _ClassVar[int]
        table: str
        rows: int
        as_of: str
        def __init__(self, table: _Optional[str] = ..., rows: _Optional[int] = ..., as_of: _Optional[str] = ...) -> None: ...
    class Build(_message.Message):
        __slots__ = ("tables", "stage", "progress", "seconds", "bytes_built")
        TABLES_FIELD_NUMBER: _ClassVar[int]
        STAGE_FIELD_NUMBER: _ClassVar[int]
        PROGRESS_FIELD_NUMBER: _ClassVar[int]
        SECONDS_FIELD_NUMBER: _ClassVar[int]
        BYTES_BUILT_FIELD_NUMBER: _ClassVar[int]
        tables: str
        stage: str
        progress: float
        seconds: float
        bytes_built: int
        def __init__(self, tables: _Optional[str] = ..., stage: _Optional[str] = ..., progress: _Optional[float] = ..., seconds: _Optional[float] = ..., bytes_built: _Optional[int] = ...) -> None: ...
    VERSION_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    AGE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    TABLES_FIELD_NUMBER: _ClassVar[int]
    BUILD_FIELD_NUMBER: _ClassVar[int]
    PROMISES_LIVE_FIELD_NUMBER: _ClassVar[int]
    PROMISES_AT_RISK_FIELD_NUMBER: _ClassVar[int]
    BYTES_LIVE_FIELD_NUMBER: _ClassVar[int]
    BYTES_RESIDENT_FIELD_NUMBER: _ClassVar[int]
    LAST_RECORD_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    version: _common_pb2.DataVersion
    generation: int
    age_seconds: float
    sources: _containers.RepeatedCompositeFieldContainer[GetStatusResponse.Source]
    tables: _containers.RepeatedCompositeFieldContainer[GetStatusResponse.Table]
    build: GetStatusResponse.Build
    promises_live: int
    promises_at_risk: int
    bytes_live: int
    bytes_resident: int
    last_record: int
    changes: int
    def __init__(self, version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., generation: _Optional[int] = ..., age_seconds: _Optional[float] = ..., sources: _Optional[_Iterable[_Union[GetStatusResponse.Source, _Mapping]]] = ..., tables: _Optional[_Iterable[_Union[GetStatusResponse.Table, _Mapping]]] = ..., build: _Optional[_Union[GetStatusResponse.Build, _Mapping]] = ..., promises_live: _Optional[int] = ..., promises_at_risk: _Optional[int] = ..., bytes_live: _Optional[int] = ..., bytes_resident: _Optional[int] = ..., last_record: _Optional[int] = ..., changes: _Optional[int] = ...) -> None: ...

class ListSnapshotsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListSnapshotsResponse(_message.Message):
    __slots__ = ("snapshots",)
    class Kept(_message.Message):
        __slots__ = ("snapshot_id", "as_of", "accepted_at", "active")
        SNAPSHOT_ID_FIELD_NUMBER: _ClassVar[int]
        AS_OF_FIELD_NUMBER: _ClassVar[int]
        ACCEPTED_AT_FIELD_NUMBER: _ClassVar[int]
        ACTIVE_FIELD_NUMBER: _ClassVar[int]
        snapshot_id: str
        as_of: str
        accepted_at: str
        active: bool
        def __init__(self, snapshot_id: _Optional[str] = ..., as_of: _Optional[str] = ..., accepted_at: _Optional[str] = ..., active: bool = ...) -> None: ...
    SNAPSHOTS_FIELD_NUMBER: _ClassVar[int]
    snapshots: _containers.RepeatedCompositeFieldContainer[ListSnapshotsResponse.Kept]
    def __init__(self, snapshots: _Optional[_Iterable[_Union[ListSnapshotsResponse.Kept, _Mapping]]] = ...) -> None: ...

class ActivateRequest(_message.Message):
    __slots__ = ("snapshot_id", "force")
    SNAPSHOT_ID_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    snapshot_id: str
    force: _promise_pb2.Force
    def __init__(self, snapshot_id: _Optional[str] = ..., force: _Optional[_Union[_promise_pb2.Force, _Mapping]] = ...) -> None: ...

class GetReconciliationRequest(_message.Message):
    __slots__ = ("number",)
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    number: int
    def __init__(self, number: _Optional[int] = ...) -> None: ...

class GetReconciliationResponse(_message.Message):
    __slots__ = ("summary", "absorbed", "carried", "dropped", "at_risk", "accounts", "changes_left_out", "planned")
    class Account(_message.Message):
        __slots__ = ("account", "old", "new", "supply", "demand", "absorbed", "dropped", "carried")
        ACCOUNT_FIELD_NUMBER: _ClassVar[int]
        OLD_FIELD_NUMBER: _ClassVar[int]
        NEW_FIELD_NUMBER: _ClassVar[int]
        SUPPLY_FIELD_NUMBER: _ClassVar[int]
        DEMAND_FIELD_NUMBER: _ClassVar[int]
        ABSORBED_FIELD_NUMBER: _ClassVar[int]
        DROPPED_FIELD_NUMBER: _ClassVar[int]
        CARRIED_FIELD_NUMBER: _ClassVar[int]
        account: str
        old: float
        new: float
        supply: float
        demand: float
        absorbed: float
        dropped: float
        carried: float
        def __init__(self, account: _Optional[str] = ..., old: _Optional[float] = ..., new: _Optional[float] = ..., supply: _Optional[float] = ..., demand: _Optional[float] = ..., absorbed: _Optional[float] = ..., dropped: _Optional[float] = ..., carried: _Optional[float] = ...) -> None: ...
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    ABSORBED_FIELD_NUMBER: _ClassVar[int]
    CARRIED_FIELD_NUMBER: _ClassVar[int]
    DROPPED_FIELD_NUMBER: _ClassVar[int]
    AT_RISK_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    CHANGES_LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    PLANNED_FIELD_NUMBER: _ClassVar[int]
    summary: RefreshSummary
    absorbed: _containers.RepeatedScalarFieldContainer[str]
    carried: _containers.RepeatedScalarFieldContainer[str]
    dropped: _containers.RepeatedScalarFieldContainer[str]
    at_risk: _containers.RepeatedScalarFieldContainer[str]
    accounts: _containers.RepeatedCompositeFieldContainer[GetReconciliationResponse.Account]
    changes_left_out: _containers.RepeatedScalarFieldContainer[str]
    planned: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, summary: _Optional[_Union[RefreshSummary, _Mapping]] = ..., absorbed: _Optional[_Iterable[str]] = ..., carried: _Optional[_Iterable[str]] = ..., dropped: _Optional[_Iterable[str]] = ..., at_risk: _Optional[_Iterable[str]] = ..., accounts: _Optional[_Iterable[_Union[GetReconciliationResponse.Account, _Mapping]]] = ..., changes_left_out: _Optional[_Iterable[str]] = ..., planned: _Optional[_Iterable[str]] = ...) -> None: ...

class ApplyChangesRequest(_message.Message):
    __slots__ = ("request_id", "changes", "source", "known_at", "validate_only", "position", "after")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    changes: _containers.RepeatedCompositeFieldContainer[_scenario_pb2.Change]
    source: str
    known_at: _timestamp_pb2.Timestamp
    validate_only: bool
    position: str
    after: str
    def __init__(self, request_id: _Optional[str] = ..., changes: _Optional[_Iterable[_Union[_scenario_pb2.Change, _Mapping]]] = ..., source: _Optional[str] = ..., known_at: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., validate_only: bool = ..., position: _Optional[str] = ..., after: _Optional[str] = ...) -> None: ...

class ApplyChangesResponse(_message.Message):
    __slots__ = ("applied", "version", "absorbed", "carried", "dropped", "at_risk", "short", "no_longer_at_risk", "met")
    class Short(_message.Message):
        __slots__ = ("account", "promise_ids")
        ACCOUNT_FIELD_NUMBER: _ClassVar[int]
        PROMISE_IDS_FIELD_NUMBER: _ClassVar[int]
        account: str
        promise_ids: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, account: _Optional[str] = ..., promise_ids: _Optional[_Iterable[str]] = ...) -> None: ...
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ABSORBED_FIELD_NUMBER: _ClassVar[int]
    CARRIED_FIELD_NUMBER: _ClassVar[int]
    DROPPED_FIELD_NUMBER: _ClassVar[int]
    AT_RISK_FIELD_NUMBER: _ClassVar[int]
    SHORT_FIELD_NUMBER: _ClassVar[int]
    NO_LONGER_AT_RISK_FIELD_NUMBER: _ClassVar[int]
    MET_FIELD_NUMBER: _ClassVar[int]
    applied: bool
    version: _common_pb2.DataVersion
    absorbed: _containers.RepeatedScalarFieldContainer[str]
    carried: _containers.RepeatedScalarFieldContainer[str]
    dropped: _containers.RepeatedScalarFieldContainer[str]
    at_risk: _containers.RepeatedScalarFieldContainer[str]
    short: _containers.RepeatedCompositeFieldContainer[ApplyChangesResponse.Short]
    no_longer_at_risk: _containers.RepeatedScalarFieldContainer[str]
    met: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, applied: bool = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ..., absorbed: _Optional[_Iterable[str]] = ..., carried: _Optional[_Iterable[str]] = ..., dropped: _Optional[_Iterable[str]] = ..., at_risk: _Optional[_Iterable[str]] = ..., short: _Optional[_Iterable[_Union[ApplyChangesResponse.Short, _Mapping]]] = ..., no_longer_at_risk: _Optional[_Iterable[str]] = ..., met: _Optional[_Iterable[int]] = ...) -> None: ...
