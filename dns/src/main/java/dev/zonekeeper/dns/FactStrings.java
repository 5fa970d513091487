package dev.zonekeeper.dns;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;

/**
 * Facts as the strings of a TXT record: {@code key=value} in UTF-8. A string has at most 255 octets
 * (RFC 1035 section 3.3), so the rest of a longer value follows in strings {@code key+=more}.
 */
final class FactStrings {
  private static final int MAX_STRING = 255;

  private FactStrings() {}

  /**
   * The data of the TXT record.
   *
   * @throws IllegalArgumentException a key is empty, longer than 100 characters, has others than
   *     printable ASCII or an equals sign, or ends in a plus sign
   */
  static byte[] toData(Map<String, String> facts) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    new TreeMap<>(facts).forEach((key, value) -> write(data, key, value));
    return data.toByteArray();
  }

  /** The facts in the TXT records of a section; strings that are none are passed over. */
  static Map<String, String> in(Message message, int section) {
    Map<String, ByteArrayOutputStream> values = new HashMap<>();
    for (Record record : message.getSection(section)) {
      if (record instanceof TXTRecord text) {
        text.getStringsAsByteArrays().forEach(string -> read(string, values));
      }
    }
    Map<String, String> facts = new HashMap<>();
    values.forEach((key, value) -> facts.put(key, value.toString(StandardCharsets.UTF_8)));
    return facts;
  }

  private static void write(ByteArrayOutputStream data, String key, String value) {
    if (!key.matches("[!-~&&[^=]]{0,99}[!-~&&[^=+]]")) {
      throw new IllegalArgumentException("the key of a fact: " + key);
    }
    byte[] octets = value.getBytes(StandardCharsets.UTF_8);
    byte[] opening = (key + "=").getBytes(StandardCharsets.UTF_8);
    int at = 0;
    do {
      int length = Math.min(octets.length - at, MAX_STRING - opening.length);
      data.write(opening.length + length);
      data.writeBytes(opening);
      data.write(octets, at, length);
      at += length;
      opening = (key + "+=").getBytes(StandardCharsets.UTF_8);
    } while (at < octets.length);
  }

  private static void read(byte[] string, Map<String, ByteArrayOutputStream> values) {
    int equals = 0;
    while (equals < string.length && string[equals] != '=') {
      equals++;
    }
    if (equals == 0 || equals == string.length) {
      return;
    }
    boolean more = string[equals - 1] == '+';
    String key = new String(string, 0, more ? equals - 1 : equals, StandardCharsets.UTF_8);
    ByteArrayOutputStream value =
        more
            ? values.computeIfAbsent(key, k -> new ByteArrayOutputStream())
            : new ByteArrayOutputStream();
    value.write(string, equals + 1, string.length - equals - 1);
    values.put(key, value);
  }
}
