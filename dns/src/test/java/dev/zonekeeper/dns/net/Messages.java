package dev.zonekeeper.dns.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** Small messages for tests: a header, and bytes behind it that say which is which. */
final class Messages {

  static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private Messages() {}

  static byte[] query(int id, int length) {
    byte[] message = new byte[length];
    message[0] = (byte) (id >> 8);
    message[1] = (byte) id;
    message[length - 1] = (byte) id;
    return message;
  }

  static byte[] query(int id) {
    return query(id, 20);
  }

  /** The same with QR set. */
  static byte[] answer(byte[] query) {
    byte[] answer = Arrays.copyOf(query, query.length);
    answer[2] |= (byte) 0x80;
    return answer;
  }
}
