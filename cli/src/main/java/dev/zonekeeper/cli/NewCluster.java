package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.AgentFile;
import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.config.ClusterFile.Kind;
import dev.zonekeeper.agent.config.ClusterFile.Member;
import dev.zonekeeper.agent.config.MemberSettings;
import dev.zonekeeper.agent.config.Timing;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xbill.DNS.Name;

/**
 * A cluster that is to be made on this machine.
 *
 * @param basePort member i has the ports from {@code basePort + 10 i + 1} to {@code + 7}
 */
record NewCluster(int primaries, int secondaries, List<Name> zones, int basePort, int minInSync) {
  private static final String CLUSTER_NAME = "demo";
  private static final int PORTS_PER_MEMBER = 10;
  private static final int MOST_MEMBERS = 100;

  /** The names that a folder may already hold when making it was interrupted. */
  private static final Set<String> PARTS = Set.of("keys", "seeds", "lease", "members");

  NewCluster {
    zones = zones.stream().distinct().toList();
  }

  /** Refuses numbers that cannot be, and a folder that holds something else. */
  void checkFolder(ClusterFolder folder) throws IOException, CommandFailed {
    range("--primaries", primaries, 1, MOST_MEMBERS);
    range("--secondaries", secondaries, 0, MOST_MEMBERS);
    range("--min-in-sync", minInSync, 1, primaries);
    range("--base-port", basePort, 1, 65535 - PORTS_PER_MEMBER * (primaries + secondaries));
    if (!Files.exists(folder.root())) {
      return;
    }
    if (!Files.isDirectory(folder.root())) {
      throw CommandFailed.refused(folder.root() + " is not a folder");
    }
    try (Stream<Path> entries = Files.list(folder.root())) {
      String others =
          entries
              .map(path -> path.getFileName().toString())
              .filter(name -> !PARTS.contains(name) && !name.startsWith("cluster.json."))
              .sorted()
              .limit(3)
              .collect(Collectors.joining(", "));
      if (!others.isEmpty()) {
        throw CommandFailed.refused(
            folder.root() + " is not a cluster's folder and not empty: it has " + others);
      }
    }
  }

  /** Refuses ports that somebody else has. */
  void checkPorts() throws CommandFailed {
    ClusterFolder nowhere = new ClusterFolder(Path.of("/nonexistent"));
    for (AgentFile agent : agents(nowhere)) {
      Ports.checkFree(agent.settings());
    }
  }

  /** Writes everything; the cluster file comes last, with it the cluster is there. */
  ClusterFile create(ClusterFolder folder) throws IOException {
    Files.createDirectories(folder.root());
    for (Path privateFolder : List.of(folder.keys())) {
      Files.createDirectories(privateFolder);
      Files.setPosixFilePermissions(privateFolder, PosixFilePermissions.fromString("rwx------"));
    }
    Files.createDirectories(folder.seeds());
    Files.createDirectories(folder.leaseFile().getParent());
    SecureRandom random = new SecureRandom();
    TsigKey.generate("zonekeeper-cluster", random).write(folder.clusterKey());
    Name keyName = ClusterFile.domain(CLUSTER_NAME + "-update");
    Path keyFile = folder.keys().resolve(Zones.fileName(keyName, ".key"));
    TsigKey.generate(keyName.toString(true), random).write(keyFile);
    List<ClusterFile.Zone> withSeeds = new ArrayList<>();
    for (Name zone : zones) {
      Path seed = folder.seeds().resolve(Zones.fileName(zone, ".zone"));
      Files.writeString(seed, Zones.seed(zone));
      withSeeds.add(new ClusterFile.Zone(zone, Optional.of(seed), List.of()));
    }
    for (AgentFile agent : agents(folder)) {
      ClusterFolder.MemberFolder member = folder.member(agent.settings().member());
      Files.createDirectories(member.root());
      agent.write(member.agentFile());
    }
    ClusterFile cluster =
        new ClusterFile(
            CLUSTER_NAME,
            minInSync,
            members(),
            withSeeds,
            List.of(
                new ClusterFile.Key(
                    keyName,
                    keyFile,
                    zones.stream().map(zone -> new ClusterFile.Grant(zone, "zonesub ANY")).toList(),
                    true)));
    cluster.write(folder.clusterFile());
    return cluster;
  }

  private List<Member> members() {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < primaries + secondaries; i++) {
      boolean primary = i < primaries;
      members.add(
          new Member(
              primary ? "primary-" + i : "secondary-" + (i - primaries),
              primary ? Kind.PRIMARY : Kind.SECONDARY,
              loopback(port(i, 1)),
              loopback(port(i, 2)),
              loopback(port(i, 3))));
    }
    return members;
  }

  private List<AgentFile> agents(ClusterFolder folder) {
    List<AgentFile> agents = new ArrayList<>();
    for (Member member : members()) {
      int i = agents.size();
      ClusterFolder.MemberFolder home = folder.member(member.name());
      agents.add(
          new AgentFile(
              new MemberSettings(
                  member.name(),
                  folder.clusterKey(),
                  home.data(),
                  home.run(),
                  member.dns(),
                  member.peer(),
                  member.http(),
                  port(i, 4),
                  port(i, 5),
                  port(i, 6),
                  port(i, 7),
                  Timing.DEFAULT),
              folder.clusterFile(),
              folder.leaseFile()));
    }
    return agents;
  }

  private int port(int member, int use) {
    return basePort + member * PORTS_PER_MEMBER + use;
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  private static void range(String option, int value, int least, int most) throws CommandFailed {
    if (value < least || value > most) {
      throw CommandFailed.refused(
          option + ": expected a number from " + least + " to " + most + ", found " + value);
    }
  }
}
