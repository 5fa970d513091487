/** Messages between members: the peer port and the connections to the others. */
package dev.zonekeeper.agent.peer;
