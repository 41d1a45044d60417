------------------------------- MODULE Spacing -------------------------------
(***************************************************************************)
(* Why claims are spaced. A claim moves the designated committer to the    *)
(* end of the seniority, and what it has under way then counts for         *)
(* nothing. Who claims sooner than a commit can arrive prevents them all.  *)
(*                                                                         *)
(* One epoch only, with something to do, and members whose claims all      *)
(* count. Time passes in ticks. Nobody knows how long a commit takes       *)
(* (Delay): so the silence that a claim needs starts from T and is doubled *)
(* for each claim of the epoch, as `spacing' of src/protocol/takeover.ts   *)
(* says; and it is the service that holds a claim back until then, because *)
(* a dishonest member would not.                                           *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
  Seniority,  \* the members, the most senior first
  Hung,       \* those of them who do nothing
  Dishonest,  \* those who never commit, and claim as soon as they can
  Delay,      \* ticks from the beginning of an honest member's term to its commit
  T,          \* ticks of silence before a first claim
  Doublings,  \* how often T is doubled at most
  Doubled,    \* whether it is at all
  HeldBack    \* whether the service holds claims back, those of the dishonest too

(* A configuration cannot say a sequence: Seniority <- OfTwo.              *)
OfTwo  == <<"p1", "p2">>
OfFour == <<"p1", "p2", "p3", "p4">>

VARIABLES
  roster,     \* the members, by seniority
  silence,    \* ticks since the term of the designated committer began
  claims,     \* claims of this epoch, as far as they are counted
  committed,  \* the epoch is over
  act         \* the step that led here, for who reads a trace

spacingVars == <<roster, silence, claims, committed, act>>

Members == {Seniority[i] : i \in 1..Len(Seniority)}
Honest  == Members \ (Hung \cup Dishonest)
Longest == T * 2^Doublings

(* Where this is not so, nothing is promised.                              *)
ASSUME Honest # {} /\ Delay < Longest

DesignatedCommitter == Head(roster)
Needed == IF Doubled THEN T * 2^claims ELSE T

Init ==
  /\ roster = Seniority /\ silence = 0 /\ claims = 0 /\ committed = FALSE
  /\ act = [name |-> "Init"]

(* The commit of an honest member arrives before the tick after Delay.     *)
Commit ==
  /\ ~committed /\ DesignatedCommitter \in Honest /\ silence = Delay
  /\ committed' = TRUE
  /\ act' = [name |-> "Commit", participant |-> DesignatedCommitter]
  /\ UNCHANGED <<roster, silence, claims>>

Tick ==
  /\ ~committed /\ silence < Longest
  /\ DesignatedCommitter \in Honest => silence < Delay
  /\ silence' = silence + 1
  /\ act' = [name |-> "Tick"]
  /\ UNCHANGED <<roster, claims, committed>>

Claim(p) ==
  /\ ~committed /\ p # DesignatedCommitter /\ p \notin Hung
  /\ (p \in Dishonest /\ ~HeldBack) \/ silence >= Needed
  /\ roster' = Append(Tail(roster), Head(roster))
  /\ silence' = 0
  /\ claims' = IF claims < Doublings THEN claims + 1 ELSE claims
  /\ act' = [name |-> "Claim", participant |-> p]
  /\ UNCHANGED committed

Next == Tick \/ Commit \/ \E p \in Members : Claim(p)

Steps == Init /\ [][Next]_spacingVars

(* Time passes.                                                            *)
FairTick   == WF_spacingVars(Tick)
(* What an honest member sends arrives.                                    *)
FairCommit == WF_spacingVars(Commit)
(* An honest member's timer.                                               *)
FairClaim  == WF_spacingVars(\E p \in Honest : Claim(p))

SpacingSpec   == Steps /\ FairTick /\ FairCommit /\ FairClaim
WithoutTick   == Steps /\ FairCommit /\ FairClaim
WithoutCommit == Steps /\ FairTick /\ FairClaim
WithoutClaim  == Steps /\ FairTick /\ FairCommit

-----------------------------------------------------------------------------
SpacingTypeOK ==
  /\ Len(roster) = Len(Seniority) /\ {roster[i] : i \in 1..Len(roster)} = Members
  /\ silence \in 0..Longest /\ claims \in 0..Doublings /\ committed \in BOOLEAN

(* Somebody commits: nobody is deposed for ever.                           *)
EpochEnds == <>committed
=============================================================================
