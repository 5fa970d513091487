/**
 * The member's own {@code named}: its configuration, its life as a child process, the commands it
 * is given (rndc), its log lines, its health, and its zone files. All claims about BIND in here
 * were tried on 9.18 and 9.20; only options that both have are used.
 */
package dev.zonekeeper.agent.named;
