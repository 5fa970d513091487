package dev.zonekeeper.dns.net;

/** The few header fields (RFC 1035 4.1.1) that the transport needs. */
final class DnsHeader {

  static final int LENGTH = 12;

  private DnsHeader() {}

  static int id(byte[] message) {
    return (message[0] & 0xff) << 8 | (message[1] & 0xff);
  }

  static boolean isResponse(byte[] message) {
    return message.length >= LENGTH && (message[2] & 0x80) != 0;
  }

  /** A header alone: the request's ID, opcode and RD, QR set, and SERVFAIL. */
  static byte[] servfail(byte[] request) {
    byte[] answer = new byte[LENGTH];
    answer[0] = request[0];
    answer[1] = request[1];
    answer[2] = (byte) ((request[2] & 0x79) | 0x80);
    answer[3] = 2;
    return answer;
  }
}
