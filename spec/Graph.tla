------------------------------- MODULE Graph -------------------------------
(* The protocol as TLC writes its graph of states for `npm run conform':   *)
(* each step is one of an action with a name, and the views are kept       *)
(* beside the log, where each is compared with those of the machines.      *)
EXTENDS KeptViews

KeptJoin(p)        == Join(p) /\ KeepsViews
KeptAppendEntry(p) == AppendEntry(p) /\ KeepsViews
KeptDeclareGone(p) == DeclareGone(p) /\ KeepsViews
KeptLose(p)        == Lose(p) /\ KeepsViews
KeptFound(p)       == Found(p) /\ KeepsViews
KeptCommit(p)      == Commit(p) /\ KeepsViews
KeptHandOver(p)    == HandOver(p) /\ KeepsViews
KeptClaim(p)       == Claim(p) /\ KeepsViews
KeptResend(p)      == Resend(p) /\ KeepsViews
KeptRead(p)        == Read(p) /\ KeepsViews
KeptLeave(p)       == Leave(p) /\ KeepsViews
KeptCrash(p)       == Crash(p) /\ KeepsViews

GraphNext ==
  \E p \in Participants :
    \/ KeptJoin(p)   \/ KeptAppendEntry(p) \/ KeptDeclareGone(p) \/ KeptLose(p)
    \/ KeptFound(p)  \/ KeptCommit(p)      \/ KeptHandOver(p)    \/ KeptClaim(p)
    \/ KeptResend(p) \/ KeptRead(p)        \/ KeptLeave(p)       \/ KeptCrash(p)

GraphSpec == KeptInit /\ [][GraphNext]_<<vars, views>>
=============================================================================
