/** A campaign's servers on Kubernetes: a cluster that is there already, through the API server. */
package dev.zonekeeper.campaign.pods;
