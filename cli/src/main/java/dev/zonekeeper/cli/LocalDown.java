package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.ClusterFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code zonekeeper local down}: stops the cluster. The leader goes last: it has nobody to hand
 * over to when all shall end, and whoever is in sync with it stays so.
 */
@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description = "Stop all members in order; data stays, unless purged.")
final class LocalDown implements Callable<Integer> {
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Terminal terminal;
  @Mixin private DirOption dir;

  @Option(names = "--purge", description = "Then delete the folder with all data and keys.")
  private boolean purge;

  LocalDown(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    ClusterFolder folder = dir.folder();
    ClusterFile cluster = folder.cluster();
    String leader = new StatusReader(folder).read().leader().orElse("");
    stop(folder, names(cluster.secondaries(), ""));
    stop(folder, names(cluster.primaries(), leader));
    if (!leader.isEmpty()) {
      stop(folder, List.of(leader));
    }
    for (ClusterFolder.MemberFolder member : folder.members(cluster)) {
      MemberProcess process = new MemberProcess(member);
      if (process.agent().isPresent() || process.named().isPresent()) {
        throw CommandFailed.notDone(member.member() + " could not be stopped");
      }
    }
    if (purge) {
      Folders.delete(folder.root());
    }
    terminal
        .out()
        .println(
            purge
                ? "The cluster is down and " + folder.root() + " is deleted"
                : "The cluster is down; its data is in " + folder.root());
    return 0;
  }

  private static List<String> names(List<ClusterFile.Member> members, String without) {
    return members.stream()
        .map(ClusterFile.Member::name)
        .filter(name -> !name.equals(without))
        .toList();
  }

  /** Stops these at the same time. */
  private void stop(ClusterFolder folder, List<String> members) throws IOException, CommandFailed {
    List<Future<Boolean>> stops = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String member : members) {
        stops.add(threads.submit(() -> new MemberProcess(folder.member(member)).stop(GRACE)));
      }
    }
    for (int i = 0; i < members.size(); i++) {
      if (!byItself(stops.get(i))) {
        terminal.say(
            members.get(i) + " did not stop within " + GRACE.toSeconds() + " s and was killed");
      }
    }
  }

  private static boolean byItself(Future<Boolean> stop) throws IOException, CommandFailed {
    try {
      return stop.get();
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case IOException io -> throw io;
        case CommandFailed command -> throw command;
        default -> throw new IllegalStateException(failed.getCause());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw CommandFailed.notDone("interrupted");
    }
  }
}
