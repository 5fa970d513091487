/** What clients did and what they were told: the evidence that a campaign is judged by. */
package dev.zonekeeper.campaign.history;
