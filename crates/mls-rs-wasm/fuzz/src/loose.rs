//! A client of the builder of production whose rules allow everything.

use mls_rs::client_builder::MlsConfig;
use mls_rs::group::{GroupContext, Roster};
use mls_rs::identity::basic::BasicIdentityProvider;
use mls_rs::mls_rules::{CommitDirection, CommitOptions, CommitSource, EncryptionOptions, ProposalBundle};
use mls_rs::psk::{ExternalPskId, PreSharedKey};
use mls_rs::time::MlsTime;
use mls_rs::{CipherSuiteProvider, Client, ExtensionList, Group, MlsMessage, MlsRules};
use mls_rs_core::crypto::SignatureSecretKey;
use mls_rs_core::identity::{BasicCredential, SigningIdentity};
use mls_rs_core::key_package::KeyPackageData;
use mls_rs_wasm::key_package::{suite, BACKDATED, SUITE};
use mls_rs_wasm::participant::{client_builder, Settings};
use mls_rs_wasm::store::OneKeyPackage;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

/// What may be switched from one message to the next.
#[derive(Clone, Copy, Default)]
pub struct Options {
    pub commit: CommitOptions,
    pub private: bool,
}

#[derive(Clone, Default)]
pub struct Loose(pub Arc<Mutex<Options>>);

impl MlsRules for Loose {
    type Error = Infallible;

    fn filter_proposals(
        &self,
        _: CommitDirection,
        _: CommitSource,
        _: &Roster,
        _: &GroupContext,
        proposals: ProposalBundle,
    ) -> Result<ProposalBundle, Infallible> {
        Ok(proposals)
    }

    fn commit_options(&self, _: &Roster, _: &GroupContext, _: &ProposalBundle) -> Result<CommitOptions, Infallible> {
        Ok(self.0.lock().unwrap().commit)
    }

    fn encryption_options(&self, _: &Roster, _: &GroupContext) -> Result<EncryptionOptions, Infallible> {
        let mut options = EncryptionOptions::default();
        options.encrypt_control_messages = self.0.lock().unwrap().private;
        Ok(options)
    }
}

pub type Mls = Group<Settings<Loose, BasicIdentityProvider>>;

/// A client and the private keys of its one key package.
pub struct Member {
    pub client: Client<Settings<Loose, BasicIdentityProvider>>,
    pub signer: SignatureSecretKey,
    pub public: Vec<u8>,
    pub rules: Loose,
    pub store: OneKeyPackage,
    pub key_package: Vec<u8>,
    pub reference: Vec<u8>,
    pub keys: KeyPackageData,
}

pub const PSK: &[u8] = b"psk";

/// Draws random numbers as `participant` does, in the same order.
pub fn member(id: &[u8], now: u64, extensions: ExtensionList) -> Member {
    let (signer, public) = suite().unwrap().signature_key_generate().unwrap();
    let identity = SigningIdentity::new(BasicCredential::new(id.to_vec()).into_credential(), public.clone());
    let (store, rules) = (OneKeyPackage::default(), Loose::default());
    let builder = client_builder(rules.clone(), BasicIdentityProvider, store.clone());
    let builder = builder.psk(ExternalPskId::new(PSK.to_vec()), PreSharedKey::new(vec![7; 32]));
    let client = if extensions.is_empty() { builder } else { builder.extension_type(0xf000.into()) };
    let client = client.signing_identity(identity, signer.clone(), SUITE).build();
    let not_before = MlsTime::from(now.saturating_sub(BACKDATED));
    let message = client.generate_key_package_message(ExtensionList::new(), extensions, Some(not_before)).unwrap();
    let (reference, keys) = store.swap(None).unwrap();
    let key_package = message.to_bytes().unwrap();
    Member { client, signer, public: public.to_vec(), rules, store, key_package, reference, keys }
}

impl Member {
    pub fn join(&self, welcome: &[u8]) -> Mls {
        self.store.swap(Some((self.reference.clone(), self.keys.clone())));
        self.client.join_group(None, &MlsMessage::from_bytes(welcome).unwrap(), None).unwrap().0
    }

    /// Sets what the next messages are like.
    pub fn options(&self, path: bool, private: bool) {
        let commit = CommitOptions::new().with_path_required(path).with_allow_external_commit(true);
        *self.rules.0.lock().unwrap() = Options { commit, private };
    }

    pub fn init_key(&self) -> Vec<u8> {
        let it = MlsMessage::from_bytes(&self.key_package).unwrap().into_key_package().unwrap();
        it.hpke_init_key.to_vec()
    }
}

/// Any client of mls-rs: a stranger's.
pub fn found(by: &Member, group_id: &[u8]) -> Group<impl MlsConfig> {
    let none = ExtensionList::new;
    by.client.create_group_with_id(group_id.to_vec(), none(), none(), None).unwrap()
}
