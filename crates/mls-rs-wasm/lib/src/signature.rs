//! Ed25519 (RFC 8032 section 5.1.7) over what the log's entries say, which is not MLS: headers.

use ed25519_dalek::{Signature, VerifyingKey};

/// Whether `signature` is that of `content` by `key`. Strict: without the cofactor, and a key or an `R` of small order is none. So that
/// everybody comes to the same answer for odd bytes too, participants and service use this and nothing else.
pub fn verifies(key: &[u8], content: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (VerifyingKey::try_from(key), Signature::from_slice(signature)) else {
        return false;
    };
    key.verify_strict(content, &signature).is_ok()
}
