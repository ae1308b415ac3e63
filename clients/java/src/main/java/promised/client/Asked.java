package promised.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;

/** Notes which RPC a method of a stub is; the call fails at once while nobody listens, for its caller repeats it by itself. */
final class Asked implements ClientInterceptor {
  String method = "";

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> asked, CallOptions options, Channel next) {
    method = asked.getFullMethodName();
    return next.newCall(asked, options.withoutWaitForReady());
  }
}
