/** The member's own named, as the committers and the follower need it. */
package dev.zonekeeper.agent.local;
