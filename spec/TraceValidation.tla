-------------------------- MODULE TraceValidation --------------------------
(***************************************************************************)
(* Is a recorded run a behaviour of DesignatedCommitter?  `Steps' is the   *)
(* run as one sequence: the spec's actions with their participants, in the *)
(* order of the log, each with what was observed after it. Several runs    *)
(* that begin alike are a tree. A state has one successor at most for each *)
(* step that may follow, so that TLC reaches as many states as steps are   *)
(* behaviours, and the initial one.                                        *)
(*                                                                         *)
(* TraceRecord holds the runs. The one beside this module is an example;   *)
(* src/checking/validation writes another one each time. It is extended    *)
(* and no constant, because TLC computes a definition once, and what stands *)
(* for a constant again and again. A config puts KeptView in the place of  *)
(* View.                                                                   *)
(***************************************************************************)
EXTENDS DesignatedCommitter, TraceRecord, TLC

VARIABLES
  last,    \* the step that was taken last, 0: none
  whole,   \* the view of the whole log
  views,   \* the view of each participant in the call, as far as it has read
  epochs   \* the epoch that each authenticator label stands for, <<>> where it was not seen

(* What TLC tells states apart by.                                         *)
Progress == last

-----------------------------------------------------------------------------
(* Views are kept beside the log, so that each is computed once, with what *)
(* a line would tell of it. They say nothing that the log does not say.    *)

Last(s) == IF s = <<>> THEN <<>> ELSE s[Len(s)]

ViewSeen(v, position) == [
  position  |-> position,
  changedAt |-> v.changedAt,
  roster    |-> v.roster,
  departed  |-> Departed(v),
  waiting   |-> Waiting(v),
  refresh   |-> v.refresh,
  epochs    |-> Len(v.history),
  head      |-> Last(v.history) ]

Kept(v, position) == [view |-> v, seen |-> ViewSeen(v, position)]
KeptEmpty   == Kept(EmptyView(1), 0)
KeptView(p) == views[p].view

(* The view k of position n - 1 after the entry there.                     *)
After(k, n) == Kept(Step(k.view, log'[1][n], n), n)

(* Only participant p may have moved on.                                   *)
KeepsViews(p) ==
  /\ whole' = IF Len(log'[1]) = Len(log[1]) THEN whole ELSE After(whole, Len(log'[1]))
  /\ views' = IF pos'[p] = pos[p] THEN views
              ELSE [views EXCEPT ![p] = CASE pos'[p] = 0           -> KeptEmpty
                                          [] pos'[p] = Len(log'[1]) -> whole'
                                          [] OTHER                  -> After(@, pos'[p])]

TraceInit ==
  /\ Init
  /\ last = 0
  /\ whole = KeptEmpty
  /\ views = [p \in Participants |-> KeptEmpty]
  /\ epochs = [k \in 1..Labels |-> <<>>]

-----------------------------------------------------------------------------
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

PendingSeen(p) ==
  IF pending[p] = <<>> THEN <<>> ELSE <<pending[p][1].kind, pending[p][1].at>>

(* All that the spec's state says of p and a line could tell. Who has not  *)
(* joined yet reads along, and its place is the end of the log.            *)
Looks(ev)     == ev.action = "Look"
StateNow(ev)  == IF Looks(ev) THEN "outside" ELSE NameOf(ev.p)
PendingNow(ev) == IF Looks(ev) THEN <<>> ELSE PendingSeen(ev.p)
ViewNow(ev)   == IF Looks(ev) THEN whole.seen ELSE views[ev.p].seen

EntryFits(ev) == ev.entry = 0 \/ Summary(EntryOf(ev)) = Entries[ev.entry]
SeenFits(ev) ==
  \/ ev.seen = 0
  \/ LET seen == Observations[ev.seen] IN
     /\ StateNow(ev) = seen[1]
     /\ PendingNow(ev) = seen[2]
     /\ ViewNow(ev) = Views[seen[3]]

(* One label, one epoch, all through the run; no label, no group. The last *)
(* of a history stands for all of it: it says who drafted a commit, and    *)
(* where, and at one place nobody drafts twice.                            *)
LabelFits(ev) ==
  IF ev.seen = 0 \/ ev.label = 0
  THEN /\ ev.seen # 0 => mls'[ev.p] = <<>>
       /\ epochs' = epochs
  ELSE LET epoch == Last(mls'[ev.p]) IN
       /\ epoch # <<>>
       /\ IF epochs[ev.label] = <<>>
          THEN /\ \A k \in 1..Labels : epochs[k] # epoch
               /\ epochs' = [epochs EXCEPT ![ev.label] = epoch]
          ELSE /\ epochs[ev.label] = epoch
               /\ epochs' = epochs

Possible(ev) == ev.p \in Participants /\ Happens(ev) /\ KeepsViews(ev.p)

Take(ev) ==
  /\ Possible(ev)
  /\ EntryFits(ev)'
  /\ SeenFits(ev)'
  /\ LabelFits(ev)

-----------------------------------------------------------------------------
(* Where a record is refused: what the spec would have allowed there. All  *)
(* of this only prints, a value a line; it is never a step.                *)
Allowed(p) ==
  {a \in {"Join", "AppendEntry", "DeclareGone", "Lose", "Found", "Commit", "HandOver", "Claim", "Resend", "Read",
          "Leave", "Crash"} :
     ENABLED Happens([action |-> a, p |-> p])}

Tell(name, value) == PrintT(ToString(<<name, value>>))

Explain(ev) ==
  IF ev.p \notin Participants THEN TRUE
  ELSE /\ Tell("allowed", Allowed(ev.p))
       /\ Possible(ev)
       /\ UNCHANGED <<last, epochs>>
       /\ Tell("entry", IF ev.entry = 0 THEN <<>> ELSE Summary(EntryOf(ev))')
       /\ Tell("seen", [state |-> StateNow(ev), pending |-> PendingNow(ev), view |-> ViewNow(ev)]')
       /\ Tell("epoch", Last(mls'[ev.p]))

-----------------------------------------------------------------------------
Event(k) ==
  LET e == Events[Steps[k]]
  IN [action |-> e[1], p |-> e[2], at |-> e[3], entry |-> e[4], seen |-> e[5], label |-> e[6]]

Branching  == {b[1] : b \in Branches}
BranchesAt == [n \in {b[2] : b \in Branches} |-> {b[1] : b \in {c \in Branches : c[2] = n}}]

(* The steps that may follow step n.                                       *)
Following(n) ==
  (IF n < Len(Steps) /\ n + 1 \notin Branching THEN {n + 1} ELSE {}) \cup
  (IF n \in DOMAIN BranchesAt THEN BranchesAt[n] ELSE {})

(* TLC's register 1 holds the step that was taken last. TLC tries          *)
(* disjuncts in order, so that it tells of a step that it has not taken;   *)
(* one worker only.                                                        *)
ASSUME TLCSet(1, 0)

(* k and ev are bound to values, so that a prime leaves them as they are.  *)
TraceNext ==
  \E k \in Following(last) : \E ev \in {Event(k)} :
    \/ Take(ev) /\ last' = k /\ TLCSet(1, k)
    \/ TLCGet(1) # k /\ Tell("refused", k) /\ Explains /\ Explain(ev) /\ FALSE
=============================================================================
