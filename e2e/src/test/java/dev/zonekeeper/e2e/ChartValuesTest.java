package dev.zonekeeper.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that cannot be meant are refused, and the message names the value. */
final class ChartValuesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "minInSync: 4                                                     | minInSync: expected 1 to 3, the number of primaries (primaries.replicas), found 4",
        "minInSync: 0                                                     | minInSync",
        "primaries: {replicas: 0}                                         | replicas",
        "primaries: {replicas: three}                                     | replicas",
        "replicas: 3                                                      | replicas",
        "rw: {typ: NodePort}                                              | typ",
        "rw: {type: nodeport}                                             | type",
        "rw: {nodePort: 30053}                                            | rw.nodePort",
        "rw: {endpoint: all}                                              | endpoint",
        "ro: {endpoint: leader}                                           | endpoint",
        "rw: {loadBalancerSourceRanges: [anywhere]}                       | loadBalancerSourceRanges",
        "image: {repository: ''}                                          | image.repository",
        "image: {pullPolicy: Sometimes}                                   | pullPolicy",
        "zones: [{name: Example.com}]                                     | zones",
        "zones: [{name: example.com.}]                                    | zones",
        "zones: [{name: example..com}]                                    | zones",
        "zones: [{name: 'exa mple.com'}]                                  | zones",
        "zones: [{name: example.com}, {name: example.com}]                | zones: example.com is there twice",
        "zones: [{name: 0/1.example.com}, {name: 0_1.example.com}]        | zones: 0_1.example.com and another zone",
        "zones: [{name: example.com, notify: [ns.example.com:53]}]        | notify",
        "zones: [{name: example.com, master: true}]                       | master",
        "zones: [{name: example.com}]                                     | keys.clients: certbot is granted zone example.org, which is not among the zones",
        "keys: {clients: [{name: a}, {name: a}]}                          | keys.clients: a is there twice",
        "keys: {clients: [{name: ../a}]}                                  | clients",
        "keys: {clients: [{name: a, secret: 'not base64'}]}               | secret",
        "keys: {existingSecret: s, clients: [{name: a, secret: YWJj}]}    | keys.clients: a has a secret here",
        "keys: {clients: [{name: a, grants: [{zone: example.com, rule: 'zonesub ANY; };'}]}]} | rule",
        "keys: {clients: [{name: a, grants: [{zone: example.com, rule: all}]}]} | rule",
        "timing: {leaseMillis: 1000}                                      | timing.renewMillis: expected less than timing.leaseMillis, which is 1000, found 1000",
        "timing: {heartbeatMillis: 5000}                                  | timing.heartbeatMillis",
        "timing: {lease: 5}                                               | lease",
        "storage: {type: nfs}                                             | type",
        "storage: {size: big}                                             | size",
        "terminationGracePeriodSeconds: 19                                | terminationGracePeriodSeconds: expected at least 20",
        "heapMiB: 32                                                      | heapMiB",
        "networkPolicy: {rw: [192.0.2.0/24]}                              | rw",
        "rw: {type: LoadBalancer, openstack: {enabled: true, healthMonitor: {timeout: 5}}} | rw.openstack.healthMonitor.timeout",
      })
  void refused(String values, String named) throws IOException {
    assertThat(ChartRelease.refusal(values)).contains(named);
  }

  @ParameterizedTest
  @CsvSource({
    "64, 96, ''",
    "2048, 127, 'heapMiB: expected at least 128 for 2048 zones, found 127'"
  })
  void the_heap_must_be_large_enough_for_the_zones(int zones, int heap, String refusal)
      throws IOException {
    StringBuilder values = new StringBuilder("keys: {clients: []}\nzones:\n");
    for (int i = 0; i < zones - (refusal.isEmpty() ? 1 : 0); i++) {
      values.append("  - name: z").append(i).append(".example\n");
    }
    values.append("heapMiB: ").append(heap).append('\n');
    if (refusal.isEmpty()) {
      ChartRelease.with(values.toString()).close();
    } else {
      assertThat(ChartRelease.refusal(values.toString())).contains(refusal);
    }
  }
}
