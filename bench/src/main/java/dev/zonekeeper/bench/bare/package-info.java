/**
 * Servers without Zonekeeper, to compare with: BIND as one primary or as a primary with two
 * secondaries, Knot DNS and PowerDNS as one primary.
 */
package dev.zonekeeper.bench.bare;
