//! Designated and Justified inside MLS: what `LogRules` itself refuses, on sending and on receiving, with nothing around it. And that a
//! client of production keeps nothing of an old epoch.

// The one test that needs them is off there.
#![cfg_attr(feature = "prior_epoch", allow(dead_code, unused_imports))]

use super::{client, ROGUE};
use crate::identity::{Id, ParticipantIdentity};
use crate::key_package::{check, suite, SUITE};
use crate::participant::{client_builder, participant, Settings};
use crate::rules::{Expected, LogRules};
use crate::store::OneKeyPackage;
use mls_rs::client_builder::MlsConfig;
use mls_rs::error::MlsError;
use mls_rs::psk::ExternalPskId;
use mls_rs::storage_provider::in_memory::InMemoryGroupStateStorage;
use mls_rs::{CipherSuiteProvider, ExtensionList, Group, GroupStateStorage, MlsMessage, ProtocolVersion};
use mls_rs_core::identity::{BasicCredential, SigningIdentity};

const OWN: Id = [2; 16];
const THIRD: Id = [3; 16];

struct Own {
    rules: LogRules,
    group: Group<Settings>,
    store: InMemoryGroupStateStorage,
}

/// A group of the rogue, a member with `LogRules` and nothing around them, and a third one.
fn scene() -> (Group<impl MlsConfig>, Own) {
    let (store, rules) = (OneKeyPackage::default(), LogRules::default());
    let (signer, public) = suite().unwrap().signature_key_generate().unwrap();
    let identity = SigningIdentity::new(BasicCredential::new(OWN.to_vec()).into_credential(), public);
    let builder = client_builder(rules.clone(), ParticipantIdentity, store).signing_identity(identity, signer, SUITE);
    let own = builder.build();
    let none = ExtensionList::new;
    let package = own.generate_key_package_message(none(), none(), None).unwrap();
    let third = participant(THIRD, 0).unwrap();
    let mut rogue = client(&ROGUE).create_group_with_id(vec![9], none(), none(), None).unwrap();
    let add = rogue.commit_builder().add_member(package).unwrap();
    let output = add.add_member(MlsMessage::from_bytes(third.key_package()).unwrap()).unwrap().build().unwrap();
    rogue.apply_pending_commit().unwrap();
    let (group, _) = own.join_group(None, &output.welcome_messages[0], None).unwrap();
    (rogue, Own { rules, group, store: own.group_state_storage() })
}

fn key_packages(n: u8) -> Vec<Vec<u8>> {
    (0..n).map(|i| participant([10 + i; 16], 0).unwrap().key_package().to_vec()).collect()
}

fn expect(committer: Id, adds: &[&Vec<u8>], removes: &[Id]) -> Expected {
    let add = |it: &&Vec<u8>| check(it).map(|it| (it.id, it.hash)).unwrap();
    Expected {
        committer,
        adds: adds.iter().map(add).collect(),
        removes: removes.to_vec(),
        path: false,
        authenticated_data: vec![],
    }
}

/// Leaf 2 is the third member's.
fn build<C: MlsConfig>(group: &mut Group<C>, adds: &[&Vec<u8>], removes: &[u32]) -> Result<Vec<u8>, MlsError> {
    let mut builder = group.commit_builder();
    for add in adds {
        builder = builder.add_member(MlsMessage::from_bytes(add)?)?;
    }
    for leaf in removes {
        builder = builder.remove_member(*leaf)?;
    }
    builder.build()?.commit_message.to_bytes()
}

/// Content and what would be expected of the committer, with the code that comes of it; the last one holds.
fn cases(packages: &[Vec<u8>], committer: Id, other: Id) -> Vec<(&'static str, Expected)> {
    let [x, y, z] = [&packages[0], &packages[1], &packages[2]];
    vec![
        ("wrong_committer", expect(other, &[x, y], &[THIRD])),
        ("wrong_committer", expect([99; 16], &[x, y], &[THIRD])),
        ("wrong_adds", expect(committer, &[], &[THIRD])),
        ("wrong_adds", expect(committer, &[x], &[THIRD])),
        ("wrong_adds", expect(committer, &[y, x], &[THIRD])),
        ("wrong_adds", expect(committer, &[x, z], &[THIRD])),
        ("wrong_adds", expect(committer, &[x, y, z], &[THIRD])),
        ("wrong_removes", expect(committer, &[x, y], &[])),
        ("wrong_removes", expect(committer, &[x, y], &[other])),
        ("wrong_removes", expect(committer, &[x, y], &[THIRD, other])),
        ("taken", expect(committer, &[x, y], &[THIRD])),
    ]
}

#[test]
fn designated_and_justified_on_sending() {
    let (_, mut own) = scene();
    let packages = key_packages(3);
    let adds = [&packages[0], &packages[1]];
    let before = own.group.epoch_authenticator().unwrap();
    for (code, expected) in cases(&packages, OWN, ROGUE) {
        let built = own.rules.during(expected, || build(&mut own.group, &adds, &[2]));
        assert_eq!(built.map_or_else(|it| it.code, |_| "taken"), code);
        assert_eq!(own.group.has_pending_commit(), code == "taken");
        assert_eq!(own.group.epoch_authenticator().unwrap(), before);
    }
    own.group.clear_pending_commit();
    assert!(matches!(build(&mut own.group, &[], &[]), Err(MlsError::MlsRulesError(_))), "nothing is expected between calls");
}

#[test]
fn designated_and_justified_on_receiving() {
    let (mut rogue, mut own) = scene();
    let packages = key_packages(3);
    let commit = build(&mut rogue, &[&packages[0], &packages[1]], &[2]).unwrap();
    let message = || MlsMessage::from_bytes(&commit).unwrap();
    let before = own.group.epoch_authenticator().unwrap();
    assert!(matches!(own.group.process_incoming_message(message()), Err(MlsError::MlsRulesError(_))), "nothing is expected");
    for (code, expected) in cases(&packages, ROGUE, OWN) {
        let taken = own.rules.during(expected, || own.group.process_incoming_message(message()));
        assert_eq!(taken.map_or_else(|it| it.code, |_| "taken"), code);
        assert_eq!(own.group.epoch_authenticator().unwrap() == before, code != "taken");
    }
}

#[test]
fn other_proposals_on_sending_and_on_receiving() {
    enum Content {
        Psk,
        Extensions,
        ReInit,
    }
    fn make<C: MlsConfig>(group: &mut Group<C>, content: &Content) -> Result<MlsMessage, MlsError> {
        let (builder, none) = (group.commit_builder(), ExtensionList::new());
        let builder = match content {
            Content::Psk => builder.add_external_psk(ExternalPskId::new(vec![1]))?,
            Content::Extensions => builder.set_group_context_ext(none)?,
            Content::ReInit => builder.reinit(None, ProtocolVersion::MLS_10, SUITE, none)?,
        };
        Ok(builder.build()?.commit_message)
    }
    let (mut rogue, mut own) = scene();
    let before = own.group.epoch_authenticator().unwrap();
    for content in [Content::Psk, Content::Extensions, Content::ReInit] {
        let sent = own.rules.during(expect(OWN, &[], &[]), || make(&mut own.group, &content));
        assert_eq!(sent.unwrap_err().code, "unexpected_content");
        let message = make(&mut rogue, &content).unwrap();
        rogue.clear_pending_commit();
        let got = own.rules.during(expect(ROGUE, &[], &[]), || own.group.process_incoming_message(message));
        assert_eq!(got.unwrap_err().code, "unexpected_content");
        assert_eq!(own.group.epoch_authenticator().unwrap(), before);
    }
}

#[test]
fn by_reference_and_external_on_receiving() {
    let (mut rogue, mut own) = scene();
    let info = rogue.group_info_message_allowing_ext_commit(true).unwrap();
    let (_, external) = client(&[4; 16]).commit_external(info).unwrap();
    let got = own.rules.during(expect([4; 16], &[], &[]), || own.group.process_incoming_message(external));
    assert_eq!(got.unwrap_err().code, "unexpected_content");
    // What it would have to hold as pending: an add that somebody proposed.
    let package = &key_packages(1)[0];
    let proposal = rogue.propose_add(MlsMessage::from_bytes(package).unwrap(), vec![]).unwrap();
    own.group.process_incoming_message(proposal).unwrap();
    let commit = rogue.commit(vec![]).unwrap().commit_message;
    let expected = || expect(ROGUE, &[package], &[]);
    let got = own.rules.during(expected(), || own.group.process_incoming_message(commit));
    assert_eq!(got.unwrap_err().code, "unexpected_content");
    let sent = own.rules.during(expect(OWN, &[package], &[]), || own.group.commit(vec![]));
    assert_eq!(sent.map_err(|it| it.code).map(|_| ()).unwrap_err(), "unexpected_content");
}

/// Without `prior_epoch` there is nowhere to keep an old epoch's secrets: what needs them is refused.
#[test]
#[cfg(not(feature = "prior_epoch"))]
fn no_old_epoch_is_kept() {
    let (mut rogue, mut own) = scene();
    let old = own.group.current_epoch();
    let late = rogue.encrypt_application_message(b"late", vec![]).unwrap();
    let commit = rogue.commit(vec![]).unwrap().commit_message;
    rogue.apply_pending_commit().unwrap();
    own.rules.during(expect(ROGUE, &[], &[]), || own.group.process_incoming_message(commit)).unwrap();
    assert_eq!(own.group.epoch_authenticator().unwrap(), rogue.epoch_authenticator().unwrap());
    assert!(matches!(own.group.process_incoming_message(late), Err(MlsError::EpochNotFound | MlsError::InvalidEpoch)));
    let psk = |epoch| own.group.clone().commit_builder().add_resumption_psk(epoch).and_then(|it| it.build()).map(|_| ());
    own.rules.during(expect(OWN, &[], &[]), || psk(old)).unwrap_err();
    let mut rogue_now = rogue.clone();
    let with_old = rogue_now.commit_builder().add_resumption_psk(old).unwrap().build();
    assert!(matches!(with_old, Err(MlsError::OldGroupStateNotFound)));
    own.group.write_to_storage().unwrap();
    assert!(own.store.state(&[9]).unwrap().is_some(), "the group itself is there when it is asked for");
    assert_eq!(own.store.max_epoch_id(&[9]).unwrap(), None);
    assert_eq!((0..=own.group.current_epoch()).find(|it| own.store.epoch(&[9], *it).unwrap().is_some()), None);
}
