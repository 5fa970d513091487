package dev.zonekeeper.agent.gateway;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.xbill.DNS.Name;

/** The zones of the cluster, as they are at this moment. */
record ServedZones(Supplier<Set<Name>> zones) {

  /** The zone a name belongs to: that with the most labels in common. */
  Optional<Name> of(Name name) {
    Set<Name> served = zones.get();
    for (int labels = 0; labels < name.labels(); labels++) {
      Name suffix = labels == 0 ? name : new Name(name, labels);
      if (served.contains(suffix)) {
        return Optional.of(suffix);
      }
    }
    return Optional.empty();
  }
}
