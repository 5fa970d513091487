package dev.zonekeeper.agent.gateway;

import java.time.Duration;

/**
 * How long the gateway waits and how much it holds.
 *
 * @param writeHold how long a message is held from its arrival while nobody leads
 * @param namedTimeout how long named may take to answer
 * @param forwardTimeout how long the leader's agent may take to answer what was forwarded: its
 *     queue, its named and the commit
 * @param transferIdle how long named, or the leader, may take for each message of a transfer
 * @param updatesInFlight updates at named at a time; BIND drops those past its update-quota, 100 by
 *     default, without an answer
 * @param queriesInFlight queries at named at a time
 * @param transfersInFlight zone transfers at a time
 * @param queue how many messages may wait for each of these three
 * @param queueBytes how many bytes those that wait may have, each
 * @param remember how long an answer is kept for a client that asks again with the same bytes
 */
public record GatewaySettings(
    Duration writeHold,
    Duration namedTimeout,
    Duration forwardTimeout,
    Duration transferIdle,
    int updatesInFlight,
    int queriesInFlight,
    int transfersInFlight,
    int queue,
    long queueBytes,
    Duration remember) {

  public static final GatewaySettings DEFAULT =
      new GatewaySettings(
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          64,
          80,
          50,
          20_000,
          64L << 20,
          Duration.ofSeconds(10));

  /** The same with another hold. */
  public GatewaySettings withWriteHold(Duration hold) {
    return new GatewaySettings(
        hold,
        namedTimeout,
        forwardTimeout,
        transferIdle,
        updatesInFlight,
        queriesInFlight,
        transfersInFlight,
        queue,
        queueBytes,
        remember);
  }

  /** The same with other time-outs towards named and the leader. */
  public GatewaySettings withTimeouts(Duration named, Duration forward) {
    return new GatewaySettings(
        writeHold,
        named,
        forward,
        transferIdle,
        updatesInFlight,
        queriesInFlight,
        transfersInFlight,
        queue,
        queueBytes,
        remember);
  }

  /** The same with other bounds for updates, queries and transfers alike. */
  public GatewaySettings withBounds(int inFlight, int queued) {
    return new GatewaySettings(
        writeHold,
        namedTimeout,
        forwardTimeout,
        transferIdle,
        inFlight,
        inFlight,
        inFlight,
        queued,
        queueBytes,
        remember);
  }
}
