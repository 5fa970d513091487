/** What was measured, written to a folder: tables, raw figures, plots. */
package dev.zonekeeper.bench.report;
