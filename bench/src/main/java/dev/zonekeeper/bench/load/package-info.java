/**
 * A load generator for DNS UPDATE, and the book-keeping to check afterwards that nothing
 * acknowledged was lost.
 *
 * <pre>{@code
 * Ledger ledger = new Ledger();
 * LoadSettings settings = LoadSettings.udp(servers, UpdateSigner.of(key)).clients(64);
 * try (LoadGenerator load =
 *     new LoadGenerator(settings, Workload.freshNames(zone, "w").limit(20_000), ledger::record)) {
 *   load.start();
 *   // kill something here
 *   load.stop(Duration.ofSeconds(10));
 * }
 * assertThat(ledger.missingAt(ZoneContent.transfer(server, zone, tsig))).isEmpty();
 * }</pre>
 */
package dev.zonekeeper.bench.load;
