package dev.zonekeeper.campaign.load;

import dev.zonekeeper.campaign.history.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * The names that somebody writes to now. A name is used for some dozens of operations and then left
 * as it is, so that there is always an order to be found in seconds, and so that what was written
 * early is looked at late.
 */
final class Names {
  private static final int MOST_USES = 40;
  private static final int MOST_UNKNOWN = 5;
  private static final int MOST_RECENT = 64;

  private final String prefix;
  private final List<Branch> branches;
  private final Slot[] slots;
  private final List<Register> recent = new ArrayList<>();
  private int made;

  private static final class Slot {
    Register register;
    int uses;
    int unknown;
  }

  /**
   * Names of one writer, or of some together.
   *
   * @param prefix what no other names begin with
   * @param atOnce how many are in use at a time
   */
  Names(String prefix, List<Branch> branches, int atOnce) {
    this.prefix = prefix;
    this.branches = List.copyOf(branches);
    this.slots = new Slot[atOnce];
    for (int i = 0; i < atOnce; i++) {
      slots[i] = new Slot();
      renew(slots[i]);
    }
  }

  /** Any of those in use. */
  synchronized Register any(RandomGenerator random) {
    Slot slot = slots[random.nextInt(slots.length)];
    slot.uses++;
    Register register = slot.register;
    if (slot.uses >= MOST_USES) {
      renew(slot);
    }
    return register;
  }

  /** Any that is in use or was a while ago. */
  synchronized Register anyRecent(RandomGenerator random) {
    return recent.get(random.nextInt(recent.size()));
  }

  /** Says that nobody knows what became of a write. */
  synchronized void unknown(Register register) {
    for (Slot slot : slots) {
      if (slot.register.equals(register) && ++slot.unknown >= MOST_UNKNOWN) {
        renew(slot);
      }
    }
  }

  private void renew(Slot slot) {
    Branch branch = branches.get(made % branches.size());
    try {
      slot.register =
          new Register(branch.zone(), Name.fromString(prefix + "-" + made, branch.top()));
    } catch (TextParseException e) {
      throw new IllegalStateException(e);
    }
    made++;
    slot.uses = 0;
    slot.unknown = 0;
    recent.add(slot.register);
    if (recent.size() > MOST_RECENT) {
      recent.removeFirst();
    }
  }
}
