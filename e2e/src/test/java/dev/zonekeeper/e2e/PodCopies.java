package dev.zonekeeper.e2e;

import dev.zonekeeper.bench.load.ZoneContent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.xbill.DNS.Master;
import org.xbill.DNS.Record;

/** What each member of a cluster in pods holds, fetched within its pod, past all gateways. */
final class PodCopies {
  private PodCopies() {}

  static Map<String, ZoneCopy> of(KubernetesRelease cluster) {
    Map<String, ZoneCopy> copies = new TreeMap<>();
    cluster
        .podNames("primary")
        .forEach(pod -> copies.put(pod, copy(cluster, pod, "127.0.0.1", 5300)));
    cluster
        .pods("secondary")
        .forEach(pod -> {
          String name = pod.at("/metadata/name").asText();
          copies.put(name, copy(cluster, name, pod.at("/status/podIP").asText(), 10053));
        });
    return copies;
  }

  private static ZoneCopy copy(KubernetesRelease cluster, String pod, String address, int port) {
    String text =
        cluster
            .kubectl(
                "exec",
                pod,
                "--",
                "dig",
                "-k",
                "/etc/zonekeeper/cluster-key/cluster.key",
                "@" + address,
                "-p",
                Integer.toString(port),
                LocalCluster.ZONE,
                "AXFR",
                "+onesoa",
                "+nocomments",
                "+nocmd",
                "+nostats",
                "+noquestion")
            .run()
            .expect(0)
            .out()
            .lines()
            .filter(line -> line.contains("\tIN\t")) // not the answer's TSIG record
            .collect(Collectors.joining("\n", "", "\n"));
    List<Record> records = new ArrayList<>();
    try (Master lines =
        new Master(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))) {
      for (Record record = lines.nextRecord(); record != null; record = lines.nextRecord()) {
        records.add(record);
      }
    } catch (IOException e) {
      throw new AssertionError(pod + " does not hand over its copy:\n" + text, e);
    }
    return new ZoneCopy(pod, ZoneContent.of(records));
  }
}
