package dev.zonekeeper.agent.gateway;

import dev.zonekeeper.dns.net.DnsServer;
import dev.zonekeeper.dns.net.ServerEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What the gateway counts and measures. */
public final class GatewayCounters {

  /** The kinds of messages that come to a gateway. */
  enum Kind {
    UPDATE,
    QUERY,
    TRANSFER,
    /** NOTIFY and opcodes nobody serves. */
    OTHER,
    /** A header, and no message behind it. */
    MALFORMED,
    /** An answer, which nobody asked for. */
    RESPONSE,
    /** Not even a header. */
    UNREADABLE
  }

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5)
  };

  private final MeterRegistry registry;
  private final Map<Kind, Counter> messages = new EnumMap<>(Kind.class);
  private final Map<Answer.Effect, Counter> failures = new EnumMap<>(Answer.Effect.class);
  private final Counter soaRefused;
  private final Counter forwarded;
  private final Counter held;
  private final Counter retransmissions;
  private final Counter truncated;
  private final Timer updates;
  private final Stations stations;

  public GatewayCounters(MeterRegistry registry) {
    this.registry = registry;
    for (Kind kind : Kind.values()) {
      messages.put(
          kind,
          Counter.builder("zonekeeper_gateway_messages")
              .description("Messages that came to the gateway, from clients and other members")
              .tag("kind", word(kind))
              .register(registry));
    }
    for (Answer.Effect effect : Answer.Effect.values()) {
      failures.put(
          effect,
          Counter.builder("zonekeeper_gateway_failures")
              .description("Messages that the gateway itself answered SERVFAIL, by their effect")
              .tag("effect", word(effect))
              .register(registry));
    }
    this.soaRefused =
        counter("zonekeeper_gateway_soa_refused", "Updates refused because they touch an SOA");
    this.forwarded = counter("zonekeeper_gateway_forwarded", "Messages forwarded to the leader");
    this.held =
        counter("zonekeeper_gateway_held", "Messages held because they reached no leader at once");
    this.retransmissions =
        counter(
            "zonekeeper_gateway_retransmissions",
            "Updates that came again and got the answer of the first");
    this.truncated =
        counter(
            "zonekeeper_gateway_truncated", "Answers truncated for UDP (the client asks again)");
    this.updates =
        Timer.builder("zonekeeper_gateway_update_seconds")
            .description("Time from an update's arrival to its answer")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    this.stations = new Stations(registry);
  }

  Stations stations() {
    return stations;
  }

  /**
   * Counts what a server counts.
   *
   * @param name tells this server from others: "gateway", "peer"
   */
  public void watch(DnsServer server, String name) {
    for (ServerEvent event : ServerEvent.values()) {
      FunctionCounter.builder("zonekeeper_server_events", server, it -> it.count(event))
          .description("What happened at a DNS port of the agent")
          .tag("server", name)
          .tag("event", word(event))
          .register(registry);
    }
    Gauge.builder("zonekeeper_server_tcp_connections", server, DnsServer::openConnections)
        .description("TCP connections that are open")
        .tag("server", name)
        .register(registry);
    Gauge.builder("zonekeeper_server_messages_in_flight", server, DnsServer::messagesInFlight)
        .description("Messages that are being handled")
        .tag("server", name)
        .register(registry);
  }

  void watch(Admission admission, Kind kind) {
    Gauge.builder("zonekeeper_gateway_at_named", admission, Admission::inFlight)
        .description("Messages that named is working on")
        .tag("kind", word(kind))
        .register(registry);
    Gauge.builder("zonekeeper_gateway_queued", admission, Admission::waiting)
        .description("Messages that wait to be handed to named")
        .tag("kind", word(kind))
        .register(registry);
  }

  void message(Kind kind) {
    messages.get(kind).increment();
  }

  void failure(Answer.Effect effect) {
    failures.get(effect).increment();
  }

  void soaRefused() {
    soaRefused.increment();
  }

  void forwarded() {
    forwarded.increment();
  }

  void held() {
    held.increment();
  }

  void retransmission() {
    retransmissions.increment();
  }

  void truncated() {
    truncated.increment();
  }

  void updateTook(long nanos) {
    updates.record(Duration.ofNanos(nanos));
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
