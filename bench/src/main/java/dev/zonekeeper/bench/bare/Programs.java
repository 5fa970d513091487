package dev.zonekeeper.bench.bare;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds installed programs.
 *
 * @param folders where to look, in this order
 */
record Programs(List<Path> folders) {
  /** Where name servers are on Debian; an ordinary user's path does not have it. */
  private static final List<String> ALSO = List.of("/usr/sbin", "/usr/local/sbin");

  Programs {
    folders = List.copyOf(folders);
  }

  /**
   * Those of this machine.
   *
   * @param path as in the environment variable {@code PATH}; null for none
   */
  static Programs ofPath(String path) {
    Stream<String> named =
        path == null ? Stream.of() : Stream.of(path.split(File.pathSeparator, -1));
    return new Programs(
        Stream.concat(named, ALSO.stream())
            .filter(folder -> !folder.isEmpty())
            .map(Path::of)
            .toList());
  }

  /** Where the program is; empty when it is nowhere. */
  Optional<Path> find(String program) {
    return folders.stream()
        .map(folder -> folder.resolve(program))
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Those that are nowhere, in the order they were given. */
  List<String> missing(List<String> programs) {
    return programs.stream().filter(program -> find(program).isEmpty()).toList();
  }

  /** The command with its program's place, which {@link #find} must know. */
  List<String> command(String program, String... arguments) {
    Path found = find(program).orElseThrow(() -> new IllegalStateException("no " + program));
    return Stream.concat(Stream.of(found.toString()), Stream.of(arguments)).toList();
  }
}
