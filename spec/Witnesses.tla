------------------------------ MODULE Witnesses ------------------------------
(* Good behaviours, each shown to be possible: a model in which nothing    *)
(* happens holds too. A config has one of the invariants below, each of    *)
(* which says that something good never happens, and TLC answers with a    *)
(* shortest behaviour in which it does. That is expected, and no fault.    *)
(*                                                                         *)
(* What has happened is told from the log: an entry that counted has       *)
(* changed the view.                                                       *)
EXTENDS Smaller

Entries      == log[1]
Positions    == 1..Len(Entries)
Before(i)    == ViewAt(1, i - 1)
Counted(i)   == Before(i) # ViewAt(1, i)
Of(kind)     == {i \in Positions : Entries[i].kind = kind /\ Counted(i)}
Author(i)    == Entries[i].author
Adds(i)      == Elements(Entries[i].adds)
Removes(i)   == Elements(Entries[i].removes)

(* p has read all of the log, is a member, and its MLS group is where the  *)
(* log says.                                                               *)
IsIn(p) ==
  /\ status[p] = "member" /\ pos[p] = Len(Entries)
  /\ p \in Elements(View(p).roster) /\ mls[p] = View(p).history
AllAreIn == \A p \in Participants : InCall(p) => IsIn(p)

-----------------------------------------------------------------------------
(* Two arrive before there is a group, and end up in one.                  *)
NeverOneGroup ==
  ~ \E i \in Of("found") :
      /\ Len(Waiting(Before(i))) > 1
      /\ Cardinality({p \in Participants : IsIn(p)}) > 1

(* One commit admits two who wait.                                         *)
NeverBatch == ~ (AllAreIn /\ \E i \in Of("commit") : Cardinality(Adds(i)) > 1)

(* The designated committer crashes. Its successor evicts it and admits    *)
(* somebody who waits.                                                     *)
NeverSuccession ==
  ~ \E i \in Of("commit") :
      /\ \E p \in Removes(i) : status[p] = "crashed" /\ p = Head(Before(i).roster)
      /\ Adds(i) # {} /\ IsIn(Author(i)) /\ AllAreIn

(* The designated committer lives and does not admit who waits. Another    *)
(* member claims the role and does; the old one goes on as a member.       *)
NeverTakeover ==
  ~ \E i \in Of("claim"), j \in Of("commit") :
      /\ i < j /\ Author(j) = Author(i) /\ Author(i) \in Elements(Before(i).roster)
      /\ Adds(j) # {} /\ IsIn(Entries[i].accused) /\ AllAreIn

(* A commit is still under way when its author loses the role to a claim.  *)
(* It counts for nothing, its author discards it, and all go on.           *)
NeverLateCommit ==
  ~ \E i \in Of("claim"), j \in Positions, k \in Of("commit") :
      /\ Entries[j].kind = "commit" /\ ~Counted(j)
      /\ Author(j) = Entries[i].accused /\ Entries[j].at < i /\ i < j
      /\ i < k /\ Author(k) = Author(i)
      /\ IsIn(Author(j)) /\ AllAreIn

(* The only member hangs, and has not even read that somebody waits. Who   *)
(* waits claims, and founds anew.                                          *)
NeverWaitingClaim ==
  ~ \E i \in Of("claim"), j \in Of("found") :
      /\ i < j /\ Author(j) = Author(i) /\ IsIn(Author(j))
      /\ LET p == Entries[i].accused IN
         status[p] = "member" /\ pos[p] < View(Author(i)).joinedAt[Author(i)]

(* The first who waits founds no group. The next claims, and founds one;   *)
(* the first finds out that it is taken for gone.                          *)
NeverFounderClaimed ==
  ~ \E i \in Of("claim"), j \in Of("found") :
      /\ i < j /\ Author(j) = Author(i) /\ IsIn(Author(j))
      /\ Before(i).roster = <<>>
      /\ status[Entries[i].accused] = "evicted"

(* All members leave while somebody waits, who then founds a group anew.   *)
NeverRefounding ==
  ~ \E j \in Of("found") :
      LET v == Before(j) IN
      /\ Len(v.roster) > 1
      /\ \A p \in Elements(v.roster) : v.leftAt[p] > v.joinedAt[Author(j)]
      /\ IsIn(Author(j))

(* The role goes round: every member has once been the designated          *)
(* committer and has made a commit with a path, which refreshes its keys.  *)
NeverHealing ==
  ~ /\ AllAreIn
    /\ Cardinality({p \in Participants : IsIn(p)}) > 1
    /\ \A p \in Participants : IsIn(p) => \E i \in Of("commit") : Author(i) = p /\ Before(i).refresh

(* A member is declared gone while it lives. It finds out, joins anew      *)
(* under another id, and is admitted while its old self is removed.        *)
NeverReturn ==
  ~ \E i \in Of("commit") :
      \E old \in Removes(i), new \in Adds(i) :
        /\ status[old] = "evicted"
        /\ Before(i).joinedAt[new] > Before(i).leftAt[old]
        /\ IsIn(new) /\ AllAreIn

(* A connection is lost and the commit under way on it is sent again,      *)
(* though the service had it already. It is in the log twice and counts    *)
(* once.                                                                   *)
NeverResent ==
  ~ \E i \in Of("commit"), j \in Positions :
      i < j /\ Entries[i] = Entries[j] /\ ~Counted(j) /\ Adds(i) # {} /\ AllAreIn

(* The protocol in which no other connections are lost than those with a   *)
(* commit under way.                                                       *)
LosesCommits ==
  act'.name = "Lose" =>
    LET p == act'.participant IN pending[p] # <<>> /\ Head(pending[p]).kind = "commit"
LosesCommitsSpec == TracedInit /\ [][TracedNext /\ LosesCommits]_<<vars, views, act>>

(* Somebody leaves after the commit that adds it was drafted. It is added, *)
(* has departed at once, and a later commit removes it.                    *)
NeverAddedAfterLeaving ==
  ~ \E i, j \in Of("commit") :
      \E p \in Adds(i) \cap Removes(j) :
        LET left == Before(i).leftAt[p] IN
        Entries[i].at < left /\ left < i /\ status[p] = "left" /\ AllAreIn
=============================================================================
