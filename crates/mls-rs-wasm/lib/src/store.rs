//! The one key package's private keys, in the hands of mls-rs only for the length of a call: the participant itself holds them
//! and decides when they go (RFC 9420 section 16.8: an init key is deleted once it was used).

use core::convert::Infallible;
use mls_rs_core::key_package::{KeyPackageData, KeyPackageStorage};
use std::sync::{Arc, Mutex};

pub type Entry = (Vec<u8>, KeyPackageData);

#[derive(Clone, Default)]
pub struct OneKeyPackage(Arc<Mutex<Option<Entry>>>);

impl OneKeyPackage {
    pub fn swap(&self, entry: Option<Entry>) -> Option<Entry> {
        self.0.lock().ok().and_then(|mut held| core::mem::replace(&mut *held, entry))
    }
}

impl KeyPackageStorage for OneKeyPackage {
    type Error = Infallible;

    fn delete(&mut self, _: &[u8]) -> Result<(), Infallible> {
        self.swap(None);
        Ok(())
    }

    fn insert(&mut self, id: Vec<u8>, package: KeyPackageData) -> Result<(), Infallible> {
        self.swap(Some((id, package)));
        Ok(())
    }

    fn get(&self, id: &[u8]) -> Result<Option<KeyPackageData>, Infallible> {
        let held = self.0.lock().ok();
        Ok(held.and_then(|it| it.as_ref().filter(|(own, _)| own == id).map(|(_, package)| package.clone())))
    }
}
