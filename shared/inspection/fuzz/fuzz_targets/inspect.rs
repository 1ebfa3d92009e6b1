//! Inspects arbitrary bytes: no panic, no hang, the same report twice.
#![no_main]

#[path = "../../tests/jpeg_files/never_panics.rs"]
mod never_panics;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| never_panics::inspect_any(bytes));
