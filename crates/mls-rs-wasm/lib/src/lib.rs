//! The MLS core of a participant, over mls-rs: cipher suite 1, basic credentials, commits of inline adds and removes only.
//! This file is the border to JavaScript: bytes in, bytes out, and a refusal as an `Error` with a stable `code`.
//! Lists of fixed-size records cross as one array of bytes, so that nothing of JavaScript's types is looked into here.

// Public for the harness in `fuzz/`, which is a crate of its own.
pub mod error;
pub mod identity;
pub mod key_package;
pub mod participant;
pub mod rules;
pub mod signature;
pub mod store;
#[cfg(test)]
mod tests;
pub mod tree;
mod wipe;

use error::{refuse, Outcome, Refusal};
use identity::{Id, ID_SIZE};
use js_sys::{Error, Reflect, Uint8Array};
use participant::Made;
use rules::Expected;
use wasm_bindgen::prelude::*;

#[global_allocator]
static ALLOCATOR: wipe::WipeOnFree = wipe::WipeOnFree;

impl From<Refusal> for JsValue {
    fn from(it: Refusal) -> Self {
        let error = Error::new(&it.detail);
        // Setting a property of a fresh Error cannot fail; if it did, the error is still thrown.
        let _ = Reflect::set(&error, &"code".into(), &it.code.into());
        error.into()
    }
}

fn ids(bytes: &[u8]) -> Outcome<Vec<Id>> {
    let (records, rest) = bytes.as_chunks::<ID_SIZE>();
    if !rest.is_empty() {
        return refuse("malformed", "not a list of participant ids");
    }
    Ok(records.to_vec())
}

fn id(bytes: &[u8]) -> Outcome<Id> {
    match ids(bytes)?.as_slice() {
        [one] => Ok(*one),
        _ => refuse("malformed", "not one participant id"),
    }
}

/// Records of a participant id and the SHA-256 of its key package.
fn expected_adds(bytes: &[u8]) -> Outcome<Vec<(Id, [u8; 32])>> {
    let (records, rest) = bytes.as_chunks::<48>();
    if !rest.is_empty() {
        return refuse("malformed", "not a list of expected adds");
    }
    let split = |record: &[u8; 48]| {
        let (id, hash) = record.split_first_chunk::<ID_SIZE>()?;
        Some((*id, <[u8; 32]>::try_from(hash).ok()?))
    };
    records.iter().map(|it| split(it).ok_or_else(|| error::refusal("malformed", "an expected add"))).collect()
}

#[wasm_bindgen]
pub struct Commit(Made);

#[wasm_bindgen]
impl Commit {
    #[wasm_bindgen(getter)]
    pub fn commit(&self) -> Vec<u8> {
        self.0.commit.clone()
    }
    #[wasm_bindgen(getter)]
    pub fn welcome(&self) -> Vec<u8> {
        self.0.welcome.clone()
    }
    #[wasm_bindgen(getter)]
    pub fn authenticator(&self) -> Vec<u8> {
        self.0.authenticator.to_vec()
    }
}

/// One participant. Its id is used once; see `MlsGroup.ts` for what each method means.
#[wasm_bindgen]
pub struct Participant(participant::Participant);

#[wasm_bindgen]
impl Participant {
    #[wasm_bindgen(constructor)]
    pub fn new(participant_id: &[u8], now_seconds: f64) -> Result<Participant, JsValue> {
        if !(now_seconds >= 0.0 && now_seconds.is_finite()) {
            return refuse("malformed", "the time is out of range").map_err(JsValue::from);
        }
        // Saturates; the upper bound is checked there.
        #[allow(clippy::as_conversions)]
        let now = now_seconds as u64;
        Ok(Self(participant::participant(id(participant_id)?, now)?))
    }

    /// A deep copy, random numbers excepted: for tests and replays.
    pub fn copy(&self) -> Participant {
        Self(self.0.clone())
    }

    #[wasm_bindgen(js_name = signatureKey)]
    pub fn signature_key(&self) -> Vec<u8> {
        self.0.signature_key().to_vec()
    }

    #[wasm_bindgen(js_name = keyPackage)]
    pub fn key_package(&self) -> Vec<u8> {
        self.0.key_package().to_vec()
    }

    pub fn sign(&self, content: &[u8]) -> Result<Vec<u8>, JsValue> {
        Ok(self.0.sign(content)?)
    }

    pub fn found(&mut self, group_id: &[u8]) -> Result<Vec<u8>, JsValue> {
        Ok(self.0.found(group_id)?.to_vec())
    }

    /// `removes`: participant ids, one after the other.
    pub fn commit(
        &mut self,
        adds: Vec<Uint8Array>,
        removes: &[u8],
        path: bool,
        authenticated_data: &[u8],
    ) -> Result<Commit, JsValue> {
        let adds = adds.iter().map(|it| key_package::check(&it.to_vec())).collect::<Outcome<Vec<_>>>()?;
        Ok(Commit(self.0.commit(&adds, &ids(removes)?, path, authenticated_data)?))
    }

    pub fn merge(&mut self) -> Result<(), JsValue> {
        Ok(self.0.merge()?)
    }

    pub fn discard(&mut self) {
        self.0.discard();
    }

    /// `adds`: records of participant id and SHA-256 of the key package; `removes`: participant ids.
    pub fn process(
        &mut self,
        commit: &[u8],
        committer: &[u8],
        adds: &[u8],
        removes: &[u8],
        path: bool,
        authenticated_data: &[u8],
    ) -> Result<(), JsValue> {
        let expected = Expected {
            committer: id(committer)?,
            adds: expected_adds(adds)?,
            removes: ids(removes)?,
            path,
            authenticated_data: authenticated_data.to_vec(),
        };
        Ok(self.0.process(commit, expected)?)
    }

    pub fn welcome(&mut self, welcome: &[u8]) -> Result<(), JsValue> {
        Ok(self.0.welcome(welcome)?)
    }

    #[wasm_bindgen(getter, js_name = hasGroup)]
    pub fn has_group(&self) -> bool {
        self.0.has_group()
    }

    #[wasm_bindgen(getter, js_name = hasPending)]
    pub fn has_pending(&self) -> bool {
        self.0.has_pending()
    }

    #[wasm_bindgen(js_name = groupId)]
    pub fn group_id(&self) -> Result<Vec<u8>, JsValue> {
        Ok(self.0.current()?.group_id().to_vec())
    }

    pub fn epoch(&self) -> Result<u64, JsValue> {
        Ok(self.0.current()?.current_epoch())
    }

    #[wasm_bindgen(js_name = epochAuthenticator)]
    pub fn epoch_authenticator(&self) -> Result<Vec<u8>, JsValue> {
        Ok(self.0.authenticator()?.to_vec())
    }

    #[wasm_bindgen(js_name = ownLeafIndex)]
    pub fn own_leaf_index(&self) -> Result<u32, JsValue> {
        Ok(self.0.current()?.current_member_index())
    }

    /// Records of leaf index (4 bytes, big-endian), participant id (16) and signature key (32), by leaf index.
    pub fn roster(&self) -> Result<Vec<u8>, JsValue> {
        let mut records = vec![];
        for (leaf, id, key) in self.0.roster()? {
            records.extend(leaf.to_be_bytes());
            records.extend(id);
            records.extend(key);
        }
        Ok(records)
    }

    #[wasm_bindgen(js_name = exportSecret)]
    pub fn export_secret(&self, label: &[u8], context: &[u8], length: u32) -> Result<Vec<u8>, JsValue> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        Ok(self.0.export(label, context, length)?.to_vec())
    }
}

/// Participant id (16 bytes), signature key (32), HPKE init key (32), HPKE leaf key (32), SHA-256 of the key package (32).
#[wasm_bindgen(js_name = checkKeyPackage)]
pub fn check_key_package(key_package: &[u8]) -> Result<Vec<u8>, JsValue> {
    let it = key_package::check(key_package)?;
    Ok([&it.id[..], &it.signature_key, &it.init_key, &it.leaf_key, &it.hash].concat())
}

/// Whether `signature` is that of `content` by `key`.
#[wasm_bindgen]
pub fn verifies(key: &[u8], content: &[u8], signature: &[u8]) -> bool {
    signature::verifies(key, content, signature)
}

/// Overwrites what earlier calls left on the stack below this one. The adapter calls it after each call.
#[wasm_bindgen(js_name = wipeStack)]
pub fn wipe_stack() {
    wipe::stack();
}
