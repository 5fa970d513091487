package dev.zonekeeper.agent.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.zonekeeper.agent.gateway.Commits;
import dev.zonekeeper.agent.gateway.NotCommittedException;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;

/** What the election hears of how far the members are. */
final class CommitDeskTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final long EPOCH = 7;
  private static final MemberId SELF = new MemberId("primary-0", "a");
  private static final MemberId OTHER = new MemberId("primary-1", "b");

  /** Longer than any test: what is told is not told because it is over. */
  private static final Duration SYNC_TIMEOUT = Duration.ofHours(1);

  private final Queue<MemberId> lagging = new ConcurrentLinkedQueue<>();
  private final Queue<MemberId> responding = new ConcurrentLinkedQueue<>();
  private final Queue<MemberId> caughtUp = new ConcurrentLinkedQueue<>();
  private final Queue<MemberId> covered = new ConcurrentLinkedQueue<>();
  private final Queue<Long> higherEpochs = new ConcurrentLinkedQueue<>();
  private final AtomicReference<String> answered = new AtomicReference<>("");
  private final AtomicInteger asked = new AtomicInteger();
  private final FakeZone zone = new FakeZone();
  private volatile MemberLink member =
      (name, request, timeout) -> {
        throw new AssertionError();
      };
  private final CommitDesk desk =
      new CommitDesk(
          new CommitSettings(SYNC_TIMEOUT, SYNC_TIMEOUT, 2),
          zone,
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
    desk.settleForRead(ZONE);
    calls.set(0);
    desk.changedByItself(ZONE);
    await().until(() -> calls.get() > 2);
    assertThat(lagging).isEmpty();
  }

  @Test
  void a_zone_whose_serial_cannot_be_raised_is_tried_again_without_a_client_that_asks() {
    zone.serial.set(ZoneSerial.firstOf(EPOCH - 1).value());
    zone.failures.set(2);
    member = CommitDeskTest::confirmed;
    lead();
    await().untilAsserted(() -> assertThat(desk.committed()).containsKey(ZONE));
    assertThat(zone.serial.get()).isGreaterThanOrEqualTo(ZoneSerial.firstOf(EPOCH).value());
    assertThat(zone.failures).hasNegativeValue();
  }

  @Test
  void a_member_is_caught_up_when_it_has_every_zone_and_covered_when_commits_waited_for_it() {
    Name second = Name.fromConstantString("example.net.");
    AtomicBoolean lacksSecond = new AtomicBoolean(true);
    member =
        (name, request, timeout) -> {
          if (lacksSecond.get() && request.zone().equals(second)) {
            throw new IOException("it does not hold it yet");
          }
          return confirmed(name, request, timeout);
        };
    desk.zones(Set.of(ZONE, second), Set.of());
    desk.waitFor(Set.of(), 1);
    desk.open(EPOCH);
    look();
    await().until(() -> desk.committed().size() == 2);
    look();
    assertThat(caughtUp).isEmpty();
    lacksSecond.set(false);
    await()
        .untilAsserted(() -> {
          look();
          assertThat(caughtUp).contains(OTHER);
        });
    assertThat(desk.isCovered(OTHER)).isFalse();
    desk.waitFor(Set.of(OTHER), 2);
    await()
        .untilAsserted(() -> {
          look();
          assertThat(covered).containsExactly(OTHER);
        });
    assertThat(desk.isCovered(OTHER)).isTrue();
  }

  /** What named answers to an update that changes nothing may be from an old copy of the zone. */
  @Test
  void an_update_without_effect_is_answered_only_after_every_member_has_confirmed_the_term_again()
      throws Exception {
    zone.counts.set(false);
    member = CommitDeskTest::confirmed;
    lead();
    await().until(() -> desk.committed().containsKey(ZONE));
    int before = asked.get();
    try (Commits.Applying update = desk.applying(ZONE)) {
      update.settle();
    }
    assertThat(asked.get()).isGreaterThan(before);
  }

  @Test
  void a_deposed_leader_answers_no_update_even_if_its_zone_stays_as_it_was() throws Exception {
    zone.counts.set(false);
    member = CommitDeskTest::confirmed;
    lead();
    await().until(() -> desk.committed().containsKey(ZONE));
    member = CommitDeskTest::followsAnother;
    Commits.Applying update = desk.applying(ZONE);
    Thread settling =
        Thread.ofVirtual()
            .start(() -> {
              try {
                update.settle();
                answered.set("answered");
              } catch (NotCommittedException | InterruptedException e) {
                answered.set(e.getMessage());
              }
            });
    await().until(() -> !higherEpochs.isEmpty());
    desk.close("the lease is another member's");
    settling.join();
    assertThat(answered).hasValue("the lease is another member's");
  }

  @Test
  void an_update_of_an_earlier_term_is_not_answered_in_a_later_one() throws Exception {
    member = CommitDeskTest::confirmed;
    lead();
    await().until(() -> desk.committed().containsKey(ZONE));
    Commits.Applying update = desk.applying(ZONE);
    desk.close("it was deposed, and was elected again");
    desk.open(EPOCH);
    desk.waitFor(Set.of(OTHER), 2);
    assertThatThrownBy(update::settle)
        .isInstanceOf(NotCommittedException.class)
        .hasMessage("this member did not lead all the time");
  }

  @Test
  void a_leader_that_hands_over_waits_for_those_that_have_named_s_answer_and_not_yet_its_commit()
      throws Exception {
    member = CommitDeskTest::confirmed;
    lead();
    await().until(() -> desk.committed().containsKey(ZONE));
    try (Commits.Applying update = desk.applying(ZONE)) {
      assertThat(desk.drain(Duration.ofMillis(1))).isFalse();
      update.settle();
      assertThat(desk.drain(Duration.ofMillis(1))).isFalse();
    }
    assertThat(desk.drain(Duration.ofSeconds(10))).isTrue();
  }

  private void look() {
    desk.feed(Set.of(OTHER), Set.of());
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

  private static Confirmation followsAnother(String name, CommitRequest request, Duration timeout) {
    return new Confirmation(
        request.zone(),
        request.serial(),
        EPOCH + 1,
        new Sender(OTHER.name(), OTHER.incarnation()),
        Confirmation.Verdict.STALE_EPOCH,
        "");
  }

  /** Each zone, of a named that may count on at each look, and may fail to raise. */
  private static final class FakeZone implements ZoneSource {
    private final AtomicBoolean counts = new AtomicBoolean(true);
    private final AtomicLong serial = new AtomicLong(ZoneSerial.firstOf(EPOCH).value());
    private final AtomicInteger failures = new AtomicInteger();

    @Override
    public Read read(Name zone, Optional<SOARecord> base) {
      return new Read(
          new SOARecord(
              zone,
              DClass.IN,
              60,
              zone,
              zone,
              serial.getAndAdd(counts.get() ? 1 : 0),
              60,
              60,
              60,
              60),
          Optional.empty());
    }

    @Override
    public void raise(Name zone, SOARecord now, long to) throws IOException {
      if (failures.getAndDecrement() > 0) {
        throw new IOException("named is busy");
      }
      serial.set(to);
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
    public void caughtUp(MemberId who) {
      caughtUp.add(who);
    }

    @Override
    public void covered(MemberId who) {
      covered.add(who);
    }

    @Override
    public void higherEpoch(long epoch) {
      higherEpochs.add(epoch);
    }

    @Override
    public void epochWanted(long atLeast) {}
  }
}
