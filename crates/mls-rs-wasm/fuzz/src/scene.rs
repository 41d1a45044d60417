//! The state that all inputs meet. `corpus.test.ts` makes the same state in
//! the wasm, from the same stream of random numbers: what is in the corpus is valid, or invalid by one thing only, there as well.
//!
//! Four members in epoch 2, the committer to come being the insider in leaf 1; somebody waits.

use crate::insider::{above, open_welcome, Insider};
use crate::loose::{member, Member};
use crate::random::seed_system;
use crate::seeds::{commit, Makes};
use crate::tree::{parse, Node};
use mls_rs::{ExtensionList, MlsMessage};
use mls_rs_codec::MlsEncode;
use mls_rs_wasm::identity::Id;
use mls_rs_wasm::key_package::{check, hash, suite};
use mls_rs_wasm::participant::{participant, Participant};
use mls_rs_wasm::rules::Expected;

pub const SEED: &[u8] = b"mls-rs-wasm corpus";
pub const NOW: u64 = 1_795_305_600;
pub const VICTIM: Id = [1; 16];
pub const INSIDER: Id = [2; 16];
pub const OTHER: Id = [3; 16];
const WAITING: Id = [4; 16];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Call {
    Check,
    Add,
    Process,
    Welcome,
}

impl Call {
    pub const ALL: [Call; 4] = [Call::Check, Call::Add, Call::Process, Call::Welcome];

    pub fn name(self) -> &'static str {
        ["check", "add", "process", "welcome"][self as usize]
    }
}

#[derive(Clone)]
pub struct Seed {
    pub call: Call,
    pub name: String,
    pub bytes: Vec<u8>,
    /// For `process`.
    pub expected: Expected,
    /// It is accepted as it is.
    pub genuine: bool,
}

pub struct Scene {
    /// A member, and a participant that waits.
    pub victim: Participant,
    pub joiner: Participant,
    pub insider: Insider,
    /// The same with a signature key that no member has: for key packages.
    pub forger: Insider,
    pub seeds: Vec<Seed>,
    /// Places in `seeds`: what must be accepted at any time.
    pub genuine: [usize; 2],
    /// GroupSecrets and GroupInfo of the genuine Welcome, and whom they are for.
    pub secrets: Node,
    pub info: Node,
    pub joiner_reference: Vec<u8>,
    pub joiner_init_key: Vec<u8>,
    /// Proposals of all kinds, as they stand in a commit.
    pub proposals: Vec<Node>,
}

fn add_of(key_package: &[u8]) -> (Id, [u8; 32]) {
    check(key_package).map_or(([0; 16], hash(key_package)), |it| (it.id, it.hash))
}

pub fn expect(adds: &[&[u8]], removes: &[Id], path: bool) -> Expected {
    Expected {
        committer: INSIDER,
        adds: adds.iter().map(|it| add_of(it)).collect(),
        removes: removes.to_vec(),
        path,
        authenticated_data: vec![],
    }
}

pub fn message(bytes: &[u8]) -> MlsMessage {
    MlsMessage::from_bytes(bytes).unwrap()
}

pub fn scene() -> Scene {
    seed_system(SEED);
    let mut victim = participant(VICTIM, NOW).unwrap();
    let insider = member(&INSIDER, NOW, ExtensionList::new());
    let other = participant(OTHER, NOW).unwrap();
    let joiner = participant(WAITING, NOW).unwrap();
    let helpers: Vec<Member> = [[5; 16], [6; 16], [7; 16]].iter().map(|id| member(id, NOW, ExtensionList::new())).collect();
    victim.found(b"corpus").unwrap();
    victim.merge().unwrap();
    let adds = [check(&insider.key_package).unwrap(), check(other.key_package()).unwrap()];
    let made = victim.commit(&adds, &[], false, &[]).unwrap();
    victim.merge().unwrap();
    let mut group = insider.join(&made.welcome);
    // The commit that makes epoch 2 adds one whose keys the insider holds: so it knows the secrets of that epoch.
    insider.options(true, false);
    let old = commit(&mut group, &[&helpers[0].key_package], &[]);
    group.apply_pending_commit().unwrap();
    victim.process(&old.0, expect(&[&helpers[0].key_package], &[], true)).unwrap();
    let (secrets, _) = open_welcome(&old.1, &helpers[0].reference, &helpers[0].keys, &helpers[0].init_key()).unwrap();
    let context = group.context().mls_encode_to_vec().unwrap();
    let mut makes = Makes { seeds: vec![], insider: &insider, group, other, joiner: joiner.clone(), helpers: &helpers };
    makes.key_packages();
    let (commit_at, welcome_at) = makes.justified();
    makes.unjustified();
    makes.other_content(&old.0);
    makes.welcomes();
    let seeds = makes.seeds;
    let welcome = &seeds[welcome_at].bytes;
    let (next_secrets, info) = open_welcome(welcome, &helpers[1].reference, &helpers[1].keys, &helpers[1].init_key()).unwrap();
    let waiting = message(joiner.key_package());
    let reference = waiting.key_package_reference(&suite().unwrap()).unwrap().unwrap().to_vec();
    let mut proposals: Vec<Node> =
        seeds.iter().filter(|it| it.call == Call::Process).filter_map(|it| parse(&it.bytes)).flat_map(|it| body(&it)).collect();
    for code in [[0xf0, 1], [0, 8], [0, 10], [0, 0]] {
        proposals.push(Node::Seq(vec![Node::Raw(vec![1]), Node::Raw(code.to_vec()), Node::opaque(b"custom")]));
    }
    proposals.push(Node::Seq(vec![Node::Raw(vec![2]), Node::opaque(&[9; 32])]));
    let knows = |it: &Member| Insider {
        signer: it.signer.clone(),
        public: it.public.clone(),
        leaf: 1,
        group_id: b"corpus".to_vec(),
        membership_key: Insider::membership_key(&secrets, &context),
        context: context.clone(),
    };
    Scene {
        victim,
        joiner,
        insider: knows(&insider),
        forger: knows(&helpers[2]),
        seeds,
        genuine: [commit_at, welcome_at],
        secrets: above(&next_secrets),
        info,
        joiner_reference: reference,
        joiner_init_key: waiting.into_key_package().unwrap().hpke_init_key.to_vec(),
        proposals,
    }
}

/// The proposals of a commit, or of a proposal message, as they would stand in a commit.
fn body(message: &Node) -> Vec<Node> {
    let Some(content) = message.items().get(1).map(Node::items).filter(|it| it.len() == 6) else { return vec![] };
    match &content[4] {
        Node::Raw(kind) if kind == &[3] => content[5].items()[0].items().to_vec(),
        Node::Raw(kind) if kind == &[2] => vec![Node::Seq(vec![Node::Raw(vec![1]), content[5].clone()])],
        _ => vec![],
    }
}
