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
 * {@code zonekeeper local down}: stops the cluster. The primary members stop together: one after
 * the other, the last ones would take the first ones out of the in-sync set.
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
    stop(folder, cluster.secondaries());
    stop(folder, cluster.primaries());
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

  /** Stops these at the same time. */
  private void stop(ClusterFolder folder, List<ClusterFile.Member> members)
      throws IOException, CommandFailed {
    List<Future<Boolean>> stops = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (ClusterFile.Member member : members) {
        MemberProcess process = new MemberProcess(folder.member(member.name()));
        stops.add(threads.submit(() -> process.stop(GRACE)));
      }
    }
    for (int i = 0; i < members.size(); i++) {
      if (!byItself(stops.get(i))) {
        terminal.say(
            members.get(i).name()
                + " did not stop within "
                + GRACE.toSeconds()
                + " s and was killed");
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
