from promised.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FindRequest(_message.Message):
    __slots__ = ("text", "kinds", "limit", "page_token", "scenario_id")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    text: str
    kinds: _containers.RepeatedScalarFieldContainer[Hit.Kind]
    limit: int
    page_token: str
    scenario_id: str
    def __init__(self, text: _Optional[str] = ..., kinds: _Optional[_Iterable[_Union[Hit.Kind, str]]] = ..., limit: _Optional[int] = ..., page_token: _Optional[str] = ..., scenario_id: _Optional[str] = ...) -> None: ...

class Hit(_message.Message):
    __slots__ = ("kind", "key", "name", "hint")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[Hit.Kind]
        ITEM: _ClassVar[Hit.Kind]
        LOCATION: _ClassVar[Hit.Kind]
        CUSTOMER: _ClassVar[Hit.Kind]
        SUPPLIER: _ClassVar[Hit.Kind]
        RESOURCE: _ClassVar[Hit.Kind]
        ORDER: _ClassVar[Hit.Kind]
        SUPPLY: _ClassVar[Hit.Kind]
    KIND_UNSPECIFIED: Hit.Kind
    ITEM: Hit.Kind
    LOCATION: Hit.Kind
    CUSTOMER: Hit.Kind
    SUPPLIER: Hit.Kind
    RESOURCE: Hit.Kind
    ORDER: Hit.Kind
    SUPPLY: Hit.Kind
    KIND_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    HINT_FIELD_NUMBER: _ClassVar[int]
    kind: Hit.Kind
    key: str
    name: str
    hint: str
    def __init__(self, kind: _Optional[_Union[Hit.Kind, str]] = ..., key: _Optional[str] = ..., name: _Optional[str] = ..., hint: _Optional[str] = ...) -> None: ...

class FindResponse(_message.Message):
    __slots__ = ("hits", "next_page_token", "version")
    HITS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    hits: _containers.RepeatedCompositeFieldContainer[Hit]
    next_page_token: str
    version: _common_pb2.DataVersion
    def __init__(self, hits: _Optional[_Iterable[_Union[Hit, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...

class GetItemRequest(_message.Message):
    __slots__ = ("item", "scenario_id")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    item: str
    scenario_id: str
    def __init__(self, item: _Optional[str] = ..., scenario_id: _Optional[str] = ...) -> None: ...

class GetItemResponse(_message.Message):
    __slots__ = ("item", "description", "category", "brand", "uom", "lot_multiple", "list_price", "unit_cost", "locations", "works", "offers", "substitutes", "version")
    class Work(_message.Message):
        __slots__ = ("work_definition", "location", "priority", "components", "resources")
        WORK_DEFINITION_FIELD_NUMBER: _ClassVar[int]
        LOCATION_FIELD_NUMBER: _ClassVar[int]
        PRIORITY_FIELD_NUMBER: _ClassVar[int]
        COMPONENTS_FIELD_NUMBER: _ClassVar[int]
        RESOURCES_FIELD_NUMBER: _ClassVar[int]
        work_definition: str
        location: str
        priority: int
        components: _containers.RepeatedScalarFieldContainer[str]
        resources: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, work_definition: _Optional[str] = ..., location: _Optional[str] = ..., priority: _Optional[int] = ..., components: _Optional[_Iterable[str]] = ..., resources: _Optional[_Iterable[str]] = ...) -> None: ...
    class Offer(_message.Message):
        __slots__ = ("supplier", "location", "lead_time_days", "priority")
        SUPPLIER_FIELD_NUMBER: _ClassVar[int]
        LOCATION_FIELD_NUMBER: _ClassVar[int]
        LEAD_TIME_DAYS_FIELD_NUMBER: _ClassVar[int]
        PRIORITY_FIELD_NUMBER: _ClassVar[int]
        supplier: str
        location: str
        lead_time_days: int
        priority: int
        def __init__(self, supplier: _Optional[str] = ..., location: _Optional[str] = ..., lead_time_days: _Optional[int] = ..., priority: _Optional[int] = ...) -> None: ...
    class Substitute(_message.Message):
        __slots__ = ("item", "rank", "ratio", "customer")
        ITEM_FIELD_NUMBER: _ClassVar[int]
        RANK_FIELD_NUMBER: _ClassVar[int]
        RATIO_FIELD_NUMBER: _ClassVar[int]
        CUSTOMER_FIELD_NUMBER: _ClassVar[int]
        item: str
        rank: int
        ratio: float
        customer: str
        def __init__(self, item: _Optional[str] = ..., rank: _Optional[int] = ..., ratio: _Optional[float] = ..., customer: _Optional[str] = ...) -> None: ...
    ITEM_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    UOM_FIELD_NUMBER: _ClassVar[int]
    LOT_MULTIPLE_FIELD_NUMBER: _ClassVar[int]
    LIST_PRICE_FIELD_NUMBER: _ClassVar[int]
    UNIT_COST_FIELD_NUMBER: _ClassVar[int]
    LOCATIONS_FIELD_NUMBER: _ClassVar[int]
    WORKS_FIELD_NUMBER: _ClassVar[int]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    SUBSTITUTES_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    item: str
    description: str
    category: str
    brand: str
    uom: str
    lot_multiple: float
    list_price: float
    unit_cost: float
    locations: _containers.RepeatedScalarFieldContainer[str]
    works: _containers.RepeatedCompositeFieldContainer[GetItemResponse.Work]
    offers: _containers.RepeatedCompositeFieldContainer[GetItemResponse.Offer]
    substitutes: _containers.RepeatedCompositeFieldContainer[GetItemResponse.Substitute]
    version: _common_pb2.DataVersion
    def __init__(self, item: _Optional[str] = ..., description: _Optional[str] = ..., category: _Optional[str] = ..., brand: _Optional[str] = ..., uom: _Optional[str] = ..., lot_multiple: _Optional[float] = ..., list_price: _Optional[float] = ..., unit_cost: _Optional[float] = ..., locations: _Optional[_Iterable[str]] = ..., works: _Optional[_Iterable[_Union[GetItemResponse.Work, _Mapping]]] = ..., offers: _Optional[_Iterable[_Union[GetItemResponse.Offer, _Mapping]]] = ..., substitutes: _Optional[_Iterable[_Union[GetItemResponse.Substitute, _Mapping]]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...

class GetLocationRequest(_message.Message):
    __slots__ = ("location", "scenario_id")
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    location: str
    scenario_id: str
    def __init__(self, location: _Optional[str] = ..., scenario_id: _Optional[str] = ...) -> None: ...

class GetLocationResponse(_message.Message):
    __slots__ = ("location", "name", "kind", "zone", "shipping_calendar", "receiving_calendar", "manufacturing_calendar", "cutoff_time", "time_zone", "pick_pack_days", "order_lines_per_day", "handling_cost", "resources", "version")
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    SHIPPING_CALENDAR_FIELD_NUMBER: _ClassVar[int]
    RECEIVING_CALENDAR_FIELD_NUMBER: _ClassVar[int]
    MANUFACTURING_CALENDAR_FIELD_NUMBER: _ClassVar[int]
    CUTOFF_TIME_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    PICK_PACK_DAYS_FIELD_NUMBER: _ClassVar[int]
    ORDER_LINES_PER_DAY_FIELD_NUMBER: _ClassVar[int]
    HANDLING_COST_FIELD_NUMBER: _ClassVar[int]
    RESOURCES_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    location: str
    name: str
    kind: str
    zone: str
    shipping_calendar: str
    receiving_calendar: str
    manufacturing_calendar: str
    cutoff_time: str
    time_zone: str
    pick_pack_days: int
    order_lines_per_day: float
    handling_cost: float
    resources: _containers.RepeatedScalarFieldContainer[str]
    version: _common_pb2.DataVersion
    def __init__(self, location: _Optional[str] = ..., name: _Optional[str] = ..., kind: _Optional[str] = ..., zone: _Optional[str] = ..., shipping_calendar: _Optional[str] = ..., receiving_calendar: _Optional[str] = ..., manufacturing_calendar: _Optional[str] = ..., cutoff_time: _Optional[str] = ..., time_zone: _Optional[str] = ..., pick_pack_days: _Optional[int] = ..., order_lines_per_day: _Optional[float] = ..., handling_cost: _Optional[float] = ..., resources: _Optional[_Iterable[str]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...

class GetCustomerRequest(_message.Message):
    __slots__ = ("customer", "scenario_id")
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    customer: str
    scenario_id: str
    def __init__(self, customer: _Optional[str] = ..., scenario_id: _Optional[str] = ...) -> None: ...

class GetCustomerResponse(_message.Message):
    __slots__ = ("customer", "name", "zone", "demand_class", "priority", "receiving_calendar", "country", "region", "promises_live", "version")
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    RECEIVING_CALENDAR_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    PROMISES_LIVE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    customer: str
    name: str
    zone: str
    demand_class: str
    priority: int
    receiving_calendar: str
    country: str
    region: str
    promises_live: int
    version: _common_pb2.DataVersion
    def __init__(self, customer: _Optional[str] = ..., name: _Optional[str] = ..., zone: _Optional[str] = ..., demand_class: _Optional[str] = ..., priority: _Optional[int] = ..., receiving_calendar: _Optional[str] = ..., country: _Optional[str] = ..., region: _Optional[str] = ..., promises_live: _Optional[int] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...

class GetRulesRequest(_message.Message):
    __slots__ = ("item", "location", "customer", "demand_class", "scenario_id")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    DEMAND_CLASS_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_ID_FIELD_NUMBER: _ClassVar[int]
    item: str
    location: str
    customer: str
    demand_class: str
    scenario_id: str
    def __init__(self, item: _Optional[str] = ..., location: _Optional[str] = ..., customer: _Optional[str] = ..., demand_class: _Optional[str] = ..., scenario_id: _Optional[str] = ...) -> None: ...

class GetRulesResponse(_message.Message):
    __slots__ = ("atp", "sourcing_local", "sourcing_global", "allocation", "version")
    ATP_FIELD_NUMBER: _ClassVar[int]
    SOURCING_LOCAL_FIELD_NUMBER: _ClassVar[int]
    SOURCING_GLOBAL_FIELD_NUMBER: _ClassVar[int]
    ALLOCATION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    atp: Chosen
    sourcing_local: Chosen
    sourcing_global: Chosen
    allocation: Chosen
    version: _common_pb2.DataVersion
    def __init__(self, atp: _Optional[_Union[Chosen, _Mapping]] = ..., sourcing_local: _Optional[_Union[Chosen, _Mapping]] = ..., sourcing_global: _Optional[_Union[Chosen, _Mapping]] = ..., allocation: _Optional[_Union[Chosen, _Mapping]] = ..., version: _Optional[_Union[_common_pb2.DataVersion, _Mapping]] = ...) -> None: ...

class Chosen(_message.Message):
    __slots__ = ("rule", "why", "matched")
    RULE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    MATCHED_FIELD_NUMBER: _ClassVar[int]
    rule: str
    why: str
    matched: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, rule: _Optional[str] = ..., why: _Optional[str] = ..., matched: _Optional[_Iterable[str]] = ...) -> None: ...
