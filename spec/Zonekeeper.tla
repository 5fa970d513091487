----------------------------- MODULE Zonekeeper -----------------------------
(***************************************************************************)
(* How Zonekeeper's members decide who takes updates and when one is       *)
(* acknowledged. docs/model.md explains it in plain words and says which   *)
(* class does what.                                                        *)
(*                                                                         *)
(* There is no time here: whatever may happen may happen at any moment, or *)
(* never. So "a member takes over too early", "a message is late", "the    *)
(* API server is away", "a process is frozen" are all the same thing: some *)
(* step happens sooner than another.                                       *)
(***************************************************************************)
EXTENDS Zone

CONSTANTS
  Members,      \* 1..n. The order of the names decides between equals
  InSyncAtFirst, \* whom the first lease names in sync
  MinInSync,    \* an acknowledged update is held by as many members at least
  StaleReads,   \* whether a read of the lease may give an old state of it
  SlowStore,    \* whether a compare-and-swap may take effect later than it is asked for
  Heartbeats,   \* whether members tell each other their epoch by other ways than commits
  OldClaims,    \* whether what a member said of itself may be true no more when it is used
  MaxEpoch,                               \* bounds that keep the state space finite
  Changes,                                \* how often a leader changes its lease within an epoch
  Raises,                                 \* how often it raises its own epoch
  Crashes, LostDisks, Deletions, Unknowns \* how many of each fault

None == [none |-> TRUE]
MemberId == Members \X (0..(Crashes + LostDisks))

(***************************************************************************)
(* A lease: holder (0: released), epoch, revision, inSync (a set of        *)
(* <<member, incarnation>>), to (0, or whom it was handed over to). The    *)
(* revision counts from each epoch's begin, which orders leases as well.   *)
(***************************************************************************)
Lease(holder, epoch, revision, inSync, to) ==
  [holder |-> holder, epoch |-> epoch, revision |-> revision, inSync |-> inSync, to |-> to]

IsOlder(a, b) ==
  b # None /\ a # None
  /\ (a.epoch < b.epoch \/ (a.epoch = b.epoch /\ a.revision < b.revision))

VARIABLES
  \* The lease store.
  lease,     \* what it holds
  past,      \* what it held before, for reads that come late
  wire,      \* compare-and-swaps under way: [expected, next]
  \* On each member's disk.
  zone,
  incarnation,
  copy,      \* the last lease it saw
  known,     \* the highest epoch it has heard of
  \* In each member's memory.
  view,      \* what it takes the lease for: "unread", "none" (deleted), "copy"
  leads,     \* the epoch it leads, 0: it follows
  pending,   \* its compare-and-swap whose outcome it waits for: [expected, next, why]
  doubtful,  \* members that a compare-and-swap of unknown outcome may have made in-sync
  joining,   \* members that commits wait for already, not in the lease yet
  leaving,   \* members that commits wait for still, not in the lease any more, and since when
  claims,    \* what others said of themselves while there was no lease
  \* Elsewhere.
  confirmed, \* confirmations that were sent: [id, epoch, serial]. They may arrive at any time
  acked,     \* acknowledged updates
  left,      \* how much of what is bounded may still happen
  newest,    \* the newest lease that any member ever saw
  blind      \* a lease was made from an older copy, and nobody could tell: see IsBeyondRecovery

store == <<lease, past, wire>>
memory == <<view, leads, pending, doubtful, joining, leaving, claims>>
disk == <<zone, incarnation, copy, known>>
ghosts == <<newest, blind>>
vars == <<store, disk, memory, confirmed, acked, left, ghosts>>

Max(a, b) == IF a > b THEN a ELSE b
Id(m) == <<m, incarnation[m]>>
Name(id) == id[1]
Follows(m) == leads[m] = 0 /\ pending[m] = None
IsReady(m) == ~IsMarked(zone[m])

(* The epochs are dealt out in turn, so that each has one possible leader. *)
NextEpoch(m, above) ==
  IF Mistake = "new leader in the old epoch" THEN above
  ELSE CHOOSE e \in (above + 1)..(above + Cardinality(Members)) :
         (e - 1) % Cardinality(Members) = m - 1

Init ==
  LET first == Lease(1, 1, 0, {<<m, 0>> : m \in InSyncAtFirst}, 0)
      each(value) == [m \in Members |-> value]
  IN /\ lease = first /\ past = {} /\ wire = {}
     /\ zone = each([Empty EXCEPT !.serial = FirstOf(1)])
     /\ incarnation = each(0) /\ copy = each(first) /\ known = each(1)
     /\ view = each("copy") /\ leads = [m \in Members |-> IF m = 1 THEN 1 ELSE 0]
     /\ pending = each(None) /\ doubtful = each({}) /\ joining = each({})
     /\ leaving = [m \in Members |-> [ids |-> {}, since |-> IF m = 1 THEN first ELSE None]]
     /\ claims = each([o \in {} |-> None])
     /\ confirmed = {} /\ acked = {}
     /\ left = [changes |-> Changes, raises |-> Raises, crashes |-> Crashes,
                disks |-> LostDisks, deletions |-> Deletions, unknowns |-> Unknowns]
     /\ newest = first /\ blind = FALSE

-----------------------------------------------------------------------------
(* The lease store. *)

StillPossible(proposals, now, deletions) ==
  {p \in proposals : p.expected = now \/ (p.expected = None /\ deletions > 0)}

Before(now) == IF StaleReads THEN past \cup {now} ELSE past

(* A compare-and-swap arrives. *)
Apply(p) ==
  /\ p.expected = lease
  /\ lease' = p.next
  /\ past' = Before(lease)
  /\ wire' = StillPossible(wire \ {p}, p.next, left.deletions)
  /\ UNCHANGED <<disk, memory, confirmed, acked, left, ghosts>>

(* Leases carry the time of their writing, so no two proposals are the same. *)
Propose(m, expected, next, why) ==
  /\ next.epoch <= MaxEpoch
  /\ next \notin past \cup {lease}
  /\ pending' = [pending EXCEPT ![m] = [expected |-> expected, next |-> next, why |-> why]]
  /\ IF ~SlowStore /\ expected = lease
     THEN /\ lease' = next
          /\ past' = Before(lease)
          /\ wire' = StillPossible(wire, next, left.deletions)
     ELSE /\ wire' = StillPossible(wire \cup {[expected |-> expected, next |-> next]}, lease, left.deletions)
          /\ UNCHANGED <<lease, past>>

NoClaims == [o \in {} |-> None]

(* m does not lead any more. *)
SteppedDown(m) ==
  /\ leads' = [leads EXCEPT ![m] = 0]
  /\ joining' = [joining EXCEPT ![m] = {}]
  /\ leaving' = [leaving EXCEPT ![m] = [ids |-> {}, since |-> None]]

(* Leader m learns that the lease names others in sync now. *)
LeaseNames(m, l) ==
  LET gone == copy[m].inSync \ l.inSync
  IN /\ joining' = [joining EXCEPT ![m] = @ \ l.inSync]
     /\ leaving' = [leaving EXCEPT ![m] = [ids |-> (@.ids \cup gone) \ l.inSync,
                                          since |-> IF gone = {} THEN @.since ELSE l]]

(***************************************************************************)
(* m learns of a state of the lease: by a read, a watch, or the answer to  *)
(* a compare-and-swap. An older one than it has seen tells it nothing.     *)
(***************************************************************************)
ReadLease(m, l) ==
  /\ l # None
  /\ ~IsOlder(l, copy[m])
  /\ l # copy[m] \/ view[m] # "copy"
  /\ LET mine == pending[m] # None /\ pending[m].next = l
         settled == pending[m] # None /\ pending[m].expected # l
         staysLeader == /\ leads[m] # 0 /\ l.holder = m /\ l.epoch = leads[m]
                        /\ pending[m] = None \/ pending[m].why # "take"
     IN /\ copy' = [copy EXCEPT ![m] = l]
        /\ view' = [view EXCEPT ![m] = "copy"]
        /\ known' = [known EXCEPT ![m] = Max(@, l.epoch)]
        /\ claims' = [claims EXCEPT ![m] = NoClaims]
        /\ newest' = IF IsOlder(newest, l) THEN l ELSE newest
        /\ pending' = [pending EXCEPT ![m] = IF mine \/ settled THEN None ELSE @]
        /\ doubtful' = [doubtful EXCEPT ![m] = IF mine \/ settled THEN {} ELSE @]
        /\ CASE mine /\ pending[m].why = "take" ->
                  /\ leads' = [leads EXCEPT ![m] = l.epoch]
                  /\ joining' = [joining EXCEPT ![m] = {}]
                  /\ leaving' = [leaving EXCEPT ![m] = [ids |-> {}, since |-> l]]
             [] mine /\ pending[m].why = "keep" ->
                  /\ leads' = [leads EXCEPT ![m] = l.epoch]
                  /\ LeaseNames(m, l)
             [] ~mine /\ staysLeader ->
                  /\ UNCHANGED leads
                  /\ LeaseNames(m, l)
             [] OTHER -> SteppedDown(m)
  /\ UNCHANGED <<store, zone, incarnation, confirmed, acked, left, blind>>

(***************************************************************************)
(* m finds that there is no lease. That may be an old state, too, so a     *)
(* compare-and-swap that it has asked for may have been made since.        *)
(***************************************************************************)
ReadNone(m) ==
  /\ view[m] # "none"
  /\ view' = [view EXCEPT ![m] = "none"]
  /\ LET settled == pending[m] # None /\ pending[m].expected # None
     IN /\ pending' = [pending EXCEPT ![m] = IF settled THEN None ELSE @]
        /\ doubtful' = [doubtful EXCEPT ![m] =
             IF ~settled THEN @
             ELSE IF Mistake = "no lease, no doubt" THEN {} ELSE @ \cup pending[m].next.inSync]
  /\ UNCHANGED <<store, disk, leads, joining, leaving, claims, confirmed, acked, left, ghosts>>

Read(m) ==
  \/ \E l \in {lease} \cup past : ReadLease(m, l)
  \/ None \in {lease} \cup past /\ ReadNone(m)

(***************************************************************************)
(* m gives up waiting for an outcome. The compare-and-swap may have been   *)
(* made, or may still be made. A leader goes on waiting for confirmations  *)
(* of the members that it may have made in-sync.                           *)
(***************************************************************************)
GiveUp(m) ==
  /\ pending[m] # None
  /\ left.unknowns > 0
  /\ left' = [left EXCEPT !.unknowns = @ - 1]
  /\ pending' = [pending EXCEPT ![m] = None]
  /\ doubtful' = [doubtful EXCEPT ![m] = @ \cup pending[m].next.inSync]
  /\ IF pending[m].why = "take" /\ leads[m] # 0 THEN SteppedDown(m) ELSE UNCHANGED <<leads, joining, leaving>>
  /\ UNCHANGED <<store, disk, view, claims, confirmed, acked, ghosts>>

-----------------------------------------------------------------------------
(* Who leads. *)

(***************************************************************************)
(* A member of the in-sync set takes the lease: from a leader that it      *)
(* thinks is gone, or that has handed over, or from its own former life.   *)
(***************************************************************************)
Takeover(m) ==
  /\ view[m] = "copy" /\ Follows(m) /\ IsReady(m)
  /\ Id(m) \in copy[m].inSync \/ Mistake = "anyone may take over"
  /\ LET old == copy[m]
         without == {id \in old.inSync : Name(id) # old.holder \/ id = Id(m)}
         inSync == IF Cardinality(without) >= MinInSync THEN without ELSE old.inSync
     IN Propose(m, old, Lease(m, NextEpoch(m, Max(old.epoch, known[m])), 0,
                              IF Mistake = "anyone may take over" THEN inSync \cup {Id(m)} ELSE inSync, 0),
                "take")
  /\ UNCHANGED <<disk, view, leads, doubtful, joining, leaving, claims, confirmed, acked, left, ghosts>>

(* What the leader changes in its lease. *)
Keep(m, epoch, inSync, holder, to, why) ==
  /\ leads[m] # 0 /\ pending[m] = None /\ view[m] = "copy"
  /\ LET raises == epoch # copy[m].epoch
     IN /\ IF raises THEN left.raises > 0 ELSE left.changes > 0
        /\ left' = IF raises THEN [left EXCEPT !.raises = @ - 1] ELSE [left EXCEPT !.changes = @ - 1]
        /\ Propose(m, copy[m],
                   Lease(holder, epoch, IF raises THEN 0 ELSE copy[m].revision + 1, inSync, to), why)
  /\ UNCHANGED <<disk, view, leads, doubtful, joining, leaving, claims, confirmed, acked, ghosts>>

(* It takes a member that does not confirm out of the in-sync set. *)
Shrink(m, id) ==
  /\ leads[m] # 0
  /\ id \in copy[m].inSync /\ id # Id(m)
  /\ Cardinality(copy[m].inSync) > MinInSync
  /\ Keep(m, copy[m].epoch, copy[m].inSync \ {id}, m, 0, "keep")

HasConfirmed(id, epoch, serial) ==
  \E c \in confirmed : c.id = id /\ c.epoch = epoch /\ c.serial >= serial

(* It waits for a member that is close to the last serials ... *)
Join(m, o) ==
  /\ leads[m] # 0 /\ m # o /\ left.changes > 0
  /\ Id(o) \notin copy[m].inSync \cup joining[m]
  /\ joining' = [joining EXCEPT ![m] = {id \in @ : Name(id) # o} \cup {Id(o)}]
  /\ UNCHANGED <<store, disk, view, leads, pending, doubtful, leaving, claims, confirmed, acked, left, ghosts>>

(* ... or does so no more ... *)
Leave(m, id) ==
  /\ id \in joining[m]
  /\ joining' = [joining EXCEPT ![m] = @ \ {id}]
  /\ UNCHANGED <<store, disk, view, leads, pending, doubtful, leaving, claims, confirmed, acked, left, ghosts>>

(***************************************************************************)
(* The copy of the lease on its disk names nobody of this term who is not  *)
(* in sync any more. A member that has lost its disk since it said so may  *)
(* be taken for one that has kept it.                                      *)
(***************************************************************************)
HasKeptRemovals(m, id) ==
  \/ Id(Name(id)) # id
  \/ copy[Name(id)] # None /\ ~IsOlder(copy[Name(id)], leaving[m].since)

(* ... and writes it into the lease when it has confirmed the last serial. *)
Grow(m, id) ==
  /\ leads[m] # 0
  /\ id \in joining[m]
  /\ HasKeptRemovals(m, id) \/ Mistake = "joins with an old copy"
  /\ IsOf(zone[m].serial, leads[m])
  /\ HasConfirmed(id, leads[m], zone[m].serial) \/ Mistake = "joins without catching up"
  /\ Keep(m, copy[m].epoch,
          {i \in copy[m].inSync : Name(i) # Name(id)} \cup {id}, m, 0, "keep")

(***************************************************************************)
(* Commits wait for a member that was taken out until all that are left    *)
(* have kept that. So when the lease is lost, each of their disks has a    *)
(* copy that names only members that hold what was acknowledged.           *)
(***************************************************************************)
LetGo(m) ==
  /\ leads[m] # 0 /\ leaving[m].ids # {}
  /\ \A id \in copy[m].inSync \ {Id(m)} : HasKeptRemovals(m, id)
  /\ leaving' = [leaving EXCEPT ![m].ids = {}]
  /\ UNCHANGED <<store, disk, view, leads, pending, doubtful, joining, claims, confirmed, acked, left, ghosts>>

(* It raises its own epoch, when the serials of the old one are used up. *)
RaiseEpoch(m) ==
  /\ leads[m] # 0
  /\ Keep(m, NextEpoch(m, Max(copy[m].epoch, known[m])), copy[m].inSync, m, 0, "keep")

(* It hands over. *)
HandOver(m, o) ==
  /\ leads[m] # 0 /\ m # o
  /\ Id(o) \in copy[m].inSync
  /\ Keep(m, copy[m].epoch, copy[m].inSync, 0, o, "release")

(* A heartbeat, an answer or a refusal tells m of a higher epoch. *)
HearOfEpoch(m, o) ==
  /\ Heartbeats
  /\ known[o] > known[m]
  /\ known' = [known EXCEPT ![m] = known[o]]
  /\ LET raises == pending[m] # None /\ pending[m].why = "keep" /\ pending[m].next.epoch = known[o]
         contends == pending[m] # None /\ pending[m].why = "take"
     IN IF leads[m] # 0 /\ ~raises /\ ~contends THEN SteppedDown(m) /\ pending' = [pending EXCEPT ![m] = None]
        ELSE UNCHANGED <<leads, joining, leaving, pending>>
  /\ UNCHANGED <<store, zone, incarnation, copy, view, doubtful, claims, confirmed, acked, left, ghosts>>

(* The leader's answer tells m of a lease that it has not read. *)
HearOfLease(m, o) ==
  /\ Heartbeats
  /\ leads[o] # 0 /\ leads[m] = 0 /\ view[o] = "copy"
  /\ copy[m] = None \/ IsOlder(copy[m], copy[o])
  /\ copy' = [copy EXCEPT ![m] = copy[o]]
  /\ known' = [known EXCEPT ![m] = Max(@, copy[o].epoch)]
  /\ view' = [view EXCEPT ![m] = IF @ = "copy" THEN "unread" ELSE @]
  /\ UNCHANGED <<store, zone, incarnation, leads, pending, doubtful, joining, leaving, claims,
                confirmed, acked, left, ghosts>>

-----------------------------------------------------------------------------
(* No lease. *)

Claim(m) ==
  [id |-> Id(m), leading |-> leads[m] # 0, contending |-> pending[m] # None,
   copy |-> copy[m], known |-> known[m]]

(* What m goes by: what each member has said of itself, and what it is itself. *)
Heard(m) == [o \in Members |-> IF o = m \/ ~OldClaims THEN Claim(o) ELSE claims[m][o]]

Ask(m, o) ==
  /\ OldClaims /\ view[m] = "none" /\ m # o
  /\ claims' = [claims EXCEPT ![m] = [p \in DOMAIN @ \cup {o} |-> IF p = o THEN Claim(o) ELSE @[p]]]
  /\ UNCHANGED <<store, disk, view, leads, pending, doubtful, joining, leaving, confirmed, acked, left, ghosts>>

(***************************************************************************)
(* The limit of what recovery can do: no disk is left of the members that  *)
(* the newest lease named in sync, and nobody can tell, because there was  *)
(* an earlier one of the same epoch, or nobody has heard of its epoch.     *)
(***************************************************************************)
IsBeyondRecovery(last) ==
  /\ IsOlder(last, newest)
  /\ \A m \in Members : Id(m) \notin newest.inSync
  /\ last.epoch = newest.epoch \/ \A m \in Members : known[m] <= last.epoch

(***************************************************************************)
(* The lease is made anew, from the newest copy that any member has kept,  *)
(* by a member that this names in sync: each of them holds what was        *)
(* acknowledged. If one of them still leads, it alone does so: else it     *)
(* could be shown an old lease, and go on. Everybody must have been heard. *)
(* If somebody knows of a higher epoch than that copy's, a newer lease has *)
(* been lost: an operator decides.                                         *)
(***************************************************************************)
Recover(m) ==
  /\ view[m] = "none" /\ pending[m] = None
  /\ OldClaims => DOMAIN claims[m] = Members \ {m}
  /\ LET said == Heard(m)
         copies == {said[o].copy : o \in Members} \ {None}
         last == CHOOSE c \in copies : \A d \in copies : ~IsOlder(c, d)
     IN /\ copies # {}
        /\ \A o \in Members : ~said[o].contending
        /\ Mistake = "recovery below a known epoch" \/ \A o \in Members : said[o].known <= last.epoch
        /\ Id(m) \in last.inSync /\ IsReady(m)
        /\ \/ Mistake = "recovery beside a leader"
           \/ \A o \in Members \ {m} : said[o].id \in last.inSync => ~said[o].leading
        /\ Propose(m, None, Lease(m, NextEpoch(m, Max(last.epoch, known[m])), 0, {Id(m)}, 0), "take")
        /\ blind' = (blind \/ IsBeyondRecovery(last))
  /\ UNCHANGED <<disk, view, leads, doubtful, joining, leaving, claims, confirmed, acked, left, newest>>

-----------------------------------------------------------------------------
(* Updates. *)

(* The leader's zone with its serial raised into the epoch. *)
AtLeader(m) == IF IsOf(zone[m].serial, leads[m]) THEN zone[m] ELSE Raised(zone[m], leads[m])

(* named applies an update: it is in the leader's journal, nowhere else yet. *)
Write(m, update) ==
  /\ leads[m] # 0
  /\ update \notin zone[m].content
  /\ zone' = [zone EXCEPT ![m] = Updated(AtLeader(m), update)]
  /\ UNCHANGED <<store, incarnation, copy, known, memory, confirmed, acked, left, ghosts>>

Confirmation(m, epoch, serial) == [id |-> Id(m), epoch |-> epoch, serial |-> serial]

(* Of a member's confirmations of one epoch the highest says it all. *)
Sent(c) ==
  IF HasConfirmed(c.id, c.epoch, c.serial) THEN confirmed
  ELSE {d \in confirmed : d.id # c.id \/ d.epoch # c.epoch} \cup {c}

(***************************************************************************)
(* The serial is raised into the epoch before the first update, and before *)
(* the first commit request.                                               *)
(*                                                                         *)
(* A commit request of leader o reaches follower m: m writes the epoch to  *)
(* its disk, its named transfers what it lacks, and, if that is on the     *)
(* disk then, m confirms. A member that is ahead of the leader holds what  *)
(* the leader never had: it is told to transfer the whole zone.            *)
(***************************************************************************)
Follow(m, o) ==
  LET epoch == leads[o]
      there == AtLeader(o)
      isAhead == zone[m].serial > there.serial
      held == CASE zone[m].serial = there.serial -> zone[m]
                [] isAhead /\ ~IsOf(zone[m].serial, epoch) -> Full(zone[m], there)
                [] isAhead -> zone[m]
                [] OTHER -> Transferred(zone[m], there)
      early == Mistake = "confirms before it is durable"
  IN /\ m # o /\ epoch # 0 /\ Follows(m)
     /\ epoch >= known[m]
     /\ known' = [known EXCEPT ![m] = epoch]
     /\ zone' = [zone EXCEPT ![o] = there, ![m] = IF early THEN @ ELSE held]
     /\ confirmed' = IF IsMarked(held) \/ ~IsOf(held.serial, epoch) THEN confirmed
                     ELSE Sent(Confirmation(m, epoch, held.serial))
     /\ <<known, zone, confirmed>>' # <<known, zone, confirmed>>
     /\ UNCHANGED <<store, incarnation, copy, memory, acked, left, ghosts>>

(* named has written the zone file after a full transfer: the marker goes. *)
Save(m) ==
  /\ zone[m].lost # {}
  /\ zone' = [zone EXCEPT ![m] = Saved(@)]
  /\ UNCHANGED <<store, incarnation, copy, known, memory, confirmed, acked, left, ghosts>>

(***************************************************************************)
(* Whom a commit waits for: whoever the lease names, whoever a change of   *)
(* it under way may name, and whoever joins, or leaves.                    *)
(***************************************************************************)
WaitsFor(m) ==
  LET next == IF pending[m] = None THEN {} ELSE pending[m].next.inSync
      now == IF Mistake = "shrinks before the compare-and-swap" /\ next # {}
             THEN copy[m].inSync \cap next ELSE copy[m].inSync
      leaves == IF Mistake = "removes without a witness" THEN {} ELSE leaving[m].ids
  IN (now \cup next \cup doubtful[m] \cup joining[m] \cup leaves) \ {Id(m)}

(* All have confirmed: the clients get their answers. *)
Commit(m, s) ==
  /\ leads[m] # 0
  /\ IsOf(s.serial, leads[m])
  /\ Cardinality(WaitsFor(m)) + 1 >= MinInSync
  /\ \A id \in WaitsFor(m) : HasConfirmed(id, leads[m], s.serial)
  /\ ~(s.content \subseteq acked)
  /\ acked' = acked \cup s.content
  /\ UNCHANGED <<store, disk, memory, confirmed, left, ghosts>>

-----------------------------------------------------------------------------
(* Faults. *)

Forget(m) ==
  /\ view' = [view EXCEPT ![m] = "unread"]
  /\ pending' = [pending EXCEPT ![m] = None]
  /\ doubtful' = [doubtful EXCEPT ![m] = {}]
  /\ claims' = [claims EXCEPT ![m] = NoClaims]
  /\ SteppedDown(m)

(***************************************************************************)
(* m ends and starts anew. (A member that stays away does nothing; no step *)
(* is needed for that.) A resync marker that stands says that data was     *)
(* lost: m becomes another incarnation. Where there was no data before the *)
(* full transfer, there is nothing to lose.                                *)
(***************************************************************************)
Crash(m) ==
  LET lostData == \E s \in zone[m].lost : s.serial # 0
  IN /\ left.crashes > 0
     /\ left' = [left EXCEPT !.crashes = @ - 1]
     /\ Forget(m)
     /\ zone' = [zone EXCEPT ![m] = Crashed(@)]
     /\ incarnation' = IF lostData /\ Mistake # "no resync marker"
                       THEN [incarnation EXCEPT ![m] = @ + 1] ELSE incarnation
     /\ known' = IF Mistake = "known epoch only in memory"
                 THEN [known EXCEPT ![m] = IF copy[m] = None THEN 0 ELSE copy[m].epoch] ELSE known
     /\ UNCHANGED <<store, copy, confirmed, acked, ghosts>>

(* m comes back under its name with an empty disk. *)
LoseDisk(m) ==
  /\ left.disks > 0
  /\ left' = [left EXCEPT !.disks = @ - 1]
  /\ Forget(m)
  /\ zone' = [zone EXCEPT ![m] = Empty]
  /\ incarnation' = IF Mistake = "name without incarnation" THEN incarnation
                    ELSE [incarnation EXCEPT ![m] = @ + 1]
  /\ copy' = [copy EXCEPT ![m] = None]
  /\ known' = [known EXCEPT ![m] = 0]
  /\ UNCHANGED <<store, confirmed, acked, ghosts>>

(* Somebody deletes the lease. *)
Delete ==
  /\ left.deletions > 0 /\ lease # None
  /\ left' = [left EXCEPT !.deletions = @ - 1]
  /\ lease' = None
  /\ past' = Before(lease)
  /\ wire' = StillPossible(wire, None, left'.deletions)
  /\ UNCHANGED <<disk, memory, confirmed, acked, ghosts>>

-----------------------------------------------------------------------------
Protocol ==
  \/ \E p \in wire : Apply(p)
  \/ \E m \in Members :
       \/ Read(m) \/ Takeover(m) \/ RaiseEpoch(m) \/ LetGo(m) \/ Recover(m)
       \/ Save(m)
       \/ \E u \in Updates : Write(m, u)
       \/ leads[m] # 0 /\ \E s \in zone[m].journal \cup {State(zone[m])} : Commit(m, s)
       \/ \E o \in Members : Join(m, o) \/ HandOver(m, o) \/ HearOfEpoch(m, o) \/ HearOfLease(m, o)
                                \/ Ask(m, o) \/ Follow(m, o)
       \/ \E id \in joining[m] : Leave(m, id) \/ Grow(m, id)
       \/ leads[m] # 0 /\ \E id \in copy[m].inSync : Shrink(m, id)

Faults == Delete \/ \E m \in Members : GiveUp(m) \/ Crash(m) \/ LoseDisk(m)

Next == Protocol \/ Faults

Spec == Init /\ [][Next]_vars

(* For configurations that would be too large otherwise. *)
FaultsComeLate == acked # {} \/ (left.deletions = Deletions /\ left.disks = LostDisks)

-----------------------------------------------------------------------------
(* What must hold. *)

(* Every member that may take over holds every acknowledged update. *)
AckedSafe ==
  lease # None /\ ~blind => \A m \in Members :
    Id(m) \in lease.inSync /\ IsReady(m) => acked \subseteq zone[m].content

(* Two members with the same serial have the same zone. *)
SerialUnique ==
  \A m, o \in Members : zone[m].serial = zone[o].serial => zone[m].content = zone[o].content

(* No epoch has two leaders. *)
OneLeaderPerEpoch ==
  \A m, o \in Members : m # o /\ leads[m] # 0 => leads[m] # leads[o]

-----------------------------------------------------------------------------
(* States that differ only in what cannot matter any more count as one.    *)
Matters ==
  <<store, disk, memory, {c \in confirmed : \E m \in Members : leads[m] = c.epoch},
    acked, left, blind, IF left.deletions = 0 /\ lease # None THEN None ELSE newest>>
=============================================================================
