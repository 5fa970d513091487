package dev.zonekeeper.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;

class ServedZonesTest {

  private static final Set<Name> ZONES =
      Arrays.stream(new String[] {"example.com.", "sub.example.com.", "2.0.192.in-addr.arpa."})
          .map(Name::fromConstantString)
          .collect(Collectors.toUnmodifiableSet());

  @ParameterizedTest
  @CsvSource({
    "example.com., example.com.",
    "EXAMPLE.com., example.com.",
    "a.b.example.com., example.com.",
    "sub.example.com., sub.example.com.",
    "host.Sub.example.com., sub.example.com.",
    "1.2.0.192.in-addr.arpa., 2.0.192.in-addr.arpa.",
    "com.,",
    "., ",
    "notexample.com., ",
  })
  void aNameBelongsToTheZoneItSharesMostLabelsWith(String name, String zone) {
    assertThat(new ServedZones(() -> ZONES).of(Name.fromConstantString(name)))
        .isEqualTo(Optional.ofNullable(zone).map(Name::fromConstantString));
  }
}
