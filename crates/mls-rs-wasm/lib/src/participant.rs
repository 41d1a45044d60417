//! One participant: its keys, the group that it is in, and what it has made and not yet read back from the log. Everything that
//! can fail works on a copy of the group and puts it in place at the end, so a refusal leaves the state as it was.

use crate::error::{refusal, refuse, Outcome};
use crate::identity::{id_of, plain_context, Id, ParticipantIdentity};
use crate::key_package::{crypto, profile, suite, x25519, Checked, BACKDATED, LIFETIME, SUITE};
use crate::rules::{Expected, LogRules};
use crate::store::{Entry, OneKeyPackage};
use crate::tree;
use core::time::Duration;
use mls_rs::{
    client_builder::{BaseConfig, ClientBuilder, WithCryptoProvider, WithIdentityProvider, WithKeyPackageRepo, WithMlsRules},
    crypto::SignatureSecretKey,
    group::{CommitEffect, ContentType, Member, ReceivedMessage, Sender},
    time::MlsTime,
    CipherSuiteProvider, Client, ExtensionList, Group, IdentityProvider, MlsMessage, MlsMessageDescription, MlsRules,
    ProtocolVersion,
};
use mls_rs_core::identity::{BasicCredential, SigningIdentity};
use mls_rs_crypto_rustcrypto::RustCryptoProvider;
use zeroize::Zeroizing;

/// Bytes of a commit or a Welcome; an entry of the log is no larger.
pub const MAX_MESSAGE: usize = 1 << 20;
/// Participants in a room, and so adds or removes in one commit.
pub const MAX_MEMBERS: usize = 1000;
pub const MAX_GROUP_ID: usize = 255;
pub const MAX_EXPORT: usize = 255;
pub const MAX_AUTHENTICATED_DATA: usize = 255;
/// Seconds; the end of the year 9999.
const MAX_TIME: u64 = 253_402_300_799;

type WithoutStore<R, I> = WithMlsRules<R, WithIdentityProvider<I, WithCryptoProvider<RustCryptoProvider, BaseConfig>>>;
/// What every client of this crate is made of; the harness and the tests swap the rules, and the vectors the identity provider.
pub type Settings<R = LogRules, I = ParticipantIdentity> = WithKeyPackageRepo<OneKeyPackage, WithoutStore<R, I>>;
type Mls = Group<Settings>;

/// The one place where a client is configured. It has no signing identity yet.
pub fn client_builder<R, I>(rules: R, identity: I, store: OneKeyPackage) -> ClientBuilder<Settings<R, I>>
where
    R: MlsRules + Clone,
    I: IdentityProvider + Clone,
{
    Client::builder()
        .crypto_provider(crypto())
        .identity_provider(identity)
        .mls_rules(rules)
        .key_package_repo(store)
        .key_package_lifetime(Duration::from_secs(LIFETIME))
        .protocol_version(ProtocolVersion::MLS_10)
}

#[derive(Clone)]
pub struct Participant {
    id: Id,
    signature_key: Vec<u8>,
    signer: SignatureSecretKey,
    key_package: Vec<u8>,
    key_package_secrets: Option<Entry>,
    not_before: MlsTime,
    store: OneKeyPackage,
    rules: LogRules,
    client: Client<Settings>,
    group: Option<Mls>,
    /// The group at the epoch that the own founding or commit leads to.
    pending: Option<Mls>,
}

pub struct Made {
    pub commit: Vec<u8>,
    pub welcome: Vec<u8>,
    pub authenticator: Zeroizing<Vec<u8>>,
}

/// `now` in seconds since 1970 by the maker's own clock: it only dates the key package.
pub fn participant(id: Id, now: u64) -> Outcome<Participant> {
    if now > MAX_TIME {
        return refuse("malformed", "the time is out of range");
    }
    let (signer, public) = suite()?.signature_key_generate().map_err(|_| refusal("crypto", "no signature key"))?;
    let identity = SigningIdentity::new(BasicCredential::new(id.to_vec()).into_credential(), public.clone());
    let (store, rules) = (OneKeyPackage::default(), LogRules::default());
    let builder = client_builder(rules.clone(), ParticipantIdentity, store.clone());
    let client = builder.signing_identity(identity, signer.clone(), SUITE).build();
    let not_before = MlsTime::from(now.saturating_sub(BACKDATED));
    let none = ExtensionList::new;
    let key_package = client.generate_key_package_message(none(), none(), Some(not_before))?.to_bytes()?;
    let key_package_secrets = store.swap(None);
    Ok(Participant {
        id,
        signature_key: public.to_vec(),
        signer,
        key_package,
        key_package_secrets,
        not_before,
        store,
        rules,
        client,
        group: None,
        pending: None,
    })
}

fn bounded(bytes: &[u8]) -> Outcome<&[u8]> {
    if bytes.len() > MAX_MESSAGE {
        return refuse("too_large", "the message is too large");
    }
    Ok(bytes)
}

fn in_profile(member: &Member) -> Outcome<()> {
    id_of(&member.signing_identity)?;
    if member.capabilities != profile() || !member.extensions.is_empty() {
        return refuse("unexpected_content", "a member outside the profile");
    }
    Ok(())
}

fn leaf_of(group: &Mls, id: &Id) -> Outcome<u32> {
    group.member_with_identity(id).map(|member| member.index).map_err(|_| refusal("not_member", "no member with this id"))
}

impl Participant {
    pub fn signature_key(&self) -> &[u8] {
        &self.signature_key
    }

    pub fn key_package(&self) -> &[u8] {
        &self.key_package
    }

    /// Ed25519 over `content`. What MLS itself signs starts with an "MLS 1.0 " label (RFC 9420 section 5.1.2) and is refused here.
    pub fn sign(&self, content: &[u8]) -> Outcome<Vec<u8>> {
        let mls = |at: usize| content.get(at..).is_some_and(|rest| rest.starts_with(b"MLS 1.0 "));
        if mls(0) || mls(1) || mls(2) || mls(4) {
            return refuse("malformed", "this would be a signature of MLS itself");
        }
        suite()?.sign(&self.signer, content).map_err(|_| refusal("crypto", "cannot sign"))
    }

    /// RFC 9420 section 11. Current only after `merge`.
    pub fn found(&mut self, group_id: &[u8]) -> Outcome<Zeroizing<Vec<u8>>> {
        self.outside()?;
        if group_id.is_empty() || group_id.len() > MAX_GROUP_ID {
            return refuse("malformed", "the group id is empty or too long");
        }
        let builder = self.client.group_builder()?.with_group_id(group_id.to_vec()).with_now_time(self.not_before);
        let group = builder.build()?;
        let authenticator = secret(&group)?;
        self.pending = Some(group);
        Ok(authenticator)
    }

    /// RFC 9420 section 12.4.1: a commit of inline adds and removes, as PublicMessage, and its Welcome, empty without adds. Its
    /// authenticated data is in the transcript (section 8.2), and so in every secret of the epoch that it leads to.
    pub fn commit(&mut self, adds: &[Checked], removes: &[Id], path: bool, authenticated_data: &[u8]) -> Outcome<Made> {
        self.nothing_pending()?;
        if authenticated_data.len() > MAX_AUTHENTICATED_DATA {
            return refuse("too_large", "too much authenticated data");
        }
        let mut group = self.current()?.clone();
        if adds.len().max(removes.len()) > MAX_MEMBERS {
            return refuse("too_large", "too many adds or removes");
        }
        let leaves = removes.iter().map(|id| leaf_of(&group, id)).collect::<Outcome<Vec<_>>>()?;
        let expected = Expected {
            committer: self.id,
            adds: adds.iter().map(|it| (it.id, it.hash)).collect(),
            removes: removes.to_vec(),
            path,
            authenticated_data: authenticated_data.to_vec(),
        };
        let output = self.rules.during(expected, || {
            let mut builder = group.commit_builder().authenticated_data(authenticated_data.to_vec());
            for add in adds {
                builder = builder.add_member(add.message.clone())?;
            }
            for leaf in leaves {
                builder = builder.remove_member(leaf)?;
            }
            builder.build()
        })?;
        let welcome = match output.welcome_messages.as_slice() {
            [] => vec![],
            [one] => one.to_bytes()?,
            _ => return refuse("invalid", "more than one Welcome"),
        };
        let commit = output.commit_message.to_bytes()?;
        bounded(&commit)?;
        bounded(&welcome)?;
        group.apply_pending_commit()?;
        let authenticator = secret(&group)?;
        self.pending = Some(group);
        Ok(Made { commit, welcome, authenticator })
    }

    /// The own founding or commit was read back from the log: its epoch is now the current one.
    pub fn merge(&mut self) -> Outcome<()> {
        let pending = self.pending.take().ok_or_else(|| refusal("no_pending", "nothing is pending"))?;
        self.enter(pending);
        Ok(())
    }

    pub fn discard(&mut self) {
        self.pending = None;
    }

    /// RFC 9420 section 12.4.2: somebody else's commit. What is pending of one's own is gone with it.
    pub fn process(&mut self, commit: &[u8], expected: Expected) -> Outcome<()> {
        let mut group = self.current()?.clone();
        let message = MlsMessage::from_bytes(bounded(commit)?)?;
        self.precheck(&group, &message, &expected)?;
        let received = self.rules.during(expected, || group.process_incoming_message(message))?;
        match received {
            ReceivedMessage::Commit(done) => match done.effect {
                CommitEffect::NewEpoch(_) => {}
                CommitEffect::Removed { .. } => return refuse("removed", "this commit removes this participant"),
                CommitEffect::ReInit(_) => return refuse("unexpected_content", "a ReInit"),
            },
            _ => return refuse("unexpected_content", "not a commit"),
        }
        self.enter(group);
        Ok(())
    }

    /// What `LogRules` cannot see: framing (RFC 9420 section 6) and the path's leaf (section 7.3).
    fn precheck(&self, group: &Mls, message: &MlsMessage, expected: &Expected) -> Outcome<()> {
        let MlsMessageDescription::PublicProtocolMessage { group_id, epoch_id, content_type, sender, authenticated_data } =
            message.description()
        else {
            return refuse("unexpected_content", "not a PublicMessage");
        };
        if content_type != ContentType::Commit {
            return refuse("unexpected_content", "not a commit");
        }
        if authenticated_data != expected.authenticated_data {
            return refuse("unexpected_content", "authenticated data other than the log calls for");
        }
        if group_id != group.group_id() {
            return refuse("wrong_group", "a commit of another group");
        }
        if epoch_id != group.current_epoch() {
            return refuse("wrong_epoch", "a commit of another epoch");
        }
        let Sender::Member(leaf) = sender else {
            return refuse("unexpected_content", "not from a member");
        };
        if leaf == group.current_member_index() {
            return refuse("own_commit", "an own commit is merged, not processed");
        }
        let committer = group.roster().member_with_index(leaf).map_err(|_| refusal("not_member", "the sender is no member"))?;
        if id_of(&committer.signing_identity)? != expected.committer {
            return refuse("wrong_committer", "the committer is not the one that the log calls for");
        }
        if !message.proposals_by_reference().is_empty() {
            return refuse("unexpected_content", "a proposal by reference");
        }
        match message.commit_path_leaf_node() {
            None if expected.path => refuse("missing_path", "a refresh is due and the commit has no path"),
            None => Ok(()),
            Some(new) => {
                if new.signing_identity != committer.signing_identity {
                    return refuse("bad_credential", "the path changes the committer's signature key or credential");
                }
                if new.capabilities != profile() || !new.extensions.is_empty() {
                    return refuse("unexpected_content", "the path's leaf is outside the profile");
                }
                x25519(&new.public_key).map(|_| ())
            }
        }
    }

    /// RFC 9420 section 12.4.3.1. On success the key package's private keys are gone.
    pub fn welcome(&mut self, welcome: &[u8]) -> Outcome<()> {
        self.outside()?;
        let message = MlsMessage::from_bytes(bounded(welcome)?)?;
        if !matches!(message.description(), MlsMessageDescription::Welcome { .. }) {
            return refuse("unexpected_content", "not a Welcome");
        }
        self.store.swap(self.key_package_secrets.clone());
        let joined = self.client.join_group(None, &message, None);
        self.store.swap(None);
        let (group, _) = joined?;
        plain_context(group.context())?;
        if group.cipher_suite() != SUITE || group.protocol_version() != ProtocolVersion::MLS_10 {
            return refuse("wrong_suite", "not MLS 1.0 with cipher suite 1");
        }
        group.roster().members_iter().try_for_each(|member| in_profile(&member))?;
        tree::check(&group.export_tree().to_bytes()?)?;
        if id_of(group.current_member_signing_identity()?)? != self.id {
            return refuse("bad_credential", "the own leaf is somebody else's");
        }
        self.enter(group);
        Ok(())
    }

    pub fn current(&self) -> Outcome<&Mls> {
        self.group.as_ref().ok_or_else(|| refusal("no_group", "not a member of a group"))
    }

    pub fn has_group(&self) -> bool {
        self.group.is_some()
    }

    pub fn has_pending(&self) -> bool {
        self.pending.is_some()
    }

    pub fn authenticator(&self) -> Outcome<Zeroizing<Vec<u8>>> {
        secret(self.current()?)
    }

    /// Leaf index, participant id, signature key; by leaf index.
    pub fn roster(&self) -> Outcome<Vec<(u32, Id, Vec<u8>)>> {
        let row = |it: Member| Ok((it.index, id_of(&it.signing_identity)?, it.signing_identity.signature_key.to_vec()));
        self.current()?.roster().members_iter().map(row).collect()
    }

    /// RFC 9420 section 8.5.
    pub fn export(&self, label: &[u8], context: &[u8], length: usize) -> Outcome<Zeroizing<Vec<u8>>> {
        if length == 0 || length > MAX_EXPORT || label.len() > MAX_EXPORT || context.len() > MAX_MESSAGE {
            return refuse("malformed", "label, context or length out of range");
        }
        let secret = self.current()?.export_secret(label, context, length)?;
        Ok(Zeroizing::new(secret.as_bytes().to_vec()))
    }

    fn outside(&self) -> Outcome<()> {
        if self.group.is_some() {
            return refuse("group_exists", "already a member of a group");
        }
        self.nothing_pending()
    }

    fn nothing_pending(&self) -> Outcome<()> {
        if self.pending.is_some() {
            return refuse("pending_exists", "something is pending: merge or discard it first");
        }
        Ok(())
    }

    fn enter(&mut self, group: Mls) {
        self.group = Some(group);
        self.pending = None;
        self.key_package_secrets = None;
    }
}

fn secret(group: &Mls) -> Outcome<Zeroizing<Vec<u8>>> {
    Ok(Zeroizing::new(group.epoch_authenticator()?.as_bytes().to_vec()))
}
