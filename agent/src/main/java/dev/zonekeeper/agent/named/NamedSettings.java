package dev.zonekeeper.agent.named;

import dev.zonekeeper.dns.TsigKey;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where one member's {@code named} lives and listens. All ports but the service address's are on
 * 127.0.0.1.
 *
 * @param workDir the member's data folder: {@code named.conf}, keys, {@code dyn/}, {@code
 *     quarantine/}; made absolute
 * @param runDir where the pid file goes; made absolute
 * @param member the member's name, as {@code dig id.server CH TXT} shows it
 * @param namedPort where named answers the agent, UDP and TCP
 * @param upstreamPort where the agent relays a follower's SOA queries and transfers to the leader
 * @param notifyPort where the agent takes the NOTIFY messages of a primary
 * @param rndcPort named's control channel
 * @param serviceAddress on secondaries: where named itself answers queries, UDP and TCP; the
 *     wildcard address means all addresses of its family
 * @param clusterKey signs everything between members; may change and transfer every zone
 * @param named the executable
 */
public record NamedSettings(
    Path workDir,
    Path runDir,
    String member,
    int namedPort,
    int upstreamPort,
    int notifyPort,
    int rndcPort,
    Optional<InetSocketAddress> serviceAddress,
    TsigKey clusterKey,
    Path named) {

  public NamedSettings {
    workDir = workDir.toAbsolutePath().normalize();
    runDir = runDir.toAbsolutePath().normalize();
    for (Path path : new Path[] {workDir, runDir}) {
      if (path.toString().chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
        throw new IllegalArgumentException(
            "the folder "
                + path
                + " has a control character in its name; named.conf cannot hold it");
      }
    }
    if (!member.matches("[A-Za-z0-9._-]{1,63}")) {
      throw new IllegalArgumentException(
          "member name '" + member + "' is not 1 to 63 letters, digits, dots, dashes, underscores");
    }
  }

  /**
   * Whether named listens with one socket per thread ({@code reuseport}): where clients query it,
   * as its threads would get in each other's way at one.
   */
  boolean sharesPorts() {
    return serviceAddress.isPresent();
  }

  /** The file named is started with. */
  public Path namedConf() {
    return workDir.resolve("named.conf");
  }

  /** Written by named once it listens; not what a left-over named is found by. */
  public Path pidFile() {
    return runDir.resolve("named.pid");
  }

  /** The key of the control channel, for this member alone. */
  public Path rndcKeyFile() {
    return workDir.resolve("rndc.key");
  }

  /** For people: {@code rndc -c <this> status} talks to this named. */
  public Path rndcConf() {
    return workDir.resolve("rndc.conf");
  }

  /**
   * What this named calls itself in {@code id.server CH TXT}: the member and a mark of its data
   * folder, so that the named of another cluster with the same ports is told apart.
   */
  public String serverId() {
    return member + "." + Integer.toHexString(workDir.toString().hashCode());
  }
}
