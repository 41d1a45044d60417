------------------------------ MODULE Secrecy ------------------------------
(***************************************************************************)
(* Who knows which epoch's secret. The protocol of DesignatedCommitter,    *)
(* with what each of its actions does to keys (RFC 9420) beside it:        *)
(* which secrets a commit draws and to which keys it encrypts them, what a *)
(* participant holds and when it erases it.                                *)
(*                                                                         *)
(* Nothing here says that a member knows its epoch or that a stranger does *)
(* not. Both follow: `Knows(S)' is all that can be derived from the        *)
(* secrets S together with all that was ever sent, by decrypting and by    *)
(* the key schedule, again and again until nothing new comes. Encryption   *)
(* is perfect: without the key a ciphertext says nothing.                  *)
(*                                                                         *)
(* The adversary is passive: it hears everything, also what never counts,  *)
(* and `Compromise(p)' gives it a copy of all that p holds at that moment. *)
(*                                                                         *)
(* Read it in this order: secrets, what is sent, what follows from what    *)
(* (`Given', `Knows'), what a participant holds (`Keeps'), and what must   *)
(* hold. The rules Atomic and Ordered are taken to be on.                  *)
(***************************************************************************)
EXTENDS MC, TLC

CONSTANTS
  (* What this is about. Each can be switched off, to show what happens.   *)
  PathOnRemove,   \* a commit that removes has a path
  OwnPath,        \* the first commit after a handover has a path
  OwnLeaf,        \* a path renews its author's own leaf key
  FreshPath,      \* every draft draws new secrets, also after one that was discarded
  EnteredOnly,    \* a Welcome gives the epoch that is entered and none before it
  EraseInit,      \* the init key is erased when its Welcome has been opened
  KeptEpochs,     \* how many epochs before its current one a member does not erase: 0
  (* The fault.                                                            *)
  MaxCompromises  \* how often the adversary copies what a participant holds

VARIABLES
  sent,     \* what became public of each founding and commit that was ever drafted
  held,     \* the secrets that each participant holds
  kept,     \* all secrets that it ever held: what a dishonest one still has
  copies    \* what the adversary has copied, and when

secrets == <<sent, held, kept, copies>>

-----------------------------------------------------------------------------
(* Secrets. `of' says which; 0 stands for the participant's key package.   *)

InitKey(p)       == [is |-> "init key", of |-> <<<<p, 0>>>>]
LeafKey(p, n)    == [is |-> "leaf key", of |-> <<<<p, n>>>>]    \* drawn by p at position n
PathSecret(p, n) == [is |-> "path secret", of |-> <<<<p, n>>>>]
(* All secrets of the epoch that history h leads to: a Welcome's joiner    *)
(* secret gives them, the exporter's keys and the next init secret come of *)
(* them (RFC 9420 section 8).                                              *)
EpochSecret(h)   == [is |-> "epoch", of |-> h]

-----------------------------------------------------------------------------
(* What is sent. An epoch is a history, and sent[h] is what its last entry *)
(* made public when it was drafted, whether or not it ever counts. `tree'  *)
(* is the public part of the ratchet tree: the members, each with the      *)
(* position at which its leaf key was drawn. A path's secret is encrypted  *)
(* to the leaf of every member that stays, its author excepted. RFC 9420   *)
(* encrypts to inner nodes of the tree where it can. Their keys are held   *)
(* by members below only, and a path renews all those above its author:    *)
(* who can read it, and what a commit makes worthless, is the same.        *)

Epochs       == DOMAIN sent
Parent(h)    == SubSeq(h, 1, Len(h) - 1)
Last(h)      == h[Len(h)]     \* author and position of the entry that leads to h
Author(h)    == Last(h)[1]
MembersOf(h) == DOMAIN sent[h].tree

(* The epoch that p's draft e leads to.                                    *)
Target(e)    == IF e.kind = "found" THEN <<CommitId(e)>> ELSE Append(e.parent, CommitId(e))

(* At which position the secrets of p's draft e are drawn. Without the     *)
(* rule FreshPath a draft takes those of p's earlier draft in its epoch.   *)
DrawnAt(p, e) ==
  LET before == {h \in Epochs : Author(h) = p /\ Parent(h) = e.parent /\ sent[h].path}
  IN IF FreshPath \/ before = {} THEN e.at ELSE sent[CHOOSE h \in before : TRUE].drawn

(* What p's draft e makes public. A founding draws a leaf key and an epoch *)
(* secret, and nothing is encrypted to anybody.                            *)
Published(p, e) ==
  IF e.kind = "found"
  THEN [path |-> FALSE, refresh |-> FALSE, drawn |-> e.at, adds |-> {}, tree |-> p :> e.at]
  ELSE LET before  == sent[e.parent].tree
           adds    == Elements(e.adds)
           refresh == View(p).refresh
           path    == (e.removes # <<>> /\ PathOnRemove) \/ (refresh /\ OwnPath)
           drawn   == DrawnAt(p, e)
       IN [path |-> path, refresh |-> refresh, drawn |-> drawn, adds |-> adds,
           tree |-> [q \in (DOMAIN before \ Elements(e.removes)) \cup adds |->
             IF q \in adds THEN 0
             ELSE IF q = p /\ path /\ OwnLeaf THEN drawn ELSE before[q]]]

(* Whether the entry that leads to h renews the keys of its author.        *)
Renews(h) == sent[h].path \/ Len(h) = 1

-----------------------------------------------------------------------------
(* What follows from what, once the entry that leads to h is sent: whoever *)
(* has all secrets of `from' has `gives'.                                  *)
Given(from, gives) == [from |-> from, gives |-> gives]

Readers(h) == MembersOf(h) \ (sent[h].adds \cup {Author(h)})

FollowsFrom(h) ==
  LET s == sent[h]
      secret == PathSecret(Author(h), s.drawn)
      entered == IF EnteredOnly THEN {h} ELSE {h, Parent(h)}
  IN IF Len(h) = 1 THEN {}
     ELSE (* the key schedule                                              *)
          {Given({EpochSecret(Parent(h))} \cup (IF s.path THEN {secret} ELSE {}),
                 EpochSecret(h))}
          (* the path                                                      *)
          \cup (IF s.path THEN {Given({LeafKey(q, s.tree[q])}, secret) : q \in Readers(h)}
                ELSE {})
          (* the Welcome                                                   *)
          \cup {Given({InitKey(x[1])}, EpochSecret(x[2])) : x \in s.adds \X entered}

RECURSIVE Closure(_, _)
Closure(S, rules) ==
  LET new == {r.gives : r \in {x \in rules : x.from \subseteq S}} \ S
  IN IF new = {} THEN S ELSE Closure(S \cup new, rules)

Rules    == UNION {FollowsFrom(h) : h \in Epochs}
Knows(S) == Closure(S, Rules)

-----------------------------------------------------------------------------
(* What a participant holds.                                               *)

(* What p draws itself: with its key package, and with its draft.          *)
KeyPackageKeys(p) == {InitKey(p), LeafKey(p, 0)}
IsOfGroup(e) == e.kind \in {"found", "commit"}
DraftKeys(p) ==
  UNION {{EpochSecret(h)} \cup (IF ~Renews(h) THEN {} ELSE
           {PathSecret(p, sent[h].drawn), LeafKey(p, sent[h].drawn)})
         : h \in {Target(e) : e \in {d \in Elements(pending[p]) : IsOfGroup(d)}}}

(* What p does not erase, if it has it: of its group the current epoch and *)
(* its own leaf key, and the keys of its draft until that is discarded. It *)
(* has merged what mls[p] says.                                            *)
Keeps(p) ==
  LET h == mls[p]
      old == {SubSeq(h, 1, i) : i \in {j \in 1..Len(h) : j + KeptEpochs >= Len(h)}}
  IN IF ~InCall(p) THEN {}
     ELSE DraftKeys(p) \cup
          (IF h = <<>> THEN KeyPackageKeys(p)
           ELSE {EpochSecret(g) : g \in old} \cup {LeafKey(p, sent[h].tree[p])}
                \cup (IF EraseInit THEN {} ELSE {InitKey(p)}))

(* What an action of p does to keys: p draws its own, derives what it can, *)
(* and erases the rest.                                                    *)
KeepsKeys(p) ==
  /\ sent' = IF pending[p] = <<>> /\ pending'[p] # <<>> /\ IsOfGroup(pending'[p][1])
             THEN sent @@ (Target(pending'[p][1]) :> Published(p, pending'[p][1]))
             ELSE sent
  /\ IF <<mls[p], pending[p], status[p]>>' = <<mls[p], pending[p], status[p]>>
     THEN UNCHANGED <<held, kept>>
     ELSE LET own == IF status[p] = "outside" THEN KeyPackageKeys(p)
                     ELSE IF pending[p] = <<>> THEN DraftKeys(p)' ELSE {}
              has == Keeps(p)' \cap Closure(held[p] \cup own, Rules')
          IN held' = [held EXCEPT ![p] = has] /\ kept' = [kept EXCEPT ![p] = @ \cup has]
  /\ UNCHANGED copies

(* The adversary copies what p holds. With the copy stands when that was.  *)
Compromise(p) ==
  /\ InCall(p) /\ Cardinality(copies) < MaxCompromises
  /\ copies' = copies \cup
       {[who |-> p, secrets |-> held[p], epoch |-> mls[p], drafted |-> {Last(h) : h \in Epochs},
         handovers |-> faults.handovers]}
  /\ Acts("Compromise", p)
  /\ UNCHANGED <<vars, views, sent, held, kept>>

SecrecyAction(p) ==
  \/ TracedAction(p) /\ KeepsViews /\ KeepsKeys(p)
  \/ Compromise(p)

SecrecyInit ==
  /\ TracedInit
  /\ sent = [h \in {} |-> {}] /\ copies = {}
  /\ held = [p \in Participants |-> {}] /\ kept = held
SecrecyNext == \E p \in Participants : SecrecyAction(p)

secrecyVars == <<vars, views, act, secrets>>
SecrecyView == <<vars, secrets>>
SecrecySpec == SecrecyInit /\ [][SecrecyNext]_secrecyVars

-----------------------------------------------------------------------------
(* What must hold.                                                         *)

(* Not a rule but a check of this module: every member derives the secret  *)
(* of its epoch, and the tree's members are the roster of its view.        *)
MembersKnow ==
  \A p \in Participants : status[p] = "member" =>
    /\ EpochSecret(mls[p]) \in held[p]
    /\ MembersOf(mls[p]) = Elements(View(p).roster)

(* What all of P know who pool whatever they ever held.                    *)
Pool(P) == Knows(UNION {kept[p] : p \in P})

(* No epoch h is known to the participants P(h), even if they are          *)
(* dishonest and pool what they have. An epoch is also what a draft that   *)
(* never counted would have led to.                                        *)
Ignorant(P(_)) ==
  \A Q \in {P(h) : h \in Epochs} \ {{}} : LET known == Pool(Q) IN
    \A h \in Epochs : P(h) = Q => EpochSecret(h) \notin known

Strangers(h) == Participants \ MembersOf(h)
Removed(h)   == {p \in Strangers(h) : \E i \in 1..Len(h) : p \in MembersOf(SubSeq(h, 1, i))}
Joiners(h)   == {p \in Strangers(h) : \E g \in Epochs : IsPrefix(h, g) /\ p \in MembersOf(g)}

RosterOnly             == Ignorant(Strangers)
RemovedKnowNoneLater   == Ignorant(Removed)
JoinersKnowNoneEarlier == Ignorant(Joiners)

(* The epochs that lead to where a participant is. Others are of drafts.   *)
Entered == {h \in Epochs : \E p \in Participants : IsPrefix(h, mls[p])}

(* What the adversary knows from copies C.                                 *)
Adversary(C) == Knows(UNION {c.secrets : c \in C})

(* Epoch h is the one of the copy or a later one in which its owner is.    *)
Reaches(c, h) == IsPrefix(c.epoch, h) /\ c.who \in MembersOf(h)

(* On the way to h there is a commit with a path, or founding, that the    *)
(* copy's owner has drafted since.                                         *)
Renewed(c, h) ==
  \E i \in 1..Len(h) : h[i][1] = c.who /\ Renews(SubSeq(h, 1, i)) /\ h[i] \notin c.drafted

(* A copy reveals no epoch before the one that its owner was in.           *)
ForwardSecrecy ==
  LET known == Adversary(copies)
  IN \A h \in Epochs : EpochSecret(h) \in known => \E c \in copies : Reaches(c, h)

(* The same but for the epochs that are kept.                              *)
WindowOnly ==
  LET known == Adversary(copies)
  IN \A h \in Epochs : EpochSecret(h) \in known =>
       \E c \in copies : \/ Reaches(c, h)
                         \/ IsPrefix(h, c.epoch) /\ Len(h) >= Len(c.epoch) - KeptEpochs

(* Once everybody who was copied has committed with a path of its own, the *)
(* adversary, which only listens, knows no epoch from there on.            *)
Healed ==
  LET known == Adversary(copies)
  IN copies # {} => \A h \in Epochs :
       (\A c \in copies : Renewed(c, h)) => EpochSecret(h) \notin known

(* And not before: until then it knows each epoch that was entered.        *)
NotHealedBefore ==
  \A c \in copies : LET known == Adversary({c}) IN
    \A h \in Entered : Reaches(c, h) /\ ~Renewed(c, h) => EpochSecret(h) \in known

(* In one round of rotation, that is after as many handovers, each with    *)
(* its commit, as there were members meanwhile, the copy is worthless.     *)
(* Counted are commits that were drafted since, from where its owner is a  *)
(* member.                                                                 *)
HealedWithinOneRound ==
  \A c \in copies : LET known == Adversary({c}) IN
    \A h \in {g \in Epochs : Reaches(c, g)} :
      LET way   == {g \in {SubSeq(h, 1, i) : i \in 1..Len(h)} : Reaches(c, g)}
          turns == {g \in way : sent[g].refresh /\ Last(g) \notin c.drafted}
      IN Cardinality(turns) >= Cardinality(UNION {MembersOf(g) : g \in way})
           => EpochSecret(h) \notin known

-----------------------------------------------------------------------------
(* What must happen: a copy that is taken when a whole round of handovers  *)
(* is still to come is worthless in the end, or its owner has gone. All    *)
(* that service and participants owe is fair, and so are handovers; and    *)
(* everybody comes, for who is alone can hand over to nobody.              *)
AllOwed         == {"Join", "AppendEntry", "Found", "Commit", "HandOver", "Read"}
OwedOf(p, what) == TracedAction(p) /\ act'.name \in what
Owed(p)         == OwedOf(p, AllOwed)
FairSpec == SecrecySpec /\ \A p \in Participants : WF_vars(Owed(p))

InTime(c)    == c.handovers + Cardinality(Participants) =< MaxHandovers
LockedOut(p) == \/ ~InCall(p)
                \/ mls[p] # <<>> /\ EpochSecret(mls[p]) \notin Adversary(copies)

RotationHeals ==
  \A p \in Participants : (\E c \in copies : c.who = p /\ InTime(c)) ~> LockedOut(p)

(* The same of those only who follow another's commits when copied.        *)
FollowersHeal ==
  \A p \in Participants :
    (\E c \in copies : c.who = p /\ InTime(c) /\ c.epoch # <<>> /\ Author(c.epoch) # p)
      ~> LockedOut(p)

(* A config puts one of these in the place of Owed, to show that each is   *)
(* needed.                                                                 *)
JoinNotOwed(p)     == OwedOf(p, AllOwed \ {"Join"})
AppendNotOwed(p)   == OwedOf(p, AllOwed \ {"AppendEntry"})
FoundNotOwed(p)    == OwedOf(p, AllOwed \ {"Found"})
CommitNotOwed(p)   == OwedOf(p, AllOwed \ {"Commit"})
HandOverNotOwed(p) == OwedOf(p, AllOwed \ {"HandOver"})
ReadNotOwed(p)     == OwedOf(p, AllOwed \ {"Read"})

-----------------------------------------------------------------------------
(* Witnesses: none of these is meant to hold. What TLC finds instead is a  *)
(* behaviour worth looking at.                                             *)

(* A copy tells an epoch that was drafted after it, and then heals: its    *)
(* owner has committed, all members follow, the adversary cannot.          *)
NeverHealed ==
  LET known == Adversary(copies) IN
  ~ \E c \in copies : LET h == mls[c.who] IN
      /\ h # <<>> /\ EpochSecret(h) \notin known
      /\ \A p \in MembersOf(h) : mls[p] = h
      /\ \E i \in 1..Len(h) : EpochSecret(SubSeq(h, 1, i)) \in known /\ h[i] \notin c.drafted

(* A commit with a path that was already drafted when its author was       *)
(* copied counts later, and heals nothing: its keys were copied as well.   *)
NeverCopiedDraft ==
  LET known == Adversary(copies) IN
  ~ \E c \in copies : LET h == mls[c.who] IN
      /\ h # <<>> /\ EpochSecret(h) \in known
      /\ \E i \in (Len(c.epoch) + 1)..Len(h) :
           h[i][1] = c.who /\ sent[SubSeq(h, 1, i)].path /\ h[i] \in c.drafted

(* Who was removed knows the epoch in which a member still sends that has  *)
(* not read the commit.                                                    *)
NeverReadsOn ==
  ~ \E p, q \in Participants :
      LET v == ViewAt(Side(q), Len(log[Side(q)])) IN
      /\ status[q] = "member" /\ mls[q] # v.history /\ IsPrefix(mls[q], v.history)
      /\ p \in MembersOf(mls[q]) /\ p \notin Elements(v.roster)
      /\ EpochSecret(mls[q]) \in Knows(kept[p])

(* A mutation, to show that what must hold can fail: no path is read.      *)
NoReaders(h) == {}
=============================================================================
