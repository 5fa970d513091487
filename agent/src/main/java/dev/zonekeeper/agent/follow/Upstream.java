package dev.zonekeeper.agent.follow;

import dev.zonekeeper.dns.Delta;
import dev.zonekeeper.dns.TransferAnswer;
import dev.zonekeeper.dns.TransferProgress;
import dev.zonekeeper.dns.net.DnsPool;
import dev.zonekeeper.dns.net.Exchange;
import dev.zonekeeper.dns.net.Handler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

/**
 * What the local named takes for its primary. What the last commit request brought is answered from
 * here; all else is relayed, bytes untouched, to whoever leads. A full transfer goes through under
 * a resync mark.
 */
public final class Upstream implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);
  private static final Duration TRANSFER_LIMIT = Duration.ofSeconds(30);

  private static final Duration FIRST_LOOK = Duration.ofMillis(5);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(250);

  /** Bytes of a transfer that named is done with in no time: some hundred changes. */
  private static final int SHORT = 64 * 1024;

  /** The way to the leader's zones. */
  @FunctionalInterface
  public interface ToLeader {
    /**
     * Connections to the leader's peer port on which transfers may be asked for.
     *
     * @throws IOException nobody leads, or it is this member, or it is not known
     */
    DnsPool pool() throws IOException;
  }

  private final Follower follower;
  private final LocalZones named;
  private final Resync resync;
  private final ToLeader leader;
  private final Supplier<TSIG> key;

  /**
   * One at a time asks for a zone that no commit request has named yet. When named starts it asks
   * for all its zones at once; the leader will tell of each when its turn comes.
   */
  private final Semaphore untold = new Semaphore(1);

  /** Transfers of more than {@link #SHORT} that named has not applied yet. */
  private final AtomicInteger longTransfers = new AtomicInteger();

  /**
   * Makes the handler for the upstream port.
   *
   * @param key the cluster's key, which named signs its queries with
   */
  public Upstream(
      Follower follower, LocalZones named, Resync resync, ToLeader leader, Supplier<TSIG> key) {
    this.follower = follower;
    this.named = named;
    this.resync = resync;
    this.leader = leader;
    this.key = key;
  }

  /** Whether named is given a long transfer, or still applies it. */
  public boolean isBusy() {
    return longTransfers.get() > 0;
  }

  @Override
  public void handle(byte[] bytes, Exchange exchange) throws Exception {
    Message query = new Message(bytes);
    Record question = query.getQuestion();
    if (question == null
        || query.getHeader().getOpcode() != Opcode.QUERY
        || query.getTSIG() == null
        || key.get().verify(query, bytes, null) != Rcode.NOERROR) {
      LOG.debug("not from this member's named: {}", exchange.client());
      return;
    }
    switch (question.getType()) {
      case Type.SOA -> soa(query, bytes, exchange);
      case Type.IXFR -> ixfr(query, bytes, exchange);
      case Type.AXFR -> relayTransfer(question.getName(), bytes, exchange);
      default -> LOG.debug("named asks its primary for {}", question);
    }
  }

  private void soa(Message query, byte[] bytes, Exchange exchange)
      throws IOException, InterruptedException {
    Name zone = query.getQuestion().getName();
    Optional<SOARecord> known = follower.goalSoa(zone);
    if (known.isPresent()) {
      answer(query, List.of(known.get()), exchange);
    } else if (follower.hasGoal(zone)) {
      relaySoa(query, bytes, exchange);
    } else if (untold.tryAcquire()) {
      try {
        relaySoa(query, bytes, exchange);
      } finally {
        untold.release();
      }
    } else {
      exchange.answer(failure(query));
    }
  }

  private void relaySoa(Message query, byte[] bytes, Exchange exchange)
      throws IOException, InterruptedException {
    try {
      exchange.answer(leader.pool().exchange(bytes, ANSWER_LIMIT));
    } catch (IOException e) {
      // named would wait for an answer for seconds, and heed no NOTIFY meanwhile.
      LOG.debug("no leader to ask for {}", query.getQuestion(), e);
      exchange.answer(failure(query));
    }
  }

  private void ixfr(Message query, byte[] bytes, Exchange exchange)
      throws IOException, InterruptedException {
    Name zone = query.getQuestion().getName();
    List<Delta> changes = List.of();
    for (Record record : query.getSection(Section.AUTHORITY)) {
      if (record instanceof SOARecord soa) {
        changes = follower.changesFrom(zone, soa.getSerial());
      }
    }
    if (!changes.isEmpty()) {
      answer(query, Delta.inTransferOrder(changes), exchange);
    } else {
      relayTransfer(zone, bytes, exchange);
    }
  }

  private byte[] failure(Message query) {
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setRcode(Rcode.SERVFAIL);
    answer.addRecord(query.getQuestion(), Section.QUESTION);
    key.get().apply(answer, query.getTSIG());
    return answer.toWire();
  }

  private void answer(Message query, List<Record> records, Exchange exchange) throws IOException {
    for (byte[] message : TransferAnswer.of(query, key.get(), records)) {
      exchange.answer(message);
    }
  }

  private void relayTransfer(Name zone, byte[] query, Exchange exchange)
      throws IOException, InterruptedException {
    if (!exchange.tcp()) {
      throw new IOException("a transfer of " + zone + " was asked for over UDP");
    }
    Relay relay = new Relay(zone, query, exchange);
    try {
      leader.pool().stream(query, TRANSFER_LIMIT, relay::pass);
    } finally {
      relay.ended();
    }
  }

  /** One transfer on its way through. */
  private final class Relay {
    private final Name zone;
    private final Exchange exchange;
    private final TransferProgress progress;
    private Optional<Resync.Transfer> full = Optional.empty();
    private boolean complete;
    private long passed;
    private boolean isLong;

    /** Whether named will serve another serial than now when it has taken the transfer over. */
    private boolean showsInSerial = true;

    Relay(Name zone, byte[] query, Exchange exchange) {
      this.zone = zone;
      this.exchange = exchange;
      this.progress = new TransferProgress(query);
    }

    boolean pass(byte[] bytes) {
      try {
        boolean more = progress.take(bytes);
        if (full.isEmpty() && isFull(more)) {
          full = Optional.of(resync.begin(zone));
          showsInSerial = servesAnother();
        }
        complete = progress.complete();
        passed += bytes.length;
        if (passed > SHORT && !isLong) {
          isLong = true;
          longTransfers.incrementAndGet();
        }
        exchange.answer(bytes);
        return more;
      } catch (IOException e) {
        LOG.info("the transfer of {} broke off: {}", zone, e.getMessage());
        return false;
      }
    }

    /** A first message with the SOA record alone, and more to come, may be that of a full one. */
    private boolean isFull(boolean more) {
      return switch (progress.kind()) {
        case FULL -> true;
        case UNDECIDED -> more;
        case UP_TO_DATE, INCREMENTAL -> false;
      };
    }

    private boolean servesAnother() throws IOException {
      try {
        return !isServed();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (IOException e) {
        LOG.debug("zone {}: named does not tell its serial", zone, e);
        return false;
      }
    }

    private boolean isServed() throws IOException, InterruptedException {
      Optional<Long> now = named.soa(zone).map(SOARecord::getSerial);
      return now.isPresent() && progress.serial().equals(OptionalLong.of(now.get()));
    }

    void ended() throws InterruptedException {
      try {
        if (!complete) {
          exchange.abort();
        }
        full.ifPresent(Resync.Transfer::passed);
        boolean over = !complete || ((full.isPresent() || isLong) && awaitTakenOver());
        if (full.isPresent() && over) {
          full.get().ended();
        }
      } finally {
        if (isLong) {
          longTransfers.decrementAndGet();
        }
      }
    }

    /**
     * named applies the last of a transfer some time after it has the last byte. Then it serves the
     * new serial. It closes the connection when it has applied it, or has given up; 9.20 does so 5
     * s later, in which a member that a commit needs would confirm nothing.
     *
     * @return false: this member ends, and it is not known
     */
    private boolean awaitTakenOver() throws InterruptedException {
      Duration pause = FIRST_LOOK;
      while (true) {
        switch (exchange.awaitEnd(pause)) {
          case BY_CLIENT -> {
            return true;
          }
          case BY_SERVER -> {
            return false;
          }
          case NOT_YET -> {
            if (showsInSerial && isServedNow()) {
              return true;
            }
          }
        }
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_LOOK) < 0 ? pause : LONGEST_LOOK;
      }
    }

    private boolean isServedNow() throws InterruptedException {
      try {
        return isServed();
      } catch (IOException e) {
        LOG.debug("zone {}: named does not tell its serial", zone, e);
        return false;
      }
    }
  }
}
