package dev.zonekeeper.kubernetes;

import java.io.IOException;

/** The API server refused a request, or did not answer it. */
public final class ApiFailure extends IOException {
  /** It cannot be said whether the request was carried out. */
  static final int NO_ANSWER = 0;

  private final int code;

  ApiFailure(String message, int code, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The HTTP status of the refusal; {@link #NO_ANSWER} when there was none. */
  int code() {
    return code;
  }

  /** There is no such object. */
  boolean isNotFound() {
    return code == 404;
  }

  /** The object has changed, or is there already: nothing was written. */
  boolean isConflict() {
    return code == 409;
  }
}
