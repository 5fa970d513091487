package dev.zonekeeper.kubernetes;

import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Zonekeeper's lease as an object of {@code coordination.k8s.io/v1}.
 *
 * <p>What the object's own fields cannot hold is in annotations. An annotation that only makes a
 * field more exact counts as long as it agrees with it: somebody may change the field by hand.
 */
final class LeaseObject {
  private static final int MAX_TRANSITIONS = Integer.MAX_VALUE;

  private LeaseObject() {}

  /**
   * The object that says this.
   *
   * @param base what is there now, or an empty object with a name: all of it that is not the
   *     lease's own is kept
   */
  static io.fabric8.kubernetes.api.model.coordination.v1.Lease toObject(
      Lease lease, io.fabric8.kubernetes.api.model.coordination.v1.Lease base) {
    Map<String, String> annotations = new HashMap<>(annotations(base));
    put(annotations, Names.IN_SYNC, Optional.of(inSync(lease.inSync())));
    put(annotations, Names.HANDOVER_TO, lease.handoverTo());
    put(annotations, Names.REVISION, Optional.of(Long.toString(lease.revision())));
    int transitions = transitions(lease.epoch());
    put(
        annotations,
        Names.EPOCH,
        Optional.of(lease.epoch()).filter(e -> e != transitions).map(String::valueOf));
    int seconds = seconds(lease.duration());
    long millis = lease.duration().toMillis();
    put(
        annotations,
        Names.DURATION_MILLIS,
        Optional.of(millis).filter(m -> m != seconds * 1000L).map(String::valueOf));
    return new LeaseBuilder(base)
        .editMetadata()
        .withAnnotations(annotations)
        .withManagedFields()
        .endMetadata()
        .editOrNewSpec()
        .withHolderIdentity(lease.holder().orElse(null))
        .withLeaseTransitions(transitions)
        .withLeaseDurationSeconds(seconds)
        .withRenewTime(micros(lease.renewedAt()).atZone(ZoneOffset.UTC))
        .endSpec()
        .build();
  }

  /**
   * What the object says.
   *
   * @throws IOException it is no lease of Zonekeeper's; the message names the field
   */
  static Lease fromObject(io.fabric8.kubernetes.api.model.coordination.v1.Lease object)
      throws IOException {
    String name = object.getMetadata().getName();
    LeaseSpec spec = object.getSpec();
    if (spec == null) {
      throw unreadable(name, "spec", "is missing", null);
    }
    Map<String, String> annotations = annotations(object);
    try {
      return new Lease(
          text(spec.getHolderIdentity()),
          epoch(name, spec, annotations),
          number(name, annotations, Names.REVISION),
          renewedAt(name, spec),
          duration(name, spec, annotations),
          inSync(name, annotations.get(Names.IN_SYNC)),
          text(annotations.get(Names.HANDOVER_TO)));
    } catch (IllegalArgumentException | DateTimeException wrong) {
      throw unreadable(name, "spec", wrong.getMessage(), wrong);
    }
  }

  /** As the object holds it: to the microsecond. */
  static Lease kept(Lease lease) {
    return new Lease(
        lease.holder(),
        lease.epoch(),
        lease.revision(),
        micros(lease.renewedAt()),
        lease.duration(),
        lease.inSync(),
        lease.handoverTo());
  }

  /** A lease that was deleted and made anew is another object, so it has another version. */
  static String version(io.fabric8.kubernetes.api.model.coordination.v1.Lease object) {
    ObjectMeta meta = object.getMetadata();
    return meta.getUid() + "/" + meta.getResourceVersion();
  }

  private static Instant micros(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS);
  }

  private static int transitions(long epoch) {
    return (int) Math.min(epoch, MAX_TRANSITIONS);
  }

  /** Rounded up: nobody who knows only this field shall think that the lease is over too early. */
  private static int seconds(Duration duration) {
    return Math.clamp((duration.toMillis() + 999) / 1000, 1, Integer.MAX_VALUE);
  }

  private static long epoch(String name, LeaseSpec spec, Map<String, String> annotations)
      throws IOException {
    Integer transitions = spec.getLeaseTransitions();
    if (transitions == null) {
      throw unreadable(name, "spec.leaseTransitions", "is missing", null);
    }
    if (annotations.containsKey(Names.EPOCH)) {
      long exact = number(name, annotations, Names.EPOCH);
      if (transitions(exact) == transitions) {
        return exact;
      }
    }
    if (transitions < 1) {
      throw unreadable(
          name, "spec.leaseTransitions", "expected 1 or more, found " + transitions, null);
    }
    return transitions;
  }

  private static Instant renewedAt(String name, LeaseSpec spec) throws IOException {
    ZonedDateTime renewTime = spec.getRenewTime();
    if (renewTime == null) {
      throw unreadable(name, "spec.renewTime", "is missing", null);
    }
    return renewTime.toInstant();
  }

  private static Duration duration(String name, LeaseSpec spec, Map<String, String> annotations)
      throws IOException {
    Integer seconds = spec.getLeaseDurationSeconds();
    if (seconds == null) {
      throw unreadable(name, "spec.leaseDurationSeconds", "is missing", null);
    }
    if (annotations.containsKey(Names.DURATION_MILLIS)) {
      Duration exact = Duration.ofMillis(number(name, annotations, Names.DURATION_MILLIS));
      if (seconds(exact) == seconds) {
        return exact;
      }
    }
    return Duration.ofSeconds(seconds);
  }

  private static long number(String name, Map<String, String> annotations, String field)
      throws IOException {
    String text = annotations.get(field);
    if (text == null) {
      throw unreadable(name, "annotation " + field, "is missing", null);
    }
    try {
      long value = Long.parseLong(text.strip());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException wrong) {
      throw unreadable(
          name, "annotation " + field, "expected a number, found \"" + text + "\"", wrong);
    }
    throw unreadable(name, "annotation " + field, "expected 0 or more, found " + text, null);
  }

  private static String inSync(Set<MemberId> members) {
    return members.stream()
        .map(member -> member.name() + "=" + member.incarnation())
        .sorted()
        .collect(Collectors.joining(","));
  }

  private static Set<MemberId> inSync(String name, String text) throws IOException {
    if (text == null) {
      throw unreadable(name, "annotation " + Names.IN_SYNC, "is missing", null);
    }
    Set<MemberId> members = new HashSet<>();
    for (String one : text.split(",", -1)) {
      if (one.isBlank()) {
        continue;
      }
      int equals = one.indexOf('=');
      if (equals < 1 || one.substring(equals + 1).isBlank()) {
        throw unreadable(
            name,
            "annotation " + Names.IN_SYNC,
            "expected name=incarnation,..., found \"" + text + "\"",
            null);
      }
      members.add(
          new MemberId(one.substring(0, equals).strip(), one.substring(equals + 1).strip()));
    }
    return members;
  }

  private static Map<String, String> annotations(
      io.fabric8.kubernetes.api.model.coordination.v1.Lease object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  private static void put(Map<String, String> annotations, String name, Optional<String> value) {
    value.ifPresentOrElse(v -> annotations.put(name, v), () -> annotations.remove(name));
  }

  private static Optional<String> text(String value) {
    return Optional.ofNullable(value).map(String::strip).filter(v -> !v.isEmpty());
  }

  private static IOException unreadable(String name, String field, String why, Exception cause) {
    return new IOException("lease " + name + " is not readable: " + field + ": " + why, cause);
  }
}
