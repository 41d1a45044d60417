------------------------------- MODULE Smaller -------------------------------
(* Two ways to look for a behaviour among fewer. What is found is one of   *)
(* the whole protocol all the same.                                        *)
EXTENDS MC, TLC

(* Participants differ by their names alone: of the states that differ in  *)
(* names TLC looks at one (SYMMETRY). Nothing is lost by it; the number of *)
(* states is then one of states up to names.                               *)
UpToNames == Permutations(Participants)

(* The network is prompt: what is appended is read by all, what is sent is *)
(* appended, and who has ended is declared gone, before anything else      *)
(* happens. Participants connect and read in one order. What is not found  *)
(* so may still be possible. Not together with UpToNames.                  *)
One(S)  == CHOOSE p \in S : TRUE
Behind  == {p \in Participants : InCall(p) /\ pos[p] < Len(log[Side(p)])}
Sending == {p \in Participants : outbox[p] # <<>>}
Outside == {p \in Participants : status[p] = "outside"}
Ended   == {p \in Participants \ Outside : ~InCall(p) /\ ~InLog(Side(p), "leave", p)}

PromptAction(p) ==
  IF Behind # {} THEN p = One(Behind) /\ Read(p) /\ Acts("Read", p)
  ELSE IF Sending # {} THEN p = One(Sending) /\ AppendEntry(p) /\ Acts("AppendEntry", p)
  ELSE IF Ended # {} THEN p = One(Ended) /\ DeclareGone(p) /\ Acts("DeclareGone", p)
  ELSE (p \in Outside => p = One(Outside)) /\ TracedAction(p)

PromptNext == \E p \in Participants : PromptAction(p) /\ KeepsViews

PromptSpec == TracedInit /\ [][PromptNext]_<<vars, views, act>>
=============================================================================
