package dev.zonekeeper.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP proxy that can lose answers, cut connections, and let them die without a word. */
final class BadNetwork implements AutoCloseable {
  private final int target;
  private final ServerSocket listener;
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean loseNextAnswer;

  /** One connection through the proxy. */
  private static final class Line {
    private final Socket client;
    private final Socket server;
    private volatile boolean silent;

    Line(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void cut() {
      closeQuietly(client);
      closeQuietly(server);
    }
  }

  BadNetwork(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many connections there ever were. */
  int connections() {
    return connections.get();
  }

  /** The next request on a connection that is there gets through; its answer does not. */
  void loseNextAnswer() {
    loseNextAnswer = true;
  }

  /** On the connections that are there nothing comes back any more, and they stay open. */
  void silence() {
    lines.forEach(line -> line.silent = true);
  }

  void cutAll() {
    lines.forEach(Line::cut);
    lines.clear();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        connections.incrementAndGet();
        try {
          Line line = new Line(client, new Socket(InetAddress.getLoopbackAddress(), target));
          lines.add(line);
          Thread.ofVirtual().start(() -> requests(line));
          Thread.ofVirtual().start(() -> answers(line));
        } catch (IOException serverIsAway) {
          closeQuietly(client);
        }
      }
    } catch (IOException closed) {
      lines.forEach(Line::cut);
    }
  }

  private void requests(Line line) {
    copy(line, line.client, line.server, false);
  }

  private void answers(Line line) {
    copy(line, line.server, line.client, true);
  }

  private void copy(Line line, Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[65536];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (answers && loseNextAnswer) {
          loseNextAnswer = false;
          line.cut();
          return;
        }
        if (!(answers && line.silent)) {
          out.write(buffer, 0, n);
        }
      }
    } catch (IOException ended) {
      line.cut();
      return;
    }
    line.cut();
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cutAll();
  }
}
