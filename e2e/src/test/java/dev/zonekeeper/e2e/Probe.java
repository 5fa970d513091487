package dev.zonekeeper.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * What an agent answers at its HTTP port.
 *
 * @param code the status code
 * @param text its reason, where it is a probe's
 */
record Probe(int code, String text) {
  private static final int OK = 200;

  static Probe of(Status.Member member, String path) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create("http://" + member.http() + path).toURL().openConnection();
      try {
        int code = connection.getResponseCode();
        try (InputStream body =
            code < 400 ? connection.getInputStream() : connection.getErrorStream()) {
          return new Probe(code, new String(body.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(member.name() + path, e);
    }
  }

  boolean isOk() {
    return code == OK;
  }
}
