package dev.zonekeeper.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {
  @Test
  void memoryIsInGigabytes() {
    assertThat(Machine.gigabytes("24684092 kB")).isEqualTo("25 GB");
    assertThat(Machine.gigabytes("unknown")).isEqualTo("unknown");
  }

  @Test
  void aVersionIsWithoutTheTimeAtWhichItIsSaid() {
    assertThat(Machine.tidy("Nov 28 11:37:32 PowerDNS Authoritative Server 4.7.3"))
        .isEqualTo("PowerDNS Authoritative Server 4.7.3");
    assertThat(Machine.tidy("BIND 9.18.49-1~deb12u3-Debian (Extended Support Version) <id:>"))
        .isEqualTo("BIND 9.18.49-1~deb12u3-Debian (Extended Support Version)");
  }
}
