package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.Addresses;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A cluster's status for people. */
final class StatusTable {
  private static final int ZONES_SHOWN = 10;

  private StatusTable() {}

  static String render(ClusterStatus status) {
    StringBuilder text = new StringBuilder();
    text.append(
        "Cluster %s, epoch %d, %s, in sync: %s (at least %d needed)%n"
            .formatted(
                status.cluster(),
                status.epoch(),
                status.leader().map(name -> name + " leads").orElse("nobody leads"),
                status.inSync().isEmpty() ? "nobody" : String.join(" ", status.inSync()),
                status.minInSync()));
    text.append('\n').append(columns(members(status)));
    text.append('\n').append(columns(zones(status)));
    if (status.zones().size() > ZONES_SHOWN) {
      text.append("and %d more zones%n".formatted(status.zones().size() - ZONES_SHOWN));
    }
    return text.toString();
  }

  private static List<List<String>> members(ClusterStatus status) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("MEMBER", "ROLE", "HEALTHY", "IN SYNC", "DNS", "LAG", "WHY"));
    for (MemberStatus member : status.members()) {
      rows.add(
          List.of(
              member.name(),
              member.role(),
              member.healthy() ? "yes" : "NO",
              inSync(status, member),
              Addresses.format(member.member().dns()),
              shown(member.lagMillis(), " ms"),
              member.why()));
    }
    return rows;
  }

  private static String inSync(ClusterStatus status, MemberStatus member) {
    if (status.inSync().contains(member.name())) {
      return "yes";
    }
    return member.role().equals(MemberStatus.SECONDARY) ? "-" : "NO";
  }

  private static List<List<String>> zones(ClusterStatus status) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ZONE", "SERIAL", "COMMITTED"));
    status.zones().stream()
        .limit(ZONES_SHOWN)
        .forEach(zone ->
            rows.add(List.of(zone.name(), shown(zone.serial(), ""), shown(zone.committed(), ""))));
    return rows;
  }

  private static String shown(OptionalLong value, String unit) {
    return value.isPresent() ? value.getAsLong() + unit : "-";
  }

  /** Pads all columns but the last. */
  private static String columns(List<List<String>> rows) {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        int at = column;
        int width = rows.stream().mapToInt(r -> r.get(at).length()).max().orElse(0);
        boolean last = column == row.size() - 1;
        text.append(
            last
                ? row.get(column)
                : (row.get(column) + " ".repeat(width)).substring(0, width) + "  ");
      }
      text.append('\n');
    }
    return text.toString();
  }
}
