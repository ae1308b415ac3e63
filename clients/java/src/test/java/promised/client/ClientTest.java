package promised.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import promised.testing.PromisedServer;
import promised.v1.ActivateRequest;
import promised.v1.CreateScenarioRequest;
import promised.v1.GetPromiseRequest;
import promised.v1.ListPromisesRequest;
import promised.v1.OrderLine;
import promised.v1.PromiseRequest;
import promised.v1.PromiseServiceGrpc;
import promised.v1.PromiseServiceGrpc.PromiseServiceBlockingStub;
import promised.v1.RunBacklogRequest;

/** Against the real server (PROMISED_BIN): refusals, streams, a restart in between. */
class ClientTest {
  private PromisedServer server;
  private PromisedClient client;

  @BeforeEach
  void start() {
    server = PromisedServer.of(Path.of("../../snapshots/tiny"));
    client = server.client();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private static PromiseRequest request(String id, String item) {
    OrderLine line = OrderLine.newBuilder().setOrder(id).setItem(item).setQuantity(1).setRequestedDate("2026-12-10").setCustomer("NORDWIND").build();
    return PromiseRequest.newBuilder().setRequestId(id).addLines(line).build();
  }

  private String promise(String id) {
    return client.call(client.promises(), PromiseServiceBlockingStub::promise, request(id, "PUMP")).getPromises(0).getPromiseId();
  }

  @Test
  void aRefusalHasCodeReasonAndFields() {
    PromisedException refused = assertThrows(PromisedException.class, () -> client.call(client.promises(), PromiseServiceBlockingStub::promise, request("A", "NONE")));
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.code());
    assertEquals("INVALID_FIELDS", refused.reason());
    assertEquals(List.of("lines[0].item"), refused.violations().stream().map(PromisedException.Violation::field).toList());
    GetPromiseRequest get = GetPromiseRequest.newBuilder().setPromiseId("P999").build();
    refused = assertThrows(PromisedException.class, () -> client.call(client.promises(), PromiseServiceBlockingStub::get, get));
    assertEquals("PROMISE_NOT_FOUND", refused.reason());
  }

  @Test
  void aCommandGoesOnOverARestart() {
    String first = promise("R-1");
    server.kill();
    CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS).execute(server::start);
    assertEquals(first, promise("R-1"));
  }

  @Test
  void aPlainStubWaitsForTheServerToo() {
    String first = promise("W-1");
    server.kill();
    CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS).execute(server::start);
    PromiseServiceBlockingStub stub = PromiseServiceGrpc.newBlockingStub(client.channel()).withDeadlineAfter(30, TimeUnit.SECONDS);
    assertEquals(first, stub.promise(request("W-1", "PUMP")).getPromises(0).getPromiseId());
  }

  @Test
  void nobodyThereEndsWithTheTime() {
    server.kill();
    GetPromiseRequest get = GetPromiseRequest.newBuilder().setPromiseId("P1").build();
    PromisedException gone = assertThrows(PromisedException.class, () -> client.call(client.promises(), PromiseServiceBlockingStub::get, get, Duration.ofSeconds(1)));
    assertTrue(List.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED).contains(gone.code()), gone.toString());
  }

  @Test
  void manyGoOnOverARestartEachOnce() {
    List<String> want = IntStream.range(0, 12).mapToObj(n -> "M-" + n).toList();
    List<String> seen = new ArrayList<>();
    for (Many.Outcome outcome : client.promiseMany(want.stream().map(id -> request(id, "PUMP")).iterator(), 4)) {
      seen.add(outcome.get().getRequestId());
      if (seen.size() == 5) {
        server.kill();
        server.start();
      }
    }
    List<String> kept = new ArrayList<>();
    client.pages(ListPromisesRequest.newBuilder().setCustomer("NORDWIND").setPageSize(5).build()).forEach(promise -> kept.add(promise.getOrder()));
    assertEquals(List.of(want, want), List.of(seen, kept));
  }

  @Test
  void manyWithAFaultyOneInBetween() {
    List<String> fields = new ArrayList<>();
    var requests = List.of(request("F-1", "PUMP"), request("F-2", "NONE"), request("F-3", "PUMP")).iterator();
    client.promiseMany(requests, 2).forEach(outcome -> fields.add(outcome.refused().map(one -> one.violations().get(0).field()).orElse("")));
    assertEquals(List.of("", "lines[0].item", ""), fields);
  }

  @Test
  void whatDoesMoreWhenDoneTwiceIsNotRepeated() {
    assertTrue(Repetition.repeatable("PromiseService/Promise", PromiseRequest.getDefaultInstance()));
    assertTrue(Repetition.repeatable("PromiseService/List", ListPromisesRequest.getDefaultInstance()));
    assertFalse(Repetition.repeatable("ScenarioService/Create", CreateScenarioRequest.getDefaultInstance()));
    assertFalse(Repetition.repeatable("SnapshotService/Activate", ActivateRequest.getDefaultInstance()));
    // A run makes a scenario of its own each time, unless it is applied.
    assertFalse(Repetition.repeatable("BacklogService/Run", RunBacklogRequest.newBuilder().setRequestId("R").build()));
    assertTrue(Repetition.repeatable("BacklogService/Run", RunBacklogRequest.newBuilder().setApply(true).build()));
  }

  @Test
  void aConnectionThatIsLostUnderACallIsPassing() {
    var lost = Status.UNKNOWN.withDescription("channel closed").withCause(new java.nio.channels.ClosedChannelException()).asRuntimeException();
    assertTrue(PromisedException.of(lost).passing());
    assertFalse(PromisedException.of(lost).nothingDone());
    assertFalse(PromisedException.of(Status.UNKNOWN.asRuntimeException()).passing());
  }

  @Test
  void valuesInAndOut() {
    assertEquals(new BigDecimal("0.3"), Values.amount(0.1 + 0.2));
    assertEquals("1000", Values.amount(1000).toPlainString());
    assertEquals(2.5, Values.quantity(new BigDecimal("2.50")));
    assertThrows(ArithmeticException.class, () -> Values.quantity(new BigDecimal("0.0000001")));
    LocalDate day = LocalDate.of(2026, 11, 26);
    assertEquals(day, Values.day(Values.date(day)));
    Instant moment = Instant.parse("2026-11-29T16:00:00.5Z");
    assertEquals(List.of(moment, moment), List.of(Values.instant(Values.timestamp(moment)), Values.instant("2026-11-29T16:00:00.5Z")));
    assertEquals(Duration.ofMinutes(10), Values.span(Values.duration(Duration.ofMinutes(10))));
  }
}
