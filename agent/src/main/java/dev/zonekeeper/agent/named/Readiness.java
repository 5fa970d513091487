package dev.zonekeeper.agent.named;

import dev.zonekeeper.dns.TsigKey;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Asks a named over TCP who it is, and for which zones it is ready in a role. */
final class Readiness {
  /** Below the 23 messages that BIND 9.18 handles at once on one connection. */
  private static final int IN_FLIGHT = 16;

  private static final Name ID_SERVER = Name.fromConstantString("id.server.");

  private final InetSocketAddress address;
  private final TsigKey clusterKey;

  Readiness(InetSocketAddress address, TsigKey clusterKey) {
    this.address = address;
    this.clusterKey = clusterKey;
  }

  /** The server-id of whatever named listens there; empty if it answers without one. */
  Optional<String> serverId(Duration within) throws IOException {
    try (Connection connection = new Connection(within)) {
      Message query = query(0, ID_SERVER, Type.TXT, DClass.CH);
      connection.send(query.toWire());
      return connection.receive().getSection(Section.ANSWER).stream()
          .filter(TXTRecord.class::isInstance)
          .map(TXTRecord.class::cast)
          .map(record -> String.join("", record.getStrings()))
          .findFirst();
    }
  }

  /**
   * Those of the zones that named does not serve now: it answers for them without authority, with
   * SERVFAIL while it loads them, or not in time.
   */
  Set<Name> notServed(Collection<Name> zones, Duration within) throws IOException {
    Set<Name> notServed = new LinkedHashSet<>(zones);
    Queue<Name> toAsk = new ArrayDeque<>(notServed);
    Map<Integer, Name> asked = new HashMap<>();
    int id = 0;
    try (Connection connection = new Connection(within)) {
      while (!toAsk.isEmpty() || !asked.isEmpty()) {
        while (!toAsk.isEmpty() && asked.size() < IN_FLIGHT) {
          Name zone = toAsk.remove();
          id = (id + 1) & 0xffff;
          asked.put(id, zone);
          connection.send(query(id, zone, Type.SOA, DClass.IN).toWire());
        }
        Header answer = connection.receiveHeader();
        Name zone = asked.remove(answer.getID());
        if (zone != null
            && answer.getRcode() == Rcode.NOERROR
            && answer.getFlag(Flags.AA)
            && answer.getCount(Section.ANSWER) > 0) {
          notServed.remove(zone);
        }
      }
    } catch (SocketTimeoutException e) {
      return notServed;
    }
    return notServed;
  }

  /**
   * Whether named takes updates for the zone now: asked by an UPDATE with neither prerequisite nor
   * change (RFC 2136 sections 2.4 and 2.5 allow both to be empty), signed with the cluster key. A
   * primary answers NOERROR and changes nothing; a zone that is still loading, or a secondary,
   * answers SERVFAIL, NOTAUTH or REFUSED.
   */
  boolean takesUpdates(Name zone, Duration within) throws IOException {
    Message update = query(1, zone, Type.SOA, DClass.IN);
    update.getHeader().setOpcode(Opcode.UPDATE);
    update.setTSIG(clusterKey.tsig());
    try (Connection connection = new Connection(within)) {
      connection.send(update.toWire(65535));
      return connection.receiveHeader().getRcode() == Rcode.NOERROR;
    }
  }

  private static Message query(int id, Name name, int type, int dclass) {
    Message message = new Message(id);
    message.addRecord(Record.newRecord(name, type, dclass), Section.QUESTION);
    return message;
  }

  /** Length-prefixed messages (RFC 1035 section 4.2.2), all of them within one time limit. */
  private final class Connection implements AutoCloseable {
    private final Socket socket = new Socket();
    private final long deadline;
    private final DataInputStream in;
    private final DataOutputStream out;

    Connection(Duration within) throws IOException {
      deadline = System.nanoTime() + within.toNanos();
      try {
        socket.setTcpNoDelay(true);
        socket.connect(address, millisLeft());
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    }

    private int millisLeft() throws SocketTimeoutException {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("no answer from named at " + address + " in time");
      }
      return (int) Math.min(left, Integer.MAX_VALUE);
    }

    void send(byte[] message) throws IOException {
      out.writeShort(message.length);
      out.write(message);
    }

    Message receive() throws IOException {
      return new Message(receiveBytes());
    }

    Header receiveHeader() throws IOException {
      return new Header(receiveBytes());
    }

    private byte[] receiveBytes() throws IOException {
      out.flush();
      socket.setSoTimeout(millisLeft());
      return in.readNBytes(in.readUnsignedShort());
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
