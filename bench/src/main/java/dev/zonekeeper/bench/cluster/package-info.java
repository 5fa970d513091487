/** A real cluster for the benchmarks, driven as an operator would: through the public commands. */
package dev.zonekeeper.bench.cluster;
