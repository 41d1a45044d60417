------------------------------- MODULE Labels -------------------------------
(* The protocol with its last step in the state: the name of the action,   *)
(* whose it is, and the entry that it drafts, appends, sends again or      *)
(* reads. Two ways to one state that differ in their last step are two     *)
(* states here, so that the graph says of each edge all that it is.        *)
EXTENDS KeptViews

VARIABLE act

Acts(name, p)         == act' = [name |-> name, participant |-> p]
ActsOn(name, p, e)    == act' = [name |-> name, participant |-> p, entry |-> e]
ActsOnDraft(name, p)  == ActsOn(name, p, Head(pending'[p]))

LabelledAction(p) ==
  \/ Join(p)        /\ Acts("Join", p)
  \/ AppendEntry(p) /\ ActsOn("AppendEntry", p, Head(outbox[p]))
  \/ DeclareGone(p) /\ Acts("DeclareGone", p)
  \/ Lose(p)        /\ Acts("Lose", p)
  \/ Found(p)       /\ ActsOnDraft("Found", p)
  \/ Commit(p)      /\ ActsOnDraft("Commit", p)
  \/ HandOver(p)    /\ ActsOnDraft("HandOver", p)
  \/ Claim(p)       /\ ActsOnDraft("Claim", p)
  \/ Resend(p)      /\ ActsOn("Resend", p, Head(pending[p]))
  \/ Read(p)        /\ ActsOn("Read", p, log[Side(p)][pos[p] + 1])
  \/ Leave(p)       /\ Acts("Leave", p)
  \/ Crash(p)       /\ Acts("Crash", p)

LabelledInit == KeptInit /\ act = [name |-> "Init"]
LabelledNext == \E p \in Participants : LabelledAction(p) /\ KeepsViews
LabelledSpec == LabelledInit /\ [][LabelledNext]_<<vars, views, act>>
=============================================================================
