package dev.zonekeeper.bench.load;

import dev.zonekeeper.bench.load.Outcome.Refused;
import dev.zonekeeper.bench.load.Outcome.Unknown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;

/**
 * Any number of clients that send signed UPDATEs, on one thread of its own. Each client has one
 * update in flight; when its outcome is known it is reported and the client asks the workload for
 * the next.
 *
 * <p>An answer counts if it came on the socket of its request, has its ID, and, when it says
 * NOERROR, is signed correctly; others are ignored and counted.
 */
public final class LoadGenerator implements AutoCloseable {
  private static final int STARTS_PER_TURN = 64;

  /** A client that rests until a time. */
  private record Resting(int client, long untilNanos) {}

  /** Something to do about an operation when a time has come. */
  private record Deadline(Operation operation, long atNanos) {}

  private final LoadSettings settings;
  private final Workload workload;
  private final Consumer<Result> sink;
  private final Selector selector;
  private final Link[] links;
  private final Thread thread;

  private final ArrayDeque<Integer> idle = new ArrayDeque<>();
  private final PriorityQueue<Resting> resting =
      new PriorityQueue<>((a, b) -> Long.signum(a.untilNanos - b.untilNanos));
  private final ArrayDeque<Deadline> giveUps = new ArrayDeque<>();
  private final ArrayDeque<Deadline> retransmissions = new ArrayDeque<>();
  private int inFlight;

  private volatile boolean stopping;
  private volatile boolean aborting;
  private final AtomicLong ignoredAnswers = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /**
   * Opens the sockets; nothing is sent yet.
   *
   * @param sink gets every result, on the generator's thread; it must be quick
   * @throws IOException if not all sockets could be opened
   */
  public LoadGenerator(LoadSettings settings, Workload workload, Consumer<Result> sink)
      throws IOException {
    this.settings = settings;
    this.workload = workload;
    this.sink = sink;
    this.selector = Selector.open();
    this.links = new Link[settings.sockets()];
    for (int i = 0; i < links.length; i++) {
      links[i] = Link.open(settings, i % settings.servers().size(), (i * 7919) & 0xffff, selector);
    }
    for (int client = 0; client < settings.clients(); client++) {
      idle.add(client);
    }
    this.thread = Thread.ofPlatform().name("load").daemon().unstarted(this::run);
  }

  /** Lets the clients begin. */
  public void start() {
    thread.start();
  }

  /**
   * Waits until the workload has no more and the last outcome is known.
   *
   * @return false if that was not so in time
   * @throws IllegalStateException if the generator itself failed
   */
  public boolean await(Duration atMost) throws InterruptedException {
    boolean ended = thread.join(atMost);
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("the load generator failed: " + cause, cause);
    }
    return ended;
  }

  /**
   * No new updates; waits for the outcome of those in flight. What is not known in time is reported
   * as {@link Unknown}. When this returns nothing more comes to the sink.
   */
  public void stop(Duration atMost) throws InterruptedException {
    stopping = true;
    selector.wakeup();
    if (!await(atMost)) {
      aborting = true;
      selector.wakeup();
      await(Duration.ofSeconds(10));
    }
  }

  /** Stops without waiting for answers. */
  @Override
  public void close() throws IOException {
    stopping = true;
    aborting = true;
    selector.wakeup();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalThreadStateException neverStarted) {
      closeSockets();
    }
  }

  /** Answers that did not count: late, unsolicited, or NOERROR with a bad signature. */
  public long ignoredAnswers() {
    return ignoredAnswers.get();
  }

  private void run() {
    try {
      while (!aborting && !finished()) {
        wakeClients();
        startIdle();
        retransmit();
        giveUp();
        select();
      }
      for (Link link : links) {
        failAll(link, "stopped");
      }
    } catch (IOException | RuntimeException e) {
      failure.set(e);
    } finally {
      closeSockets();
    }
  }

  private boolean finished() {
    return inFlight == 0 && (stopping || (idle.isEmpty() && resting.isEmpty()));
  }

  private void wakeClients() {
    long now = System.nanoTime();
    while (!resting.isEmpty() && resting.peek().untilNanos - now <= 0) {
      idle.add(resting.poll().client);
    }
  }

  private void startIdle() throws IOException {
    for (int i = 0; i < STARTS_PER_TURN && !idle.isEmpty() && !stopping; i++) {
      startNext(idle.poll());
    }
  }

  private void startNext(int client) throws IOException {
    int index = client % links.length;
    if (links[index].leaving) {
      if (!links[index].inFlight.isEmpty()) {
        rest(client, settings.restAfterFailure());
        return;
      }
      reopen(index, (links[index].serverIndex + 1) % settings.servers().size());
    }
    Change change = workload.next(client).orElse(null);
    if (change == null) {
      return;
    }
    Link link = links[index];
    int id = link.freeId();
    UpdateSigner.Signed signed = settings.signer().sign(change, id);
    long now = System.nanoTime();
    Operation operation = new Operation(client, change, link, id, signed, now);
    link.inFlight.put(id, operation);
    inFlight++;
    giveUps.add(new Deadline(operation, now + settings.giveUpAfter().toNanos()));
    if (retransmits()) {
      retransmissions.add(new Deadline(operation, now + settings.retransmitAfter().toNanos()));
    }
    transmit(operation);
  }

  private boolean retransmits() {
    return settings.transport() == LoadSettings.Transport.UDP
        && settings.retransmitAfter().isPositive();
  }

  private void transmit(Operation operation) throws IOException {
    try {
      operation.link.send(operation.signed.message);
    } catch (IOException e) {
      broken(operation.link, e);
    }
  }

  private void retransmit() throws IOException {
    long now = System.nanoTime();
    while (!retransmissions.isEmpty() && retransmissions.peek().atNanos - now <= 0) {
      Operation operation = retransmissions.poll().operation;
      if (!operation.finished) {
        operation.transmissions++;
        retransmissions.add(new Deadline(operation, now + settings.retransmitAfter().toNanos()));
        transmit(operation);
      }
    }
  }

  private void giveUp() {
    long now = System.nanoTime();
    while (!giveUps.isEmpty() && giveUps.peek().atNanos - now <= 0) {
      Operation operation = giveUps.poll().operation;
      if (!operation.finished) {
        operation.link.leaving = settings.moveOn();
        finish(operation, new Unknown("time-out"));
      }
    }
  }

  private void select() throws IOException {
    boolean more = !stopping && !idle.isEmpty();
    if (more) {
      selector.selectNow();
    } else {
      long now = System.nanoTime();
      long nanos = Duration.ofMillis(100).toNanos();
      for (long at :
          List.of(
              resting.isEmpty() ? Long.MAX_VALUE : resting.peek().untilNanos - now,
              giveUps.isEmpty() ? Long.MAX_VALUE : giveUps.peek().atNanos - now,
              retransmissions.isEmpty() ? Long.MAX_VALUE : retransmissions.peek().atNanos - now)) {
        nanos = Math.min(nanos, at);
      }
      if (!aborting && !finished()) {
        selector.select(Math.max(1, nanos / 1_000_000));
      }
    }
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.isValid()) {
        read((Link) key.attachment(), key);
      }
    }
    selector.selectedKeys().clear();
  }

  private void read(Link link, SelectionKey key) throws IOException {
    try {
      link.ready(key, message -> answered(link, message));
    } catch (IOException e) {
      broken(link, e);
    }
  }

  private void answered(Link link, ByteBuffer answer) {
    int flags = answer.remaining() >= 12 ? answer.getShort(2) & 0xffff : 0;
    Operation operation = flags >> 15 == 1 ? link.inFlight.get(answer.getShort(0) & 0xffff) : null;
    int rcode = flags & 0xf;
    if (operation == null
        || (rcode == 0 && !settings.signer().verifies(answer, operation.signed.mac))) {
      ignoredAnswers.incrementAndGet();
      return;
    }
    finish(
        operation,
        rcode == 0 ? new Outcome.Acknowledged() : new Refused(rcode, extendedError(answer)));
  }

  /** Why, in the words of the server; empty if it does not say. */
  private static String extendedError(ByteBuffer answer) {
    try {
      OPTRecord opt = new Message(answer.duplicate()).getOPT();
      return opt == null
          ? ""
          : opt.getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR).stream()
              .map(option -> ((ExtendedErrorCodeOption) option).getText())
              .filter(Objects::nonNull)
              .findFirst()
              .orElse("");
    } catch (IOException malformed) {
      return "";
    }
  }

  private void finish(Operation operation, Outcome outcome) {
    operation.finished = true;
    operation.link.inFlight.remove(operation.id);
    inFlight--;
    sink.accept(
        new Result(
            operation.change,
            outcome,
            operation.link.server,
            operation.startNanos,
            System.nanoTime(),
            operation.transmissions));
    rest(
        operation.client,
        outcome.acknowledged() ? settings.thinkTime() : settings.restAfterFailure());
  }

  private void rest(int client, Duration time) {
    if (time.isPositive()) {
      resting.add(new Resting(client, System.nanoTime() + time.toNanos()));
    } else {
      idle.add(client);
    }
  }

  /** The socket is of no use any more: a new one takes its place. */
  private void broken(Link link, IOException why) throws IOException {
    failAll(link, why.getMessage() == null ? why.toString() : why.getMessage());
    for (int i = 0; i < links.length; i++) {
      if (links[i] == link) {
        int step = settings.moveOn() ? 1 : 0;
        reopen(i, (link.serverIndex + step) % settings.servers().size());
      }
    }
  }

  private void failAll(Link link, String why) {
    for (Operation operation : List.copyOf(link.inFlight.values())) {
      finish(operation, new Unknown(why));
    }
  }

  private void reopen(int index, int serverIndex) throws IOException {
    int firstId = links[index].freeId();
    links[index].close();
    links[index] = Link.open(settings, serverIndex, firstId, selector);
  }

  private void closeSockets() {
    try {
      for (Link link : links) {
        link.close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
