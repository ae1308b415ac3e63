//! What the benches share: the product's allocator, and how large they are.

#![allow(dead_code, reason = "each bench uses a part of it")]

/// The binary's own, so that what is measured is what is served.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Whether this is `cargo test --benches`, which runs everything once: only `cargo bench` says `--bench`.
pub(crate) fn is_test() -> bool {
    !std::env::args().any(|argument| argument == "--bench")
}
