package dev.zonekeeper.campaign.subject;

import java.util.List;

/**
 * Packets that come late, and not in the order they were sent in: the kernel's netem.
 *
 * @param device of the network, in the namespace of the campaign
 * @param namespace of the member at the device's other end, where it is {@code eth0}
 * @param millis how late a packet comes
 * @param more by how much that is more or less, at random
 */
record Delay(String device, String namespace, int millis, int more) {

  /** The commands that make it, in both directions. */
  List<String> begin() {
    String netem = " root netem delay %dms %dms".formatted(millis, more);
    return List.of(
        "tc qdisc add dev " + device + netem, "tc -n " + namespace + " qdisc add dev eth0" + netem);
  }

  /** The commands that end it. */
  List<String> end() {
    return List.of(
        "tc qdisc del dev " + device + " root", "tc -n " + namespace + " qdisc del dev eth0 root");
  }
}
