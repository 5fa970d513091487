package dev.zonekeeper.dns;

/** What a TSIG record can say about the request's (RFC 8945 section 3). */
enum TsigError {
  NONE(0),
  BADSIG(16),
  BADKEY(17),
  BADTIME(18),
  BADTRUNC(22);

  private final int code;

  TsigError(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
