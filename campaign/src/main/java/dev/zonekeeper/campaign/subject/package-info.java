/** The servers of a campaign: a Zonekeeper cluster, or plain BIND with a script. */
package dev.zonekeeper.campaign.subject;
