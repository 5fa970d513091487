package dev.zonekeeper.agent.named;

import static java.util.stream.Collectors.counting;

import dev.zonekeeper.agent.config.QueryLog;
import dev.zonekeeper.dns.TsigKey;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;

/**
 * Writes a member's {@code named.conf}, as text. The same input gives the same text. Every option
 * is known to BIND 9.18 and 9.20; nothing outside the member's folders is read.
 *
 * <p>The two roles differ in their zone statements alone: same zone file, same journal, so that a
 * change of role costs BIND no more than loading the zone.
 */
public final class NamedConf {
  /** The control channel's key; a name that a user would not give a key. */
  static final String RNDC_KEY = "zonekeeper-rndc";

  private NamedConf() {}

  /**
   * The main file. It includes the file {@link #keysFile} names for the same keys, which must hold
   * {@link #renderKeys}, and the key file of the control channel.
   *
   * @throws IllegalArgumentException two different keys have the same name
   */
  public static String render(NamedSettings settings, ZoneRole role, Serving what) {
    List<ZoneSpec> zones = what.zones();
    StringBuilder out = new StringBuilder(4096 + 256 * zones.size());
    out.append("// Written by the Zonekeeper agent of ").append(settings.member());
    out.append("; changes made here are lost.\n");
    include(out, keysFile(settings, what.keys()));
    include(out, settings.rndcKeyFile());
    out.append(
        """
        controls { inet 127.0.0.1 port %d allow { 127.0.0.1; } keys { "%s"; }; };
        """
            .formatted(settings.rndcPort(), RNDC_KEY));
    logging(out, what.queryLog());
    Set<Name> usual = usualTransferKeys(zones);
    options(out, settings, role, what, usual);
    for (ZoneSpec zone : zones) {
      zone(out, settings, role, zone, usual);
    }
    return out.toString();
  }

  /** The file of keys: one per content, so that a new configuration never changes an old one. */
  public static Path keysFile(NamedSettings settings, List<TsigKey> keys) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(renderKeys(settings, keys).getBytes(StandardCharsets.UTF_8));
      return settings.workDir().resolve("keys-" + HexFormat.of().formatHex(digest, 0, 8) + ".conf");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /** The content of the file of keys: secrets, to be written with mode 0600. */
  public static String renderKeys(NamedSettings settings, List<TsigKey> keys) {
    Map<Name, TsigKey> distinct = new LinkedHashMap<>();
    distinct.put(settings.clusterKey().name(), settings.clusterKey());
    for (TsigKey key : keys) {
      TsigKey other = distinct.putIfAbsent(key.name(), key);
      if (other != null && !other.equals(key)) {
        throw new IllegalArgumentException("two keys have the name " + key.name());
      }
    }
    StringBuilder out = new StringBuilder();
    distinct.values().forEach(key -> out.append(key.statement()));
    return out.toString();
  }

  /**
   * Lines go to the agent through named's standard error. What BIND says at level info for every
   * single update, NOTIFY, outgoing transfer, refused query and loaded zone would cost more than it
   * tells.
   */
  private static final String LOGGING =
      """
      logging {
        channel agent { stderr; severity info; print-category yes; print-severity yes; };
        channel agent_warnings { stderr; severity warning; print-category yes; print-severity yes; };
        category default { agent; };
        category update { agent_warnings; };
        category notify { agent_warnings; };
        category xfer-out { agent_warnings; };
        category zoneload { agent_warnings; };
        category security { agent_warnings; };
        category lame-servers { null; };
      """;

  private static void logging(StringBuilder out, Optional<QueryLog> queries) {
    out.append(LOGGING);
    if (queries.isPresent()) {
      line(
          out,
          "channel queries { file \"query.log\" versions %d size %dm; print-time iso8601-utc; }"
              .formatted(queries.get().versions(), queries.get().sizeMiB()));
      line(out, "category queries { queries; }");
    }
    out.append("};\n");
  }

  private static void options(
      StringBuilder out,
      NamedSettings settings,
      ZoneRole role,
      Serving what,
      Set<Name> transferKeys) {
    int zones = what.zones().size();
    out.append("options {\n");
    line(out, "directory " + quoted(settings.workDir()));
    line(out, "managed-keys-directory " + quoted(settings.workDir()));
    line(out, "bindkeys-file " + quoted(settings.workDir().resolve("bind.keys")));
    line(out, "pid-file " + quoted(settings.pidFile()));
    line(out, "session-keyfile none");
    line(out, "querylog " + (what.queryLog().isPresent() ? "yes" : "no"));
    line(out, "server-id \"" + settings.serverId() + "\"");
    listen(out, settings);
    line(
        out,
        switch (role) {
          case PRIMARY -> "notify explicit";
          case SECONDARY -> "notify no";
        });
    line(out, "also-notify { 127.0.0.1 port " + settings.notifyPort() + "; }");
    line(out, allowTransfer(settings, transferKeys));
    line(out, "reuseport " + (settings.sharesPorts() ? "yes" : "no"));
    if (settings.serviceAddress().isEmpty()) {
      out.append(AGENT_ONLY_OPTIONS);
    }
    line(out, "min-refresh-time " + refresh(zones));
    line(out, "max-refresh-time " + refresh(zones));
    line(out, "max-retry-time " + retry(zones));
    out.append(FIXED_OPTIONS);
    out.append("};\n");
  }

  /**
   * Where only the agent connects, its connections may be idle as long as BIND allows: 120 s
   * instead of 30 s. And loopback does not come and go.
   */
  private static final String AGENT_ONLY_OPTIONS =
      """
        tcp-idle-timeout 1200;
        automatic-interface-scan no;
        interface-interval 0;
      """;

  /**
   * {@code tcp-clients} is high because transfers keep connections; {@code update-quota} because
   * BIND drops what is past it without an answer and the gateway has the limit that clients see.
   *
   * <p>The rates are low, and {@code notify-delay} is BIND's default, because each timer costs BIND
   * 9.18 up to 8 ms of processor time: it finds out whether one is due with a clock that moves
   * every 4 ms (Linux's coarse clock at 250 Hz) and lags behind, without sleeping meanwhile. Its
   * limiters tick every 10 / rate seconds, and once after the last transfer. The agent reads what
   * an update has changed by itself, and needs the NOTIFY only for what changes without one.
   */
  private static final String FIXED_OPTIONS =
      """
        recursion no;
        allow-query { any; };
        allow-notify { 127.0.0.1; };
        empty-zones-enable no;
        dnssec-validation no;
        minimal-responses yes;
        zone-statistics none;
        notify-delay 5;
        notify-rate 101;
        startup-notify-rate 101;
        serial-query-rate 501;
        transfers-in 64;
        transfers-per-ns 64;
        transfers-out 500;
        tcp-clients 10000;
        tcp-listen-queue 1000;
        update-quota 1000;
        masterfile-format text;
        max-journal-size 16m;
        max-ixfr-ratio unlimited;
        provide-ixfr yes;
        request-ixfr yes;
        ixfr-from-differences no;
        min-retry-time 1;
      """;

  /**
   * Seconds after which a secondary asks its primary for the serial although no NOTIFY came: 10,
   * more with many zones so that they ask 5 times a second at most, as each costs BIND 9.18 some 2
   * ms (the clock again). The leader asks for every zone in each term, so little depends on it.
   */
  private static int refresh(int zones) {
    return Math.clamp(zones / 5, 10, 3600);
  }

  /** Seconds, at most, until it asks again after a failure. */
  private static int retry(int zones) {
    return Math.clamp(zones / 50, 4, 600);
  }

  private static void listen(StringBuilder out, NamedSettings settings) {
    line(out, "listen-on port " + settings.namedPort() + " { 127.0.0.1; }");
    boolean overIpv6 = false;
    if (settings.serviceAddress().isPresent()) {
      InetSocketAddress service = settings.serviceAddress().get();
      overIpv6 = service.getAddress() instanceof Inet6Address;
      String match = service.getAddress().isAnyLocalAddress() ? "any" : literal(service);
      line(
          out,
          "listen-on%s port %d { %s; }".formatted(overIpv6 ? "-v6" : "", service.getPort(), match));
    }
    if (!overIpv6) {
      line(out, "listen-on-v6 { none; }");
    }
  }

  private static String literal(InetSocketAddress address) {
    String text = address.getAddress().getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }

  private static void zone(
      StringBuilder out,
      NamedSettings settings,
      ZoneRole role,
      ZoneSpec spec,
      Set<Name> usualTransferKeys) {
    out.append("zone ").append(quoted(spec.zone())).append(" {\n");
    line(out, "file \"" + ZoneFiles.relative(spec.zone()) + "\"");
    String cluster = quoted(settings.clusterKey().name());
    switch (role) {
      case PRIMARY -> {
        line(out, "type primary");
        out.append("  update-policy {\n    grant ").append(cluster).append(" zonesub ANY;\n");
        for (Grant grant : spec.grants()) {
          out.append("    grant ").append(quoted(grant.key())).append(' ');
          out.append(grant.rule()).append(";\n");
        }
        out.append("  };\n");
      }
      case SECONDARY -> {
        line(out, "type secondary");
        line(
            out,
            "primaries { 127.0.0.1 port %d key %s; }".formatted(settings.upstreamPort(), cluster));
      }
    }
    Set<Name> transferKeys = new LinkedHashSet<>(spec.transferKeys());
    if (!transferKeys.equals(usualTransferKeys)) {
      line(out, allowTransfer(settings, transferKeys));
    }
    out.append("};\n");
  }

  /** What the most zones have stands in the options once: BIND reads 10,000 zones faster so. */
  private static Set<Name> usualTransferKeys(List<ZoneSpec> zones) {
    return zones.stream()
        .<Set<Name>>map(zone -> new LinkedHashSet<>(zone.transferKeys()))
        .collect(Collectors.groupingBy(Function.identity(), LinkedHashMap::new, counting()))
        .entrySet()
        .stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(Set.of());
  }

  private static String allowTransfer(NamedSettings settings, Set<Name> keys) {
    StringBuilder out = new StringBuilder("allow-transfer { key ");
    out.append(quoted(settings.clusterKey().name())).append(';');
    for (Name key : keys) {
      out.append(" key ").append(quoted(key)).append(';');
    }
    return out.append(" }").toString();
  }

  private static void include(StringBuilder out, Path file) {
    out.append("include ").append(quoted(file)).append(";\n");
  }

  private static void line(StringBuilder out, String statement) {
    out.append("  ").append(statement).append(";\n");
  }

  /** A path as named.conf takes it: a backslash escapes nothing but the quotation mark. */
  private static String quoted(Path path) {
    return '"' + path.toString().replace("\"", "\\\"") + '"';
  }

  /** A name in master file form, without the last dot; the root is the dot alone. */
  private static String quoted(Name name) {
    return '"' + (name.equals(Name.root) ? "." : name.toString(true)) + '"';
  }
}
