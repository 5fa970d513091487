/** BIND without Zonekeeper, to compare with: one primary, or a primary with two secondaries. */
package dev.zonekeeper.bench.bare;
