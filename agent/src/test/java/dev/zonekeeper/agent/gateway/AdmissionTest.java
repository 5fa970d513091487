package dev.zonekeeper.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdmissionTest {

  @Test
  void asManyAsMayAreLetThroughAndTheRestComesInOrder() throws Exception {
    Admission admission = new Admission(2, 10, 1000);
    Admission.Slot first = admission.enter(1);
    Admission.Slot second = admission.enter(1);
    Queue<Integer> let = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      threads.add(
          Thread.startVirtualThread(() -> {
            try (var _ = admission.enter(1)) {
              let.add(number);
            } catch (Admission.QueueFullException | InterruptedException e) {
              let.add(-1);
            }
          }));
      int waiting = i + 1;
      await().until(() -> admission.waiting() == waiting);
    }

    assertThat(let).isEmpty();
    assertThat(admission.inFlight()).isEqualTo(2);
    first.close();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(let).containsExactly(0, 1, 2, 3, 4);
    second.close();
    assertThat(admission.inFlight()).isZero();
    assertThat(admission.waiting()).isZero();
  }

  @Test
  void whoeverComesWhenTheQueueIsFullIsTurnedAway() throws Exception {
    Admission admission = new Admission(1, 1, 1000);
    Admission.Slot only = admission.enter(1);
    Thread waiting = waiter(admission, 1);
    await().until(() -> admission.waiting() == 1);

    assertThatThrownBy(() -> admission.enter(1)).isInstanceOf(Admission.QueueFullException.class);

    only.close();
    waiting.join();
    admission.enter(1).close();
  }

  @Test
  void theBytesThatWaitAreBoundedToo() throws Exception {
    Admission admission = new Admission(1, 100, 1000);
    Admission.Slot only = admission.enter(5000);
    Thread waiting = waiter(admission, 900);
    await().until(() -> admission.waiting() == 1);

    assertThatThrownBy(() -> admission.enter(101)).isInstanceOf(Admission.QueueFullException.class);

    only.close();
    waiting.join();
  }

  private static Thread waiter(Admission admission, int bytes) {
    return Thread.startVirtualThread(() -> {
      try {
        admission.enter(bytes).close();
      } catch (Admission.QueueFullException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }
}
