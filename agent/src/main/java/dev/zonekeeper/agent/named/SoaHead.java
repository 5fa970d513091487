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
    try (InputStream in = Files.newInputStream(zoneFile)) {
      return serial(in.readNBytes(HEAD));
    }
  }

  /** The serial; empty if it is not there, or may go on where this ends. */
  static OptionalLong serial(byte[] head) {
    List<String> words = words(new String(head, StandardCharsets.ISO_8859_1));
    for (int at = 0; at + 1 + NAMES_BEFORE_SERIAL < words.size(); at++) {
      if (words.get(at).toUpperCase(Locale.ROOT).equals("SOA")) {
        OptionalLong serial = number(words.get(at + 1 + NAMES_BEFORE_SERIAL));
        if (serial.isPresent()) {
          return serial;
        } // else it may be the owner: a zone may be called so
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong number(String word) {
    try {
      long value = Long.parseLong(word);
      return value >= 0 && value <= 0xFFFF_FFFFL ? OptionalLong.of(value) : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * The words of the text: comments and parentheses left out, escapes kept as they are. One that is
   * not followed by anything may be a part of a longer one, and is left out, too.
   */
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
