package dev.zonekeeper.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.zonekeeper.e2e.LocalCluster.Signal;
import dev.zonekeeper.e2e.LocalCluster.What;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A member's data folder on a small file system of its own, which can be filled. Needs root. */
final class SmallDisk implements AutoCloseable {
  private static final int CHUNK = 64 * 1024;

  private final LocalCluster cluster;
  private final String member;
  private final Path data;
  private final Path aside;

  private SmallDisk(LocalCluster cluster, String member) {
    this.cluster = cluster;
    this.member = member;
    this.data = cluster.agent(member).data();
    this.aside = data.resolveSibling("data-aside");
  }

  /** Puts the member's data on the small disk and brings the cluster back to whole. */
  static SmallDisk under(LocalCluster cluster, String member) {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root may mount a tmpfs");
    SmallDisk disk = new SmallDisk(cluster, member);
    cluster.kill(member, What.BOTH, Signal.KILL);
    run("mv", disk.data.toString(), disk.aside.toString());
    run("mkdir", disk.data.toString());
    Program.Outcome mounted =
        Program.of("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.data.toString()).run();
    run("cp", "-a", disk.aside + "/.", disk.data.toString());
    cluster.start(member);
    cluster.awaitWhole();
    assumeTrue(mounted.exit() == 0, () -> "no tmpfs can be mounted here: " + mounted);
    return disk;
  }

  /** Until not one byte more fits. */
  void fill() {
    byte[] zeros = new byte[CHUNK];
    try (OutputStream out = Files.newOutputStream(filler())) {
      for (int size = CHUNK; size > 0; ) {
        size = writes(out, size == CHUNK ? zeros : Arrays.copyOf(zeros, size)) ? size : size / 2;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean writes(OutputStream out, byte[] bytes) {
    try {
      out.write(bytes);
      return true;
    } catch (IOException full) {
      return false;
    }
  }

  /** Gives the room back. */
  void free() {
    try {
      Files.delete(filler());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path filler() {
    return data.resolve("filler");
  }

  /** Puts the data back where it was. */
  @Override
  public void close() {
    cluster.kill(member, What.BOTH, Signal.KILL);
    run("rm", "-rf", aside.toString(), filler().toString());
    run("cp", "-a", data.toString(), aside.toString());
    run("umount", data.toString());
    run("rmdir", data.toString());
    run("mv", aside.toString(), data.toString());
    cluster.start(member);
  }

  private static void run(String... command) {
    Program.of(command).run().expect(0);
  }
}
