package dev.zonekeeper.campaign.subject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;

/** A cluster of {@code zonekeeper local} in a folder, driven through the public commands. */
final class Cluster {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PRIMARIES = 3;
  private static final int SECONDARIES = 2;
  private static final List<String> ADDRESSES = List.of("dns", "peer", "http");

  private final Path zonekeeper;
  private final Path folder;
  private final Optional<Network> network;
  private final List<Member> members;
  private final List<TsigKey> keys;

  private Cluster(
      Path zonekeeper,
      Path folder,
      Optional<Network> network,
      List<Member> members,
      List<TsigKey> keys) {
    this.zonekeeper = zonekeeper;
    this.folder = folder;
    this.network = network;
    this.members = members;
    this.keys = keys;
  }

  /**
   * Makes one and starts it.
   *
   * @param zonekeeper the launcher
   * @param folder is made
   * @param network where its members are to live, each with a small disk of its own; without it,
   *     all are on loopback
   */
  static Cluster up(
      Path zonekeeper, Path folder, int basePort, List<Name> zones, Optional<Network> network)
      throws IOException, InterruptedException {
    List<Member> members = new ArrayList<>();
    Path homes = folder.toRealPath().resolve("cluster").resolve("members");
    for (int i = 0; i < PRIMARIES; i++) {
      members.add(new Member(homes.resolve("primary-" + i), true));
    }
    for (int i = 0; i < SECONDARIES; i++) {
      members.add(new Member(homes.resolve("secondary-" + i), false));
    }
    List<TsigKey> keys = new ArrayList<>();
    Cluster cluster =
        new Cluster(
            zonekeeper,
            folder.toRealPath().resolve("cluster"),
            network,
            List.copyOf(members),
            keys);
    try {
      cluster.make(basePort, zones);
      if (network.isPresent()) {
        cluster.move(network.get());
      }
      return cluster;
    } catch (IOException | InterruptedException e) {
      cluster.down();
      throw e;
    }
  }

  private void make(int basePort, List<Name> zones) throws IOException, InterruptedException {
    List<String> up = new ArrayList<>(List.of("local", "up", "--base-port", "" + basePort));
    up.addAll(List.of("--primaries", "" + PRIMARIES, "--secondaries", "" + SECONDARIES));
    zones.forEach(zone -> up.addAll(List.of("--zone", zone.toString(true))));
    run(up);
    keys.addAll(TsigKey.read(folder.resolve("keys").resolve("demo-update.key")));
    for (String name : List.of("second", "third")) {
      List<String> add = new ArrayList<>(List.of("key", "add", name));
      zones.forEach(zone -> add.addAll(List.of("--zone", zone.toString(true))));
      keys.addAll(TsigKey.read(Path.of(run(add).strip())));
    }
  }

  /** Gives every member a namespace and a disk of its own. */
  private void move(Network where) throws IOException, InterruptedException {
    run(List.of("local", "down"));
    JsonNode cluster = JSON.readTree(folder.resolve("cluster.json").toFile());
    for (Member member : members) {
      String address = where.add(member.name());
      JsonNode agent = JSON.readTree(member.agentFile().toFile());
      move(agent, address);
      JSON.writeValue(member.agentFile().toFile(), agent);
      for (JsonNode entry : cluster.path("members")) {
        if (entry.path("name").asText().equals(member.name())) {
          move(entry, address);
        }
      }
      new SmallDisk(member.data()).mount();
    }
    JSON.writeValue(folder.resolve("cluster.json").toFile(), cluster);
    startAll();
  }

  private static void move(JsonNode addresses, String to) {
    ObjectNode fields = (ObjectNode) addresses;
    for (String field : ADDRESSES) {
      String port = fields.path(field).asText().replaceAll(".*:", "");
      fields.put(field, to + ":" + port);
    }
  }

  List<Member> members() {
    return members;
  }

  List<Member> primaries() {
    return members.stream().filter(Member::primary).toList();
  }

  List<Member> secondaries() {
    return members.stream().filter(member -> !member.primary()).toList();
  }

  List<TsigKey> keys() {
    return List.copyOf(keys);
  }

  Optional<Network> network() {
    return network;
  }

  LeaseFile lease() {
    return new LeaseFile(folder.resolve("lease").resolve("lease.json"));
  }

  /** Starts a member whose agent is down; returns when it answers. */
  void start(Member member) throws IOException, InterruptedException {
    if (member.pid(Member.What.AGENT).isPresent()) {
      return;
    }
    List<String> command = new ArrayList<>();
    network.ifPresent(net -> command.addAll(net.inside(member.name())));
    command.addAll(List.of(zonekeeper.toString(), "local", "start", member.name()));
    command.addAll(List.of("--dir", folder.toString()));
    Program.run(command);
  }

  /** Starts all that are down, at the same time. */
  void startAll() throws IOException, InterruptedException {
    Map<Member, IOException> failures = new java.util.concurrent.ConcurrentHashMap<>();
    List<Thread> starts = new ArrayList<>();
    for (Member member : members) {
      starts.add(Thread.ofVirtual().start(() -> tryToStart(member, failures)));
    }
    for (Thread start : starts) {
      start.join();
    }
    for (IOException failure : failures.values()) {
      throw failure;
    }
  }

  private void tryToStart(Member member, Map<Member, IOException> failures) {
    try {
      start(member);
    } catch (IOException failed) {
      failures.put(member, failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets another member lead; which, is left to the cluster when it is not said. */
  void switchover(Optional<Member> to) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("switchover"));
    to.ifPresent(member -> command.addAll(List.of("--to", member.name())));
    run(command);
  }

  /** What is missing until all are healthy, one leads and all primaries are in sync. */
  Optional<String> missing() {
    Map<String, String> inSync = lease().inSync();
    boolean led = false;
    for (Member member : members) {
      Optional<JsonNode> status = member.status();
      if (!status.map(json -> json.path("healthy").asBoolean()).orElse(false)) {
        return Optional.of(
            member.name() + ": " + status.map(json -> json.path("why").asText()).orElse("silent"));
      }
      led |= status.get().path("role").asText().equals("leader");
      if (member.primary()
          && !status.get().path("incarnation").asText().equals(inSync.get(member.name()))) {
        return Optional.of(member.name() + " is not in sync: " + status.get().path("why").asText());
      }
    }
    return led ? Optional.empty() : Optional.of("nobody leads");
  }

  /** Stops all that runs. */
  void down() throws IOException {
    try {
      for (Member member : members) {
        member.signal("CONT", Member.What.NAMED);
      }
      if (network.isEmpty()) {
        run(List.of("local", "down"));
      } else {
        for (Member member : members) {
          member.signal("KILL", Member.What.AGENT, Member.What.NAMED);
          new SmallDisk(member.data()).unmountIfMounted();
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private String run(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(zonekeeper.toString()));
    command.addAll(arguments);
    command.addAll(List.of("--dir", folder.toString()));
    return Program.run(command);
  }
}
