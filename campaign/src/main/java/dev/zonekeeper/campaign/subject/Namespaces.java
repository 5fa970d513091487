package dev.zonekeeper.campaign.subject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Namespaces of Linux for the network, file systems and processes of a campaign: the machine's own
 * network is not touched, and when the campaign ends, however it does, all of it is gone.
 */
public final class Namespaces {
  private static final List<String> PROGRAMS =
      List.of("unshare", "nsenter", "ip", "nft", "mount", "bash");
  private static final List<String> UNSHARE =
      List.of("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc");

  /** The first process must wait for orphans, so it is a shell that stays. */
  private static final String FIRST_PROCESS =
      "mkdir -p /run/netns && mount -t tmpfs none /run/netns && \"$@\"; exit $?";

  private Namespaces() {}

  /**
   * Why they cannot be had here, in words that end a sentence; empty when they can.
   *
   * @param environment of this process
   */
  public static Optional<String> lacking(Map<String, String> environment)
      throws InterruptedException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("they need root");
    }
    for (String program : PROGRAMS) {
      if (!isOn(environment.getOrDefault("PATH", ""), program)) {
        return Optional.of("the program " + program + " is not installed");
      }
    }
    try {
      List<String> probe = new ArrayList<>(UNSHARE);
      probe.addAll(List.of("bash", "-c", "ip link add x type bridge && nft add table bridge x"));
      Program.run(probe);
      return Optional.empty();
    } catch (IOException refused) {
      return Optional.of("this system does not let them be made: " + refused.getMessage());
    }
  }

  private static boolean isOn(String path, String program) {
    return Stream.of(path.split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /**
   * Runs a command within new ones, with this process's input and output.
   *
   * @return its exit code
   */
  public static int run(List<String> command) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(UNSHARE);
    all.addAll(List.of("bash", "-c", FIRST_PROCESS, "bash"));
    all.addAll(command);
    Process process = new ProcessBuilder(all).inheritIO().start();
    Thread end = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(end);
    try {
      int code = process.waitFor();
      Runtime.getRuntime().removeShutdownHook(end);
      return code;
    } finally {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }
}
