package dev.zonekeeper.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The container image, built by {@code deploy/image/build}, unpacked as a runtime would do it. */
final class ContainerImage {
  static final String TAG = "zonekeeper:test";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SLOWEST_BUILD = Duration.ofMinutes(9);

  private final Path archive;
  private final Path root;
  private final Path billOfMaterials;

  private ContainerImage(Path archive, Path root, Path billOfMaterials) {
    this.archive = archive;
    this.root = root;
    this.billOfMaterials = billOfMaterials;
  }

  /** Builds it; skips the test where that cannot be done. */
  static ContainerImage build(Path folder) throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root may chroot");
    Program.assumeInstalled("debootstrap");
    Path tar = folder.resolve("image.tar");
    Program.of(
            Repository.root().resolve("deploy/image/build").toString(),
            "--output",
            tar.toString(),
            "--tag",
            TAG)
        .in(Repository.root())
        .within(SLOWEST_BUILD)
        .run()
        .expect(0);
    Path archive = Files.createDirectory(folder.resolve("archive"));
    Program.of("tar", "-xf", tar.toString(), "-C", archive.toString()).run().expect(0);
    Path root = Files.createDirectory(folder.resolve("root"));
    ContainerImage image = new ContainerImage(archive, root, folder.resolve("image.cdx.json"));
    for (JsonNode layer : image.manifest().get("Layers")) {
      String file = archive.resolve(layer.textValue()).toString();
      Program.of("tar", "-xpf", file, "--numeric-owner", "-C", root.toString()).run().expect(0);
    }
    return image;
  }

  /** Its files. */
  Path root() {
    return root;
  }

  /** What was written beside the archive. */
  Path billOfMaterials() {
    return billOfMaterials;
  }

  JsonNode manifest() throws IOException {
    JsonNode images = JSON.readTree(archive.resolve("manifest.json").toFile());
    return images.get(0);
  }

  JsonNode configuration() throws IOException {
    return JSON.readTree(archive.resolve(manifest().get("Config").textValue()).toFile());
  }

  /** The digest of a file of the archive, in hexadecimal digits. */
  String digest(String file) throws Exception {
    return digest(archive.resolve(file));
  }

  static String digest(Path file) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        sha256.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /**
   * Runs a command inside as Kubernetes would: as the image's user, without any capability, on a
   * read-only root file system, with writable folders for data, state and scratch.
   */
  Program.Outcome run(String... command) {
    List<String> line =
        new ArrayList<>(
            List.of("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", INSIDE));
    line.add(root.toString());
    line.addAll(List.of(command));
    return Program.of(line).within(LocalCluster.START).run();
  }

  private static final String INSIDE =
      """
      mount --make-rprivate /
      mount --bind "$0" "$0"
      mount -o remount,bind,ro "$0"
      mount -t proc proc "$0/proc"
      mount --rbind /dev "$0/dev"
      mount -t tmpfs -o mode=1777 tmpfs "$0/tmp"
      for folder in /var/lib/named /run/zonekeeper; do
        mount -t tmpfs -o uid=10053,gid=10053,mode=750 tmpfs "$0$folder"
      done
      exec chroot "$0" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/var/lib/named \
        setpriv --reuid 10053 --regid 10053 --clear-groups --bounding-set=-all --inh-caps=-all \
        --no-new-privs -- "$@"
      """;
}
