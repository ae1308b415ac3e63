package promised.client;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import promised.v1.PromiseRequest;
import promised.v1.PromiseResponse;
import promised.v1.PromiseServiceGrpc;
import promised.v1.PromiseServiceGrpc.PromiseServiceBlockingStub;
import promised.v1.PromiseStreamResponse;

/** Many requests over one stream; see {@link PromisedClient#promiseMany}. */
public final class Many implements Iterator<Many.Outcome> {
  /**
   * What became of one request: an answer, or why it was not done.
   *
   * @param request the request, with its id
   */
  public record Outcome(PromiseRequest request, Optional<PromiseResponse> answer, Optional<PromisedException> refused) {
    /** The answer. Throws where there is none. */
    public PromiseResponse get() { return answer.orElseThrow(refused::get); }
  }

  private final PromisedClient client;
  private final Iterator<PromiseRequest> source;
  private final int window;
  private final Duration timeout;
  private final ArrayDeque<PromiseRequest> waiting = new ArrayDeque<>();
  private Stream stream;
  private long last = System.nanoTime();

  Many(PromisedClient client, Iterator<PromiseRequest> source, int window, Duration timeout) {
    this.client = client;
    this.source = source;
    this.window = window;
    this.timeout = timeout;
  }

  @Override
  public boolean hasNext() {
    if (!waiting.isEmpty() || source.hasNext()) {
      return true;
    }
    if (stream != null) {
      stream.requests.onCompleted();
      stream = null;
    }
    return false;
  }

  @Override
  public Outcome next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    for (int attempt = 0; ; attempt++) {
      try {
        PromiseStreamResponse answer = open().answer(fill());
        PromiseRequest request = waiting.poll();
        last = System.nanoTime();
        return outcome(request, answer);
      } catch (PromisedException broken) {
        stream = null;
        long wait = PromisedClient.wait(broken, attempt);
        if (!broken.passing() || System.nanoTime() - last + wait * 1_000_000 > timeout.toNanos()) {
          throw broken;
        }
        PromisedClient.pause(wait, broken);
      }
    }
  }

  /** The stream; a new one gets what was not answered. */
  private Stream open() {
    if (stream == null) {
      stream = new Stream();
      PromiseServiceGrpc.newStub(client.channel()).promiseStream(stream);
      waiting.forEach(stream.requests::onNext);
    }
    return stream;
  }

  /** Sends as many as may be under way; how long an answer may take from now on. */
  private Duration fill() {
    while (waiting.size() < window && source.hasNext()) {
      PromiseRequest request = Repetition.identified(source.next());
      waiting.add(request);
      stream.requests.onNext(request);
    }
    return timeout;
  }

  private Outcome outcome(PromiseRequest request, PromiseStreamResponse answer) {
    if (answer.hasPromised()) {
      return new Outcome(request, Optional.of(answer.getPromised()), Optional.empty());
    }
    PromisedException refused = PromisedException.ofStream(answer.getError());
    if (!refused.passing()) {
      return new Outcome(request, Optional.empty(), Optional.of(refused));
    }
    // Refused for want of room: asked again by itself, at its place.
    try {
      return new Outcome(request, Optional.of(client.call(client.promises(), PromiseServiceBlockingStub::promise, request)), Optional.empty());
    } catch (PromisedException still) {
      return new Outcome(request, Optional.empty(), Optional.of(still));
    }
  }

  /** A stream that is open: what is sent, and what came back or how it ended. */
  private static final class Stream implements ClientResponseObserver<PromiseRequest, PromiseStreamResponse> {
    private final BlockingQueue<Object> came = new LinkedBlockingQueue<>();
    private ClientCallStreamObserver<PromiseRequest> requests;

    @Override
    public void beforeStart(ClientCallStreamObserver<PromiseRequest> sender) { requests = sender; }

    @Override
    public void onNext(PromiseStreamResponse answer) { came.add(answer); }

    @Override
    public void onError(Throwable fault) { came.add(PromisedException.of(fault)); }

    @Override
    public void onCompleted() {
      came.add(PromisedException.of(Status.UNAVAILABLE.withDescription("the stream ended before all requests were answered").asRuntimeException()));
    }

    PromiseStreamResponse answer(Duration within) {
      Object next;
      try {
        next = came.poll(within.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        requests.cancel("interrupted", stopped);
        throw PromisedException.of(Status.CANCELLED.withCause(stopped).asRuntimeException());
      }
      if (next instanceof PromiseStreamResponse answer) {
        return answer;
      }
      requests.cancel("given up", null);
      throw next == null ? PromisedException.of(Status.DEADLINE_EXCEEDED.withDescription("no answer within " + within).asRuntimeException()) : (PromisedException) next;
    }
  }
}
