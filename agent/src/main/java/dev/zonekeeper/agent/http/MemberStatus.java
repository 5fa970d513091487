package dev.zonekeeper.agent.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;

/**
 * What a member says of itself at {@code /status}. Stable: scripts depend on it.
 *
 * @param kind {@code primary} or {@code secondary}
 * @param role {@code leader}, {@code standby} or {@code secondary}
 * @param healthy its named answers
 * @param namedPid 0 when named does not run
 * @param why one sentence: why it is what it is
 * @param leader the leader as this member knows it, or null
 * @param serials what its named serves, by zone
 * @param committed on the leader: the last committed serial, by zone
 * @param lagMillis on a follower: how long ago it has last held all that it was asked to hold, 0
 *     when it does now
 */
@JsonPropertyOrder(alphabetic = false)
@JsonInclude(JsonInclude.Include.ALWAYS)
public record MemberStatus(
    String name,
    String kind,
    String role,
    boolean healthy,
    long agentPid,
    long namedPid,
    String why,
    String dns,
    String peer,
    String http,
    String incarnation,
    long epoch,
    String leader,
    List<String> inSync,
    int minInSync,
    Map<String, Long> serials,
    Map<String, Long> committed,
    long lagMillis) {}
