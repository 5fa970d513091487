/** What came of a campaign, as text and as a page. */
package dev.zonekeeper.campaign.report;
