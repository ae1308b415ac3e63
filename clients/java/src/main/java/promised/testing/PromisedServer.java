package promised.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import promised.client.PromisedClient;

/**
 * A server for tests: the real binary on a free port, with a journal of its own, gone at the end. The binary is
 * {@code PROMISED_BIN}, else {@code promised} on the PATH.
 * <pre>{@code try (PromisedServer server = PromisedServer.of(Path.of("snapshots/tiny")); PromisedClient client = server.client()) { ... }}</pre>
 */
public final class PromisedServer implements AutoCloseable {
  private static final Pattern SERVING = Pattern.compile("serving \\S+ on (\\S+:\\d+).*");

  private final List<String> command = new ArrayList<>();
  private final Path scratch;
  private String address = "127.0.0.1:0";
  private Process process;

  private PromisedServer(Path snapshot, String... arguments) {
    try {
      scratch = Files.createTempDirectory("promised-");
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    }
    String binary = System.getenv("PROMISED_BIN");
    command.addAll(List.of(binary == null || binary.isEmpty() ? "promised" : binary, "serve", snapshot.toString(), "--data", scratch.resolve("data").toString()));
    command.addAll(List.of(arguments));
  }

  /** Starts a server of a snapshot, with further arguments of {@code promised serve}. */
  public static PromisedServer of(Path snapshot, String... arguments) {
    PromisedServer server = new PromisedServer(snapshot, arguments);
    server.start();
    return server;
  }

  /** "127.0.0.1:PORT". */
  public String address() { return address; }

  /** A client of it. */
  public PromisedClient client() { return new PromisedClient(address); }

  /** Starts it again on its data and port, after {@link #kill}. */
  public void start() {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of("--listen", address));
    try {
      process = new ProcessBuilder(words).redirectErrorStream(true).start();
      BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream()));
      StringBuilder told = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        told.append(line).append('\n');
        Matcher found = SERVING.matcher(line);
        if (found.matches()) {
          address = found.group(1);
          // What it says later must not fill the pipe.
          Thread drain = new Thread(() -> lines.lines().forEach(more -> { }));
          drain.setDaemon(true);
          drain.start();
          return;
        }
      }
      throw new IllegalStateException("the server ended: " + told);
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    }
  }

  /** Ends it at once, as a crash would. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
    try (var files = Files.walk(scratch)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    }
  }
}
