package dev.zonekeeper.cli;

import dev.zonekeeper.agent.lease.LeaseStore;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code zonekeeper failover}: the last resort, when no member that may take over is left. */
@Command(
    name = "failover",
    mixinStandardHelpOptions = true,
    description = {
      "Make a member the leader although it may lack acknowledged updates.",
      "Only for when no in-sync member can come back: otherwise start that one instead."
    })
final class FailoverCommand implements Callable<Integer> {
  private static final Duration DONE = Duration.ofSeconds(20);

  private final Terminal terminal;
  @Mixin private PlaceOption where;

  @Option(names = "--force", description = "Needed: without it the cluster decides by itself.")
  private boolean force;

  @Option(
      names = "--accept-data-loss",
      description = "Needed: updates that were acknowledged may be gone after this.")
  private boolean acceptDataLoss;

  @Option(names = "--to", required = true, paramLabel = "MEMBER", description = "Who shall lead.")
  private String to;

  FailoverCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    Place place = where.place();
    place.named(to);
    if (!force || !acceptDataLoss) {
      throw CommandFailed.refused(
          "a forced failover may lose acknowledged updates; if you mean it, give both --force and"
              + " --accept-data-loss");
    }
    StatusReader reader = new StatusReader(place);
    ClusterStatus status = reader.read();
    MemberStatus member = status.member(to);
    check(status, member);
    Duration duration = place.leaseDuration(to);
    try (LeaseStore store = place.openLease()) {
      Optional<LeaseStore.Versioned> now = store.read();
      LeaseStore.CasResult result =
          store.compareAndSet(
              now.map(LeaseStore.Versioned::version),
              next(now.map(LeaseStore.Versioned::lease), status, member, duration));
      if (!(result instanceof LeaseStore.Applied)) {
        throw CommandFailed.refused(
            "somebody else changed the lease just now; look at: " + place.statusCommand());
      }
      terminal.say("Gave the lease to " + to + " by force");
      new Waiting(terminal)
          .until(
              () -> {
                ClusterStatus later = reader.read();
                return later.leader().equals(Optional.of(to))
                    ? Optional.empty()
                    : Optional.of(to + " does not lead yet: " + later.member(to).why());
              },
              DONE);
      terminal.out().printf("%s leads, epoch %d%n", to, reader.read().epoch());
    }
    return 0;
  }

  private void check(ClusterStatus status, MemberStatus member) throws CommandFailed {
    if (member.role().equals(MemberStatus.SECONDARY)) {
      throw CommandFailed.refused(to + " is a secondary; only primary members may lead");
    }
    if (status.leader().equals(Optional.of(to))) {
      throw CommandFailed.refused(to + " leads already");
    }
    if (!member.answers()) {
      throw CommandFailed.refused(to + " cannot lead: " + member.why());
    }
  }

  private Lease next(
      Optional<Lease> now, ClusterStatus status, MemberStatus member, Duration duration) {
    Set<MemberId> alone = Set.of(new MemberId(to, member.incarnation()));
    long known = status.members().stream().mapToLong(MemberStatus::epoch).max().orElse(0);
    long epoch = Math.max(known, now.map(Lease::epoch).orElse(0L)) + 1;
    long revision = now.map(Lease::revision).orElse(0L) + 1;
    return new Lease(
        Optional.of(to),
        epoch,
        revision,
        terminal.clock().instant(),
        now.map(Lease::duration).orElse(duration),
        alone,
        Optional.empty());
  }
}
