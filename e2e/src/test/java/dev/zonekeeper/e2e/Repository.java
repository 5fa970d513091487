package dev.zonekeeper.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the tree under test lies. */
final class Repository {
  private static final Path ROOT = find();

  private Repository() {}

  /** The folder with the {@code zonekeeper} executable, the README and the modules. */
  static Path root() {
    return ROOT;
  }

  /** The one executable. */
  static Path zonekeeper() {
    return ROOT.resolve("zonekeeper");
  }

  private static Path find() {
    Path here = Path.of("").toAbsolutePath();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("e2e")) && Files.isDirectory(folder.resolve("core"))) {
        return folder;
      }
    }
    throw new IllegalStateException("no folder with e2e and core in it at or above " + here);
  }
}
