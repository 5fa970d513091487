package dev.zonekeeper.agent.named;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether the kernel confines a process (AppArmor). Ubuntu and Debian ship a profile that lets
 * {@code /usr/sbin/named} use {@code /etc/bind}, {@code /var/lib/bind} and {@code /var/cache/bind}
 * and nothing else; named then fails with "permission denied" on files that its user may read, or
 * without a word, while {@code named-checkconf}, which has no profile, finds no fault.
 */
final class Confinement {
  private Confinement() {}

  /**
   * The profile a process runs under.
   *
   * @param proc {@code /proc}
   * @return such as {@code named (enforce)}; empty if it is not confined
   */
  static Optional<String> profile(Path proc, long pid) {
    return Stream.of("attr/apparmor/current", "attr/current")
        .map(file -> label(proc.resolve(Long.toString(pid)).resolve(file)))
        .filter(label -> label.endsWith("(enforce)"))
        .findFirst();
  }

  /** Not every kernel has the file; reading it fails with EINVAL where no module is active. */
  private static String label(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).replace("\0", "").strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** What to do about it, for the end of an error message. */
  static String advice(String profile, NamedSettings settings) {
    return ("; AppArmor confines named (profile %s), which keeps it from files outside /var/lib/bind"
            + " and /var/cache/bind: put the data folder there, or allow it: add the lines"
            + " '\"%s/**\" rwkl,' and '\"%s/**\" rwk,' to /etc/apparmor.d/local/usr.sbin.named and run"
            + " 'apparmor_parser -r /etc/apparmor.d/usr.sbin.named'")
        .formatted(profile, settings.workDir(), settings.runDir());
  }
}
