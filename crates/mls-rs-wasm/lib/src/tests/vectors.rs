//! The passive-client vectors of RFC 9420's implementers for cipher suite 1, from the folder in `VECTORS_DIR`: a joiner's private keys, a
//! Welcome, commits, and the epoch authenticator of each epoch. The client is the one of production (`client_builder`). Swapped are
//! the rules, as the vectors carry by-reference proposals and PSKs; and the identity provider, as their credentials are basic, but
//! not of 16 bytes, and one of their commits has a leaf by Update: it differs from production in `identity` alone.

use crate::error::Outcome;
use crate::identity::ParticipantIdentity;
use crate::key_package::SUITE;
use crate::participant::client_builder;
use crate::store::OneKeyPackage;
use mls_rs::group::ExportedTree;
use mls_rs::mls_rules::DefaultMlsRules;
use mls_rs::psk::{ExternalPskId, PreSharedKey};
use mls_rs::storage_provider::KeyPackageData;
use mls_rs::time::MlsTime;
use mls_rs::{ExtensionList, IdentityProvider, MlsMessage};
use mls_rs_core::identity::{Credential, CredentialType, MemberValidationContext, SigningIdentity};
use serde_json::Value;
use std::{env, fs, path::Path};

const WELCOME_CASES: usize = 8;
const COMMIT_CASES: usize = 13;
/// Cases of the second file whose last commit has a resumption PSK of the epoch before: refused, as no old epoch is kept.
const OLD_EPOCH_CASES: usize = if cfg!(feature = "prior_epoch") { 0 } else { 4 };

#[derive(Clone)]
struct AnyBasic;

impl IdentityProvider for AnyBasic {
    type Error = crate::error::Refusal;

    fn validate_member(&self, member: &SigningIdentity, _: Option<MlsTime>, _: MemberValidationContext<'_>) -> Outcome<()> {
        self.identity(member, &ExtensionList::new()).map(|_| ())
    }

    fn validate_external_sender(&self, it: &SigningIdentity, at: Option<MlsTime>, list: Option<&ExtensionList>) -> Outcome<()> {
        ParticipantIdentity.validate_external_sender(it, at, list)
    }

    fn identity(&self, member: &SigningIdentity, _: &ExtensionList) -> Outcome<Vec<u8>> {
        match &member.credential {
            Credential::Basic(basic) => Ok(basic.identifier().to_vec()),
            _ => crate::error::refuse("bad_credential", "not basic"),
        }
    }

    fn valid_successor(&self, old: &SigningIdentity, new: &SigningIdentity, list: &ExtensionList) -> Outcome<bool> {
        ParticipantIdentity.valid_successor(old, new, list)
    }

    fn supported_types(&self) -> Vec<CredentialType> {
        ParticipantIdentity.supported_types()
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    let hex = value.as_str().expect("hex");
    assert_eq!(hex.len() % 2, 0);
    (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// Runs one case. Gives the epochs whose authenticator was compared, and what stopped it, if anything did.
fn run(case: &Value) -> (usize, Option<String>) {
    let message = MlsMessage::from_bytes(&bytes(&case["key_package"])).unwrap();
    let reference = message.key_package_reference(&crate::key_package::suite().unwrap()).unwrap().unwrap();
    let package = message.into_key_package().unwrap();
    let secrets = |name: &str| bytes(&case[name]).into();
    let data = KeyPackageData::new(
        bytes(&case["key_package"])[4..].to_vec(),
        secrets("init_priv"),
        secrets("encryption_priv"),
        u64::MAX,
    );
    let store = OneKeyPackage::default();
    store.swap(Some((reference.to_vec(), data)));
    let mut builder = client_builder(DefaultMlsRules::new(), AnyBasic, store);
    for psk in list(&case["external_psks"]) {
        builder = builder.psk(ExternalPskId::new(bytes(&psk["psk_id"])), PreSharedKey::new(bytes(&psk["psk"])));
    }
    let signer = bytes(&case["signature_priv"]).into();
    let client = builder.signing_identity(package.signing_identity().clone(), signer, SUITE).build();
    let tree = case["ratchet_tree"].as_str().map(|_| ExportedTree::from_bytes(&bytes(&case["ratchet_tree"])).unwrap());
    let welcome = MlsMessage::from_bytes(&bytes(&case["welcome"])).unwrap();
    let (mut group, _) = client.join_group(tree, &welcome, None).unwrap();
    let authenticator = |it: &mls_rs::Group<_>| it.epoch_authenticator().unwrap().as_bytes().to_vec();
    assert_eq!(authenticator(&group), bytes(&case["initial_epoch_authenticator"]));
    let mut compared = 1;
    for epoch in list(&case["epochs"]) {
        let messages = list(&epoch["proposals"]).iter().chain([&epoch["commit"]]);
        for message in messages {
            if let Err(error) = group.process_incoming_message(MlsMessage::from_bytes(&bytes(message)).unwrap()) {
                return (compared, Some(format!("{error:?}")));
            }
        }
        assert_eq!(authenticator(&group), bytes(&epoch["epoch_authenticator"]));
        compared += 1;
    }
    (compared, None)
}

/// Runs the cases of a file for suite 1: how many there are, how many epochs were compared, and what stopped which.
fn run_file(folder: &Path, name: &str) -> (usize, usize, Vec<String>) {
    let text = fs::read(folder.join(name)).unwrap_or_else(|error| panic!("VECTORS_DIR is set, but {name}: {error}"));
    let all: Value = serde_json::from_slice(&text).unwrap();
    let cases: Vec<_> = list(&all).iter().filter(|it| it["cipher_suite"] == 1).map(run).collect();
    let stopped: Vec<_> = cases.iter().filter_map(|(_, stop)| stop.clone()).collect();
    let epochs = cases.iter().map(|(epochs, _)| epochs).sum();
    println!("{name}: {} cases of suite 1, {epochs} epoch authenticators equal, stopped: {stopped:?}", cases.len());
    (cases.len(), epochs, stopped)
}

#[test]
fn passive_client_vectors() {
    let Some(folder) = env::var_os("VECTORS_DIR").filter(|it| !it.is_empty()) else {
        println!("skipped: VECTORS_DIR is not set");
        return;
    };
    let (cases, epochs, stopped) = run_file(Path::new(&folder), "mls-passive-client-welcome.json");
    assert_eq!((cases, epochs, stopped), (WELCOME_CASES, WELCOME_CASES, vec![]));
    let (cases, epochs, stopped) = run_file(Path::new(&folder), "mls-passive-client-handling-commit.json");
    assert_eq!((cases, epochs), (COMMIT_CASES, 3 * COMMIT_CASES - OLD_EPOCH_CASES));
    assert_eq!(stopped, vec!["OldGroupStateNotFound"; OLD_EPOCH_CASES]);
}
