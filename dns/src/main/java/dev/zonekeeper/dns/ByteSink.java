package dev.zonekeeper.dns;

import java.util.Arrays;

/** Bytes of a message in the making; numbers in network order. */
final class ByteSink {
  private byte[] bytes;
  private int size;

  ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  ByteSink bytes(byte[] more) {
    return bytes(more, 0, more.length);
  }

  ByteSink bytes(byte[] from, int offset, int length) {
    makeRoomFor(length);
    System.arraycopy(from, offset, bytes, size, length);
    size += length;
    return this;
  }

  ByteSink u16(int value) {
    makeRoomFor(2);
    Wire.putU16(bytes, size, value);
    size += 2;
    return this;
  }

  ByteSink u32(long value) {
    makeRoomFor(4);
    Wire.putU32(bytes, size, value);
    size += 4;
    return this;
  }

  ByteSink u48(long value) {
    return u16((int) (value >>> 32)).u32(value);
  }

  ByteSink u64(long value) {
    return u32(value >>> 32).u32(value);
  }

  void putU16At(int at, int value) {
    Wire.putU16(bytes, at, value);
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void makeRoomFor(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
