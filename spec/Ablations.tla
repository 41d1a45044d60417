------------------------------ MODULE Ablations ------------------------------
(* What goes wrong where a rule is off. A config in models/ablations sets  *)
(* one rule to FALSE and names what must then be found violated. Where the *)
(* rule matters under some faults only, another config shows that without  *)
(* these faults nothing goes wrong.                                        *)
EXTENDS Smaller

Members == {p \in Participants : status[p] = "member"}

(* Members who have read the same log as q and take themselves for the     *)
(* designated committer.                                                   *)
Believers(q) ==
  {p \in Members : /\ Side(p) = Side(q) /\ pos[p] = pos[q]
                   /\ BelievedCommitter(View(p), p) = p}

(* Of the members who have read the same log, never two take themselves    *)
(* for the designated committer; and if the one whom the log designates is *)
(* among them, never nobody does.                                          *)
OneCommitter ==
  \A q \in Members :
    /\ Cardinality(Believers(q)) =< 1
    /\ DesignatedCommitter(View(q)) = q => Believers(q) # {}

(* Who has read that it was removed is in no epoch with a member, which    *)
(* may not have read it yet.                                               *)
RemovedHasNoEpoch ==
  \A p, q \in Members :
    p # q /\ p \notin Elements(View(p).roster) => mls[p] # mls[q]
=============================================================================
