package dev.zonekeeper.agent;

import dev.zonekeeper.agent.commit.TermEvents;
import dev.zonekeeper.core.MemberId;

/** Passes the committers' events on to hands that are made after them. */
record LateTermEvents(Late<PrimaryMember> hands) implements TermEvents {
  @Override
  public void lagging(MemberId member) {
    hands.get().ifPresent(h -> h.lagging(member));
  }

  @Override
  public void responding(MemberId member) {
    hands.get().ifPresent(h -> h.responding(member));
  }

  @Override
  public void caughtUp(MemberId member) {
    hands.get().ifPresent(h -> h.caughtUp(member));
  }

  @Override
  public void covered(MemberId member) {
    hands.get().ifPresent(h -> h.covered(member));
  }

  @Override
  public void higherEpoch(long epoch) {
    hands.get().ifPresent(h -> h.higherEpoch(epoch));
  }

  @Override
  public void epochWanted(long atLeast) {
    hands.get().ifPresent(h -> h.epochWanted(atLeast));
  }
}
