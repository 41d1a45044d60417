//! The fixed check of a key package: it depends on the bytes alone, asks no clock and no group, and what passes it can be added
//! to any group that has none of its keys and not its participant id yet. Everybody who runs it comes to the same answer.

use crate::error::{refusal, refuse, Outcome};
use crate::identity::{id_of, Id};
use mls_rs::{
    group::{Capabilities, LeafNode, LeafNodeSource},
    CipherSuite, CipherSuiteProvider, CryptoProvider, ExtensionList, MlsMessage, ProtocolVersion,
};
use mls_rs_codec::{MlsDecode, MlsEncode, MlsSize};
use mls_rs_core::{
    crypto::{HpkePublicKey, SignaturePublicKey},
    identity::CredentialType,
};
use mls_rs_crypto_rustcrypto::RustCryptoProvider;
use sha2::{Digest, Sha256};

/// MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519, RFC 9420 section 17.1.
pub const SUITE: CipherSuite = CipherSuite::CURVE25519_AES128;
/// Bytes. A key package of this profile has about 300.
pub const MAX_KEY_PACKAGE: usize = 1024;
/// Seconds: a key package's lifetime starts this long before its maker's clock ...
pub const BACKDATED: u64 = 7 * 24 * 3600;
/// ... and is this long in all: the "maximum total lifetime" of RFC 9420 section 7.2, which the check enforces. Nobody compares a
/// lifetime with a clock of their own: clocks are wrong by hours in the field, and a participant id is good for one call only.
pub const LIFETIME: u64 = 90 * 24 * 3600;

/// An MLSMessage that holds a KeyPackage, RFC 9420 sections 6 and 10.
#[derive(MlsSize, MlsEncode, MlsDecode)]
struct KeyPackageMessage {
    message_version: ProtocolVersion,
    wire_format: u16,
    version: ProtocolVersion,
    cipher_suite: CipherSuite,
    init_key: HpkePublicKey,
    leaf_node: LeafNode,
    extensions: ExtensionList,
    #[mls_codec(with = "mls_rs_codec::byte_vec")]
    signature: Vec<u8>,
}

/// RFC 9420 section 5.1.2.
#[derive(MlsSize, MlsEncode)]
struct SignContent {
    #[mls_codec(with = "mls_rs_codec::byte_vec")]
    label: Vec<u8>,
    #[mls_codec(with = "mls_rs_codec::byte_vec")]
    content: Vec<u8>,
}

#[derive(Debug, Clone)]
pub struct Checked {
    pub id: Id,
    pub signature_key: [u8; 32],
    pub init_key: [u8; 32],
    pub leaf_key: [u8; 32],
    /// SHA-256 of the whole message.
    pub hash: [u8; 32],
    pub message: MlsMessage,
}

/// What every leaf of this profile is able to do: MLS 1.0, suite 1, basic credentials, and nothing besides.
pub fn profile() -> Capabilities {
    Capabilities {
        protocol_versions: vec![ProtocolVersion::MLS_10],
        cipher_suites: vec![SUITE],
        extensions: vec![],
        proposals: vec![],
        credentials: vec![CredentialType::BASIC],
    }
}

pub fn crypto() -> RustCryptoProvider {
    RustCryptoProvider::with_enabled_cipher_suites(vec![SUITE])
}

pub fn suite() -> Outcome<<RustCryptoProvider as CryptoProvider>::CipherSuiteProvider> {
    crypto().cipher_suite_provider(SUITE).ok_or_else(|| refusal("crypto", "suite 1 is not there"))
}

pub fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn verify(key: &SignaturePublicKey, label: &[u8], content: &[u8], signature: &[u8]) -> Outcome<()> {
    let content = SignContent { label: label.to_vec(), content: content.to_vec() }.mls_encode_to_vec()?;
    suite()?
        .verify(key, signature, &content)
        .map_err(|_| refusal("bad_signature", "a signature in the key package does not verify"))
}

/// All that was encoded before the trailing `signature<V>`.
fn without(signature: &[u8], mut encoded: Vec<u8>) -> Outcome<Vec<u8>> {
    let tail = mls_rs_codec::byte_vec::mls_encoded_len(&signature);
    let length = encoded.len().checked_sub(tail).ok_or_else(|| refusal("malformed", "signature"))?;
    encoded.truncate(length);
    Ok(encoded)
}

/// The u-coordinates of small order on Curve25519 and its twist, little-endian: 0, 1, two of order 8, p - 1, p, p + 1.
#[rustfmt::skip]
pub const SMALL_ORDER: [[u8; 32]; 7] = [
    [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
    [0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
    [0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00],
    [0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57],
    [0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    [0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    [0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
];

/// A 32-byte X25519 key of large order. A key of small order would make every secret sealed to it public.
pub fn x25519(key: &HpkePublicKey) -> Outcome<[u8; 32]> {
    let bytes = <[u8; 32]>::try_from(key.as_ref()).map_err(|_| refusal("bad_key", "an HPKE key is not 32 bytes"))?;
    let mut coordinate = bytes;
    // Bit 255 is not part of a coordinate, RFC 7748 section 5.
    if let Some(last) = coordinate.last_mut() {
        *last &= 0x7f;
    }
    if SMALL_ORDER.contains(&coordinate) {
        return refuse("bad_key", "an HPKE key is of small order");
    }
    Ok(bytes)
}

fn ed25519(key: &SignaturePublicKey) -> Outcome<[u8; 32]> {
    let bytes = <[u8; 32]>::try_from(key.as_ref()).map_err(|_| refusal("bad_key", "the signature key is not 32 bytes"))?;
    match ed25519_dalek::VerifyingKey::from_bytes(&bytes) {
        Ok(point) if !point.is_weak() => Ok(bytes),
        _ => refuse("bad_key", "the signature key is no point of large order"),
    }
}

/// RFC 9420 section 10.1, less what needs a group or a clock.
pub fn check(bytes: &[u8]) -> Outcome<Checked> {
    if bytes.len() > MAX_KEY_PACKAGE {
        return refuse("too_large", "the key package is too large");
    }
    let rest = &mut &*bytes;
    let it = KeyPackageMessage::mls_decode(rest)?;
    if !rest.is_empty() || it.mls_encode_to_vec()? != bytes {
        return refuse("malformed", "not the one encoding of a key package");
    }
    if it.message_version != ProtocolVersion::MLS_10 || it.version != ProtocolVersion::MLS_10 || it.wire_format != 5 {
        return refuse("malformed", "not an MLS 1.0 key package");
    }
    if it.cipher_suite != SUITE {
        return refuse("wrong_suite", "not cipher suite 1");
    }
    let leaf = &it.leaf_node;
    if !it.extensions.is_empty() || !leaf.extensions.is_empty() || leaf.capabilities != profile() {
        return refuse("unexpected_content", "extensions or capabilities outside the profile");
    }
    let LeafNodeSource::KeyPackage(lifetime) = &leaf.leaf_node_source else {
        return refuse("unexpected_content", "the leaf is not from a key package");
    };
    let (from, to) = (lifetime.not_before.seconds_since_epoch(), lifetime.not_after.seconds_since_epoch());
    if to.checked_sub(from).is_none_or(|length| length > LIFETIME) {
        return refuse("bad_lifetime", "the lifetime is negative or too long");
    }
    let id = id_of(&leaf.signing_identity)?;
    let key = &leaf.signing_identity.signature_key;
    let (signature_key, init_key, leaf_key) = (ed25519(key)?, x25519(&it.init_key)?, x25519(&leaf.public_key)?);
    if init_key == leaf_key {
        return refuse("bad_key", "init key and leaf key are equal");
    }
    verify(key, b"MLS 1.0 LeafNodeTBS", &without(&leaf.signature, leaf.mls_encode_to_vec()?)?, &leaf.signature)?;
    let to_sign = without(&it.signature, bytes.to_vec())?;
    let to_sign = to_sign.get(4..).ok_or_else(|| refusal("malformed", "too short"))?;
    verify(key, b"MLS 1.0 KeyPackageTBS", to_sign, &it.signature)?;
    Ok(Checked { id, signature_key, init_key, leaf_key, hash: hash(bytes), message: MlsMessage::from_bytes(bytes)? })
}
