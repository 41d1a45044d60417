------------------------------ MODULE Liveness ------------------------------
(***************************************************************************)
(* What must happen in the end: who waits is admitted, who has left is     *)
(* evicted, a silent designated committer is replaced, and so on.          *)
(*                                                                         *)
(* The other modules say which steps may be taken; a behaviour in which    *)
(* nobody takes any is one of theirs. Here some steps are fair: one that   *)
(* stays possible is taken in the end. `Fair...' below says which, one     *)
(* condition for each kind of step, and who sees to it in a real call.     *)
(* Faults are never fair: nothing forces them, and each is limited.        *)
(*                                                                         *)
(* So every behaviour comes to rest, and TLC looks at where. That a        *)
(* property needs a condition is shown by `Without...', the spec without   *)
(* that one, where it must fail. `EnoughTo...' has only the conditions     *)
(* that a property needs, and there it must hold.                          *)
(*                                                                         *)
(* Read it in this order: who is awake, the steps, the fairness, and what  *)
(* must happen. The service is honest (OtherSide = {}).                    *)
(***************************************************************************)
EXTENDS KeptViews

CONSTANTS
  Begun,     \* how many are members already when the model begins; 0: the log is empty
  MaxHangs,  \* participants that hang: connected, and silent
  MayThaw    \* whether they may come back

VARIABLES
  hung,      \* who hangs
  hangs,     \* how often somebody has
  cut,       \* whose connection was lost under a draft that it has not sent again
  act        \* the step that led here, for who reads a trace

liveVars == <<vars, views, hung, hangs, cut, act>>

ASSUME OtherSide = {}

-----------------------------------------------------------------------------
(* What others cannot see, and a property may speak of.                    *)

Awake(p)   == InCall(p) /\ p \notin hung
Silent(p)  == ~Awake(p)
ReadAll(p) == pos[p] = Len(log[Side(p)])

(* All that follows from the log, whoever has read it.                     *)
LogView == ViewAt(1, Len(log[1]))

(* Participants differ by their names alone. They join in one order, in    *)
(* place of every order.                                                   *)
Nth ==
  CHOOSE order \in [1..Cardinality(Participants) -> Participants] :
    \A i, j \in DOMAIN order : order[i] = order[j] => i = j
InTurn(p) ==
  \A i \in DOMAIN Nth :
    (\E j \in DOMAIN Nth : i < j /\ Nth[j] = p) => InLog(1, "join", Nth[i])

-----------------------------------------------------------------------------
(* How it begins. A model that is not about the first steps of a call      *)
(* begins when the first `Begun' participants have joined, each was        *)
(* admitted by the first, and all have read it.                            *)

BegunHistory(k) == [i \in 1..k |-> <<Nth[1], 2 * i - 1>>]
BegunEntries(i) ==
  <<JoinEntry(Nth[i]),
    IF i = 1 THEN FoundEntry(Nth[1], 1)
    ELSE CommitEntry(Nth[1], 2 * i - 1, BegunHistory(i - 1), <<Nth[i]>>, <<>>)>>
BegunLog(k) ==
  LET joined[i \in 0..k] == IF i = 0 THEN <<>> ELSE joined[i - 1] \o BegunEntries(i)
  IN joined[k]
BegunMembers(k) == {Nth[i] : i \in 1..k}

BegunWith(k) ==
  /\ log = [s \in Sides |-> BegunLog(k)]
  /\ status = [p \in Participants |-> IF p \in BegunMembers(k) THEN "member" ELSE "outside"]
  /\ pos = [p \in Participants |-> IF p \in BegunMembers(k) THEN 2 * k ELSE 0]
  /\ mls = [p \in Participants |-> IF p \in BegunMembers(k) THEN BegunHistory(k) ELSE <<>>]
  /\ pending = [p \in Participants |-> <<>>]
  /\ outbox = [p \in Participants |-> <<>>]
  /\ faults = [gone |-> 0, claims |-> 0, handovers |-> 0, lost |-> 0, resent |-> 0]

LiveInit ==
  /\ BegunWith(Begun)
  /\ views = AllViews
  /\ hung = {} /\ hangs = 0 /\ cut = {}
  /\ act = [name |-> "Init"]

-----------------------------------------------------------------------------
(* The steps: those of the protocol, by their names there, and hanging.    *)

(* What `act' holds. A config that keeps no trace puts Unnamed in place of *)
(* Named: fewer states, and the same behaviours.                           *)
Named(name, p)   == [name |-> name, participant |-> p]
Unnamed(name, p) == [name |-> "Init"]

(* Step A of the protocol, by p. One that hangs takes none of its own: its *)
(* steps ask for Awake(p). Who ends hangs no more; who has nothing pending *)
(* has nothing to send again.                                              *)
Takes(p, name, A) ==
  /\ act' = Named(name, p)
  /\ A
  /\ KeepsViews
  /\ hung' = {q \in hung : status'[q] \in {"waiting", "member"}}
  /\ cut' = {q \in IF name = "Lose" THEN cut \cup {p}
                   ELSE IF name = "Resend" THEN cut \ {p}
                   ELSE cut : pending'[q] # <<>>}
  /\ UNCHANGED hangs

(* Each sends its own draft again, not another's.                          *)
SendAgain(p) == p \in cut /\ Awake(p) /\ Resend(p)

(* The service declares gone who has gone, or makes a mistake.             *)
DeclareLeft(p)  == ~InCall(p) /\ DeclareGone(p)
DeclareAlive(p) == InCall(p) /\ DeclareGone(p)

(* A claim is just if who is to take the next step is silent, for so long  *)
(* that who claims may conclude it: T is longer than any message takes, so *)
(* that by then nothing is under way and who claims has read all. Such     *)
(* claims are not limited. All others are: MaxClaims.                      *)
JustClaim(p) ==
  /\ Awake(p) /\ ReadAll(p)
  /\ \A q \in Participants : outbox[q] = <<>>
  /\ Responsible(View(p)) # Nobody
  /\ Silent(Responsible(View(p)))
  /\ DraftClaim(p)
  /\ UNCHANGED faults
FalseClaim(p) == Awake(p) /\ Claim(p)

(* A frozen tab, or a worker in an endless loop, whose connection          *)
(* something else keeps up; or one that only pretends to be alive. The     *)
(* service may notice and declare it gone (it pings the worker); here it   *)
(* never does, and nothing depends on it.                                  *)
Hang(p) ==
  /\ Awake(p) /\ hangs < MaxHangs
  /\ hung' = hung \cup {p} /\ hangs' = hangs + 1
  /\ act' = Named("Hang", p)
  /\ UNCHANGED <<vars, views, cut>>

Thaw(p) ==
  /\ MayThaw /\ p \in hung
  /\ hung' = hung \ {p}
  /\ act' = Named("Thaw", p)
  /\ UNCHANGED <<vars, views, hangs, cut>>

LiveNext ==
  \E p \in Participants :
    \/ Takes(p, "Join", InTurn(p) /\ Join(p))
    \/ Takes(p, "AppendEntry", AppendEntry(p))
    \/ Takes(p, "DeclareGone", DeclareLeft(p))
    \/ Takes(p, "DeclareGone", DeclareAlive(p))
    \/ Takes(p, "Lose", Lose(p))
    \/ Takes(p, "Found", Awake(p) /\ Found(p))
    \/ Takes(p, "Commit", Awake(p) /\ Commit(p))
    \/ Takes(p, "HandOver", Awake(p) /\ HandOver(p))
    \/ Takes(p, "Claim", JustClaim(p))
    \/ Takes(p, "Claim", FalseClaim(p))
    \/ Takes(p, "Resend", SendAgain(p))
    \/ Takes(p, "Read", Awake(p) /\ Read(p))
    \/ Takes(p, "Leave", Awake(p) /\ Leave(p))
    \/ Takes(p, "Crash", Crash(p))
    \/ Hang(p)
    \/ Thaw(p)

LiveSteps == LiveInit /\ [][LiveNext]_liveVars

-----------------------------------------------------------------------------
(* Fairness. Weak everywhere: what stays possible is done in the end. Of   *)
(* one that hangs nothing is asked: its steps are not possible. Nothing is *)
(* asked for joining, leaving, handing over: nobody must.                  *)

(* TCP delivers what was sent, and the service appends what it receives.   *)
FairAppendEntry == \A p \in Participants : WF_vars(AppendEntry(p))
(* The service: a closed connection is a leave, and a lost one is after    *)
(* the grace time.                                                         *)
FairDeclareGone == \A p \in Participants : WF_vars(DeclareLeft(p))
(* The participant: it asks its machine after each entry that it has read, *)
(* and drafts at once what is allowed.                                     *)
FairFound       == \A p \in Participants : WF_vars(Awake(p) /\ Found(p))
FairCommit      == \A p \in Participants : WF_vars(Awake(p) /\ Commit(p))
(* TCP and the service: who has joined is sent each entry of the log, and  *)
(* after a lost connection from where it was.                              *)
FairRead        == \A p \in Participants : WF_vars(Awake(p) /\ Read(p))
(* The participant's timer of the rule Takeover (T); and the service,      *)
(* which holds no claim back for ever.                                     *)
FairClaim       == \A p \in Participants : WF_vars(JustClaim(p))
(* The session: once it is connected again, it sends again what it has not *)
(* read back.                                                              *)
FairResend      == \A p \in Participants : WF_vars(SendAgain(p))

LiveSpec ==
  /\ LiveSteps
  /\ FairAppendEntry /\ FairDeclareGone /\ FairFound /\ FairCommit
  /\ FairRead /\ FairClaim /\ FairResend

WithoutAppendEntry == LiveSteps /\ FairDeclareGone /\ FairFound /\ FairCommit
                                /\ FairRead /\ FairClaim /\ FairResend
WithoutDeclareGone == LiveSteps /\ FairAppendEntry /\ FairFound /\ FairCommit
                                /\ FairRead /\ FairClaim /\ FairResend
WithoutFound       == LiveSteps /\ FairAppendEntry /\ FairDeclareGone /\ FairCommit
                                /\ FairRead /\ FairClaim /\ FairResend
WithoutCommit      == LiveSteps /\ FairAppendEntry /\ FairDeclareGone /\ FairFound
                                /\ FairRead /\ FairClaim /\ FairResend
WithoutRead        == LiveSteps /\ FairAppendEntry /\ FairDeclareGone /\ FairFound
                                /\ FairCommit /\ FairClaim /\ FairResend
WithoutClaim       == LiveSteps /\ FairAppendEntry /\ FairDeclareGone /\ FairFound
                                /\ FairCommit /\ FairRead /\ FairResend
WithoutResend      == LiveSteps /\ FairAppendEntry /\ FairDeclareGone /\ FairFound
                                /\ FairCommit /\ FairRead /\ FairClaim

EnoughToRead    == LiveSteps /\ FairRead
EnoughToReplace == EnoughToRead /\ FairAppendEntry /\ FairDeclareGone /\ FairClaim /\ FairResend
EnoughToRefresh == EnoughToRead /\ FairAppendEntry /\ FairCommit /\ FairClaim /\ FairResend
EnoughToEvict   == EnoughToRefresh /\ FairDeclareGone
EnoughToAdmit   == EnoughToEvict /\ FairFound   \* this is LiveSpec

-----------------------------------------------------------------------------
(* What must happen. `P ~> Q' says: whenever P, then Q at the same time or *)
(* later.                                                                  *)

(* The proviso. Of the live members who are really there, one responds; or *)
(* only one is left, or none, and one of those who wait responds, who then *)
(* founds anew. With two members, both hung, nobody may claim: such a call *)
(* is over until one of them thaws or goes.                                *)
Remain == {p \in Elements(Live(LogView)) : InCall(p)}
Responsive ==
  \/ \E p \in Remain : Awake(p)
  \/ Cardinality(Remain) =< 1 /\ \E p \in Elements(Waiting(LogView)) : Awake(p)

(* Who waits is admitted, unless it leaves, or is declared gone.           *)
Waits(p) == Awake(p) /\ status[p] = "waiting"
WaitingIsAdmitted ==
  \A p \in Participants :
    (Waits(p) /\ Responsive) ~> \/ status[p] \in {"member", "left", "crashed", "evicted"}
                                \/ p \in hung \/ ~Responsive

(* Who has left, or was declared gone, is evicted: it is in no roster that *)
(* a member who responds goes by.                                          *)
Departing(q) == ~InCall(q) \/ Gone(LogView, q)
IsKept(p, q) == Awake(p) /\ status[p] = "member" /\ Departing(q) /\ q \in Elements(View(p).roster)
DepartedIsEvicted ==
  \A p \in Participants : \A q \in Participants \ {p} : IsKept(p, q) ~> ~IsKept(p, q)

(* One that is to take the next step, and is silent, loses the role.       *)
Blocks(q) == q = Responsible(LogView) /\ Duty(LogView) /\ Silent(q)
SilentIsReplaced ==
  \A q \in Participants : (Blocks(q) /\ Responsive) ~> (~Blocks(q) \/ ~Responsive)

(* Once the role was handed over, a commit refreshes the keys.             *)
AwaitsRefresh(p) == Awake(p) /\ status[p] = "member" /\ View(p).refresh
RefreshIsCommitted ==
  \A p \in Participants : AwaitsRefresh(p) ~> ~AwaitsRefresh(p)

(* Everybody reads the log to its end.                                     *)
IsBehind(p) == Awake(p) /\ ~ReadAll(p)
EverybodyReads == \A p \in Participants : IsBehind(p) ~> ~IsBehind(p)

(* Who was declared gone while alive finds out.                            *)
IsCutOff(p) == Awake(p) /\ Gone(LogView, p)
CutOffFindsOut == \A p \in Participants : IsCutOff(p) ~> ~IsCutOff(p)

-----------------------------------------------------------------------------
(* That nothing of this holds for want of something to happen.             *)

(* Where nothing fair can happen any more, and only there may a behaviour  *)
(* end, everybody who responds is a member, has read all, has nothing      *)
(* pending and sees nothing left to do; or nobody can do anything.         *)
AtRest ==
  \A p \in Participants :
    ~ENABLED (\/ AppendEntry(p) \/ DeclareLeft(p) \/ JustClaim(p) \/ SendAgain(p)
              \/ Awake(p) /\ (Found(p) \/ Commit(p) \/ Read(p)))
RestIsDone ==
  AtRest => \/ ~Responsive
            \/ \A p \in Participants : Awake(p) =>
                 /\ status[p] = "member" /\ ReadAll(p) /\ pending[p] = <<>>
                 /\ ~Duty(View(p))

(* Each must be found violated: what the properties speak of does happen.  *)
NeverWaits         == \A p \in Participants : ~(Waits(p) /\ Responsive)
NeverIsKept        == \A p \in Participants : \A q \in Participants \ {p} : ~IsKept(p, q)
NeverBlocks        == \A p \in Participants : ~(Blocks(p) /\ Responsive)
NeverAwaitsRefresh == \A p \in Participants : ~AwaitsRefresh(p)
NeverIsBehind      == \A p \in Participants : ~IsBehind(p)
NeverIsCutOff      == \A p \in Participants : ~IsCutOff(p)
(* What a model begins with is reached from the empty log.                 *)
NeverBegun         == ~BegunWith(Cardinality(Participants))

-----------------------------------------------------------------------------
(* To take the place of MayClaim: with the rule Takeover as it would be if *)
(* only members could claim.                                               *)
OnlyMembersClaim(v, p, q) ==
  /\ Takeover /\ q = DesignatedCommitter(v) /\ p # q /\ Duty(v)
  /\ p \in Elements(Live(v))

(* The same, if only members could be accused.                             *)
OnlyMembersAreAccused(v, p, q) ==
  /\ Takeover /\ q = DesignatedCommitter(v) /\ p # q /\ Duty(v)
  /\ \/ p \in Elements(Live(v))
     \/ p \in Elements(Waiting(v)) /\ Len(Live(v)) = 1

(* Who waits is admitted, whoever hangs: too much to ask of more than two. *)
AnybodyIsAdmitted ==
  \A p \in Participants :
    Waits(p) ~> status[p] \in {"member", "left", "crashed", "evicted"} \/ p \in hung
=============================================================================
