/** DNS messages over sockets: servers with limits, and pooled client connections. */
package dev.zonekeeper.dns.net;
