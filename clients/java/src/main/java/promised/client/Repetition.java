package promised.client;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** What may be sent again when nobody knows whether it arrived, and how gRPC is told so. */
public final class Repetition {
  /** Calls that begin so are questions: asked twice they do nothing more. All else is a command. */
  private static final Pattern QUESTIONS = Pattern.compile("(Check|Compare|Explain|Find|Get|List|Preview|Query|Quick|SelfCheck|WhoAmI|ClusterStatus).*");

  private Repetition() {}

  /**
   * Whether a request does the same, sent once or twice. A backlog run makes a scenario of its own each time; its id is
   * that of the application.
   *
   * @param method the name of the RPC, with or without its service
   */
  public static boolean repeatable(String method, Message request) {
    var fields = request.getDescriptorForType();
    if (fields.findFieldByName("request_id") == null) {
      return QUESTIONS.matcher(method.substring(method.lastIndexOf('/') + 1)).matches();
    }
    FieldDescriptor apply = fields.findFieldByName("apply");
    return apply == null || (Boolean) request.getField(apply);
  }

  /** The request with an id, where it takes one and has none: what is repeated must be known again. */
  @SuppressWarnings("unchecked")
  public static <Q extends Message> Q identified(Q request) {
    FieldDescriptor id = request.getDescriptorForType().findFieldByName("request_id");
    boolean missing = id != null && ((String) request.getField(id)).isEmpty();
    return missing ? (Q) request.toBuilder().setField(id, UUID.randomUUID().toString()).build() : request;
  }

  /**
   * A service config for a channel of your own ({@code ManagedChannelBuilder.defaultServiceConfig}, with
   * {@code enableRetry()}): calls wait for the connection, and what may be repeated is, after UNAVAILABLE, up to 5 times
   * within the call's deadline. Give requests their ids ({@link #identified}, or {@link Access} as interceptor).
   * {@link PromisedClient#channel} has it.
   */
  public static Map<String, ?> serviceConfig() {
    List<Map<String, ?>> again = new ArrayList<>();
    List<Map<String, ?>> once = new ArrayList<>();
    for (ServiceDescriptor service : services()) {
      for (MethodDescriptor method : service.getMethods()) {
        boolean hasId = method.getInputType().findFieldByName("request_id") != null;
        boolean applies = method.getInputType().findFieldByName("apply") != null;
        boolean streams = method.isClientStreaming() || method.isServerStreaming();
        boolean repeats = !streams && (hasId ? !applies : QUESTIONS.matcher(method.getName()).matches());
        (repeats ? again : once).add(Map.of("service", service.getFullName(), "method", method.getName()));
      }
    }
    Map<String, ?> policy = Map.of("maxAttempts", 5.0, "initialBackoff", "0.05s", "maxBackoff", "1s", "backoffMultiplier", 2.0,
        "retryableStatusCodes", List.of("UNAVAILABLE"));
    return Map.of("methodConfig", List.of(
        Map.of("name", again, "waitForReady", true, "retryPolicy", policy),
        Map.of("name", once, "waitForReady", true)));
  }

  /** All services of the server. */
  public static List<ServiceDescriptor> services() {
    List<FileDescriptor> files = List.of(promised.v1.PromiseProto.getDescriptor(), promised.v1.AvailabilityProto.getDescriptor(),
        promised.v1.AllocationProto.getDescriptor(), promised.v1.SnapshotProto.getDescriptor(), promised.v1.ScenarioProto.getDescriptor(),
        promised.v1.CatalogProto.getDescriptor(), promised.v1.ExceptionProto.getDescriptor(), promised.v1.EventProto.getDescriptor(),
        promised.v1.AnalyticsProto.getDescriptor(), promised.v1.AdminProto.getDescriptor());
    return files.stream().flatMap(file -> file.getServices().stream()).toList();
  }
}
