package dev.zonekeeper.campaign.subject;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network of its own: one namespace per member, joined by a bridge that can be made to lose what
 * one sends to another. The process that makes it must itself be in a namespace that nobody else
 * uses; with that one all of it is gone.
 */
final class Network {
  private static final String SUBNET = "10.53.53.";
  private static final int FIRST_MEMBER = 11;
  private static final String ANYBODY = "";

  private final Map<String, String> addresses = new LinkedHashMap<>();
  private final List<List<Cut>> cuts = new ArrayList<>();
  private final Map<String, String> devices = new LinkedHashMap<>();
  private final Set<String> delayed = new HashSet<>();
  private final boolean delays;

  private Network(boolean delays) {
    this.delays = delays;
  }

  /**
   * Packets that are lost.
   *
   * @param from a member's address, or nothing for anybody's
   * @param to a member's address, or nothing for anybody's
   * @param percent how many of them, 1 to 100
   */
  private record Cut(String from, String to, int percent) {
    String rule() {
      return (from.isEmpty() ? "" : "ip saddr " + from + " ")
          + (to.isEmpty() ? "" : "ip daddr " + to + " ")
          + (percent == 100 ? "" : "numgen random mod 100 < " + percent + " ")
          + "drop\n";
    }
  }

  /** Makes the bridge; the members come with {@link #add}. */
  static Network make() throws IOException, InterruptedException {
    ip("link set lo up");
    ip("link add campaign type bridge");
    ip("addr add " + SUBNET + "1/24 dev campaign");
    ip("link set campaign up");
    return new Network(hasNetem());
  }

  private static boolean hasNetem() throws IOException, InterruptedException {
    run("ip link add probe type veth peer name probed");
    try {
      run("tc qdisc add dev probe root netem delay 1ms");
      return true;
    } catch (IOException neitherTcNorNetem) {
      return false;
    } finally {
      run("ip link del probe");
    }
  }

  /** Whether packets can be made late here: with the program tc, and a kernel that has netem. */
  boolean delays() {
    return delays;
  }

  /**
   * Makes a member's namespace.
   *
   * @return its address in it
   */
  String add(String member) throws IOException, InterruptedException {
    int number = addresses.size();
    String address = SUBNET + (FIRST_MEMBER + number);
    addresses.put(member, address);
    devices.put(member, "member" + number);
    ip("netns add " + member);
    ip("link add member" + number + " type veth peer name eth0 netns " + member);
    ip("link set member" + number + " master campaign up");
    ip("-n " + member + " addr add " + address + "/24 dev eth0");
    ip("-n " + member + " link set eth0 up");
    ip("-n " + member + " link set lo up");
    return address;
  }

  /** What a command of a member begins with. */
  List<String> inside(String member) {
    return List.of("nsenter", "--net=/run/netns/" + member);
  }

  /** Nobody reaches it, and it reaches nobody. */
  AutoCut isolate(String member) throws IOException, InterruptedException {
    return lose(member, 100);
  }

  /** So many of the packets from and to it are lost. */
  AutoCut lose(String member, int percent) throws IOException, InterruptedException {
    String address = addresses.get(member);
    return cut(List.of(new Cut(address, ANYBODY, percent), new Cut(ANYBODY, address, percent)));
  }

  /**
   * Packets from and to it come late.
   *
   * @return empty when they do already
   */
  Optional<AutoCut> delay(String member, int millis, int more)
      throws IOException, InterruptedException {
    synchronized (this) {
      if (!delayed.add(member)) {
        return Optional.empty();
      }
    }
    Delay delay = new Delay(devices.get(member), member, millis, more);
    runAll(delay.begin());
    return Optional.of(() -> {
      runAll(delay.end());
      synchronized (this) {
        delayed.remove(member);
      }
    });
  }

  /** What the first sends does not reach the second, pair by pair. */
  AutoCut oneWay(List<Map.Entry<String, String>> pairs) throws IOException, InterruptedException {
    return cut(
        pairs.stream()
            .map(pair -> new Cut(addresses.get(pair.getKey()), addresses.get(pair.getValue()), 100))
            .toList());
  }

  /** Undoes a cut. */
  @FunctionalInterface
  interface AutoCut {
    /** Undoes it; others stay. */
    void mend() throws IOException, InterruptedException;
  }

  private synchronized AutoCut cut(List<Cut> made) throws IOException, InterruptedException {
    cuts.add(made);
    apply();
    return () -> mend(made);
  }

  private synchronized void mend(List<Cut> made) throws IOException, InterruptedException {
    cuts.remove(made);
    apply();
  }

  private void apply() throws IOException, InterruptedException {
    StringBuilder rules = new StringBuilder();
    cuts.forEach(some -> some.forEach(cut -> rules.append(cut.rule())));
    StringBuilder table = new StringBuilder("add table bridge campaign\n");
    table.append("delete table bridge campaign\ntable bridge campaign {\n");
    for (String hook : List.of("input", "forward", "output")) {
      table.append(
          "chain %s { type filter hook %s priority 0;\n%s}\n".formatted(hook, hook, rules));
    }
    Program.run(List.of("nft", "-f", "-"), table.append("}\n").toString());
  }

  private static void ip(String arguments) throws IOException, InterruptedException {
    run("ip " + arguments);
  }

  private static void runAll(List<String> commands) throws IOException, InterruptedException {
    for (String command : commands) {
      run(command);
    }
  }

  private static void run(String command) throws IOException, InterruptedException {
    Program.run(List.of(command.split(" ")));
  }
}
