package dev.zonekeeper.agent.named;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Reads the serial from the SOA record with which a zone file (RFC 1035 section 5) begins, without
 * reading the rest: dumps of large zones are large.
 */
final class SoaHead {
  private static final int HEAD = 64 * 1024;
  private static final int NAMES_BEFORE_SERIAL = 2;

  private SoaHead() {}

  static OptionalLong serial(Path zoneFile) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(zoneFile)) {
      head = in.readNBytes(HEAD);
    }
    List<String> words = words(new String(head, StandardCharsets.ISO_8859_1));
    int soa = 0;
    while (soa < words.size() && !words.get(soa).toUpperCase(Locale.ROOT).equals("SOA")) {
      soa++;
    }
    int serial = soa + 1 + NAMES_BEFORE_SERIAL;
    if (serial >= words.size()) {
      return OptionalLong.empty();
    }
    try {
      long value = Long.parseLong(words.get(serial));
      return value >= 0 && value <= 0xFFFF_FFFFL ? OptionalLong.of(value) : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** The words of the text: comments and parentheses left out, escapes kept as they are. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        word.append(c).append(text.charAt(++i));
      } else if (c == ';' || Character.isWhitespace(c) || c == '(' || c == ')') {
        if (!word.isEmpty()) {
          words.add(word.toString());
          word.setLength(0);
        }
        while (c == ';' && i + 1 < text.length() && text.charAt(i + 1) != '\n') {
          i++;
        }
      } else {
        word.append(c);
      }
    }
    return words;
  }
}
