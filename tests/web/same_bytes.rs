//! The engine in wasm makes the same bytes as natively: `tests/suite/same-bytes.txt` was made natively.

use wasm_bindgen_test::wasm_bindgen_test;

#[path = "../suite/same_bytes.rs"]
mod runs;

#[wasm_bindgen_test]
fn reports_have_the_bytes_that_they_have_natively() {
    assert_eq!(runs::lines(), include_str!("../suite/same-bytes.txt"));
}
