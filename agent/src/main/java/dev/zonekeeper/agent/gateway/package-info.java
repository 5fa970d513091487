/**
 * The gateway: the only door to the named of a primary member. Every message of a client goes
 * through {@link dev.zonekeeper.agent.gateway.Gateway}, which hands it to the leader's named,
 * wherever that runs, and gives the answer out when nothing can take it back any more.
 */
package dev.zonekeeper.agent.gateway;
