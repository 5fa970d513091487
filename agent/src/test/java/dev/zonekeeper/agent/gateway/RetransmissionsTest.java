package dev.zonekeeper.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.agent.gateway.Retransmissions.Again;
import dev.zonekeeper.agent.gateway.Retransmissions.First;
import dev.zonekeeper.dns.ExtendedError;
import dev.zonekeeper.dns.net.ClientAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetransmissionsTest {

  private static final byte[] MESSAGE = {1, 2, 3};
  private static final Answer DONE = new Answer.Relayed(new byte[100]);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // the timer may wrap
  private final Retransmissions retransmissions =
      new Retransmissions(Duration.ofSeconds(10), 100, 1000, now::get);

  @Test
  void anAnswerIsGivenAgainForTenSecondsAndNotLonger() throws Exception {
    first(1).answered(DONE);

    now.addAndGet(Duration.ofMillis(9999).toNanos());
    assertThat(again(1).answer()).contains(DONE);

    now.addAndGet(Duration.ofMillis(1).toNanos());
    assertThat(first(1)).isNotNull();
  }

  @Test
  void whatIsInFlightIsNeverForgotten() throws Exception {
    First first = first(1);

    now.addAndGet(Duration.ofHours(1).toNanos());
    Again again = again(1);
    first.answered(DONE);

    assertThat(again.answer()).contains(DONE);
  }

  @Test
  void anOutcomeThatIsUnknownIsRememberedButNotAnAnswerBecauseOfWhichNothingHappened()
      throws Exception {
    Answer unknown = Answer.unknown(ExtendedError.OTHER, "?");
    first(1).answered(unknown);
    first(2).answered(Answer.notTaken("full"));
    first(3).answered(Answer.notLeader("nobody"));

    assertThat(again(1).answer()).contains(unknown);
    first(2);
    first(3);
  }

  @Test
  void thoseThatJoinedGetEvenAnAnswerThatIsNotRemembered() throws Exception {
    First first = first(1);
    Again again = again(1);

    Answer full = Answer.notTaken("full");
    first.answered(full);

    assertThat(again.answer()).contains(full);
  }

  @Test
  void anUpdateThatIsAbandonedLeavesNothingBehind() throws Exception {
    First first = first(1);
    Again again = again(1);

    first.abandon();

    assertThat(again.answer()).isEmpty();
    assertThat(retransmissions.size()).isZero();
  }

  @Test
  void toAbandonWhatIsAnsweredChangesNothing() throws Exception {
    First first = first(1);

    first.answered(DONE);
    first.abandon();

    assertThat(again(1).answer()).contains(DONE);
  }

  @Test
  void theNumberAndTheBytesOfAnswersAreBoundedAndTheOldestGoFirst() throws Exception {
    for (int i = 0; i < 1000; i++) {
      first(i).answered(DONE);
    }
    assertThat(retransmissions.size()).isEqualTo(10); // of 100 bytes each
    assertThat(again(999).answer()).contains(DONE);
    first(0);

    for (int i = 2000; i < 3000; i++) {
      first(i).answered(new Answer.Relayed(new byte[0]));
    }
    assertThat(retransmissions.size()).isEqualTo(101); // and the one that is in flight
  }

  @Test
  void unsignedMessagesAreToldApartByAddressPortAndBytes() throws Exception {
    Retransmissions.Key key = Retransmissions.Key.of(MESSAGE, client(1, 5000));

    assertThat(Retransmissions.Key.of(MESSAGE.clone(), client(1, 5000))).isEqualTo(key);
    assertThat(Retransmissions.Key.of(MESSAGE, client(1, 5001))).isNotEqualTo(key);
    assertThat(Retransmissions.Key.of(MESSAGE, client(2, 5000))).isNotEqualTo(key);
    assertThat(Retransmissions.Key.of(new byte[] {1, 2, 4}, client(1, 5000))).isNotEqualTo(key);
  }

  @Test
  void signedMessagesAreToldApartByAddressAndBytes() throws Exception {
    Retransmissions.Key key = Retransmissions.Key.ofSigned(MESSAGE, client(1, 5000));

    assertThat(Retransmissions.Key.ofSigned(MESSAGE, client(1, 5001))).isEqualTo(key);
    assertThat(Retransmissions.Key.ofSigned(MESSAGE, client(2, 5000))).isNotEqualTo(key);
    assertThat(Retransmissions.Key.ofSigned(MESSAGE))
        .isNotEqualTo(key)
        .isEqualTo(Retransmissions.Key.ofSigned(MESSAGE.clone()));
  }

  private First first(int number) {
    return (First) retransmissions.arrived(new Retransmissions.Key(number, 0));
  }

  private Again again(int number) {
    return (Again) retransmissions.arrived(new Retransmissions.Key(number, 0));
  }

  private static ClientAddress client(int lastByte, int port) throws Exception {
    return new ClientAddress(
        InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) lastByte}), port);
  }
}
