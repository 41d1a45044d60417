//! Two sources of numbers, both by seed. `Stream` stands in for the random source of the system (getrandom's custom backend): so a run is
//! repeated by its seed, and the wasm, given the same stream, comes to the same keys. `Dice` is for the mutations.

use sha2::{Digest, Sha256};
use std::cell::RefCell;

/// SHA-256 of the seed and a counter (4 bytes, big-endian), block after block; taken byte by byte.
struct Stream {
    seed: Vec<u8>,
    counter: u32,
    left: Vec<u8>,
}

impl Stream {
    fn next(&mut self) -> u8 {
        if self.left.is_empty() {
            let block = Sha256::new().chain_update(&self.seed).chain_update(self.counter.to_be_bytes()).finalize();
            self.counter = self.counter.wrapping_add(1);
            self.left = block.iter().rev().copied().collect();
        }
        self.left.pop().unwrap_or_default()
    }
}

thread_local! {
    static STREAM: RefCell<Stream> = const { RefCell::new(Stream { seed: vec![], counter: 0, left: vec![] }) };
}

/// Starts the stream anew.
pub fn seed_system(seed: &[u8]) {
    STREAM.with_borrow_mut(|it| *it = Stream { seed: seed.to_vec(), counter: 0, left: vec![] });
}

#[no_mangle]
unsafe extern "Rust" fn __getrandom_v03_custom(into: *mut u8, length: usize) -> Result<(), getrandom::Error> {
    STREAM.with_borrow_mut(|it| {
        for at in 0..length {
            // SAFETY: getrandom hands over `length` bytes to write.
            unsafe { into.add(at).write(it.next()) };
        }
    });
    Ok(())
}

/// Whether the crypto draws from `Stream`: it does if built with `--cfg getrandom_backend="custom"`, as `fuzz.mjs` does.
pub fn is_seeded() -> bool {
    let draw = || {
        seed_system(b"probe");
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map(|()| bytes)
    };
    matches!((draw(), draw()), (Ok(one), Ok(two)) if one == two)
}

/// SplitMix64.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `n - 1`; 0 for none.
    pub fn below(&mut self, n: usize) -> usize {
        (self.roll() % n.max(1) as u64) as usize
    }

    pub fn percent(&mut self, p: usize) -> bool {
        self.below(100) < p
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
