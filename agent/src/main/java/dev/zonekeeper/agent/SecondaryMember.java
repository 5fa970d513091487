package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.elect.LeaseFollower;
import dev.zonekeeper.agent.named.BadConfiguration;
import dev.zonekeeper.agent.peer.Facts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member that only answers queries: follows the leader and is never elected. */
final class SecondaryMember implements NamedKeeper.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(SecondaryMember.class);

  private final MemberParts parts;
  private final LeaseFollower leader;
  private Follow follow;
  private NamedKeeper named;

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

  Facts facts() {
    Map<String, String> values = new HashMap<>();
    values.put("member", parts.name());
    values.put("incarnation", parts.home().id().incarnation());
    values.put("role", "Secondary");
    values.put("epoch", Long.toString(leader.knownEpoch()));
    values.put("leading", "no");
    values.put("ready", named.isHealthy() ? "yes" : "no");
    return new Facts(values);
  }

  String why() {
    String follows = leader.leader().map(l -> "it follows " + l.member()).orElse("no member leads");
    return named.isHealthy() ? "it only answers queries; " + follows : "its named does not answer";
  }
}
