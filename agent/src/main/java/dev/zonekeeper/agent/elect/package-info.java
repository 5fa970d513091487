/** The election at work: the loop that runs the protocol core, and the traffic with the lease. */
package dev.zonekeeper.agent.elect;
