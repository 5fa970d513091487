package dev.zonekeeper.agent.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/**
 * {@code agent.json}: how one member of a cluster on one machine is run. All paths are absolute
 * here; in the file they are relative to its folder.
 *
 * @param settings how the member is run
 * @param cluster the {@link ClusterFile}
 * @param lease the lease file, the same for all members
 */
public record AgentFile(MemberSettings settings, Path cluster, Path lease) {

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
                new MemberSettings(
                    fields.converted("member", fields.text("member"), ClusterFile::checkedName),
                    fields.path("clusterKey"),
                    fields.path("data"),
                    fields.path("run"),
                    fields.address("dns"),
                    fields.address("peer"),
                    fields.address("http"),
                    fields.integer("namedPort", 1, MAX_PORT),
                    fields.integer("upstreamPort", 1, MAX_PORT),
                    fields.integer("notifyPort", 1, MAX_PORT),
                    fields.integer("rndcPort", 1, MAX_PORT),
                    fields.object("timing", Timing::read)),
                fields.path("cluster"),
                fields.path("lease")));
  }

  /** Replaces the file atomically. Paths within the cluster file's folder are written relative. */
  public void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    Path root = cluster.toAbsolutePath().normalize().getParent();
    ObjectNode json = Fields.JSON.createObjectNode();
    json.put("version", VERSION)
        .put("member", settings.member())
        .put("cluster", Fields.written(cluster, folder, root))
        .put("clusterKey", Fields.written(settings.clusterKey(), folder, root))
        .put("lease", Fields.written(lease, folder, root))
        .put("data", Fields.written(settings.data(), folder, root))
        .put("run", Fields.written(settings.run(), folder, root))
        .put("dns", Addresses.format(settings.dns()))
        .put("peer", Addresses.format(settings.peer()))
        .put("http", Addresses.format(settings.http()))
        .put("namedPort", settings.namedPort())
        .put("upstreamPort", settings.upstreamPort())
        .put("notifyPort", settings.notifyPort())
        .put("rndcPort", settings.rndcPort());
    settings.timing().write(json.putObject("timing"));
    AtomicFile.write(file, Fields.bytes(json), "rw-r--r--");
  }
}
