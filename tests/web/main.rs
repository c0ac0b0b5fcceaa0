//! Tests of the page's components, compiled to wasm and run in a real browser.
//!
//! Each file here is a module of one test program; nothing runs natively.
#![cfg(target_arch = "wasm32")]

mod same_bytes;
mod smoke;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
