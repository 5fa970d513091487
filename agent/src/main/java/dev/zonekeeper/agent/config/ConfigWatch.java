package dev.zonekeeper.agent.config;

import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Follows a configuration file and the key files that it names, which may change without it. A
 * content counts only as a whole: the file is right, and so is each of its keys.
 *
 * <p>Files may be replaced by a rename, or, as in a volume on Kubernetes, by a symbolic link on the
 * way to them that is changed.
 *
 * @param <T> the content of the file
 */
public final class ConfigWatch<T> {

  /** Reads and checks the file. */
  @FunctionalInterface
  public interface Loader<T> {
    /**
     * The content.
     *
     * @throws ConfigException it cannot be used
     */
    T load(Path file) throws IOException, ConfigException;
  }

  private record Loaded<T>(T content, List<TsigKey> keys) {}

  private final Path file;
  private final Loader<T> loader;
  private final Function<T, List<Path>> keyFiles;
  private List<Path> watchedKeys = List.of();
  private String seen = "";
  private volatile Loaded<T> current;

  /**
   * Reads the file and its keys.
   *
   * @param keyFiles where the keys are that a content names
   * @throws ConfigException one of them cannot be used
   */
  public ConfigWatch(Path file, Loader<T> loader, Function<T, List<Path>> keyFiles)
      throws ConfigException {
    this.file = file;
    this.loader = loader;
    this.keyFiles = keyFiles;
    this.current = load();
  }

  /** The last good content; the same object until there is another, or a key has changed. */
  public T current() {
    return current.content;
  }

  /**
   * Looks whether there is another content now, or another content of a key file.
   *
   * @return whether {@link #current} is new
   * @throws ConfigException there is another that cannot be used; thrown once, and the last good
   *     one stays
   */
  public boolean look() throws ConfigException {
    if (fingerprint().equals(seen)) {
      return false;
    }
    Loaded<T> next = load();
    boolean isNew = !next.equals(current);
    if (isNew) {
      current = next;
    }
    return isNew;
  }

  private Loaded<T> load() throws ConfigException {
    String ofFile = fingerprint(file);
    seen = ofFile + fingerprintOfKeys();
    try {
      T content = loader.load(file);
      watchedKeys = List.copyOf(keyFiles.apply(content));
      seen = ofFile + fingerprintOfKeys();
      List<TsigKey> keys = new ArrayList<>();
      for (Path key : watchedKeys) {
        keys.addAll(TsigKey.read(key));
      }
      return new Loaded<>(content, keys);
    } catch (NoSuchFileException missing) {
      throw new ConfigException(missing.getFile() + ": no such file");
    } catch (FileSystemException unreadable) {
      throw new ConfigException(unreadable.getFile() + ": cannot be read: " + unreadable);
    } catch (IOException wrong) {
      throw new ConfigException(wrong.getMessage());
    }
  }

  private String fingerprint() {
    return fingerprint(file) + fingerprintOfKeys();
  }

  private String fingerprintOfKeys() {
    StringBuilder all = new StringBuilder();
    watchedKeys.forEach(key -> all.append('\n').append(fingerprint(key)));
    return all.toString();
  }

  private static String fingerprint(Path file) {
    try {
      Path real = file.toRealPath();
      BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
      return real
          + "/"
          + attributes.fileKey()
          + "/"
          + attributes.lastModifiedTime()
          + "/"
          + attributes.size();
    } catch (IOException missing) {
      return file + " cannot be read";
    }
  }
}
