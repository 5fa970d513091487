package dev.zonekeeper.dns.net;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** DNS messages on a TCP stream: each is preceded by its length in two bytes (RFC 1035 4.2.2). */
public final class TcpFrames {

  /** The largest message that fits, in bytes. */
  public static final int MAX_MESSAGE = 65535;

  private TcpFrames() {}

  /**
   * Reads the next message.
   *
   * @return empty when the stream ends before a message begins
   * @throws EOFException the stream ends within a message
   */
  public static Optional<byte[]> read(InputStream in) throws IOException {
    int high = in.read();
    if (high < 0) {
      return Optional.empty();
    }
    int low = in.read();
    if (low < 0) {
      throw new EOFException("the stream ended within a length prefix");
    }
    byte[] message = new byte[high << 8 | low];
    if (in.readNBytes(message, 0, message.length) < message.length) {
      throw new EOFException("the stream ended within a message");
    }
    return Optional.of(message);
  }

  /**
   * Writes one message with its length in front, in one write.
   *
   * @throws IllegalArgumentException the message is longer than {@link #MAX_MESSAGE}
   */
  public static void write(OutputStream out, byte[] message) throws IOException {
    byte[] frame = new byte[message.length + 2];
    put(message, frame, 0);
    out.write(frame);
    out.flush();
  }

  /** Puts the frame of a message into a buffer and returns the offset behind it. */
  static int put(byte[] message, byte[] buffer, int offset) {
    requireFits(message);
    buffer[offset] = (byte) (message.length >> 8);
    buffer[offset + 1] = (byte) message.length;
    System.arraycopy(message, 0, buffer, offset + 2, message.length);
    return offset + 2 + message.length;
  }

  static void requireFits(byte[] message) {
    if (message.length > MAX_MESSAGE) {
      throw new IllegalArgumentException(
          "a DNS message has at most " + MAX_MESSAGE + " bytes, found " + message.length);
    }
  }
}
