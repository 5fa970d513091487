package dev.zonekeeper.campaign.load;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Sends one message, once, over a socket of its own, and waits for the answer. */
enum Wire {
  /** One datagram there and one back. */
  UDP {
    @Override
    byte[] exchange(InetSocketAddress server, byte[] message, Duration atMost)
        throws IOException, NotTakenException {
      long deadline = System.nanoTime() + atMost.toNanos();
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.connect(server);
        socket.send(new DatagramPacket(message, message.length));
        byte[] buffer = new byte[0xffff];
        while (true) {
          socket.setSoTimeout(left(deadline));
          DatagramPacket answer = new DatagramPacket(buffer, buffer.length);
          socket.receive(answer);
          if (answer.getLength() >= 12 && buffer[0] == message[0] && buffer[1] == message[1]) {
            return java.util.Arrays.copyOf(buffer, answer.getLength());
          }
        }
      } catch (PortUnreachableException nobody) {
        throw new NotTakenException("port unreachable", nobody);
      }
    }
  },

  /** A connection for one message (RFC 1035 section 4.2.2). */
  TCP {
    @Override
    byte[] exchange(InetSocketAddress server, byte[] message, Duration atMost)
        throws IOException, NotTakenException {
      long deadline = System.nanoTime() + atMost.toNanos();
      try (Socket socket = new Socket()) {
        socket.setTcpNoDelay(true);
        try {
          socket.connect(server, left(deadline));
        } catch (ConnectException | NoRouteToHostException | SocketTimeoutException nobody) {
          throw new NotTakenException("cannot connect", nobody);
        }
        ByteBuffer framed = ByteBuffer.allocate(2 + message.length);
        socket
            .getOutputStream()
            .write(framed.putShort((short) message.length).put(message).array());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        socket.setSoTimeout(left(deadline));
        byte[] answer = new byte[in.readUnsignedShort()];
        socket.setSoTimeout(left(deadline));
        in.readFully(answer);
        return answer;
      }
    }
  };

  /** The message cannot have reached a server. */
  static final class NotTakenException extends Exception {
    private static final long serialVersionUID = 1;

    NotTakenException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Sends it and waits.
   *
   * @param atMost in all; at least a millisecond
   * @throws NotTakenException the message cannot have reached a server
   * @throws IOException there is no answer; the message may have reached one
   */
  abstract byte[] exchange(InetSocketAddress server, byte[] message, Duration atMost)
      throws IOException, NotTakenException;

  private static int left(long deadline) throws SocketTimeoutException {
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    return (int) millis;
  }
}
