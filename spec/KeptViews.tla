----------------------------- MODULE KeptViews -----------------------------
(* The protocol with the view at each position of the log kept beside the  *)
(* log, so that it is computed once: TLC runs twice as fast. `views' says  *)
(* nothing that the log does not say, so the states are the same. A config *)
(* puts KeptViewAt in the place of ViewAt.                                 *)
EXTENDS DesignatedCommitter

VARIABLE views   \* views[s][n + 1] is the view of side s at position n

KeptViewAt(s, n) == views[s][n + 1]

KeepsViews ==
  views' = [s \in Sides |->
    LET n == Len(log[s]) IN
    IF Len(log'[s]) = n THEN views[s]
    ELSE Append(views[s], Step(views[s][n + 1], log'[s][n + 1], n + 1))]

(* All of `views', from the log alone.                                     *)
AllViews ==
  [s \in Sides |->
    LET fold[i \in 0..Len(log[s])] ==
          IF i = 0 THEN EmptyView(s) ELSE Step(fold[i - 1], log[s][i], i)
    IN [n \in 1..Len(log[s]) + 1 |-> fold[n - 1]]]

KeptInit == Init /\ views = [s \in Sides |-> <<EmptyView(s)>>]
KeptNext == Next /\ KeepsViews
KeptSpec == KeptInit /\ [][KeptNext]_<<vars, views>>
=============================================================================
