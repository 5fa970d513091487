/**
 * Commits, at the leader: what its named has applied is sent to the other members and counts as
 * committed when all that the election names hold it.
 */
package dev.zonekeeper.agent.commit;
