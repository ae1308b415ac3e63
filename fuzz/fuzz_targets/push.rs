#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| promised_fuzz::run("push", bytes));
