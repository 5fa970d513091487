package dev.zonekeeper.agent.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * How one member is run, wherever it runs.
 *
 * @param member the member's name, one of those of its cluster
 * @param clusterKey a file with the TSIG key, in BIND's syntax, that members sign with among
 *     themselves
 * @param data the member's disk: named.conf, zones, journals, quarantine
 * @param run pid files and the role file
 * @param dns where clients go: the gateway of a primary, {@code named} itself of a secondary
 * @param peer where other members' agents reach this one
 * @param http probes, metrics and status
 * @param namedPort on loopback, 1 to 65535, as the other ports: {@code named}
 * @param upstreamPort where {@code named} pulls its zones from: its own agent
 * @param notifyPort where {@code named} tells its own agent of changes
 * @param rndcPort {@code named}'s control channel
 * @param timing how long to wait for what
 */
public record MemberSettings(
    String member,
    Path clusterKey,
    Path data,
    Path run,
    InetSocketAddress dns,
    InetSocketAddress peer,
    InetSocketAddress http,
    int namedPort,
    int upstreamPort,
    int notifyPort,
    int rndcPort,
    Timing timing) {}
