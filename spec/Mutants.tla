------------------------------- MODULE Mutants -------------------------------
(* Is an invariant able to fail? Each operator below is one of the         *)
(* protocol, wrong in one place. A config puts it in the place of the      *)
(* right one, with all rules on, and TLC must find that the invariant it   *)
(* is meant for is violated, and no other.                                 *)
EXTENDS Ablations

(* Wrong: goes out on everybody's connection. Right: on that of p.         *)
SendForEverybody(p, entries) ==
  outbox' = [q \in Participants |->
    IF InLog(Side(p), "leave", p) THEN outbox[q] ELSE outbox[q] \o entries]

(* Wrong: who ends takes its draft for done and keeps its group. Right: it *)
(* keeps nothing.                                                          *)
EndWithDraftMerged(p, how) ==
  /\ status' = [status EXCEPT ![p] = how]
  /\ pos' = [pos EXCEPT ![p] = 0]
  /\ mls' = [mls EXCEPT ![p] = IF pending[p] # <<>> /\ Head(pending[p]).kind = "commit"
                               THEN Append(@, CommitId(Head(pending[p]))) ELSE @]
  /\ pending' = [pending EXCEPT ![p] = <<>>]
  /\ outbox' = [outbox EXCEPT ![p] = <<>>]

(* Wrong: who is welcomed arrives in the epoch before the commit. Right:   *)
(* in the one that the commit leads to.                                    *)
ProcessedTooEarly(p, e) ==
  CASE e.author = p ->
         IF pending[p] # <<e>> THEN Stuck
         ELSE IF Ordered THEN Append(mls[p], CommitId(e)) ELSE mls[p]
    [] e.kind = "found" -> mls[p]
    [] e.author # p /\ p \in Elements(e.adds) ->
         IF mls[p] \in {<<>>, Append(e.parent, CommitId(e))} THEN e.parent ELSE Stuck
    [] status[p] = "member" ->
         IF p \in Elements(e.removes) THEN mls[p]
         ELSE IF mls[p] = e.parent THEN Append(mls[p], CommitId(e)) ELSE Stuck
    [] OTHER -> mls[p]

(* Wrong: who loses its connection forgets its draft, which the service    *)
(* may have appended. Right: it keeps it until it has read on.             *)
LoseAndForget(p) ==
  /\ faults.lost < MaxLost
  /\ InCall(p)
  /\ outbox[p] # <<>> \/ pending[p] # <<>>
  /\ outbox' = [outbox EXCEPT ![p] = <<>>]
  /\ pending' = [pending EXCEPT ![p] = <<>>]
  /\ faults' = [faults EXCEPT !.lost = @ + 1]
  /\ UNCHANGED <<log, status, pos, mls>>

(* Wrong: who hands over the role, or loses it to a claim, drops out of    *)
(* the roster. Right: it moves to the end.                                 *)
OutOfTheRoster(s, p) == Without(s, {p})

(* Wrong: the most senior member, departed or not. Right: of those who     *)
(* have not departed.                                                      *)
MostSenior(v, p) == IF v.roster = <<>> THEN Nobody ELSE Head(v.roster)
=============================================================================
