----------------------------- MODULE BegunCall -----------------------------
(***************************************************************************)
(* The dishonest of Adversary.tla in a call that has begun, where all the  *)
(* ways in which it may have begun would be too many to look at as well:   *)
(* one participant has founded it, a second is admitted, a third waits,    *)
(* and everybody has read all of the log, of which there is one still.     *)
(* Each of the first two may be dishonest.                                 *)
(*                                                                         *)
(* A witness (`NeverBegun') shows that Adversary.tla itself gets there.    *)
(***************************************************************************)
EXTENDS Adversary

Signed(e) == IF e.author \in Dishonest THEN e @@ [on |-> 1, lie |-> 0] ELSE e

Opening(a, b, c) ==
  LET found  == Signed(FoundEntry(a, 1))
      commit == Signed(CommitEntry(a, 3, <<CommitId(found)>>, <<b>>, <<>>))
  IN <<JoinEntry(a), found, JoinEntry(b), commit, JoinEntry(c)>>

(* The state in which a and b are members, and c waits.                    *)
HasBegun(a, b, c) ==
  LET opening == Opening(a, b, c)
      history == <<CommitId(opening[2]), CommitId(opening[4])>>
      members == {a, b} \cap Honest
  IN /\ log = [s \in Sides |-> opening]
     /\ status = [p \in Participants |->
          IF p \in members THEN "member" ELSE IF p = c THEN "waiting" ELSE "outside"]
     /\ pos = [p \in Participants |-> IF p \in members \cup {c} THEN Len(opening) ELSE 0]
     /\ mls = [p \in Participants |-> IF p \in members THEN history ELSE <<>>]
     /\ pending = [p \in Participants |-> <<>>]
     /\ outbox = [p \in Participants |-> <<>>]
     /\ faults = [gone |-> 0, claims |-> 0, handovers |-> 0, lost |-> 0, resent |-> 0]
     /\ frauds = [lies |-> 0, tampering |-> 0]

(* Of two sides, the other one is where c is: with sides named the other   *)
(* way round it would be the same.                                         *)
Beginnings ==
  {t \in Participants \X Participants \X Honest :
     t[1] # t[2] /\ t[3] \notin {t[1], t[2]} /\ (OtherSide # {} => t[3] \in OtherSide)}

BegunInit ==
  /\ \E t \in Beginnings : HasBegun(t[1], t[2], t[3])
  /\ views = AllViews
  /\ act = [name |-> "Init"]

BegunSpec == BegunInit /\ [][AdversaryNext]_<<vars, views, act, frauds>>

(* The views follow from the log, but TLC has to have worked them out      *)
(* before it can put a state on disk.                                      *)
BegunView == <<vars, frauds, views>>

NeverBegun == \A t \in Beginnings : ~HasBegun(t[1], t[2], t[3])
=============================================================================
