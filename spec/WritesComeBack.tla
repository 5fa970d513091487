--------------------------- MODULE WritesComeBack ---------------------------
(***************************************************************************)
(* After the last fault, with enough members in touch, every update is     *)
(* acknowledged at last. Zonekeeper.tla says what may happen; this says    *)
(* what is bound to happen, and keeps out what would be a fault that never *)
(* ends: members in touch do not suspect a leader that leads, and a leader *)
(* does not give up members that are in touch.                             *)
(***************************************************************************)
EXTENDS Zonekeeper

CONSTANT Away \* members that do nothing, from the begin on

InTouch == Members \ Away

(* A client asks again for an update until it is acknowledged. *)
WriteSomething(m) == \E u \in Updates \ acked : Write(m, u)

CommitSomething(m) == leads[m] # 0 /\ \E s \in zone[m].journal \cup {State(zone[m])} : Commit(m, s)

ReadPresent(m) == IF lease = None THEN ReadNone(m) ELSE ReadLease(m, lease)

IsAboutToLead(o, epoch) == pending[o] # None /\ pending[o].next.holder = o /\ pending[o].next.epoch = epoch

IsGone(o, epoch) == o \in Away \/ ~(leads[o] = epoch \/ IsAboutToLead(o, epoch))

TakeoverFromWhoIsGone(m) ==
  /\ view[m] = "copy"
  /\ copy[m].holder \in {0, m} \/ IsGone(copy[m].holder, copy[m].epoch)
  /\ Takeover(m)

FollowSomebody(m) == \E o \in InTouch : Follow(m, o)
HearOfSomebody(m) == \E o \in InTouch : HearOfEpoch(m, o)
JoinSomebody(m) == \E o \in InTouch : Join(m, o)
GrowBySomebody(m) == \E id \in joining[m] : id = Id(Name(id)) /\ Grow(m, id)
ShrinkBySomebody(m) ==
  leads[m] # 0 /\ \E id \in copy[m].inSync : (Name(id) \in Away \/ id # Id(Name(id))) /\ Shrink(m, id)
ApplySomething == \E p \in wire : Apply(p)

CalmProtocol ==
  \/ ApplySomething
  \/ \E m \in InTouch :
       \/ WriteSomething(m) \/ CommitSomething(m) \/ Save(m) \/ FollowSomebody(m)
       \/ ReadPresent(m) \/ TakeoverFromWhoIsGone(m) \/ Recover(m) \/ HearOfSomebody(m)
       \/ JoinSomebody(m) \/ GrowBySomebody(m) \/ ShrinkBySomebody(m) \/ LetGo(m)

CalmNext ==
  \/ CalmProtocol
  \/ Delete
  \/ \E m \in InTouch : GiveUp(m) \/ Crash(m) \/ LoseDisk(m)

Fairness ==
  /\ WF_vars(ApplySomething)
  /\ \A m \in InTouch :
       /\ WF_vars(WriteSomething(m)) /\ WF_vars(CommitSomething(m))
       /\ WF_vars(Save(m)) /\ WF_vars(FollowSomebody(m))
       /\ WF_vars(ReadPresent(m)) /\ WF_vars(TakeoverFromWhoIsGone(m)) /\ WF_vars(Recover(m))
       /\ WF_vars(HearOfSomebody(m))
       /\ WF_vars(JoinSomebody(m)) /\ WF_vars(GrowBySomebody(m)) /\ WF_vars(ShrinkBySomebody(m))
       /\ WF_vars(LetGo(m))

CalmSpec == Init /\ [][CalmNext]_vars /\ Fairness

WritesComeBack == <>(Updates \subseteq acked)
=============================================================================
