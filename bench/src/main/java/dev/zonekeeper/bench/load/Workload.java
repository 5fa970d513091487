package dev.zonekeeper.bench.load;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** Where the changes come from. Asked by one generator's thread at a time. */
@FunctionalInterface
public interface Workload {
  /**
   * The next change.
   *
   * @param client who asks, from 0
   * @return empty when this client is to stop
   */
  Optional<Change> next(int client);

  /**
   * Without end: every change adds a name of its own, {@code PREFIX-N.ZONE} with the value {@code
   * vN}, so each acknowledged one can be looked for by itself.
   *
   * @param prefix letters and digits; two workloads for one zone need different ones
   */
  static Workload freshNames(Name zone, String prefix) {
    AtomicLong number = new AtomicLong();
    return client -> {
      long n = number.getAndIncrement();
      return Optional.of(Change.add(zone, below(prefix + "-" + n, zone), "v" + n));
    };
  }

  /** {@link #rewriting(Name, String, int)} of one name for each client. */
  static Workload rewriting(Name zone, String prefix) {
    return rewriting(zone, prefix, 1);
  }

  /**
   * Without end: each client rewrites names of its own, {@code PREFIX-CLIENT-N.ZONE}, in turn, so
   * the zone stays small.
   *
   * @param names how many each client has, from 1
   */
  static Workload rewriting(Name zone, String prefix, int names) {
    AtomicLong number = new AtomicLong();
    return client -> {
      long n = number.getAndIncrement();
      String label = "%s-%d-%d".formatted(prefix, client, n % names);
      return Optional.of(Change.replace(zone, below(label, zone), "v" + n));
    };
  }

  /**
   * {@link #rewriting(Name, String, int)} over several zones: each name is in one of them, and they
   * have equally many.
   *
   * @param zones at least one
   */
  static Workload rewriting(List<Name> zones, String prefix, int names) {
    AtomicLong number = new AtomicLong();
    return client -> {
      long n = number.getAndIncrement();
      int which = (int) (n % names);
      Name zone = zones.get((client * names + which) % zones.size());
      Name name = below("%s-%d-%d".formatted(prefix, client, which), zone);
      return Optional.of(Change.replace(zone, name, "v" + n));
    };
  }

  /** These changes, one after the other, whoever asks. */
  static Workload of(List<Change> changes) {
    Iterator<Change> iterator = List.copyOf(changes).iterator();
    return client -> iterator.hasNext() ? Optional.of(iterator.next()) : Optional.empty();
  }

  /** The same changes, but no more than so many. */
  default Workload limit(long most) {
    AtomicLong left = new AtomicLong(most);
    return client -> left.getAndDecrement() > 0 ? next(client) : Optional.empty();
  }

  private static Name below(String label, Name zone) {
    try {
      return Name.fromString(label, zone);
    } catch (TextParseException e) {
      throw new IllegalArgumentException("not a label: " + label, e);
    }
  }
}
