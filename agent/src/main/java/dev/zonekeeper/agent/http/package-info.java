/** What an agent tells over HTTP: probes, status, metrics. */
package dev.zonekeeper.agent.http;
