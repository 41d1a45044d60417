------------------------- MODULE DesignatedCommitter -------------------------
(***************************************************************************)
(* A designated committer over one ordered log: how the members of an      *)
(* end-to-end encrypted group call agree which MLS commit (RFC 9420) comes *)
(* next, with no election and no trusted server.                           *)
(*                                                                         *)
(* Read it in this order: what an entry of the log is, what a participant  *)
(* concludes from the entries (`Step', `View'), who may do what            *)
(* (`DesignatedCommitter', `Duty'), and then the actions.                  *)
(*                                                                         *)
(* The code in src/protocol and src/machine uses the same names.           *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
  Participants,   \* who may ever join; an id is used once
  Uninvited,      \* those of them who do not have the secret of the room's link
  OtherSide,      \* those of them to whom the service shows another log; nobody, if it is honest
  BatchLimit,     \* B: adds, and removes, of one commit
  (* The rules. Each can be switched off, to show what it is there for.    *)
  Atomic,         \* Welcome and commit are one entry
  Ordered,        \* an author merges its commit only when it reads it back
  Current,        \* an entry drafted before the last change of epoch or role counts for nothing
  Designated,     \* a commit counts only if its author is the designated committer where it lands
  Justified,      \* a commit adds who waited and removes who had departed when it was drafted
  Witnessed,      \* an entry counts only on the log that it was drafted on
  Invited,        \* a join counts only if whoever made it had the secret of the room's link
  PublicView,     \* the designated committer follows from the whole log
  Founding,       \* with nobody live in the roster, the first waiting participant founds anew
  Takeover,       \* a claim moves a silent designated committer to the end, or counts as its leave
  Rotation,       \* a handover moves the designated committer to the end, by its own wish
  Fresh,          \* who was declared gone never returns under its id
  (* The faults, and how often each may happen.                            *)
  MaxCrashes,     \* participants that vanish, with all they knew
  MaxLeaves,      \* participants that leave because they want to
  MaxGone,        \* live participants that the service declares gone: partitions
  MaxClaims,      \* claims, justified or not
  MaxHandovers,
  MaxLost         \* connections that are lost while their participant stays in the call

VARIABLES
  log,       \* what the delivery service has ordered: one log for each side, and one side if it is honest
  status,    \* of each participant
  pos,       \* how far each participant has read the log
  mls,       \* the history of each participant's MLS group: the commits that it merged
  pending,   \* what each participant has drafted and not read back, at most one
  outbox,    \* what each participant has sent and the service not appended, first in first out:
             \* on one connection nothing is lost or overtaken
  faults     \* how often the bounded faults have happened

vars == <<log, status, pos, mls, pending, outbox, faults>>

Side(p) == IF p \in OtherSide THEN 2 ELSE 1
Sides   == {Side(p) : p \in Participants}

-----------------------------------------------------------------------------
(* Entries. Who drafts an entry says at which position of the log it did.  *)
(* Author and position identify a founding or a commit, so that a history  *)
(* is a sequence of such pairs: an epoch is never a number.                *)

JoinEntry(p)       == [kind |-> "join", author |-> p]
LeaveEntry(p)      == [kind |-> "leave", author |-> p]
FoundEntry(p, n)   == [kind |-> "found", author |-> p, at |-> n]
CommitEntry(p, n, parent, adds, removes) ==
  [kind |-> "commit", author |-> p, at |-> n, parent |-> parent, adds |-> adds, removes |-> removes]
HandoverEntry(p, n) == [kind |-> "handover", author |-> p, at |-> n]
ClaimEntry(p, n, q) == [kind |-> "claim", author |-> p, at |-> n, accused |-> q]
(* Without the rule Atomic, and only then, a Welcome travels by itself.    *)
WelcomeEntry(c)    == [c EXCEPT !.kind = "welcome"]

CommitId(e)        == <<e.author, e.at>>
Elements(s)        == {s[i] : i \in 1..Len(s)}
First(k, s)        == SubSeq(s, 1, IF Len(s) < k THEN Len(s) ELSE k)
Without(s, S)      == SelectSeq(s, LAMBDA x : x \notin S)
IsPrefix(s, t)     == Len(s) =< Len(t) /\ s = SubSeq(t, 1, Len(s))

-----------------------------------------------------------------------------
(* The view: all that a participant concludes from the log so far.         *)

EmptyView(s) == [
  side      |-> s,      \* which log it is concluded from
  roster    |-> <<>>,   \* the members of the group, by seniority
  arrivals  |-> <<>>,   \* who joined and was never admitted, in order of arrival
  joinedAt  |-> [p \in Participants |-> 0],  \* the position of its join, 0: none
  leftAt    |-> [p \in Participants |-> 0],  \* the position of its leave, 0: none
  history   |-> <<>>,   \* the founding and the commits that counted
  refresh   |-> FALSE,  \* the role was handed over and its holder has not committed yet
  changedAt |-> 0 ]     \* the position of the last change of epoch or role

Gone(v, p)      == v.leftAt[p] # 0
Live(v)         == SelectSeq(v.roster, LAMBDA p : ~Gone(v, p))
Waiting(v)      == SelectSeq(v.arrivals, LAMBDA p : ~Gone(v, p))
WaitingAt(v, n) == SelectSeq(v.arrivals, LAMBDA p :
                     v.joinedAt[p] =< n /\ (v.leftAt[p] = 0 \/ v.leftAt[p] > n))
DepartedAt(v, n) ==
  LET D == {p \in Elements(v.roster) : Gone(v, p) /\ v.leftAt[p] =< n}
      Rank(p) == Cardinality({q \in D : v.leftAt[q] =< v.leftAt[p]})
  IN [i \in 1..Cardinality(D) |-> CHOOSE p \in D : Rank(p) = i]
Departed(v)     == SelectSeq(v.roster, LAMBDA p : Gone(v, p))

(* The most senior member of the roster that has not departed.             *)
Nobody == "nobody"
DesignatedCommitter(v) == IF Live(v) = <<>> THEN Nobody ELSE Head(Live(v))

(* Who is to take the next step: the designated committer; where nobody is *)
(* live, the first who waits, who is to found a group.                     *)
Responsible(v) == IF Live(v) = <<>> /\ Waiting(v) # <<>> THEN Head(Waiting(v))
                  ELSE DesignatedCommitter(v)

(* Something for the designated committer to do.                           *)
Duty(v) == Waiting(v) # <<>> \/ Departed(v) # <<>> \/ v.refresh

(* Whether an entry that was drafted counts, by rule.                      *)
IsInvited(e)       == Invited => e.author \notin Uninvited
IsCurrent(v, e)    == Current => e.at >= v.changedAt
(* In the code an entry carries the hash of the log that it was drafted on. *)
IsWitnessed(v, e)  == Witnessed =>
                        LET s == Side(e.author) IN
                        \/ s = v.side
                        \/ /\ e.at =< Len(log[v.side])
                           /\ SubSeq(log[s], 1, e.at) = SubSeq(log[v.side], 1, e.at)
IsDesignated(v, e) == Designated => e.author = DesignatedCommitter(v)
AddsAt(v, n)       == First(BatchLimit, WaitingAt(v, n))
RemovesAt(v, n)    == First(BatchLimit, DepartedAt(v, n))
IsJustified(v, e)  == Justified => e.adds = AddsAt(v, e.at) /\ e.removes = RemovesAt(v, e.at)
MayFound(v, p)     == /\ Live(v) = <<>>
                      /\ Waiting(v) # <<>> /\ Head(Waiting(v)) = p
                      /\ Founding \/ v.history = <<>>
MayClaim(v, p, q)  == /\ Takeover /\ q = Responsible(v) /\ p # q /\ Duty(v)
                      /\ \/ p \in Elements(Live(v))
                         \/ p \in Elements(Waiting(v)) /\ Len(Live(v)) =< 1
MayHandOver(v, p)  == /\ Rotation /\ p = DesignatedCommitter(v)
                      /\ ~v.refresh /\ Len(Live(v)) > 1

Counts(v, e) ==
  CASE e.kind = "join"     -> IsInvited(e) /\ v.joinedAt[e.author] = 0
    [] e.kind = "leave"    -> v.joinedAt[e.author] # 0 /\ ~Gone(v, e.author)
    [] e.kind = "found"    -> IsCurrent(v, e) /\ IsWitnessed(v, e) /\ MayFound(v, e.author)
    [] e.kind = "commit"   -> /\ IsCurrent(v, e) /\ IsWitnessed(v, e)
                              /\ IsDesignated(v, e) /\ IsJustified(v, e) /\ e.parent = v.history
    [] e.kind = "handover" -> IsCurrent(v, e) /\ IsWitnessed(v, e) /\ MayHandOver(v, e.author)
    [] e.kind = "claim"    -> IsCurrent(v, e) /\ IsWitnessed(v, e) /\ MayClaim(v, e.author, e.accused)
    [] OTHER               -> FALSE

ToTheEnd(s, p) == Append(Without(s, {p}), p)

(* What entry e at position n makes of view v, if it counts.               *)
Apply(v, e, n) ==
  CASE e.kind = "join"  -> [v EXCEPT !.joinedAt[e.author] = n, !.arrivals = Append(@, e.author)]
    [] e.kind = "leave" -> [v EXCEPT !.leftAt[e.author] = n]
    [] e.kind = "found" -> [v EXCEPT !.roster = <<e.author>>, !.arrivals = Without(@, {e.author}),
                                     !.history = <<CommitId(e)>>, !.refresh = FALSE]
    [] e.kind = "commit" ->
         [v EXCEPT !.roster = Without(@, Elements(e.removes)) \o e.adds,
                   !.arrivals = Without(@, Elements(e.adds)),
                   !.history = Append(@, CommitId(e)), !.refresh = FALSE]
    [] e.kind = "handover" -> [v EXCEPT !.roster = ToTheEnd(@, e.author), !.refresh = TRUE]
    [] e.kind = "claim" ->
         IF e.author \in Elements(v.roster)
         THEN [v EXCEPT !.roster = ToTheEnd(@, e.accused)]
         ELSE [v EXCEPT !.leftAt[e.accused] = n]

Step(v, e, n) ==
  IF ~Counts(v, e) THEN v
  ELSE LET w == Apply(v, e, n) IN
       IF \/ w.history # v.history
          \/ DesignatedCommitter(w) # DesignatedCommitter(v)
          \/ e.kind \in {"handover", "claim"}
       THEN [w EXCEPT !.changedAt = n]
       ELSE w

ViewAt(s, n) ==
  LET fold[i \in 0..n] == IF i = 0 THEN EmptyView(s) ELSE Step(fold[i - 1], log[s][i], i)
  IN fold[n]
View(p) == ViewAt(Side(p), pos[p])

(* Whom participant p takes for the designated committer. Without the rule *)
(* PublicView it asks whom it has itself seen leave, as Orange Meets does. *)
BelievedCommitter(v, p) ==
  IF PublicView THEN DesignatedCommitter(v)
  ELSE LET alive == SelectSeq(v.roster, LAMBDA q : v.leftAt[q] =< v.joinedAt[p])
       IN IF alive = <<>> THEN Nobody ELSE Head(alive)

-----------------------------------------------------------------------------
Init ==
  /\ log = [s \in Sides |-> <<>>]
  /\ status = [p \in Participants |-> "outside"]
  /\ pos = [p \in Participants |-> 0]
  /\ mls = [p \in Participants |-> <<>>]
  /\ pending = [p \in Participants |-> <<>>]
  /\ outbox = [p \in Participants |-> <<>>]
  /\ faults = [gone |-> 0, claims |-> 0, handovers |-> 0, lost |-> 0, resent |-> 0]

InCall(p)  == status[p] \in {"waiting", "member"}
InLog(s, kind, p) == \E i \in 1..Len(log[s]) : log[s][i].kind = kind /\ log[s][i].author = p
Number(s)  == Cardinality({p \in Participants : status[p] = s})

(* A participant that ends keeps nothing: no key, no view, no position.    *)
End(p, how) ==
  /\ status' = [status EXCEPT ![p] = how]
  /\ pos' = [pos EXCEPT ![p] = 0]
  /\ mls' = [mls EXCEPT ![p] = <<>>]
  /\ pending' = [pending EXCEPT ![p] = <<>>]
  /\ outbox' = [outbox EXCEPT ![p] = <<>>]

(* What is sent on a connection that the service has closed gets nowhere.  *)
Send(p, entries) ==
  outbox' = [outbox EXCEPT ![p] = IF InLog(Side(p), "leave", p) THEN @ ELSE @ \o entries]

(* Entry e is shown to a side, or to several; an honest service has one.   *)
Show(e, to) == log' = [s \in Sides |-> IF s \in to THEN Append(log[s], e) ELSE log[s]]
WithSide(p) == {to \in SUBSET Sides : Side(p) \in to}

-----------------------------------------------------------------------------
(* The delivery service and the network.                                   *)

(* The service appends a join when p connects; p has read the log up to it *)
(* before it does anything that others could see. Who is not invited stays *)
(* outside: its join counts for nobody, itself included.                   *)
Join(p) ==
  /\ status[p] = "outside" /\ ~InLog(Side(p), "join", p)
  /\ \E to \in WithSide(p) : Show(JoinEntry(p), to)
  /\ IF IsInvited(JoinEntry(p))
     THEN /\ status' = [status EXCEPT ![p] = "waiting"]
          /\ pos' = [pos EXCEPT ![p] = Len(log[Side(p)]) + 1]
     ELSE UNCHANGED <<status, pos>>
  /\ UNCHANGED <<mls, pending, outbox, faults>>

AppendEntry(p) ==
  /\ outbox[p] # <<>>
  /\ \E to \in WithSide(p) : Show(Head(outbox[p]), to)
  /\ outbox' = [outbox EXCEPT ![p] = Tail(@)]
  /\ UNCHANGED <<status, pos, mls, pending, faults>>

(* The service declares p gone: its connection has been lost for the grace *)
(* time, or p said that it leaves. It may be wrong: p may be alive.        *)
DeclareGone(p) ==
  /\ InLog(Side(p), "join", p) /\ ~InLog(Side(p), "leave", p)
  /\ IF InCall(p)
     THEN /\ faults.gone < MaxGone
          /\ faults' = [faults EXCEPT !.gone = @ + 1]
          /\ outbox' = [outbox EXCEPT ![p] = <<>>]
     ELSE UNCHANGED <<faults, outbox>>
  /\ \E to \in WithSide(p) : Show(LeaveEntry(p), to)
  /\ UNCHANGED <<status, pos, mls, pending>>

(* The connection of p is lost, and with it what was under way; p stays in *)
(* the call, and resumes where it had read. What the service has appended  *)
(* and p not read back is not lost, but p cannot know.                     *)
Lose(p) ==
  /\ faults.lost < MaxLost
  /\ InCall(p)
  /\ outbox[p] # <<>> \/ pending[p] # <<>>
  /\ outbox' = [outbox EXCEPT ![p] = <<>>]
  /\ faults' = [faults EXCEPT !.lost = @ + 1]
  /\ UNCHANGED <<log, status, pos, mls, pending>>

-----------------------------------------------------------------------------
(* The participant. One that hangs takes no step; nothing says that it     *)
(* must.                                                                   *)

Draft(p, e) ==
  /\ pending' = [pending EXCEPT ![p] = <<e>>]
  /\ UNCHANGED <<log, status, pos>>

(* The first waiting participant starts a group of its own.                *)
Found(p) ==
  /\ status[p] = "waiting" /\ pending[p] = <<>>
  /\ MayFound(View(p), p)
  /\ LET e == FoundEntry(p, pos[p]) IN
     /\ Draft(p, e)
     /\ Send(p, <<e>>)
     /\ mls' = IF Ordered THEN mls ELSE [mls EXCEPT ![p] = <<CommitId(e)>>]
  /\ UNCHANGED faults

(* The designated committer admits who waits and evicts who departed.      *)
Commit(p) ==
  /\ status[p] = "member" /\ pending[p] = <<>>
  /\ BelievedCommitter(View(p), p) = p
  /\ Duty(View(p))
  /\ LET e == CommitEntry(p, pos[p], mls[p], AddsAt(View(p), pos[p]), RemovesAt(View(p), pos[p]))
     IN /\ Draft(p, e)
        /\ Send(p, IF Atomic \/ e.adds = <<>> THEN <<e>> ELSE <<WelcomeEntry(e), e>>)
        /\ mls' = IF Ordered THEN mls ELSE [mls EXCEPT ![p] = Append(@, CommitId(e))]
  /\ UNCHANGED faults

(* The designated committer passes the role on, so that every member's     *)
(* keys are refreshed in turn.                                             *)
HandOver(p) ==
  /\ faults.handovers < MaxHandovers
  /\ status[p] = "member" /\ pending[p] = <<>>
  /\ MayHandOver(View(p), p)
  /\ LET e == HandoverEntry(p, pos[p]) IN Draft(p, e) /\ Send(p, <<e>>)
  /\ faults' = [faults EXCEPT !.handovers = @ + 1]
  /\ UNCHANGED mls

(* Who is to take the next step is silent, or p believes so.               *)
DraftClaim(p) ==
  /\ InCall(p) /\ pending[p] = <<>>
  /\ LET q == Responsible(View(p)) IN
     /\ MayClaim(View(p), p, q)
     /\ LET e == ClaimEntry(p, pos[p], q) IN Draft(p, e) /\ Send(p, <<e>>)
  /\ UNCHANGED mls

Claim(p) ==
  /\ faults.claims < MaxClaims
  /\ DraftClaim(p)
  /\ faults' = [faults EXCEPT !.claims = @ + 1]

(* p sends its draft again after a connection was lost, once for each that *)
(* was; here it may be another's. The log may then hold the draft twice.   *)
(* An entry counts once at most: when it has counted, the epoch or the     *)
(* role has changed, and its second copy is not current. Not modelled      *)
(* where a Welcome travels by itself.                                      *)
Resend(p) ==
  /\ Atomic
  /\ faults.resent < faults.lost
  /\ InCall(p) /\ pending[p] # <<>>
  /\ Send(p, pending[p])
  /\ faults' = [faults EXCEPT !.resent = @ + 1]
  /\ UNCHANGED <<log, status, pos, mls, pending>>

(* What entry e, which counts, does to the MLS group of p: its new history, *)
(* or "stuck" where MLS refuses.                                           *)
Stuck == <<"stuck">>
Processed(p, e) ==
  CASE e.author = p ->
         IF pending[p] # <<e>> THEN Stuck
         ELSE IF Ordered THEN Append(mls[p], CommitId(e)) ELSE mls[p]
    [] e.kind = "found" -> mls[p]
    [] e.author # p /\ p \in Elements(e.adds) ->
         IF mls[p] \in {<<>>, Append(e.parent, CommitId(e))}
         THEN Append(e.parent, CommitId(e)) ELSE Stuck
    [] status[p] = "member" ->
         IF p \in Elements(e.removes) THEN mls[p]
         ELSE IF mls[p] = e.parent THEN Append(mls[p], CommitId(e)) ELSE Stuck
    [] OTHER -> mls[p]

(* p reads the next entry of the log.                                      *)
Read(p) ==
  /\ InCall(p) /\ pos[p] < Len(log[Side(p)])
  /\ LET n == pos[p] + 1
         e == log[Side(p)][n]
         v == View(p)
         w == Step(v, e, n)
         moves == w.history # v.history     \* the group moves to another epoch
         m == IF moves THEN Processed(p, e)
              ELSE IF e.kind = "welcome" /\ p \in Elements(e.adds) /\ mls[p] = <<>> /\ pending[p] = <<>>
              THEN Append(e.parent, CommitId(e))
              ELSE mls[p]
     IN IF Fresh /\ Gone(w, p)
        THEN End(p, "evicted")
        ELSE IF m = Stuck
        THEN End(p, "dead")
        ELSE /\ pos' = [pos EXCEPT ![p] = n]
             /\ mls' = [mls EXCEPT ![p] = m]
             /\ status' = [status EXCEPT ![p] =
                  IF p \in Elements(w.roster) \/ (e.kind = "welcome" /\ m # <<>>) THEN "member" ELSE @]
             /\ pending' = [pending EXCEPT ![p] =
                  IF w.changedAt = n \/ @ = <<e>> THEN <<>> ELSE @]
             /\ UNCHANGED outbox
  /\ UNCHANGED <<log, faults>>

Leave(p) ==
  /\ InCall(p)
  /\ Number("left") < MaxLeaves
  /\ End(p, "left")
  /\ UNCHANGED <<log, faults>>

Crash(p) ==
  /\ InCall(p)
  /\ Number("crashed") < MaxCrashes
  /\ End(p, "crashed")
  /\ UNCHANGED <<log, faults>>

Next ==
  \/ \E p \in Participants : Join(p)
  \/ \E p \in Participants : AppendEntry(p)
  \/ \E p \in Participants : DeclareGone(p)
  \/ \E p \in Participants : Lose(p)
  \/ \E p \in Participants : Found(p)
  \/ \E p \in Participants : Commit(p)
  \/ \E p \in Participants : HandOver(p)
  \/ \E p \in Participants : Claim(p)
  \/ \E p \in Participants : Resend(p)
  \/ \E p \in Participants : Read(p)
  \/ \E p \in Participants : Leave(p)
  \/ \E p \in Participants : Crash(p)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* What must hold.                                                         *)

TypeOK ==
  /\ DOMAIN log = Sides
  /\ \A s \in Sides : \A i \in 1..Len(log[s]) : log[s][i].author \in Participants
  /\ status \in [Participants -> {"outside", "waiting", "member", "left", "evicted", "dead", "crashed"}]
  /\ \A p \in Participants :
       /\ pos[p] \in 0..Len(log[Side(p)])
       /\ \A i \in 1..Len(mls[p]) : mls[p][i] \in Participants \X (0..Len(log[Side(p)]))
       /\ Len(pending[p]) =< 1
       /\ \A i \in 1..Len(outbox[p]) : outbox[p][i].author = p
  /\ faults \in [gone : 0..MaxGone, claims : 0..MaxClaims, handovers : 0..MaxHandovers,
                 lost : 0..MaxLost, resent : 0..MaxLost]

(* Two members of one founding have histories of which one continues the   *)
(* other: the group never forks.                                           *)
NoFork ==
  \A p, q \in Participants :
    (mls[p] # <<>> /\ mls[q] # <<>> /\ mls[p][1] = mls[q][1])
      => IsPrefix(mls[p], mls[q]) \/ IsPrefix(mls[q], mls[p])

(* A member's MLS group is where its view says.                            *)
MlsIsView ==
  \A p \in Participants : status[p] = "member" => mls[p] = View(p).history

(* No honest participant is ever left with a commit that it cannot apply.  *)
NobodyStuck == \A p \in Participants : status[p] # "dead"

(* Whoever is a member is in the roster, and the other way round.          *)
MemberIsInRoster ==
  \A p \in Participants : InCall(p) =>
    (status[p] = "member" <=> p \in Elements(View(p).roster))
=============================================================================
