package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.ClusterFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.xbill.DNS.Name;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code zonekeeper local up}: makes a cluster, or starts what is down of one that is there. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Make a cluster and start it; on one that is there, start what is down.")
final class LocalUp implements Callable<Integer> {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration PER_ZONE = Duration.ofMillis(20);

  private final Terminal terminal;
  @Mixin private DirOption dir;

  @Option(names = "--primaries", paramLabel = "N", description = "Members that may lead (3).")
  private Integer primaries;

  @Option(
      names = "--secondaries",
      paramLabel = "N",
      description = "Members that answer queries (2).")
  private Integer secondaries;

  @Option(names = "--zone", paramLabel = "Z", description = "A zone to begin with (example.com).")
  private List<String> zones = List.of();

  @Option(
      names = "--base-port",
      paramLabel = "N",
      description = "Member i uses the ports from this + 10 i on (5300).")
  private Integer basePort;

  @Option(
      names = "--min-in-sync",
      paramLabel = "N",
      description = "How many members must hold an update before it is acknowledged (2).")
  private Integer minInSync;

  LocalUp(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    ClusterFolder folder = dir.folder();
    ClusterFile cluster;
    if (folder.exists()) {
      cluster = folder.cluster();
      checkSame(folder, cluster);
    } else {
      NewCluster plan = plan();
      plan.checkFolder(folder);
      plan.checkPorts();
      cluster = plan.create(folder);
      terminal.say("Made a cluster in " + folder.root());
    }
    Map<String, Process> started = startWhatIsDown(folder, cluster);
    awaitWhole(folder, started, cluster.zones().size());
    terminal.out().print(StatusTable.render(new StatusReader(folder).read()));
    terminal.out().print(Examples.of(folder.cluster()));
    return 0;
  }

  private NewCluster plan() throws CommandFailed {
    int primaryCount = primaries == null ? 3 : primaries;
    List<Name> names = new ArrayList<>();
    for (String zone : zones.isEmpty() ? List.of("example.com") : zones) {
      names.add(Zones.name(zone));
    }
    return new NewCluster(
        primaryCount,
        secondaries == null ? 2 : secondaries,
        names,
        basePort == null ? 5300 : basePort,
        minInSync == null ? Math.min(2, primaryCount) : minInSync);
  }

  /**
   * Options that say something else than what the folder holds would be silently without effect.
   */
  private void checkSame(ClusterFolder folder, ClusterFile cluster) throws CommandFailed {
    checkSame(folder, "--primaries", primaries, cluster.primaries().size());
    checkSame(folder, "--secondaries", secondaries, cluster.secondaries().size());
    checkSame(folder, "--min-in-sync", minInSync, cluster.minInSync());
    int base = cluster.members().getFirst().dns().getPort() - 1;
    checkSame(folder, "--base-port", basePort, base);
    for (String zone : zones) {
      if (cluster.zone(Zones.name(zone)).isEmpty()) {
        throw CommandFailed.refused(
            "the cluster in " + folder.root() + " has no zone " + zone + "; use: zone add " + zone);
      }
    }
  }

  private static void checkSame(ClusterFolder folder, String option, Integer asked, int there)
      throws CommandFailed {
    if (asked != null && asked != there) {
      throw CommandFailed.refused(
          option + " " + asked + ": the cluster in " + folder.root() + " was made with " + there);
    }
  }

  private Map<String, Process> startWhatIsDown(ClusterFolder folder, ClusterFile cluster)
      throws IOException, CommandFailed {
    List<ClusterFolder.MemberFolder> down = new ArrayList<>();
    for (ClusterFolder.MemberFolder member : folder.members(cluster)) {
      if (new MemberProcess(member).agent().isEmpty()) {
        down.add(member);
      }
    }
    for (ClusterFolder.MemberFolder member : down) {
      new MemberProcess(member).killBoth();
      Ports.checkFree(member);
    }
    Map<String, Process> started = new LinkedHashMap<>();
    for (ClusterFolder.MemberFolder member : down) {
      started.put(
          member.member(),
          new MemberProcess(member)
              .start(AgentLaunch.withHeapFor(terminal.agentCommand(), cluster.zones().size())));
    }
    if (!started.isEmpty()) {
      terminal.say("Started " + String.join(", ", started.keySet()));
    }
    return started;
  }

  private void awaitWhole(ClusterFolder folder, Map<String, Process> started, int zoneCount)
      throws CommandFailed {
    StatusReader reader = new StatusReader(folder);
    new Waiting(terminal)
        .until(
            () -> {
              for (var member : started.entrySet()) {
                if (!member.getValue().isAlive()) {
                  throw CommandFailed.notDone(ended(folder, member.getKey()));
                }
              }
              return reader.read().missing();
            },
            START.plus(PER_ZONE.multipliedBy(zoneCount)));
  }

  static String ended(ClusterFolder folder, String member) {
    try {
      return "the agent of "
          + member
          + " ended; "
          + new MemberProcess(folder.member(member)).lastWords()
          + " ("
          + folder.member(member).log()
          + ")";
    } catch (IOException unreadable) {
      return "the agent of " + member + " ended; see " + folder.member(member).log();
    }
  }
}
