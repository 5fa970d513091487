package dev.zonekeeper.campaign.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class NamespacesTest {
  @Test
  void what_is_lacking_is_named() throws InterruptedException {
    boolean root = "root".equals(System.getProperty("user.name"));

    assertThat(Namespaces.lacking(Map.of("PATH", "/nonexistent")))
        .contains(root ? "the program unshare is not installed" : "they need root");
  }
}
