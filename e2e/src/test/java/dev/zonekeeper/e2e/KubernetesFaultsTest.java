package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A cluster in pods, hurt in every way a pod, a node or the control plane can be, while eight
 * clients write through the Service's address. After each the members are looked at one by one: all
 * that was acknowledged is there, and the pods' labels and the Service name the right leader.
 */
@Tag("kubernetes")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class KubernetesFaultsTest {
  @RegisterExtension static final KubernetesExtension EXTENSION = new KubernetesExtension();

  /** How often the deeds are done whose times people ask for: {@code -Drounds=20}. */
  private static final int ROUNDS = Integer.getInteger("rounds", 1);

  private static final KubernetesDeeds DEEDS = new KubernetesDeeds(EXTENSION);

  @AfterAll
  static void print() {
    DEEDS.close();
  }

  @Test
  @Order(1)
  void the_leaders_pod_is_deleted() {
    for (int round = 0; round < ROUNDS; round++) {
      DEEDS.whileClientsWrite(
          "the leader's pod deleted",
          (cluster, leader) -> {
            cluster.kubectl("delete", "pod", leader, "--wait=false").run().expect(0);
            cluster.awaitAnotherLeader(leader);
          });
    }
  }

  @Test
  @Order(2)
  void a_standbys_pod_is_deleted() {
    DEEDS.whileClientsWrite(
        "a standby's pod deleted",
        (cluster, leader) -> {
          cluster.kubectl("delete", "pod", cluster.standby(leader)).run().expect(0);
          assertThat(cluster.leader()).isEqualTo(leader);
        });
  }

  @Test
  @Order(3)
  void the_leaders_pod_is_deleted_by_force() {
    for (int round = 0; round < ROUNDS; round++) {
      DEEDS.whileClientsWrite(
          "the leader's pod deleted by force",
          (cluster, leader) -> {
            cluster
                .kubectl("delete", "pod", leader, "--grace-period=0", "--force", "--wait=false")
                .run()
                .expect(0);
            cluster.awaitAnotherLeader(leader);
          });
    }
  }

  @Test
  @Order(4)
  void the_leaders_agent_is_killed() {
    for (int round = 0; round < ROUNDS; round++) {
      DEEDS.whileClientsWrite(
          "kill -9 of the leader's agent",
          (cluster, leader) -> {
            cluster.onAgent(leader, "kill -9 $pid");
            cluster.awaitAnotherLeader(leader);
          });
    }
  }

  @Test
  @Order(5)
  void the_leaders_named_is_killed() {
    DEEDS.whileClientsWrite(
        "kill -9 of the leader's named",
        (cluster, leader) -> {
          cluster
              .kubectl("exec", leader, "--", "sh", "-c", "kill -9 $(cat /run/zonekeeper/named.pid)")
              .run()
              .expect(0);
          cluster.awaitAnotherLeader(leader);
        });
  }

  @Test
  @Order(6)
  void the_leaders_pod_is_evicted() {
    DEEDS.whileClientsWrite(
        "the leader's pod evicted",
        (cluster, leader) -> {
          String eviction =
              """
              {"apiVersion": "policy/v1beta1", "kind": "Eviction",
               "metadata": {"name": "%s", "namespace": "%s"}}
              """
                  .formatted(leader, KubernetesRelease.NAMESPACE);
          cluster
              .kubectl(
                  "create",
                  "--raw",
                  "/api/v1/namespaces/%s/pods/%s/eviction"
                      .formatted(KubernetesRelease.NAMESPACE, leader),
                  "-f",
                  "-")
              .reading(eviction)
              .run()
              .expect(0);
          cluster.awaitAnotherLeader(leader);
        });
  }

  @Test
  @Order(7)
  void all_primaries_are_restarted_one_by_one_without_an_error_at_any_client() {
    Writers writers =
        DEEDS.whileClientsWrite(
            "rolling restart of all primaries",
            (cluster, leader) -> {
              String set = "statefulset/" + KubernetesRelease.NAME + "-primary";
              cluster.kubectl("rollout", "restart", set).run().expect(0);
              cluster.awaitRollout();
            });
    assertThat(writers.failures()).as("errors that clients saw").isEmpty();
  }

  @Test
  @Order(8)
  void the_api_server_is_killed_and_comes_back() {
    DEEDS.whileClientsWrite(
        "the API server killed, and started again",
        (cluster, leader) -> {
          KubernetesRelease.script("e2e/cluster", "kill-apiserver").run().expect(0);
          KubernetesRelease.script("e2e/cluster", "start-apiserver")
              .within(KubernetesRelease.HEALING)
              .run()
              .expect(0);
          assertThat(cluster.leader()).isEqualTo(leader);
        });
  }

  @Test
  @Order(9)
  void the_lease_is_deleted() {
    DEEDS.whileClientsWrite(
        "the Lease deleted",
        (cluster, leader) ->
            cluster.kubectl("delete", "lease", KubernetesRelease.NAME).run().expect(0));
  }

  @Test
  @Order(10)
  void the_leader_runs_out_of_memory_and_the_kernel_ends_its_agent() {
    DEEDS.whileClientsWrite(
        "the leader out of memory",
        (cluster, leader) -> {
          // many small ones, since the kernel ends the largest process in the container
          String hungry =
              """
              for i in $(seq 40); do { head -c 20000000 /dev/zero; sleep 60; } | tail -n 1 & done; wait
              """;
          cluster.kubectl("exec", leader, "--", "bash", "-c", hungry).run();
          cluster.awaitAnotherLeader(leader);
          cluster.awaitThat(
              "the kubelet says of " + leader + " why it ended",
              () ->
                  cluster
                      .pod(leader)
                      .at("/status/containerStatuses/0/lastState/terminated/reason")
                      .asText()
                      .equals("OOMKilled"));
        });
  }

  /**
   * As a machine does it whose kubelet has no {@code shutdownGracePeriod}: all are told at once.
   */
  @Test
  @Order(11)
  void the_leaders_node_shuts_down_and_starts_again() {
    KubernetesRelease release = EXTENSION.release();
    release.moveTheLeadTo(aloneOnItsNode(release));
    DEEDS.whileClientsWrite(
        "the leader's node shut down, and started",
        (cluster, leader) -> {
          String node = cluster.node(leader);
          Instant before = cluster.started(leader).orElseThrow();
          KubernetesRelease.script("e2e/cluster", "shutdown", node).run().expect(0);
          try {
            cluster.awaitAnotherLeader(leader);
          } finally {
            KubernetesRelease.script("e2e/cluster", "boot", node)
                .within(KubernetesRelease.HEALING)
                .run()
                .expect(0);
          }
          cluster.awaitThat(
              leader + " is started again",
              () -> cluster.started(leader).filter(before::isBefore).isPresent());
        });
  }

  @Test
  @Order(12)
  void the_leader_is_cut_off_from_its_peers() {
    DEEDS.whileClientsWrite(
        "the leader cut off from its peers for 8 s",
        (cluster, leader) -> {
          String address = cluster.pod(leader).at("/status/podIP").asText();
          cut("-I", address);
          try {
            cluster.awaitAnotherLeader(leader);
          } finally {
            cut("-D", address);
          }
        });
  }

  private static void cut(String change, String address) {
    for (String side : new String[] {"-s", "-d"}) {
      for (String port : new String[] {"--dport", "--sport"}) {
        Program.of(
                "iptables",
                "--wait",
                change,
                "FORWARD",
                side,
                address,
                "-p",
                "tcp",
                port,
                "1053",
                "-j",
                "DROP")
            .run()
            .expect(0);
      }
    }
  }

  @Test
  @Order(13)
  void the_leaders_node_is_drained() {
    KubernetesRelease release = EXTENSION.release();
    release.moveTheLeadTo(aloneOnItsNode(release));
    DEEDS.whileClientsWrite(
        "the leader's node drained",
        (cluster, leader) -> {
          String node = cluster.node(leader);
          try {
            cluster
                .kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--force")
                .run()
                .expect(0);
            cluster.awaitAnotherLeader(leader);
          } finally {
            cluster.kubectl("uncordon", node).run().expect(0);
          }
        });
  }

  /** The budget lets one primary go at a time, and local volumes keep them from going elsewhere. */
  private static String aloneOnItsNode(KubernetesRelease cluster) {
    cluster.awaitWhole();
    List<String> pods = cluster.podNames("primary");
    return pods.stream()
        .filter(pod ->
            pods.stream().filter(p -> cluster.node(p).equals(cluster.node(pod))).count() == 1)
        .findFirst()
        .orElseThrow(() -> new AssertionError("all primaries are on one node: " + pods));
  }

  /** A pod that matters more takes the leader's place on its node. */
  @Test
  @Order(14)
  void the_leaders_pod_is_preempted() {
    KubernetesRelease release = EXTENSION.release();
    release.moveTheLeadTo(aloneOnItsNode(release));
    DEEDS.whileClientsWrite(
        "the leader's pod preempted",
        (cluster, leader) -> {
          cluster.create(
              """
              apiVersion: scheduling.k8s.io/v1
              kind: PriorityClass
              metadata: {name: above-all}
              value: 1000000
              ---
              apiVersion: v1
              kind: Pod
              metadata: {name: above-all}
              spec:
                priorityClassName: above-all
                terminationGracePeriodSeconds: 0
                nodeSelector: {kubernetes.io/hostname: %s}
                containers:
                  - name: pause
                    image: docker.io/zonekeeper/pause:test
                    imagePullPolicy: Never
                    resources: {requests: {cpu: "%d"}}
              """
                  .formatted(cluster.node(leader), Runtime.getRuntime().availableProcessors()));
          try {
            cluster.awaitAnotherLeader(leader);
          } finally {
            cluster.kubectl("delete", "pod/above-all").run().expect(0);
            cluster.kubectl("delete", "priorityclass/above-all").run().expect(0);
          }
        });
  }

  @Test
  @Order(15)
  void the_leaders_node_freezes() {
    DEEDS.whileClientsWrite(
        "the leader's node frozen, and thawed",
        (cluster, leader) -> {
          String node = cluster.node(leader);
          KubernetesRelease.script("e2e/cluster", "freeze", node).run().expect(0);
          try {
            cluster.awaitAnotherLeader(leader);
          } finally {
            KubernetesRelease.script("e2e/cluster", "thaw", node).run().expect(0);
          }
        });
  }

  @Test
  @Order(16)
  void the_primary_set_grows_and_shrinks() {
    DEEDS.whileClientsWrite(
        "from 3 primaries to 5, to 3, to 1, to 3",
        (cluster, leader) -> {
          cluster.scale(5, 2);
          cluster.awaitWhole();
          cluster.scale(3, 2);
          cluster.awaitWhole();
          cluster.scale(3, 1);
          cluster.awaitConfigured();
          cluster.scale(1, 1);
          cluster.awaitWhole();
          cluster.scale(3, 2);
          cluster.awaitWhole();
        });
  }

  @Test
  @Order(17)
  void an_image_is_replaced_standbys_first_without_an_error_at_any_client() {
    String last = KubernetesRelease.NAME + "-primary-0";
    EXTENSION.release().moveTheLeadTo(last);
    Writers writers =
        DEEDS.whileClientsWrite(
            "another image, standbys first",
            (cluster, leader) -> {
              assertThat(leader).isEqualTo(last);
              cluster.upgrade("next");
            });
    assertThat(writers.failures()).as("errors that clients saw").isEmpty();
  }

  @Test
  @Order(18)
  void the_leaders_agent_hangs_and_the_kubelet_ends_it() {
    DEEDS.whileClientsWrite(
        "the leader's agent stopped, until its probe fails",
        (cluster, leader) -> {
          cluster.onAgent(leader, "kill -STOP $pid");
          cluster.awaitAnotherLeader(leader);
        });
  }

  @Test
  @Order(19)
  void a_secondarys_pod_is_deleted_by_force_which_no_writer_notices() {
    Writers writers =
        DEEDS.whileClientsWrite(
            "a secondary's pod deleted by force",
            (cluster, leader) ->
                cluster
                    .kubectl(
                        "delete",
                        "pod",
                        cluster.podNames("secondary").getFirst(),
                        "--grace-period=0",
                        "--force")
                    .run()
                    .expect(0));
    assertThat(writers.failures()).as("errors that clients saw").isEmpty();
  }

  @Test
  @Order(20)
  void an_operator_gives_the_lead_to_a_standby_by_force() {
    DEEDS.whileClientsWrite(
        "the lead given to a standby by force",
        (cluster, leader) -> {
          String standby = cluster.standby(leader);
          Program.Outcome forced =
              cluster
                  .kubectl(
                      "exec",
                      standby,
                      "--",
                      "zonekeeper",
                      "failover",
                      "--force",
                      "--accept-data-loss",
                      "--to",
                      standby,
                      "--kubernetes")
                  .run()
                  .expect(0);
          assertThat(forced.out()).contains(standby + " leads, epoch ");
        });
  }

  @Test
  @Order(21)
  void updates_go_to_the_leader_alone_where_the_chart_says_so() {
    KubernetesRelease release = EXTENSION.release();
    release.awaitWhole();
    release.endpoint("leader");
    DEEDS.whileClientsWrite(
        "rw.endpoint: leader, its agent killed",
        (cluster, leader) -> {
          cluster.onAgent(leader, "kill -9 $pid");
          cluster.awaitAnotherLeader(leader);
        });
    release.endpoint("any");
    release.awaitWhole();
  }

  @Test
  @Order(22)
  void a_standby_without_data_gets_a_zone_of_a_hundred_thousand_records() {
    KubernetesRelease release = EXTENSION.release();
    release.awaitWhole();
    release.addRecords(100_000);
    DEEDS.whileClientsWrite(
        "100,000 records, a standby and its volume deleted",
        (cluster, leader) -> {
          String pod = cluster.standby(leader);
          cluster.kubectl("delete", "pvc", "data-" + pod, "--wait=false").run().expect(0);
          cluster.kubectl("delete", "pod", pod).run().expect(0);
          cluster.awaitThat(pod + " runs", () -> cluster.started(pod).isPresent());
          Instant started = cluster.started(pod).orElseThrow();
          cluster.awaitWhole();
          DEEDS.note(
              "%s was in sync %d s after its container had started"
                  .formatted(pod, Duration.between(started, Instant.now()).toSeconds()));
        });
  }
}
