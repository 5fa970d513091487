package dev.zonekeeper.agent.changes;

import dev.zonekeeper.dns.Delta;
import dev.zonekeeper.dns.DeltaBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What one record of the log says: 8 octets of epoch, and the change as {@link DeltaBytes}.
 *
 * @param epoch of the leader that sent it
 * @param delta the change
 */
record LoggedChange(long epoch, Delta delta) {

  /** The bytes; empty if the change is too large. */
  Optional<ByteBuffer> toBytes() {
    return DeltaBytes.of(delta)
        .map(bytes ->
            ByteBuffer.allocate(Long.BYTES + bytes.length).putLong(epoch).put(bytes).flip());
  }

  /**
   * Reads the bytes back.
   *
   * @throws IOException they are none of a change
   */
  static LoggedChange read(ByteBuffer content) throws IOException {
    if (content.remaining() < Long.BYTES) {
      throw new IOException(
          "expected an epoch and a change, found %d octets".formatted(content.remaining()));
    }
    ByteBuffer rest = content.duplicate();
    long epoch = rest.getLong();
    byte[] bytes = new byte[rest.remaining()];
    rest.get(bytes);
    return new LoggedChange(epoch, DeltaBytes.read(bytes));
  }
}
