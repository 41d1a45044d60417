//! What can go wrong, as stable codes. The text beside a code is for people and may change.

use mls_rs::error::{IntoAnyError, MlsError};
use std::borrow::Cow;

/// `code` is the contract with the TypeScript side; `detail` names what was met, never a secret.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub code: &'static str,
    pub detail: Cow<'static, str>,
}

pub type Outcome<T> = Result<T, Refusal>;

pub fn refuse<T>(code: &'static str, detail: &'static str) -> Outcome<T> {
    Err(refusal(code, detail))
}

pub fn refusal(code: &'static str, detail: &'static str) -> Refusal {
    Refusal { code, detail: Cow::Borrowed(detail) }
}

impl IntoAnyError for Refusal {}

impl From<mls_rs_codec::Error> for Refusal {
    fn from(_: mls_rs_codec::Error) -> Self {
        refusal("malformed", "not a well-formed MLS structure")
    }
}

impl From<MlsError> for Refusal {
    fn from(error: MlsError) -> Self {
        let code = match &error {
            MlsError::SerializationError(_) | MlsError::ExtensionError(_) => "malformed",
            MlsError::InvalidSignature => "bad_signature",
            MlsError::InvalidMembershipTag | MlsError::InvalidConfirmationTag => "bad_tag",
            MlsError::InvalidEpoch => "wrong_epoch",
            MlsError::GroupIdMismatch => "wrong_group",
            MlsError::MemberNotFound | MlsError::LeafNotFound(_) => "not_member",
            MlsError::CantProcessMessageFromSelf => "own_commit",
            MlsError::WelcomeKeyPackageNotFound => "not_invited",
            MlsError::CommitMissingPath => "missing_path",
            MlsError::IdentityProviderError(_) => "bad_credential",
            MlsError::MlsRulesError(_) => "unexpected_content",
            MlsError::CryptoProviderError(_) => "crypto",
            _ => "invalid",
        };
        Refusal { code, detail: Cow::Owned(format!("{error:?}")) }
    }
}
