package dev.zonekeeper.agent.gateway;

import dev.zonekeeper.dns.net.NotSentException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the gateway of one member tells the gateway of another about a message that was forwarded to
 * it: <em>it has certainly not been handed to named</em>. Every other answer on the peer port is
 * for the client.
 *
 * <p>On the wire it is a DNS message no named writes: the header of an answer with the request's
 * ID, SERVFAIL, no question, and one OPT record with one Extended DNS Error (RFC 8914) whose info
 * code is one of the range for private use (49152 to 65535, section 5.2) and whose text says why.
 * It never goes to a client.
 *
 * @param kind what the forwarding gateway is to do
 * @param text one sentence
 */
record PeerSignal(Kind kind, String text) {

  /** What the forwarding gateway is to do. */
  enum Kind {
    /** This member does not lead: hold the message and try again, wherever the leader is then. */
    NOT_LEADER(51053),
    /** The leader does not take the message now: the client gets SERVFAIL. */
    NOT_TAKEN(51054);

    private final int infoCode;

    Kind(int infoCode) {
      this.infoCode = infoCode;
    }
  }

  private static final int HEADER = 12;
  private static final int QR = 0x80;
  private static final int OPCODE_AND_RD = 0x79;
  private static final int SERVFAIL = 2;
  private static final int OPT = 41;
  private static final int UDP_SIZE = 1232;
  private static final int EXTENDED_ERROR = 15;
  private static final int LENGTH_WITHOUT_TEXT = HEADER + 11 + 6;
  private static final int MAX_TEXT = 400;

  /** What the gateway of the client makes of it: the message may be tried again, or is refused. */
  Answer orRetry() throws NotSentException {
    return switch (kind) {
      case NOT_LEADER -> throw new NotSentException(text);
      case NOT_TAKEN -> Answer.notTaken(text);
    };
  }

  /** The signal as an answer to the request. */
  byte[] answerTo(byte[] request) {
    byte[] words =
        text.substring(0, Math.min(text.length(), MAX_TEXT)).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(LENGTH_WITHOUT_TEXT + words.length)
        .put(request, 0, 2)
        .put((byte) ((request[2] & OPCODE_AND_RD) | QR))
        .put((byte) SERVFAIL)
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort((short) 1)
        .put((byte) 0)
        .putShort((short) OPT)
        .putShort((short) UDP_SIZE)
        .putInt(0)
        .putShort((short) (6 + words.length))
        .putShort((short) EXTENDED_ERROR)
        .putShort((short) (2 + words.length))
        .putShort((short) kind.infoCode)
        .put(words)
        .array();
  }

  /** How a failure is told to the gateway that forwarded the message; empty: as to a client. */
  static Optional<PeerSignal> of(Answer.Failed failed) {
    return switch (failed.effect()) {
      case NOT_LEADER -> Optional.of(new PeerSignal(Kind.NOT_LEADER, failed.why().text()));
      case NONE -> Optional.of(new PeerSignal(Kind.NOT_TAKEN, failed.why().text()));
      case UNKNOWN -> Optional.empty();
    };
  }

  /** Reads a signal; empty: the message is an answer for the client. */
  static Optional<PeerSignal> of(byte[] answer) {
    if (answer.length < LENGTH_WITHOUT_TEXT
        || (answer[2] & QR) == 0
        || answer[3] != SERVFAIL
        || answer[5] != 0) {
      return Optional.empty();
    }
    int infoCode = ByteBuffer.wrap(answer).getShort(LENGTH_WITHOUT_TEXT - 2) & 0xffff;
    String text =
        new String(
            answer,
            LENGTH_WITHOUT_TEXT,
            answer.length - LENGTH_WITHOUT_TEXT,
            StandardCharsets.UTF_8);
    for (Kind kind : Kind.values()) {
      PeerSignal signal = new PeerSignal(kind, text);
      if (kind.infoCode == infoCode && Arrays.equals(signal.answerTo(answer), answer)) {
        return Optional.of(signal);
      }
    }
    return Optional.empty();
  }
}
