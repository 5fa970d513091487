package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.lease.LeaseStore;
import dev.zonekeeper.core.Lease;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code zonekeeper switchover}: another member leads, without an error at any client. */
@Command(
    name = "switchover",
    mixinStandardHelpOptions = true,
    description = "Let another in-sync member lead; clients see latency only.")
final class SwitchoverCommand implements Callable<Integer> {
  private static final Duration DONE = Duration.ofSeconds(20);
  private static final Duration USUALLY_DONE = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(10);
  private static final int TRIES = 20;

  private final Terminal terminal;
  @Mixin private PlaceOption where;

  @Option(
      names = "--to",
      paramLabel = "MEMBER",
      description = "Who shall lead (default: an in-sync member of the cluster's choice).")
  private String to;

  SwitchoverCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, CommandFailed {
    Place place = where.place();
    StatusReader reader = new StatusReader(place);
    String target = target(place, reader.read());
    try (LeaseStore store = place.openLease()) {
      ask(place, store, Optional.of(target));
      awaitRole(place, place.named(target));
      try {
        new Waiting(terminal).until(() -> missing(reader.read(), target), DONE);
      } catch (CommandFailed late) {
        withdraw(place, store, target);
        throw late;
      }
      terminal.out().printf("%s leads, epoch %d%n", target, reader.read().epoch());
    }
    return 0;
  }

  /**
   * Looks at the target alone for a while before everybody is asked: members that hand over need
   * the machine more than this command does.
   */
  private void awaitRole(Place place, ClusterFile.Member target) throws IOException, CommandFailed {
    Instant end = terminal.clock().instant().plus(USUALLY_DONE);
    while (terminal.clock().instant().isBefore(end)
        && !place.role(target).equals(MemberStatus.LEADER)) {
      Waiting.pause(LOOK);
    }
  }

  private String target(Place place, ClusterStatus status) throws IOException, CommandFailed {
    if (status.leader().isEmpty()) {
      throw CommandFailed.refused(
          "nobody leads now, so nobody can hand over; see: " + place.statusCommand());
    }
    String leader = status.leader().get();
    if (to == null) {
      return status.members().stream()
          .filter(m -> m.healthy() && status.inSync().contains(m.name()))
          .map(MemberStatus::name)
          .filter(name -> !name.equals(leader))
          .findFirst()
          .orElseThrow(() ->
              CommandFailed.refused(
                  "no other member is in sync and healthy; see: " + place.statusCommand()));
    }
    place.named(to);
    MemberStatus member = status.member(to);
    if (to.equals(leader)) {
      throw CommandFailed.refused(to + " leads already");
    }
    if (member.role().equals(MemberStatus.SECONDARY)) {
      throw CommandFailed.refused(to + " is a secondary; only primary members may lead");
    }
    if (!status.inSync().contains(to)) {
      throw CommandFailed.refused(
          to + " is not in sync, so acknowledged updates could be lost: " + member.why());
    }
    if (!member.healthy()) {
      throw CommandFailed.refused(to + " is not healthy: " + member.why());
    }
    return to;
  }

  private static Optional<String> missing(ClusterStatus status, String target) {
    if (status.leader().equals(Optional.of(target))) {
      return Optional.empty();
    }
    return Optional.of(
        target
            + " does not lead yet: "
            + status.leader().map(l -> l + " leads").orElse("nobody does")
            + "; "
            + status.member(target).why());
  }

  /** Writes the wish into the lease; the leader renews it all the time, so this may take turns. */
  private void ask(Place place, LeaseStore store, Optional<String> target)
      throws IOException, CommandFailed {
    for (int i = 0; i < TRIES; i++) {
      LeaseStore.Versioned now =
          store
              .read()
              .orElseThrow(
                  () -> CommandFailed.refused("there is no lease; see: " + place.statusCommand()));
      Lease next = now.lease().withHandoverTo(target).next(now.lease().renewedAt());
      if (store.compareAndSet(Optional.of(now.version()), next) instanceof LeaseStore.Applied) {
        return;
      }
    }
    throw CommandFailed.refused("the lease changed " + TRIES + " times while it was being changed");
  }

  /** A wish that nobody waits for any more must not come true later. */
  private void withdraw(Place place, LeaseStore store, String target)
      throws IOException, CommandFailed {
    Optional<Lease> lease = store.read().map(LeaseStore.Versioned::lease);
    boolean pending =
        lease.isPresent()
            && lease.get().holder().isPresent()
            && lease.get().handoverTo().equals(Optional.of(target));
    if (pending) {
      ask(place, store, Optional.empty());
    }
  }
}
