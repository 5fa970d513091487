package dev.zonekeeper.core;

import java.time.Duration;
import java.time.Instant;

/**
 * The time of an event, told by the caller.
 *
 * @param elapsed time since some fixed point of this process, never going back; decisions use this
 * @param wallClock the calendar time, for people only
 */
public record Moment(Duration elapsed, Instant wallClock) {

  boolean isAtOrAfter(Duration other) {
    return elapsed.compareTo(other) >= 0;
  }
}
