package dev.zonekeeper.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zonekeeper.agent.config.AgentFile;
import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.agent.lease.FileLeaseStore;
import dev.zonekeeper.agent.lease.LeaseJson;
import dev.zonekeeper.agent.lease.LeaseStore;
import dev.zonekeeper.core.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where the parts of a cluster on this machine are.
 *
 * @param root absolute, without symbolic links
 */
record ClusterFolder(Path root) implements Place {
  private static final ObjectMapper JSON = new ObjectMapper();

  ClusterFolder {
    root = real(root.toAbsolutePath().normalize());
  }

  /** Processes are recognised by their folder's path, so there must be one spelling of it. */
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException notThere) {
      Path parent = path.getParent();
      return parent == null ? path : real(parent).resolve(path.getFileName());
    }
  }

  /** The folder of one member. */
  record MemberFolder(Path root) {
    String member() {
      return root.getFileName().toString();
    }

    Path agentFile() {
      return root.resolve("agent.json");
    }

    Path data() {
      return root.resolve("data");
    }

    Path run() {
      return root.resolve("run");
    }

    Path log() {
      return root.resolve("log").resolve("agent.log");
    }

    /** What the agent says it is, such as {@code leader}; empty while it has said nothing. */
    String role() throws IOException {
      Path file = run().resolve("role");
      return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    Path agentPid() {
      return run().resolve("agent.pid");
    }

    Path namedPid() {
      return run().resolve("named.pid");
    }
  }

  Path clusterFile() {
    return root.resolve("cluster.json");
  }

  Path leaseFile() {
    return root.resolve("lease").resolve("lease.json");
  }

  Path keys() {
    return root.resolve("keys");
  }

  Path clusterKey() {
    return keys().resolve("cluster.key");
  }

  Path seeds() {
    return root.resolve("seeds");
  }

  MemberFolder member(String name) {
    return new MemberFolder(root.resolve("members").resolve(name));
  }

  List<MemberFolder> members(ClusterFile cluster) {
    return cluster.members().stream().map(member -> member(member.name())).toList();
  }

  boolean exists() {
    return Files.exists(clusterFile());
  }

  /** The cluster that this folder holds. */
  @Override
  public ClusterFile cluster() throws IOException, CommandFailed {
    if (!exists()) {
      throw CommandFailed.refused(
          "no cluster in " + root + "; make one with: zonekeeper local up --dir " + root);
    }
    try {
      return ClusterFile.load(clusterFile());
    } catch (ConfigException wrong) {
      throw CommandFailed.refused(wrong.getMessage(), wrong);
    }
  }

  /** Changes the cluster file while nobody else does. */
  ClusterFile edit(ClusterFile.Edit edit) throws IOException, CommandFailed {
    cluster();
    try {
      return ClusterFile.edit(clusterFile(), edit);
    } catch (ConfigException wrong) {
      throw CommandFailed.refused(wrong.getMessage(), wrong);
    } catch (IllegalArgumentException wrong) {
      throw CommandFailed.refused(wrong.getMessage(), wrong);
    }
  }

  /**
   * The folder of the member that somebody named; {@code leader} is whoever leads now. An unknown
   * name is refused with the names there are.
   */
  MemberFolder known(String name) throws IOException, CommandFailed {
    ClusterFile cluster = cluster();
    if (cluster.member(name).isPresent()) {
      return member(name);
    }
    if (name.equals(MemberStatus.LEADER)) {
      return new StatusReader(this)
          .read()
          .leader()
          .map(this::member)
          .orElseThrow(() -> CommandFailed.refused("nobody leads now"));
    }
    throw unknownMember(name, cluster);
  }

  static CommandFailed unknownMember(String name, ClusterFile cluster) {
    return CommandFailed.refused(
        "no member "
            + name
            + "; there are "
            + String.join(", ", cluster.members().stream().map(ClusterFile.Member::name).toList()));
  }

  @Override
  public Optional<Lease> lease() throws IOException {
    try {
      return Optional.of(LeaseJson.fromJson(JSON.readTree(Files.readAllBytes(leaseFile()))));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    }
  }

  @Override
  public LeaseStore openLease() throws IOException {
    return new FileLeaseStore(leaseFile());
  }

  @Override
  public Duration leaseDuration(String member) throws IOException, CommandFailed {
    try {
      return AgentFile.load(member(member).agentFile()).settings().timing().lease();
    } catch (ConfigException wrong) {
      throw CommandFailed.refused(wrong.getMessage(), wrong);
    }
  }

  /** From its file: members that hand over need the machine more than a command does. */
  @Override
  public String role(ClusterFile.Member member) throws IOException {
    return member(member.name()).role();
  }

  @Override
  public Processes processes(ClusterFile.Member member) throws IOException {
    MemberFolder folder = member(member.name());
    MemberProcess process = new MemberProcess(folder);
    OptionalLong agent = process.agent();
    Optional<String> silence = Optional.empty();
    if (agent.isEmpty()) {
      boolean ran = Files.exists(folder.log());
      silence = Optional.of(ran ? "its agent is not running" : "it was never started");
    }
    return new Processes(agent, process.named(), silence);
  }

  @Override
  public String statusCommand() {
    return "local status";
  }
}
