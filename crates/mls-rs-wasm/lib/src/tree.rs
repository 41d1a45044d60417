//! The ratchet tree that a Welcome brings, RFC 9420 sections 7.1, 7.2 and 12.4.3.3, as far as mls-rs does not look at it: a key that
//! nothing can be sealed to would keep its holder's neighbours from ever committing.

use crate::error::{refuse, Outcome};
use crate::key_package::x25519;
use mls_rs::group::LeafNode;
use mls_rs_codec::{MlsDecode, MlsEncode, MlsSize};
use mls_rs_core::crypto::HpkePublicKey;

#[derive(MlsSize, MlsEncode, MlsDecode)]
struct ParentNode {
    public_key: HpkePublicKey,
    #[mls_codec(with = "mls_rs_codec::byte_vec")]
    parent_hash: Vec<u8>,
    unmerged_leaves: Vec<u32>,
}

#[derive(MlsSize, MlsEncode, MlsDecode)]
#[repr(u8)]
enum Node {
    Leaf(Box<LeafNode>) = 1u8,
    Parent(ParentNode) = 2u8,
}

/// Every HPKE key of the encoded tree is one that secrets can be sealed to.
pub fn check(encoded: &[u8]) -> Outcome<()> {
    let rest = &mut &*encoded;
    let nodes = Vec::<Option<Node>>::mls_decode(rest)?;
    if !rest.is_empty() {
        return refuse("malformed", "not one ratchet tree");
    }
    for node in nodes.iter().flatten() {
        match node {
            Node::Leaf(leaf) => x25519(&leaf.public_key)?,
            Node::Parent(parent) => x25519(&parent.public_key)?,
        };
    }
    Ok(())
}
