package dev.zonekeeper.campaign.history;

/** What the client knows in the end. */
public enum Outcome {
  /** NOERROR: a write has been done, a query was answered. */
  ACKNOWLEDGED,
  /** YXRRSET or NXRRSET: the prerequisite was not met, so nothing was done. */
  UNMET,
  /** Nothing was done and nothing was said of the content: REFUSED, or it never reached anybody. */
  REJECTED,
  /**
   * A time-out, a broken connection or SERVFAIL: it has been done, will be done later, or never.
   */
  UNKNOWN
}
