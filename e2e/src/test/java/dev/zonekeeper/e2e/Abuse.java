package dev.zonekeeper.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What a client does that means harm, at one address. Its random numbers can be had again. */
final class Abuse implements AutoCloseable {
  private static final int HEADER = 12;
  private static final int LARGEST = 65_535;

  private final UpdateKey wrongKey;
  private final Random random;
  private final List<Socket> open = new ArrayList<>();

  Abuse(UpdateKey key, long seed) {
    this.wrongKey = key.withWrongSecret();
    this.random = new Random(seed);
  }

  /** So many messages over UDP; nobody reads the answers. */
  void overUdp(InetSocketAddress door, int messages) {
    try (Wire.Udp udp = new Wire.Udp(door)) {
      for (int i = 0; i < messages; i++) {
        byte[] message = message();
        udp.send(message.length > 8_000 ? Arrays.copyOf(message, 8_000) : message);
      }
    }
  }

  /** A connection with so many messages, whose client then says no more and reads nothing. */
  void overTcp(InetSocketAddress door, int messages) {
    Socket socket = connect(door);
    try {
      for (int i = 0; i < messages; i++) {
        socket.getOutputStream().write(framed(message()));
      }
      socket.shutdownOutput();
    } catch (IOException e) {
      // The other side has had enough of it: that is its right.
    }
  }

  /** So many connections, each with the beginning of a large message, and nothing after it. */
  void slowly(InetSocketAddress door, int connections) {
    for (int i = 0; i < connections; i++) {
      byte[] frame = framed(new byte[60_000]);
      try {
        connect(door).getOutputStream().write(frame, 0, 1 + random.nextInt(60_000));
      } catch (IOException e) {
        // as above
      }
    }
  }

  private Socket connect(InetSocketAddress door) {
    try {
      Socket socket = new Socket(door.getAddress(), door.getPort());
      open.add(socket);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException("no connection to " + door, e);
    }
  }

  /** One of the kinds of messages that nobody should send. */
  private byte[] message() {
    byte[] message = Updates.add(wrongKey, "abuse." + LocalCluster.ZONE, "192.0.2.66");
    return switch (random.nextInt(8)) {
      case 0 -> random(random.nextInt(700));
      case 1 -> Arrays.copyOf(message, random.nextInt(message.length));
      case 2 -> put(message, HEADER, 0xC000 | HEADER); // a name that is a pointer to itself
      case 3 -> put(message, 4 + 2 * random.nextInt(4), 0xFFFF); // a count of 65,535 records
      case 4 -> put(message, message.length - 2 - random.nextInt(80), 0xC0FF);
      case 5 -> pointersToPointers(message);
      case 6 -> put(message, 2, random.nextInt(0x8000)); // opcode and flags, but no answer
      default -> damaged(message);
    };
  }

  private byte[] damaged(byte[] message) {
    for (int i = random.nextInt(10); i >= 0; i--) {
      message[2 + random.nextInt(message.length - 2)] = (byte) random.nextInt();
    }
    message[2] &= 0x7F;
    return message;
  }

  private static byte[] pointersToPointers(byte[] message) {
    byte[] large = Arrays.copyOf(message, LARGEST);
    for (int at = message.length; at + 2 < 16_000; at += 2) {
      put(large, at, 0xC000 | (at - 2));
    }
    return put(large, 8, 2);
  }

  private byte[] random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] put(byte[] message, int at, int value) {
    message[at] = (byte) (value >>> 8);
    message[at + 1] = (byte) value;
    return message;
  }

  private static byte[] framed(byte[] message) {
    byte[] frame = new byte[message.length + 2];
    System.arraycopy(message, 0, frame, 2, message.length);
    return put(frame, 0, message.length);
  }

  /** Lets go of all connections. */
  @Override
  public void close() {
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        // it is gone either way
      }
    }
  }
}
