package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.agent.lease.LeaseStore;
import dev.zonekeeper.core.Lease;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Where a cluster is that a command is about: in a folder of this machine, or on Kubernetes. */
interface Place {

  /**
   * What can be seen of a member's processes without asking its agent.
   *
   * @param silence why there is no sense in asking the agent; empty: ask it
   */
  record Processes(OptionalLong agent, OptionalLong named, Optional<String> silence) {
    /** Nothing can be seen. */
    static final Processes UNSEEN =
        new Processes(OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
  }

  /** What the cluster shall be, and where its members are. */
  ClusterFile cluster() throws IOException, CommandFailed;

  /** The lease, if there is one. */
  Optional<Lease> lease() throws IOException, CommandFailed;

  /** The lease to be changed; the caller closes it. */
  LeaseStore openLease() throws IOException, CommandFailed;

  /** How long a lease made by hand holds. */
  Duration leaseDuration(String member) throws IOException, CommandFailed;

  /** What the member does now by a sign that costs less than a status; empty when unknown. */
  String role(ClusterFile.Member member) throws IOException;

  /** What can be seen of a member from outside. */
  Processes processes(ClusterFile.Member member) throws IOException;

  /** The command that shows the cluster, for advice. */
  String statusCommand();

  /**
   * The member that somebody named.
   *
   * @throws CommandFailed there is none of that name; the message has those there are
   */
  default ClusterFile.Member named(String name) throws IOException, CommandFailed {
    ClusterFile cluster = cluster();
    return cluster.member(name).orElseThrow(() -> ClusterFolder.unknownMember(name, cluster));
  }
}
