//! Members that hold to RFC 9420 and not to our profile: made with mls-rs itself, without our rules. Each is refused with its code,
//! and what a participant can see of its state stays as it was.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects)]
#![allow(clippy::string_slice, clippy::as_conversions)]

mod keys;
mod rules;
mod vectors;

use crate::identity::{Id, ParticipantIdentity};
use crate::key_package::{self, crypto, suite, SUITE};
use crate::participant::{participant, Participant};
use crate::rules::Expected;
use mls_rs::client_builder::MlsConfig;
use mls_rs::group::CommitOutput;
use mls_rs::psk::{ExternalPskId, PreSharedKey};
use mls_rs::{CipherSuiteProvider, Client, ExtensionList, Group, MlsMessage, ProtocolVersion};
use mls_rs_core::identity::{BasicCredential, SigningIdentity};

const ROGUE: Id = [1; 16];
const OWN: Id = [2; 16];

fn client(id: &[u8]) -> Client<impl MlsConfig> {
    let (signer, public) = suite().unwrap().signature_key_generate().unwrap();
    let identity = SigningIdentity::new(BasicCredential::new(id.to_vec()).into_credential(), public);
    let builder = Client::builder().crypto_provider(crypto()).identity_provider(mls_rs::identity::basic::BasicIdentityProvider);
    let builder = builder.signing_identity(identity, signer, SUITE);
    builder.psk(ExternalPskId::new(vec![1]), PreSharedKey::new(vec![7; 32])).build()
}

/// The rogue founds a group and adds a participant.
fn scene() -> (Group<impl MlsConfig>, Participant) {
    let mut own = participant(OWN, 1_800_000_000).unwrap();
    let rogue = client(&ROGUE);
    let mut group = rogue.create_group_with_id(vec![9], ExtensionList::new(), ExtensionList::new(), None).unwrap();
    let add = MlsMessage::from_bytes(own.key_package()).unwrap();
    let output = group.commit_builder().add_member(add).unwrap().build().unwrap();
    group.apply_pending_commit().unwrap();
    own.welcome(&output.welcome_messages[0].to_bytes().unwrap()).unwrap();
    assert_eq!(*own.authenticator().unwrap(), group.epoch_authenticator().unwrap().as_bytes().to_vec());
    (group, own)
}

fn nothing() -> Expected {
    Expected { committer: ROGUE, adds: vec![], removes: vec![], path: false, authenticated_data: vec![] }
}

fn refused(own: &mut Participant, message: &MlsMessage, code: &str) {
    let before = (own.authenticator().unwrap(), own.current().unwrap().current_epoch(), own.roster().unwrap());
    let got = own.process(&message.to_bytes().unwrap(), nothing()).expect_err("accepted");
    assert_eq!(got.code, code, "{}", got.detail);
    assert_eq!(before, (own.authenticator().unwrap(), own.current().unwrap().current_epoch(), own.roster().unwrap()));
}

#[test]
fn a_plain_commit_is_taken() {
    let (mut rogue, mut own) = scene();
    let output = rogue.commit(vec![]).unwrap();
    own.process(&output.commit_message.to_bytes().unwrap(), nothing()).unwrap();
    rogue.apply_pending_commit().unwrap();
    assert_eq!(*own.authenticator().unwrap(), rogue.epoch_authenticator().unwrap().as_bytes().to_vec());
}

#[test]
fn other_content_is_refused() {
    type Make<C> = fn(&mut Group<C>) -> CommitOutput;
    fn each<C: MlsConfig>(rogue: &mut Group<C>, own: &mut Participant) {
        let cases: [(&str, Make<C>); 5] = [
            ("unexpected_content", |it| it.commit(b"authenticated".to_vec()).unwrap()),
            ("unexpected_content", |it| {
                it.commit_builder().set_group_context_ext(ExtensionList::new()).unwrap().build().unwrap()
            }),
            ("unexpected_content", |it| {
                let (none, version) = (ExtensionList::new(), ProtocolVersion::MLS_10);
                it.commit_builder().reinit(None, version, SUITE, none).unwrap().build().unwrap()
            }),
            ("unexpected_content", |it| {
                it.commit_builder().add_external_psk(ExternalPskId::new(vec![1])).unwrap().build().unwrap()
            }),
            ("wrong_removes", |it| it.commit_builder().remove_member(1).unwrap().build().unwrap()),
        ];
        for (code, make) in cases {
            let output = make(rogue);
            refused(own, &output.commit_message, code);
            rogue.clear_pending_commit();
        }
    }
    let (mut rogue, mut own) = scene();
    each(&mut rogue, &mut own);
}

/// A proposal of another type does not even parse: the message is refused before its signature is looked at.
#[test]
fn a_custom_proposal_is_refused() {
    let (mut rogue, mut own) = scene();
    let psk = ExternalPskId::new(vec![1]);
    let output = rogue.commit_builder().add_external_psk(psk).unwrap().build().unwrap();
    let bytes = output.commit_message.to_bytes().unwrap();
    // by value, type psk, external, id [1]
    let at = bytes.windows(6).position(|it| it == [1, 0, 4, 1, 1, 1]).unwrap();
    let before = own.authenticator().unwrap();
    for code in [[0xf0, 1], [0, 8], [0, 9], [0, 10], [0, 0], [0x0a, 0x0a], [255, 255]] {
        let mut other = bytes.clone();
        other[at + 1..at + 3].copy_from_slice(&code);
        assert_eq!(own.process(&other, nothing()).unwrap_err().code, "malformed");
        assert_eq!(before, own.authenticator().unwrap());
    }
    refused(&mut own, &output.commit_message, "unexpected_content");
}

#[test]
fn who_is_removed_is_told_and_keeps_its_state() {
    let (mut rogue, mut own) = scene();
    let output = rogue.commit_builder().remove_member(1).unwrap().build().unwrap();
    let expected = Expected { removes: vec![OWN], path: true, ..nothing() };
    let before = own.authenticator().unwrap();
    assert_eq!(own.process(&output.commit_message.to_bytes().unwrap(), expected).unwrap_err().code, "removed");
    assert_eq!(before, own.authenticator().unwrap());
}

#[test]
fn a_ghost_is_refused() {
    let (mut rogue, mut own) = scene();
    let ghost = participant([3; 16], 0).unwrap();
    let add = MlsMessage::from_bytes(ghost.key_package()).unwrap();
    let output = rogue.commit_builder().add_member(add).unwrap().build().unwrap();
    refused(&mut own, &output.commit_message, "wrong_adds");
}

#[test]
fn proposals_by_reference_are_refused() {
    let (mut rogue, mut own) = scene();
    let ghost = participant([3; 16], 0).unwrap();
    let proposal = rogue.propose_add(MlsMessage::from_bytes(ghost.key_package()).unwrap(), vec![]).unwrap();
    refused(&mut own, &proposal, "unexpected_content");
    let output = rogue.commit(vec![]).unwrap();
    assert_eq!(output.commit_message.proposals_by_reference().len(), 1);
    refused(&mut own, &output.commit_message, "unexpected_content");
}

#[test]
fn external_commits_are_refused() {
    let (rogue, mut own) = scene();
    let info = rogue.group_info_message_allowing_ext_commit(true).unwrap();
    let (_, commit) = client(&[4; 16]).commit_external(info).unwrap();
    refused(&mut own, &commit, "unexpected_content");
}

#[test]
fn another_signature_key_is_refused() {
    let (mut rogue, mut own) = scene();
    let (signer, public) = suite().unwrap().signature_key_generate().unwrap();
    let identity = SigningIdentity::new(BasicCredential::new(ROGUE.to_vec()).into_credential(), public);
    let output = rogue.commit_builder().set_new_signing_identity(signer, identity).build().unwrap();
    refused(&mut own, &output.commit_message, "bad_credential");
}

#[test]
fn a_private_message_and_an_application_message_are_refused() {
    let (mut rogue, mut own) = scene();
    let message = rogue.encrypt_application_message(b"hello", vec![]).unwrap();
    refused(&mut own, &message, "unexpected_content");
}

#[test]
fn a_welcome_into_a_group_outside_the_profile_is_refused() {
    for long in [false, true] {
        let mut own = participant(OWN, 0).unwrap();
        let id: &[u8] = if long { &[1; 17] } else { &[1; 16] };
        let mut group = client(id).create_group(ExtensionList::new(), ExtensionList::new(), None).unwrap();
        let add = MlsMessage::from_bytes(own.key_package()).unwrap();
        let output = group.commit_builder().add_member(add).unwrap().build().unwrap();
        let joined = own.welcome(&output.welcome_messages[0].to_bytes().unwrap());
        assert_eq!(joined.is_err(), long);
        assert_eq!(own.has_group(), !long);
    }
}

#[test]
fn a_key_package_with_other_capabilities_is_refused() {
    let client = Client::builder()
        .crypto_provider(crypto())
        .identity_provider(ParticipantIdentity)
        .extension_type(0xf000.into())
        .signing_identity(
            SigningIdentity::new(
                BasicCredential::new(vec![5; 16]).into_credential(),
                suite().unwrap().signature_key_generate().unwrap().1,
            ),
            suite().unwrap().signature_key_generate().unwrap().0,
            SUITE,
        )
        .build();
    let package = client.generate_key_package_message(ExtensionList::new(), ExtensionList::new(), None).unwrap();
    assert_eq!(key_package::check(&package.to_bytes().unwrap()).unwrap_err().code, "unexpected_content");
}
