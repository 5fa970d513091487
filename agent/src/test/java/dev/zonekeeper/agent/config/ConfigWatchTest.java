package dev.zonekeeper.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zonekeeper.dns.TsigKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatchTest {
  @TempDir Path folder;
  private Path file;
  private Path key;

  @BeforeEach
  void aFileThatNamesAKey() throws Exception {
    file = folder.resolve("content");
    key = folder.resolve("a.key");
    writeKey(key);
    replace(file, "first a.key");
  }

  private static void writeKey(Path key) throws Exception {
    TsigKey.generate("a", new SecureRandom()).write(key);
  }

  private void replace(Path target, String text) throws Exception {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private ConfigWatch<String> watch() throws ConfigException {
    return new ConfigWatch<>(
        file,
        at -> {
          String text = Files.readString(at);
          if (text.startsWith("bad")) {
            throw new ConfigException("it is bad");
          }
          return text;
        },
        text -> List.of(folder.resolve(text.split(" ", 2)[1])));
  }

  @Test
  void nothingIsNewUntilSomethingChanges() throws Exception {
    ConfigWatch<String> watch = watch();

    assertThat(watch.look()).isFalse();
    replace(file, "second a.key");
    assertThat(watch.look()).isTrue();
    assertThat(watch.current()).isEqualTo("second a.key");
    assertThat(watch.look()).isFalse();
  }

  @Test
  void aKeyThatWasReplacedIsNewThoughTheFileIsTheSame() throws Exception {
    ConfigWatch<String> watch = watch();

    writeKey(key);

    assertThat(watch.look()).isTrue();
    assertThat(watch.current()).isEqualTo("first a.key");
    assertThat(watch.look()).isFalse();
  }

  @Test
  void theSameContentWrittenAgainIsNotNew() throws Exception {
    ConfigWatch<String> watch = watch();

    replace(file, "first a.key");

    assertThat(watch.look()).isFalse();
  }

  @Test
  void aBadContentIsReportedOnceAndTheLastGoodOneStays() throws Exception {
    ConfigWatch<String> watch = watch();

    replace(file, "bad a.key");

    assertThatThrownBy(watch::look).isInstanceOf(ConfigException.class).hasMessage("it is bad");
    assertThat(watch.look()).isFalse();
    assertThat(watch.current()).isEqualTo("first a.key");
    replace(file, "second a.key");
    assertThat(watch.look()).isTrue();
  }

  @Test
  void aKeyThatIsMissingOrBrokenIsABadContentUntilItIsThere() throws Exception {
    ConfigWatch<String> watch = watch();

    replace(file, "second b.key");
    assertThatThrownBy(watch::look).hasMessageContaining("b.key: no such file");
    replace(folder.resolve("b.key"), "nonsense");
    assertThatThrownBy(watch::look).hasMessageContaining("b.key: ");
    assertThat(watch.current()).isEqualTo("first a.key");
    assertThat(watch.look()).isFalse();
    writeKey(folder.resolve("b.key"));
    assertThat(watch.look()).isTrue();
    assertThat(watch.current()).isEqualTo("second b.key");
  }

  @Test
  void aVolumeWhoseLinkIsSwappedIsNew() throws Exception {
    Path volume = Files.createDirectories(folder.resolve("volume"));
    Files.createDirectories(volume.resolve("one"));
    Files.createDirectories(volume.resolve("two"));
    Files.writeString(volume.resolve("one/content"), "first a.key");
    Files.writeString(volume.resolve("two/content"), "other a.key");
    Files.createSymbolicLink(volume.resolve("..data"), Path.of("one"));
    file = Files.createSymbolicLink(volume.resolve("content"), Path.of("..data/content"));
    ConfigWatch<String> watch = watch();

    Files.createSymbolicLink(volume.resolve("..tmp"), Path.of("two"));
    Files.move(volume.resolve("..tmp"), volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

    assertThat(watch.look()).isTrue();
    assertThat(watch.current()).isEqualTo("other a.key");
  }
}
