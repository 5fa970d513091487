package dev.zonekeeper.bench.load;

import org.xbill.DNS.Rcode;

/** What a client knows of its update in the end. */
public sealed interface Outcome {
  /** Answered NOERROR: from now on the change may not be lost. */
  record Acknowledged() implements Outcome {}

  /**
   * Answered with an error. After SERVFAIL the change may have been applied all the same.
   *
   * @param rcode the RCODE of the answer's header, 1 to 15
   * @param why the text of the Extended DNS Error that came with it (RFC 8914); may be empty
   */
  record Refused(int rcode, String why) implements Outcome {

    /** In the words of the table of failures. */
    public String inWords() {
      return why.isEmpty() ? Rcode.string(rcode) : Rcode.string(rcode) + " (" + why + ")";
    }
  }

  /**
   * Nothing was heard: the change may have been applied or not.
   *
   * @param why in a few words: time-out, connection closed, port unreachable
   */
  record Unknown(String why) implements Outcome {}

  /** Whether this is {@link Acknowledged}. */
  default boolean acknowledged() {
    return this instanceof Acknowledged;
  }
}
