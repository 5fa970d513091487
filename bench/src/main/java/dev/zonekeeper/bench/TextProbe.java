package dev.zonekeeper.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Asks servers for a TXT record, again and again, until all of them have it. */
final class TextProbe implements AutoCloseable {
  private static final int ANSWER_MILLIS = 200;
  private static final Duration PAUSE = Duration.ofNanos(500_000);

  private final List<InetSocketAddress> servers;
  private final byte[] query;
  private final String wanted;
  private final DatagramSocket socket = new DatagramSocket();
  private final byte[] answer = new byte[4096];

  TextProbe(List<InetSocketAddress> servers, Name name, String value) throws IOException {
    Message message = Message.newQuery(Record.newRecord(name, Type.TXT, DClass.IN));
    message.getHeader().unsetFlag(Flags.RD);
    this.servers = List.copyOf(servers);
    this.query = message.toWire();
    this.wanted = value;
    socket.setSoTimeout(ANSWER_MILLIS);
  }

  /**
   * Asks one server after the other, each until it has the record.
   *
   * @return when the last answer came, {@link System#nanoTime()}
   * @throws IOException if it took longer than allowed
   */
  long await(Duration atMost) throws IOException {
    long deadline = System.nanoTime() + atMost.toNanos();
    for (InetSocketAddress server : servers) {
      while (!has(server)) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException(
              server + " has not got the update after " + atMost.toSeconds() + " s");
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
    return System.nanoTime();
  }

  private boolean has(InetSocketAddress server) throws IOException {
    socket.send(new DatagramPacket(query, query.length, server));
    DatagramPacket packet = new DatagramPacket(answer, answer.length);
    try {
      socket.receive(packet);
    } catch (SocketTimeoutException lost) {
      return false;
    }
    Message message = new Message(Arrays.copyOf(answer, packet.getLength()));
    return packet.getSocketAddress().equals(server)
        && message.getSection(Section.ANSWER).stream()
            .anyMatch(r -> r instanceof TXTRecord txt && txt.getStrings().contains(wanted));
  }

  @Override
  public void close() {
    socket.close();
  }
}
