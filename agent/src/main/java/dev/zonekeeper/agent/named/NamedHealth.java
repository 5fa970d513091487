package dev.zonekeeper.agent.named;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Asks named one question over UDP and sees whether an answer comes. The socket is kept from probe
 * to probe. Any answer counts, REFUSED too: the question is whether named works, not what it
 * serves. (CHAOS questions such as {@code version.bind} would not do: BIND answers three a second.)
 * Not for use by two threads at once.
 */
public final class NamedHealth implements AutoCloseable {
  private static final int HEADER = 12;

  private final InetSocketAddress address;
  private final RandomGenerator random;
  private Optional<DatagramSocket> socket = Optional.empty();

  /**
   * @param address where named listens
   * @param random message IDs
   */
  public NamedHealth(InetSocketAddress address, RandomGenerator random) {
    this.address = address;
    this.random = random;
  }

  /** What a probe found. */
  public sealed interface Health {}

  /** named answered. */
  public record Alive(Duration took) implements Health {}

  /**
   * named did not answer.
   *
   * @param why one sentence
   */
  public record Silent(String why) implements Health {}

  /**
   * Asks for the SOA record of the zone.
   *
   * @param within how long an answer may take; 1 s is usual
   */
  public Health probe(Name zone, Duration within) {
    long start = System.nanoTime();
    byte[] query = query(zone);
    try {
      DatagramSocket open = open();
      open.send(new DatagramPacket(query, query.length));
      byte[] buffer = new byte[4096];
      while (true) {
        long left = within.toNanos() - (System.nanoTime() - start);
        if (left <= 0) {
          return silent(within);
        }
        open.setSoTimeout(Math.max(1, (int) (left / 1_000_000)));
        DatagramPacket answer = new DatagramPacket(buffer, buffer.length);
        open.receive(answer);
        if (answers(query, buffer, answer.getLength())) {
          return new Alive(Duration.ofNanos(System.nanoTime() - start));
        }
      }
    } catch (SocketTimeoutException e) {
      return silent(within);
    } catch (PortUnreachableException e) {
      return new Silent("nothing listens on %s".formatted(address));
    } catch (IOException e) {
      close();
      return new Silent("asking named at %s failed: %s".formatted(address, e.getMessage()));
    }
  }

  private Silent silent(Duration within) {
    return new Silent("no answer from %s within %d ms".formatted(address, within.toMillis()));
  }

  private byte[] query(Name zone) {
    Message message = new Message(random.nextInt(0x10000));
    message.getHeader().unsetFlag(Flags.RD);
    message.addRecord(Record.newRecord(zone, Type.SOA, DClass.IN), 0);
    return message.toWire();
  }

  /** Same ID and it is a response: late answers to earlier probes are passed over. */
  private static boolean answers(byte[] query, byte[] answer, int length) {
    return length >= HEADER && Arrays.equals(query, 0, 2, answer, 0, 2) && (answer[2] & 0x80) != 0;
  }

  private DatagramSocket open() throws IOException {
    if (socket.isEmpty()) {
      DatagramSocket fresh = new DatagramSocket();
      socket = Optional.of(fresh);
      fresh.connect(address);
    }
    return socket.get();
  }

  @Override
  public void close() {
    socket.ifPresent(DatagramSocket::close);
    socket = Optional.empty();
  }
}
