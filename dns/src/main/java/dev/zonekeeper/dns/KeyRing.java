package dev.zonekeeper.dns;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;

/** The TSIG keys that somebody has, by name. Immutable. */
public final class KeyRing {
  private final Map<Name, TsigKey> keys;

  private KeyRing(Map<Name, TsigKey> keys) {
    this.keys = keys;
  }

  /**
   * A ring of these keys.
   *
   * @throws IllegalArgumentException two different keys have one name
   */
  public static KeyRing of(Collection<TsigKey> keys) {
    return new KeyRing(
        keys.stream()
            .distinct()
            .collect(
                Collectors.collectingAndThen(
                    Collectors.toMap(TsigKey::name, Function.identity(), KeyRing::twice),
                    Map::copyOf)));
  }

  private static TsigKey twice(TsigKey one, TsigKey other) {
    throw new IllegalArgumentException("two different keys are called " + one.name());
  }

  /** The key of that name, whatever its case. */
  public Optional<TsigKey> find(Name name) {
    return Optional.ofNullable(keys.get(name));
  }
}
