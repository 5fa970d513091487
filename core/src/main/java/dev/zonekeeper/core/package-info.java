/**
 * The protocol of Zonekeeper: who leads, who is in sync, what is committed.
 *
 * <p>Everything here is pure: no I/O, no clock, no thread, no logging. Events go in, actions come
 * out ({@link dev.zonekeeper.core.Election#step}); the agent is the hands that carry them out, and
 * the simulation drives thousands of members through the same code in virtual time.
 */
package dev.zonekeeper.core;
