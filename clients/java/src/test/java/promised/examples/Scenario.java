package promised.examples;

import com.google.protobuf.Empty;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import promised.client.PromisedClient;
import promised.client.Values;
import promised.v1.AmendRequest;
import promised.v1.AmendResponse;
import promised.v1.CheckAvailabilityRequest;
import promised.v1.ConfirmRequest;
import promised.v1.ListPromisesRequest;
import promised.v1.OrderLine;
import promised.v1.PromiseRequest;
import promised.v1.PromiseServiceGrpc.PromiseServiceBlockingStub;
import promised.v1.Reservation;

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

  /** One event that a promise of ours brings; a server without the service says so. */
  private void watch() {
    MethodDescriptor<Empty, Empty> method = MethodDescriptor.<Empty, Empty>newBuilder()
        .setType(MethodDescriptor.MethodType.SERVER_STREAMING).setFullMethodName("promised.v1.EventService/Watch")
        .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance())).setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance())).build();
    var events = ClientCalls.blockingServerStreamingCall(client.channel(), method, CallOptions.DEFAULT, Empty.getDefaultInstance());
    var maker = CompletableFuture.runAsync(() -> hold(name + "-W"));
    try {
      events.next();
      tell("watch", "");
    } catch (StatusRuntimeException fault) {
      if (fault.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
        throw fault;
      }
      tell("watch", ", \"skipped\": \"the server answers UNIMPLEMENTED: it has no EventService\"");
    }
    maker.join();
  }

  private static void told(String step, String id) { tell(step, ", \"promise_id\": \"" + id + "\""); }

  private static void tell(String step, String more) {
    System.out.println("{\"step\": \"" + step + "\"" + more + "}");
    System.out.flush();
  }
}
