package promised.client;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import promised.v1.ListPromisesRequest;
import promised.v1.ListPromisesResponse;
import promised.v1.PromiseServiceGrpc;
import promised.v1.PromiseServiceGrpc.PromiseServiceBlockingStub;
import promised.v1.Reservation;

/**
 * A connection to a server. {@link #call} gives a command its request id and sends again what an unavailable or busy
 * server did not answer, until the time is up: {@code client.call(client.promises(), PromiseServiceBlockingStub::promise, request)}.
 */
public final class PromisedClient implements AutoCloseable {
  /** Bytes that an answer may have: a page of 10,000 promises does not fit into gRPC's 4 MB. */
  public static final int LARGEST_ANSWER = 256 << 20;

  private final ManagedChannel channel;
  private final Duration timeout;
  private final Metadata headers = new Metadata();

  /**
   * Connects at the first call.
   *
   * @param address "host:port", "http://host:port" or "https://host:port"
   * @param timeout how long a call may take, its repetitions included; null for 30 seconds
   * @param token goes with each call; null for none
   * @param ca a PEM file to trust in place of the system's roots; null for those
   */
  public PromisedClient(String address, Duration timeout, String token, Path ca) throws IOException {
    boolean secure = address.startsWith("https://") || ca != null;
    String host = address.replaceFirst("^https?://", "").replaceFirst("/$", "");
    ChannelCredentials trust = InsecureChannelCredentials.create();
    if (secure) {
      trust = ca == null ? TlsChannelCredentials.create() : TlsChannelCredentials.newBuilder().trustManager(ca.toFile()).build();
    }
    channel = Grpc.newChannelBuilder(host, trust).maxInboundMessageSize(LARGEST_ANSWER).build();
    this.timeout = timeout == null ? Duration.ofSeconds(30) : timeout;
    if (token != null) {
      headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    }
  }

  /** A client without a token and TLS, with 30 seconds for a call. */
  public PromisedClient(String address) throws IOException {
    this(address, null, null, null);
  }

  /** The connection, for stubs of other services. */
  public ManagedChannel channel() { return channel; }

  /** The stub of the promise service. */
  public PromiseServiceBlockingStub promises() { return PromiseServiceGrpc.newBlockingStub(channel); }

  /**
   * Asks by a method of a stub; a command without a request id gets one and may then be repeated.
   *
   * @throws PromisedException where it is refused, or the time is up
   */
  @SuppressWarnings("unchecked")
  public <S extends AbstractStub<S>, Q extends Message, A> A call(S stub, BiFunction<S, Q, A> method, Q request) {
    FieldDescriptor id = request.getDescriptorForType().findFieldByName("request_id");
    Q known = request;
    if (id != null && ((String) request.getField(id)).isEmpty()) {
      known = (Q) request.toBuilder().setField(id, UUID.randomUUID().toString()).build();
    }
    boolean once = java.util.Set.of("CreateScenarioRequest", "ChangeScenarioRequest", "ActivateRequest").contains(request.getDescriptorForType().getName());
    long end = System.nanoTime() + timeout.toNanos();
    S ready = stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    for (int attempt = 0; ; attempt++) {
      PromisedException refused;
      try {
        return method.apply(ready.withDeadlineAfter(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS), known);
      } catch (StatusRuntimeException fault) {
        refused = PromisedException.of(fault);
      }
      boolean away = refused.code() == io.grpc.Status.Code.UNAVAILABLE;
      long wait = refused.retryAfter().map(Duration::toMillis).orElse(Math.min(2000L, 50L << Math.min(attempt, 6)));
      wait += ThreadLocalRandom.current().nextLong(wait / 4 + 1);
      if (!refused.passing() || (away && once) || TimeUnit.MILLISECONDS.toNanos(wait) > end - System.nanoTime()) {
        throw refused;
      }
      pause(wait, refused);
      if (away) {
        channel.resetConnectBackoff();
      }
    }
  }

  private static void pause(long milliseconds, PromisedException refused) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw refused;
    }
  }

  /** All promises that the filters of a list leave, page after page. */
  public Iterable<Reservation> pages(ListPromisesRequest filters) {
    return () -> new Iterator<>() {
      private ListPromisesResponse page;
      private Iterator<Reservation> here = java.util.Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        while (!here.hasNext() && (page == null || !page.getNextPageToken().isEmpty())) {
          String token = page == null ? "" : page.getNextPageToken();
          page = call(promises(), PromiseServiceBlockingStub::list, filters.toBuilder().setPageToken(token).build());
          here = page.getPromisesList().iterator();
        }
        return here.hasNext();
      }

      @Override
      public Reservation next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return here.next();
      }
    };
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
