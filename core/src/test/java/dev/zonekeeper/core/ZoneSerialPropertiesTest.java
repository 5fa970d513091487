package dev.zonekeeper.core;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** RFC 1982 with 32 bits, and the epoch in the upper half. */
class ZoneSerialPropertiesTest {
  private static final long MAX = 0xFFFF_FFFFL;
  private static final long HALF = 1L << 31;

  private static ZoneSerial plus(ZoneSerial serial, long n) {
    return new ZoneSerial((serial.value() + n) & MAX);
  }

  @Property
  void aSerialIsAfterAnotherIfItIsReachedByAddingLessThanHalf(
      @ForAll @LongRange(max = MAX) long start,
      @ForAll @LongRange(min = 1, max = HALF - 1) long n) {
    ZoneSerial before = new ZoneSerial(start);
    assertThat(plus(before, n).isAfter(before)).isTrue();
    assertThat(before.isAfter(plus(before, n))).isFalse();
    assertThat(plus(before, n).isAtLeast(before)).isTrue();
    assertThat(plus(before, n).isComparableWith(before)).isTrue();
  }

  @Property
  void twoSerialsHalfTheSpaceApartHaveNoOrder(@ForAll @LongRange(max = MAX) long start) {
    ZoneSerial one = new ZoneSerial(start);
    ZoneSerial other = plus(one, HALF);
    assertThat(one.isAfter(other)).isFalse();
    assertThat(other.isAfter(one)).isFalse();
    assertThat(one.isComparableWith(other)).isFalse();
  }

  @Property
  void ofTwoSerialsAtMostOneIsNewer(
      @ForAll @LongRange(max = MAX) long a, @ForAll @LongRange(max = MAX) long b) {
    ZoneSerial one = new ZoneSerial(a);
    ZoneSerial other = new ZoneSerial(b);
    assertThat(one.isAfter(other) && other.isAfter(one)).isFalse();
    assertThat(one.isAtLeast(other) || other.isAtLeast(one)).isEqualTo(one.isComparableWith(other));
  }

  @Property
  void aSerialIsNotAfterItself(@ForAll @LongRange(max = MAX) long value) {
    ZoneSerial serial = new ZoneSerial(value);
    assertThat(serial.isAfter(serial)).isFalse();
    assertThat(serial.isAtLeast(serial)).isTrue();
  }

  @Property
  void allSerialsOfAnEpochAreOfItAndOfNoOtherNearIt(
      @ForAll @LongRange(min = 1, max = 1L << 40) long epoch,
      @ForAll @LongRange(max = 65535) long n,
      @ForAll @LongRange(min = 1, max = 65535) long distance) {
    ZoneSerial serial = plus(ZoneSerial.firstOf(epoch), n);
    assertThat(serial.isOf(epoch)).isTrue();
    assertThat(serial.isOf(epoch + distance)).isFalse();
    assertThat(serial.leftInEpoch()).isEqualTo((int) (65535 - n));
    assertThat(serial.isAtLeast(ZoneSerial.firstOf(epoch))).isTrue();
  }

  @Property
  void theFirstSerialOfALaterEpochIsNewerThanAnySerialOfAnEarlierOne(
      @ForAll @LongRange(min = 1, max = 1L << 40) long epoch,
      @ForAll @LongRange(max = 65535) long n,
      @ForAll @LongRange(min = 1, max = 32767) long later) {
    ZoneSerial serial = plus(ZoneSerial.firstOf(epoch), n);
    assertThat(ZoneSerial.firstOf(epoch + later).isAfter(serial)).isTrue();
  }

  @Property
  void aSerialCanBeRaisedIntoTheEpochPastIt(
      @ForAll @LongRange(max = MAX) long value,
      @ForAll @LongRange(min = 1, max = 1L << 40) long atLeast) {
    ZoneSerial serial = new ZoneSerial(value);
    long epoch = serial.epochPast(atLeast);
    assertThat(epoch).isBetween(atLeast, atLeast + 65535);
    assertThat(ZoneSerial.firstOf(epoch).isAfter(serial)).isTrue();
  }

  @Property(tries = 100)
  void noSmallerEpochWouldDo(
      @ForAll @LongRange(max = MAX) long value,
      @ForAll @LongRange(min = 1, max = 200_000) long least) {
    ZoneSerial serial = new ZoneSerial(value);
    for (long epoch = least; epoch < serial.epochPast(least); epoch++) {
      assertThat(ZoneSerial.firstOf(epoch).isAfter(serial)).isFalse();
    }
  }
}
