//! AES-128-GCM in wasm, in constant time: the aes crate computes it bit-sliced where there are no AES instructions, and GHASH without
//! tables. One frame at a time, in place, in a buffer that JavaScript writes and reads: nothing is allocated for a frame.

use crate::failed;
use aes_gcm::{
    aead::{AeadInOut, KeyInit},
    Aes128Gcm, Nonce, Tag,
};
use wasm_bindgen::prelude::*;

const NONCE: usize = 12;
const TAG: usize = 16;

#[wasm_bindgen]
pub struct Aead {
    cipher: Aes128Gcm,
    /// Nonce, authenticated data, then plaintext and room for the tag, or ciphertext and tag.
    buffer: Vec<u8>,
}

#[wasm_bindgen]
impl Aead {
    /// `room`: the bytes of the longest frame with its authenticated data.
    #[wasm_bindgen(constructor)]
    pub fn new(key: &[u8], room: usize) -> Result<Aead, JsError> {
        let cipher = Aes128Gcm::new_from_slice(key).map_err(failed)?;
        Ok(Aead { cipher, buffer: vec![0; NONCE + room + TAG] })
    }

    /// Where the buffer is in the module's memory. It stays there.
    pub fn buffer(&self) -> *const u8 {
        self.buffer.as_ptr()
    }

    /// Encrypts in place; the tag is behind the ciphertext then.
    pub fn seal(&mut self, metadata: usize, plaintext: usize) -> Result<(), JsError> {
        let (nonce, rest) = self.buffer.split_at_mut(NONCE);
        let (metadata, rest) = rest.split_at_mut(metadata);
        let (text, rest) = rest.split_at_mut(plaintext);
        let nonce = Nonce::try_from(&*nonce).map_err(failed)?;
        let tag = self.cipher.encrypt_inout_detached(&nonce, metadata, text.into()).map_err(failed)?;
        rest[..TAG].copy_from_slice(&tag);
        Ok(())
    }

    /// Decrypts in place; false where the tag is not the one of these bytes.
    pub fn open(&mut self, metadata: usize, plaintext: usize) -> Result<bool, JsError> {
        let (nonce, rest) = self.buffer.split_at_mut(NONCE);
        let (metadata, rest) = rest.split_at_mut(metadata);
        let (text, rest) = rest.split_at_mut(plaintext);
        let nonce = Nonce::try_from(&*nonce).map_err(failed)?;
        let tag = Tag::try_from(&rest[..TAG]).map_err(failed)?;
        Ok(self.cipher.decrypt_inout_detached(&nonce, metadata, text.into(), &tag).is_ok())
    }
}
