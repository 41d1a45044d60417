//! The code under test, and what is asked of it after each call.

use crate::scene::{Call, Scene};
use mls_rs::Group;
use mls_rs_wasm::error::{Outcome, Refusal};
use mls_rs_wasm::key_package::check;
use mls_rs_wasm::participant::Participant;
use mls_rs_wasm::rules::Expected;
use mls_rs_wasm::signature::verifies;
use std::borrow::Cow;

/// How far an input got. A refusal that may have come before a stage counts as not past it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Bytes,
    Parsed,
    /// Past the membership tag, or the seals of a Welcome.
    Mac,
    Signature,
}

/// What only comes after the signature: the rules, and the checks on a group that was joined.
const LATE: [&str; 11] = [
    "an external commit",
    "an add by reference",
    "a remove by reference",
    "a proposal other than Add and Remove",
    "the adds are not those that the log calls for",
    "the removes are not those that the log calls for",
    "the GroupContext has extensions",
    "a member outside the profile",
    "the own leaf is somebody else's",
    "this commit removes this participant",
    "a ReInit",
];

/// By the refusal's detail: that of mls-rs is the name of its error.
fn stage_of(call: Call, refusal: &Refusal) -> Stage {
    let name = refusal.detail.split(['(', ' ', '{']).next().unwrap_or_default();
    match (&refusal.detail, call) {
        _ if ["malformed", "too_large"].contains(&refusal.code) => Stage::Bytes,
        (Cow::Borrowed(text), _) => {
            if LATE.contains(text) {
                Stage::Signature
            } else {
                Stage::Parsed
            }
        }
        _ if name == "InvalidSignature" => Stage::Mac,
        (_, Call::Process) => match name {
            "InvalidMembershipTag" | "MembershipTagForNonMember" | "ProtocolVersionMismatch" | "UnexpectedMessageType" => {
                Stage::Parsed
            }
            _ => Stage::Signature,
        },
        (_, Call::Welcome) => match name {
            "WelcomeKeyPackageNotFound" | "CryptoProviderError" | "UnsupportedCipherSuite" | "UnsupportedProtocolVersion" => {
                Stage::Parsed
            }
            "CipherSuiteMismatch" | "MissingRequiredPsk" | "OldGroupStateNotFound" => Stage::Parsed,
            "InvalidConfirmationTag" | "PubKeyMismatch" => Stage::Signature,
            _ => Stage::Mac,
        },
        _ => Stage::Parsed,
    }
}

/// The same bytes as a header's key, signature and content: nobody has signed them.
fn is_signed(bytes: &[u8]) -> bool {
    let Some((key, rest)) = bytes.split_last_chunk::<32>().map(|(rest, key)| (key, rest)) else {
        return verifies(&[], bytes, bytes);
    };
    let Some((content, signature)) = rest.split_last_chunk::<64>() else { return verifies(key, rest, rest) };
    verifies(key, content, signature)
}

pub struct Target<'a> {
    scene: &'a Scene,
    victim: Participant,
    joiner: Participant,
}

pub struct Report {
    pub stage: Stage,
    /// "accepted", or the code of the refusal.
    pub code: &'static str,
    /// The refusal's detail.
    pub detail: Cow<'static, str>,
    /// What must never be: the state is not what it was.
    pub broken: Option<&'static str>,
}

impl<'a> Target<'a> {
    pub fn new(scene: &'a Scene) -> Self {
        Self { scene, victim: scene.victim.clone(), joiner: scene.joiner.clone() }
    }

    pub fn refresh(&mut self) {
        self.victim = self.scene.victim.clone();
        self.joiner = self.scene.joiner.clone();
    }

    /// `busy`: with a commit of its own pending.
    pub fn run(&mut self, call: Call, bytes: &[u8], expected: &Expected, path: bool, busy: bool) -> Report {
        if busy && call == Call::Process {
            let _ = self.victim.commit(&[], &[], true, &[]);
        }
        let pending = self.victim.has_pending();
        let (stage, outcome) = self.call(call, bytes, expected, path);
        let broken = match &outcome {
            _ if is_signed(bytes) => Some("a header that nobody signed"),
            Ok(()) => {
                let wrong = if call == Call::Process { self.unexpected(expected) } else { self.outside(call) };
                self.refresh();
                wrong
            }
            Err(_) if self.victim.has_pending() != pending => Some("has_pending"),
            Err(_) => {
                self.victim.discard();
                self.difference()
            }
        };
        let refusal = outcome.err().unwrap_or(Refusal { code: "accepted", detail: Cow::Borrowed("") });
        Report { stage, code: refusal.code, detail: refusal.detail, broken }
    }

    fn call(&mut self, call: Call, bytes: &[u8], expected: &Expected, path: bool) -> (Stage, Outcome<()>) {
        let checked = match call {
            Call::Check | Call::Add => match check(bytes) {
                Ok(it) => it,
                Err(it) => return (stage_of(call, &it), Err(it)),
            },
            Call::Process => {
                let outcome = self.victim.process(bytes, expected.clone());
                return (outcome.as_ref().map_or_else(|it| stage_of(call, it), |()| Stage::Signature), outcome);
            }
            Call::Welcome => {
                let outcome = self.joiner.welcome(bytes);
                return (outcome.as_ref().map_or_else(|it| stage_of(call, it), |()| Stage::Signature), outcome);
            }
        };
        let outcome = if call == Call::Add { self.victim.commit(&[checked], &[], path, &[]).map(|_| ()) } else { Ok(()) };
        (Stage::Signature, outcome)
    }

    /// A commit that was taken: epoch and roster are what the log calls for, and nobody's signature key is another one.
    fn unexpected(&self, it: &Expected) -> Option<&'static str> {
        let (Ok(now), Ok(before)) = (self.victim.current(), self.scene.victim.current()) else { return Some("group") };
        let (Ok(new), Ok(old)) = (self.victim.roster(), self.scene.victim.roster()) else { return Some("roster") };
        let kept = old.iter().filter(|row| !it.removes.contains(&row.1));
        let added = new.iter().filter(|row| !old.contains(row)).map(|row| row.1);
        let expected: Vec<_> = it.adds.iter().map(|add| add.0).collect();
        let mut added: Vec<_> = added.collect();
        added.sort_unstable_by_key(|id| expected.iter().position(|it| it == id));
        match () {
            () if now.current_epoch() != before.current_epoch().wrapping_add(1) => Some("epoch"),
            () if kept.clone().any(|row| !new.contains(row)) => Some("a member that stays"),
            () if added != expected || new.len() != kept.count() + expected.len() => Some("adds"),
            () if self.victim.has_pending() => Some("has_pending"),
            () => None,
        }
    }

    /// A Welcome that was taken: the joiner is in its roster, and everybody in it within the profile.
    fn outside(&self, call: Call) -> Option<&'static str> {
        if call != Call::Welcome {
            return None;
        }
        let Ok(group) = self.joiner.current() else { return Some("group") };
        let profile = mls_rs_wasm::key_package::profile();
        let strange = |it: mls_rs::group::Member| it.capabilities != profile || !it.extensions.is_empty();
        match self.joiner.roster() {
            Ok(roster) if !roster.iter().any(|row| row.2 == self.joiner.signature_key()) => Some("the own leaf"),
            Ok(_) if group.roster().members_iter().any(strange) => Some("profile"),
            Ok(_) if !group.context().extensions.is_empty() => Some("extensions"),
            Ok(_) => None,
            Err(_) => Some("roster"),
        }
    }

    fn difference(&self) -> Option<&'static str> {
        let (Ok(now), Ok(before)) = (self.victim.current(), self.scene.victim.current()) else { return Some("group") };
        let rosters = (self.victim.roster().ok(), self.scene.victim.roster().ok());
        match () {
            () if now.current_epoch() != before.current_epoch() => Some("epoch"),
            () if now.epoch_authenticator().ok() != before.epoch_authenticator().ok() => Some("authenticator"),
            () if rosters.0.is_none() || rosters.0 != rosters.1 => Some("roster"),
            () if !Group::equal_group_state(now, before) => Some("group state"),
            () if self.joiner.has_group() || self.joiner.has_pending() => Some("joiner"),
            () => None,
        }
    }

    /// What is genuine still is accepted, by the very participants that refused all the rest.
    pub fn still_works(&mut self) -> Result<(), String> {
        let [commit, welcome] = self.scene.genuine.map(|at| &self.scene.seeds[at]);
        self.victim
            .process(&commit.bytes, commit.expected.clone())
            .map_err(|it| format!("genuine commit: {} {}", it.code, it.detail))?;
        self.joiner.welcome(&welcome.bytes).map_err(|it| format!("genuine Welcome: {} {}", it.code, it.detail))?;
        let (a, b) = (self.victim.authenticator(), self.joiner.authenticator());
        self.refresh();
        match (a, b) {
            (Ok(a), Ok(b)) if a == b => Ok(()),
            _ => Err("the authenticators differ".to_owned()),
        }
    }
}
