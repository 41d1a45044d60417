//! Edges that an input reaches, from LLVM's inline 8-bit counters (`-sanitizer-coverage-inline-8bit-counters`, set by `fuzz.mjs
//! --coverage`). Without them there is no range, and nothing is new.

use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering::Relaxed};

static START: AtomicPtr<u8> = AtomicPtr::new(std::ptr::null_mut());
static LENGTH: AtomicUsize = AtomicUsize::new(0);

/// Called at the start of the program, with the same range each time.
#[no_mangle]
extern "C" fn __sanitizer_cov_8bit_counters_init(start: *mut u8, stop: *mut u8) {
    START.store(start, Relaxed);
    LENGTH.store((stop as usize).saturating_sub(start as usize), Relaxed);
}

#[derive(Default)]
pub struct Coverage {
    seen: Vec<u8>,
    pub reached: usize,
}

fn counters() -> &'static mut [u8] {
    let (start, length) = (START.load(Relaxed), LENGTH.load(Relaxed));
    if start.is_null() {
        return &mut [];
    }
    // SAFETY: the range that the compiler announced; one thread reads and clears it.
    unsafe { std::slice::from_raw_parts_mut(start, length) }
}

/// A count as a class: 1, 2, 3, 4 to 7, 8 to 15, ...
fn class(count: u8) -> u8 {
    match count {
        0..=3 => [0, 1, 2, 4][count as usize],
        4..=7 => 8,
        8..=15 => 16,
        16..=31 => 32,
        32..=127 => 64,
        _ => 128,
    }
}

impl Coverage {
    pub fn is_on() -> bool {
        LENGTH.load(Relaxed) > 0
    }

    pub fn edges() -> usize {
        LENGTH.load(Relaxed)
    }

    pub fn clear() {
        counters().fill(0);
    }

    /// Whether something was reached since `clear`, or as often, that never was before.
    pub fn is_new(&mut self) -> bool {
        let counters = counters();
        self.seen.resize(counters.len(), 0);
        let mut new = false;
        for (chunk, seen) in counters.chunks(8).zip(self.seen.chunks_mut(8)) {
            if chunk.iter().all(|it| *it == 0) {
                continue;
            }
            for (count, seen) in chunk.iter().zip(seen) {
                let bit = class(*count);
                if *seen & bit != bit {
                    self.reached += usize::from(*seen == 0);
                    *seen |= bit;
                    new = true;
                }
            }
        }
        new
    }
}
