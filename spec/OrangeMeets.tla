----------------------------- MODULE OrangeMeets -----------------------------
(* Two of what Orange Meets does, in the words of this protocol.           *)
(*                                                                         *)
(* (1) Welcome and Add are two messages, and the designated committer      *)
(* merges when it sends them: the rules Atomic and Ordered off together.   *)
(* That takes nothing but the two constants.                               *)
(*                                                                         *)
(* (2) Nobody is told who the designated committer is. Each member finds   *)
(* out by itself: it is when everybody who was alive when it was welcomed  *)
(* has left. Of who leaves it hears only what is announced after its own   *)
(* welcome, and nobody announces to a member that it has itself left.      *)
(* A config puts OrangeCommitter in the place of BelievedCommitter.        *)
EXTENDS Ablations

(* Where p, of the roster of view v, was founded or admitted.              *)
WelcomedAt(v, p) ==
  LET Mine(i) ==
        LET e == log[v.side][i] IN
        /\ e.kind \in {"found", "commit"}
        /\ \E k \in 1..Len(v.history) : v.history[k] = CommitId(e)
        /\ IF e.kind = "found" THEN e.author = p ELSE p \in Elements(e.adds)
  IN CHOOSE i \in 1..Len(log[v.side]) : Mine(i) /\ \A j \in 1..(i - 1) : ~Mine(j)

OrangeCommitter(v, p) ==
  LET alive == SelectSeq(v.roster, LAMBDA q : q = p \/ v.leftAt[q] =< WelcomedAt(v, p))
  IN IF p \notin Elements(v.roster) THEN Nobody ELSE Head(alive)

(* With one promise of OneCommitter in each, a config shows one of the two *)
(* things that go wrong.                                                   *)
NeverTwoCommitters == \A q \in Members : Cardinality(Believers(q)) =< 1

NeverNoCommitter ==
  \A q \in Members : DesignatedCommitter(View(q)) = q => Believers(q) # {}
=============================================================================
