package dev.zonekeeper.cli;

import dev.zonekeeper.agent.config.ClusterFile;
import dev.zonekeeper.core.Adoption;
import dev.zonekeeper.core.ZoneSerial;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;

/** Zone names as people type them, and the zone files that zones start from. */
final class Zones {
  private Zones() {}

  /** The zone's name, absolute and in lower case. */
  static Name name(String text) throws CommandFailed {
    try {
      return ClusterFile.domain(text);
    } catch (IllegalArgumentException wrong) {
      throw CommandFailed.refused(wrong.getMessage(), wrong);
    }
  }

  /** A file name for something that is named like a domain; a slash would be a folder. */
  static String fileName(Name name, String suffix) {
    String text = name.equals(Name.root) ? "root" : name.toString(true);
    return text.replace("/", "%2F") + suffix;
  }

  /** A zone with nothing in it but what each zone must have. */
  static String seed(Name zone) {
    return """
    $TTL 300
    @ IN SOA ns.%1$s hostmaster.%1$s 1 3600 600 1209600 300
    @ IN NS ns.%1$s
    ns.%1$s IN A 127.0.0.1
    """
        .formatted(zone.equals(Name.root) ? "." : zone + "")
        .replace("..", ".");
  }

  /**
   * Checks a zone file as {@code named} would and writes it in full, without {@code $INCLUDE}.
   *
   * @throws CommandFailed {@code named-checkzone} refuses it; the message is its complaint
   */
  static void adopt(Name zone, Path file, Path to) throws IOException, CommandFailed {
    if (!Files.isReadable(file)) {
      throw CommandFailed.refused(file + ": no such file, or it cannot be read");
    }
    Path output = Files.createTempFile("zonekeeper-check", ".txt");
    try {
      Process check =
          new ProcessBuilder(
                  Tools.find("named-checkzone"),
                  "-D",
                  "-o",
                  to.toString(),
                  zone.toString(true),
                  file.toAbsolutePath().getFileName().toString())
              .directory(file.toAbsolutePath().getParent().toFile())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.to(output.toFile()))
              .start();
      if (check.waitFor() != 0) {
        Files.deleteIfExists(to);
        throw CommandFailed.refused(
            "named-checkzone refuses "
                + file
                + ": "
                + complaint(Files.readString(output, StandardCharsets.UTF_8)));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw CommandFailed.notDone("interrupted");
    } finally {
      Files.delete(output);
    }
  }

  /** The serial that a zone file gives the zone; the file was checked before. */
  static ZoneSerial serial(Name zone, Path checked) throws IOException {
    try (Master records = new Master(checked.toString(), zone)) {
      for (Record next = records.nextRecord(); next != null; next = records.nextRecord()) {
        if (next instanceof SOARecord soa) {
          return new ZoneSerial(soa.getSerial());
        }
      }
    }
    throw new IOException(checked + ": expected a SOA record, found none");
  }

  /**
   * Checks that the zones of a cluster can be raised into one epoch together with a new one.
   *
   * @throws CommandFailed they cannot, or no longer once the leader has changed some times
   */
  static void checkOrder(Name zone, ZoneSerial serial, ClusterStatus cluster) throws CommandFailed {
    switch (Adoption.judge(serial, cluster.epoch(), cluster.serials())) {
      case Adoption.Possible possible -> {}
      case Adoption.Impossible impossible ->
          throw CommandFailed.refused(
              "zone %s: serial %s cannot be ordered before epoch %d together with zone %s (serial %s) (RFC 1982); see docs/adopting-zones.md"
                  .formatted(
                      zone.toString(true),
                      serial,
                      impossible.epoch(),
                      impossible.zone(),
                      impossible.serial()));
    }
  }

  /** The first line that says what is wrong. */
  private static String complaint(String output) {
    return output
        .lines()
        .filter(line -> !line.isBlank())
        .findFirst()
        .map(String::strip)
        .orElse("it does not say why");
  }
}
