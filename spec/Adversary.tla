----------------------------- MODULE Adversary -----------------------------
(***************************************************************************)
(* The protocol among dishonest participants, over a dishonest service.    *)
(*                                                                         *)
(* Honest participants do what DesignatedCommitter.tla says. A dishonest   *)
(* one follows no rule: it has no state of its own here, only what it has  *)
(* put into the log. It reads every log, has an entry appended whenever it *)
(* likes, and the service helps it. What it cannot do is what the          *)
(* signatures rule out: an entry names its author, the position that it    *)
(* was drafted on, and the hash of the log up to there, and nobody signs   *)
(* for somebody else. A service that adds somebody of its own to the call  *)
(* is a dishonest participant that was not invited.                        *)
(*                                                                         *)
(* Read it in this order: what is overridden, what the dishonest           *)
(* participant may do, what the service may do, what must hold. Each       *)
(* misdeed is an action of its own, so that TLC counts how often it is     *)
(* taken; `takes' in models.json names those that a model must take.       *)
(*                                                                         *)
(* A config overrides three operators of the protocol: ViewAt (see         *)
(* KeptViews.tla), CommitId and IsWitnessed.                               *)
(***************************************************************************)
EXTENDS MC, TLC

CONSTANTS
  Dishonest,     \* participants that follow no rule; all the uninvited are among them
  MaxLies,       \* entries of theirs that no honest participant would have drafted
  MaxTampering   \* entries that the service repeats, keeps back, or takes to the other side

VARIABLE frauds  \* how often each of these has happened

ASSUME Dishonest \subseteq Participants /\ Uninvited \subseteq Dishonest

Honest == Participants \ Dishonest

(* The states that are distinct: `views' follows from the log, and `act'   *)
(* only says which action it was.                                          *)
AdversaryView == <<vars, frauds>>

(* Who is honest is alike; a config with SYMMETRY looks at one of each set *)
(* of states that differ by names only.                                    *)
Alike == {f \in Permutations(Honest) : \A p \in Honest : Side(f[p]) = Side(p)}

EndView(s) == ViewAt(s, Len(log[s]))
Joined(s, p) == EndView(s).joinedAt[p] # 0
SomeSides == SUBSET Sides \ {{}}

(* Dishonest authors draft on any log (`on'), and more than one commit at  *)
(* one position: `lie' tells them apart, 0 is what an honest one would     *)
(* have drafted. In the code the id is a hash.                             *)
CommitIdOfAny(e) ==
  IF e.author \in Dishonest THEN <<e.author, e.at, e.on, e.lie>> ELSE <<e.author, e.at>>

(* Whether two logs are the same up to position n, which both have.        *)
SameLog(s, t, n) ==
  \/ s = t
  \/ n =< Len(log[s]) /\ n =< Len(log[t]) /\ SubSeq(log[s], 1, n) = SubSeq(log[t], 1, n)

DraftedOn(e) == IF e.author \in Dishonest THEN e.on ELSE Side(e.author)

IsWitnessedOnAny(v, e) == Witnessed => SameLog(DraftedOn(e), v.side, e.at)

(* How each action ends: with its name, and with the views kept.           *)
Acted(name, p) == Acts(name, p) /\ KeepsViews

-----------------------------------------------------------------------------
(* The dishonest participant. What it has appended is in the log at once:  *)
(* as it may say that it drafted at any earlier position, time on the way  *)
(* would show nothing more.                                                *)

ByDishonest == UNCHANGED <<status, pos, mls, pending, outbox, faults>>

JoinsAsItLikes(p) ==
  /\ \E to \in SomeSides :
       /\ \A s \in to : ~InLog(s, "join", p)
       /\ Show(JoinEntry(p), to)
  /\ ByDishonest
  /\ UNCHANGED frauds

Enter(p) == p \in Dishonest \ Uninvited /\ JoinsAsItLikes(p) /\ Acted("Enter", p)

(* The service makes somebody up, and appends its join; that it counts for *)
(* nothing is the rule Invited.                                            *)
ForgeJoin(p) == p \in Uninvited /\ JoinsAsItLikes(p) /\ Acted("ForgeJoin", p)

(* An entry that counts nowhere changes no view and only makes the log     *)
(* longer, so it is not tried, nor is a position that is not current. A    *)
(* config can put AnyEntry and AnyPosition in the places.                  *)
WhereCounts(e)         == {s \in Sides : Counts(EndView(s), e)}
IsTried(counts, to)    == counts \cap to # {}
AnyEntry(counts, to)   == TRUE
TriedFrom(v)           == IF Current THEN v.changedAt ELSE 0
AnyPosition(v)         == 0

(* Entry e, drafted on side `on', is in the log at once.                   *)
Tell(e, on, lie) ==
  LET x      == e @@ [on |-> on, lie |-> lie]
      counts == WhereCounts(x)
  IN \E to \in SomeSides : IsTried(counts, to) /\ Show(x, to)

(* It does what an honest participant would do, as long as it suits.       *)
Pretend(p) ==
  /\ p \in Dishonest
  /\ \E on \in Sides : Joined(on, p) /\
       LET v == EndView(on)
           n == Len(log[on])
       IN \/ MayFound(v, p) /\ Tell(FoundEntry(p, n), on, 0)
          \/ /\ DesignatedCommitter(v) = p /\ Duty(v)
             /\ Tell(CommitEntry(p, n, v.history, AddsAt(v, n), RemovesAt(v, n)), on, 0)
  /\ ByDishonest
  /\ UNCHANGED frauds
  /\ Acted("Pretend", p)

(* Whom a lie adds or removes: nobody, anybody, or who is due.             *)
NobodyOrAny == {<<>>} \cup {<<q>> : q \in Participants}

(* What it signs at position n of a log whose view is v. No other parent   *)
(* than the history of one of the logs ever counts, and a commit needs a   *)
(* group to be a commit of. What a founding, handover or claim does is the *)
(* same from each position; they are tried at the first, at the last, and  *)
(* at the first that is current.                                           *)
LiesAt(p, n, v, on) ==
  (IF n \in {0, v.changedAt, Len(log[on])}
   THEN {FoundEntry(p, n), HandoverEntry(p, n)} \cup {ClaimEntry(p, n, q) : q \in Participants}
   ELSE {})
  \cup {CommitEntry(p, n, h, adds, removes) :
          h \in {EndView(s).history : s \in Sides} \ {<<>>},
          adds \in NobodyOrAny \cup {AddsAt(v, n)},
          removes \in NobodyOrAny \cup {RemovesAt(v, n)}}

(* p, which has read log `on' with view v to its end, signs a lie of some  *)
(* kind. A lie may be of several kinds, and is of one at least.            *)
Lie(p, IsOfKind(_, _, _, _)) ==
  /\ p \in Dishonest /\ frauds.lies < MaxLies
  /\ \E on \in Sides : Joined(on, p) /\
       LET v == EndView(on) IN
       \E n \in TriedFrom(v)..Len(log[on]) : \E e \in LiesAt(p, n, v, on) :
         \E to \in SomeSides :
           /\ IsOfKind(v, e, on, to)
           /\ LET x == e @@ [on |-> on, lie |-> frauds.lies + 1]
              IN IsTried(WhereCounts(x), to) /\ Show(x, to)
  /\ frauds' = [frauds EXCEPT !.lies = @ + 1]
  /\ ByDishonest

IsFoundOutOfTurn(v, e, on, to)    == e.kind = "found" /\ ~MayFound(v, e.author)
IsCommitOutOfTurn(v, e, on, to)   == e.kind = "commit" /\ e.author # DesignatedCommitter(v)
IsHandOverOutOfTurn(v, e, on, to) == e.kind = "handover" /\ ~MayHandOver(v, e.author)
(* Whom it accuses has done nothing wrong: who does is another model's.    *)
IsClaimWithoutCause(v, e, on, to) == e.kind = "claim"
(* It adds who did not wait, or else removes who had not left.             *)
AddsWaiting(v, e) == Elements(e.adds) \subseteq Elements(WaitingAt(v, e.at))
IsGhostAdded(v, e, on, to)  == e.kind = "commit" /\ ~AddsWaiting(v, e)
IsLiveRemoved(v, e, on, to) ==
  /\ e.kind = "commit" /\ AddsWaiting(v, e)
  /\ ~(Elements(e.removes) \subseteq Elements(DepartedAt(v, e.at)))
(* It does not add, or remove, somebody who is due.                        *)
IsSomebodyLeftOut(v, e, on, to) ==
  /\ e.kind = "commit"
  /\ ~(Elements(AddsAt(v, e.at)) \subseteq Elements(e.adds) /\
       Elements(RemovesAt(v, e.at)) \subseteq Elements(e.removes))
(* It says that it drafted before it had read the log to its end,          *)
IsDatedBack(v, e, on, to)         == e.at < Len(log[on])
(* or it did so on another log than the one on which the entry is shown.   *)
IsOfAnotherLog(v, e, on, to)      == on \notin to
(* What an honest one might have signed, a second time at one position.    *)
IsSignedTwice(v, e, on, to) ==
  /\ e.at = Len(log[on]) /\ on \in to
  /\ \/ e.kind = "found" /\ MayFound(v, e.author)
     \/ e.kind = "handover" /\ MayHandOver(v, e.author)
     \/ /\ e.kind = "commit" /\ e.author = DesignatedCommitter(v)
        /\ e.adds = AddsAt(v, e.at) /\ e.removes = RemovesAt(v, e.at)

FoundOutOfTurn(p)    == Lie(p, IsFoundOutOfTurn)    /\ Acted("FoundOutOfTurn", p)
CommitOutOfTurn(p)   == Lie(p, IsCommitOutOfTurn)   /\ Acted("CommitOutOfTurn", p)
HandOverOutOfTurn(p) == Lie(p, IsHandOverOutOfTurn) /\ Acted("HandOverOutOfTurn", p)
ClaimWithoutCause(p) == Lie(p, IsClaimWithoutCause) /\ Acted("ClaimWithoutCause", p)
AddGhost(p)          == Lie(p, IsGhostAdded)        /\ Acted("AddGhost", p)
RemoveLive(p)        == Lie(p, IsLiveRemoved)       /\ Acted("RemoveLive", p)
LeaveOut(p)          == Lie(p, IsSomebodyLeftOut)   /\ Acted("LeaveOut", p)
DateBack(p)          == Lie(p, IsDatedBack)         /\ Acted("DateBack", p)
DraftElsewhere(p)    == Lie(p, IsOfAnotherLog)      /\ Acted("DraftElsewhere", p)
SignTwice(p)         == Lie(p, IsSignedTwice)       /\ Acted("SignTwice", p)

(* A dishonest participant goes when it likes.                             *)
Go(p) ==
  /\ p \in Dishonest
  /\ \E to \in SomeSides :
       /\ \A s \in to : Joined(s, p) /\ ~InLog(s, "leave", p)
       /\ Show(LeaveEntry(p), to)
  /\ UNCHANGED <<status, pos, mls, pending, outbox, faults, frauds>>
  /\ Acted("Go", p)

(* The payload of a dishonest author's commit that counts does not do for  *)
(* p what its header says; for others it may. (`Read' is the other case.)  *)
ReadBadPayload(p) ==
  /\ p \in Honest /\ InCall(p) /\ pos[p] < Len(log[Side(p)])
  /\ LET n == pos[p] + 1
         e == log[Side(p)][n]
         w == ViewAt(Side(p), n)
     IN /\ e.kind = "commit" /\ e.author \in Dishonest
        /\ w.history # View(p).history
        /\ ~(Fresh /\ Gone(w, p))
        /\ status[p] = "member" \/ p \in Elements(e.adds)
        /\ p \notin Elements(e.removes)
  /\ End(p, "dead")
  /\ UNCHANGED <<log, faults, frauds>>
  /\ Acted("ReadBadPayload", p)

-----------------------------------------------------------------------------
(* The service. Some of what it may do is in the protocol already: to show *)
(* an entry to the sides that it likes (`Show'), to append it late or      *)
(* never, and to declare gone who is alive. Such a step has both names.    *)

(* It appends what p sent when the log has moved on since p drafted it.    *)
Delay(p) ==
  /\ p \in Honest /\ outbox[p] # <<>>
  /\ Head(outbox[p]).at < Len(log[Side(p)])
  /\ AppendEntry(p)
  /\ UNCHANGED frauds
  /\ Acted("Delay", p)

(* It shows to some what it does not show to the others.                   *)
ShowToSome(p) ==
  /\ p \in Honest
  /\ Join(p) \/ AppendEntry(p) \/ DeclareGone(p)
  /\ \E s \in Sides : log'[s] = log[s]
  /\ UNCHANGED frauds
  /\ Acted("ShowToSome", p)

(* It declares gone who is alive, ...                                      *)
ForgeLeave(p) ==
  /\ p \in Honest /\ InCall(p)
  /\ DeclareGone(p)
  /\ UNCHANGED frauds
  /\ Acted("ForgeLeave", p)

(* ... or says so on another side than its own only.                       *)
ForgeLeaveElsewhere(p) ==
  /\ p \in Honest
  /\ \E to \in SomeSides :
       /\ Side(p) \notin to
       /\ \A s \in to : Joined(s, p) /\ ~InLog(s, "leave", p)
       /\ Show(LeaveEntry(p), to)
  /\ faults' = IF InCall(p) THEN [faults EXCEPT !.gone = @ + 1] ELSE faults
  /\ faults'.gone =< MaxGone
  /\ UNCHANGED <<status, pos, mls, pending, outbox, frauds>>
  /\ Acted("ForgeLeaveElsewhere", p)

Tampers == frauds.tampering < MaxTampering /\ frauds' = [frauds EXCEPT !.tampering = @ + 1]

IsIn(e, s) == e \in Elements(log[s])

(* It appends again what was appended; q is the author.                    *)
Duplicate(q) ==
  /\ Tampers
  /\ \E e \in UNION {Elements(log[s]) : s \in Sides} : \E to \in SomeSides :
       /\ e.author = q
       /\ \E s \in to : IsIn(e, s)
       /\ Show(e, to)
  /\ ByDishonest
  /\ Acted("Duplicate", q)

(* It appends on one log what is on the other only.                        *)
Replay(q) ==
  /\ Tampers
  /\ \E e \in UNION {Elements(log[s]) : s \in Sides} : \E to \in SomeSides :
       /\ e.author = q
       /\ \A s \in to : ~IsIn(e, s)
       /\ Show(e, to)
  /\ ByDishonest
  /\ Acted("Replay", q)

(* What p sent first is not appended:                                      *)
Withheld(p) ==
  /\ p \in Honest /\ outbox[p] # <<>>
  /\ Tampers
  /\ outbox' = [outbox EXCEPT ![p] = Tail(@)]
  /\ UNCHANGED <<status, pos, mls, pending, faults>>

(* it is dropped,                                                          *)
Drop(p) == Withheld(p) /\ UNCHANGED log /\ Acted("Drop", p)

(* or shown to another side than p's only,                                 *)
ShowElsewhere(p) ==
  /\ Withheld(p)
  /\ \E to \in SUBSET (Sides \ {Side(p)}) \ {{}} : Show(Head(outbox[p]), to)
  /\ Acted("ShowElsewhere", p)

(* or it appears under another name: it does not verify, and counts for    *)
(* nothing, whatever it was.                                               *)
VoidEntry(p) == [kind |-> "void", author |-> p]
RewriteAuthor(p) ==
  /\ Withheld(p)
  /\ \E to \in SomeSides : Show(VoidEntry(p), to)
  /\ Acted("RewriteAuthor", p)

(* It appends what p sent second before what p sent first.                 *)
Reorder(p) ==
  /\ p \in Honest /\ Len(outbox[p]) > 1 /\ outbox[p][1] # outbox[p][2]
  /\ Tampers
  /\ \E to \in WithSide(p) : Show(outbox[p][2], to)
  /\ outbox' = [outbox EXCEPT ![p] = <<@[1]>> \o SubSeq(@, 3, Len(@))]
  /\ UNCHANGED <<status, pos, mls, pending, faults>>
  /\ Acted("Reorder", p)

-----------------------------------------------------------------------------
AdversaryInit ==
  /\ TracedInit
  /\ frauds = [lies |-> 0, tampering |-> 0]

HonestAction(p) == p \in Honest /\ TracedAction(p) /\ UNCHANGED frauds /\ KeepsViews

MemberMisdeed(p) ==
  \/ FoundOutOfTurn(p) \/ CommitOutOfTurn(p) \/ HandOverOutOfTurn(p) \/ ClaimWithoutCause(p)
  \/ RemoveLive(p) \/ AddGhost(p) \/ LeaveOut(p) \/ SignTwice(p) \/ DateBack(p) \/ DraftElsewhere(p)
  \/ ReadBadPayload(p)

ServiceMisdeed(p) ==
  \/ ForgeJoin(p) \/ ForgeLeave(p) \/ ForgeLeaveElsewhere(p)
  \/ Duplicate(p) \/ Replay(p) \/ Drop(p) \/ Reorder(p) \/ RewriteAuthor(p)
  \/ Delay(p) \/ ShowToSome(p) \/ ShowElsewhere(p)

AdversaryNext ==
  \E p \in Participants :
    HonestAction(p) \/ Enter(p) \/ Pretend(p) \/ Go(p) \/ MemberMisdeed(p) \/ ServiceMisdeed(p)

AdversarySpec == AdversaryInit /\ [][AdversaryNext]_<<vars, views, act, frauds>>

(* Two logs are many states. A config may leave out what is shown to a     *)
(* side where it counts for nothing, unless its author is honest and that  *)
(* side its own: it would only make that log longer.                       *)
OnlyWhatCounts ==
  \A s \in Sides :
    LET n == Len(log'[s]) IN
    (n > Len(log[s]) /\ ~(log'[s][n].author \in Honest /\ Side(log'[s][n].author) = s))
      => views'[s][n + 1] # views'[s][n]

-----------------------------------------------------------------------------
(* What must hold for the honest. MlsIsView and MemberIsInRoster are those *)
(* of the protocol: a dishonest participant is never `member'.             *)

(* The last entry of each log is looked at: each was the last once.        *)
Last(s)   == log[s][Len(log[s])]
Before(s) == ViewAt(s, Len(log[s]) - 1)
LastCounts(s) == log[s] # <<>> /\ EndView(s) # Before(s)
LastKind(s, kind) == LastCounts(s) /\ Last(s).kind = kind
HasPosition(e) == e.kind \in {"found", "commit", "handover", "claim"}

AdversaryTypeOK ==
  /\ DOMAIN log = Sides
  /\ \A s \in Sides : \A i \in 1..Len(log[s]) :
       LET e == log[s][i] IN
       /\ e.author \in Participants
       /\ (e.author \in Dishonest /\ HasPosition(e)) => e.on \in Sides /\ e.lie \in 0..MaxLies
  /\ \A p \in Dishonest : status[p] = "outside" /\ mls[p] = <<>> /\ outbox[p] = <<>>
  /\ \A p \in Participants :
       /\ pos[p] \in 0..Len(log[Side(p)])
       /\ Len(pending[p]) =< 1
       /\ \A i \in 1..Len(outbox[p]) : outbox[p][i].author = p
  /\ frauds \in [lies : 0..MaxLies, tampering : 0..MaxTampering]

(* Among the honest participants of one side, as with an honest service.   *)
NoForkOnASide ==
  \A p, q \in Honest :
    (Side(p) = Side(q) /\ mls[p] # <<>> /\ mls[q] # <<>> /\ mls[p][1] = mls[q][1])
      => IsPrefix(mls[p], mls[q]) \/ IsPrefix(mls[q], mls[p])

(* An honest member's group has nobody who did not join or was not         *)
(* invited.                                                                *)
NoGhost ==
  \A p \in Honest : status[p] = "member" =>
    \A q \in Elements(View(p).roster) : View(p).joinedAt[q] # 0 /\ q \notin Uninvited

(* An honest member is in its roster until it has left.                    *)
IsThrownOut(p)  == status[p] = "member" /\ p \notin Elements(View(p).roster)
NobodyThrownOut == \A p \in Honest : ~IsThrownOut(p)

(* At least not by anybody but the designated committer.                   *)
FollowersThrowNobodyOut ==
  \A p \in Honest : IsThrownOut(p) =>
    LET before == ViewAt(Side(p), pos[p] - 1) IN
    p \in Elements(before.roster) => log[Side(p)][pos[p]].author = DesignatedCommitter(before)

(* Nobody is removed by another who had not left: by a leave in the log,   *)
(* or, if it was the only one live, by the claim of somebody waiting.      *)
RemovedHadLeft ==
  \A s \in Sides : LastCounts(s) =>
    \A p \in Elements(Before(s).roster) \ Elements(EndView(s).roster) :
      Gone(Before(s), p) \/ p = Last(s).author

(* A commit removes whoever had left when the epoch or the role last       *)
(* changed (as many as it can), and lets none of them in: no committer     *)
(* keeps somebody in the group who has left it.                            *)
HadLeft(v, p) == Gone(v, p) /\ v.leftAt[p] =< v.changedAt
NobodyLingers ==
  \A s \in Sides : LastKind(s, "commit") =>
    LET D == {p \in Elements(Before(s).roster) : HadLeft(Before(s), p)}
    IN Cardinality(D) =< BatchLimit => D \cap Elements(EndView(s).roster) = {}
NobodyReturns ==
  \A s \in Sides : LastKind(s, "commit") =>
    \A p \in Elements(EndView(s).roster) \ Elements(Before(s).roster) : ~HadLeft(Before(s), p)

(* No entry counts twice on one log.                                       *)
EntriesCountOnce ==
  \A s \in Sides : LastCounts(s) =>
    \A i \in 1..Len(log[s]) - 1 : log[s][i] = Last(s) => ViewAt(s, i) = ViewAt(s, i - 1)

(* Two honest members in one epoch have read the same log, up to the       *)
(* position that its last commit was drafted on.                           *)
SameEpochSameLog ==
  \A p, q \in Honest :
    (InCall(p) /\ InCall(q) /\ mls[p] # <<>> /\ mls[p] = mls[q])
      => SameLog(Side(p), Side(q), mls[p][Len(mls[p])][2])

(* Nothing that was drafted on one log after it parted from another counts *)
(* on the other.                                                           *)
BranchesNeverMerge ==
  \A s \in Sides : LastCounts(s) /\ HasPosition(Last(s)) =>
    SameLog(DraftedOn(Last(s)), s, Last(s).at)

(* Who ends whom, of honest participants that end as dead: only a commit   *)
(* of the designated committer ends a member, and only a dishonest         *)
(* participant's ends anybody.                                             *)
Dies(p) == InCall(p) /\ status'[p] = "dead"
OnlyCommitterEnds ==
  [][\A p \in Honest : Dies(p) /\ status[p] = "member" =>
       LET e == log[Side(p)][pos[p] + 1] IN
       e.kind = "commit" /\ e.author = DesignatedCommitter(View(p))]_<<vars, views, frauds>>
HonestCommitsApply ==
  [][\A p \in Honest : Dies(p) =>
       log[Side(p)][pos[p] + 1].author \in Dishonest]_<<vars, views, frauds>>

(* What may well happen: a config that looks for one expects it violated.  *)
(* An honest participant is dead, and another has founded anew.            *)
NeverAnew ==
  \A p, q \in Honest : ~(status[p] = "dead" /\ status[q] = "member" /\ mls[q][1][1] = q)

(* p was shown an entry of another log than its own, and can tell: a       *)
(* member even of the group that somebody else founded.                    *)
KnowsOfSplit(p) ==
  \E i \in 1..pos[p] :
    LET e == log[Side(p)][i] IN HasPosition(e) /\ ~SameLog(DraftedOn(e), Side(p), e.at)
NeverKnowsOfSplit ==
  \A p \in Honest : status[p] = "member" /\ mls[p][1][1] # p => ~KnowsOfSplit(p)
=============================================================================
