package dev.zonekeeper.agent;

import java.util.Optional;

/** Something that is there a little later than those who use it. */
final class Late<T> {
  private volatile T value;

  void set(T there) {
    value = there;
  }

  Optional<T> get() {
    return Optional.ofNullable(value);
  }
}
