----------------------------- MODULE TraceRecord -----------------------------
(***************************************************************************)
(* A recorded run, as TraceValidation reads it. This one is an example:    *)
(* p1 joins, founds a group and reads its founding back. The module that   *)
(* src/checking/validation writes for a run takes its place.               *)
(***************************************************************************)

(* What happened, one after the other. `at' is the position of the entry   *)
(* that was appended or read; `entry', `seen' and `label' are places in    *)
(* the tables below, 0: none.                                              *)
Events == <<
  [action |-> "Join", p |-> "p1", at |-> 1, entry |-> 1, seen |-> 0, label |-> 0],
  [action |-> "Joined", p |-> "p1", at |-> 1, entry |-> 1, seen |-> 1, label |-> 0],
  [action |-> "Found", p |-> "p1", at |-> 0, entry |-> 2, seen |-> 2, label |-> 0],
  [action |-> "AppendEntry", p |-> "p1", at |-> 2, entry |-> 3, seen |-> 0, label |-> 0],
  [action |-> "Read", p |-> "p1", at |-> 2, entry |-> 3, seen |-> 3, label |-> 1] >>

(* The entries that lines name, as Summary gives them.                     *)
Entries == <<
  [kind |-> "join", author |-> "p1"],
  [kind |-> "none"],
  [kind |-> "found", author |-> "p1", at |-> 1, id |-> <<"p1", 1>>] >>

(* What lines say of a participant: its state, its draft and its view.     *)
Observations == <<
  [state |-> "waiting.idle", pending |-> <<>>,
   view |-> [position |-> 1, changedAt |-> 0, roster |-> <<>>, departed |-> <<>>, waiting |-> <<"p1">>,
             refresh |-> FALSE, epochs |-> 0, head |-> <<>>]],
  [state |-> "waiting.founding", pending |-> <<"found", 1>>,
   view |-> [position |-> 1, changedAt |-> 0, roster |-> <<>>, departed |-> <<>>, waiting |-> <<"p1">>,
             refresh |-> FALSE, epochs |-> 0, head |-> <<>>]],
  [state |-> "member.designated.idle", pending |-> <<>>,
   view |-> [position |-> 2, changedAt |-> 2, roster |-> <<"p1">>, departed |-> <<>>, waiting |-> <<>>,
             refresh |-> FALSE, epochs |-> 1, head |-> <<"p1", 1>>]] >>

(* How many authenticators the record tells apart.                         *)
Labels == 1

(* The number of the event that TLC is to explain, 0: none.                *)
Target == 0
=============================================================================
