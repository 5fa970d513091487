package dev.zonekeeper.e2e;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Bytes to a name server and back, with nobody in between who would mend them. */
final class Wire {
  /** How long an answer may take that is sure to come. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int LARGEST_MESSAGE = 65_535;

  private Wire() {}

  /** One socket, one port: a client as UDP servers know it. */
  static final class Udp implements AutoCloseable {
    private final DatagramSocket socket;

    Udp(InetSocketAddress server) {
      try {
        socket = new DatagramSocket();
        socket.connect(server);
      } catch (SocketException e) {
        throw new UncheckedIOException(e);
      }
    }

    void send(byte[] message) {
      try {
        socket.send(new DatagramPacket(message, message.length));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The next answer, or nothing when none came in time. */
    Optional<byte[]> receive(Duration atMost) {
      try {
        socket.setSoTimeout((int) atMost.toMillis());
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST_MESSAGE], LARGEST_MESSAGE);
        socket.receive(packet);
        return Optional.of(Arrays.copyOf(packet.getData(), packet.getLength()));
      } catch (SocketTimeoutException e) {
        return Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  /** One connection, with the two length bytes of RFC 1035 4.2.2 before each message. */
  static final class Tcp implements AutoCloseable {
    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    Tcp(InetSocketAddress server) {
      try {
        socket = new Socket(server.getAddress(), server.getPort());
        socket.setTcpNoDelay(true);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
      } catch (IOException e) {
        throw new UncheckedIOException("no connection to " + server, e);
      }
    }

    void send(byte[] message) {
      byte[] framed = new byte[message.length + 2];
      framed[0] = (byte) (message.length >>> 8);
      framed[1] = (byte) message.length;
      System.arraycopy(message, 0, framed, 2, message.length);
      sendBytes(framed);
    }

    /** Bytes as they are, no length before them. */
    void sendBytes(byte[] bytes) {
      try {
        out.write(bytes);
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The next message, or nothing when none came in time or the other side hung up. */
    Optional<byte[]> receive(Duration atMost) {
      try {
        socket.setSoTimeout((int) atMost.toMillis());
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        return Optional.of(message);
      } catch (SocketTimeoutException | EOFException e) {
        return Optional.empty();
      } catch (SocketException e) {
        return Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
