from promised.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ShareChange(_message.Message):
    __slots__ = ("shift", "set_share", "release")
    class Shift(_message.Message):
        __slots__ = ("from_class", "to_class", "quantity", "date")
        FROM_CLASS_FIELD_NUMBER: _ClassVar[int]
        TO_CLASS_FIELD_NUMBER: _ClassVar[int]
        QUANTITY_FIELD_NUMBER: _ClassVar[int]
        DATE_FIELD_NUMBER: _ClassVar[int]
        from_class: str
        to_class: str
        quantity: float
        date: str
        def __init__(self, from_class: _Optional[str] = ..., to_class: _Optional[str] = ..., quantity: _Optional[float] = ..., date: _Optional[str] = ...) -> None: ...
    class SetShare(_message.Message):
        __slots__ = ("demand_class", "value", "date")
        DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        DATE_FIELD_NUMBER: _ClassVar[int]
        demand_class: str
        value: float
        date: str
        def __init__(self, demand_class: _Optional[str] = ..., value: _Optional[float] = ..., date: _Optional[str] = ...) -> None: ...
    class Release(_message.Message):
        __slots__ = ("demand_class", "to_class", "date")
        DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
        TO_CLASS_FIELD_NUMBER: _ClassVar[int]
        DATE_FIELD_NUMBER: _ClassVar[int]
        demand_class: str
        to_class: str
        date: str
        def __init__(self, demand_class: _Optional[str] = ..., to_class: _Optional[str] = ..., date: _Optional[str] = ...) -> None: ...
    SHIFT_FIELD_NUMBER: _ClassVar[int]
    SET_SHARE_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    shift: ShareChange.Shift
    set_share: ShareChange.SetShare
    release: ShareChange.Release
    def __init__(self, shift: _Optional[_Union[ShareChange.Shift, _Mapping]] = ..., set_share: _Optional[_Union[ShareChange.SetShare, _Mapping]] = ..., release: _Optional[_Union[ShareChange.Release, _Mapping]] = ...) -> None: ...

class PreviewAllocationRequest(_message.Message):
    __slots__ = ("item", "location", "changes", "scenario_id")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    item: str
    location: str
    changes: _containers.RepeatedCompositeFieldContainer[ShareChange]
    scenario_id: str
    def __init__(self, item: _Optional[str] = ..., location: _Optional[str] = ..., changes: _Optional[_Iterable[_Union[ShareChange, _Mapping]]] = ..., scenario_id: _Optional[str] = ...) -> None: ...

class PreviewAllocationResponse(_message.Message):
    __slots__ = ("refused", "before", "after", "available", "promises", "promises_not_looked_at", "further_accounts", "version")
    class Available(_message.Message):
        __slots__ = ("demand_class", "before", "after")
        DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
        FROM_FIELD_NUMBER: _ClassVar[int]
        BEFORE_FIELD_NUMBER: _ClassVar[int]
        AFTER_FIELD_NUMBER: _ClassVar[int]
        demand_class: str
        before: float
        after: float
        def __init__(self, demand_class: _Optional[str] = ..., before: _Optional[float] = ..., after: _Optional[float] = ..., **kwargs) -> None: ...
    class Affected(_message.Message):
        __slots__ = ("promise_id", "order", "line", "demand_class", "quantity", "ship_date", "effect", "again_before", "again_after")
        class Effect(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
            __slots__ = ()
            EFFECT_UNSPECIFIED: _ClassVar[PreviewAllocationResponse.Affected.Effect]
            AT_RISK: _ClassVar[PreviewAllocationResponse.Affected.Effect]
            LATER: _ClassVar[PreviewAllocationResponse.Affected.Effect]
        EFFECT_UNSPECIFIED: PreviewAllocationResponse.Affected.Effect
        AT_RISK: PreviewAllocationResponse.Affected.Effect
        LATER: PreviewAllocationResponse.Affected.Effect
        PROMISE_ID_FIELD_NUMBER: _ClassVar[int]
        ORDER_FIELD_NUMBER: _ClassVar[int]
        LINE_FIELD_NUMBER: _ClassVar[int]
        DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
        QUANTITY_FIELD_NUMBER: _ClassVar[int]
        SHIP_DATE_FIELD_NUMBER: _ClassVar[int]
        EFFECT_FIELD_NUMBER: _ClassVar[int]
        AGAIN_BEFORE_FIELD_NUMBER: _ClassVar[int]
        AGAIN_AFTER_FIELD_NUMBER: _ClassVar[int]
        promise_id: str
        order: str
        line: str
        demand_class: str
        quantity: float
        ship_date: str
        effect: PreviewAllocationResponse.Affected.Effect
        again_before: str
        again_after: str
        def __init__(self, promise_id: _Optional[str] = ..., order: _Optional[str] = ..., line: _Optional[str] = ..., demand_class: _Optional[str] = ..., quantity: _Optional[float] = ..., ship_date: _Optional[str] = ..., effect: _Optional[_Union[PreviewAllocationResponse.Affected.Effect, str]] = ..., again_before: _Optional[str] = ..., again_after: _Optional[str] = ...) -> None: ...
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    PROMISES_FIELD_NUMBER: _ClassVar[int]
    PROMISES_NOT_LOOKED_AT_FIELD_NUMBER: _ClassVar[int]
    FURTHER_ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    refused: _containers.RepeatedScalarFieldContainer[str]
    before: GetAllocationResponse
    after: GetAllocationResponse
    available: _containers.RepeatedCompositeFieldContainer[PreviewAllocationResponse.Available]
    promises: _containers.RepeatedCompositeFieldContainer[PreviewAllocationResponse.Affected]
    promises_not_looked_at: int
    further_accounts: int
    version: _common_pb2.DataVersion
    def __init__(self, refused: _Optional[_Iterable[str]] = ..., before: _Optional[_Union[GetAllocationResponse, _Mapping]] = ..., after: _Optional[_Union[GetAllocationResponse, _Mapping]] = ..., available: _Optional[_Iterable[_Union[PreviewAllocationResponse.Available, _Mapping]]] = ..., promises: _Optional[_Iterable[_Union[PreviewAllocationResponse.Affected, _Mapping]]] = ..., promises_not_looked_at: _Optional[int] = ..., further_accounts: _Optional[int] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...

class ChangeAllocationRequest(_message.Message):
    __slots__ = ("request_id", "item", "location", "changes")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    item: str
    location: str
    changes: _containers.RepeatedCompositeFieldContainer[ShareChange]
    def __init__(self, request_id: _Optional[str] = ..., item: _Optional[str] = ..., location: _Optional[str] = ..., changes: _Optional[_Iterable[_Union[ShareChange, _Mapping]]] = ...) -> None: ...

class ChangeAllocationResponse(_message.Message):
    __slots__ = ("changed", "sequence", "refused", "allocation")
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    ALLOCATION_FIELD_NUMBER: _ClassVar[int]
    changed: bool
    sequence: int
    refused: _containers.RepeatedScalarFieldContainer[str]
    allocation: GetAllocationResponse
    def __init__(self, changed: bool = ..., sequence: _Optional[int] = ..., refused: _Optional[_Iterable[str]] = ..., allocation: _Optional[_Union[GetAllocationResponse, _Mapping]] = ...) -> None: ...

class GetAllocationRequest(_message.Message):
    __slots__ = ("item", "location", "scenario_id")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    item: str
    location: str
    scenario_id: str
    def __init__(self, item: _Optional[str] = ..., location: _Optional[str] = ..., scenario_id: _Optional[str] = ...) -> None: ...

class GetAllocationResponse(_message.Message):
    __slots__ = ("item", "location", "uom", "rule", "periods", "version")
    class ClassQuantity(_message.Message):
        __slots__ = ("demand_class", "quantity")
        DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
        QUANTITY_FIELD_NUMBER: _ClassVar[int]
        demand_class: str
        quantity: float
        def __init__(self, demand_class: _Optional[str] = ..., quantity: _Optional[float] = ...) -> None: ...
    class Node(_message.Message):
        __slots__ = ("demand_class", "parent", "rank", "kind", "method", "value", "brought", "allocated", "produced", "shifted", "consumed", "taken_by", "took_from", "left", "depth")
        class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
            __slots__ = ()
            KIND_UNSPECIFIED: _ClassVar[GetAllocationResponse.Node.Kind]
            SHARE: _ClassVar[GetAllocationResponse.Node.Kind]
            REMAINING: _ClassVar[GetAllocationResponse.Node.Kind]
            PROTECT: _ClassVar[GetAllocationResponse.Node.Kind]
            CAP: _ClassVar[GetAllocationResponse.Node.Kind]
        KIND_UNSPECIFIED: GetAllocationResponse.Node.Kind
        SHARE: GetAllocationResponse.Node.Kind
        REMAINING: GetAllocationResponse.Node.Kind
        PROTECT: GetAllocationResponse.Node.Kind
        CAP: GetAllocationResponse.Node.Kind
        class Method(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
            __slots__ = ()
            METHOD_UNSPECIFIED: _ClassVar[GetAllocationResponse.Node.Method]
            PERCENT: _ClassVar[GetAllocationResponse.Node.Method]
            RATIO: _ClassVar[GetAllocationResponse.Node.Method]
            QUANTITY: _ClassVar[GetAllocationResponse.Node.Method]
        METHOD_UNSPECIFIED: GetAllocationResponse.Node.Method
        PERCENT: GetAllocationResponse.Node.Method
        RATIO: GetAllocationResponse.Node.Method
        QUANTITY: GetAllocationResponse.Node.Method
        DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
        PARENT_FIELD_NUMBER: _ClassVar[int]
        RANK_FIELD_NUMBER: _ClassVar[int]
        KIND_FIELD_NUMBER: _ClassVar[int]
        METHOD_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        BROUGHT_FIELD_NUMBER: _ClassVar[int]
        ALLOCATED_FIELD_NUMBER: _ClassVar[int]
        PRODUCED_FIELD_NUMBER: _ClassVar[int]
        SHIFTED_FIELD_NUMBER: _ClassVar[int]
        CONSUMED_FIELD_NUMBER: _ClassVar[int]
        TAKEN_BY_FIELD_NUMBER: _ClassVar[int]
        TOOK_FROM_FIELD_NUMBER: _ClassVar[int]
        LEFT_FIELD_NUMBER: _ClassVar[int]
        DEPTH_FIELD_NUMBER: _ClassVar[int]
        demand_class: str
        parent: str
        rank: int
        kind: GetAllocationResponse.Node.Kind
        method: GetAllocationResponse.Node.Method
        value: float
        brought: float
        allocated: float
        produced: float
        shifted: float
        consumed: float
        taken_by: _containers.RepeatedCompositeFieldContainer[GetAllocationResponse.ClassQuantity]
        took_from: _containers.RepeatedCompositeFieldContainer[GetAllocationResponse.ClassQuantity]
        left: float
        depth: int
        def __init__(self, demand_class: _Optional[str] = ..., parent: _Optional[str] = ..., rank: _Optional[int] = ..., kind: _Optional[_Union[GetAllocationResponse.Node.Kind, str]] = ..., method: _Optional[_Union[GetAllocationResponse.Node.Method, str]] = ..., value: _Optional[float] = ..., brought: _Optional[float] = ..., allocated: _Optional[float] = ..., produced: _Optional[float] = ..., shifted: _Optional[float] = ..., consumed: _Optional[float] = ..., taken_by: _Optional[_Iterable[_Union[GetAllocationResponse.ClassQuantity, _Mapping]]] = ..., took_from: _Optional[_Iterable[_Union[GetAllocationResponse.ClassQuantity, _Mapping]]] = ..., left: _Optional[float] = ..., depth: _Optional[int] = ...) -> None: ...
    class Period(_message.Message):
        __slots__ = ("to", "nodes")
        FROM_FIELD_NUMBER: _ClassVar[int]
        TO_FIELD_NUMBER: _ClassVar[int]
        NODES_FIELD_NUMBER: _ClassVar[int]
        to: str
        nodes: _containers.RepeatedCompositeFieldContainer[GetAllocationResponse.Node]
        def __init__(self, to: _Optional[str] = ..., nodes: _Optional[_Iterable[_Union[GetAllocationResponse.Node, _Mapping]]] = ..., **kwargs) -> None: ...
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    UOM_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    PERIODS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    item: str
    location: str
    uom: str
    rule: str
    periods: _containers.RepeatedCompositeFieldContainer[GetAllocationResponse.Period]
    version: _common_pb2.DataVersion
    def __init__(self, item: _Optional[str] = ..., location: _Optional[str] = ..., uom: _Optional[str] = ..., rule: _Optional[str] = ..., periods: _Optional[_Iterable[_Union[GetAllocationResponse.Period, _Mapping]]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...
