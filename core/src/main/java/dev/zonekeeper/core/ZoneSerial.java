package dev.zonekeeper.core;

/**
 * The serial of a zone's SOA record: 32 bits, compared by serial number arithmetic (RFC 1982).
 *
 * <p>Zonekeeper stamps the epoch into the upper half: {@code serial = epoch * 65536 + n} (mod
 * 2^32). Two members with the same serial therefore hold the same zone.
 *
 * @param value the serial as an unsigned number, 0 to 4294967295
 */
public record ZoneSerial(long value) {

  /** How many serials one epoch has. */
  public static final int PER_EPOCH = 1 << 16;

  private static final long MASK = 0xFFFF_FFFFL;
  private static final long HALF = 1L << 31;

  public ZoneSerial {
    if (value < 0 || value > MASK) {
      throw new IllegalArgumentException("serial " + value + " is not within 0 to 4294967295");
    }
  }

  /** The first serial of an epoch; the epoch is taken modulo 65536. */
  public static ZoneSerial firstOf(long epoch) {
    return new ZoneSerial((epoch << 16) & MASK);
  }

  /** Whether this serial was made in that epoch (modulo 65536). */
  public boolean isOf(long epoch) {
    return (value >>> 16) == (epoch & 0xFFFF);
  }

  /** How many serials of its epoch are still unused after this one: 0 to 65535. */
  public int leftInEpoch() {
    return PER_EPOCH - 1 - (int) (value & 0xFFFF);
  }

  /**
   * Whether this serial is newer than the other (RFC 1982 section 3.2). Two serials that are
   * exactly 2^31 apart have no order: neither is newer.
   */
  public boolean isAfter(ZoneSerial other) {
    long distance = (value - other.value) & MASK;
    return distance != 0 && distance < HALF;
  }

  /** Whether this serial is the other one or newer (RFC 1982 section 3.2). */
  public boolean isAtLeast(ZoneSerial other) {
    return equals(other) || isAfter(other);
  }

  /** Whether RFC 1982 gives the two an order (or they are equal). */
  public boolean isComparableWith(ZoneSerial other) {
    return ((value - other.value) & MASK) != HALF;
  }

  /**
   * The smallest epoch, not below {@code atLeast}, whose first serial is newer than this serial, so
   * that a zone with this serial can be raised into it.
   */
  public long epochPast(long atLeast) {
    if (firstOf(atLeast).isAfter(this)) {
      return atLeast;
    }
    long ownEpoch = value >>> 16;
    long ahead = (ownEpoch + 1 - atLeast) & 0xFFFF;
    return atLeast + ahead;
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
