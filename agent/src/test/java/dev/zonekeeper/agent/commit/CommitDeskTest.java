package dev.zonekeeper.agent.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.core.ZoneSerial;
import dev.zonekeeper.dns.CommitRequest;
import dev.zonekeeper.dns.Confirmation;
import dev.zonekeeper.dns.Sender;
import dev.zonekeeper.dns.net.NotSentException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;

/** When the election hears that a member does not confirm. */
final class CommitDeskTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final long EPOCH = 7;
  private static final MemberId SELF = new MemberId("primary-0", "a");
  private static final MemberId OTHER = new MemberId("primary-1", "b");

  /** Longer than any test: what is told is not told because it is over. */
  private static final Duration SYNC_TIMEOUT = Duration.ofHours(1);

  private final Queue<MemberId> lagging = new ConcurrentLinkedQueue<>();
  private final Queue<MemberId> responding = new ConcurrentLinkedQueue<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile MemberLink member =
      (name, request, timeout) -> {
        throw new AssertionError();
      };
  private final CommitDesk desk =
      new CommitDesk(
          new CommitSettings(SYNC_TIMEOUT, SYNC_TIMEOUT, 2),
          new QuietZone(),
          (name, request, timeout) -> {
            asked.incrementAndGet();
            return member.confirm(name, request, timeout);
          },
          () -> new Sender(SELF.name(), SELF.incarnation()),
          new Heard(),
          (zone, line) -> {});

  @AfterEach
  void close() {
    desk.close("the test is over");
  }

  @Test
  void a_member_at_whose_port_nobody_listens_lags_before_the_sync_time_out_is_over() {
    member = refusing();
    lead();
    await().untilAsserted(() -> assertThat(lagging).contains(OTHER));
  }

  @Test
  void a_member_that_confirms_again_responds() {
    member = refusing();
    lead();
    await().until(() -> !lagging.isEmpty());
    member = CommitDeskTest::confirmed;
    await().untilAsserted(() -> assertThat(responding).containsExactly(OTHER));
  }

  @Test
  void one_that_does_not_answer_may_take_the_whole_sync_time_out() {
    member =
        (name, request, timeout) -> {
          throw new NotSentException("no connection", new SocketTimeoutException());
        };
    lead();
    await().until(() -> asked.get() > 10);
    assertThat(lagging).isEmpty();
  }

  @Test
  void refusals_before_and_after_a_confirmation_are_not_counted_together() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    MemberLink refusing = refusing();
    member =
        (name, request, timeout) ->
            calls.incrementAndGet() <= 2
                ? refusing.confirm(name, request, timeout)
                : confirmed(name, request, timeout);
    lead();
    desk.settle(ZONE);
    calls.set(0);
    desk.changedByItself(ZONE);
    await().until(() -> calls.get() > 2);
    assertThat(lagging).isEmpty();
  }

  private void lead() {
    desk.zones(Set.of(ZONE), Set.of());
    desk.waitFor(Set.of(OTHER), 2);
    desk.open(EPOCH);
    desk.waitFor(Set.of(OTHER), 2);
  }

  private static MemberLink refusing() {
    return (name, request, timeout) -> {
      throw new NotSentException("no connection", new ConnectException("Connection refused"));
    };
  }

  private static Confirmation confirmed(String name, CommitRequest request, Duration timeout) {
    return new Confirmation(
        request.zone(),
        request.serial(),
        request.epoch(),
        new Sender(OTHER.name(), OTHER.incarnation()),
        Confirmation.Verdict.DURABLE,
        "");
  }

  /** A zone whose serial is one higher at each look. */
  private static final class QuietZone implements ZoneSource {
    private final AtomicInteger looks = new AtomicInteger();

    @Override
    public Read read(Name zone, Optional<SOARecord> base) {
      long serial = ZoneSerial.firstOf(EPOCH).value() + looks.getAndIncrement();
      return new Read(
          new SOARecord(zone, DClass.IN, 60, zone, zone, serial, 60, 60, 60, 60), Optional.empty());
    }

    @Override
    public void raise(Name zone, SOARecord now, long serial) throws IOException {
      throw new IOException("not wanted");
    }
  }

  private final class Heard implements TermEvents {
    @Override
    public void lagging(MemberId who) {
      lagging.add(who);
    }

    @Override
    public void responding(MemberId who) {
      responding.add(who);
    }

    @Override
    public void caughtUp(MemberId who) {}

    @Override
    public void covered(MemberId who) {}

    @Override
    public void higherEpoch(long epoch) {}

    @Override
    public void epochWanted(long atLeast) {}
  }
}
