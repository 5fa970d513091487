package dev.zonekeeper.campaign.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zonekeeper.kubernetes.RemoteCluster;
import dev.zonekeeper.kubernetes.RemotePod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WholenessTest {
  private static final Map<String, String> ALL =
      Map.of("demo-primary-0", "a", "demo-primary-1", "b");

  private final Wholeness wholeness =
      Wholeness.of("demo", new RemoteCluster.Shape(2, 1, 2, List.of("example.com"), true));
  private final List<RemotePod> pods =
      new ArrayList<>(
          List.of(
              Pods.running("demo-primary-0", "leader"),
              Pods.running("demo-primary-1", "standby"),
              Pods.running("demo-secondary-0", "secondary")));

  private Optional<String> missing() {
    return wholeness.missing(pods, Optional.of("demo-primary-0"), ALL);
  }

  @Test
  void nothing_is_missing_when_all_are_ready_and_in_sync() {
    assertThat(missing()).isEmpty();
  }

  @Test
  void a_pod_that_is_gone_or_not_ready_is_named() {
    pods.set(2, Pods.waiting("demo-secondary-0", "CrashLoopBackOff"));
    assertThat(missing()).contains("demo-secondary-0 is not ready: CrashLoopBackOff");

    pods.remove(2);
    assertThat(missing()).contains("demo-secondary-0 is not there");
  }

  @Test
  void a_primary_that_is_not_in_sync_is_named_and_a_secondary_need_not_be() {
    assertThat(
            wholeness.missing(pods, Optional.of("demo-primary-0"), Map.of("demo-primary-0", "a")))
        .contains("demo-primary-1 is not in sync");
  }

  @Test
  void somebody_must_lead_and_the_labels_must_say_who() {
    assertThat(wholeness.missing(pods, Optional.empty(), ALL)).contains("nobody leads");
    assertThat(wholeness.missing(pods, Optional.of("demo-primary-1"), ALL))
        .contains("demo-primary-1 leads, and the label of demo-primary-0 says leader");
  }
}
