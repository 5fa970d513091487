/**
 * DNS messages as bytes: what can be told of one at a glance, answers and messages of our own,
 * TSIG, zone deltas and transfers. No sockets (those are in {@code dev.zonekeeper.dns.net}).
 */
package dev.zonekeeper.dns;
