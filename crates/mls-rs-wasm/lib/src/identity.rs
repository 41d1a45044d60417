//! RFC 9420 section 5.3: here the credential is basic and its identity is exactly the participant id, 16 bytes. That the
//! signature key belongs to that participant follows from its `join` in the log, not from the credential.

use crate::error::{refusal, Outcome, Refusal};
use mls_rs::{group::GroupContext, time::MlsTime, ExtensionList, IdentityProvider};
use mls_rs_core::identity::{Credential, CredentialType, MemberValidationContext, SigningIdentity};

pub const ID_SIZE: usize = 16;
pub type Id = [u8; ID_SIZE];

/// The participant id in a member's credential.
pub fn id_of(member: &SigningIdentity) -> Outcome<Id> {
    match &member.credential {
        Credential::Basic(basic) => Id::try_from(basic.identifier()).ok(),
        _ => None,
    }
    .ok_or_else(|| refusal("bad_credential", "the credential is not basic with 16 bytes"))
}

#[derive(Clone, Debug)]
pub struct ParticipantIdentity;

impl IdentityProvider for ParticipantIdentity {
    type Error = Refusal;

    fn validate_member(&self, member: &SigningIdentity, _: Option<MlsTime>, _: MemberValidationContext<'_>) -> Outcome<()> {
        id_of(member).map(|_| ())
    }

    fn validate_external_sender(&self, _: &SigningIdentity, _: Option<MlsTime>, _: Option<&ExtensionList>) -> Outcome<()> {
        Err(refusal("unexpected_content", "there are no external senders"))
    }

    fn identity(&self, member: &SigningIdentity, _: &ExtensionList) -> Outcome<Vec<u8>> {
        id_of(member).map(|id| id.to_vec())
    }

    /// A signature key is used by one participant and is never replaced.
    fn valid_successor(&self, old: &SigningIdentity, new: &SigningIdentity, _: &ExtensionList) -> Outcome<bool> {
        Ok(old == new)
    }

    fn supported_types(&self) -> Vec<CredentialType> {
        vec![CredentialType::BASIC]
    }
}

/// No GroupContext extension is ever in use, RFC 9420 section 8.1.
pub fn plain_context(context: &GroupContext) -> Outcome<()> {
    if context.extensions.is_empty() {
        Ok(())
    } else {
        Err(refusal("unexpected_content", "the GroupContext has extensions"))
    }
}
