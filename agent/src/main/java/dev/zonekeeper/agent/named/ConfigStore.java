package dev.zonekeeper.agent.named;

import dev.zonekeeper.agent.config.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The configuration files of one named. A configuration is rendered into {@code named.conf.primary}
 * or {@code named.conf.secondary}, checked there by {@code named-checkconf}, and copied over {@code
 * named.conf} when it is wanted: what was checked before is not checked again.
 */
final class ConfigStore {
  private static final Duration CHECK_LIMIT = Duration.ofSeconds(60);

  private final NamedSettings settings;
  private final Path checkconf;
  private final Map<ZoneRole, Checked> checked = new EnumMap<>(ZoneRole.class);

  ConfigStore(NamedSettings settings, Path checkconf) {
    this.settings = settings;
    this.checkconf = checkconf;
  }

  /**
   * A configuration that named-checkconf found good.
   *
   * @param digest of its text, for comparison
   * @param logsQueries whether each query is to be logged
   */
  record Checked(String digest, Path file, Path keys, boolean logsQueries) {}

  /** Renders and checks, unless the last of this role was the same. */
  Checked check(ZoneRole role, Serving what)
      throws BadConfiguration, IOException, InterruptedException {
    byte[] text;
    byte[] secrets;
    Path keysFile;
    try {
      text = NamedConf.render(settings, role, what).getBytes(StandardCharsets.UTF_8);
      secrets = NamedConf.renderKeys(settings, what.keys()).getBytes(StandardCharsets.UTF_8);
      keysFile = NamedConf.keysFile(settings, what.keys());
    } catch (IllegalArgumentException e) {
      throw new BadConfiguration(e.getMessage(), List.of());
    }
    String digest = digest(text);
    Checked before = checked.get(role);
    if (before != null && before.digest.equals(digest) && Files.exists(before.file)) {
      return before;
    }
    checked.remove(role);
    if (!Files.exists(keysFile)) {
      AtomicFile.write(keysFile, secrets, "rw-------");
    }
    String suffix =
        switch (role) {
          case PRIMARY -> ".primary";
          case SECONDARY -> ".secondary";
        };
    Path file = settings.workDir().resolve(settings.namedConf().getFileName() + suffix);
    AtomicFile.write(file, text, "rw-r-----");
    runCheckconf(file);
    Checked good = new Checked(digest, file, keysFile, what.queryLog().isPresent());
    checked.put(role, good);
    return good;
  }

  /**
   * Makes it {@code named.conf}, atomically. Not fsynced: an agent renders its configuration anew
   * before it starts named.
   */
  void install(Checked configuration) throws IOException {
    Path temporary = settings.workDir().resolve("named.conf.new");
    Files.copy(
        configuration.file,
        temporary,
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(temporary, settings.namedConf(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Keeps a way back to what {@code named.conf} is now. */
  void keepOld() throws IOException {
    if (Files.exists(settings.namedConf())) {
      Files.copy(
          settings.namedConf(),
          old(),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  /** The way back. */
  void restoreOld() throws IOException {
    if (Files.exists(old())) {
      Files.move(old(), settings.namedConf(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private Path old() {
    return settings.workDir().resolve("named.conf.old");
  }

  /** Deletes files of keys that neither the current configuration nor a checked one includes. */
  void dropUnusedKeys(Checked current) throws IOException {
    List<Path> used = new ArrayList<>(List.of(current.keys));
    checked.values().forEach(configuration -> used.add(configuration.keys));
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(settings.workDir(), "keys-*.conf")) {
      for (Path file : files) {
        if (!used.contains(file)) {
          Files.delete(file);
        }
      }
    }
  }

  private void runCheckconf(Path file) throws BadConfiguration, IOException, InterruptedException {
    Process process =
        new ProcessBuilder(checkconf.toString(), file.toString()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    Thread limit =
        Thread.ofVirtual()
            .start(() -> {
              try {
                if (!process.waitFor(CHECK_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                  process.destroyForcibly();
                }
              } catch (InterruptedException e) {
                process.destroyForcibly();
              }
            });
    List<String> said;
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      said = lines.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
    int code = process.waitFor();
    limit.join();
    if (code != 0) {
      throw new BadConfiguration(
          "named-checkconf refuses the configuration (it is in %s; named keeps the one it has)"
              .formatted(file),
          said);
    }
  }

  private static String digest(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
