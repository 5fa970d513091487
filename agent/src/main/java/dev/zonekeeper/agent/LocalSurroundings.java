package dev.zonekeeper.agent;

import dev.zonekeeper.agent.config.AgentFile;
import dev.zonekeeper.agent.config.ClusterSource;
import dev.zonekeeper.agent.config.ClusterWatch;
import dev.zonekeeper.agent.config.ConfigException;
import dev.zonekeeper.agent.lease.FileLeaseStore;
import dev.zonekeeper.agent.lease.LeaseStore;
import java.io.IOException;
import java.time.Duration;

/** Files that all members on one machine share: the cluster file and the lease. */
public final class LocalSurroundings implements Surroundings {
  private static final Duration CLUSTER_LOOK = Duration.ofMillis(200);

  private final ClusterWatch cluster;
  private final FileLeaseStore lease;

  /**
   * Opens them.
   *
   * @throws ConfigException the cluster file cannot be used
   */
  public LocalSurroundings(AgentFile file) throws IOException, ConfigException {
    this.cluster = new ClusterWatch(file.cluster(), CLUSTER_LOOK);
    this.lease = new FileLeaseStore(file.lease());
  }

  @Override
  public ClusterSource cluster() {
    return cluster;
  }

  @Override
  public LeaseStore lease() {
    return lease;
  }

  @Override
  public void show(Showing now) {
    // The role file and the status say it already.
  }

  @Override
  public void close() throws IOException {
    lease.close();
  }
}
