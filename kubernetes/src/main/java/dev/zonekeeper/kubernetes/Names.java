package dev.zonekeeper.kubernetes;

import java.util.LinkedHashMap;
import java.util.Map;

/** The labels and annotations that Zonekeeper and its users know each other by. */
final class Names {
  private static final String PREFIX = "zonekeeper.dev/";

  /** Label: the cluster that an object belongs to. */
  static final String CLUSTER = PREFIX + "cluster";

  /** Label of a pod and a StatefulSet: primary or secondary. */
  static final String KIND = PREFIX + "kind";

  static final String PRIMARY = "primary";
  static final String SECONDARY = "secondary";

  /** The container of a pod. */
  static final String CONTAINER = "zonekeeper";

  /** Label of a pod: leader, standby or secondary. */
  static final String ROLE = PREFIX + "role";

  /**
   * Annotation. Of a pod: true or false. Of the lease: the members in sync, {@code
   * name=incarnation}, with commas.
   */
  static final String IN_SYNC = PREFIX + "in-sync";

  /** Annotation of the lease: who shall lead. May be set by hand. */
  static final String HANDOVER_TO = PREFIX + "handover-to";

  /** Annotation of the lease: how often it was changed. */
  static final String REVISION = PREFIX + "revision";

  /** Annotation of the lease: what {@code spec.leaseTransitions} is too small for. */
  static final String EPOCH = PREFIX + "epoch";

  /** Annotation of the lease: what {@code spec.leaseDurationSeconds} is too coarse for. */
  static final String DURATION_MILLIS = PREFIX + "duration-millis";

  static final String LEADER = "leader";

  private Names() {}

  /** The labels of what belongs to a cluster. */
  static Map<String, String> labels(String cluster) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("app.kubernetes.io/name", "zonekeeper");
    labels.put("app.kubernetes.io/instance", cluster);
    labels.put(CLUSTER, cluster);
    return labels;
  }
}
