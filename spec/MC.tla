-------------------------------- MODULE MC --------------------------------
(* The protocol as TLC runs it where a behaviour is to be kept: `act' is   *)
(* the name and the participant of the action that led here. It is no part *)
(* of the state (see `StateView'): two ways to one state stay one state.   *)
EXTENDS KeptViews

VARIABLE act

StateView == vars

Acts(name, p) == act' = [name |-> name, participant |-> p]

TracedInit == KeptInit /\ act = [name |-> "Init"]

TracedAction(p) ==
  \/ Join(p)        /\ Acts("Join", p)
  \/ AppendEntry(p) /\ Acts("AppendEntry", p)
  \/ DeclareGone(p) /\ Acts("DeclareGone", p)
  \/ Lose(p)        /\ Acts("Lose", p)
  \/ Found(p)       /\ Acts("Found", p)
  \/ Commit(p)      /\ Acts("Commit", p)
  \/ HandOver(p)    /\ Acts("HandOver", p)
  \/ Claim(p)       /\ Acts("Claim", p)
  \/ Resend(p)      /\ Acts("Resend", p)
  \/ Read(p)        /\ Acts("Read", p)
  \/ Leave(p)       /\ Acts("Leave", p)
  \/ Crash(p)       /\ Acts("Crash", p)

TracedNext == \E p \in Participants : TracedAction(p) /\ KeepsViews

TracedSpec == TracedInit /\ [][TracedNext]_<<vars, views, act>>
=============================================================================
