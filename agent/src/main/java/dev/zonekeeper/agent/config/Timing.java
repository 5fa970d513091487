package dev.zonekeeper.agent.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/**
 * How long an agent waits for what.
 *
 * @param lease how long a lease holds without being renewed
 * @param renew how often the leader renews it; less than the lease
 * @param heartbeat the time between two heartbeats
 * @param heartbeatsMissed after the time of so many heartbeats in which nothing was heard of the
 *     leader the peers are asked whether it is gone
 * @param syncTimeout how long a commit waits for a member before it is taken out of the in-sync set
 * @param writeHold how long an update is held while nobody leads
 */
public record Timing(
    Duration lease,
    Duration renew,
    Duration heartbeat,
    int heartbeatsMissed,
    Duration syncTimeout,
    Duration writeHold) {

  /** What is used where a file says nothing. */
  public static final Timing DEFAULT =
      new Timing(
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofMillis(250),
          3,
          Duration.ofSeconds(2),
          Duration.ofSeconds(2));

  private static final int HOUR_MILLIS = 3_600_000;

  /** Checks that the leader gets the chance to renew, and to be heard, before its lease ends. */
  public Timing {
    if (renew.compareTo(lease) >= 0) {
      throw new IllegalArgumentException(
          "renewMillis: expected less than leaseMillis, which is "
              + lease.toMillis()
              + ", found "
              + renew.toMillis());
    }
    if (heartbeat.multipliedBy(heartbeatsMissed).compareTo(lease) > 0) {
      throw new IllegalArgumentException(
          "heartbeatMillis x heartbeatsMissed: expected at most leaseMillis, which is "
              + lease.toMillis()
              + ", found "
              + heartbeat.multipliedBy(heartbeatsMissed).toMillis());
    }
  }

  static Timing read(Fields fields) throws ConfigException {
    return new Timing(
        millis(fields, "leaseMillis", DEFAULT.lease),
        millis(fields, "renewMillis", DEFAULT.renew),
        millis(fields, "heartbeatMillis", DEFAULT.heartbeat),
        fields.integer("heartbeatsMissed", 1, 1000, DEFAULT.heartbeatsMissed),
        millis(fields, "syncTimeoutMillis", DEFAULT.syncTimeout),
        millis(fields, "writeHoldMillis", DEFAULT.writeHold));
  }

  void write(ObjectNode json) {
    json.put("leaseMillis", lease.toMillis())
        .put("renewMillis", renew.toMillis())
        .put("heartbeatMillis", heartbeat.toMillis())
        .put("heartbeatsMissed", heartbeatsMissed)
        .put("syncTimeoutMillis", syncTimeout.toMillis())
        .put("writeHoldMillis", writeHold.toMillis());
  }

  private static Duration millis(Fields fields, String name, Duration otherwise)
      throws ConfigException {
    return Duration.ofMillis(
        fields.integer(name, 1, HOUR_MILLIS, Math.toIntExact(otherwise.toMillis())));
  }
}
