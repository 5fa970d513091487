package dev.zonekeeper.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** A zone that is adopted must not make the others' serials impossible to raise. */
class AdoptionTest {
  private static final long MAX = 0xFFFF_FFFFL;

  private static ZoneSerial serial(long value) {
    return new ZoneSerial(value);
  }

  /** The cluster is in epoch 1 and has written to its zone. */
  private static Adoption intoEpochOne(long value) {
    return Adoption.judge(serial(value), 1, Map.of("example.com", serial(65540)));
  }

  @Test
  void aLowSerialTakesTheNextEpoch() {
    assertThat(intoEpochOne(1)).isEqualTo(new Adoption.Possible(2));
  }

  @Test
  void aSerialThatIsADateTakesTheEpochPastIt() {
    assertThat(intoEpochOne(2026112001)).isEqualTo(new Adoption.Possible(30917));
  }

  @Test
  void aSerialJustBeforeTheWrapIsOlderThanTheNextEpoch() {
    assertThat(intoEpochOne(4294967290L)).isEqualTo(new Adoption.Possible(2));
  }

  @Test
  void aSerialHalfACircleAheadCannotBeOrderedTogetherWithTheOthers() {
    assertThat(intoEpochOne(2147549184L))
        .isEqualTo(new Adoption.Impossible(32770, "example.com", serial(65540)));
  }

  @Test
  void aZoneHasToFitEachOfTheOthers() {
    Map<String, ZoneSerial> zones =
        Map.of("example.com", serial(0x1000_0005L), "example.net", serial(0xA000_0000L));
    assertThat(Adoption.judge(serial(0x1800_0000L), 0x1000, zones))
        .isEqualTo(new Adoption.Possible(0x1801));
    assertThat(Adoption.judge(serial(0x3000_0000L), 0x1000, zones))
        .isEqualTo(new Adoption.Impossible(0x3001, "example.net", serial(0xA000_0000L)));
  }

  /** It was adopted a moment ago, and the leader has not raised its epoch past it yet. */
  @Test
  void aZoneThatIsNotRaisedYetIsNoObstacle() {
    Map<String, ZoneSerial> zones =
        Map.of("example.com", serial(65540), "example.net", serial(2026112001));
    assertThat(Adoption.judge(serial(1), 1, zones)).isEqualTo(new Adoption.Possible(30917));
  }

  @Test
  void theFirstZoneOfAClusterMayHaveAnySerial() {
    assertThat(Adoption.judge(serial(2147549184L), 0, Map.of()))
        .isInstanceOf(Adoption.Possible.class);
  }

  /** It is older than the next epoch by so little that the one after that is not newer any more. */
  @Test
  void aSerialThatFitsOnlyUntilTheNextTakeoverIsRefused() {
    long value = ZoneSerial.firstOf(3).value() - (1L << 31) + (1L << 32);
    assertThat(ZoneSerial.firstOf(2).isAfter(serial(value))).isTrue();
    assertThat(intoEpochOne(value)).isInstanceOf(Adoption.Impossible.class);
  }

  @Property
  void allZonesCanBeRaisedIntoTheEpochOfAZoneThatIsAdopted(
      @ForAll @LongRange(max = MAX) long value,
      @ForAll @LongRange(min = 1, max = 200_000) long epoch,
      @ForAll @LongRange(max = 65535) long n,
      @ForAll @LongRange(max = 100) long takeovers) {
    ZoneSerial there = serial((ZoneSerial.firstOf(epoch).value() + n) & MAX);
    if (Adoption.judge(serial(value), epoch, Map.of("a", there)) instanceof Adoption.Possible) {
      ZoneSerial first = ZoneSerial.firstOf(serial(value).epochPast(epoch + 1 + takeovers));
      assertThat(first.isAfter(there)).isTrue();
      assertThat(first.isAfter(serial(value))).isTrue();
    }
  }
}
