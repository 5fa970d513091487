package dev.zonekeeper.agent.follow;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;

/** A named of which the test says what it has. */
final class FakeZones implements LocalZones {
  final AtomicInteger questions = new AtomicInteger();
  final AtomicInteger answers = new AtomicInteger();
  final AtomicInteger notifies = new AtomicInteger();
  final AtomicInteger retransfers = new AtomicInteger();
  final AtomicInteger saves = new AtomicInteger();
  volatile boolean hasData;
  volatile OptionalLong serial = OptionalLong.empty();
  volatile boolean canSave = true;

  /** While it is closed, answers are on their way. */
  volatile CountDownLatch answersArrive = new CountDownLatch(0);

  static SOARecord soaOf(Name zone, long serial) {
    return new SOARecord(zone, DClass.IN, 300, zone, zone, serial, 3600, 600, 86400, 300);
  }

  @Override
  public Optional<SOARecord> soa(Name zone) throws InterruptedException {
    OptionalLong now = serial;
    questions.incrementAndGet();
    answersArrive.await();
    answers.incrementAndGet();
    return now.isPresent() ? Optional.of(soaOf(zone, now.getAsLong())) : Optional.empty();
  }

  @Override
  public void notifyOf(Name zone, Optional<SOARecord> newer) {
    notifies.incrementAndGet();
  }

  @Override
  public void retransfer(Name zone) {
    retransfers.incrementAndGet();
  }

  @Override
  public boolean hasData(Name zone) {
    return hasData;
  }

  @Override
  public long save(Name zone, Duration atMost) throws IOException {
    saves.incrementAndGet();
    if (!canSave) {
      throw new IOException("the disk is full");
    }
    return serial.orElse(0);
  }
}
