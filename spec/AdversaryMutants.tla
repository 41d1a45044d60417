-------------------------- MODULE AdversaryMutants --------------------------
(* Are the invariants of Adversary.tla able to fail? A config puts one of  *)
(* the operators of Mutants.tla, or the one below, in the place of the     *)
(* right one, with all rules on. The other invariants fail where a rule is *)
(* off: see models/ablations.                                              *)
EXTENDS Adversary, Mutants

(* Wrong: removes the most junior member. Right: who has departed.         *)
RemovesTheMostJunior(v, n) ==
  IF Len(v.roster) > 1 THEN <<v.roster[Len(v.roster)]>> ELSE <<>>
=============================================================================
