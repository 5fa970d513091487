package dev.zonekeeper.campaign.load;

import dev.zonekeeper.campaign.load.Wire.NotTakenException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * Asks one server, once.
 *
 * @param patience how long to wait for an answer
 */
record QueryClient(Server server, Duration patience) {

  /** The strings of the TXT RRset; empty when there was no answer that says anything. */
  Optional<Set<String>> text(Name name) {
    return answer(name, Type.TXT)
        .filter(answer -> says(answer.getRcode()))
        .map(answer ->
            answer.getSection(Section.ANSWER).stream()
                .filter(TXTRecord.class::isInstance)
                .map(QueryClient::value)
                .collect(Collectors.toUnmodifiableSet()));
  }

  /** The serial of the zone; empty when there was no answer that tells it. */
  OptionalLong serial(Name zone) {
    return answer(zone, Type.SOA).stream()
        .flatMap(answer -> answer.getSection(Section.ANSWER).stream())
        .filter(SOARecord.class::isInstance)
        .mapToLong(soa -> ((SOARecord) soa).getSerial())
        .findFirst();
  }

  /** The value of a TXT record as the campaign writes them. */
  static String value(Record txt) {
    return String.join("", ((TXTRecord) txt).getStrings());
  }

  private static boolean says(int rcode) {
    return rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN;
  }

  /**
   * An answer counts only if the server was at its address all the time: another may be there now.
   */
  private Optional<Message> answer(Name name, int type) {
    Optional<InetSocketAddress> address = server.address().get();
    if (address.isEmpty()) {
      return Optional.empty();
    }
    Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
    query.getHeader().setID(ThreadLocalRandom.current().nextInt(0x10000));
    try {
      Message answer = new Message(Wire.UDP.exchange(address.get(), query.toWire(), patience));
      return Optional.of(answer).filter(_ -> server.address().get().equals(address));
    } catch (NotTakenException | IOException silence) {
      return Optional.empty();
    }
  }
}
