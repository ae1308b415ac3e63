package promised.examples;

import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import promised.client.PromisedClient;
import promised.client.PromisedException;
import promised.client.Values;
import promised.client.Watch;
import promised.v1.AmendRequest;
import promised.v1.AmendResponse;
import promised.v1.CheckAvailabilityRequest;
import promised.v1.ConfirmRequest;
import promised.v1.Event;
import promised.v1.GetStatusRequest;
import promised.v1.ListPromisesRequest;
import promised.v1.OrderLine;
import promised.v1.PromiseRequest;
import promised.v1.PromiseServiceGrpc.PromiseServiceBlockingStub;
import promised.v1.Reservation;
import promised.v1.SnapshotServiceGrpc.SnapshotServiceBlockingStub;
import promised.v1.WatchEventsRequest;

/** The scenario that all clients run; clients/README.md tells what it prints. */
public final class Scenario {
  private final PromisedClient client;
  private final String name = "JAVA-" + ProcessHandle.current().pid();

  private Scenario(PromisedClient client) { this.client = client; }

  /** Runs it against PROMISED_SERVER. */
  public static void main(String[] arguments) throws Exception {
    String ca = System.getenv("PROMISED_CA");
    Path roots = ca == null || ca.isEmpty() ? null : Path.of(ca);
    try (PromisedClient client = PromisedClient.to(System.getenv("PROMISED_SERVER")).token(System.getenv("PROMISED_TOKEN")).ca(roots).connect()) {
      new Scenario(client).run();
    }
  }

  private void run() throws Exception {
    client.call(client.promises(), PromiseServiceBlockingStub::checkAvailability, CheckAvailabilityRequest.newBuilder().addLines(line(name, 1)).build());
    tell("check", "");
    String id = hold(name);
    told("hold", id);
    told("confirm", client.call(client.promises(), PromiseServiceBlockingStub::confirm, ConfirmRequest.newBuilder().setPromiseId(id).build()).getPromise().getPromiseId());
    AmendRequest amend = AmendRequest.newBuilder().setPromiseId(id).setLine(line(name, 2)).build();
    AmendResponse amended = client.call(client.promises(), PromiseServiceBlockingStub::amend, amend);
    if (!amended.getChanged()) {
      throw new IllegalStateException("not amended: " + amended);
    }
    told("amend", amended.getPromise().getPromiseId());
    told("repeat", hold(name));
    tell("kill", "");
    while (System.in.read() != '\n') { }
    told("again", hold(name));
    int n = 0;
    for (Reservation promise : client.pages(ListPromisesRequest.newBuilder().setCustomer("NORDWIND").setPageSize(1).build())) {
      n += promise.getOrder().startsWith(name) ? 1 : 0;
    }
    tell("list", ", \"n\": " + n);
    watch();
    tell("done", "");
  }

  private static OrderLine line(String order, double quantity) {
    return OrderLine.newBuilder().setOrder(order).setItem("PUMP").setQuantity(quantity).setRequestedDate("2026-11-26").setCustomer("NORDWIND").build();
  }

  private String hold(String order) {
    PromiseRequest request = PromiseRequest.newBuilder().setRequestId(order + "-hold").addLines(line(order, 1))
        .setHoldFor(Values.duration(Duration.ofMinutes(10))).build();
    return client.call(client.promises(), PromiseServiceBlockingStub::promise, request).getPromises(0).getPromiseId();
  }

  /** The event that a promise of ours brings; a server without the service says so. */
  private void watch() {
    // From the position before it, so that it does not matter which is first, the watch or the promise.
    GetStatusRequest status = GetStatusRequest.getDefaultInstance();
    long before = client.call(client.snapshots(), SnapshotServiceBlockingStub::getStatus, status).getVersion().getSequence();
    hold(name + "-W");
    WatchEventsRequest filters = WatchEventsRequest.newBuilder().setFromSequence(before + 1).addTypes("promise.*").build();
    try (Watch events = client.watch(filters)) {
      while (events.hasNext()) {
        Event event = events.next();
        if (event.getPromise().getOrder().equals(name + "-W")) {
          tell("watch", ", \"type\": \"" + event.getType() + "\"");
          return;
        }
      }
      throw new IllegalStateException("the feed ended");
    } catch (PromisedException fault) {
      if (fault.code() != Status.Code.UNIMPLEMENTED) {
        throw fault;
      }
      tell("watch", ", \"skipped\": \"the server answers UNIMPLEMENTED: it has no EventService\"");
    }
  }

  private static void told(String step, String id) { tell(step, ", \"promise_id\": \"" + id + "\""); }

  private static void tell(String step, String more) {
    System.out.println("{\"step\": \"" + step + "\"" + more + "}");
    System.out.flush();
  }
}
