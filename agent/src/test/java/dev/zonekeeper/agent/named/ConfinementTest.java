package dev.zonekeeper.agent.named;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfinementTest {
  @TempDir Path proc;

  @Test
  void anEnforcedProfileIsFound() throws Exception {
    label("attr/current", "named (enforce)\n");

    assertThat(Confinement.profile(proc, 42)).hasValue("named (enforce)");
  }

  @Test
  void theFileOfNewerKernelsIsReadFirst() throws Exception {
    label("attr/apparmor/current", "/usr/sbin/named (enforce)\n");
    label("attr/current", "\0");

    assertThat(Confinement.profile(proc, 42)).hasValue("/usr/sbin/named (enforce)");
  }

  @Test
  void aProfileThatOnlyComplainsAndNoProfileDoNotConfine() throws Exception {
    label("attr/current", "named (complain)\n");
    assertThat(Confinement.profile(proc, 42)).isEmpty();
    label("attr/current", "unconfined\n");
    assertThat(Confinement.profile(proc, 42)).isEmpty();
  }

  @Test
  void aKernelWithoutAppArmorDoesNotConfine() {
    assertThat(Confinement.profile(proc, 42)).isEmpty();
  }

  private void label(String file, String label) throws Exception {
    Path path = proc.resolve("42").resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, label);
  }
}
