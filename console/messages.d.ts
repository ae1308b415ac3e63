// Made by tools/types.mjs from the descriptors of proto/: the JSON of every message. Do not edit.
export interface WhoAmIRequest {  }
export interface WhoAmIResponse { name?: string; roles?: string[]; classes?: string[]; customers?: string[]; locations?: string[]; sources?: string[]; economics?: boolean; open?: boolean; callsASecond?: number; callsAtOnce?: number; linesAMinute?: number; heldQuantity?: string; holdForAtMostSeconds?: string; }
export interface GetConfigRequest {  }
export interface GetConfigResponse { settings?: GetConfigResponse_Setting[]; }
export interface GetConfigResponse_Setting { key?: string; value?: string; from?: string; }
export interface Token { name?: string; roles?: string[]; classes?: string[]; customers?: string[]; locations?: string[]; sources?: string[]; economics?: boolean; expires?: string; callsASecond?: number; callsAtOnce?: number; linesAMinute?: number; heldQuantity?: string; holdForAtMostSeconds?: string; }
export interface ListTokensRequest {  }
export interface ListTokensResponse { tokens?: Token[]; }
export interface CreateTokenRequest { name?: string; roles?: string[]; classes?: string[]; customers?: string[]; locations?: string[]; sources?: string[]; economics?: boolean; expires?: string; callsASecond?: number; callsAtOnce?: number; linesAMinute?: number; heldQuantity?: string; holdForAtMostSeconds?: string; }
export interface CreateTokenResponse { token?: string; }
export interface RevokeTokenRequest { name?: string; }
export interface RevokeTokenResponse {  }
export interface ListAuditRequest { pageSize?: number; pageToken?: string; principal?: string; }
export interface ListAuditResponse { records?: ListAuditResponse_Record[]; nextPageToken?: string; }
export interface ListAuditResponse_Record { at?: string; principal?: string; method?: string; code?: string; reason?: string; peer?: string; }
export interface BackupRequest { snapshotId?: string; }
export interface BackupPart { file?: string; offset?: string; data?: string; crc32c?: number; last?: boolean; }
export interface ClusterStatusRequest {  }
export interface ClusterStatusResponse { cluster?: string; leader?: string; epoch?: string; position?: string; nodes?: ClusterStatusResponse_Node[]; etcd?: ClusterStatusResponse_Etcd[]; lastGapSeconds?: number; }
export interface ClusterStatusResponse_Node { node?: string; address?: string; peer?: string; role?: string; version?: string; position?: string; lagSeconds?: number; diskFreeBytes?: string; diskBytes?: string; duties?: string[]; }
export interface ClusterStatusResponse_Etcd { url?: string; version?: string; leader?: boolean; healthy?: boolean; dbBytes?: string; heartbeatMs?: number; electionMs?: number; quotaBytes?: string; }
export interface ShareChange { shift?: ShareChange_Shift; setShare?: ShareChange_SetShare; release?: ShareChange_Release; }
export interface ShareChange_Shift { fromClass?: string; toClass?: string; quantity?: number; date?: string; }
export interface ShareChange_SetShare { demandClass?: string; value?: number; date?: string; }
export interface ShareChange_Release { demandClass?: string; toClass?: string; date?: string; }
export interface PreviewAllocationRequest { item?: string; location?: string; changes?: ShareChange[]; scenarioId?: string; }
export interface PreviewAllocationResponse { refused?: string[]; before?: GetAllocationResponse; after?: GetAllocationResponse; available?: PreviewAllocationResponse_Available[]; promises?: PreviewAllocationResponse_Affected[]; promisesNotLookedAt?: number; furtherAccounts?: number; version?: DataVersion; }
export interface PreviewAllocationResponse_Available { demandClass?: string; from?: string; before?: number; after?: number; }
export interface PreviewAllocationResponse_Affected { promiseId?: string; order?: string; line?: string; demandClass?: string; quantity?: number; shipDate?: string; effect?: PreviewAllocationResponse_Affected_Effect; againBefore?: string; againAfter?: string; }
export type PreviewAllocationResponse_Affected_Effect = 'EFFECT_UNSPECIFIED' | 'AT_RISK' | 'LATER';
export interface ChangeAllocationRequest { requestId?: string; item?: string; location?: string; changes?: ShareChange[]; }
export interface ChangeAllocationResponse { changed?: boolean; sequence?: string; refused?: string[]; allocation?: GetAllocationResponse; }
export interface GetAllocationRequest { item?: string; location?: string; scenarioId?: string; }
export interface GetAllocationResponse { item?: string; location?: string; uom?: string; rule?: string; periods?: GetAllocationResponse_Period[]; version?: DataVersion; }
export interface GetAllocationResponse_ClassQuantity { demandClass?: string; quantity?: number; }
export interface GetAllocationResponse_Node { demandClass?: string; parent?: string; rank?: number; kind?: GetAllocationResponse_Node_Kind; method?: GetAllocationResponse_Node_Method; value?: number; brought?: number; allocated?: number; produced?: number; shifted?: number; consumed?: number; takenBy?: GetAllocationResponse_ClassQuantity[]; tookFrom?: GetAllocationResponse_ClassQuantity[]; left?: number; depth?: number; }
export type GetAllocationResponse_Node_Kind = 'KIND_UNSPECIFIED' | 'SHARE' | 'REMAINING' | 'PROTECT' | 'CAP';
export type GetAllocationResponse_Node_Method = 'METHOD_UNSPECIFIED' | 'PERCENT' | 'RATIO' | 'QUANTITY';
export interface GetAllocationResponse_Period { from?: string; to?: string; nodes?: GetAllocationResponse_Node[]; }
export interface QueryRequest { measures?: string[]; groupBy?: string[]; bucket?: QueryRequest_Bucket; filter?: string; from?: string; to?: string; basis?: QueryRequest_Basis; top?: number; withScenarioId?: string; scenarioId?: string; }
export type QueryRequest_Bucket = 'BUCKET_UNSPECIFIED' | 'DAY' | 'WEEK' | 'MONTH';
export type QueryRequest_Basis = 'BASIS_UNSPECIFIED' | 'REQUEST' | 'FIRST_PROMISE' | 'LAST_PROMISE';
export interface QueryResponse { columns?: string[]; rows?: QueryResponse_Row[]; total?: QueryResponse_Row; version?: DataVersion; withVersion?: DataVersion; currency?: string; }
export interface QueryResponse_Row { keys?: string[]; values?: number[]; withValues?: number[]; }
export interface ExportRequest { format?: ExportRequest_Format; filter?: string; scenarioId?: string; }
export type ExportRequest_Format = 'FORMAT_UNSPECIFIED' | 'PARQUET' | 'CSV';
export interface ExportResponse { data?: string; promisesDone?: string; promises?: string; }
export interface GetAvailabilityRequest { item?: string; locations?: string[]; demandClass?: string; from?: string; days?: number; scenarioId?: string; }
export interface GetAvailabilityResponse { item?: string; uom?: string; tables?: GetAvailabilityResponse_Table[]; version?: DataVersion; }
export interface GetAvailabilityResponse_Day { date?: string; supply?: number; demand?: number; balance?: number; available?: number; }
export interface GetAvailabilityResponse_Table { location?: string; days?: GetAvailabilityResponse_Day[]; }
export interface QuickCheckRequest { queries?: Query[]; scenarioId?: string; columns?: QueryColumns; }
export interface QueryColumns { item?: string[]; location?: string[]; quantity?: number[]; date?: string[]; demandClass?: string[]; }
export interface Query { item?: string; location?: string; quantity?: number; date?: string; demandClass?: string; }
export interface QuickCheckResponse { answers?: Quick[]; version?: DataVersion; columns?: QuickColumns; }
export interface QuickColumns { available?: number[]; earliestDay?: undefined[]; }
export interface Quick { available?: number; earliestDate?: string; }
export interface GetAccountRequest { item?: string; location?: string; from?: string; days?: number; scenarioId?: string; }
export interface AccountEvent { date?: string; quantity?: number; supply?: string; demand?: string; promiseId?: string; kind?: string; demandClass?: string; balance?: number; order?: string; line?: string; customer?: string; supplier?: string; }
export interface GetAccountResponse { item?: string; location?: string; uom?: string; events?: AccountEvent[]; version?: DataVersion; }
export interface GetCapacityRequest { resource?: string; supplier?: string; item?: string; from?: string; days?: number; scenarioId?: string; }
export interface GetCapacityResponse { days?: GetCapacityResponse_Day[]; version?: DataVersion; unlimited?: boolean; }
export interface GetCapacityResponse_Taker { promiseId?: string; workOrder?: string; hours?: number; quantity?: number; order?: string; line?: string; daysLate?: number; }
export interface GetCapacityResponse_Day { date?: string; capacity?: number; load?: number; free?: number; takers?: GetCapacityResponse_Taker[]; }
export interface Threshold { item?: string; location?: string; demandClass?: string; date?: string; atLeast?: number; }
export interface WatchAvailabilityRequest { thresholds?: Threshold[]; fromSequence?: string; }
export interface AvailabilityCrossed { index?: number; item?: string; location?: string; available?: number; enough?: boolean; sequence?: string; position?: string; }
export interface FindRequest { text?: string; kinds?: Hit_Kind[]; limit?: number; pageToken?: string; scenarioId?: string; }
export interface Hit { kind?: Hit_Kind; key?: string; name?: string; hint?: string; }
export type Hit_Kind = 'KIND_UNSPECIFIED' | 'ITEM' | 'LOCATION' | 'CUSTOMER' | 'SUPPLIER' | 'RESOURCE' | 'ORDER' | 'SUPPLY';
export interface FindResponse { hits?: Hit[]; nextPageToken?: string; version?: DataVersion; }
export interface GetItemRequest { item?: string; scenarioId?: string; }
export interface GetItemResponse { item?: string; description?: string; category?: string; brand?: string; uom?: string; lotMultiple?: number; listPrice?: number; unitCost?: number; locations?: string[]; works?: GetItemResponse_Work[]; offers?: GetItemResponse_Offer[]; substitutes?: GetItemResponse_Substitute[]; version?: DataVersion; }
export interface GetItemResponse_Work { workDefinition?: string; location?: string; priority?: number; components?: string[]; resources?: string[]; }
export interface GetItemResponse_Offer { supplier?: string; location?: string; leadTimeDays?: number; priority?: number; }
export interface GetItemResponse_Substitute { item?: string; rank?: number; ratio?: number; customer?: string; }
export interface GetLocationRequest { location?: string; scenarioId?: string; }
export interface GetLocationResponse { location?: string; name?: string; kind?: string; zone?: string; shippingCalendar?: string; receivingCalendar?: string; manufacturingCalendar?: string; cutoffTime?: string; timeZone?: string; pickPackDays?: number; orderLinesPerDay?: number; handlingCost?: number; resources?: string[]; version?: DataVersion; }
export interface GetCustomerRequest { customer?: string; scenarioId?: string; }
export interface GetCustomerResponse { customer?: string; name?: string; zone?: string; demandClass?: string; priority?: number; receivingCalendar?: string; country?: string; region?: string; promisesLive?: string; version?: DataVersion; }
export interface GetRulesRequest { item?: string; location?: string; customer?: string; demandClass?: string; scenarioId?: string; }
export interface GetRulesResponse { atp?: Chosen; sourcingLocal?: Chosen; sourcingGlobal?: Chosen; allocation?: Chosen; version?: DataVersion; }
export interface Chosen { rule?: string; why?: string; matched?: string[]; }
export type Objective = 'OBJECTIVE_UNSPECIFIED' | 'SOURCING_RANK' | 'EARLIEST' | 'LOWEST_COST' | 'HIGHEST_PROFIT';
export interface DataVersion { snapshotId?: string; asOf?: string; sequence?: string; ledger?: string; token?: string; epoch?: string; stale?: boolean; }
export interface OrderLine { order?: string; line?: string; item?: string; quantity?: number; uom?: string; requestedDate?: string; dateType?: OrderLine_DateType; customer?: string; zone?: string; location?: string; demandClass?: string; priority?: number; earliestDate?: string; latestDate?: string; shipSet?: string; arrivalSet?: string; split?: boolean; minSplitQuantity?: number; maxSplits?: number; substitutes?: boolean; shipMethod?: string; objective?: Objective; unitPrice?: number; orderedAt?: string; source?: string; repeat?: OrderLine_Repeat; shipTogether?: string; channel?: string; seller?: string; }
export type OrderLine_DateType = 'DATE_TYPE_UNSPECIFIED' | 'SHIP' | 'ARRIVAL';
export type OrderLine_Repeat = 'REPEAT_UNSPECIFIED' | 'REFUSE' | 'ADD' | 'REPLACE';
export interface LineResult { order?: string; line?: string; status?: LineResult_Status; defaultOption?: Option; alternatives?: Option[]; availableOnRequestedDate?: number; reasons?: Reason[]; remedies?: Remedy[]; mostByRequestedDate?: number; leftOut?: string[]; }
export type LineResult_Status = 'STATUS_UNSPECIFIED' | 'ON_TIME' | 'LATE' | 'PARTIAL' | 'UNAVAILABLE' | 'REFUSED' | 'ALREADY_PROMISED';
export interface Remedy { kind?: Remedy_Kind; text?: string; supply?: string; days?: number; date?: string; resource?: string; hours?: Remedy_MoreHours[]; item?: string; location?: string; quantity?: number; shipMethod?: string; demandClass?: string; option?: Option; }
export type Remedy_Kind = 'KIND_UNSPECIFIED' | 'EXPEDITE' | 'HOURS' | 'GOODS' | 'SPLIT' | 'SUBSTITUTE' | 'SHIP_METHOD' | 'SHIP_FROM' | 'FROM_CLASS' | 'HOUSE';
export interface Remedy_MoreHours { date?: string; hours?: number; }
export interface Option { rank?: number; summary?: string; legs?: Leg[]; economics?: Economics; daysLate?: number; }
export interface Leg { item?: string; location?: string; shipMethod?: string; quantity?: number; covers?: number; shipDate?: string; arrivalDate?: string; pegs?: Peg[]; needDate?: string; daysLate?: number; supply?: string; rank?: number; cost?: number; profit?: number; }
export interface Peg { item?: string; location?: string; quantity?: number; date?: string; stock?: Peg_Stock; make?: Peg_Make; transfer?: Peg_Transfer; buy?: Peg_Buy; infinite?: Peg_Infinite; leadTime?: Peg_LeadTime; cost?: Costs; pegs?: Peg[]; }
export interface Peg_Stock { supplies?: Peg_Stock_Supply[]; borrowed?: number; shares?: Peg_Stock_Share[]; }
export interface Peg_Stock_Supply { supply?: string; quantity?: number; plannedBy?: string; date?: string; }
export interface Peg_Stock_Share { demandClass?: string; quantity?: number; }
export interface Peg_Make { workDefinition?: string; startDate?: string; started?: number; hours?: Peg_Make_Hours[]; }
export interface Peg_Make_Hours { resource?: string; date?: string; hours?: number; from?: number; to?: number; }
export interface Peg_Transfer { from?: string; shipMethod?: string; shipDate?: string; }
export interface Peg_Buy { supplier?: string; bought?: number; orderBy?: string; }
export interface Peg_Infinite {  }
export interface Peg_LeadTime {  }
export interface Costs { supply?: number; make?: number; freight?: number; handling?: number; lateness?: number; total?: number; }
export interface Economics { price?: number; cost?: number; profit?: number; costs?: Costs; currency?: string; }
export interface Reason { code?: Reason_Code; text?: string; account?: string; item?: string; location?: string; fromLocation?: string; resource?: string; supplier?: string; workDefinition?: string; date?: string; untilDate?: string; available?: number; days?: number; order?: string; line?: string; demandClass?: string; given?: number; kept?: Reason_KeptFor[]; takers?: Reason_Taker[]; shipMethod?: string; }
export type Reason_Code = 'CODE_UNSPECIFIED' | 'NO_SHIP_FROM' | 'NO_LANE' | 'NO_METHOD' | 'STOCK' | 'COMMITTED' | 'RESOURCE' | 'LEAD_TIME' | 'SUPPLIER_CAPACITY' | 'DURATION' | 'TRANSIT' | 'EARLIEST_SHIP' | 'HOUSE_FULL' | 'DEPTH' | 'AFTER_LATEST' | 'SET_FAILED' | 'SET_WAITS' | 'SHARE' | 'PROMISED_BEFORE' | 'CAP' | 'AFTER_HORIZON' | 'EARLIEST_ARRIVAL' | 'SET_TAKES' | 'FORECAST' | 'EFFORT';
export interface Reason_KeptFor { demandClass?: string; quantity?: number; }
export interface Reason_Taker { kind?: string; demand?: string; date?: string; quantity?: number; }
export interface SetResult { order?: string; set?: string; kind?: SetResult_Kind; lines?: string[]; date?: string; givenUp?: boolean; }
export type SetResult_Kind = 'KIND_UNSPECIFIED' | 'SHIP_SET' | 'ARRIVAL_SET' | 'SHIP_TOGETHER';
export interface WatchEventsRequest { fromSequence?: string; types?: string[]; customer?: string; item?: string; demandClass?: string; untilSequence?: string; digestOver?: number; }
export interface Event { sequence?: string; number?: number; time?: string; type?: string; subject?: string; cause?: string; promise?: Reservation; exception?: Exception; position?: string; jeopardy?: Event_Jeopardy; digest?: Event_Digest; by?: string; }
export interface Event_Jeopardy { order?: string; line?: string; customer?: string; item?: string; promised?: string; now?: string; days?: number; value?: number; level?: Exception_Level; remedy?: Remedy; }
export interface Event_Digest { promises?: string; value?: number; promiseIds?: string[]; level?: Exception_Level; }
export interface Exception { exceptionId?: string; kind?: Exception_Kind; level?: Exception_Level; subject?: string; since?: string; sequence?: string; cause?: string; promiseIds?: string[]; quantity?: number; value?: number; remedies?: Remedy[]; acknowledged?: Acknowledgement; limiting?: Exception_Limiting; order?: string; line?: string; customer?: string; days?: number; item?: string; location?: string; demandClass?: string; promises?: number; date?: string; couldBe?: string; }
export type Exception_Kind = 'KIND_UNSPECIFIED' | 'AT_RISK' | 'LATE' | 'COULD_BE_SOONER' | 'SUPPLY_LATE' | 'OVERCOMMITTED' | 'OVER_CONSUMED' | 'HOLD_EXPIRING' | 'SOURCE_STALE' | 'FORCED';
export type Exception_Level = 'LEVEL_UNSPECIFIED' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
export interface Exception_Limiting { supply?: string; item?: string; location?: string; resource?: string; supplier?: string; demandClass?: string; }
export interface Acknowledgement { by?: string; note?: string; at?: string; until?: string; }
export interface ListExceptionsRequest { kinds?: Exception_Kind[]; groupBy?: string; customer?: string; item?: string; supplier?: string; atLeast?: Exception_Level; orderBy?: string; pageSize?: number; pageToken?: string; snoozed?: boolean; scenarioId?: string; tryRemedies?: boolean; }
export interface ListExceptionsResponse { exceptions?: Exception[]; groups?: ListExceptionsResponse_Group[]; total?: string; nextPageToken?: string; version?: DataVersion; currency?: string; all?: ListExceptionsResponse_Group; }
export interface ListExceptionsResponse_Group { key?: string; count?: string; value?: number; promises?: string; }
export interface WatchExceptionsRequest { kinds?: Exception_Kind[]; customer?: string; item?: string; supplier?: string; atLeast?: Exception_Level; }
export interface WatchExceptionsResponse { exception?: Exception; gone?: boolean; sequence?: string; position?: string; }
export interface AcknowledgeRequest { requestId?: string; exceptionId?: string; by?: string; note?: string; }
export interface AcknowledgeResponse { exception?: Exception; version?: DataVersion; }
export interface SnoozeRequest { requestId?: string; exceptionId?: string; by?: string; note?: string; until?: string; }
export interface SnoozeResponse { exception?: Exception; version?: DataVersion; }
export interface CheckAvailabilityRequest { lines?: OrderLine[]; objective?: Objective; alternatives?: number; pegging?: boolean; scenarioId?: string; remedies?: boolean; most?: boolean; validateOnly?: boolean; }
export interface CheckAvailabilityResponse { results?: LineResult[]; sets?: SetResult[]; version?: DataVersion; now?: string; }
export interface Force { by?: string; why?: string; }
export interface PromiseRequest { requestId?: string; lines?: OrderLine[]; commitment?: PromiseRequest_Commitment; holdFor?: string; allOrNothing?: boolean; objective?: Objective; alternatives?: number; pegging?: boolean; scenarioId?: string; force?: Force; brief?: boolean; bestEffort?: boolean; inOrder?: boolean; }
export type PromiseRequest_Commitment = 'COMMITMENT_UNSPECIFIED' | 'HOLD' | 'CONFIRM';
export interface PromisedLine { promiseId?: string; order?: string; line?: string; state?: Reservation_State; heldUntil?: string; result?: LineResult; committed?: boolean; error?: Error; status?: { code?: number; message?: string; details?: Record<string, unknown>[] }; }
export interface PromiseResponse { promises?: PromisedLine[]; sets?: SetResult[]; version?: DataVersion; requestId?: string; now?: string; }
export interface PromiseStreamResponse { requestId?: string; promised?: PromiseResponse; error?: Error; status?: { code?: number; message?: string; details?: Record<string, unknown>[] }; }
export interface Error { code?: number; reason?: string; message?: string; violations?: Error_Violation[]; retryAfter?: string; metadata?: Record<string, string>; }
export interface Error_Violation { field?: string; description?: string; }
export interface Reservation { promiseId?: string; state?: Reservation_State; heldUntil?: string; order?: string; line?: string; item?: string; quantityRequested?: number; quantity?: number; requestedDate?: string; dateType?: OrderLine_DateType; customer?: string; zone?: string; demandClass?: string; priority?: number; legs?: Leg[]; rank?: number; cost?: number; profit?: number; createdAt?: string; atRisk?: boolean; force?: Force; terms?: OrderLine; history?: PastStep[]; channel?: string; seller?: string; unitPrice?: number; by?: string; value?: number; currency?: string; }
export type Reservation_State = 'STATE_UNSPECIFIED' | 'HELD' | 'CONFIRMED' | 'FULFILLED' | 'CANCELLED' | 'EXPIRED';
export interface PastStep { step?: PastStep_Step; at?: string; sequence?: string; state?: Reservation_State; quantity?: number; shipDate?: string; by?: string; mover?: string; }
export type PastStep_Step = 'STEP_UNSPECIFIED' | 'PROMISED' | 'CONFIRMED' | 'CANCELLED' | 'AMENDED' | 'FULFILLED' | 'EXPIRED' | 'EXTENDED' | 'REOPENED' | 'REVERTED';
export interface ConfirmRequest { requestId?: string; promiseId?: string; quantity?: number; scenarioId?: string; promiseIds?: string[]; order?: string; line?: string; ledger?: string; }
export interface ConfirmResponse { promise?: Reservation; rest?: Reservation; version?: DataVersion; promises?: Reservation[]; }
export interface CancelRequest { requestId?: string; promiseId?: string; quantity?: number; scenarioId?: string; promiseIds?: string[]; order?: string; line?: string; ledger?: string; }
export interface CancelResponse { promise?: Reservation; version?: DataVersion; promises?: Reservation[]; }
export interface FulfilRequest { requestId?: string; promiseId?: string; order?: string; line?: string; ledger?: string; quantity?: number; shippedAt?: string; promiseIds?: string[]; scenarioId?: string; }
export interface FulfilResponse { promise?: Reservation; version?: DataVersion; rest?: Reservation; promises?: Reservation[]; }
export interface ReopenRequest { requestId?: string; promiseId?: string; scenarioId?: string; order?: string; line?: string; ledger?: string; }
export interface ReopenResponse { promise?: Reservation; version?: DataVersion; promises?: Reservation[]; }
export interface ExtendHoldRequest { requestId?: string; promiseIds?: string[]; order?: string; line?: string; holdFor?: string; scenarioId?: string; ledger?: string; }
export interface ExtendHoldResponse { promises?: Reservation[]; version?: DataVersion; }
export interface SelfCheckRequest {  }
export interface SelfCheckResponse { promises?: string; accounts?: string; divergences?: SelfCheckResponse_Divergence[]; overcommitted?: string[]; version?: DataVersion; idle?: string[]; }
export interface SelfCheckResponse_Divergence { account?: string; date?: string; promised?: number; running?: number; }
export interface AmendRequest { requestId?: string; promiseId?: string; line?: OrderLine; objective?: Objective; pegging?: boolean; force?: Force; scenarioId?: string; checkOnly?: boolean; ledger?: string; }
export interface AmendResponse { changed?: boolean; promise?: Reservation; result?: LineResult; version?: DataVersion; }
export interface GetPromiseRequest { promiseId?: string; order?: string; line?: string; history?: boolean; scenarioId?: string; }
export interface GetPromiseResponse { promises?: Reservation[]; version?: DataVersion; }
export interface ListPromisesRequest { order?: string; customer?: string; item?: string; location?: string; demandClass?: string; states?: Reservation_State[]; atRisk?: boolean; shipDateFrom?: string; shipDateTo?: string; pageSize?: number; pageToken?: string; scenarioId?: string; orderBy?: string; query?: string; }
export interface ListPromisesResponse { promises?: Reservation[]; nextPageToken?: string; version?: DataVersion; total?: string; }
export interface GetPeggingRequest { promiseId?: string; demand?: string; supply?: string; onHand?: GetPeggingRequest_Account; resource?: string; scenarioId?: string; }
export interface GetPeggingRequest_Account { item?: string; location?: string; }
export interface Dependant { promiseId?: string; demand?: string; order?: string; line?: string; customer?: string; item?: string; quantity?: number; date?: string; daysLate?: number; }
export interface GetPeggingResponse { legs?: Leg[]; usedBy?: Dependant[]; version?: DataVersion; unpegged?: number; }
export interface ExplainRequest { promiseId?: string; scenarioId?: string; }
export interface ExplainResponse { promise?: Reservation; now?: LineResult; legs?: Leg[]; version?: DataVersion; }
export interface Scenario { scenarioId?: string; name?: string; created?: string; expires?: string; changes?: number; promisesChanged?: number; version?: DataVersion; takenAtSequence?: string; appliedAtSequence?: string; atRisk?: string; bytes?: string; etag?: string; leftOut?: string[]; owner?: string; changesMade?: Change[]; }
export interface GetScenarioRequest { scenarioId?: string; }
export interface CreateScenarioRequest { name?: string; fromScenarioId?: string; keepSeconds?: number; atSequence?: string; }
export interface Change { change?: string; cells?: Record<string, string>; }
export interface OrderPriority { order?: string; line?: string; priority?: number; }
export interface ChangeScenarioRequest { scenarioId?: string; changes?: Change[]; priorities?: OrderPriority[]; }
export interface CompareRequest { scenarioId?: string; withScenarioId?: string; linesMax?: number; groupsMax?: number; }
export interface Kpi { lines?: string; onTimeShare?: number; fillRate?: number; daysLateMean?: number; daysLateP95?: number; daysLateMax?: number; revenue?: number; revenueOnTime?: number; cost?: number; profit?: number; atRisk?: string; revenueAtRisk?: number; }
export interface KpiGroup { dimension?: string; key?: string; before?: Kpi; after?: Kpi; }
export interface LineStanding { promised?: number; onTime?: number; date?: string; daysLate?: number; profit?: number; atRisk?: boolean; location?: string; revenue?: number; revenueOnTime?: number; cost?: number; }
export interface LineDifference { order?: string; line?: string; customer?: string; item?: string; quantity?: number; verdict?: string; before?: LineStanding; after?: LineStanding; why?: string; demandClass?: string; }
export interface CompareResponse { before?: Kpi; after?: Kpi; groups?: KpiGroup[]; lines?: LineDifference[]; winners?: number; losers?: number; added?: number; gone?: number; currency?: string; }
export interface CompareProgress { linesDone?: number; lines?: number; result?: CompareResponse; }
export interface VaryRequest { scenarioId?: string; parameter?: string; lines?: OrderLine[]; by?: string; run?: RunBacklogRequest; }
export interface VaryResponse { valuesDone?: number; values?: number; value?: undefined; figures?: Kpi; by?: Record<string, Kpi>; version?: DataVersion; currency?: string; }
export interface ApplyScenarioRequest { requestId?: string; scenarioId?: string; again?: boolean; etag?: string; }
export interface RevertRequest { requestId?: string; position?: string; }
export interface ApplyScenarioResponse { applied?: boolean; sequence?: string; unfitPromiseIds?: string[]; why?: string; outcome?: ApplyScenarioResponse_Outcome; }
export type ApplyScenarioResponse_Outcome = 'OUTCOME_UNSPECIFIED' | 'APPLIED' | 'LIVE_REFRESHED' | 'CHANGES_UNFIT' | 'PROMISES_MOVED_ON' | 'EXCEEDS_AVAILABLE';
export interface DiscardScenarioRequest { scenarioId?: string; }
export interface DiscardScenarioResponse {  }
export interface ListScenariosRequest {  }
export interface ListScenariosResponse { scenarios?: Scenario[]; bytes?: string; bytesAtMost?: string; }
export interface RunBacklogRequest { scenarioId?: string; filter?: string; sequence?: string; first?: string[]; segments?: RunBacklogRequest_Segment[]; otherwise?: string; lock?: string[]; keep?: string[]; fallback?: string; mostValueSeconds?: number; apply?: boolean; requestId?: string; linesMax?: number; groupsMax?: number; saved?: string; }
export interface RunBacklogRequest_Segment { strategy?: string; filter?: string; }
export interface RunProgress { linesDone?: number; lines?: number; partsDone?: number; parts?: number; result?: RunBacklogResponse; runId?: string; }
export interface ListRunsRequest {  }
export interface ListRunsResponse { runs?: BacklogRun[]; saved?: SavedRun[]; }
export interface BacklogRun { runId?: string; saved?: string; by?: string; started?: string; ended?: string; state?: BacklogRun_State; lines?: number; done?: number; parts?: number; partsDone?: number; why?: string; appliedAt?: string; before?: Kpi; after?: Kpi; }
export type BacklogRun_State = 'STATE_UNSPECIFIED' | 'RUNNING' | 'DONE' | 'CANCELLED' | 'GONE' | 'FAILED' | 'APPLIED';
export interface SavedRun { name?: string; at?: string; next?: string; request?: RunBacklogRequest; apply?: string; }
export interface CancelRunRequest { runId?: string; }
export interface CancelRunResponse { run?: BacklogRun; }
export interface RunBacklogResponse { runId?: string; lines?: number; parts?: number; cannotWin?: string[]; valueGiven?: number; valueFound?: number; compared?: CompareResponse; applied?: ApplyScenarioResponse; strategies?: Record<string, number>; }
export interface GetRunRequest { runId?: string; linesMax?: number; groupsMax?: number; }
export type Aim = 'AIM_UNSPECIFIED' | 'VALIDATE' | 'ACTIVATE' | 'FORCE';
export interface PushRequest { begin?: PushRequest_Begin; chunk?: PushRequest_Chunk; finish?: PushRequest_Finish; }
export interface PushRequest_Begin { snapshotId?: string; files?: PushRequest_Begin_File[]; }
export interface PushRequest_Begin_File { file?: string; length?: string; crc32c?: number; blake3?: string; }
export interface PushRequest_Chunk { file?: string; offset?: string; data?: string; crc32c?: number; last?: boolean; }
export interface PushRequest_Finish { aim?: Aim; force?: Force; }
export interface PushResponse { summary?: RefreshSummary; }
export interface RefreshSummary { number?: string; snapshotId?: string; asOf?: string; replaces?: string; outcome?: RefreshSummary_Outcome; at?: string; errors?: string; warnings?: string; faults?: string[]; suspicions?: string[]; forcedBy?: string; forcedWhy?: string; generation?: string; sequence?: string; absorbed?: string; carried?: string; dropped?: string; atRisk?: string; accountsChecked?: string; accountsChanged?: string; loadMillis?: string; reconcileMillis?: string; standStillMicros?: string; rows?: Record<string, string>; changesMadeAgain?: string; changesLeftOut?: string; }
export type RefreshSummary_Outcome = 'OUTCOME_UNSPECIFIED' | 'ACTIVATED' | 'VALIDATED' | 'QUARANTINED';
export interface GetUploadRequest { snapshotId?: string; }
export interface GetUploadResponse { files?: GetUploadResponse_File[]; }
export interface GetUploadResponse_File { file?: string; length?: string; crc32c?: number; }
export interface GetStatusRequest {  }
export interface GetStatusResponse { version?: DataVersion; generation?: string; ageSeconds?: number; sources?: GetStatusResponse_Source[]; tables?: GetStatusResponse_Table[]; build?: GetStatusResponse_Build; promisesLive?: string; promisesAtRisk?: string; bytesLive?: string; bytesResident?: string; lastRecord?: string; changes?: string; }
export interface GetStatusResponse_Source { source?: string; watermark?: string; ageSeconds?: number; position?: string; positions?: string[]; }
export interface GetStatusResponse_Table { table?: string; rows?: string; asOf?: string; }
export interface GetStatusResponse_Build { tables?: string; stage?: string; progress?: number; seconds?: number; bytesBuilt?: string; }
export interface ListSnapshotsRequest {  }
export interface ListSnapshotsResponse { snapshots?: ListSnapshotsResponse_Kept[]; }
export interface ListSnapshotsResponse_Kept { snapshotId?: string; asOf?: string; acceptedAt?: string; active?: boolean; }
export interface ActivateRequest { snapshotId?: string; force?: Force; }
export interface GetReconciliationRequest { number?: string; }
export interface GetReconciliationResponse { summary?: RefreshSummary; absorbed?: string[]; carried?: string[]; dropped?: string[]; atRisk?: string[]; accounts?: GetReconciliationResponse_Account[]; changesLeftOut?: string[]; planned?: string[]; }
export interface GetReconciliationResponse_Account { account?: string; old?: number; new?: number; supply?: number; demand?: number; absorbed?: number; dropped?: number; carried?: number; }
export interface ApplyChangesRequest { requestId?: string; changes?: Change[]; source?: string; knownAt?: string; validateOnly?: boolean; position?: string; after?: string; }
export interface ApplyChangesResponse { applied?: boolean; version?: DataVersion; absorbed?: string[]; carried?: string[]; dropped?: string[]; atRisk?: string[]; short?: ApplyChangesResponse_Short[]; noLongerAtRisk?: string[]; met?: string[]; }
export interface ApplyChangesResponse_Short { account?: string; promiseIds?: string[]; }
export interface Methods {
  'AdminService/WhoAmI': [WhoAmIRequest, WhoAmIResponse];
  'AdminService/GetConfig': [GetConfigRequest, GetConfigResponse];
  'AdminService/ListTokens': [ListTokensRequest, ListTokensResponse];
  'AdminService/CreateToken': [CreateTokenRequest, CreateTokenResponse];
  'AdminService/RevokeToken': [RevokeTokenRequest, RevokeTokenResponse];
  'AdminService/ListAudit': [ListAuditRequest, ListAuditResponse];
  'AdminService/Backup': [BackupRequest, BackupPart];
  'AdminService/ClusterStatus': [ClusterStatusRequest, ClusterStatusResponse];
  'AllocationService/GetAllocation': [GetAllocationRequest, GetAllocationResponse];
  'AllocationService/Preview': [PreviewAllocationRequest, PreviewAllocationResponse];
  'AllocationService/Change': [ChangeAllocationRequest, ChangeAllocationResponse];
  'AnalyticsService/Query': [QueryRequest, QueryResponse];
  'AnalyticsService/Export': [ExportRequest, ExportResponse];
  'AvailabilityService/GetAvailability': [GetAvailabilityRequest, GetAvailabilityResponse];
  'AvailabilityService/QuickCheck': [QuickCheckRequest, QuickCheckResponse];
  'AvailabilityService/GetAccount': [GetAccountRequest, GetAccountResponse];
  'AvailabilityService/GetCapacity': [GetCapacityRequest, GetCapacityResponse];
  'AvailabilityService/WatchAvailability': [WatchAvailabilityRequest, AvailabilityCrossed];
  'CatalogService/Find': [FindRequest, FindResponse];
  'CatalogService/GetItem': [GetItemRequest, GetItemResponse];
  'CatalogService/GetLocation': [GetLocationRequest, GetLocationResponse];
  'CatalogService/GetCustomer': [GetCustomerRequest, GetCustomerResponse];
  'CatalogService/GetRules': [GetRulesRequest, GetRulesResponse];
  'EventService/Watch': [WatchEventsRequest, Event];
  'ExceptionService/List': [ListExceptionsRequest, ListExceptionsResponse];
  'ExceptionService/Watch': [WatchExceptionsRequest, WatchExceptionsResponse];
  'ExceptionService/Acknowledge': [AcknowledgeRequest, AcknowledgeResponse];
  'ExceptionService/Snooze': [SnoozeRequest, SnoozeResponse];
  'PromiseService/CheckAvailability': [CheckAvailabilityRequest, CheckAvailabilityResponse];
  'PromiseService/Promise': [PromiseRequest, PromiseResponse];
  'PromiseService/PromiseStream': [PromiseRequest, PromiseStreamResponse];
  'PromiseService/Confirm': [ConfirmRequest, ConfirmResponse];
  'PromiseService/Cancel': [CancelRequest, CancelResponse];
  'PromiseService/Amend': [AmendRequest, AmendResponse];
  'PromiseService/Fulfil': [FulfilRequest, FulfilResponse];
  'PromiseService/Reopen': [ReopenRequest, ReopenResponse];
  'PromiseService/ExtendHold': [ExtendHoldRequest, ExtendHoldResponse];
  'PromiseService/Get': [GetPromiseRequest, GetPromiseResponse];
  'PromiseService/List': [ListPromisesRequest, ListPromisesResponse];
  'PromiseService/GetPegging': [GetPeggingRequest, GetPeggingResponse];
  'PromiseService/Explain': [ExplainRequest, ExplainResponse];
  'PromiseService/SelfCheck': [SelfCheckRequest, SelfCheckResponse];
  'ScenarioService/Create': [CreateScenarioRequest, Scenario];
  'ScenarioService/Change': [ChangeScenarioRequest, Scenario];
  'ScenarioService/Get': [GetScenarioRequest, Scenario];
  'ScenarioService/Compare': [CompareRequest, CompareResponse];
  'ScenarioService/CompareStream': [CompareRequest, CompareProgress];
  'ScenarioService/Vary': [VaryRequest, VaryResponse];
  'ScenarioService/Apply': [ApplyScenarioRequest, ApplyScenarioResponse];
  'ScenarioService/Revert': [RevertRequest, ApplyScenarioResponse];
  'ScenarioService/Discard': [DiscardScenarioRequest, DiscardScenarioResponse];
  'ScenarioService/List': [ListScenariosRequest, ListScenariosResponse];
  'BacklogService/Run': [RunBacklogRequest, RunBacklogResponse];
  'BacklogService/RunStream': [RunBacklogRequest, RunProgress];
  'BacklogService/GetRun': [GetRunRequest, CompareResponse];
  'BacklogService/ListRuns': [ListRunsRequest, ListRunsResponse];
  'BacklogService/CancelRun': [CancelRunRequest, CancelRunResponse];
  'BacklogService/Apply': [ApplyScenarioRequest, ApplyScenarioResponse];
  'SnapshotService/Push': [PushRequest, PushResponse];
  'SnapshotService/GetUpload': [GetUploadRequest, GetUploadResponse];
  'SnapshotService/GetStatus': [GetStatusRequest, GetStatusResponse];
  'SnapshotService/List': [ListSnapshotsRequest, ListSnapshotsResponse];
  'SnapshotService/Activate': [ActivateRequest, PushResponse];
  'SnapshotService/ApplyChanges': [ApplyChangesRequest, ApplyChangesResponse];
  'SnapshotService/GetReconciliation': [GetReconciliationRequest, GetReconciliationResponse];
}
