-------------------------------- MODULE Zone --------------------------------
(***************************************************************************)
(* One zone as BIND keeps it: a serial, the content, and a journal, with   *)
(* which it can tell another named what has changed since an earlier       *)
(* serial. Content is the set of the updates that were applied.            *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

CONSTANTS
  Updates,   \* what clients write; each adds one record
  Mistake    \* a deliberate mistake, or "none"

(***************************************************************************)
(* serial = epoch * PerEpoch + n. In the real thing PerEpoch is 65536 and  *)
(* serials wrap around (RFC 1982); neither matters within these bounds.    *)
(***************************************************************************)
PerEpoch == Cardinality(Updates) + 2
FirstOf(epoch) == epoch * PerEpoch
IsOf(serial, epoch) == Mistake = "serials without epochs" \/ serial \div PerEpoch = epoch

(***************************************************************************)
(* serial, content:  what named serves                                     *)
(* journal:  earlier states, each [serial, content], that it can lead on   *)
(*   from                                                                  *)
(* lost:  what a crash leaves, while a full transfer has replaced the zone *)
(*   in memory and not yet on the disk: {the zone file}; otherwise {}. The *)
(*   journal is gone, and the file is as old as it can be. This is when    *)
(*   the resync marker stands                                              *)
(***************************************************************************)
Empty == [serial |-> 0, content |-> {}, journal |-> {}, lost |-> {}]

IsMarked(zone) == zone.lost # {} /\ Mistake # "no resync marker"

State(zone) == [serial |-> zone.serial, content |-> zone.content]

ZoneFile(zone) ==
  LET states == zone.journal \cup {State(zone)}
  IN CHOOSE s \in states : \A t \in states : s.serial <= t.serial

(* The zone with a new serial and content, the present ones in its journal. *)
Changed(zone, serial, content) ==
  [zone EXCEPT !.serial = serial,
               !.content = content,
               !.journal = @ \cup {State(zone)}]

(* A new leader raises the serial before its first update.                 *)
Raised(zone, epoch) ==
  IF Mistake = "serials without epochs" THEN zone ELSE Changed(zone, FirstOf(epoch), zone.content)

Updated(zone, update) == Changed(zone, zone.serial + 1, zone.content \cup {update})

(***************************************************************************)
(* What a follower's named holds after a transfer. It goes by the serial   *)
(* alone: known to the primary's journal, the changes since then come      *)
(* (IXFR) and are applied to whatever the follower has; else the zone      *)
(* comes as a whole (AXFR) and replaces it, in memory first.               *)
(***************************************************************************)
IsKnownTo(primary, serial) == \E s \in primary.journal : s.serial = serial

Incremental(zone, primary) ==
  LET known == CHOOSE s \in primary.journal : s.serial = zone.serial
      onTop(content) == zone.content \cup (content \ known.content)
      between == {s \in primary.journal : s.serial > zone.serial /\ s.serial < primary.serial}
  IN [zone EXCEPT !.serial = primary.serial,
                  !.content = onTop(primary.content),
                  !.journal = @ \cup {State(zone)}
                                \cup {[serial |-> s.serial, content |-> onTop(s.content)] : s \in between}]

Full(zone, primary) ==
  [serial |-> primary.serial,
   content |-> primary.content,
   journal |-> {},
   lost |-> IF zone.lost # {} THEN zone.lost ELSE {ZoneFile(zone)}]

Transferred(zone, primary) ==
  IF IsKnownTo(primary, zone.serial) THEN Incremental(zone, primary) ELSE Full(zone, primary)

(* named has written the zone file. *)
Saved(zone) == [zone EXCEPT !.lost = {}]

(* What a crash leaves. *)
Crashed(zone) ==
  IF zone.lost = {} THEN zone
  ELSE LET old == CHOOSE s \in zone.lost : TRUE
       IN [serial |-> old.serial, content |-> old.content, journal |-> {}, lost |-> {}]
=============================================================================
