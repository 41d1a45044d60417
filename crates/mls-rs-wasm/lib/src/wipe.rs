//! Memory is overwritten before it is freed, so that no secret outlives the value that held it: mls-rs keeps its keys in wiping
//! types, but serialises a pending commit into plain bytes, and a library's temporaries are nobody's to wipe.

#![allow(unsafe_code)]

use core::{hint::black_box, ptr::write_bytes};
use std::alloc::{GlobalAlloc, Layout, System};

pub struct WipeOnFree;

// SAFETY: every call is handed on to the system allocator unchanged; `dealloc` writes only inside the block it is about to free.
// `realloc` is the trait's own: allocate, copy, `dealloc`, so the old block is wiped as well.
unsafe impl GlobalAlloc for WipeOnFree {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        System.alloc(layout)
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        System.alloc_zeroed(layout)
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        write_bytes(block, 0, layout.size());
        System.dealloc(black_box(block), layout);
    }
}

/// Bytes of stack; more than the deepest call uses, see the memory test of the adapter.
const STACK: usize = 128 * 1024;

/// Overwrites the stack below the caller, where finished calls have left copies of keys.
#[inline(never)]
pub fn stack() {
    black_box(&mut [0u8; STACK]);
}
