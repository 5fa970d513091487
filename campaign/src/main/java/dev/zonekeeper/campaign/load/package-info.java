/** Clients that write and read while faults happen, and keep a history of it. */
package dev.zonekeeper.campaign.load;
