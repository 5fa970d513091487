/**
 * Following, at a standby and at a secondary: the zones are pulled into the local named from
 * whoever leads, and commit requests are confirmed when named holds them durably.
 */
package dev.zonekeeper.agent.follow;
