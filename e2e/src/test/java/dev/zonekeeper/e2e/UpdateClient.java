package dev.zonekeeper.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Programs nobody here wrote that send DNS UPDATEs (RFC 2136). */
enum UpdateClient {
  NSUPDATE_UDP,
  NSUPDATE_TCP,
  KNSUPDATE,
  DNSPYTHON_UDP,
  DNSPYTHON_TCP;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A line of an UPDATE. Names are absolute, without the dot at the end. */
  sealed interface Step {
    record Add(String name, long ttl, String type, String data) implements Step {}

    record Delete(String name, String type) implements Step {}

    /** A prerequisite: the name is in use. */
    record InUse(String name) implements Step {}

    /** A prerequisite: the name is not in use. */
    record NotInUse(String name) implements Step {}
  }

  /** Sends one UPDATE and returns what the program printed, the answer's status among it. */
  Program.Outcome send(InetSocketAddress server, String zone, UpdateKey key, List<Step> steps) {
    return switch (this) {
      case NSUPDATE_UDP -> script("nsupdate", server, zone, key, steps);
      case NSUPDATE_TCP -> script("nsupdate -v", server, zone, key, steps);
      case KNSUPDATE -> script("knsupdate -t 15", server, zone, key, steps);
      case DNSPYTHON_UDP -> python(server, zone, key, steps, false);
      case DNSPYTHON_TCP -> python(server, zone, key, steps, true);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static Program.Outcome script(
      String program, InetSocketAddress server, String zone, UpdateKey key, List<Step> steps) {
    String lines = steps.stream().map(UpdateClient::line).collect(Collectors.joining("\n"));
    String script =
        "server %s %d\nzone %s.\n%s\nsend\nanswer\n"
            .formatted(server.getHostString(), server.getPort(), zone, lines);
    List<String> command = List.of((program + " -y " + key.asArgument()).split(" "));
    Program.assumeInstalled(command.getFirst());
    return Program.of(command).reading(script).run();
  }

  private static String line(Step step) {
    return switch (step) {
      case Step.Add add ->
          "update add %s. %d %s %s".formatted(add.name(), add.ttl(), add.type(), add.data());
      case Step.Delete delete -> "update delete %s. %s".formatted(delete.name(), delete.type());
      case Step.InUse used -> "prereq yxdomain %s.".formatted(used.name());
      case Step.NotInUse unused -> "prereq nxdomain %s.".formatted(unused.name());
    };
  }

  private static Program.Outcome python(
      InetSocketAddress server, String zone, UpdateKey key, List<Step> steps, boolean tcp) {
    Map<String, Object> order =
        Map.of(
            "host", server.getHostString(),
            "port", server.getPort(),
            "zone", zone,
            "key", key.name(),
            "algorithm", key.algorithm(),
            "secret", key.secret(),
            "tcp", tcp,
            "steps", steps.stream().map(UpdateClient::call).toList());
    assumeTrue(Dnspython.INSTALLED, "dnspython is not installed");
    try {
      return Program.of("/usr/bin/python3", pythonProgram())
          .reading(JSON.writeValueAsString(order))
          .run();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Object> call(Step step) {
    return switch (step) {
      case Step.Add add -> List.of("add", add.name() + ".", add.ttl(), add.type(), add.data());
      case Step.Delete delete -> List.of("delete", delete.name() + ".", delete.type());
      case Step.InUse used -> List.of("present", used.name() + ".");
      case Step.NotInUse unused -> List.of("absent", unused.name() + ".");
    };
  }

  private static String pythonProgram() {
    try {
      return Path.of(UpdateClient.class.getResource("update.py").toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Looked for once, when it is first wanted. */
  private static final class Dnspython {
    static final boolean INSTALLED =
        Program.of("/usr/bin/python3", "-c", "import dns.update").run().exit() == 0;
  }
}
