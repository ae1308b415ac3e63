package promised.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the server refused, or that it could not be reached in time, with what programs need. */
public final class PromisedException extends RuntimeException {
  /** A field that holds something wrong. */
  public record Violation(String field, String description) {}

  private final Status.Code code;
  private String reason = "";
  private Map<String, String> metadata = Map.of();
  private final List<Violation> violations = new ArrayList<>();
  private Duration retryAfter;

  private PromisedException(Throwable cause) {
    super(Status.fromThrowable(cause).toString(), cause);
    Status.Code told = Status.fromThrowable(cause).getCode();
    code = told == Status.Code.UNKNOWN && lost(cause) ? Status.Code.UNAVAILABLE : told;
  }

  /** Whether the connection went away under the call: with TLS gRPC has no code of its own for it. */
  private static boolean lost(Throwable fault) {
    for (Throwable at = fault; at != null; at = at.getCause()) {
      if (at instanceof java.io.IOException) {
        return true;
      }
    }
    return false;
  }

  /** The exception of a call that failed, with the details that came with it. */
  public static PromisedException of(Throwable cause) {
    PromisedException answer = new PromisedException(cause);
    com.google.rpc.Status status = StatusProto.fromThrowable(cause);
    if (status == null) {
      return answer;
    }
    try {
      for (Any detail : status.getDetailsList()) {
        answer.read(detail);
      }
    } catch (InvalidProtocolBufferException unreadable) {
      answer.addSuppressed(unreadable);
    }
    return answer;
  }

  /** The exception of one request of a stream, or of one line of a best-effort request. */
  public static PromisedException ofStream(promised.v1.Error error) {
    Status status = Status.fromCodeValue(error.getCode()).withDescription(error.getMessage());
    PromisedException answer = new PromisedException(status.asRuntimeException());
    answer.reason = error.getReason();
    answer.metadata = error.getMetadataMap();
    error.getViolationsList().forEach(one -> answer.violations.add(new Violation(one.getField(), one.getDescription())));
    if (error.hasRetryAfter()) {
      answer.retryAfter = Values.span(error.getRetryAfter());
    }
    return answer;
  }

  private void read(Any detail) throws InvalidProtocolBufferException {
    if (detail.is(ErrorInfo.class)) {
      ErrorInfo info = detail.unpack(ErrorInfo.class);
      reason = info.getReason();
      metadata = info.getMetadataMap();
    } else if (detail.is(BadRequest.class)) {
      detail.unpack(BadRequest.class).getFieldViolationsList()
          .forEach(field -> violations.add(new Violation(field.getField(), field.getDescription())));
    } else if (detail.is(RetryInfo.class)) {
      retryAfter = Values.span(detail.unpack(RetryInfo.class).getRetryDelay());
    }
  }

  /** The canonical code of gRPC. */
  public Status.Code code() { return code; }

  /** Such as "INVALID_FIELDS"; empty where the server gave none. */
  public String reason() { return reason; }

  /** What the message says, for programs. */
  public Map<String, String> metadata() { return metadata; }

  /** Every field that holds something wrong. */
  public List<Violation> violations() { return List.copyOf(violations); }

  /** After which time it pays to come back. */
  public Optional<Duration> retryAfter() { return Optional.ofNullable(retryAfter); }

  /** Whether the same may be asked again: the server is away, or busy and says until when. */
  public boolean passing() {
    return code == Status.Code.UNAVAILABLE || (code == Status.Code.RESOURCE_EXHAUSTED && retryAfter != null);
  }

  /** Whether the server itself says that nothing was done; without this a lost answer may hide that it was. */
  public boolean nothingDone() {
    return retryAfter != null || (!reason.isEmpty() && !reason.equals("OUTCOME_UNKNOWN"));
  }
}
