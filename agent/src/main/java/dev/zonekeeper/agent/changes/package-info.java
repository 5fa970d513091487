/**
 * The change log of a standby: what it has confirmed and its named has yet to pull. One log for all
 * zones, so that changes of many zones share a wait for the disk.
 */
package dev.zonekeeper.agent.changes;
