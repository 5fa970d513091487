package dev.zonekeeper.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What name servers answer to an ordinary query. */
final class Answers {
  private Answers() {}

  /** The data of a name and type, in order, at one server; empty when there is no such thing. */
  static List<String> at(InetSocketAddress server, String name, String type) {
    Message answer = ask(server, name, type);
    if (answer.getRcode() != Rcode.NOERROR && answer.getRcode() != Rcode.NXDOMAIN) {
      throw new AssertionError("%s answers %s %s with%n%s".formatted(server, name, type, answer));
    }
    List<String> data = new ArrayList<>();
    for (Record record : answer.getSection(Section.ANSWER)) {
      if (record.getType() == Type.value(type)) {
        data.add(record.rdataToString());
      }
    }
    data.sort(null);
    return data;
  }

  /** Whether the server has the zone now. */
  static boolean has(InetSocketAddress server, String zone) {
    Message answer = ask(server, zone, "SOA");
    return answer.getRcode() == Rcode.NOERROR && !answer.getSection(Section.ANSWER).isEmpty();
  }

  /**
   * The same at each primary member, asked past its gateway, as soon as they serve the same serial:
   * a standby pulls a moment after its agent has confirmed.
   */
  static Map<String, List<String>> atEveryPrimary(
      LocalCluster cluster, Status status, String name, String type) {
    Awaitility.await("all primaries serve the same serial")
        .atMost(Wire.PATIENCE)
        .until(() ->
            status.primaries().stream()
                    .map(member -> serial(named(cluster, member.name()), name))
                    .distinct()
                    .count()
                == 1);
    Map<String, List<String>> data = new TreeMap<>();
    for (Status.Member member : status.primaries()) {
      data.put(member.name(), at(named(cluster, member.name()), name, type));
    }
    return data;
  }

  /** The serial of the zone that a name is in. */
  private static long serial(InetSocketAddress server, String name) {
    Message answer = ask(server, name, "SOA");
    return Stream.of(Section.ANSWER, Section.AUTHORITY)
        .flatMap(section -> answer.getSection(section).stream())
        .filter(SOARecord.class::isInstance)
        .map(record -> ((SOARecord) record).getSerial())
        .findFirst()
        .orElseThrow(() -> new AssertionError(server + " has no zone of " + name));
  }

  /** The loopback address of a member's {@code named}. */
  static InetSocketAddress named(LocalCluster cluster, String member) {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), cluster.agent(member).namedPort());
  }

  /** One query over UDP, and over TCP when the answer was too long, and its answer. */
  static Message ask(InetSocketAddress server, String name, String type) {
    try (Wire.Udp udp = new Wire.Udp(server)) {
      Message query =
          Message.newQuery(Record.newRecord(Names.absolute(name), Type.value(type), DClass.IN));
      udp.send(query.toWire());
      byte[] answer =
          udp.receive(Wire.PATIENCE)
              .orElseThrow(
                  () -> new AssertionError(server + " does not answer " + name + " " + type));
      Message message = new Message(answer);
      return message.getHeader().getFlag(Flags.TC) ? askOverTcp(server, query) : message;
    } catch (IOException e) {
      throw new UncheckedIOException("no DNS message from " + server, e);
    }
  }

  private static Message askOverTcp(InetSocketAddress server, Message query) throws IOException {
    try (Wire.Tcp tcp = new Wire.Tcp(server)) {
      tcp.send(query.toWire());
      return new Message(
          tcp.receive(Wire.PATIENCE)
              .orElseThrow(() -> new AssertionError(server + " does not answer over TCP")));
    }
  }
}
