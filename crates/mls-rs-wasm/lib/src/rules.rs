//! Designated and Justified, where mls-rs lets an application decide over a commit, on sending as well as on receiving: the
//! committer, the adds in order and the removes in order are those that the log calls for, inline, and there is nothing else.

use crate::error::{refusal, refuse, Outcome, Refusal};
use crate::identity::{id_of, plain_context, Id};
use crate::key_package::hash;
use mls_rs::{
    group::{
        proposal::{AddProposal, RemoveProposal},
        GroupContext, Roster,
    },
    mls_rules::{CommitDirection, CommitOptions, CommitSource, EncryptionOptions, ProposalBundle},
    MlsRules,
};
use mls_rs_codec::MlsEncode;
use std::sync::{Arc, Mutex};

/// The commit that the log calls for next.
#[derive(Debug, Clone)]
pub struct Expected {
    pub committer: Id,
    /// Participant id and SHA-256 of the key package (of the whole MLSMessage), in order of arrival.
    pub adds: Vec<(Id, [u8; 32])>,
    pub removes: Vec<Id>,
    /// Whether it must have a path although its proposals do not ask for one: a refresh is due.
    pub path: bool,
    /// The commit's authenticated data (RFC 9420 section 6): what it is bound to besides its content.
    pub authenticated_data: Vec<u8>,
}

/// Holds what is expected for the time of one call. Between calls it is empty, and every commit is refused.
#[derive(Debug, Clone, Default)]
pub struct LogRules {
    expected: Arc<Mutex<Option<Expected>>>,
    refused: Arc<Mutex<Option<Refusal>>>,
}

fn put<T>(cell: &Mutex<Option<T>>, value: Option<T>) -> Option<T> {
    match cell.lock() {
        Ok(mut held) => core::mem::replace(&mut *held, value),
        Err(_) => None,
    }
}

impl LogRules {
    /// Runs `step` with `expected` in force; a refusal by these rules comes back as it was made.
    pub fn during<T>(&self, expected: Expected, step: impl FnOnce() -> Result<T, mls_rs::error::MlsError>) -> Outcome<T> {
        put(&self.expected, Some(expected));
        put(&self.refused, None);
        let result = step();
        put(&self.expected, None);
        let refused = put(&self.refused, None);
        result.map_err(|error| refused.unwrap_or_else(|| error.into()))
    }

    fn expected(&self) -> Outcome<Expected> {
        let held = self.expected.lock().ok().and_then(|it| it.clone());
        held.ok_or_else(|| refusal("unexpected_content", "no commit is expected"))
    }
}

fn check(it: &Expected, source: &CommitSource, roster: &Roster, context: &GroupContext, bundle: &ProposalBundle) -> Outcome<()> {
    plain_context(context)?;
    let CommitSource::ExistingMember(committer) = source else {
        return refuse("unexpected_content", "an external commit");
    };
    if id_of(&committer.signing_identity)? != it.committer {
        return refuse("wrong_committer", "the committer is not the one that the log calls for");
    }
    let mut adds = vec![];
    for add in bundle.by_type::<AddProposal>() {
        if !add.is_by_value() {
            return refuse("unexpected_content", "an add by reference");
        }
        let package = add.proposal.key_package();
        // version mls10, wire format mls_key_package: the MLSMessage that the joiner published
        let mut message = vec![0, 1, 0, 5];
        message.extend(package.mls_encode_to_vec()?);
        adds.push((id_of(package.signing_identity())?, hash(&message)));
    }
    let mut removes = vec![];
    for remove in bundle.by_type::<RemoveProposal>() {
        if !remove.is_by_value() {
            return refuse("unexpected_content", "a remove by reference");
        }
        let member = roster.member_with_index(remove.proposal.to_remove())?;
        removes.push(id_of(&member.signing_identity)?);
    }
    if adds.len().saturating_add(removes.len()) != bundle.length() {
        return refuse("unexpected_content", "a proposal other than Add and Remove");
    }
    if adds != it.adds {
        return refuse("wrong_adds", "the adds are not those that the log calls for");
    }
    if removes != it.removes {
        return refuse("wrong_removes", "the removes are not those that the log calls for");
    }
    Ok(())
}

impl MlsRules for LogRules {
    type Error = Refusal;

    fn filter_proposals(
        &self,
        _: CommitDirection,
        source: CommitSource,
        roster: &Roster,
        context: &GroupContext,
        proposals: ProposalBundle,
    ) -> Outcome<ProposalBundle> {
        match self.expected().and_then(|it| check(&it, &source, roster, context, &proposals)) {
            Ok(()) => Ok(proposals),
            Err(refused) => {
                put(&self.refused, Some(refused.clone()));
                Err(refused)
            }
        }
    }

    /// The ratchet tree travels in the Welcome, RFC 9420 section 12.4.3.3.
    fn commit_options(&self, _: &Roster, _: &GroupContext, _: &ProposalBundle) -> Outcome<CommitOptions> {
        let path = self.expected()?.path;
        Ok(CommitOptions::new().with_path_required(path).with_ratchet_tree_extension(true).with_single_welcome_message(true))
    }

    /// Commits are PublicMessages: a refused PrivateMessage would burn its key.
    fn encryption_options(&self, _: &Roster, _: &GroupContext) -> Outcome<EncryptionOptions> {
        Ok(EncryptionOptions::default())
    }
}
