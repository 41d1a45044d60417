//! The messages that mutations start from: commits as the log calls for them and as it does not, all other content, key packages, Welcomes.

use crate::loose::{found, member, Member, Mls, PSK};
use crate::scene::{expect, message, Call, Seed, INSIDER, NOW, OTHER, VICTIM};
use mls_rs::psk::ExternalPskId;
use mls_rs::{CipherSuiteProvider, ExtensionList, MlsMessage, ProtocolVersion};
use mls_rs_core::extension::{Extension, ExtensionType};
use mls_rs_core::identity::{BasicCredential, SigningIdentity};
use mls_rs_wasm::identity::Id;
use mls_rs_wasm::key_package::{suite, SUITE};
use mls_rs_wasm::participant::Participant;
use mls_rs_wasm::rules::Expected;

/// A commit that stays pending, and its Welcome.
pub fn commit(group: &mut Mls, adds: &[&[u8]], removes: &[u32]) -> (Vec<u8>, Vec<u8>) {
    let mut builder = group.commit_builder();
    for add in adds {
        builder = builder.add_member(message(add)).unwrap();
    }
    for leaf in removes {
        builder = builder.remove_member(*leaf).unwrap();
    }
    let output = builder.build().unwrap();
    let welcome = output.welcome_messages.first().map(|it| it.to_bytes().unwrap()).unwrap_or_default();
    (output.commit_message.to_bytes().unwrap(), welcome)
}

pub struct Makes<'a> {
    pub seeds: Vec<Seed>,
    pub insider: &'a Member,
    pub group: Mls,
    pub other: Participant,
    pub joiner: Participant,
    pub helpers: &'a [Member],
}

impl Makes<'_> {
    fn put(&mut self, call: Call, name: &str, bytes: Vec<u8>, expected: Expected) -> usize {
        self.seeds.push(Seed { call, name: name.to_owned(), bytes, expected, genuine: false });
        self.seeds.len() - 1
    }

    fn process(&mut self, name: &str, bytes: Vec<u8>, expected: Expected) -> usize {
        self.put(Call::Process, name, bytes, expected)
    }

    /// A commit of a copy of the insider's group.
    fn commit(&mut self, name: &str, adds: &[&[u8]], removes: &[(u32, Id)], path: bool) -> usize {
        self.insider.options(path, false);
        let leaves: Vec<_> = removes.iter().map(|it| it.0).collect();
        let (bytes, _) = commit(&mut self.group.clone(), adds, &leaves);
        self.process(name, bytes, expect(adds, &removes.iter().map(|it| it.1).collect::<Vec<_>>(), path))
    }

    pub fn key_packages(&mut self) {
        let plain = member(&[8; 16], NOW, ExtensionList::new()).key_package;
        let mut list = ExtensionList::new();
        list.set(Extension::new(ExtensionType::from(0xf000), vec![1, 2, 3]));
        let stranger = member(&[9; 16], NOW, list.clone());
        let package = stranger.client.generate_key_package_message(list, ExtensionList::new(), Some(NOW.into())).unwrap();
        let (extended, with_extension) = (stranger.key_package, package.to_bytes().unwrap());
        let long = member(&[9; 17], NOW, ExtensionList::new()).key_package;
        for (name, bytes) in [("plain", plain), ("extended", extended), ("with-extension", with_extension), ("long-id", long)] {
            for call in [Call::Check, Call::Add] {
                self.put(call, name, bytes.clone(), expect(&[], &[], false));
            }
        }
        let member = self.other.key_package().to_vec();
        self.put(Call::Add, "a-member", member, expect(&[], &[], false));
    }

    /// Gives the places of the genuine commit and of its Welcome.
    pub fn justified(&mut self) -> (usize, usize) {
        let joiner = self.joiner.key_package().to_vec();
        // The helper comes first: its place in the tree is lower, and its path secret leads to that of who waits.
        let adds: [&[u8]; 2] = [&self.helpers[1].key_package, &joiner];
        self.insider.options(true, false);
        let (bytes, welcome) = commit(&mut self.group.clone(), &adds, &[2]);
        let genuine = self.process("adds-removes-path", bytes, expect(&adds, &[OTHER], true));
        let welcomed = self.put(Call::Welcome, "genuine", welcome, expect(&[], &[], false));
        self.commit("add", &[&self.helpers[2].key_package], &[], false);
        self.commit("adds", &[&self.helpers[2].key_package, &self.helpers[1].key_package], &[], false);
        self.commit("remove", &[], &[(2, OTHER)], false);
        self.commit("removes", &[], &[(2, OTHER), (3, [5; 16])], false);
        self.commit("refresh", &[], &[], true);
        self.commit("removed-self", &[], &[(0, VICTIM)], false);
        (genuine, welcomed)
    }

    pub fn unjustified(&mut self) {
        let add = self.helpers[2].key_package.clone();
        let at = self.commit("a-ghost", &[&add], &[], false);
        self.seeds[at].expected.adds.clear();
        let at = self.commit("a-live-member-removed", &[], &[(2, OTHER)], false);
        self.seeds[at].expected.removes.clear();
        let at = self.commit("no-path", &[&add], &[], false);
        self.seeds[at].expected.path = true;
        let at = self.commit("other-order", &[&add, &self.helpers[1].key_package], &[], false);
        self.seeds[at].expected.adds.reverse();
        let mut other = self.other.clone();
        let at = self.commit("another-committer", &[], &[], true);
        self.seeds[at].expected.committer = OTHER;
        let stale = other.found(b"other").and_then(|_| other.merge()).and_then(|()| other.commit(&[], &[], true, &[])).unwrap();
        self.process("another-group", stale.commit, expect(&[], &[], true));
    }

    pub fn other_content(&mut self, old: &[u8]) {
        let nothing = || expect(&[], &[], false);
        let add = self.helpers[2].key_package.clone();
        let bytes = |it: MlsMessage| it.to_bytes().unwrap();
        self.process("old-epoch", old.to_vec(), nothing());
        self.process("a-key-package", add.clone(), nothing());
        self.insider.options(false, false);
        let group = &mut self.group;
        let none = ExtensionList::new;
        let builds: [(&str, Vec<u8>); 6] = [
            ("authenticated-data", bytes(group.clone().commit(b"data".to_vec()).unwrap().commit_message)),
            (
                "psk",
                bytes(
                    group
                        .clone()
                        .commit_builder()
                        .add_external_psk(ExternalPskId::new(PSK.to_vec()))
                        .unwrap()
                        .build()
                        .unwrap()
                        .commit_message,
                ),
            ),
            (
                "group-context-extensions",
                bytes(group.clone().commit_builder().set_group_context_ext(none()).unwrap().build().unwrap().commit_message),
            ),
            (
                "re-init",
                bytes(
                    group
                        .clone()
                        .commit_builder()
                        .reinit(None, ProtocolVersion::MLS_10, SUITE, none())
                        .unwrap()
                        .build()
                        .unwrap()
                        .commit_message,
                ),
            ),
            ("other-key", {
                let (signer, public) = suite().unwrap().signature_key_generate().unwrap();
                let identity = SigningIdentity::new(BasicCredential::new(INSIDER.to_vec()).into_credential(), public);
                bytes(group.clone().commit_builder().set_new_signing_identity(signer, identity).build().unwrap().commit_message)
            }),
            (
                "resumption-psk",
                bytes(group.clone().commit_builder().add_resumption_psk(2).unwrap().build().unwrap().commit_message),
            ),
        ];
        let mut made: Vec<_> = builds.map(|(name, it)| (name, it)).into();
        let mut proposing = group.clone();
        made.push(("propose-add", bytes(proposing.propose_add(message(&add), vec![]).unwrap())));
        made.push(("by-reference", bytes(proposing.commit(vec![]).unwrap().commit_message)));
        made.push(("propose-remove", bytes(group.clone().propose_remove(2, vec![]).unwrap())));
        made.push(("propose-update", bytes(group.clone().propose_update(vec![]).unwrap())));
        made.push(("propose-psk", bytes(group.clone().propose_external_psk(ExternalPskId::new(PSK.to_vec()), vec![]).unwrap())));
        made.push((
            "propose-re-init",
            bytes(group.clone().propose_reinit(None, ProtocolVersion::MLS_10, SUITE, none(), vec![]).unwrap()),
        ));
        made.push(("propose-extensions", bytes(group.clone().propose_group_context_extensions(none(), vec![]).unwrap())));
        made.push(("application", bytes(group.clone().encrypt_application_message(b"hello", vec![]).unwrap())));
        self.insider.options(false, true);
        made.push(("private-commit", bytes(group.clone().commit(vec![]).unwrap().commit_message)));
        made.push(("private-proposal", bytes(group.clone().propose_remove(2, vec![]).unwrap())));
        let info = group.group_info_message_allowing_ext_commit(true).unwrap();
        made.push(("group-info", bytes(info.clone())));
        made.push(("external-commit", bytes(self.helpers[2].client.commit_external(info.clone()).unwrap().1)));
        made.push((
            "external-add",
            bytes(self.helpers[2].client.external_add_proposal(&info, None, vec![], none(), none(), None).unwrap()),
        ));
        for (name, it) in made {
            self.process(name, it, nothing());
        }
        for at in 0..self.seeds.len() {
            // Key packages that the profile refuses, in commits that call for them.
            if self.seeds[at].call == Call::Check && self.seeds[at].name != "plain" {
                let (name, package) = (format!("add-{}", self.seeds[at].name), self.seeds[at].bytes.clone());
                self.insider.options(false, false);
                if let Ok(Ok(output)) = self.group.clone().commit_builder().add_member(message(&package)).map(|it| it.build()) {
                    self.process(&name, output.commit_message.to_bytes().unwrap(), expect(&[&package], &[], false));
                }
            }
        }
    }

    pub fn welcomes(&mut self) {
        let joiner = self.joiner.key_package().to_vec();
        let none = || expect(&[], &[], false);
        let first = |it: mls_rs::group::CommitOutput| it.welcome_messages[0].to_bytes().unwrap();
        let mut group = self.group.clone();
        let with = group
            .commit_builder()
            .add_member(message(&joiner))
            .unwrap()
            .add_external_psk(ExternalPskId::new(PSK.to_vec()))
            .unwrap();
        let psk = first(with.build().unwrap());
        self.put(Call::Welcome, "psk", psk, none());
        for (name, id) in [("another-group", &[9; 16][..]), ("a-long-id", &[9; 17])] {
            let stranger = member(id, NOW, ExtensionList::new());
            let mut group = found(&stranger, b"strange");
            let welcome = first(group.commit_builder().add_member(message(&joiner)).unwrap().build().unwrap());
            self.put(Call::Welcome, name, welcome, none());
        }
        let (_, welcome) = commit(&mut self.group.clone(), &[&self.helpers[2].key_package], &[]);
        self.put(Call::Welcome, "for-others", welcome, none());
        let genuine = self.seeds.iter().find(|it| it.name == "adds-removes-path").map(|it| it.bytes.clone()).unwrap_or_default();
        self.put(Call::Welcome, "a-commit", genuine, none());
    }
}
