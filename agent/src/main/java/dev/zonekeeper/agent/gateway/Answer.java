package dev.zonekeeper.agent.gateway;

import dev.zonekeeper.dns.ExtendedError;

/** What comes back for a message of a client. */
sealed interface Answer {

  /** Bytes that named wrote, to be handed on as they are. */
  final class Relayed implements Answer {
    private final byte[] bytes;

    Relayed(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  /**
   * The gateway answers by itself: SERVFAIL.
   *
   * @param effect what the message may have done
   * @param why what the client is told
   */
  record Failed(Effect effect, ExtendedError why) implements Answer {}

  /** All there is to say has been sent, as the messages of a transfer. */
  record Sent() implements Answer {}

  /** What a message may have done although no answer of named to it is given out. */
  enum Effect {
    /** Nothing: this member does not lead. It may be tried again wherever the leader is. */
    NOT_LEADER,
    /** Nothing: it has certainly not been handed to named. */
    NONE,
    /** Named has, or may have, received it. It must never be sent again by us. */
    UNKNOWN
  }

  static Failed notLeader(String why) {
    return new Failed(Effect.NOT_LEADER, new ExtendedError(ExtendedError.NOT_READY, why));
  }

  static Failed notTaken(String why) {
    return new Failed(Effect.NONE, new ExtendedError(ExtendedError.NOT_READY, why));
  }

  static Failed unknown(int code, String why) {
    return new Failed(Effect.UNKNOWN, new ExtendedError(code, why));
  }
}
