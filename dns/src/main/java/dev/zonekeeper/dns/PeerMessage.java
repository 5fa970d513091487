package dev.zonekeeper.dns;

/** What members ask each other; each an ordinary DNS message, signed with the cluster's key. */
public sealed interface PeerMessage permits CommitRequest, Heartbeat {
  /** Who asks. */
  Sender from();
}
