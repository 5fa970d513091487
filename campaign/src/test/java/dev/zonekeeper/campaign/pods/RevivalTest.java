package dev.zonekeeper.campaign.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.kubernetes.RemotePod;
import org.junit.jupiter.api.Test;

class RevivalTest {
  private static final long SECOND = 1_000_000_000L;

  private final Revival.Lying lying = new Revival.Lying();

  @Test
  void a_container_that_is_not_started_again_for_a_while_lies() {
    assertThat(lying.is(Pods.waiting("p", "CrashLoopBackOff"), 0)).isTrue();
  }

  @Test
  void a_container_that_is_being_made_does_not() {
    assertThat(lying.is(Pods.waiting("p", "ContainerCreating"), 0)).isFalse();
    assertThat(lying.is(Pods.running("p", "standby"), 0)).isFalse();
  }

  @Test
  void a_pod_lies_when_it_gets_no_node_for_seconds() {
    RemotePod pod = Pods.unscheduled("p");

    assertThat(lying.is(pod, 0)).isFalse();
    assertThat(lying.is(pod, 3 * SECOND)).isFalse();
    assertThat(lying.is(pod, 5 * SECOND)).isTrue();
  }
}
