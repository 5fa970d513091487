package dev.zonekeeper.cli;

import dev.zonekeeper.bench.cluster.ZonekeeperCommand;
import dev.zonekeeper.campaign.CampaignSettings;
import dev.zonekeeper.campaign.fault.FaultKind;
import dev.zonekeeper.campaign.fault.FaultKind.Place;
import dev.zonekeeper.campaign.fault.Subject;
import dev.zonekeeper.campaign.subject.Namespaces;
import dev.zonekeeper.campaign.subject.PlainBindSubject;
import dev.zonekeeper.campaign.subject.ZonekeeperSubject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code zonekeeper campaign}: faults, clients, and a judge. */
@Command(
    name = "campaign",
    mixinStandardHelpOptions = true,
    description =
        "Do one fault after the other to a cluster of its own, or to one on Kubernetes, while"
            + " clients write, and check that nothing acknowledged is lost.")
final class CampaignCommand implements Callable<Integer> {
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})(s|m|h)");
  private static final int PORTS = 60;
  private static final int FIRST_PORT = 26000;
  private static final List<Name> ZONES =
      List.of(
          Name.fromConstantString("a.example."),
          Name.fromConstantString("b.example."),
          Name.fromConstantString("c.example."));

  private final Terminal terminal;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "3m",
      description = "For how long, such as 90s, 3m, 1h (default: ${DEFAULT-VALUE}).")
  private String duration;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Draws the same faults again (default: a new one, which is printed).")
  private Long seed;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "A folder for the report and the members' logs; may not exist.")
  private Path report;

  @Option(
      names = "--baseline",
      description = "Plain BIND and a script that promotes a standby, instead of Zonekeeper.")
  private boolean baseline;

  @Option(
      names = "--only",
      paramLabel = "FAULT",
      split = ",",
      description = "Only these faults; give a wrong one to see their names.")
  private List<String> only = List.of();

  @Option(
      names = "--base-port",
      paramLabel = "N",
      description = "The first of 60 ports (default: 26000).")
  private Integer basePort;

  @ArgGroup(exclusive = false, heading = "%nWith --kubernetes:%n")
  private OnKubernetes onKubernetes;

  @Option(names = "--in-namespaces", hidden = true, description = "Use those that it is in.")
  private boolean inNamespaces;

  CampaignCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    Duration time = duration();
    List<FaultKind> kinds = kinds();
    check();
    long drawn = seed == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : seed;
    try {
      if (!inNamespaces && wantsNamespaces(kinds)) {
        return Namespaces.run(again(drawn));
      }
      CampaignSettings settings = new CampaignSettings(time, drawn, kinds);
      return new CampaignRun(
              terminal,
              settings,
              Optional.ofNullable(report),
              place() == Place.LOCAL,
              inNamespaces ? List.of() : needingNamespaces(kinds))
          .run(folder -> subject(settings, folder));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw CommandFailed.notDone("interrupted");
    }
  }

  /**
   * Whether the campaign is to be run in namespaces; they are for Zonekeeper, where they can be
   * had.
   */
  private boolean wantsNamespaces(List<FaultKind> kinds)
      throws CommandFailed, InterruptedException {
    if (place() != Place.LOCAL) {
      return false;
    }
    Optional<String> lacking = Namespaces.lacking(System.getenv());
    if (lacking.isEmpty()) {
      return true;
    }
    List<FaultKind> inVain = needingNamespaces(kinds);
    if (!only.isEmpty() && !inVain.isEmpty()) {
      throw CommandFailed.refused(
          "--only: %s needs namespaces, and %s".formatted(inVain.getFirst().word(), lacking.get()));
    }
    terminal.say("Without faults of the network and full disks: " + lacking.get());
    return false;
  }

  private static List<FaultKind> needingNamespaces(List<FaultKind> kinds) {
    return kinds.stream().filter(FaultKind::needsNamespaces).toList();
  }

  /** This command once more, for a process in namespaces. */
  private List<String> again(long drawn) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("campaign", "--in-namespaces", "--duration", duration));
    command.addAll(List.of("--seed", "" + drawn, "--base-port", "" + firstPort()));
    if (report != null) {
      command.addAll(List.of("--report", report.toAbsolutePath().toString()));
    }
    if (!only.isEmpty()) {
      command.addAll(List.of("--only", String.join(",", only)));
    }
    return command;
  }

  private Place place() {
    if (onKubernetes != null) {
      return Place.KUBERNETES;
    }
    return baseline ? Place.PLAIN_BIND : Place.LOCAL;
  }

  private int firstPort() {
    return basePort == null ? FIRST_PORT : basePort;
  }

  private Subject subject(CampaignSettings settings, Path folder)
      throws IOException, CommandFailed, InterruptedException {
    return switch (place()) {
      case KUBERNETES -> {
        Subject subject = onKubernetes.subject(settings, folder);
        terminal.say("Seed %d; %s".formatted(settings.seed(), subject.inWords()));
        yield subject;
      }
      case PLAIN_BIND -> {
        say(settings, folder);
        yield PlainBindSubject.up(folder, firstPort(), ZONES);
      }
      case LOCAL -> {
        say(settings, folder);
        Path launcher = ZonekeeperCommand.of(System.getenv()).executable();
        yield ZonekeeperSubject.up(launcher, folder, firstPort(), ZONES, inNamespaces);
      }
    };
  }

  private void say(CampaignSettings settings, Path folder) {
    terminal.say("Seed %d; servers and logs in %s".formatted(settings.seed(), folder));
  }

  private Duration duration() throws CommandFailed {
    Matcher matcher = DURATION.matcher(duration);
    if (!matcher.matches()) {
      throw CommandFailed.refused(
          "--duration: expected a time such as 90s, 3m or 1h, found \"" + duration + "\"");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  private List<FaultKind> kinds() throws CommandFailed {
    List<FaultKind> there = FaultKind.of(place());
    if (only.isEmpty()) {
      return there;
    }
    List<FaultKind> kinds = new ArrayList<>();
    for (String word : only) {
      kinds.add(
          FaultKind.called(word)
              .filter(there::contains)
              .orElseThrow(() ->
                  CommandFailed.refused(
                      "--only: no fault \"%s\"; there are %s"
                          .formatted(
                              word,
                              there.stream()
                                  .map(FaultKind::word)
                                  .collect(Collectors.joining(", "))))));
    }
    return kinds;
  }

  private void check() throws CommandFailed {
    if (onKubernetes != null && (baseline || basePort != null)) {
      throw CommandFailed.refused(
          "--kubernetes is about a cluster that is there: it goes with neither --baseline nor"
              + " --base-port");
    }
    int first = firstPort();
    if (first < 1 || first > 65535 - PORTS) {
      throw CommandFailed.refused(
          "--base-port: expected a number from 1 to %d, found %d".formatted(65535 - PORTS, first));
    }
    if (report != null && Files.exists(report)) {
      throw CommandFailed.refused(report + " exists; expected a folder that is not there yet");
    }
  }
}
