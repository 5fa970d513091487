package dev.zonekeeper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LeaseObjectTest {
  private static final Lease LEASE =
      new Lease(
          Optional.of("demo-primary-0"),
          7,
          42,
          Instant.parse("2026-01-02T03:04:05.123456Z"),
          Duration.ofSeconds(5),
          Set.of(new MemberId("demo-primary-0", "a1"), new MemberId("demo-primary-1", "b2")),
          Optional.empty());

  static Stream<Lease> leases() {
    return Stream.of(
        LEASE,
        LEASE.withHolder(Optional.empty()),
        LEASE.withHandoverTo(Optional.of("demo-primary-1")),
        LEASE.withInSync(Set.of()),
        LEASE.withEpoch(65536),
        LEASE.withEpoch(Integer.MAX_VALUE),
        LEASE.withEpoch(Integer.MAX_VALUE + 1L),
        LEASE.withEpoch(1L << 40),
        LEASE.withDuration(Duration.ofMillis(1)),
        LEASE.withDuration(Duration.ofMillis(5001)),
        LEASE.next(Instant.parse("2026-01-02T03:04:05Z")),
        LEASE.next(Instant.parse("2026-01-02T03:04:05.000001Z")));
  }

  @ParameterizedTest
  @MethodSource("leases")
  void nothingIsLostOnTheWayToTheServerAndBack(Lease lease) throws Exception {
    var object = LeaseObject.toObject(lease, empty());

    var back =
        Serialization.unmarshal(
            Serialization.asJson(object),
            io.fabric8.kubernetes.api.model.coordination.v1.Lease.class);

    assertThat(LeaseObject.fromObject(back)).isEqualTo(lease);
  }

  @Test
  void peopleReadItInKubectl() {
    var object = LeaseObject.toObject(LEASE, empty());

    assertThat(object.getSpec().getHolderIdentity()).isEqualTo("demo-primary-0");
    assertThat(object.getSpec().getLeaseTransitions()).isEqualTo(7);
    assertThat(object.getSpec().getLeaseDurationSeconds()).isEqualTo(5);
    assertThat(object.getMetadata().getAnnotations())
        .containsOnly(
            Map.entry("zonekeeper.dev/in-sync", "demo-primary-0=a1,demo-primary-1=b2"),
            Map.entry("zonekeeper.dev/revision", "42"));
  }

  @Test
  void theDurationIsNeverShorterForThoseWhoOnlyKnowSeconds() {
    var object = LeaseObject.toObject(LEASE.withDuration(Duration.ofMillis(1200)), empty());

    assertThat(object.getSpec().getLeaseDurationSeconds()).isEqualTo(2);
  }

  @Test
  void whatSomebodyElseWroteIntoTheObjectStays() {
    var before =
        new LeaseBuilder(empty())
            .editMetadata()
            .addToLabels("team", "dns")
            .addToAnnotations("example.com/note", "hello")
            .addToAnnotations("zonekeeper.dev/handover-to", "demo-primary-1")
            .endMetadata()
            .build();

    var after = LeaseObject.toObject(LEASE, before);

    assertThat(after.getMetadata().getLabels()).containsEntry("team", "dns");
    assertThat(after.getMetadata().getAnnotations())
        .containsEntry("example.com/note", "hello")
        .doesNotContainKey("zonekeeper.dev/handover-to");
  }

  @Test
  void aFieldThatWasChangedByHandCountsMoreThanItsExactForm() throws Exception {
    var object = LeaseObject.toObject(LEASE.withDuration(Duration.ofMillis(1200)), empty());
    object.getSpec().setLeaseDurationSeconds(30);

    assertThat(LeaseObject.fromObject(object).duration()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void anEmptyHolderIsNobody() throws Exception {
    var object = LeaseObject.toObject(LEASE, empty());
    object.getSpec().setHolderIdentity("");

    assertThat(LeaseObject.fromObject(object).holder()).isEmpty();
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource(
      nullValues = "-",
      value = {
        "zonekeeper.dev/in-sync, -, annotation zonekeeper.dev/in-sync: is missing",
        "zonekeeper.dev/in-sync, nonsense, annotation zonekeeper.dev/in-sync: expected name=",
        "zonekeeper.dev/revision, -, annotation zonekeeper.dev/revision: is missing",
        "zonekeeper.dev/revision, many, 'expected a number, found \"many\"'",
        "zonekeeper.dev/revision, -1, 'expected 0 or more, found -1'"
      })
  void aLeaseThatSomebodyScribbledOnIsRefusedByTheNameOfItsField(
      String annotation, String value, String message) {
    var object = LeaseObject.toObject(LEASE, empty());
    if (value == null) {
      object.getMetadata().getAnnotations().remove(annotation);
    } else {
      object.getMetadata().getAnnotations().put(annotation, value);
    }

    assertThatThrownBy(() -> LeaseObject.fromObject(object))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("lease demo is not readable: ")
        .hasMessageContaining(message);
  }

  @Test
  void aLeaseOfAnotherProgramIsRefused() {
    var object = new LeaseBuilder(empty()).withNewSpec().withHolderIdentity("x").endSpec().build();

    assertThatThrownBy(() -> LeaseObject.fromObject(object))
        .hasMessageContaining("spec.leaseTransitions: is missing");
    assertThatThrownBy(() -> LeaseObject.fromObject(empty()))
        .hasMessageContaining("spec: is missing");
  }

  private static io.fabric8.kubernetes.api.model.coordination.v1.Lease empty() {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("demo")
        .endMetadata()
        .build();
  }
}
