//! What a member knows who holds to nothing: it signs, MACs and seals any content, by a key schedule of its own (RFC 9420 section 8).

use crate::tree::{parse, Node, Reader};
use mls_rs::CipherSuiteProvider;
use mls_rs_core::crypto::{HpkeCiphertext, HpkePublicKey, SignatureSecretKey};
use mls_rs_core::key_package::KeyPackageData;
use mls_rs_wasm::key_package::suite;

fn opaque(bytes: &[u8]) -> Vec<u8> {
    Node::opaque(bytes).encode()
}

fn labelled(label: &str) -> Vec<u8> {
    opaque(&[b"MLS 1.0 ", label.as_bytes()].concat())
}

fn expand(secret: &[u8], label: &str, context: &[u8], length: u16) -> Vec<u8> {
    let info = [length.to_be_bytes().to_vec(), labelled(label), opaque(context)].concat();
    suite().unwrap().kdf_expand(secret, &info, length.into()).unwrap().to_vec()
}

fn extract(salt: &[u8], secret: &[u8]) -> Vec<u8> {
    suite().unwrap().kdf_extract(salt, secret).unwrap().to_vec()
}

fn mac(key: &[u8], content: &[u8]) -> Vec<u8> {
    suite().unwrap().mac(key, content).unwrap()
}

/// All items of a structure but those after the first `n`.
fn first(node: &Node, n: usize) -> Vec<u8> {
    node.items().iter().take(n).flat_map(Node::encode).collect()
}

/// Epoch secret from a joiner secret, without PSKs; the welcome secret is from the value before.
fn epoch_secret(joiner: &[u8], context: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let before = extract(joiner, &[0; 32]);
    (expand(&before, "welcome", &[], 32), expand(&before, "epoch", context, 32))
}

fn hpke_context(group_info: &[u8]) -> Vec<u8> {
    [labelled("Welcome"), opaque(group_info)].concat()
}

/// A Welcome opened with a key package's init key: GroupSecrets and GroupInfo.
pub fn open_welcome(welcome: &[u8], reference: &[u8], keys: &KeyPackageData, init_key: &[u8]) -> Option<(Node, Node)> {
    let tree = parse(welcome)?;
    let [_, _, secrets, sealed] = tree.items() else { return None };
    let content = |it: &Node| it.items().first().map(Node::encode);
    let sealed = content(sealed)?;
    let own = secrets.items().iter().find(|it| it.items()[0] == Node::opaque(reference))?;
    let ciphertext = HpkeCiphertext { kem_output: content(&own.items()[1])?, ciphertext: content(&own.items()[2])? };
    let public = HpkePublicKey::from(init_key.to_vec());
    let plain = suite().ok()?.hpke_open(&ciphertext, &keys.init_key, &public, &hpke_context(&sealed), None).ok()?;
    let group_secrets = Reader(&plain).group_secrets()?;
    let (secret, _) = epoch_secret(&content(&group_secrets.items()[0])?, &[]);
    let (key, nonce) = (expand(&secret, "key", &[], 16), expand(&secret, "nonce", &[], 12));
    let info = suite().ok()?.aead_open(&key, &sealed, None, &nonce).ok()?;
    Some((group_secrets, Reader(&info).group_info()?))
}

/// GroupSecrets with the path secret of the parent, RFC 9420 section 7.4.
pub fn above(group_secrets: &Node) -> Node {
    let mut out = group_secrets.clone();
    if let Some(path) = out.items_mut().and_then(|it| it.get_mut(1)?.items_mut()?.get_mut(1)) {
        *path = Node::opaque(&expand(&first(path, 1), "path", &[], 32));
    }
    out
}

/// RFC 9420 section 7.8, over nodes of the array from `from` to `to`; what is beyond the end is blank.
fn tree_hash(nodes: &[Node], from: usize, to: usize) -> Vec<u8> {
    let at = |i: usize| nodes.get(i).filter(|it| !it.items().is_empty());
    let optional = |i: usize| {
        at(i).map_or(vec![0], |it| [vec![1], it.items()[1].items().iter().skip(1).flat_map(Node::encode).collect()].concat())
    };
    let input = if to - from == 1 {
        [vec![1], ((from / 2) as u32).to_be_bytes().to_vec(), optional(from)].concat()
    } else {
        let root = from + (to - from) / 2;
        let sides = [tree_hash(nodes, from, root), tree_hash(nodes, root + 1, to)];
        [vec![2], optional(root), opaque(&sides[0]), opaque(&sides[1])].concat()
    };
    suite().unwrap().hash(&input).unwrap()
}

pub struct Insider {
    pub signer: SignatureSecretKey,
    pub public: Vec<u8>,
    pub leaf: u32,
    pub group_id: Vec<u8>,
    /// GroupContext of the epoch that commits are made in.
    pub context: Vec<u8>,
    pub membership_key: Vec<u8>,
}

impl Insider {
    /// The membership key of the epoch that a Welcome leads to.
    pub fn membership_key(group_secrets: &Node, context: &[u8]) -> Vec<u8> {
        let joiner = first(&group_secrets.items()[0], 1);
        expand(&epoch_secret(&joiner, context).1, "membership", &[], 32)
    }

    fn sign(&self, label: &str, content: &[u8]) -> Node {
        let content = [labelled(label), opaque(content)].concat();
        Node::opaque(&suite().unwrap().sign(&self.signer, &content).unwrap())
    }

    /// Signs a leaf anew, whatever is in it; `tail` is what a commit adds: group id and leaf index.
    fn sign_leaf(&self, leaf: &mut Node, tail: &[u8]) {
        let n = leaf.items().len();
        if let Some(items) = leaf.items_mut().filter(|it| it.len() > 2) {
            items.pop();
            let content: Vec<u8> = items.iter().flat_map(Node::encode).chain(tail.iter().copied()).collect();
            let signature = self.sign("LeafNodeTBS", &content);
            items.push(signature);
            debug_assert_eq!(n, items.len());
        }
    }

    /// A key package in an MLSMessage, with this signature key put in and both signatures made anew.
    pub fn sign_key_package(&self, message: &mut Node) -> Option<()> {
        let package = message.items_mut()?.get_mut(1)?.items_mut().filter(|it| it.len() > 4)?;
        *package.get_mut(3)?.items_mut()?.get_mut(1)? = Node::opaque(&self.public);
        self.sign_leaf(package.get_mut(3)?, &[]);
        package.pop();
        let content: Vec<u8> = package.iter().flat_map(Node::encode).collect();
        package.push(self.sign("KeyPackageTBS", &content));
        Some(())
    }

    /// A PublicMessage of this member: the path's leaf, the message and its membership tag are signed anew.
    pub fn sign_message(&self, message: &mut Node) -> Option<()> {
        let items = message.items_mut().filter(|it| it.len() > 3)?;
        let tail = [opaque(&self.group_id), self.leaf.to_be_bytes().to_vec()].concat();
        // content > body > optional path > leaf
        let path = items[1].items_mut().and_then(|it| it.get_mut(5)?.items_mut()?.get_mut(1)?.items_mut()?.get_mut(1));
        if let Some(leaf) = path.and_then(|it| it.items_mut()?.first_mut()) {
            self.sign_leaf(leaf, &tail);
        }
        let mut content = [vec![0, 1, 0, 1], items[1].encode(), self.context.clone()].concat();
        items[2] = self.sign("FramedContentTBS", &content);
        let last = items.len() - 1;
        content.extend(items[2..last].iter().flat_map(Node::encode));
        items[last] = Node::opaque(&mac(&self.membership_key, &content));
        Some(())
    }

    /// A Welcome with this content for one key package: tree hash, confirmation tag and signature made anew, and all sealed.
    pub fn seal_welcome(&self, secrets: &Node, info: &mut Node, reference: &[u8], init_key: &[u8], fix: bool) -> Option<Vec<u8>> {
        let joiner = first(secrets.items().first()?, 1);
        let items = info.items_mut().filter(|it| it.len() == 5)?;
        if fix {
            let extensions = items[1].items();
            let tree = extensions.iter().find_map(|it| Some(it.items().get(1)?.items().first()?.items().to_vec()))?;
            let width = (tree.len().clamp(1, 1 << 12) + 1).next_power_of_two() - 1;
            let well_formed = tree.iter().all(|it| it.items().is_empty() || it.items().len() == 2);
            if let Some(hash) = items[0].items_mut().and_then(|it| it.get_mut(4)).filter(|_| well_formed) {
                *hash = Node::opaque(&tree_hash(&tree, 0, width));
            }
            let (_, epoch) = epoch_secret(&joiner, &items[0].encode());
            let transcript = first(items[0].items().get(5)?, 1);
            items[2] = Node::opaque(&mac(&expand(&epoch, "confirm", &[], 32), &transcript));
        }
        items.pop();
        let content: Vec<u8> = items.iter().flat_map(Node::encode).collect();
        items.push(self.sign("GroupInfoTBS", &content));
        let (secret, _) = epoch_secret(&joiner, &[]);
        let (key, nonce) = (expand(&secret, "key", &[], 16), expand(&secret, "nonce", &[], 12));
        let sealed = suite().ok()?.aead_seal(&key, &info.encode(), None, &nonce).ok()?;
        let public = HpkePublicKey::from(init_key.to_vec());
        let one = suite().ok()?.hpke_seal(&public, &hpke_context(&sealed), None, &secrets.encode()).ok()?;
        let entry = [Node::opaque(reference), Node::opaque(&one.kem_output), Node::opaque(&one.ciphertext)];
        let list = Node::Vector(vec![Node::Seq(entry.to_vec())]);
        Some([vec![0, 1, 0, 3, 0, 1], list.encode(), opaque(&sealed)].concat())
    }
}
