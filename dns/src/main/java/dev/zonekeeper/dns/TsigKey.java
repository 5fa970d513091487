package dev.zonekeeper.dns;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TextParseException;

/**
 * A TSIG key (RFC 8945). In files it has BIND's syntax, that of {@code tsig-keygen}: {@code key
 * "name" { algorithm hmac-sha256; secret "..."; };}
 *
 * @param name of the key, absolute; compared without regard to case
 * @param algorithm as BIND calls it: hmac-md5, hmac-sha1, hmac-sha224, hmac-sha256, hmac-sha384 or
 *     hmac-sha512
 * @param secret the shared secret, at least one octet
 */
@SuppressWarnings("ArrayRecordComponent") // equals, hashCode and the accessor see to it
public record TsigKey(Name name, String algorithm, byte[] secret) {
  private static final Pattern COMMENT =
      Pattern.compile("\"[^\"\n]*\"|//[^\n]*|#[^\n]*|/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern TOKEN = Pattern.compile("\"([^\"\n]*)\"|[{};]|[^\\s{};\"]+");
  private static final int GENERATED_OCTETS = 32;

  public TsigKey {
    if (!name.isAbsolute()) {
      throw new IllegalArgumentException("key name " + name + " is not absolute");
    }
    algorithm = HmacAlgorithm.called(algorithm).orElseThrow(unknownAlgorithm(algorithm)).bindName();
    if (secret.length == 0) {
      throw new IllegalArgumentException("key " + name + " has an empty secret");
    }
    secret = secret.clone();
  }

  private static java.util.function.Supplier<IllegalArgumentException> unknownAlgorithm(
      String algorithm) {
    return () ->
        new IllegalArgumentException(
            "key algorithm " + algorithm + " is not one of " + HmacAlgorithm.known());
  }

  /**
   * A new hmac-sha256 key with 256 random bits.
   *
   * @throws IllegalArgumentException the name is not a domain name
   */
  public static TsigKey generate(String name, SecureRandom random) {
    byte[] secret = new byte[GENERATED_OCTETS];
    random.nextBytes(secret);
    return new TsigKey(nameOf(name), HmacAlgorithm.SHA256.bindName(), secret);
  }

  /**
   * All keys of a file; other statements are not allowed in it.
   *
   * @throws IOException the file cannot be read, or says something else than keys: the message says
   *     what
   */
  public static List<TsigKey> read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    try {
      return new Parser(text).keys();
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Writes a file with this key alone, readable by its owner only, replaced as a whole. */
  public void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path temporary = Files.createTempFile(folder, "." + file.getFileName() + ".", ".tmp"); // 0600
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer rest = StandardCharsets.UTF_8.encode(statement());
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** The key statement for a BIND configuration file, secret included. */
  public String statement() {
    return """
    key "%s" {
    	algorithm %s;
    	secret "%s";
    };
    """
        .formatted(name.toString(true), algorithm, Base64.getEncoder().encodeToString(secret));
  }

  /** For dnsjava. */
  public TSIG tsig() {
    return new TSIG(hmac().wireName(), name, secret);
  }

  HmacAlgorithm hmac() {
    return HmacAlgorithm.called(algorithm).orElseThrow();
  }

  @Override
  public byte[] secret() {
    return secret.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TsigKey key
        && name.equals(key.name)
        && algorithm.equals(key.algorithm)
        && Arrays.equals(secret, key.secret);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "TSIG key " + name + " (" + algorithm + ")";
  }

  private static Name nameOf(String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException("key name " + text + " is not a domain name", e);
    }
  }

  /** Reads key statements, with comments in the three styles of BIND. */
  private static final class Parser {
    private final List<String> tokens;
    private int at;

    Parser(String text) {
      String bare = COMMENT.matcher(text).replaceAll(Parser::keepIfQuoted);
      tokens = TOKEN.matcher(bare).results().map(m -> m.group()).toList();
    }

    private static String keepIfQuoted(java.util.regex.MatchResult match) {
      return match.group().startsWith("\"") ? Matcher.quoteReplacement(match.group()) : " ";
    }

    List<TsigKey> keys() {
      List<TsigKey> keys = new ArrayList<>();
      while (at < tokens.size()) {
        keys.add(key());
      }
      return List.copyOf(keys);
    }

    private TsigKey key() {
      expect("key");
      Name name = nameOf(word("the key's name"));
      expect("{");
      String algorithm = null;
      byte[] secret = null;
      while (!peeked().equals("}")) {
        String what = word("algorithm or secret");
        String value = word("a value");
        expect(";");
        switch (what) {
          case "algorithm" -> algorithm = value;
          case "secret" -> secret = decoded(name, value);
          default ->
              throw new IllegalArgumentException(
                  "key " + name + ": expected algorithm or secret, found " + what);
        }
      }
      expect("}");
      expect(";");
      if (algorithm == null || secret == null) {
        throw new IllegalArgumentException("key " + name + " needs an algorithm and a secret");
      }
      return new TsigKey(name, algorithm, secret);
    }

    private static byte[] decoded(Name name, String secret) {
      try {
        return Base64.getDecoder().decode(secret.replaceAll("\\s", ""));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("the secret of key " + name + " is not base 64", e);
      }
    }

    private String peeked() {
      return at < tokens.size() ? tokens.get(at) : "the end of the file";
    }

    private void expect(String token) {
      if (!peeked().equals(token)) {
        throw new IllegalArgumentException("expected " + token + ", found " + shown());
      }
      at++;
    }

    private String word(String what) {
      if (at == tokens.size() || "{};".contains(peeked())) {
        throw new IllegalArgumentException("expected " + what + ", found " + shown());
      }
      String token = tokens.get(at++);
      return token.startsWith("\"") ? token.substring(1, token.length() - 1) : token;
    }

    /** What stands here, but never a secret that stands where it should not. */
    private String shown() {
      return peeked().length() > 20 ? "a long word" : peeked();
    }
  }
}
