package dev.zonekeeper.agent.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * {@code agent.json}: how one member is run. All paths are absolute here; in the file they are
 * relative to its folder.
 *
 * @param member the member's name, one of those in the cluster file
 * @param cluster the {@link ClusterFile}
 * @param clusterKey a file with the TSIG key, in BIND's syntax, that members sign with among
 *     themselves
 * @param lease the lease file, the same for all members
 * @param data the member's disk: named.conf, zones, journals, quarantine
 * @param run pid files and the role file
 * @param dns where clients go: the gateway of a primary, {@code named} itself of a secondary
 * @param peer where other members' agents reach this one
 * @param http probes, metrics and status
 * @param namedPort on loopback, 1 to 65535, as the other ports: {@code named}
 * @param upstreamPort where {@code named} pulls its zones from: its own agent
 * @param notifyPort where {@code named} tells its own agent of changes
 * @param rndcPort {@code named}'s control channel
 * @param timing how long to wait for what
 */
public record AgentFile(
    String member,
    Path cluster,
    Path clusterKey,
    Path lease,
    Path data,
    Path run,
    InetSocketAddress dns,
    InetSocketAddress peer,
    InetSocketAddress http,
    int namedPort,
    int upstreamPort,
    int notifyPort,
    int rndcPort,
    Timing timing) {

  /** The version of the file's format that this program reads and writes. */
  public static final int VERSION = 1;

  private static final int MAX_PORT = 65535;

  /**
   * Reads and checks the file.
   *
   * @throws ConfigException the file is missing, is not JSON, or a field is missing, unknown or
   *     wrong; the message is one line that names the file and the field
   */
  public static AgentFile load(Path file) throws IOException, ConfigException {
    return Fields.read(
        file,
        VERSION,
        fields ->
            new AgentFile(
                fields.converted("member", fields.text("member"), ClusterFile::checkedName),
                fields.path("cluster"),
                fields.path("clusterKey"),
                fields.path("lease"),
                fields.path("data"),
                fields.path("run"),
                fields.address("dns"),
                fields.address("peer"),
                fields.address("http"),
                fields.integer("namedPort", 1, MAX_PORT),
                fields.integer("upstreamPort", 1, MAX_PORT),
                fields.integer("notifyPort", 1, MAX_PORT),
                fields.integer("rndcPort", 1, MAX_PORT),
                fields.object("timing", Timing::read)));
  }

  /** Replaces the file atomically. Paths within the cluster file's folder are written relative. */
  public void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    Path root = cluster.toAbsolutePath().normalize().getParent();
    ObjectNode json = Fields.JSON.createObjectNode();
    json.put("version", VERSION)
        .put("member", member)
        .put("cluster", Fields.written(cluster, folder, root))
        .put("clusterKey", Fields.written(clusterKey, folder, root))
        .put("lease", Fields.written(lease, folder, root))
        .put("data", Fields.written(data, folder, root))
        .put("run", Fields.written(run, folder, root))
        .put("dns", Addresses.format(dns))
        .put("peer", Addresses.format(peer))
        .put("http", Addresses.format(http))
        .put("namedPort", namedPort)
        .put("upstreamPort", upstreamPort)
        .put("notifyPort", notifyPort)
        .put("rndcPort", rndcPort);
    timing.write(json.putObject("timing"));
    AtomicFile.write(file, Fields.bytes(json), "rw-r--r--");
  }
}
