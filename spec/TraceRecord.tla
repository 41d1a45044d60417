----------------------------- MODULE TraceRecord -----------------------------
(***************************************************************************)
(* Recorded runs, as TraceValidation reads them. This one is an example:   *)
(* p1 joins, founds a group and reads its founding back. The module that   *)
(* src/checking/validation writes for a run takes its place.               *)
(***************************************************************************)

(* What happens: action, participant, the position of the entry that is    *)
(* appended or read (0: none), and the places of that entry, of what is    *)
(* observed then and of the authenticator's label in the tables below      *)
(* (0: none).                                                              *)
Events == <<
  <<"Join",        "p1", 1, 1, 0, 0>>,
  <<"Joined",      "p1", 1, 1, 1, 0>>,
  <<"Found",       "p1", 0, 2, 2, 0>>,
  <<"AppendEntry", "p1", 2, 3, 0, 0>>,
  <<"Read",        "p1", 2, 3, 3, 1>> >>

(* The steps of the run, one after the other, each the place of an event.  *)
Steps == <<1, 2, 3, 4, 5>>

(* A run that begins like another one shares its steps: step k of a pair   *)
(* <<k, n>> follows step n, or comes first where n is 0. All others follow *)
(* the one before them.                                                    *)
Branches == {<<1, 0>>}

(* The entries that lines name, as Summary gives them.                     *)
Entries == <<
  [kind |-> "join", author |-> "p1"],
  [kind |-> "none"],
  [kind |-> "found", author |-> "p1", at |-> 1, id |-> <<"p1", 1>>] >>

(* What lines say of a participant: its state, its draft, and the place of *)
(* its view in the table below.                                            *)
Observations == <<
  <<"waiting.idle", <<>>, 1>>,
  <<"waiting.founding", <<"found", 1>>, 1>>,
  <<"member.designated.idle", <<>>, 2>> >>

(* Views, as ViewSeen gives them.                                          *)
Views == <<
  [position |-> 1, changedAt |-> 0, roster |-> <<>>, departed |-> <<>>, waiting |-> <<"p1">>,
   refresh |-> FALSE, epochs |-> 0, head |-> <<>>],
  [position |-> 2, changedAt |-> 2, roster |-> <<"p1">>, departed |-> <<>>, waiting |-> <<>>,
   refresh |-> FALSE, epochs |-> 1, head |-> <<"p1", 1>>] >>

(* How many authenticators the records tell apart.                         *)
Labels == 1

(* Whether TLC is to tell what it would have allowed where it refuses.     *)
Explains == TRUE
=============================================================================
