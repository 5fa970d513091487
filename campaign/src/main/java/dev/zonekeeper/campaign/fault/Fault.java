package dev.zonekeeper.campaign.fault;

/**
 * One fault that was done and undone.
 *
 * @param target the member, or members, it was done to
 * @param startNanos when it was done, {@link System#nanoTime()}
 * @param endNanos when it had been undone, on the same clock
 */
public record Fault(FaultKind kind, String target, long startNanos, long endNanos) {}
