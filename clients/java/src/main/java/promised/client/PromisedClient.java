package promised.client;

import com.google.protobuf.Message;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.AbstractStub;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import promised.v1.AdminServiceGrpc;
import promised.v1.AllocationServiceGrpc;
import promised.v1.AnalyticsServiceGrpc;
import promised.v1.AvailabilityServiceGrpc;
import promised.v1.BacklogServiceGrpc;
import promised.v1.CatalogServiceGrpc;
import promised.v1.EventServiceGrpc;
import promised.v1.ExceptionServiceGrpc;
import promised.v1.ListPromisesRequest;
import promised.v1.ListPromisesResponse;
import promised.v1.PromiseRequest;
import promised.v1.PromiseServiceGrpc;
import promised.v1.PromiseServiceGrpc.PromiseServiceBlockingStub;
import promised.v1.Reservation;
import promised.v1.ScenarioServiceGrpc;
import promised.v1.SnapshotServiceGrpc;
import promised.v1.WatchEventsRequest;

/**
 * A connection to a server; safe to share among threads. {@link #call} gives a command its request id, sends again what
 * an unavailable or busy server did not answer until the time is up, and throws {@link PromisedException}:
 * {@code client.call(client.promises(), PromiseServiceBlockingStub::promise, request)}. Stubs of any kind over
 * {@link #channel} have the ids, the token and gRPC's own repetitions ({@link Repetition#serviceConfig}).
 */
public final class PromisedClient implements AutoCloseable {
  /** Bytes that an answer may have: a page of 10,000 promises does not fit into gRPC's 4 MB. */
  public static final int LARGEST_ANSWER = 256 << 20;

  private final ManagedChannel connection;
  private final Channel channel;
  private final Duration timeout;

  /** A client without a token and TLS, with 30 seconds for a call. */
  public PromisedClient(String address) { this(to(address)); }

  private PromisedClient(Builder from) {
    String host = from.address.replaceFirst("^https?://", "").replaceFirst("/$", "");
    connection = Grpc.newChannelBuilder(host, from.credentials()).maxInboundMessageSize(LARGEST_ANSWER)
        .defaultServiceConfig(Repetition.serviceConfig()).enableRetry().build();
    channel = ClientInterceptors.intercept(connection, new Access(from.token));
    timeout = from.timeout;
    comeBackSoon();
  }

  /** gRPC tries a server that is away ever more seldom, down to every two minutes: too late for calls that wait. */
  private void comeBackSoon() {
    if (connection.isShutdown()) {
      return;
    }
    if (connection.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      connection.resetConnectBackoff();
    }
    CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(this::comeBackSoon);
  }

  /** Begins a client of "host:port", "http://host:port" or "https://host:port". It connects at the first call. */
  public static Builder to(String address) { return new Builder(address); }

  /** How a server is reached. */
  public static final class Builder {
    private final String address;
    private Duration timeout = Duration.ofSeconds(30);
    private Supplier<String> token;
    private boolean secure;
    private File ca;
    private File certificate;
    private File key;

    private Builder(String address) {
      this.address = address;
      secure = address.startsWith("https://");
    }

    /** How long a call may take, its repetitions included; 30 seconds if not given. */
    public Builder timeout(Duration span) { timeout = span; return this; }

    /** A token that goes with each call; null for none. */
    public Builder token(String text) { token = text == null ? null : () -> text; return this; }

    /** What gives the token of each call, for tokens that expire. */
    public Builder token(Supplier<String> source) { token = source; return this; }

    /** A PEM file to trust in place of the system's roots; TLS by this. Null for those. */
    public Builder ca(Path file) { ca = file == null ? null : file.toFile(); secure |= ca != null; return this; }

    /** Our own certificate and key, PEM files; TLS by this. */
    public Builder identity(Path certificate, Path key) {
      this.certificate = certificate.toFile();
      this.key = key.toFile();
      secure = true;
      return this;
    }

    /** The client. */
    public PromisedClient connect() { return new PromisedClient(this); }

    private ChannelCredentials credentials() {
      if (!secure) {
        return InsecureChannelCredentials.create();
      }
      try {
        TlsChannelCredentials.Builder trust = TlsChannelCredentials.newBuilder();
        if (ca != null) {
          trust.trustManager(ca);
        }
        if (certificate != null) {
          trust.keyManager(certificate, key);
        }
        return trust.build();
      } catch (IOException unreadable) {
        throw new java.io.UncheckedIOException(unreadable);
      }
    }
  }

  /** The connection with what goes along with each call, for stubs of any kind. */
  public Channel channel() { return channel; }

  /** The stub of the promise service. */
  public PromiseServiceBlockingStub promises() { return PromiseServiceGrpc.newBlockingStub(channel); }

  /** The stub of the availability service. */
  public AvailabilityServiceGrpc.AvailabilityServiceBlockingStub availability() { return AvailabilityServiceGrpc.newBlockingStub(channel); }

  /** The stub of the allocation service. */
  public AllocationServiceGrpc.AllocationServiceBlockingStub allocation() { return AllocationServiceGrpc.newBlockingStub(channel); }

  /** The stub of the snapshot service; {@code SnapshotServiceGrpc.newStub(client.channel())} pushes. */
  public SnapshotServiceGrpc.SnapshotServiceBlockingStub snapshots() { return SnapshotServiceGrpc.newBlockingStub(channel); }

  /** The stub of the scenario service. */
  public ScenarioServiceGrpc.ScenarioServiceBlockingStub scenarios() { return ScenarioServiceGrpc.newBlockingStub(channel); }

  /** The stub of the backlog service. */
  public BacklogServiceGrpc.BacklogServiceBlockingStub backlog() { return BacklogServiceGrpc.newBlockingStub(channel); }

  /** The stub of the catalog service. */
  public CatalogServiceGrpc.CatalogServiceBlockingStub catalog() { return CatalogServiceGrpc.newBlockingStub(channel); }

  /** The stub of the exception service. */
  public ExceptionServiceGrpc.ExceptionServiceBlockingStub exceptions() { return ExceptionServiceGrpc.newBlockingStub(channel); }

  /** The stub of the event service; {@link #watch} goes on by itself. */
  public EventServiceGrpc.EventServiceBlockingStub events() { return EventServiceGrpc.newBlockingStub(channel); }

  /** The stub of the analytics service. */
  public AnalyticsServiceGrpc.AnalyticsServiceBlockingStub analytics() { return AnalyticsServiceGrpc.newBlockingStub(channel); }

  /** The stub of the admin service. */
  public AdminServiceGrpc.AdminServiceBlockingStub admin() { return AdminServiceGrpc.newBlockingStub(channel); }

  /**
   * The events that the filters leave, on and on: a stream that breaks is opened anew where it stood, without a gap or a
   * repetition. From now on, unless {@code from_sequence} says from where. {@link Watch#close} ends it.
   */
  public Watch watch(WatchEventsRequest filters) { return new Watch(this, filters, timeout); }

  /**
   * Asks by a method of a stub.
   *
   * @throws PromisedException where it is refused, or the time is up
   */
  public <S extends AbstractStub<S>, Q extends Message, A> A call(S stub, BiFunction<S, Q, A> method, Q request) {
    return call(stub, method, request, timeout);
  }

  /** As {@link #call(AbstractStub, BiFunction, Message)}, with a time of its own. */
  public <S extends AbstractStub<S>, Q extends Message, A> A call(S stub, BiFunction<S, Q, A> method, Q request, Duration timeout) {
    Q known = Repetition.identified(request);
    long end = System.nanoTime() + timeout.toNanos();
    for (int attempt = 0; ; attempt++) {
      Asked asked = new Asked();
      S ready = stub.withInterceptors(asked).withDeadlineAfter(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      PromisedException refused;
      try {
        return method.apply(ready, known);
      } catch (StatusRuntimeException fault) {
        refused = PromisedException.of(fault);
      }
      long wait = wait(refused, attempt);
      boolean again = refused.passing() && (refused.nothingDone() || Repetition.repeatable(asked.method, known));
      if (!again || TimeUnit.MILLISECONDS.toNanos(wait) > end - System.nanoTime()) {
        throw refused;
      }
      pause(wait, refused);
      if (refused.code() == Status.Code.UNAVAILABLE) {
        connection.resetConnectBackoff();
      }
    }
  }

  static long wait(PromisedException refused, int attempt) {
    long wait = refused.retryAfter().map(Duration::toMillis).orElse(Math.min(2000L, 50L << Math.min(attempt, 6)));
    return wait + ThreadLocalRandom.current().nextLong(wait / 4 + 1);
  }

  static void pause(long milliseconds, PromisedException refused) {
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
      private Iterator<Reservation> here = Collections.emptyIterator();

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

  /**
   * Promises many requests over one stream, in their order. At most {@code window} are under way: the next is taken from
   * {@code requests} when the caller has taken an answer. A stream that breaks is opened anew and what was not answered is
   * sent again under the same ids, for as long as an answer comes within the client's timeout.
   */
  public Iterable<Many.Outcome> promiseMany(Iterator<PromiseRequest> requests, int window) {
    return () -> new Many(this, requests, Math.max(1, window), timeout);
  }

  @Override
  public void close() { connection.shutdownNow(); }
}
