----------------------------- MODULE WrongStates -----------------------------
(* Is each part of an invariant able to fail? Every state below is a sound *)
(* one, wrong in one place: the invariant that it names must refuse it.    *)
(* No behaviour leads there; the spec's mutants are shown to this model,   *)
(* so that a part that is dropped from an invariant is seen.               *)
EXTENDS DesignatedCommitter, TLC

CONSTANTS p1, p2, p3

VARIABLE refusedBy   \* the name of the invariant, or "none"

(* p1 founded and let p2 in; p3 has just come.                             *)
Founding1 == FoundEntry(p1, 1)
Admits2   == CommitEntry(p1, 3, <<CommitId(Founding1)>>, <<p2>>, <<>>)
Epoch2    == <<CommitId(Founding1), CommitId(Admits2)>>
Sound ==
  [ log     |-> [s \in {1} |-> <<JoinEntry(p1), Founding1, JoinEntry(p2), Admits2, JoinEntry(p3)>>],
    status  |-> (p1 :> "member" @@ p2 :> "member" @@ p3 :> "waiting"),
    pos     |-> (p1 :> 4 @@ p2 :> 5 @@ p3 :> 5),
    mls     |-> (p1 :> Epoch2 @@ p2 :> Epoch2 @@ p3 :> <<>>),
    pending |-> (p1 :> <<HandoverEntry(p1, 4)>> @@ p2 :> <<>> @@ p3 :> <<>>),
    outbox  |-> (p1 :> <<HandoverEntry(p1, 4)>> @@ p2 :> <<>> @@ p3 :> <<>>),
    faults  |-> [gone |-> 0, claims |-> 0, handovers |-> 1, lost |-> 0, resent |-> 0] ]

Stranger == "stranger"

IllTyped ==
  { [Sound EXCEPT !.log = @ @@ (2 :> <<>>)],
    [Sound EXCEPT !.log[1] = Append(@, LeaveEntry(Stranger))],
    [Sound EXCEPT !.status[p3] = "asleep"],
    [Sound EXCEPT !.pos[p3] = 6],
    [Sound EXCEPT !.mls[p1] = Append(@, <<Stranger, 4>>)],
    [Sound EXCEPT !.mls[p1] = Append(@, <<p1, 6>>)],
    [Sound EXCEPT !.pending[p1] = @ \o @],
    [Sound EXCEPT !.outbox[p2] = Sound.outbox[p1]],
    [Sound EXCEPT !.faults.gone = MaxGone + 1],
    [Sound EXCEPT !.faults.claims = MaxClaims + 1],
    [Sound EXCEPT !.faults.handovers = MaxHandovers + 1],
    [Sound EXCEPT !.faults.lost = MaxLost + 1],
    [Sound EXCEPT !.faults.resent = MaxLost + 1] }

Wrong ==
  [ none             |-> {Sound},
    TypeOK           |-> IllTyped,
    NoFork           |-> {[Sound EXCEPT !.mls[p2] = <<CommitId(Founding1), <<p2, 3>>>>]},
    MlsIsView        |-> {[Sound EXCEPT !.mls[p2] = <<CommitId(Founding1)>>]},
    NobodyStuck      |-> {[Sound EXCEPT !.status[p3] = "dead"]},
    MemberIsInRoster |-> {[Sound EXCEPT !.status[p2] = "waiting"],
                          [Sound EXCEPT !.status[p3] = "member"]} ]

WrongInit ==
  /\ refusedBy \in DOMAIN Wrong
  /\ \E state \in Wrong[refusedBy] :
       /\ log = state.log /\ status = state.status /\ pos = state.pos /\ mls = state.mls
       /\ pending = state.pending /\ outbox = state.outbox /\ faults = state.faults

WrongSpec == WrongInit /\ [][FALSE]_<<vars, refusedBy>>

IsRefused ==
  CASE refusedBy = "none"             -> TypeOK /\ NoFork /\ MlsIsView /\ NobodyStuck /\ MemberIsInRoster
    [] refusedBy = "TypeOK"           -> ~TypeOK
    [] refusedBy = "NoFork"           -> TypeOK /\ ~NoFork
    [] refusedBy = "MlsIsView"        -> TypeOK /\ NoFork /\ ~MlsIsView
    [] refusedBy = "NobodyStuck"      -> TypeOK /\ ~NobodyStuck
    [] refusedBy = "MemberIsInRoster" -> TypeOK /\ ~MemberIsInRoster
=============================================================================
