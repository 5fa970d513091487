package dev.zonekeeper.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SizesTest {
  @Test
  void theZoneFileHasSoManyRecordsMoreThanAZoneNeeds() {
    assertThat(Sizes.zoneFile(300).lines())
        .hasSize(Math.toIntExact(Sizes.zoneFile(0).lines().count()) + 300)
        .doesNotHaveDuplicates()
        .last()
        .isEqualTo("host-299 IN A 192.0.2.43");
  }
}
