package dev.zonekeeper.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** UPDATE messages as bytes, for tests that care about each of them. */
final class Updates {
  private Updates() {}

  /** Adds one address, signed. */
  static byte[] add(UpdateKey key, String name, String address) {
    Update update = in(LocalCluster.ZONE);
    try {
      update.add(Names.absolute(name), Type.A, 60, address);
    } catch (IOException e) {
      throw new IllegalArgumentException(name + " " + address, e);
    }
    return signed(update, key);
  }

  /** Adds one address if the name is not in use, signed. */
  static byte[] addIfNotInUse(UpdateKey key, String name, String address) {
    Update update = in(LocalCluster.ZONE);
    try {
      update.absent(Names.absolute(name));
      update.add(Names.absolute(name), Type.A, 60, address);
    } catch (IOException e) {
      throw new IllegalArgumentException(name + " " + address, e);
    }
    return signed(update, key);
  }

  /**
   * Adds texts, each under a name of its own, as many as a message of this size holds.
   *
   * @param names the names that were used are added to it
   * @param size in bytes, the signature included
   */
  static byte[] addMuch(UpdateKey key, String prefix, int size, List<String> names) {
    Update update = in(LocalCluster.ZONE);
    List<String> text = List.of("x".repeat(250), "y".repeat(250), "z".repeat(250));
    byte[] fits = new byte[0];
    while (true) {
      String name = "%s-%d.%s".formatted(prefix, names.size(), LocalCluster.ZONE);
      update.add(new TXTRecord(Names.absolute(name), DClass.IN, 60, text));
      byte[] bytes = signed(update, key);
      if (bytes.length > size) {
        return fits;
      }
      fits = bytes;
      names.add(name);
    }
  }

  /** Sends it over TCP and returns the answer's code in words. */
  static String sendOverTcp(InetSocketAddress server, byte[] message) {
    try (Wire.Tcp tcp = new Wire.Tcp(server)) {
      tcp.send(message);
      return tcp.receive(Wire.PATIENCE)
          .map(Updates::rcode)
          .orElseThrow(() -> new AssertionError("no answer from " + server + " over TCP"));
    }
  }

  static String rcode(byte[] message) {
    return Rcode.string(header(message).getRcode());
  }

  static int id(byte[] message) {
    return header(message).getID();
  }

  private static Header header(byte[] message) {
    try {
      return new Header(message);
    } catch (IOException e) {
      throw new UncheckedIOException("not a DNS message: " + message.length + " bytes", e);
    }
  }

  private static Update in(String zone) {
    return new Update(Names.absolute(zone));
  }

  private static byte[] signed(Message message, UpdateKey key) {
    Message copy = message.clone();
    key.tsig().apply(copy, null);
    return copy.toWire();
  }
}
