//! Decodes arbitrary bytes: no panic, no hang, as many pixels as the sides require.
#![no_main]

#[path = "../../tests/jpeg_files/never_panics.rs"]
mod never_panics;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| never_panics::decode_any(bytes));
