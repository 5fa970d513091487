package dev.zonekeeper.agent;

import dev.zonekeeper.core.Role;
import dev.zonekeeper.core.Standing;
import java.util.Optional;

/**
 * Whether a member of the primary set has come so far since its start that others may be taken
 * away: whoever restarts members one by one must not go on while this one holds less than the
 * leader. That nobody leads, or that it is not known yet who does, says nothing of its data.
 */
final class Beginning {
  private volatile boolean over;

  /** Looks at what the member is; once it was in sync, or led, its beginning is over. */
  void look(Standing now) {
    if (!over) {
      over =
          now.role() instanceof Role.Leading
              || now.lastSeenLease().filter(lease -> lease.isInSync(now.self())).isPresent();
    }
  }

  /** Why the member should get no traffic yet, if it should not. */
  Optional<String> notReady(Standing now) {
    look(now);
    return over ? Optional.empty() : Optional.of("it has not been in sync since its start");
  }
}
