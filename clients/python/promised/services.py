"""One class a service, one method an RPC. Made by generate.py from proto/; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, AsyncGenerator, AsyncIterable, Awaitable, Callable, Generator, Iterable, Mapping, Optional, Union

from .calls import Rpc
from .v1 import admin_pb2, allocation_pb2, analytics_pb2, availability_pb2, catalog_pb2, common_pb2, event_pb2, exception_pb2, promise_pb2, scenario_pb2, snapshot_pb2

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .fields import (
        AcknowledgeRequestFields,
        ActivateRequestFields,
        AmendRequestFields,
        ApplyChangesRequestFields,
        ApplyScenarioRequestFields,
        BackupRequestFields,
        CancelRequestFields,
        CancelRunRequestFields,
        ChangeAllocationRequestFields,
        ChangeScenarioRequestFields,
        CheckAvailabilityRequestFields,
        ClusterStatusRequestFields,
        CompareRequestFields,
        ConfirmRequestFields,
        CreateScenarioRequestFields,
        CreateTokenRequestFields,
        DiscardScenarioRequestFields,
        ExplainRequestFields,
        ExportRequestFields,
        ExtendHoldRequestFields,
        FindRequestFields,
        FulfilRequestFields,
        GetAccountRequestFields,
        GetAllocationRequestFields,
        GetAvailabilityRequestFields,
        GetCapacityRequestFields,
        GetConfigRequestFields,
        GetCustomerRequestFields,
        GetItemRequestFields,
        GetLocationRequestFields,
        GetPeggingRequestFields,
        GetPromiseRequestFields,
        GetReconciliationRequestFields,
        GetRulesRequestFields,
        GetRunRequestFields,
        GetScenarioRequestFields,
        GetStatusRequestFields,
        GetUploadRequestFields,
        ListAuditRequestFields,
        ListExceptionsRequestFields,
        ListPromisesRequestFields,
        ListRunsRequestFields,
        ListScenariosRequestFields,
        ListSnapshotsRequestFields,
        ListTokensRequestFields,
        PreviewAllocationRequestFields,
        PromiseRequestFields,
        QueryRequestFields,
        QuickCheckRequestFields,
        ReopenRequestFields,
        RevertRequestFields,
        RevokeTokenRequestFields,
        RunBacklogRequestFields,
        SelfCheckRequestFields,
        SnoozeRequestFields,
        VaryRequestFields,
        WatchAvailabilityRequestFields,
        WatchEventsRequestFields,
        WatchExceptionsRequestFields,
        WhoAmIRequestFields,
    )


class Service:
    """The RPCs of a service, by name, and what calls them."""

    _DESCRIPTOR: Any

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call
        self._rpcs = {method.name: Rpc(method) for method in self._DESCRIPTOR.methods}

    def rpc(self, name: str) -> Rpc:
        """The RPC of a name such as "PromiseStream"."""
        return self._rpcs[name]


class Admin(Service):
    """Who may do what, and how the server is."""

    _DESCRIPTOR = admin_pb2.DESCRIPTOR.services_by_name["AdminService"]

    def who_am_i(self, request: Optional[admin_pb2.WhoAmIRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[WhoAmIRequestFields]) -> admin_pb2.WhoAmIResponse:
        """Who the caller is, and what he may do. Needs no role."""
        return self._call(self.rpc("WhoAmI"), request, timeout, headers, fields)

    def get_config(self, request: Optional[admin_pb2.GetConfigRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetConfigRequestFields]) -> admin_pb2.GetConfigResponse:
        """Every setting, its value, and where it came from. Needs admin, as all that follow but ClusterStatus."""
        return self._call(self.rpc("GetConfig"), request, timeout, headers, fields)

    def list_tokens(self, request: Optional[admin_pb2.ListTokensRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ListTokensRequestFields]) -> admin_pb2.ListTokensResponse:
        """The tokens that there are, without themselves."""
        return self._call(self.rpc("ListTokens"), request, timeout, headers, fields)

    def create_token(self, request: Optional[admin_pb2.CreateTokenRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[CreateTokenRequestFields]) -> admin_pb2.CreateTokenResponse:
        """Makes a token; it holds at once, and is told this once."""
        return self._call(self.rpc("CreateToken"), request, timeout, headers, fields)

    def revoke_token(self, request: Optional[admin_pb2.RevokeTokenRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[RevokeTokenRequestFields]) -> admin_pb2.RevokeTokenResponse:
        """Takes a token back, at once."""
        return self._call(self.rpc("RevokeToken"), request, timeout, headers, fields)

    def list_audit(self, request: Optional[admin_pb2.ListAuditRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ListAuditRequestFields]) -> admin_pb2.ListAuditResponse:
        """Who was refused what, and what administrators called, the latest first."""
        return self._call(self.rpc("ListAudit"), request, timeout, headers, fields)

    def backup(self, request: Optional[admin_pb2.BackupRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[BackupRequestFields]) -> Generator[admin_pb2.BackupPart, None, None]:
        """All of the server's state as it is at one instant, file by file; the server goes on meanwhile. gRPC only."""
        return self._call(self.rpc("Backup"), request, timeout, headers, fields)

    def cluster_status(self, request: Optional[admin_pb2.ClusterStatusRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ClusterStatusRequestFields]) -> admin_pb2.ClusterStatusResponse:
        """The nodes that serve, how far each is, and who leads. Needs read."""
        return self._call(self.rpc("ClusterStatus"), request, timeout, headers, fields)


class Allocation(Service):
    """Says what an allocation rule makes of scarce stock: who was given what, and who took it."""

    _DESCRIPTOR = allocation_pb2.DESCRIPTOR.services_by_name["AllocationService"]

    def get_allocation(self, request: Optional[allocation_pb2.GetAllocationRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetAllocationRequestFields]) -> allocation_pb2.GetAllocationResponse:
        """The shares of an item at a location, by period and class, with the live promises in them."""
        return self._call(self.rpc("GetAllocation"), request, timeout, headers, fields)

    def preview(self, request: Optional[allocation_pb2.PreviewAllocationRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[PreviewAllocationRequestFields]) -> allocation_pb2.PreviewAllocationResponse:
        """What changes of shares would do to an item at a location and to the promises on it. Nothing is changed."""
        return self._call(self.rpc("Preview"), request, timeout, headers, fields)

    def change(self, request: Optional[allocation_pb2.ChangeAllocationRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ChangeAllocationRequestFields]) -> allocation_pb2.ChangeAllocationResponse:
        """Changes shares, all changes or none, journalled like a promise. A change that would take a class below what
        was taken from it is refused, with the figure.
        """
        return self._call(self.rpc("Change"), request, timeout, headers, fields)


class Analytics(Service):
    """Figures are those of one instant, of live or of a scenario."""

    _DESCRIPTOR = analytics_pb2.DESCRIPTOR.services_by_name["AnalyticsService"]

    def query(self, request: Optional[analytics_pb2.QueryRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[QueryRequestFields]) -> analytics_pb2.QueryResponse:
        """Measures by what promises have in common."""
        return self._call(self.rpc("Query"), request, timeout, headers, fields)

    def export(self, request: Optional[analytics_pb2.ExportRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ExportRequestFields]) -> Generator[analytics_pb2.ExportResponse, None, None]:
        """All promises, a row a leg, as a file in parts: the columns of /v1/promises."""
        return self._call(self.rpc("Export"), request, timeout, headers, fields)


class Availability(Service):
    """Answers from the stock accounts themselves, promises included; sources (make, buy, transfer) are not searched.
    Ask PromiseService.CheckAvailability for that.
    """

    _DESCRIPTOR = availability_pb2.DESCRIPTOR.services_by_name["AvailabilityService"]

    def get_availability(self, request: Optional[availability_pb2.GetAvailabilityRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetAvailabilityRequestFields]) -> availability_pb2.GetAvailabilityResponse:
        """The time-phased table of an item: supply, demand, balance and what can be promised, day by day."""
        return self._call(self.rpc("GetAvailability"), request, timeout, headers, fields)

    def quick_check(self, request: Optional[availability_pb2.QuickCheckRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[QuickCheckRequestFields]) -> availability_pb2.QuickCheckResponse:
        """A batch of small questions, answered from stock alone: the fast path for carts and search pages."""
        return self._call(self.rpc("QuickCheck"), request, timeout, headers, fields)

    def get_account(self, request: Optional[availability_pb2.GetAccountRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetAccountRequestFields]) -> availability_pb2.GetAccountResponse:
        """Every dated event of an item at a location, with the document behind it and the balance after it."""
        return self._call(self.rpc("GetAccount"), request, timeout, headers, fields)

    def get_capacity(self, request: Optional[availability_pb2.GetCapacityRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetCapacityRequestFields]) -> availability_pb2.GetCapacityResponse:
        """Capacity and load of a resource, or of a supplier of an item, day by day, and who takes it."""
        return self._call(self.rpc("GetCapacity"), request, timeout, headers, fields)

    def watch_availability(self, request: Optional[availability_pb2.WatchAvailabilityRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[WatchAvailabilityRequestFields]) -> Generator[availability_pb2.AvailabilityCrossed, None, None]:
        """Says how each threshold stands, then each time that it is crossed."""
        return self._call(self.rpc("WatchAvailability"), request, timeout, headers, fields)


class Catalog(Service):
    """Reads the planning data itself."""

    _DESCRIPTOR = catalog_pb2.DESCRIPTOR.services_by_name["CatalogService"]

    def find(self, request: Optional[catalog_pb2.FindRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[FindRequestFields]) -> catalog_pb2.FindResponse:
        """Finds things by their keys and names, in any case: exact keys first, then those that begin so, then those
        that have the text somewhere.
        """
        return self._call(self.rpc("Find"), request, timeout, headers, fields)

    def get_item(self, request: Optional[catalog_pb2.GetItemRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetItemRequestFields]) -> catalog_pb2.GetItemResponse:
        """An item with where it is kept, how it is made, bought and replaced."""
        return self._call(self.rpc("GetItem"), request, timeout, headers, fields)

    def get_location(self, request: Optional[catalog_pb2.GetLocationRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetLocationRequestFields]) -> catalog_pb2.GetLocationResponse:
        """A location with its calendars."""
        return self._call(self.rpc("GetLocation"), request, timeout, headers, fields)

    def get_customer(self, request: Optional[catalog_pb2.GetCustomerRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetCustomerRequestFields]) -> catalog_pb2.GetCustomerResponse:
        """A customer."""
        return self._call(self.rpc("GetCustomer"), request, timeout, headers, fields)

    def get_rules(self, request: Optional[catalog_pb2.GetRulesRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetRulesRequestFields]) -> catalog_pb2.GetRulesResponse:
        """Which ATP, sourcing and allocation rule holds for an item at a location, for a customer and a class, and why
        that one.
        """
        return self._call(self.rpc("GetRules"), request, timeout, headers, fields)


class Exception(Service):
    """Exceptions are derived from the state as it is, so each question sees those of one instant, also in a scenario;
    only who has seen what is kept, in the journal. An exception's id is made of its kind and its subject: the same
    thing has the same id tomorrow.
    """

    _DESCRIPTOR = exception_pb2.DESCRIPTOR.services_by_name["ExceptionService"]

    def list(self, request: Optional[exception_pb2.ListExceptionsRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ListExceptionsRequestFields]) -> exception_pb2.ListExceptionsResponse:
        """Exceptions by kind, customer, item and supplier, with groups of what they have in common, page by page."""
        return self._call(self.rpc("List"), request, timeout, headers, fields)

    def watch(self, request: Optional[exception_pb2.WatchExceptionsRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[WatchExceptionsRequestFields]) -> Generator[exception_pb2.WatchExceptionsResponse, None, None]:
        """First those that there are, then each that comes, changes or goes, as promises and data change."""
        return self._call(self.rpc("Watch"), request, timeout, headers, fields)

    def acknowledge(self, request: Optional[exception_pb2.AcknowledgeRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[AcknowledgeRequestFields]) -> exception_pb2.AcknowledgeResponse:
        """Says that somebody has seen an exception. It stays in the list, with who and why."""
        return self._call(self.rpc("Acknowledge"), request, timeout, headers, fields)

    def snooze(self, request: Optional[exception_pb2.SnoozeRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[SnoozeRequestFields]) -> exception_pb2.SnoozeResponse:
        """The same, and the list leaves it out until an instant."""
        return self._call(self.rpc("Snooze"), request, timeout, headers, fields)


class Promise(Service):
    """Answers order lines and keeps promises. Every command carries a `request_id` of the caller's choice (a UUID does
    well). A command repeated with the same id and content gets the first answer and does nothing more, so it is
    safe to send it again after a broken connection; the same id with other content is refused with ALREADY_EXISTS.
    Without an id a command is done as often as it is sent. What an answer says was promised is durable before the
    answer leaves.
    """

    _DESCRIPTOR = promise_pb2.DESCRIPTOR.services_by_name["PromiseService"]

    def check_availability(self, request: Optional[promise_pb2.CheckAvailabilityRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[CheckAvailabilityRequestFields]) -> promise_pb2.CheckAvailabilityResponse:
        """Says what could be promised. Nothing is kept: the next request may take it."""
        return self._call(self.rpc("CheckAvailability"), request, timeout, headers, fields)

    def promise(self, request: Optional[promise_pb2.PromiseRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[PromiseRequestFields]) -> promise_pb2.PromiseResponse:
        """Checks and commits in one step. What cannot be promised is a status in the answer."""
        return self._call(self.rpc("Promise"), request, timeout, headers, fields)

    def promise_stream(self, requests: Iterable[promise_pb2.PromiseRequest], *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None) -> Generator[promise_pb2.PromiseStreamResponse, None, None]:
        """The same for many requests on one stream. Requests may be sent without waiting for answers; answers come in
        the order of the requests. A request that fails is answered with an error of its own, and the stream goes
        on.
        """
        return self._call(self.rpc("PromiseStream"), requests, timeout, headers, {})

    def confirm(self, request: Optional[promise_pb2.ConfirmRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ConfirmRequestFields]) -> promise_pb2.ConfirmResponse:
        """Turns a held promise, or a part of it, into a confirmed one."""
        return self._call(self.rpc("Confirm"), request, timeout, headers, fields)

    def cancel(self, request: Optional[promise_pb2.CancelRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[CancelRequestFields]) -> promise_pb2.CancelResponse:
        """Gives a held or confirmed promise back, or a part of it."""
        return self._call(self.rpc("Cancel"), request, timeout, headers, fields)

    def amend(self, request: Optional[promise_pb2.AmendRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[AmendRequestFields]) -> promise_pb2.AmendResponse:
        """Promises a line anew in place of an old promise, in one step. If it cannot be, the old promise stands."""
        return self._call(self.rpc("Amend"), request, timeout, headers, fields)

    def fulfil(self, request: Optional[promise_pb2.FulfilRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[FulfilRequestFields]) -> promise_pb2.FulfilResponse:
        """Says that a confirmed promise, or a part of it, has shipped."""
        return self._call(self.rpc("Fulfil"), request, timeout, headers, fields)

    def reopen(self, request: Optional[promise_pb2.ReopenRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ReopenRequestFields]) -> promise_pb2.ReopenResponse:
        """Takes a shipment back: the promise is confirmed again, with the goods that it had."""
        return self._call(self.rpc("Reopen"), request, timeout, headers, fields)

    def extend_hold(self, request: Optional[promise_pb2.ExtendHoldRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ExtendHoldRequestFields]) -> promise_pb2.ExtendHoldResponse:
        """Lets holds end later; never sooner than they would."""
        return self._call(self.rpc("ExtendHold"), request, timeout, headers, fields)

    def get(self, request: Optional[promise_pb2.GetPromiseRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetPromiseRequestFields]) -> promise_pb2.GetPromiseResponse:
        """The promise of this id, or all promises of an order or of one of its lines."""
        return self._call(self.rpc("Get"), request, timeout, headers, fields)

    def list(self, request: Optional[promise_pb2.ListPromisesRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ListPromisesRequestFields]) -> promise_pb2.ListPromisesResponse:
        """Promises by customer, item, location, class, state and date, page by page."""
        return self._call(self.rpc("List"), request, timeout, headers, fields)

    def get_pegging(self, request: Optional[promise_pb2.GetPeggingRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetPeggingRequestFields]) -> promise_pb2.GetPeggingResponse:
        """What a live promise is made of as things stand now; or who counts on a supply, on stock, on a resource, on
        what a demand or promise needs: the same matching read the other way.
        """
        return self._call(self.rpc("GetPegging"), request, timeout, headers, fields)

    def explain(self, request: Optional[promise_pb2.ExplainRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ExplainRequestFields]) -> promise_pb2.ExplainResponse:
        """How a live promise would fare if it were asked for now: what bounds it, and what would change that."""
        return self._call(self.rpc("Explain"), request, timeout, headers, fields)

    def self_check(self, request: Optional[promise_pb2.SelfCheckRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[SelfCheckRequestFields]) -> promise_pb2.SelfCheckResponse:
        """Recomputes every balance from the snapshot and the promises, and compares it with the running one. Takes a
        while where there are millions of promises; promising goes on meanwhile.
        """
        return self._call(self.rpc("SelfCheck"), request, timeout, headers, fields)


class Event(Service):
    """One feed by journal position. An event is made of an entry and the states before and after it, so a replay gives
    the same events in every field, and nothing is worked out where nobody listens.
    """

    _DESCRIPTOR = event_pb2.DESCRIPTOR.services_by_name["EventService"]

    def watch(self, request: Optional[event_pb2.WatchEventsRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[WatchEventsRequestFields]) -> Generator[event_pb2.Event, None, None]:
        """Events from a position on, by (sequence, number). The stream goes on until the caller ends it. A position
        that is not kept any more is OUT_OF_RANGE, with the oldest that is.
        """
        return self._call(self.rpc("Watch"), request, timeout, headers, fields)


class Scenario(Service):
    """Named copies of the live world with changes of their own. Live is never touched before Apply. Orders are added,
    amended and cancelled in a scenario by PromiseService with its id; every question takes one too. What was done
    in them is done again at the first question after a restart.
    """

    _DESCRIPTOR = scenario_pb2.DESCRIPTOR.services_by_name["ScenarioService"]

    def create(self, request: Optional[scenario_pb2.CreateScenarioRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[CreateScenarioRequestFields]) -> scenario_pb2.Scenario:
        """Takes a copy of live, of live as it was at an earlier position, or of another scenario."""
        return self._call(self.rpc("Create"), request, timeout, headers, fields)

    def change(self, request: Optional[scenario_pb2.ChangeScenarioRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ChangeScenarioRequestFields]) -> scenario_pb2.Scenario:
        """Changes planning data, and priorities of orders, in a scenario: all of it or nothing."""
        return self._call(self.rpc("Change"), request, timeout, headers, fields)

    def get(self, request: Optional[scenario_pb2.GetScenarioRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetScenarioRequestFields]) -> scenario_pb2.Scenario:
        """A scenario, with the changes of planning data made in it."""
        return self._call(self.rpc("Get"), request, timeout, headers, fields)

    def compare(self, request: Optional[scenario_pb2.CompareRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[CompareRequestFields]) -> scenario_pb2.CompareResponse:
        """How every order line stands in a scenario, against live or another scenario."""
        return self._call(self.rpc("Compare"), request, timeout, headers, fields)

    def compare_stream(self, request: Optional[scenario_pb2.CompareRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[CompareRequestFields]) -> Generator[scenario_pb2.CompareProgress, None, None]:
        """The same, telling how far it is; the last message has the result. It stops when the caller goes."""
        return self._call(self.rpc("CompareStream"), request, timeout, headers, fields)

    def vary(self, request: Optional[scenario_pb2.VaryRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[VaryRequestFields]) -> Generator[scenario_pb2.VaryResponse, None, None]:
        """The figures of a scenario, or of live, for each value of one parameter: a message a value, in their order.
        Nothing is changed. It stops when the caller goes.
        """
        return self._call(self.rpc("Vary"), request, timeout, headers, fields)

    def apply(self, request: Optional[scenario_pb2.ApplyScenarioRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ApplyScenarioRequestFields]) -> scenario_pb2.ApplyScenarioResponse:
        """Makes a scenario live in one step, with its changes; if live has moved on, what no longer fits is named and
        nothing is applied. An applied scenario is final.
        """
        return self._call(self.rpc("Apply"), request, timeout, headers, fields)

    def revert(self, request: Optional[scenario_pb2.RevertRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[RevertRequestFields]) -> scenario_pb2.ApplyScenarioResponse:
        """Takes back what an applied scenario or run changed, planning data and promises, in one step; if live has
        moved on, what no longer fits is named and nothing is done.
        """
        return self._call(self.rpc("Revert"), request, timeout, headers, fields)

    def discard(self, request: Optional[scenario_pb2.DiscardScenarioRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[DiscardScenarioRequestFields]) -> scenario_pb2.DiscardScenarioResponse:
        """Forgets a scenario."""
        return self._call(self.rpc("Discard"), request, timeout, headers, fields)

    def list(self, request: Optional[scenario_pb2.ListScenariosRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ListScenariosRequestFields]) -> scenario_pb2.ListScenariosResponse:
        """All scenarios."""
        return self._call(self.rpc("List"), request, timeout, headers, fields)


class Backlog(Service):
    """Promises orders again, by priority and strategy."""

    _DESCRIPTOR = scenario_pb2.DESCRIPTOR.services_by_name["BacklogService"]

    def run(self, request: Optional[scenario_pb2.RunBacklogRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[RunBacklogRequestFields]) -> scenario_pb2.RunBacklogResponse:
        """Runs in a scenario, or in a new one taken from live. What it would do is that scenario."""
        return self._call(self.rpc("Run"), request, timeout, headers, fields)

    def run_stream(self, request: Optional[scenario_pb2.RunBacklogRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[RunBacklogRequestFields]) -> Generator[scenario_pb2.RunProgress, None, None]:
        """The same, telling how far it is; the last message has the result. It stops when the caller goes."""
        return self._call(self.rpc("RunStream"), request, timeout, headers, fields)

    def get_run(self, request: Optional[scenario_pb2.GetRunRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetRunRequestFields]) -> scenario_pb2.CompareResponse:
        """What a run would do."""
        return self._call(self.rpc("GetRun"), request, timeout, headers, fields)

    def list_runs(self, request: Optional[scenario_pb2.ListRunsRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ListRunsRequestFields]) -> scenario_pb2.ListRunsResponse:
        """The runs under way and those that have ended, the newest first; and the runs that the configuration names."""
        return self._call(self.rpc("ListRuns"), request, timeout, headers, fields)

    def cancel_run(self, request: Optional[scenario_pb2.CancelRunRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[CancelRunRequestFields]) -> scenario_pb2.CancelRunResponse:
        """Stops a run under way; whoever waits for it hears CANCELLED. Its scenario stays as it was before."""
        return self._call(self.rpc("CancelRun"), request, timeout, headers, fields)

    def apply(self, request: Optional[scenario_pb2.ApplyScenarioRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ApplyScenarioRequestFields]) -> scenario_pb2.ApplyScenarioResponse:
        """Makes a run live, as ScenarioService.Apply does."""
        return self._call(self.rpc("Apply"), request, timeout, headers, fields)


class Snapshot(Service):
    """Brings planning data in while promises go on. A snapshot that is broken or suspicious is held in quarantine, and
    the one that serves goes on serving.
    """

    _DESCRIPTOR = snapshot_pb2.DESCRIPTOR.services_by_name["SnapshotService"]

    def push(self, requests: Iterable[snapshot_pb2.PushRequest], *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None) -> snapshot_pb2.PushResponse:
        """Pushes the files of a snapshot and says what is to become of it. Interrupted, it is resumed with the files
        that GetUpload does not name, if `begin` names all files. One push of an id at a time: a second one is
        ABORTED, reason PUSH_UNDER_WAY. One refresh at a time; the next waits.
        """
        return self._call(self.rpc("Push"), requests, timeout, headers, {})

    def get_upload(self, request: Optional[snapshot_pb2.GetUploadRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetUploadRequestFields]) -> snapshot_pb2.GetUploadResponse:
        """The files of a snapshot that are complete on the server, to resume a push."""
        return self._call(self.rpc("GetUpload"), request, timeout, headers, fields)

    def get_status(self, request: Optional[snapshot_pb2.GetStatusRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetStatusRequestFields]) -> snapshot_pb2.GetStatusResponse:
        """What serves, how old it is, what is being built, and how many promises are live and at risk."""
        return self._call(self.rpc("GetStatus"), request, timeout, headers, fields)

    def list(self, request: Optional[snapshot_pb2.ListSnapshotsRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ListSnapshotsRequestFields]) -> snapshot_pb2.ListSnapshotsResponse:
        """The accepted snapshots that are kept, the latest first."""
        return self._call(self.rpc("List"), request, timeout, headers, fields)

    def activate(self, request: Optional[snapshot_pb2.ActivateRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ActivateRequestFields]) -> snapshot_pb2.PushResponse:
        """Lets an earlier snapshot serve again, or one out of quarantine (with `force`)."""
        return self._call(self.rpc("Activate"), request, timeout, headers, fields)

    def apply_changes(self, request: Optional[snapshot_pb2.ApplyChangesRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ApplyChangesRequestFields]) -> snapshot_pb2.ApplyChangesResponse:
        """Changes planning data without a new snapshot: all changes of a request or none, live within one batch, once
        a request id. Says what that means for promises.
        """
        return self._call(self.rpc("ApplyChanges"), request, timeout, headers, fields)

    def get_reconciliation(self, request: Optional[snapshot_pb2.GetReconciliationRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetReconciliationRequestFields]) -> snapshot_pb2.GetReconciliationResponse:
        """What a refresh did: what became of each promise and of each stock account."""
        return self._call(self.rpc("GetReconciliation"), request, timeout, headers, fields)


class AsyncAdmin(Service):
    """Who may do what, and how the server is."""

    _DESCRIPTOR = admin_pb2.DESCRIPTOR.services_by_name["AdminService"]

    def who_am_i(self, request: Optional[admin_pb2.WhoAmIRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[WhoAmIRequestFields]) -> Awaitable[admin_pb2.WhoAmIResponse]:
        """Who the caller is, and what he may do. Needs no role."""
        return self._call(self.rpc("WhoAmI"), request, timeout, headers, fields)

    def get_config(self, request: Optional[admin_pb2.GetConfigRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetConfigRequestFields]) -> Awaitable[admin_pb2.GetConfigResponse]:
        """Every setting, its value, and where it came from. Needs admin, as all that follow but ClusterStatus."""
        return self._call(self.rpc("GetConfig"), request, timeout, headers, fields)

    def list_tokens(self, request: Optional[admin_pb2.ListTokensRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ListTokensRequestFields]) -> Awaitable[admin_pb2.ListTokensResponse]:
        """The tokens that there are, without themselves."""
        return self._call(self.rpc("ListTokens"), request, timeout, headers, fields)

    def create_token(self, request: Optional[admin_pb2.CreateTokenRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[CreateTokenRequestFields]) -> Awaitable[admin_pb2.CreateTokenResponse]:
        """Makes a token; it holds at once, and is told this once."""
        return self._call(self.rpc("CreateToken"), request, timeout, headers, fields)

    def revoke_token(self, request: Optional[admin_pb2.RevokeTokenRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[RevokeTokenRequestFields]) -> Awaitable[admin_pb2.RevokeTokenResponse]:
        """Takes a token back, at once."""
        return self._call(self.rpc("RevokeToken"), request, timeout, headers, fields)

    def list_audit(self, request: Optional[admin_pb2.ListAuditRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ListAuditRequestFields]) -> Awaitable[admin_pb2.ListAuditResponse]:
        """Who was refused what, and what administrators called, the latest first."""
        return self._call(self.rpc("ListAudit"), request, timeout, headers, fields)

    def backup(self, request: Optional[admin_pb2.BackupRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[BackupRequestFields]) -> AsyncGenerator[admin_pb2.BackupPart, None]:
        """All of the server's state as it is at one instant, file by file; the server goes on meanwhile. gRPC only."""
        return self._call(self.rpc("Backup"), request, timeout, headers, fields)

    def cluster_status(self, request: Optional[admin_pb2.ClusterStatusRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ClusterStatusRequestFields]) -> Awaitable[admin_pb2.ClusterStatusResponse]:
        """The nodes that serve, how far each is, and who leads. Needs read."""
        return self._call(self.rpc("ClusterStatus"), request, timeout, headers, fields)


class AsyncAllocation(Service):
    """Says what an allocation rule makes of scarce stock: who was given what, and who took it."""

    _DESCRIPTOR = allocation_pb2.DESCRIPTOR.services_by_name["AllocationService"]

    def get_allocation(self, request: Optional[allocation_pb2.GetAllocationRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetAllocationRequestFields]) -> Awaitable[allocation_pb2.GetAllocationResponse]:
        """The shares of an item at a location, by period and class, with the live promises in them."""
        return self._call(self.rpc("GetAllocation"), request, timeout, headers, fields)

    def preview(self, request: Optional[allocation_pb2.PreviewAllocationRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[PreviewAllocationRequestFields]) -> Awaitable[allocation_pb2.PreviewAllocationResponse]:
        """What changes of shares would do to an item at a location and to the promises on it. Nothing is changed."""
        return self._call(self.rpc("Preview"), request, timeout, headers, fields)

    def change(self, request: Optional[allocation_pb2.ChangeAllocationRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ChangeAllocationRequestFields]) -> Awaitable[allocation_pb2.ChangeAllocationResponse]:
        """Changes shares, all changes or none, journalled like a promise. A change that would take a class below what
        was taken from it is refused, with the figure.
        """
        return self._call(self.rpc("Change"), request, timeout, headers, fields)


class AsyncAnalytics(Service):
    """Figures are those of one instant, of live or of a scenario."""

    _DESCRIPTOR = analytics_pb2.DESCRIPTOR.services_by_name["AnalyticsService"]

    def query(self, request: Optional[analytics_pb2.QueryRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[QueryRequestFields]) -> Awaitable[analytics_pb2.QueryResponse]:
        """Measures by what promises have in common."""
        return self._call(self.rpc("Query"), request, timeout, headers, fields)

    def export(self, request: Optional[analytics_pb2.ExportRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ExportRequestFields]) -> AsyncGenerator[analytics_pb2.ExportResponse, None]:
        """All promises, a row a leg, as a file in parts: the columns of /v1/promises."""
        return self._call(self.rpc("Export"), request, timeout, headers, fields)


class AsyncAvailability(Service):
    """Answers from the stock accounts themselves, promises included; sources (make, buy, transfer) are not searched.
    Ask PromiseService.CheckAvailability for that.
    """

    _DESCRIPTOR = availability_pb2.DESCRIPTOR.services_by_name["AvailabilityService"]

    def get_availability(self, request: Optional[availability_pb2.GetAvailabilityRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetAvailabilityRequestFields]) -> Awaitable[availability_pb2.GetAvailabilityResponse]:
        """The time-phased table of an item: supply, demand, balance and what can be promised, day by day."""
        return self._call(self.rpc("GetAvailability"), request, timeout, headers, fields)

    def quick_check(self, request: Optional[availability_pb2.QuickCheckRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[QuickCheckRequestFields]) -> Awaitable[availability_pb2.QuickCheckResponse]:
        """A batch of small questions, answered from stock alone: the fast path for carts and search pages."""
        return self._call(self.rpc("QuickCheck"), request, timeout, headers, fields)

    def get_account(self, request: Optional[availability_pb2.GetAccountRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetAccountRequestFields]) -> Awaitable[availability_pb2.GetAccountResponse]:
        """Every dated event of an item at a location, with the document behind it and the balance after it."""
        return self._call(self.rpc("GetAccount"), request, timeout, headers, fields)

    def get_capacity(self, request: Optional[availability_pb2.GetCapacityRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetCapacityRequestFields]) -> Awaitable[availability_pb2.GetCapacityResponse]:
        """Capacity and load of a resource, or of a supplier of an item, day by day, and who takes it."""
        return self._call(self.rpc("GetCapacity"), request, timeout, headers, fields)

    def watch_availability(self, request: Optional[availability_pb2.WatchAvailabilityRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[WatchAvailabilityRequestFields]) -> AsyncGenerator[availability_pb2.AvailabilityCrossed, None]:
        """Says how each threshold stands, then each time that it is crossed."""
        return self._call(self.rpc("WatchAvailability"), request, timeout, headers, fields)


class AsyncCatalog(Service):
    """Reads the planning data itself."""

    _DESCRIPTOR = catalog_pb2.DESCRIPTOR.services_by_name["CatalogService"]

    def find(self, request: Optional[catalog_pb2.FindRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[FindRequestFields]) -> Awaitable[catalog_pb2.FindResponse]:
        """Finds things by their keys and names, in any case: exact keys first, then those that begin so, then those
        that have the text somewhere.
        """
        return self._call(self.rpc("Find"), request, timeout, headers, fields)

    def get_item(self, request: Optional[catalog_pb2.GetItemRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetItemRequestFields]) -> Awaitable[catalog_pb2.GetItemResponse]:
        """An item with where it is kept, how it is made, bought and replaced."""
        return self._call(self.rpc("GetItem"), request, timeout, headers, fields)

    def get_location(self, request: Optional[catalog_pb2.GetLocationRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetLocationRequestFields]) -> Awaitable[catalog_pb2.GetLocationResponse]:
        """A location with its calendars."""
        return self._call(self.rpc("GetLocation"), request, timeout, headers, fields)

    def get_customer(self, request: Optional[catalog_pb2.GetCustomerRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetCustomerRequestFields]) -> Awaitable[catalog_pb2.GetCustomerResponse]:
        """A customer."""
        return self._call(self.rpc("GetCustomer"), request, timeout, headers, fields)

    def get_rules(self, request: Optional[catalog_pb2.GetRulesRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetRulesRequestFields]) -> Awaitable[catalog_pb2.GetRulesResponse]:
        """Which ATP, sourcing and allocation rule holds for an item at a location, for a customer and a class, and why
        that one.
        """
        return self._call(self.rpc("GetRules"), request, timeout, headers, fields)


class AsyncException(Service):
    """Exceptions are derived from the state as it is, so each question sees those of one instant, also in a scenario;
    only who has seen what is kept, in the journal. An exception's id is made of its kind and its subject: the same
    thing has the same id tomorrow.
    """

    _DESCRIPTOR = exception_pb2.DESCRIPTOR.services_by_name["ExceptionService"]

    def list(self, request: Optional[exception_pb2.ListExceptionsRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ListExceptionsRequestFields]) -> Awaitable[exception_pb2.ListExceptionsResponse]:
        """Exceptions by kind, customer, item and supplier, with groups of what they have in common, page by page."""
        return self._call(self.rpc("List"), request, timeout, headers, fields)

    def watch(self, request: Optional[exception_pb2.WatchExceptionsRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[WatchExceptionsRequestFields]) -> AsyncGenerator[exception_pb2.WatchExceptionsResponse, None]:
        """First those that there are, then each that comes, changes or goes, as promises and data change."""
        return self._call(self.rpc("Watch"), request, timeout, headers, fields)

    def acknowledge(self, request: Optional[exception_pb2.AcknowledgeRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[AcknowledgeRequestFields]) -> Awaitable[exception_pb2.AcknowledgeResponse]:
        """Says that somebody has seen an exception. It stays in the list, with who and why."""
        return self._call(self.rpc("Acknowledge"), request, timeout, headers, fields)

    def snooze(self, request: Optional[exception_pb2.SnoozeRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[SnoozeRequestFields]) -> Awaitable[exception_pb2.SnoozeResponse]:
        """The same, and the list leaves it out until an instant."""
        return self._call(self.rpc("Snooze"), request, timeout, headers, fields)


class AsyncPromise(Service):
    """Answers order lines and keeps promises. Every command carries a `request_id` of the caller's choice (a UUID does
    well). A command repeated with the same id and content gets the first answer and does nothing more, so it is
    safe to send it again after a broken connection; the same id with other content is refused with ALREADY_EXISTS.
    Without an id a command is done as often as it is sent. What an answer says was promised is durable before the
    answer leaves.
    """

    _DESCRIPTOR = promise_pb2.DESCRIPTOR.services_by_name["PromiseService"]

    def check_availability(self, request: Optional[promise_pb2.CheckAvailabilityRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[CheckAvailabilityRequestFields]) -> Awaitable[promise_pb2.CheckAvailabilityResponse]:
        """Says what could be promised. Nothing is kept: the next request may take it."""
        return self._call(self.rpc("CheckAvailability"), request, timeout, headers, fields)

    def promise(self, request: Optional[promise_pb2.PromiseRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[PromiseRequestFields]) -> Awaitable[promise_pb2.PromiseResponse]:
        """Checks and commits in one step. What cannot be promised is a status in the answer."""
        return self._call(self.rpc("Promise"), request, timeout, headers, fields)

    def promise_stream(self, requests: Union[Iterable[promise_pb2.PromiseRequest], AsyncIterable[promise_pb2.PromiseRequest]], *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None) -> AsyncGenerator[promise_pb2.PromiseStreamResponse, None]:
        """The same for many requests on one stream. Requests may be sent without waiting for answers; answers come in
        the order of the requests. A request that fails is answered with an error of its own, and the stream goes
        on.
        """
        return self._call(self.rpc("PromiseStream"), requests, timeout, headers, {})

    def confirm(self, request: Optional[promise_pb2.ConfirmRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ConfirmRequestFields]) -> Awaitable[promise_pb2.ConfirmResponse]:
        """Turns a held promise, or a part of it, into a confirmed one."""
        return self._call(self.rpc("Confirm"), request, timeout, headers, fields)

    def cancel(self, request: Optional[promise_pb2.CancelRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[CancelRequestFields]) -> Awaitable[promise_pb2.CancelResponse]:
        """Gives a held or confirmed promise back, or a part of it."""
        return self._call(self.rpc("Cancel"), request, timeout, headers, fields)

    def amend(self, request: Optional[promise_pb2.AmendRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[AmendRequestFields]) -> Awaitable[promise_pb2.AmendResponse]:
        """Promises a line anew in place of an old promise, in one step. If it cannot be, the old promise stands."""
        return self._call(self.rpc("Amend"), request, timeout, headers, fields)

    def fulfil(self, request: Optional[promise_pb2.FulfilRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[FulfilRequestFields]) -> Awaitable[promise_pb2.FulfilResponse]:
        """Says that a confirmed promise, or a part of it, has shipped."""
        return self._call(self.rpc("Fulfil"), request, timeout, headers, fields)

    def reopen(self, request: Optional[promise_pb2.ReopenRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ReopenRequestFields]) -> Awaitable[promise_pb2.ReopenResponse]:
        """Takes a shipment back: the promise is confirmed again, with the goods that it had."""
        return self._call(self.rpc("Reopen"), request, timeout, headers, fields)

    def extend_hold(self, request: Optional[promise_pb2.ExtendHoldRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ExtendHoldRequestFields]) -> Awaitable[promise_pb2.ExtendHoldResponse]:
        """Lets holds end later; never sooner than they would."""
        return self._call(self.rpc("ExtendHold"), request, timeout, headers, fields)

    def get(self, request: Optional[promise_pb2.GetPromiseRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetPromiseRequestFields]) -> Awaitable[promise_pb2.GetPromiseResponse]:
        """The promise of this id, or all promises of an order or of one of its lines."""
        return self._call(self.rpc("Get"), request, timeout, headers, fields)

    def list(self, request: Optional[promise_pb2.ListPromisesRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ListPromisesRequestFields]) -> Awaitable[promise_pb2.ListPromisesResponse]:
        """Promises by customer, item, location, class, state and date, page by page."""
        return self._call(self.rpc("List"), request, timeout, headers, fields)

    def get_pegging(self, request: Optional[promise_pb2.GetPeggingRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetPeggingRequestFields]) -> Awaitable[promise_pb2.GetPeggingResponse]:
        """What a live promise is made of as things stand now; or who counts on a supply, on stock, on a resource, on
        what a demand or promise needs: the same matching read the other way.
        """
        return self._call(self.rpc("GetPegging"), request, timeout, headers, fields)

    def explain(self, request: Optional[promise_pb2.ExplainRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ExplainRequestFields]) -> Awaitable[promise_pb2.ExplainResponse]:
        """How a live promise would fare if it were asked for now: what bounds it, and what would change that."""
        return self._call(self.rpc("Explain"), request, timeout, headers, fields)

    def self_check(self, request: Optional[promise_pb2.SelfCheckRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[SelfCheckRequestFields]) -> Awaitable[promise_pb2.SelfCheckResponse]:
        """Recomputes every balance from the snapshot and the promises, and compares it with the running one. Takes a
        while where there are millions of promises; promising goes on meanwhile.
        """
        return self._call(self.rpc("SelfCheck"), request, timeout, headers, fields)


class AsyncEvent(Service):
    """One feed by journal position. An event is made of an entry and the states before and after it, so a replay gives
    the same events in every field, and nothing is worked out where nobody listens.
    """

    _DESCRIPTOR = event_pb2.DESCRIPTOR.services_by_name["EventService"]

    def watch(self, request: Optional[event_pb2.WatchEventsRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[WatchEventsRequestFields]) -> AsyncGenerator[event_pb2.Event, None]:
        """Events from a position on, by (sequence, number). The stream goes on until the caller ends it. A position
        that is not kept any more is OUT_OF_RANGE, with the oldest that is.
        """
        return self._call(self.rpc("Watch"), request, timeout, headers, fields)


class AsyncScenario(Service):
    """Named copies of the live world with changes of their own. Live is never touched before Apply. Orders are added,
    amended and cancelled in a scenario by PromiseService with its id; every question takes one too. What was done
    in them is done again at the first question after a restart.
    """

    _DESCRIPTOR = scenario_pb2.DESCRIPTOR.services_by_name["ScenarioService"]

    def create(self, request: Optional[scenario_pb2.CreateScenarioRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[CreateScenarioRequestFields]) -> Awaitable[scenario_pb2.Scenario]:
        """Takes a copy of live, of live as it was at an earlier position, or of another scenario."""
        return self._call(self.rpc("Create"), request, timeout, headers, fields)

    def change(self, request: Optional[scenario_pb2.ChangeScenarioRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ChangeScenarioRequestFields]) -> Awaitable[scenario_pb2.Scenario]:
        """Changes planning data, and priorities of orders, in a scenario: all of it or nothing."""
        return self._call(self.rpc("Change"), request, timeout, headers, fields)

    def get(self, request: Optional[scenario_pb2.GetScenarioRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetScenarioRequestFields]) -> Awaitable[scenario_pb2.Scenario]:
        """A scenario, with the changes of planning data made in it."""
        return self._call(self.rpc("Get"), request, timeout, headers, fields)

    def compare(self, request: Optional[scenario_pb2.CompareRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[CompareRequestFields]) -> Awaitable[scenario_pb2.CompareResponse]:
        """How every order line stands in a scenario, against live or another scenario."""
        return self._call(self.rpc("Compare"), request, timeout, headers, fields)

    def compare_stream(self, request: Optional[scenario_pb2.CompareRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[CompareRequestFields]) -> AsyncGenerator[scenario_pb2.CompareProgress, None]:
        """The same, telling how far it is; the last message has the result. It stops when the caller goes."""
        return self._call(self.rpc("CompareStream"), request, timeout, headers, fields)

    def vary(self, request: Optional[scenario_pb2.VaryRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[VaryRequestFields]) -> AsyncGenerator[scenario_pb2.VaryResponse, None]:
        """The figures of a scenario, or of live, for each value of one parameter: a message a value, in their order.
        Nothing is changed. It stops when the caller goes.
        """
        return self._call(self.rpc("Vary"), request, timeout, headers, fields)

    def apply(self, request: Optional[scenario_pb2.ApplyScenarioRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ApplyScenarioRequestFields]) -> Awaitable[scenario_pb2.ApplyScenarioResponse]:
        """Makes a scenario live in one step, with its changes; if live has moved on, what no longer fits is named and
        nothing is applied. An applied scenario is final.
        """
        return self._call(self.rpc("Apply"), request, timeout, headers, fields)

    def revert(self, request: Optional[scenario_pb2.RevertRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[RevertRequestFields]) -> Awaitable[scenario_pb2.ApplyScenarioResponse]:
        """Takes back what an applied scenario or run changed, planning data and promises, in one step; if live has
        moved on, what no longer fits is named and nothing is done.
        """
        return self._call(self.rpc("Revert"), request, timeout, headers, fields)

    def discard(self, request: Optional[scenario_pb2.DiscardScenarioRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[DiscardScenarioRequestFields]) -> Awaitable[scenario_pb2.DiscardScenarioResponse]:
        """Forgets a scenario."""
        return self._call(self.rpc("Discard"), request, timeout, headers, fields)

    def list(self, request: Optional[scenario_pb2.ListScenariosRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ListScenariosRequestFields]) -> Awaitable[scenario_pb2.ListScenariosResponse]:
        """All scenarios."""
        return self._call(self.rpc("List"), request, timeout, headers, fields)


class AsyncBacklog(Service):
    """Promises orders again, by priority and strategy."""

    _DESCRIPTOR = scenario_pb2.DESCRIPTOR.services_by_name["BacklogService"]

    def run(self, request: Optional[scenario_pb2.RunBacklogRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[RunBacklogRequestFields]) -> Awaitable[scenario_pb2.RunBacklogResponse]:
        """Runs in a scenario, or in a new one taken from live. What it would do is that scenario."""
        return self._call(self.rpc("Run"), request, timeout, headers, fields)

    def run_stream(self, request: Optional[scenario_pb2.RunBacklogRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[RunBacklogRequestFields]) -> AsyncGenerator[scenario_pb2.RunProgress, None]:
        """The same, telling how far it is; the last message has the result. It stops when the caller goes."""
        return self._call(self.rpc("RunStream"), request, timeout, headers, fields)

    def get_run(self, request: Optional[scenario_pb2.GetRunRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetRunRequestFields]) -> Awaitable[scenario_pb2.CompareResponse]:
        """What a run would do."""
        return self._call(self.rpc("GetRun"), request, timeout, headers, fields)

    def list_runs(self, request: Optional[scenario_pb2.ListRunsRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ListRunsRequestFields]) -> Awaitable[scenario_pb2.ListRunsResponse]:
        """The runs under way and those that have ended, the newest first; and the runs that the configuration names."""
        return self._call(self.rpc("ListRuns"), request, timeout, headers, fields)

    def cancel_run(self, request: Optional[scenario_pb2.CancelRunRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[CancelRunRequestFields]) -> Awaitable[scenario_pb2.CancelRunResponse]:
        """Stops a run under way; whoever waits for it hears CANCELLED. Its scenario stays as it was before."""
        return self._call(self.rpc("CancelRun"), request, timeout, headers, fields)

    def apply(self, request: Optional[scenario_pb2.ApplyScenarioRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ApplyScenarioRequestFields]) -> Awaitable[scenario_pb2.ApplyScenarioResponse]:
        """Makes a run live, as ScenarioService.Apply does."""
        return self._call(self.rpc("Apply"), request, timeout, headers, fields)


class AsyncSnapshot(Service):
    """Brings planning data in while promises go on. A snapshot that is broken or suspicious is held in quarantine, and
    the one that serves goes on serving.
    """

    _DESCRIPTOR = snapshot_pb2.DESCRIPTOR.services_by_name["SnapshotService"]

    def push(self, requests: Union[Iterable[snapshot_pb2.PushRequest], AsyncIterable[snapshot_pb2.PushRequest]], *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None) -> Awaitable[snapshot_pb2.PushResponse]:
        """Pushes the files of a snapshot and says what is to become of it. Interrupted, it is resumed with the files
        that GetUpload does not name, if `begin` names all files. One push of an id at a time: a second one is
        ABORTED, reason PUSH_UNDER_WAY. One refresh at a time; the next waits.
        """
        return self._call(self.rpc("Push"), requests, timeout, headers, {})

    def get_upload(self, request: Optional[snapshot_pb2.GetUploadRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetUploadRequestFields]) -> Awaitable[snapshot_pb2.GetUploadResponse]:
        """The files of a snapshot that are complete on the server, to resume a push."""
        return self._call(self.rpc("GetUpload"), request, timeout, headers, fields)

    def get_status(self, request: Optional[snapshot_pb2.GetStatusRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetStatusRequestFields]) -> Awaitable[snapshot_pb2.GetStatusResponse]:
        """What serves, how old it is, what is being built, and how many promises are live and at risk."""
        return self._call(self.rpc("GetStatus"), request, timeout, headers, fields)

    def list(self, request: Optional[snapshot_pb2.ListSnapshotsRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ListSnapshotsRequestFields]) -> Awaitable[snapshot_pb2.ListSnapshotsResponse]:
        """The accepted snapshots that are kept, the latest first."""
        return self._call(self.rpc("List"), request, timeout, headers, fields)

    def activate(self, request: Optional[snapshot_pb2.ActivateRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ActivateRequestFields]) -> Awaitable[snapshot_pb2.PushResponse]:
        """Lets an earlier snapshot serve again, or one out of quarantine (with `force`)."""
        return self._call(self.rpc("Activate"), request, timeout, headers, fields)

    def apply_changes(self, request: Optional[snapshot_pb2.ApplyChangesRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[ApplyChangesRequestFields]) -> Awaitable[snapshot_pb2.ApplyChangesResponse]:
        """Changes planning data without a new snapshot: all changes of a request or none, live within one batch, once
        a request id. Says what that means for promises.
        """
        return self._call(self.rpc("ApplyChanges"), request, timeout, headers, fields)

    def get_reconciliation(self, request: Optional[snapshot_pb2.GetReconciliationRequest] = None, *, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None, **fields: Unpack[GetReconciliationRequestFields]) -> Awaitable[snapshot_pb2.GetReconciliationResponse]:
        """What a refresh did: what became of each promise and of each stock account."""
        return self._call(self.rpc("GetReconciliation"), request, timeout, headers, fields)


class Services:
    """All services of a server, an attribute each."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self.admin = Admin(call)
        self.allocation = Allocation(call)
        self.analytics = Analytics(call)
        self.availability = Availability(call)
        self.catalog = Catalog(call)
        self.exceptions = Exception(call)
        self.promises = Promise(call)
        self.events = Event(call)
        self.scenarios = Scenario(call)
        self.backlog = Backlog(call)
        self.snapshots = Snapshot(call)

    def descriptors(self) -> list[Any]:
        """What the services are made of: their methods, messages and options."""
        return [service._DESCRIPTOR for service in vars(self).values() if isinstance(service, Service)]


class AsyncServices:
    """All services of a server, an attribute each."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self.admin = AsyncAdmin(call)
        self.allocation = AsyncAllocation(call)
        self.analytics = AsyncAnalytics(call)
        self.availability = AsyncAvailability(call)
        self.catalog = AsyncCatalog(call)
        self.exceptions = AsyncException(call)
        self.promises = AsyncPromise(call)
        self.events = AsyncEvent(call)
        self.scenarios = AsyncScenario(call)
        self.backlog = AsyncBacklog(call)
        self.snapshots = AsyncSnapshot(call)

    def descriptors(self) -> list[Any]:
        """What the services are made of: their methods, messages and options."""
        return [service._DESCRIPTOR for service in vars(self).values() if isinstance(service, Service)]
