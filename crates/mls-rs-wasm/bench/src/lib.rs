//! What `npm run bench -- media` compares frames with, and production does not have: application messages of MLS, and AES-GCM in
//! wasm. Never part of the package in `pkg/`.

mod aead;
mod member;

use wasm_bindgen::JsError;

/// Only the benchmark calls this, with what it has made itself: an error ends it.
fn failed<E: core::fmt::Debug>(error: E) -> JsError {
    JsError::new(&format!("{error:?}"))
}
