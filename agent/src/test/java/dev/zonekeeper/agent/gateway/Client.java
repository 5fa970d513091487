package dev.zonekeeper.agent.gateway;

import dev.zonekeeper.dns.net.TcpFrames;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/** A client of a gateway, over UDP or TCP. */
interface Client extends AutoCloseable {

  int PATIENCE_MILLIS = 30_000;

  void send(byte[] message) throws IOException;

  byte[] receive() throws IOException;

  /** Whether nothing comes for a while. */
  boolean hearsNothing(int millis) throws IOException;

  @Override
  void close() throws IOException;

  default byte[] ask(byte[] message) throws IOException {
    send(message);
    return receive();
  }

  static Client udp(InetSocketAddress server) throws IOException {
    DatagramSocket socket = new DatagramSocket(Wire.LOOPBACK);
    socket.connect(server);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return new Client() {
      @Override
      public void send(byte[] message) throws IOException {
        socket.send(new DatagramPacket(message, message.length));
      }

      @Override
      public byte[] receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
      }

      @Override
      public boolean hearsNothing(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
          receive();
          return false;
        } catch (SocketTimeoutException e) {
          return true;
        } finally {
          socket.setSoTimeout(PATIENCE_MILLIS);
        }
      }

      @Override
      public void close() {
        socket.close();
      }
    };
  }

  static Client tcp(InetSocketAddress server) throws IOException {
    Socket socket = new Socket(server.getAddress(), server.getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return new Client() {
      @Override
      public void send(byte[] message) throws IOException {
        TcpFrames.write(socket.getOutputStream(), message);
      }

      @Override
      public byte[] receive() throws IOException {
        return TcpFrames.read(socket.getInputStream())
            .orElseThrow(() -> new IOException("closed by the server"));
      }

      @Override
      public boolean hearsNothing(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
          receive();
          return false;
        } catch (SocketTimeoutException e) {
          return true;
        } finally {
          socket.setSoTimeout(PATIENCE_MILLIS);
        }
      }

      @Override
      public void close() throws IOException {
        socket.close();
      }
    };
  }
}
