-------------------------- MODULE TraceValidation --------------------------
(***************************************************************************)
(* Is a recorded run a behaviour of DesignatedCommitter?  `Events' is the  *)
(* run as one sequence: the spec's actions with their participants, in the *)
(* order of the log, each with what was observed after it.  The state has  *)
(* one successor at most, so that TLC reaches as many states as events are *)
(* behaviours, and the initial one.                                        *)
(*                                                                         *)
(* TraceRecord holds the run. The one beside this module is an example;    *)
(* src/checking/validation writes another one for each run. It is extended *)
(* and no constant, because TLC computes a definition once, and what stands *)
(* for a constant again and again.                                         *)
(***************************************************************************)
EXTENDS KeptViews, TraceRecord, TLC

VARIABLES
  next,    \* how many events have happened
  epochs   \* the history that each authenticator label stands for, <<>> where it was not seen

traceVars == <<vars, views, next, epochs>>

(* What TLC tells states apart by.                                         *)
Progress == next

TraceInit ==
  /\ KeptInit
  /\ next = 0
  /\ epochs = [k \in 1..Labels |-> <<>>]

-----------------------------------------------------------------------------
Last(s) == IF s = <<>> THEN <<>> ELSE s[Len(s)]

(* An entry as lines name it: with the last of a history for the whole.    *)
Summary(e) ==
  CASE e.kind = "found"  -> [kind |-> e.kind, author |-> e.author, at |-> e.at, id |-> CommitId(e)]
    [] e.kind = "commit" -> [kind |-> e.kind, author |-> e.author, at |-> e.at, id |-> CommitId(e),
                             parent |-> Last(e.parent), adds |-> e.adds, removes |-> e.removes]
    [] e.kind = "void"   -> [kind |-> e.kind]
    [] OTHER -> e

(* The action of event ev, with its participant.                           *)
Happens(ev) ==
  CASE ev.action = "Join"        -> Join(ev.p)
    [] ev.action = "AppendEntry" -> AppendEntry(ev.p)
    [] ev.action = "DeclareGone" -> DeclareGone(ev.p)
    [] ev.action = "Lose"        -> Lose(ev.p)
    [] ev.action = "Found"       -> Found(ev.p)
    [] ev.action = "Commit"      -> Commit(ev.p)
    [] ev.action = "HandOver"    -> HandOver(ev.p)
    [] ev.action = "Claim"       -> Claim(ev.p)
    [] ev.action = "Resend"      -> Resend(ev.p)
    [] ev.action = "Read"        -> Read(ev.p)
    [] ev.action = "Leave"       -> Leave(ev.p)
    [] ev.action = "Crash"       -> Crash(ev.p)
    (* An entry that does not verify, or a join of somebody uninvited. An  *)
    (* honest service appends none; it has a place and counts for nothing. *)
    [] ev.action = "Void"        ->
         /\ log' = [log EXCEPT ![1] = Append(@, [kind |-> "void", author |-> ev.p])]
         /\ UNCHANGED <<status, pos, mls, pending, outbox, faults>>
    (* Nothing happens, something is seen: by who reads the log up to its  *)
    (* own join, and when it is there.                                     *)
    [] ev.action = "Look"        -> status[ev.p] = "outside" /\ ev.at = Len(log[1]) /\ UNCHANGED vars
    [] ev.action = "Joined"      -> pos[ev.p] = ev.at /\ UNCHANGED vars
    [] OTHER -> FALSE

(* The entry that event ev is about, in the state after it.                *)
EntryOf(ev) ==
  IF ev.at \in 1..Len(log[1]) /\ ev.action \in {"Join", "AppendEntry", "DeclareGone", "Void", "Look", "Joined", "Read"}
  THEN log[1][ev.at]
  ELSE [kind |-> "none"]

NameOf(p) ==
  LET drafted == pending[p]
      doing == IF drafted = <<>> THEN "idle"
               ELSE CASE drafted[1].kind = "found"    -> "founding"
                      [] drafted[1].kind = "commit"   -> "committing"
                      [] drafted[1].kind = "handover" -> "handingOver"
                      [] drafted[1].kind = "claim"    -> "claiming"
      leads == IF drafted = <<>> THEN BelievedCommitter(View(p), p) = p ELSE drafted[1].kind # "claim"
  IN CASE status[p] = "waiting" -> "waiting." \o doing
       [] status[p] = "member" -> (IF leads THEN "member.designated." ELSE "member.follower.") \o doing
       [] OTHER -> status[p]

ViewSeen(v, position) == [
  position  |-> position,
  changedAt |-> v.changedAt,
  roster    |-> v.roster,
  departed  |-> Departed(v),
  waiting   |-> Waiting(v),
  refresh   |-> v.refresh,
  epochs    |-> Len(v.history),
  head      |-> Last(v.history) ]

PendingSeen(p) ==
  IF pending[p] = <<>> THEN <<>> ELSE <<pending[p][1].kind, pending[p][1].at>>

(* All that the spec's state says of p and a line could tell. Who has not  *)
(* joined yet reads along, and its place is the end of the log.            *)
Seen(ev) ==
  IF ev.action = "Look"
  THEN [state |-> "outside", pending |-> <<>>, view |-> ViewSeen(ViewAt(1, Len(log[1])), Len(log[1]))]
  ELSE [state |-> NameOf(ev.p), pending |-> PendingSeen(ev.p), view |-> ViewSeen(View(ev.p), pos[ev.p])]

(* One label, one history, all through the run; no label, no group.        *)
LabelFits(ev) ==
  IF ev.seen = 0 \/ ev.label = 0
  THEN /\ ev.seen # 0 => mls'[ev.p] = <<>>
       /\ epochs' = epochs
  ELSE LET m == mls'[ev.p] IN
       /\ m # <<>>
       /\ IF epochs[ev.label] = <<>>
          THEN /\ \A k \in 1..Labels : epochs[k] # m
               /\ epochs' = [epochs EXCEPT ![ev.label] = m]
          ELSE /\ epochs[ev.label] = m
               /\ epochs' = epochs

EntryFits(ev) == ev.entry = 0 \/ Summary(EntryOf(ev)) = Entries[ev.entry]
SeenFits(ev)  == ev.seen = 0 \/ Seen(ev) = Observations[ev.seen]

Possible(ev) == ev.p \in Participants /\ Happens(ev) /\ KeepsViews /\ next' = next + 1

Take(ev) ==
  /\ Possible(ev)
  /\ EntryFits(ev)'
  /\ SeenFits(ev)'
  /\ LabelFits(ev)

-----------------------------------------------------------------------------
(* Where a record is refused: what the spec would have allowed there.      *)
Allowed(p) ==
  {a \in {"Join", "AppendEntry", "DeclareGone", "Lose", "Found", "Commit", "HandOver", "Claim", "Resend", "Read",
          "Leave", "Crash"} :
     ENABLED Happens([action |-> a, p |-> p])}

Explain(ev) ==
  IF ev.p \notin Participants THEN PrintT(<<"unknown participant">>) /\ FALSE
  ELSE /\ PrintT(<<"allowed", Allowed(ev.p)>>)
       /\ Possible(ev)
       /\ epochs' = epochs
       /\ PrintT(<<"entry", IF ev.entry = 0 THEN <<>> ELSE Summary(EntryOf(ev))'>>)
       /\ PrintT(<<"seen", Seen(ev)'>>)
       /\ PrintT(<<"history", mls'[ev.p]>>)
       /\ FALSE

(* k is bound to a number, so that a prime leaves the event as it is.      *)
TraceNext ==
  /\ next < Len(Events)
  /\ \E k \in {next + 1} : IF k = Target THEN Explain(Events[k]) ELSE Take(Events[k])
=============================================================================
