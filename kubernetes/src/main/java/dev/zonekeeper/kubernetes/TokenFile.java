package dev.zonekeeper.kubernetes;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The token of the pod's service account. The kubelet replaces the file long before the token
 * expires, so it is read for every request.
 */
final class TokenFile implements OAuthTokenProvider {
  private final Path file;
  private volatile String last;

  /**
   * Reads the token.
   *
   * @throws IOException there is none
   */
  TokenFile(Path file) throws IOException {
    this.file = file;
    this.last = Files.readString(file).strip();
  }

  @Override
  public String getToken() {
    try {
      String now = Files.readString(file).strip();
      if (!now.isEmpty()) {
        last = now;
      }
    } catch (IOException beingReplaced) {
      return last;
    }
    return last;
  }
}
