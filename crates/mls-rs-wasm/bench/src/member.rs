//! A member of an MLS group that sends application messages (RFC 9420 section 15): mls-rs as it is, without the rules, the checks and
//! the wiping of production, and without padding. So the reference is as cheap as it can be.

use crate::failed;
use js_sys::Uint8Array;
use mls_rs::{
    client_builder::{BaseConfig, PaddingMode, WithCryptoProvider, WithIdentityProvider, WithMlsRules},
    group::ReceivedMessage,
    identity::basic::BasicIdentityProvider,
    mls_rules::{CommitOptions, DefaultMlsRules, EncryptionOptions},
    CipherSuite, CipherSuiteProvider, Client, CryptoProvider, ExtensionList, Group, MlsMessage,
};
use mls_rs_core::identity::{BasicCredential, SigningIdentity};
use mls_rs_crypto_rustcrypto::RustCryptoProvider;
use wasm_bindgen::prelude::*;

const SUITE: CipherSuite = CipherSuite::CURVE25519_AES128;

type WithIdentity = WithIdentityProvider<BasicIdentityProvider, WithCryptoProvider<RustCryptoProvider, BaseConfig>>;
type Settings = WithMlsRules<DefaultMlsRules, WithIdentity>;

#[wasm_bindgen]
pub struct Member {
    client: Client<Settings>,
    key_package: Vec<u8>,
    group: Option<Group<Settings>>,
}

#[wasm_bindgen]
impl Member {
    #[wasm_bindgen(constructor)]
    pub fn new(id: &[u8]) -> Result<Member, JsError> {
        let crypto = RustCryptoProvider::new();
        let suite = crypto.cipher_suite_provider(SUITE).ok_or_else(|| failed("no suite 1"))?;
        let (signer, public) = suite.signature_key_generate().map_err(failed)?;
        let identity = SigningIdentity::new(BasicCredential::new(id.to_vec()).into_credential(), public);
        let rules = DefaultMlsRules::new()
            .with_commit_options(CommitOptions::new().with_ratchet_tree_extension(true).with_single_welcome_message(true))
            .with_encryption_options(EncryptionOptions::new(false, PaddingMode::None));
        let builder = Client::builder().crypto_provider(crypto).identity_provider(BasicIdentityProvider).mls_rules(rules);
        let client = builder.signing_identity(identity, signer, SUITE).build();
        let none = ExtensionList::new;
        let key_package = client.generate_key_package_message(none(), none(), None).map_err(failed)?;
        Ok(Member { key_package: key_package.to_bytes().map_err(failed)?, client, group: None })
    }

    #[wasm_bindgen(js_name = keyPackage)]
    pub fn key_package(&self) -> Vec<u8> {
        self.key_package.clone()
    }

    /// Founds a group, adds everybody at once, and gives the Welcome.
    pub fn found(&mut self, key_packages: Vec<Uint8Array>) -> Result<Vec<u8>, JsError> {
        let none = ExtensionList::new;
        let mut group = self.client.create_group(none(), none(), None).map_err(failed)?;
        let mut builder = group.commit_builder();
        for it in &key_packages {
            builder = builder.add_member(MlsMessage::from_bytes(&it.to_vec()).map_err(failed)?).map_err(failed)?;
        }
        let made = builder.build().map_err(failed)?;
        group.apply_pending_commit().map_err(failed)?;
        self.group = Some(group);
        let welcome = made.welcome_messages.first().ok_or_else(|| failed("no Welcome"))?;
        welcome.to_bytes().map_err(failed)
    }

    pub fn join(&mut self, welcome: &[u8]) -> Result<(), JsError> {
        let message = MlsMessage::from_bytes(welcome).map_err(failed)?;
        self.group = Some(self.client.join_group(None, &message, None).map_err(failed)?.0);
        Ok(())
    }

    /// One frame as MLSMessage(PrivateMessage); `metadata` is its authenticated data.
    pub fn protect(&mut self, plaintext: &[u8], metadata: &[u8]) -> Result<Vec<u8>, JsError> {
        let group = self.group.as_mut().ok_or_else(|| failed("no group"))?;
        let message = group.encrypt_application_message(plaintext, metadata.to_vec()).map_err(failed)?;
        message.to_bytes().map_err(failed)
    }

    pub fn open(&mut self, message: &[u8]) -> Result<Vec<u8>, JsError> {
        let group = self.group.as_mut().ok_or_else(|| failed("no group"))?;
        let message = MlsMessage::from_bytes(message).map_err(failed)?;
        match group.process_incoming_message(message).map_err(failed)? {
            ReceivedMessage::ApplicationMessage(it) => Ok(it.data().to_vec()),
            _ => Err(failed("no application message")),
        }
    }
}
