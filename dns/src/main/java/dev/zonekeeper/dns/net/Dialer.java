package dev.zonekeeper.dns.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/** Opens connections to one address and says hello on them. */
record Dialer(InetSocketAddress to, Optional<DnsPool.Hello> hello) {

  /**
   * Opens a connection.
   *
   * @param atMost how long to connect, and again to wait for the answer to the hello
   */
  Socket dial(Duration atMost) throws NotSentException {
    if (to.isUnresolved()) {
      throw new NotSentException(to.getHostString() + " has no address now");
    }
    Socket socket = new Socket();
    try {
      int millis = Math.toIntExact(Math.max(1, atMost.toMillis()));
      socket.setTcpNoDelay(true);
      socket.connect(to, millis);
      if (hello.isPresent()) {
        socket.setSoTimeout(millis);
        greet(socket, hello.get());
        socket.setSoTimeout(0);
      }
      return socket;
    } catch (IOException e) {
      closeQuietly(socket);
      throw new NotSentException("no connection to " + to + ": " + e.getMessage(), e);
    }
  }

  static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }

  private void greet(Socket socket, DnsPool.Hello greeting) throws IOException {
    byte[] message = greeting.message();
    TcpFrames.write(socket.getOutputStream(), message);
    // Not buffered: nothing may be read beyond the answer.
    Optional<byte[]> answer = TcpFrames.read(socket.getInputStream());
    if (answer.isEmpty() || !greeting.accepts(message, answer.get())) {
      throw new IOException("the peer did not answer the hello as expected");
    }
  }
}
