package dev.zonekeeper.agent.local;

import dev.zonekeeper.agent.commit.ZoneSource;
import dev.zonekeeper.agent.follow.LocalZones;
import dev.zonekeeper.agent.named.NameServer;
import dev.zonekeeper.agent.named.RndcException;
import dev.zonekeeper.agent.named.ZoneFiles;
import dev.zonekeeper.dns.Delta;
import dev.zonekeeper.dns.TransferProgress;
import dev.zonekeeper.dns.TransferReader;
import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.Exchange;
import dev.zonekeeper.dns.net.LoopbackUdp;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

/** Talks DNS with the member's own named over connections that are kept open. */
public final class LocalNamed implements ZoneSource, LocalZones, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalNamed.class);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
  private static final Duration TRANSFER_LIMIT = Duration.ofSeconds(30);

  private final NameServer server;
  private final ZoneFiles files;
  private final DnsPool pool;
  private final LoopbackUdp udp;
  private final Supplier<TSIG> key;

  /**
   * Makes it; nothing is opened yet.
   *
   * @param pool leads to named
   * @param key the cluster's key
   */
  public LocalNamed(NameServer server, ZoneFiles files, DnsPool pool, Supplier<TSIG> key) {
    this.server = server;
    this.files = files;
    this.pool = pool;
    this.udp = new LoopbackUdp(pool.address(), 2, pool);
    this.key = key;
  }

  @Override
  public Optional<SOARecord> soa(Name zone) throws IOException, InterruptedException {
    Message query = Message.newQuery(Record.newRecord(zone, Type.SOA, DClass.IN));
    query.getHeader().unsetFlag(Flags.RD);
    Message answer = new Message(udp.exchange(query.toWire(), ANSWER_LIMIT));
    if (answer.getRcode() != Rcode.NOERROR || !answer.getHeader().getFlag(Flags.AA)) {
      return Optional.empty();
    }
    return answer.getSection(Section.ANSWER).stream()
        .filter(SOARecord.class::isInstance)
        .map(SOARecord.class::cast)
        .findFirst();
  }

  @Override
  public Read read(Name zone, Optional<SOARecord> base) throws IOException, InterruptedException {
    if (base.isEmpty()) {
      SOARecord head =
          soa(zone).orElseThrow(() -> new IOException("named does not serve zone " + zone));
      return new Read(head, Optional.empty());
    }
    Message query = Message.newQuery(Record.newRecord(zone, Type.IXFR, DClass.IN));
    query.getHeader().unsetFlag(Flags.RD);
    query.addRecord(base.get(), Section.AUTHORITY);
    key.get().apply(query, null);
    byte[] bytes = query.toWire();
    TransferReader reader = TransferReader.ofIxfr(zone, base.get().getSerial());
    if (!reader.take(new Message(pool.exchange(bytes, ANSWER_LIMIT)))) {
      reader = TransferReader.ofIxfr(zone, base.get().getSerial());
      readWholeStream(reader, bytes);
    }
    List<Delta> deltas = reader.deltas();
    return new Read(
        reader.head(), deltas.isEmpty() ? Optional.empty() : Optional.of(Delta.condense(deltas)));
  }

  /** An answer of several messages: asked again on a connection of its own. */
  private void readWholeStream(TransferReader reader, byte[] query) throws IOException {
    IOException[] failure = new IOException[1];
    pool.stream(
        query,
        TRANSFER_LIMIT,
        bytes -> {
          try {
            return !reader.take(new Message(bytes));
          } catch (IOException e) {
            failure[0] = e;
            return false;
          }
        });
    if (failure[0] != null) {
      throw failure[0];
    }
  }

  @Override
  public void raise(Name zone, SOARecord now, long serial)
      throws IOException, InterruptedException {
    Message update = new Message();
    update.getHeader().setOpcode(Opcode.UPDATE);
    update.addRecord(Record.newRecord(zone, Type.SOA, DClass.IN), Section.QUESTION);
    update.addRecord(
        new SOARecord(
            zone,
            DClass.IN,
            now.getTTL(),
            now.getHost(),
            now.getAdmin(),
            serial,
            now.getRefresh(),
            now.getRetry(),
            now.getExpire(),
            now.getMinimum()),
        Section.AUTHORITY);
    key.get().apply(update, null);
    Message answer = new Message(udp.exchange(update.toWire(), ANSWER_LIMIT));
    if (answer.getRcode() != Rcode.NOERROR) {
      throw new IOException("named answers " + Rcode.string(answer.getRcode()));
    }
  }

  /**
   * Hands a query of another member's named to this named, and the answer back, bytes untouched.
   * What cannot be answered to its end ends with the connection.
   */
  public void relay(byte[] query, Exchange exchange) throws IOException, InterruptedException {
    boolean answered = false;
    try {
      Record question = new Message(query).getQuestion();
      if (question != null
          && (question.getType() == Type.IXFR || question.getType() == Type.AXFR)) {
        TransferProgress progress = new TransferProgress(query);
        pool.stream(query, TRANSFER_LIMIT, bytes -> passOn(progress, bytes, exchange));
        answered = progress.complete();
      } else {
        exchange.answer(pool.exchange(query, ANSWER_LIMIT));
        answered = true;
      }
    } finally {
      if (!answered) {
        exchange.abort();
      }
    }
  }

  private static boolean passOn(TransferProgress progress, byte[] bytes, Exchange exchange) {
    try {
      exchange.answer(bytes);
      return progress.take(bytes);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void notifyOf(Name zone, Optional<SOARecord> newer)
      throws IOException, InterruptedException {
    Message notify = new Message();
    notify.getHeader().setOpcode(Opcode.NOTIFY);
    notify.getHeader().setFlag(Flags.AA);
    notify.addRecord(Record.newRecord(zone, Type.SOA, DClass.IN), Section.QUESTION);
    newer.ifPresent(soa -> notify.addRecord(soa, Section.ANSWER));
    Message answer = new Message(udp.exchange(notify.toWire(), ANSWER_LIMIT));
    if (answer.getRcode() != Rcode.NOERROR) {
      throw new IOException("named answers " + Rcode.string(answer.getRcode()));
    }
  }

  @Override
  public void retransfer(Name zone) throws IOException {
    server.rndc().retransfer(zone);
  }

  @Override
  public boolean hasData(Name zone) {
    return files.exist(zone);
  }

  @Override
  public long save(Name zone, Duration atMost) throws IOException, InterruptedException {
    long serial =
        soa(zone).orElseThrow(() -> new IOException("named does not serve the zone")).getSerial();
    askToWrite(zone);
    if (!files.durablySaved(zone, serial, atMost)) {
      throw new IOException("named has not written serial " + serial + " in time");
    }
    return serial;
  }

  /** named refuses while the zone waits for its turn to be written, which is as good. */
  private void askToWrite(Name zone) throws IOException {
    try {
      server.rndc().sync(zone);
    } catch (RndcException e) {
      if (!e.refused()) {
        throw e;
      }
      LOG.debug("zone {}: {}", zone, e.getMessage());
    }
  }

  @Override
  public void close() {
    udp.close();
    pool.close();
  }
}
