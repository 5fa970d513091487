package dev.zonekeeper.core;

import java.util.Optional;

/**
 * What a member of the primary set says of itself when the lease is gone.
 *
 * @param id who it is
 * @param fresh it has no data and never had a lease
 * @param healthy its named answers
 * @param ready healthy, and no zone of it is in the middle of a full transfer
 * @param leading it is the leader of the lease that is gone
 * @param contending it has proposed a lease and does not know the outcome yet, so there may be one
 *     at any moment
 * @param lastLease its own copy of the last lease it has seen
 * @param knownEpoch the highest epoch it has heard of; 0: of none
 * @param progress the sum of its zones' serials; empty while it does not know all of them. Tells
 *     who is ahead of most; nothing that must hold rests on it
 */
public record Claim(
    MemberId id,
    boolean fresh,
    boolean healthy,
    boolean ready,
    boolean leading,
    boolean contending,
    Optional<Lease> lastLease,
    long knownEpoch,
    Optional<Long> progress) {}
