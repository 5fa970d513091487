/** Decides whether what clients saw can have happened in a system that loses nothing. */
package dev.zonekeeper.campaign.check;
