package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TsigKeyTest {
  @TempDir Path folder;

  @Test
  void a_generated_key_comes_back_from_its_file() throws IOException {
    TsigKey key = TsigKey.generate("demo-update", new SecureRandom());
    Path file = folder.resolve("demo-update.key");

    key.write(file);

    assertThat(TsigKey.read(file)).containsExactly(key);
    assertThat(key.name()).hasToString("demo-update.");
    assertThat(key.algorithm()).isEqualTo("hmac-sha256");
    assertThat(key.secret()).hasSize(32);
  }

  @Test
  void a_key_file_is_for_its_owner_alone_and_leaves_nothing_beside_it() throws IOException {
    Path file = folder.resolve("k.key");
    Files.writeString(file, "older");

    Samples.KEY.write(file);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder).isDirectoryContaining(file::equals).isNotEmptyDirectory();
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void several_keys_with_bind_comments_and_without_quotes_are_read() throws IOException {
    Path file =
        file(
            """
            // made by tsig-keygen
            key "one.example" { algorithm HMAC-SHA512; secret "c2VjcmV0Ly8j"; }; # first
            /* and
               another */
            key two { secret c2VjcmV0; algorithm hmac-md5; };
            """);

    assertThat(TsigKey.read(file))
        .containsExactly(
            new TsigKey(
                Samples.name("one.example."),
                "hmac-sha512",
                "secret//#".getBytes(StandardCharsets.UTF_8)),
            new TsigKey(
                Samples.name("two."), "hmac-md5", "secret".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void a_broken_file_is_told_with_its_name_and_what_was_expected() throws IOException {
    assertBroken("key \"a\" { algorithm hmac-sha256; };", "needs an algorithm and a secret");
    assertBroken("key \"a\" { algorithm rot13; secret \"c2VjcmV0\"; };", "rot13 is not one of");
    assertBroken("key \"a\" { algorithm hmac-sha256; secret \"?\"; };", "not base 64");
    assertBroken("zone \"a\" { };", "expected key, found zone");
    assertBroken("key \"a\" { algorithm hmac-sha256;", "found the end of the file");
    assertBroken("key \"a..b\" { };", "not a domain name");
  }

  @Test
  void a_secret_is_never_shown() {
    assertThat(Samples.KEY.toString()).doesNotContain("MDEy", "0123");
    assertThatIOException()
        .isThrownBy(() -> TsigKey.read(file("key a { MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY")))
        .withMessageNotContaining("MDEy");
  }

  @Test
  void a_ring_finds_keys_in_any_case_and_refuses_two_of_one_name() {
    TsigKey other = new TsigKey(Samples.KEY.name(), "hmac-sha1", new byte[] {1});

    assertThat(Samples.KEYS.find(Samples.name("UPDATE-key."))).hasValue(Samples.KEY);
    assertThat(Samples.KEYS.find(Samples.name("other."))).isEmpty();
    assertThat(KeyRing.of(List.of(Samples.KEY, Samples.KEY)).find(Samples.KEY.name())).isPresent();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyRing.of(List.of(Samples.KEY, other)))
        .withMessageContaining("update-key.");
  }

  private void assertBroken(String content, String complaint) throws IOException {
    Path file = file(content);
    assertThatIOException()
        .isThrownBy(() -> TsigKey.read(file))
        .withMessageContaining(file.toString())
        .withMessageContaining(complaint);
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("keys"), content);
  }
}
