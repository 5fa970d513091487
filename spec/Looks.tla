-------------------------------- MODULE Looks --------------------------------
(***************************************************************************)
(* Updates without effect: a prerequisite is not met, or what is to be     *)
(* deleted is not there. No serial comes of such an update, so none says   *)
(* where it is held, and yet its answer tells what the zone held: it is a  *)
(* look at the zone. A leader that was replaced and does not know it would *)
(* answer from an old one, and call a record deleted that its successor    *)
(* has added. Zonekeeper.tla says all the rest.                            *)
(***************************************************************************)
EXTENDS Zonekeeper

(***************************************************************************)
(* One look at a time; what it tells is acknowledged with it.              *)
(* at:  the leader that has taken it                                       *)
(* saw, serial:  what was there then                                       *)
(* must:  what was acknowledged by then                                    *)
(* heard:  members that have confirmed the leader's term since             *)
(***************************************************************************)
VARIABLE look

Take(m) ==
  /\ look = None /\ leads[m] # 0
  /\ zone' = [zone EXCEPT ![m] = AtLeader(m)]
  /\ look' = [at |-> m, saw |-> zone'[m].content, serial |-> zone'[m].serial,
              must |-> acked, heard |-> {}]
  /\ UNCHANGED <<store, incarnation, copy, known, memory, confirmed, acked, left, ghosts>>

(* A member confirms once more what it has confirmed. It follows nobody else until then. *)
ConfirmAgain(m) ==
  /\ look # None
  /\ Follows(m) /\ known[m] = leads[look.at]
  /\ HasConfirmed(Id(m), leads[look.at], look.serial)
  /\ Id(m) \notin look.heard
  /\ look' = [look EXCEPT !.heard = @ \cup {Id(m)}]
  /\ UNCHANGED vars

MayBeAnswered ==
  /\ look # None /\ leads[look.at] # 0
  /\ Cardinality(WaitsFor(look.at)) + 1 >= MinInSync
  /\ \A id \in WaitsFor(look.at) :
       /\ HasConfirmed(id, leads[look.at], look.serial)
       /\ id \in look.heard \/ Mistake = "answers from an old zone"

(* What a client was told must survive, whoever wrote it. *)
Answer ==
  /\ MayBeAnswered
  /\ acked' = acked \cup look.saw
  /\ look' = None
  /\ UNCHANGED <<store, disk, memory, confirmed, left, ghosts>>

(* When the term is over nothing is answered that was taken in it. *)
Kept ==
  IF look = None \/ leads'[look.at] # 0 \/ Mistake = "answers in a later term" THEN look ELSE None

LookingNext ==
  \/ Next /\ look' = Kept
  \/ \E m \in Members : Take(m) \/ ConfirmAgain(m)
  \/ Answer

LookingSpec == Init /\ look = None /\ [][LookingNext]_<<vars, look>>

-----------------------------------------------------------------------------
(* An answer tells of every update that was acknowledged before. *)
LooksAreFresh == MayBeAnswered /\ ~blind => look.must \subseteq look.saw

LooksMatter == <<Matters, look>>
=============================================================================
