package dev.zonekeeper.campaign.subject;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    return new Network();
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
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments.split(" ")));
    Program.run(command);
  }
}
