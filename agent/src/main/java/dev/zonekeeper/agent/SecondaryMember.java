package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.elect.LeaseFollower;
import dev.zonekeeper.agent.named.BadConfiguration;
import dev.zonekeeper.agent.peer.Facts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member that only answers queries: follows the leader and is never elected. */
final class SecondaryMember implements NamedKeeper.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(SecondaryMember.class);

  /** After so long it gets queries, whatever it has: old answers are better than none. */
  private static final Duration ANSWERS_ANYWAY = Duration.ofSeconds(30);

  private final MemberParts parts;
  private final LeaseFollower leader;
  private final long began = System.nanoTime();
  private Follow follow;
  private NamedKeeper named;
  private volatile boolean caughtUp;

  SecondaryMember(MemberParts parts, LeaseFollower leader) {
    this.parts = parts;
    this.leader = leader;
  }

  void use(Follow itsFollow, NamedKeeper itsNamed) {
    this.follow = itsFollow;
    this.named = itsNamed;
  }

  /** The cluster file has changed. */
  void configure(ClusterFile wanted) {
    try {
      if (named.configure(wanted)) {
        follow.zones(named.zones());
        follow.forget();
      }
    } catch (IOException | BadConfiguration | UncheckedIOException e) {
      LOG.error("the changed cluster file is not in force: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void health(boolean healthy) {
    LOG.info(healthy ? "named answers" : "named does not answer");
  }

  @Override
  public void restarted() {
    follow.forget();
  }

  @Override
  public void dataLost() {
    follow.forget(); // before the mark is gone: the new incarnation never held what named served
    try {
      parts.home().newIncarnation("named ended within a full transfer");
    } catch (IOException e) {
      LOG.error("the data folder cannot be written: {}", e.getMessage());
    }
  }

  /**
   * Why it should get no queries, if it should not: its {@code named} does not answer, or may still
   * have what the zones were when this member ended. That is over once it has held of each zone
   * what a leader asked for, or when no leader could bring it to that for long.
   */
  Optional<String> notReady() {
    if (!named.isHealthy()) {
      return Optional.of("named does not answer");
    }
    if (!caughtUp) {
      caughtUp =
          follow.follower().hasHeldAll() || System.nanoTime() - began > ANSWERS_ANYWAY.toNanos();
    }
    return caughtUp
        ? Optional.empty()
        : Optional.of("it has not caught up with a leader since it began");
  }

  Facts facts() {
    Map<String, String> values = new HashMap<>();
    values.put("member", parts.name());
    values.put("incarnation", parts.home().id().incarnation());
    values.put("role", "Secondary");
    values.put("epoch", Long.toString(leader.knownEpoch()));
    values.put("leading", "no");
    values.put("ready", notReady().isEmpty() ? "yes" : "no");
    return new Facts(values);
  }

  String why() {
    String follows = leader.leader().map(l -> "it follows " + l.member()).orElse("no member leads");
    return named.isHealthy() ? "it only answers queries; " + follows : "its named does not answer";
  }
}
