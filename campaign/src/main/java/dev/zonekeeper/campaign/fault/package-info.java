/** What is done to the servers, when, and for how long. */
package dev.zonekeeper.campaign.fault;
