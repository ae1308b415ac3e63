package promised.examples;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.zip.CRC32C;
import promised.client.PromisedClient;
import promised.client.PromisedException;
import promised.client.Repetition;
import promised.client.Values;
import promised.client.Watch;
import promised.v1.AcknowledgeRequest;
import promised.v1.ActivateRequest;
import promised.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import promised.v1.Aim;
import promised.v1.AllocationServiceGrpc.AllocationServiceBlockingStub;
import promised.v1.AmendRequest;
import promised.v1.AnalyticsServiceGrpc.AnalyticsServiceBlockingStub;
import promised.v1.ApplyChangesRequest;
import promised.v1.ApplyScenarioRequest;
import promised.v1.AvailabilityServiceGrpc.AvailabilityServiceBlockingStub;
import promised.v1.BackupRequest;
import promised.v1.BacklogServiceGrpc.BacklogServiceBlockingStub;
import promised.v1.CancelRequest;
import promised.v1.CancelRunRequest;
import promised.v1.CatalogServiceGrpc.CatalogServiceBlockingStub;
import promised.v1.Change;
import promised.v1.ChangeAllocationRequest;
import promised.v1.ChangeScenarioRequest;
import promised.v1.CheckAvailabilityRequest;
import promised.v1.ClusterStatusRequest;
import promised.v1.CompareRequest;
import promised.v1.ConfirmRequest;
import promised.v1.CreateScenarioRequest;
import promised.v1.CreateTokenRequest;
import promised.v1.DiscardScenarioRequest;
import promised.v1.ExceptionServiceGrpc.ExceptionServiceBlockingStub;
import promised.v1.ExplainRequest;
import promised.v1.ExportRequest;
import promised.v1.ExtendHoldRequest;
import promised.v1.FindRequest;
import promised.v1.Force;
import promised.v1.FulfilRequest;
import promised.v1.GetAccountRequest;
import promised.v1.GetAllocationRequest;
import promised.v1.GetAvailabilityRequest;
import promised.v1.GetCapacityRequest;
import promised.v1.GetConfigRequest;
import promised.v1.GetCustomerRequest;
import promised.v1.GetItemRequest;
import promised.v1.GetLocationRequest;
import promised.v1.GetPeggingRequest;
import promised.v1.GetPromiseRequest;
import promised.v1.GetReconciliationRequest;
import promised.v1.GetRulesRequest;
import promised.v1.GetRunRequest;
import promised.v1.GetScenarioRequest;
import promised.v1.GetStatusRequest;
import promised.v1.GetUploadRequest;
import promised.v1.ListAuditRequest;
import promised.v1.ListExceptionsRequest;
import promised.v1.ListPromisesRequest;
import promised.v1.ListRunsRequest;
import promised.v1.ListScenariosRequest;
import promised.v1.ListSnapshotsRequest;
import promised.v1.ListTokensRequest;
import promised.v1.OrderLine;
import promised.v1.PreviewAllocationRequest;
import promised.v1.PromiseRequest;
import promised.v1.PromiseServiceGrpc.PromiseServiceBlockingStub;
import promised.v1.PushRequest;
import promised.v1.PushResponse;
import promised.v1.Query;
import promised.v1.QueryRequest;
import promised.v1.QuickCheckRequest;
import promised.v1.ReopenRequest;
import promised.v1.RevertRequest;
import promised.v1.RevokeTokenRequest;
import promised.v1.RunBacklogRequest;
import promised.v1.ScenarioServiceGrpc.ScenarioServiceBlockingStub;
import promised.v1.SelfCheckRequest;
import promised.v1.ShareChange;
import promised.v1.SnapshotServiceGrpc;
import promised.v1.SnapshotServiceGrpc.SnapshotServiceBlockingStub;
import promised.v1.SnoozeRequest;
import promised.v1.Threshold;
import promised.v1.WatchAvailabilityRequest;
import promised.v1.VaryRequest;
import promised.v1.WatchEventsRequest;
import promised.v1.WatchExceptionsRequest;
import promised.v1.WhoAmIRequest;

/**
 * An example of every RPC, against a server that serves snapshots/tiny. Run it on a server of its own: it holds, ships
 * and pushes. Each answer is printed in a line.
 */
public final class EveryRpc {
  private final Set<String> called = new TreeSet<>();
  private final PromisedClient client;

  private EveryRpc(PromisedClient client) { this.client = client; }

  /** @param arguments the address, and the directory of the snapshot */
  public static void main(String[] arguments) throws Exception {
    try (PromisedClient client = new PromisedClient(arguments[0])) {
      EveryRpc every = new EveryRpc(client);
      every.data(Path.of(arguments.length > 1 ? arguments[1] : "../../snapshots/tiny"));
      every.questions();
      every.desk();
      every.look();
      every.admin();
      every.whatIf();
      every.back();
      every.tellMissing();
    }
  }

  /** Prints an answer. */
  private <A extends Message> A show(String rpc, A answer) throws IOException {
    called.add(rpc);
    String text = JsonFormat.printer().omittingInsignificantWhitespace().print(answer);
    System.out.println(rpc + ": " + text.substring(0, Math.min(160, text.length())));
    return answer;
  }

  /** New data: tiny again, with two demand classes that share the bodies. */
  private void data(Path tiny) throws Exception {
    show("SnapshotService.Push", push(tiny, "tiny-shared", Map.of(
        "demand_classes.csv", "demand_class,parent,rank\nALL,,1\nKEY,ALL,1\nWEB,ALL,2\n",
        "allocation_rules.csv", "rule,demand_class,kind,method,value\nHALVES,KEY,share,percent,50\nHALVES,WEB,share,percent,50\n",
        "allocation_assignments.csv", "rule,item,location\nHALVES,BODY,BER\n")));
    SnapshotServiceBlockingStub stub = client.snapshots();
    show("SnapshotService.GetUpload", client.call(stub, SnapshotServiceBlockingStub::getUpload, GetUploadRequest.newBuilder().setSnapshotId("tiny-shared").build()));
    show("SnapshotService.List", client.call(stub, SnapshotServiceBlockingStub::list, ListSnapshotsRequest.getDefaultInstance()));
    show("SnapshotService.GetReconciliation", client.call(stub, SnapshotServiceBlockingStub::getReconciliation, GetReconciliationRequest.getDefaultInstance()));
    show("SnapshotService.GetStatus", client.call(stub, SnapshotServiceBlockingStub::getStatus, GetStatusRequest.getDefaultInstance()));
    Change later = Change.newBuilder().setChange("supply_moved").putCells("supply", "PO-1").putCells("date", "2026-12-02").build();
    ApplyChangesRequest changes = ApplyChangesRequest.newBuilder().setSource("erp").addChanges(later).build();
    show("SnapshotService.ApplyChanges", client.call(stub, SnapshotServiceBlockingStub::applyChanges, changes));
  }

  /** A push: begin, each file, finish. */
  private PushResponse push(Path directory, String id, Map<String, String> more) throws Exception {
    Map<String, byte[]> files = new TreeMap<>();
    more.forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
    try (var found = Files.newDirectoryStream(directory, "*.{csv,json}")) {
      for (Path file : found) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    files.remove("orders.csv");
    files.computeIfPresent("manifest.json", (name, bytes) -> new String(bytes, StandardCharsets.UTF_8).replace("\"tiny\"", '"' + id + '"').getBytes(StandardCharsets.UTF_8));
    CompletableFuture<PushResponse> answer = new CompletableFuture<>();
    StreamObserver<PushRequest> parts = SnapshotServiceGrpc.newStub(client.channel()).push(new StreamObserver<>() {
      @Override
      public void onNext(PushResponse told) { answer.complete(told); }

      @Override
      public void onError(Throwable fault) { answer.completeExceptionally(fault); }

      @Override
      public void onCompleted() { }
    });
    parts.onNext(PushRequest.newBuilder().setBegin(PushRequest.Begin.newBuilder().setSnapshotId(id)).build());
    files.forEach((name, bytes) -> {
      CRC32C sum = new CRC32C();
      sum.update(bytes);
      PushRequest.Chunk chunk = PushRequest.Chunk.newBuilder().setFile(name).setData(ByteString.copyFrom(bytes)).setCrc32C((int) sum.getValue()).setLast(true).build();
      parts.onNext(PushRequest.newBuilder().setChunk(chunk).build());
    });
    parts.onNext(PushRequest.newBuilder().setFinish(PushRequest.Finish.newBuilder().setAim(Aim.ACTIVATE)).build());
    parts.onCompleted();
    return answer.get();
  }

  /** What is there, when, for whom. */
  private void questions() throws IOException {
    AvailabilityServiceBlockingStub stub = client.availability();
    GetAvailabilityRequest table = GetAvailabilityRequest.newBuilder().setItem("VALVE").setDays(10).build();
    show("AvailabilityService.GetAvailability", client.call(stub, AvailabilityServiceBlockingStub::getAvailability, table));
    Query query = Query.newBuilder().setItem("VALVE").setLocation("HAM").setQuantity(3).build();
    show("AvailabilityService.QuickCheck", client.call(stub, AvailabilityServiceBlockingStub::quickCheck, QuickCheckRequest.newBuilder().addQueries(query).build()));
    AllocationServiceBlockingStub allocation = client.allocation();
    GetAllocationRequest shares = GetAllocationRequest.newBuilder().setItem("BODY").setLocation("BER").build();
    show("AllocationService.GetAllocation", client.call(allocation, AllocationServiceBlockingStub::getAllocation, shares));
    ShareChange shift = ShareChange.newBuilder().setShift(ShareChange.Shift.newBuilder().setFromClass("WEB").setToClass("KEY").setQuantity(1)).build();
    PreviewAllocationRequest preview = PreviewAllocationRequest.newBuilder().setItem("BODY").setLocation("BER").addChanges(shift).build();
    show("AllocationService.Preview", client.call(allocation, AllocationServiceBlockingStub::preview, preview));
    ChangeAllocationRequest change = ChangeAllocationRequest.newBuilder().setItem("BODY").setLocation("BER").addChanges(shift).build();
    show("AllocationService.Change", client.call(allocation, AllocationServiceBlockingStub::change, change));
  }

  private static OrderLine line(String order, double quantity) {
    return OrderLine.newBuilder().setOrder(order).setItem("PUMP").setQuantity(quantity).setRequestedDate("2026-11-26").setCustomer("NORDWIND").build();
  }

  /** Order desk: ask, hold, confirm, change, ship. */
  private void desk() throws IOException {
    PromiseServiceBlockingStub stub = client.promises();
    CheckAvailabilityRequest check = CheckAvailabilityRequest.newBuilder().addLines(line("E-1", 1)).setAlternatives(2).setPegging(true).build();
    show("PromiseService.CheckAvailability", client.call(stub, PromiseServiceBlockingStub::checkAvailability, check));
    PromiseRequest hold = PromiseRequest.newBuilder().addLines(line("E-1", 1)).setHoldFor(Values.duration(Duration.ofMinutes(10))).build();
    String id = show("PromiseService.Promise", client.call(stub, PromiseServiceBlockingStub::promise, hold)).getPromises(0).getPromiseId();
    ExtendHoldRequest longer = ExtendHoldRequest.newBuilder().addPromiseIds(id).setHoldFor(Values.duration(Duration.ofMinutes(20))).build();
    show("PromiseService.ExtendHold", client.call(stub, PromiseServiceBlockingStub::extendHold, longer));
    show("PromiseService.Confirm", client.call(stub, PromiseServiceBlockingStub::confirm, ConfirmRequest.newBuilder().setPromiseId(id).build()));
    show("PromiseService.Amend", client.call(stub, PromiseServiceBlockingStub::amend, AmendRequest.newBuilder().setPromiseId(id).setLine(line("E-1", 2)).build()));
    show("PromiseService.Fulfil", client.call(stub, PromiseServiceBlockingStub::fulfil, FulfilRequest.newBuilder().setPromiseId(id).build()));
    show("PromiseService.Reopen", client.call(stub, PromiseServiceBlockingStub::reopen, ReopenRequest.newBuilder().setPromiseId(id).build()));
    show("PromiseService.Get", client.call(stub, PromiseServiceBlockingStub::get, GetPromiseRequest.newBuilder().setOrder("E-1").setHistory(true).build()));
    show("PromiseService.List", client.call(stub, PromiseServiceBlockingStub::list, ListPromisesRequest.newBuilder().setCustomer("NORDWIND").setPageSize(10).build()));
    show("PromiseService.Cancel", client.call(stub, PromiseServiceBlockingStub::cancel, CancelRequest.newBuilder().setPromiseId(id).build()));
    Iterator<PromiseRequest> requests = List.of(PromiseRequest.newBuilder().addLines(line("E-2", 1)).build()).iterator();
    for (var outcome : client.promiseMany(requests, 8)) {
      show("PromiseService.PromiseStream", outcome.get());
    }
    show("PromiseService.SelfCheck", client.call(stub, PromiseServiceBlockingStub::selfCheck, SelfCheckRequest.getDefaultInstance()));
  }

  /** Look things up, and see what is going on. */
  private void look() throws IOException {
    CatalogServiceBlockingStub catalog = client.catalog();
    show("CatalogService.Find", client.call(catalog, CatalogServiceBlockingStub::find, FindRequest.newBuilder().setText("pu").build()));
    show("CatalogService.GetItem", client.call(catalog, CatalogServiceBlockingStub::getItem, GetItemRequest.newBuilder().setItem("PUMP").build()));
    show("CatalogService.GetLocation", client.call(catalog, CatalogServiceBlockingStub::getLocation, GetLocationRequest.newBuilder().setLocation("HAM").build()));
    show("CatalogService.GetCustomer", client.call(catalog, CatalogServiceBlockingStub::getCustomer, GetCustomerRequest.newBuilder().setCustomer("NORDWIND").build()));
    GetRulesRequest rules = GetRulesRequest.newBuilder().setItem("PUMP").setLocation("HAM").setCustomer("NORDWIND").build();
    show("CatalogService.GetRules", client.call(catalog, CatalogServiceBlockingStub::getRules, rules));
    AvailabilityServiceBlockingStub availability = client.availability();
    GetAccountRequest account = GetAccountRequest.newBuilder().setItem("VALVE").setLocation("HAM").build();
    show("AvailabilityService.GetAccount", client.call(availability, AvailabilityServiceBlockingStub::getAccount, account));
    GetCapacityRequest capacity = GetCapacityRequest.newBuilder().setResource("BENCH").setDays(10).build();
    show("AvailabilityService.GetCapacity", client.call(availability, AvailabilityServiceBlockingStub::getCapacity, capacity));
    Threshold enough = Threshold.newBuilder().setItem("VALVE").setLocation("HAM").setAtLeast(1).build();
    first("AvailabilityService.WatchAvailability", () -> availability.watchAvailability(WatchAvailabilityRequest.newBuilder().addThresholds(enough).build()));
    PromiseServiceBlockingStub promises = client.promises();
    PromiseRequest valves = PromiseRequest.newBuilder().addLines(line("E-3", 4).toBuilder().setItem("VALVE")).build();
    String id = client.call(promises, PromiseServiceBlockingStub::promise, valves).getPromises(0).getPromiseId();
    show("PromiseService.GetPegging", client.call(promises, PromiseServiceBlockingStub::getPegging, GetPeggingRequest.newBuilder().setPromiseId(id).build()));
    show("PromiseService.Explain", client.call(promises, PromiseServiceBlockingStub::explain, ExplainRequest.newBuilder().setPromiseId(id).build()));
    ExceptionServiceBlockingStub exceptions = client.exceptions();
    id = show("ExceptionService.List", client.call(exceptions, ExceptionServiceBlockingStub::list, ListExceptionsRequest.getDefaultInstance())).getExceptions(0).getExceptionId();
    first("ExceptionService.Watch", () -> exceptions.watch(WatchExceptionsRequest.getDefaultInstance()));
    AcknowledgeRequest seen = AcknowledgeRequest.newBuilder().setExceptionId(id).setBy("me").setNote("the customer knows").build();
    show("ExceptionService.Acknowledge", client.call(exceptions, ExceptionServiceBlockingStub::acknowledge, seen));
    SnoozeRequest later = SnoozeRequest.newBuilder().setExceptionId(id).setBy("me").setUntil(Values.timestamp(Instant.now().plus(Duration.ofDays(1)))).build();
    show("ExceptionService.Snooze", client.call(exceptions, ExceptionServiceBlockingStub::snooze, later));
    try (Watch events = client.watch(WatchEventsRequest.newBuilder().setFromSequence(0).build())) {
      show("EventService.Watch", events.next());
    }
    AnalyticsServiceBlockingStub analytics = client.analytics();
    QueryRequest query = QueryRequest.newBuilder().addMeasures("lines").addMeasures("on_time_lines").addGroupBy("item").build();
    show("AnalyticsService.Query", client.call(analytics, AnalyticsServiceBlockingStub::query, query));
    first("AnalyticsService.Export", () -> analytics.export(ExportRequest.newBuilder().setFormat(ExportRequest.Format.CSV).build()));
  }

  /** Prints the first answer of a stream that would go on. */
  private <A extends Message> void first(String rpc, Callable<Iterator<A>> open) throws IOException {
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      show(rpc, context.call(open).next());
    } catch (IOException | RuntimeException fault) {
      throw fault;
    } catch (Exception fault) {
      throw new IllegalStateException(fault);
    }
  }

  /** Prints an answer, or why there is none: a server without a token file has no tokens. */
  private <Q extends Message, A extends Message> void may(String rpc, BiFunction<AdminServiceBlockingStub, Q, A> method, Q request) throws IOException {
    try {
      show(rpc, client.call(client.admin(), method, request));
    } catch (PromisedException refused) {
      called.add(rpc);
      System.out.println(rpc + ": " + refused.getMessage());
    }
  }

  /** Who may what. */
  private void admin() throws IOException {
    AdminServiceBlockingStub stub = client.admin();
    show("AdminService.WhoAmI", client.call(stub, AdminServiceBlockingStub::whoAmI, WhoAmIRequest.getDefaultInstance()));
    show("AdminService.GetConfig", client.call(stub, AdminServiceBlockingStub::getConfig, GetConfigRequest.getDefaultInstance()));
    may("AdminService.CreateToken", AdminServiceBlockingStub::createToken, CreateTokenRequest.newBuilder().setName("shop").addRoles("promise").build());
    may("AdminService.ListTokens", AdminServiceBlockingStub::listTokens, ListTokensRequest.getDefaultInstance());
    may("AdminService.RevokeToken", AdminServiceBlockingStub::revokeToken, RevokeTokenRequest.newBuilder().setName("shop").build());
    may("AdminService.ListAudit", AdminServiceBlockingStub::listAudit, ListAuditRequest.getDefaultInstance());
    show("AdminService.ClusterStatus", client.call(stub, AdminServiceBlockingStub::clusterStatus, ClusterStatusRequest.getDefaultInstance()));
    may("AdminService.Backup", (backups, request) -> backups.backup(request).next(), BackupRequest.getDefaultInstance());
  }

  /** What if: a late purchase order, a backlog run. */
  private void whatIf() throws IOException {
    ScenarioServiceBlockingStub stub = client.scenarios();
    String id = show("ScenarioService.Create", create("PO-1 a week later")).getScenarioId();
    Change late = Change.newBuilder().setChange("supply_moved").putCells("supply", "PO-1").putCells("days", "7").build();
    show("ScenarioService.Change", client.call(stub, ScenarioServiceBlockingStub::change, ChangeScenarioRequest.newBuilder().setScenarioId(id).addChanges(late).build()));
    show("ScenarioService.List", client.call(stub, ScenarioServiceBlockingStub::list, ListScenariosRequest.getDefaultInstance()));
    show("ScenarioService.Compare", client.call(stub, ScenarioServiceBlockingStub::compare, CompareRequest.newBuilder().setScenarioId(id).build()));
    show("ScenarioService.Get", client.call(stub, ScenarioServiceBlockingStub::get, GetScenarioRequest.newBuilder().setScenarioId(id).build()));
    // The messages before the last one tell how far it is.
    showAll("ScenarioService.CompareStream", stub.compareStream(CompareRequest.newBuilder().setScenarioId(id).build()));
    showAll("ScenarioService.Vary", stub.vary(VaryRequest.newBuilder().setParameter("supply:PO-1:-2d..+2d").addLines(line("V-1", 1)).build()));
    ApplyScenarioRequest apply = ApplyScenarioRequest.newBuilder().setScenarioId(id).build();
    long position = show("ScenarioService.Apply", client.call(stub, ScenarioServiceBlockingStub::apply, apply)).getSequence();
    show("ScenarioService.Revert", client.call(stub, ScenarioServiceBlockingStub::revert, RevertRequest.newBuilder().setPosition(position).build()));
    DiscardScenarioRequest discard = DiscardScenarioRequest.newBuilder().setScenarioId(create("not wanted").getScenarioId()).build();
    show("ScenarioService.Discard", client.call(stub, ScenarioServiceBlockingStub::discard, discard));
    BacklogServiceBlockingStub backlog = client.backlog();
    RunBacklogRequest run = RunBacklogRequest.newBuilder().setSequence("priority,requested_date").build();
    id = show("BacklogService.Run", client.call(backlog, BacklogServiceBlockingStub::run, run)).getRunId();
    show("BacklogService.GetRun", client.call(backlog, BacklogServiceBlockingStub::getRun, GetRunRequest.newBuilder().setRunId(id).build()));
    showAll("BacklogService.RunStream", backlog.runStream(RunBacklogRequest.newBuilder().setSequence("priority").build()));
    show("BacklogService.ListRuns", client.call(backlog, BacklogServiceBlockingStub::listRuns, ListRunsRequest.getDefaultInstance()));
    // It was done already.
    show("BacklogService.CancelRun", client.call(backlog, BacklogServiceBlockingStub::cancelRun, CancelRunRequest.newBuilder().setRunId(id).build()));
    show("BacklogService.Apply", client.call(backlog, BacklogServiceBlockingStub::apply, ApplyScenarioRequest.newBuilder().setScenarioId(id).build()));
  }

  private void showAll(String rpc, Iterator<? extends Message> answers) throws IOException {
    while (answers.hasNext()) {
      show(rpc, answers.next());
    }
  }

  private promised.v1.Scenario create(String name) {
    return client.call(client.scenarios(), ScenarioServiceBlockingStub::create, CreateScenarioRequest.newBuilder().setName(name).build());
  }

  /** Back to the snapshot before: that it has no shares looks like broken data, so somebody has to answer for it. */
  private void back() throws IOException {
    Force force = Force.newBuilder().setBy("an example").setWhy("the shares were an example").build();
    ActivateRequest activate = ActivateRequest.newBuilder().setSnapshotId("tiny").setForce(force).build();
    show("SnapshotService.Activate", client.call(client.snapshots(), SnapshotServiceBlockingStub::activate, activate));
  }

  private void tellMissing() {
    Set<String> every = new TreeSet<>();
    Repetition.services().forEach(service -> service.getMethods().forEach(method -> every.add(service.getName() + "." + method.getName())));
    System.out.println(called.size() + " of " + every.size() + " RPCs");
    every.removeAll(called);
    every.forEach(rpc -> System.out.println("without an example: " + rpc));
  }
}
