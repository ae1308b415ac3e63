package promised.client;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import promised.v1.Event;
import promised.v1.WatchEventsRequest;

/** Events, on and on; see {@link PromisedClient#watch}. For one thread; another one may close it. */
public final class Watch implements Iterator<Event>, AutoCloseable {
  private final PromisedClient client;
  private final WatchEventsRequest.Builder filters;
  private final Duration timeout;
  private Context.CancellableContext open;
  private Iterator<Event> stream;
  private Event last;
  private Event next;
  private long came = System.nanoTime();
  private volatile boolean closed;

  Watch(PromisedClient client, WatchEventsRequest filters, Duration timeout) {
    this.client = client;
    this.filters = filters.toBuilder();
    this.timeout = timeout;
  }

  /** Waits for the next event; false after the end that {@code until_sequence} asked for, or after {@link #close}. */
  @Override
  public boolean hasNext() {
    for (int attempt = 0; next == null && !closed; ) {
      try {
        if (stream == null) {
          stream = begin();
        }
        if (!stream.hasNext()) {
          if (filters.hasUntilSequence()) {
            return false;
          }
          throw PromisedException.of(io.grpc.Status.UNAVAILABLE.withDescription("the feed ended").asRuntimeException());
        }
        Event event = stream.next();
        came = System.nanoTime();
        attempt = 0;
        if (isNew(event)) {
          last = event;
          next = event;
          filters.setFromSequence(event.getSequence());
        }
      } catch (StatusRuntimeException fault) {
        again(PromisedException.of(fault), attempt++);
      } catch (PromisedException fault) {
        again(fault, attempt++);
      }
    }
    return next != null;
  }

  @Override
  public Event next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Event event = next;
    next = null;
    return event;
  }

  @Override
  public void close() {
    closed = true;
    Context.CancellableContext running = open;
    if (running != null) {
      running.cancel(null);
    }
  }

  private Iterator<Event> begin() {
    open = Context.current().withCancellation();
    try {
      return open.call(() -> client.events().watch(filters.build()));
    } catch (StatusRuntimeException fault) {
      throw fault;
    } catch (Exception fault) {
      throw new IllegalStateException(fault);
    }
  }

  private boolean isNew(Event event) {
    return last == null || event.getSequence() > last.getSequence() || (event.getSequence() == last.getSequence() && event.getNumber() > last.getNumber());
  }

  private void again(PromisedException fault, int attempt) {
    open.cancel(null);
    stream = null;
    if (closed) {
      return;
    }
    long wait = PromisedClient.wait(fault, attempt);
    if (!fault.passing() || System.nanoTime() - came + wait * 1_000_000 > timeout.toNanos()) {
      throw fault;
    }
    PromisedClient.pause(wait, fault);
  }
}
