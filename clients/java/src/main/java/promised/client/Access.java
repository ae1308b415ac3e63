package promised.client;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.function.Supplier;

/**
 * What goes with each call: the token, the id of a command that has none, and how far a node of a cluster must have
 * come to answer: the position of the last answer seen, so that questions see what was promised before.
 */
public final class Access implements ClientInterceptor {
  /** Asks for an answer that has seen a position, as DataVersion.token tells it. */
  public static final Metadata.Key<String> AT_LEAST = Metadata.Key.of("promised-at-least", Metadata.ASCII_STRING_MARSHALLER);
  /** "true" asks for an answer that has seen all that was answered before, by whichever node. */
  public static final Metadata.Key<String> FRESH = Metadata.Key.of("promised-fresh", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final Supplier<String> token;
  private volatile String seen = "";

  /** @param token asked for the token of each call; null for none */
  public Access(Supplier<String> token) { this.token = token; }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        if (token != null) {
          headers.put(AUTHORIZATION, "Bearer " + token.get());
        }
        if (!seen.isEmpty() && !headers.containsKey(AT_LEAST)) {
          headers.put(AT_LEAST, seen);
        }
        super.start(new SimpleForwardingClientCallListener<>(listener) {
          @Override
          public void onMessage(A answer) {
            saw(answer);
            super.onMessage(answer);
          }
        }, headers);
      }

      @Override
      @SuppressWarnings("unchecked")
      public void sendMessage(Q request) {
        super.sendMessage(request instanceof Message message ? (Q) Repetition.identified(message) : request);
      }
    };
  }

  private void saw(Object answer) {
    if (answer instanceof Message message) {
      FieldDescriptor version = message.getDescriptorForType().findFieldByName("version");
      FieldDescriptor field = version == null || version.getJavaType() != FieldDescriptor.JavaType.MESSAGE ? null : version.getMessageType().findFieldByName("token");
      String told = field == null ? "" : (String) ((Message) message.getField(version)).getField(field);
      if (!told.isEmpty()) {
        seen = told;
      }
    }
  }
}
