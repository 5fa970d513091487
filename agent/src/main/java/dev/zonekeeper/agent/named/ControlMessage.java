package dev.zonekeeper.agent.named;

import dev.zonekeeper.dns.TsigKey;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One message of BIND's control channel (what {@code rndc} speaks; {@code lib/isccc} in BIND's
 * source): nested tables of named values, signed with HMAC-SHA256.
 *
 * <p>On the wire: 4 bytes length of what follows, 4 bytes version (1), then the entries of the
 * outermost table. An entry is a name (1 byte length), a type (1 byte: 0 string, 1 binary, 2
 * table), 4 bytes length, the value. The first entry, {@code _auth}, signs all bytes after itself.
 */
record ControlMessage(Map<String, Object> control, Map<String, Object> data) {
  private static final int VERSION = 1;
  private static final int HMAC_SHA256 = 163;
  private static final int SIGNATURE_TEXT = 88;
  private static final int LARGEST = 4 << 20;

  /** named nests two tables. */
  private static final int DEEPEST = 8;

  private static final int BINARY = 1;
  private static final int TABLE = 2;

  /** A command with its serial, valid for a minute; the nonce is what named gave at the hello. */
  static ControlMessage command(String command, long serial, Instant now, String nonce) {
    Map<String, Object> control = new LinkedHashMap<>();
    control.put("_ser", Long.toString(serial));
    control.put("_tim", Long.toString(now.getEpochSecond()));
    control.put("_exp", Long.toString(now.getEpochSecond() + 60));
    if (!nonce.isEmpty()) {
      control.put("_nonce", nonce);
    }
    return new ControlMessage(control, Map.of("type", command));
  }

  String text(String name) {
    return data.get(name) instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
  }

  String nonce() {
    return control.get("_nonce") instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.US_ASCII)
        : "";
  }

  void send(DataOutputStream out, TsigKey key) throws IOException {
    Map<String, Object> signed = new LinkedHashMap<>();
    signed.put("_ctrl", control);
    signed.put("_data", data);
    byte[] body = table(signed);
    byte[] auth = table(Map.of("_auth", Map.of("hsha", signature(key, body, 0))));
    out.writeInt(4 + auth.length + body.length);
    out.writeInt(VERSION);
    out.write(auth);
    out.write(body);
    out.flush();
  }

  /**
   * Reads one message and checks its signature.
   *
   * @throws EOFException named closed the connection: it does so without a word when it does not
   *     accept the key
   */
  static ControlMessage receive(DataInputStream in, TsigKey key) throws IOException {
    int length = in.readInt();
    int version = in.readInt();
    if (version != VERSION || length < 4 || length > LARGEST) {
      throw new IOException(
          "not a message of named's control channel: version %d, length %d"
              .formatted(version, length));
    }
    byte[] body = in.readNBytes(length - 4);
    if (body.length < length - 4) {
      throw new EOFException("named closed the control channel in the middle of a message");
    }
    ByteBuffer rest = ByteBuffer.wrap(body);
    try {
      Entry auth = entry(rest, 0);
      byte[] expected = signature(key, body, rest.position());
      if (!auth.name.equals("_auth")
          || !(auth.value instanceof Map<?, ?> table)
          || !(table.get("hsha") instanceof byte[] found)
          || !MessageDigest.isEqual(expected, found)) {
        throw new IOException("the control channel's answer is not signed with this member's key");
      }
      Map<String, Object> content = entries(rest, 0);
      return new ControlMessage(sub(content, "_ctrl"), sub(content, "_data"));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new IOException("the control channel's answer does not parse", e);
    }
  }

  private record Entry(String name, Object value) {}

  private static Entry entry(ByteBuffer in, int depth) {
    byte[] name = new byte[in.get() & 0xff];
    in.get(name);
    int type = in.get();
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a value of length " + length);
    }
    ByteBuffer value = in.slice(in.position(), length);
    in.position(in.position() + length);
    if (type == TABLE) {
      return new Entry(new String(name, StandardCharsets.US_ASCII), entries(value, depth + 1));
    }
    byte[] bytes = new byte[length];
    value.get(bytes);
    return new Entry(new String(name, StandardCharsets.US_ASCII), bytes);
  }

  private static Map<String, Object> entries(ByteBuffer in, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("tables within tables, more than " + DEEPEST);
    }
    Map<String, Object> table = new LinkedHashMap<>();
    while (in.hasRemaining()) {
      Entry entry = entry(in, depth);
      table.put(entry.name, entry.value);
    }
    return table;
  }

  private static Map<String, Object> sub(Map<String, Object> table, String name) {
    Map<String, Object> found = new LinkedHashMap<>();
    if (table.get(name) instanceof Map<?, ?> values) {
      values.forEach((key, value) -> found.put((String) key, value));
    }
    return found;
  }

  private static byte[] table(Map<String, Object> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      for (Map.Entry<String, Object> entry : entries.entrySet()) {
        byte[] name = entry.getKey().getBytes(StandardCharsets.US_ASCII);
        out.writeByte(name.length);
        out.write(name);
        byte[] value =
            switch (entry.getValue()) {
              case Map<?, ?> inner -> table(sub(Map.of("", inner), ""));
              case byte[] binary -> binary;
              case String text -> text.getBytes(StandardCharsets.UTF_8);
              case Object other -> throw new IllegalArgumentException("not encodable: " + other);
            };
        out.writeByte(entry.getValue() instanceof Map ? TABLE : BINARY);
        out.writeInt(value.length);
        out.write(value);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] signature(TsigKey key, byte[] body, int from) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.secret(), "HmacSHA256"));
      mac.update(body, from, body.length - from);
      byte[] value = new byte[1 + SIGNATURE_TEXT];
      value[0] = (byte) HMAC_SHA256;
      byte[] text = Base64.getEncoder().encode(mac.doFinal());
      System.arraycopy(text, 0, value, 1, Math.min(text.length, SIGNATURE_TEXT));
      return value;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256", e);
    }
  }
}
