package dev.zonekeeper.agent.commit;

import java.time.Duration;

/**
 * How commits are made.
 *
 * @param syncTimeout how long a member may take to confirm before it counts as lagging
 * @param waitLimit how long a client's answer waits for its commit
 * @param requestsInFlight how many commit requests for one zone a member gets at a time, 1 or more
 */
public record CommitSettings(Duration syncTimeout, Duration waitLimit, int requestsInFlight) {}
