package dev.zonekeeper.agent.peer;

import dev.zonekeeper.core.Claim;
import dev.zonekeeper.core.Lease;
import dev.zonekeeper.core.MemberId;
import dev.zonekeeper.dns.Sender;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a member says of itself in a heartbeat or its answer, as {@code key=value} strings that
 * {@code dig} shows: {@code epoch}, {@code role}, {@code leading}, {@code ready}, {@code hears} (it
 * hears the leader of that epoch), and for the case that the lease is gone {@code fresh}, {@code
 * contending}, {@code healthy}, {@code progress} (unless it is not known), {@code lease-epoch},
 * {@code lease-revision}, {@code lease-in-sync}. {@code kept-epoch} and {@code kept-revision} say
 * which edition of the lease is on its disk.
 */
public record Facts(Map<String, String> values) {
  public Facts {
    values = Map.copyOf(values);
  }

  /** What makes up the facts of a member of the primary set. */
  public static Facts of(
      Claim claim, Lease.Edition kept, String role, boolean leadingWell, boolean hearsLeader) {
    Map<String, String> values = new HashMap<>();
    values.put("member", claim.id().name());
    values.put("incarnation", claim.id().incarnation());
    values.put("role", role);
    values.put("epoch", Long.toString(claim.knownEpoch()));
    values.put("leading", word(leadingWell));
    values.put("holds-lease", word(claim.leading()));
    values.put("contending", word(claim.contending()));
    values.put("healthy", word(claim.healthy()));
    values.put("ready", word(claim.ready()));
    values.put("fresh", word(claim.fresh()));
    values.put("hears", word(hearsLeader));
    values.put("kept-epoch", Long.toString(kept.epoch()));
    values.put("kept-revision", Long.toString(kept.revision()));
    claim.progress().ifPresent(sum -> values.put("progress", Long.toString(sum)));
    claim
        .lastLease()
        .ifPresent(lease -> {
          values.put("lease-epoch", Long.toString(lease.epoch()));
          values.put("lease-revision", Long.toString(lease.revision()));
          values.put(
              "lease-in-sync",
              String.join(",", lease.inSync().stream().map(MemberId::toString).sorted().toList()));
        });
    return new Facts(values);
  }

  /** The same with one more. */
  public Facts with(String key, String value) {
    Map<String, String> more = new HashMap<>(values);
    more.put(key, value);
    return new Facts(more);
  }

  public boolean is(String key) {
    return "yes".equals(values.get(key));
  }

  /** A number; 0 when it is missing or none. */
  public long number(String key) {
    try {
      return Long.parseLong(values.getOrDefault(key, "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** The claim that {@link #of} was made from, as far as a claim is judged by it. */
  public Claim claim() {
    return new Claim(
        new MemberId(values.getOrDefault("member", ""), values.getOrDefault("incarnation", "")),
        is("fresh"),
        is("healthy"),
        is("ready"),
        is("holds-lease"),
        is("contending"),
        lastLease(),
        number("epoch"),
        values.containsKey("progress") ? Optional.of(number("progress")) : Optional.empty());
  }

  /**
   * Which edition of the lease is on the disk of who says this. An earlier version does not say it:
   * it is taken to have kept all, as that version's leader would.
   */
  public Lease.Edition kept() {
    return values.containsKey("kept-epoch")
        ? new Lease.Edition(number("kept-epoch"), number("kept-revision"))
        : new Lease.Edition(Long.MAX_VALUE, 0);
  }

  /** The lease of whoever says that it leads. */
  public Optional<Lease> ownLease() {
    return is("holds-lease")
        ? lastLease().map(lease -> lease.withHolder(Optional.of(sender().member())))
        : Optional.empty();
  }

  /** Who says this. */
  public Sender sender() {
    return new Sender(values.getOrDefault("member", ""), values.getOrDefault("incarnation", ""));
  }

  private Optional<Lease> lastLease() {
    if (number("lease-epoch") < 1) {
      return Optional.empty();
    }
    Set<MemberId> inSync = new HashSet<>();
    for (String text : values.getOrDefault("lease-in-sync", "").split(",", -1)) {
      int slash = text.indexOf('/');
      if (slash > 0) {
        inSync.add(new MemberId(text.substring(0, slash), text.substring(slash + 1)));
      }
    }
    return Optional.of(
        new Lease(
            Optional.empty(),
            number("lease-epoch"),
            number("lease-revision"),
            Instant.EPOCH,
            Duration.ofSeconds(1),
            inSync,
            Optional.empty()));
  }

  private static String word(boolean value) {
    return value ? "yes" : "no";
  }
}
