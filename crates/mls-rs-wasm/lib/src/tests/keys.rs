//! HPKE keys that nothing can be sealed to, against X25519 itself.

use crate::key_package::{x25519, SMALL_ORDER};
use mls_rs_core::crypto::HpkePublicKey;

fn shared(key: [u8; 32]) -> [u8; 32] {
    x25519_dalek::x25519([1; 32], key)
}

#[test]
fn each_key_of_small_order_makes_a_public_secret_and_is_refused() {
    for mut key in SMALL_ORDER {
        for _ in 0..2 {
            assert_eq!(shared(key), [0; 32]);
            assert_eq!(x25519(&HpkePublicKey::from(key.to_vec())).unwrap_err().code, "bad_key");
            key[31] ^= 0x80;
        }
    }
}

#[test]
fn their_neighbours_are_taken_and_make_a_secret() {
    let mut taken = 0;
    for key in SMALL_ORDER {
        for bit in (0..255).step_by(5) {
            let mut near = key;
            near[bit / 8] ^= 1 << (bit % 8);
            if SMALL_ORDER.contains(&near) {
                continue;
            }
            assert_ne!(shared(near), [0; 32]);
            assert_eq!(x25519(&HpkePublicKey::from(near.to_vec())).unwrap(), near);
            taken += 1;
        }
    }
    assert!(taken >= 300, "{taken}");
}

#[test]
fn other_lengths_are_refused() {
    for length in [0, 31, 33] {
        assert_eq!(x25519(&HpkePublicKey::from(vec![9; length])).unwrap_err().code, "bad_key");
    }
}
