package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.ClusterFile;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Tells secondaries that are no members of what has been committed: NOTIFY over UDP (RFC 1996),
 * repeated until it is answered. What is committed while one is on its way is one more, not many.
 */
final class ForeignNotifier {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignNotifier.class);
  private static final int TRIES = 4;
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);

  private record Errand(Name zone, InetSocketAddress target) {}

  private final Supplier<ClusterFile> cluster;
  private final Set<Errand> wanted = ConcurrentHashMap.newKeySet();
  private final Set<Errand> running = ConcurrentHashMap.newKeySet();

  ForeignNotifier(Supplier<ClusterFile> cluster) {
    this.cluster = cluster;
  }

  /** The zone has a new committed serial. Does not block. */
  void committed(Name zone) {
    cluster
        .get()
        .zone(zone)
        .ifPresent(z -> z.notifyTargets().forEach(target -> want(new Errand(zone, target))));
  }

  private void want(Errand errand) {
    wanted.add(errand);
    if (running.add(errand)) {
      Thread.ofVirtual().name("notify-" + errand.target).start(() -> run(errand));
    }
  }

  private void run(Errand errand) {
    while (wanted.remove(errand)) {
      try {
        send(errand);
      } catch (IOException e) {
        LOG.info("{} is not told of {}: {}", errand.target, errand.zone, e.toString());
      }
    }
    running.remove(errand);
    if (wanted.contains(errand)) {
      want(errand);
    }
  }

  private static void send(Errand errand) throws IOException {
    Message notify = new Message();
    notify.getHeader().setOpcode(Opcode.NOTIFY);
    notify.getHeader().setFlag(Flags.AA);
    notify.addRecord(Record.newRecord(errand.zone, Type.SOA, DClass.IN), Section.QUESTION);
    byte[] bytes = notify.toWire();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(errand.target);
      Duration patience = ANSWER_LIMIT;
      for (int i = 0; i < TRIES; i++) {
        socket.send(new DatagramPacket(bytes, bytes.length));
        socket.setSoTimeout((int) patience.toMillis());
        try {
          socket.receive(new DatagramPacket(new byte[512], 512));
          return;
        } catch (SocketTimeoutException e) {
          patience = patience.multipliedBy(2);
        }
      }
    }
    throw new IOException("no answer");
  }
}
