package dev.zonekeeper.agent.named;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * BIND's programs. Distributions put them in different folders: {@code named} in {@code /usr/sbin},
 * {@code named-checkconf} there or in {@code /usr/bin}.
 *
 * @param named the name server (Debian's package bind9)
 * @param checkconf named-checkconf (Debian's package bind9-utils)
 */
public record NamedTools(Path named, Path checkconf) {
  private static final List<Path> USUAL =
      Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/bind9/sbin")
          .map(Path::of)
          .toList();

  /**
   * named and what belongs to it: from its own folder, else from the usual ones.
   *
   * @throws NamedFailure something is missing; the message says what to install
   */
  public static NamedTools of(Path named) throws NamedFailure {
    if (!Files.isExecutable(named)) {
      throw new NamedFailure(
          "there is no executable "
              + named
              + "; install BIND 9.18 or later (Debian, Ubuntu: bind9; Fedora: bind)");
    }
    Path folder = named.toAbsolutePath().getParent();
    return new NamedTools(
        named,
        find("named-checkconf", Stream.concat(Stream.of(folder), USUAL.stream()).toList())
            .orElseThrow(() ->
                new NamedFailure(
                    "there is no named-checkconf in "
                        + folder
                        + " nor in the usual folders; install it (Debian, Ubuntu: bind9-utils; Fedora: bind)")));
  }

  /** The named that the environment variable {@code ZONEKEEPER_NAMED} names, else the installed. */
  public static Optional<Path> findNamed() {
    return Optional.ofNullable(System.getenv("ZONEKEEPER_NAMED"))
        .map(Path::of)
        .or(() -> find("named", USUAL));
  }

  private static Optional<Path> find(String program, List<Path> folders) {
    return folders.stream()
        .map(folder -> folder.resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
