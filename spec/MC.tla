-------------------------------- MODULE MC --------------------------------
(* The protocol as TLC runs it: `act' is the name and the parameters of    *)
(* the action that led here. It is no part of the state (see `StateView'): *)
(* two ways to one state stay one state.                                   *)
EXTENDS DesignatedCommitter
=============================================================================
