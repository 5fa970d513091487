package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.ClusterSource;
import dev.zonekeeper.agent.lease.LeaseStore;
import java.io.IOException;

/** What a member finds around it: on one machine files, on Kubernetes its API. */
public interface Surroundings extends AutoCloseable {

  /** What the cluster shall be. */
  ClusterSource cluster();

  /** Where the lease is. */
  LeaseStore lease();

  /** Told what the member is, again and again; returns at once. */
  void show(Showing now);

  @Override
  void close() throws IOException;

  /**
   * What a member shows of itself to whoever looks from outside.
   *
   * @param role {@code leader}, {@code standby} or {@code secondary}
   * @param inSync whether the lease counts it among those that hold every acknowledged update
   * @param epoch the highest it has heard of
   * @param why one sentence: why it is what it is
   */
  record Showing(String role, boolean inSync, long epoch, String why) {}
}
