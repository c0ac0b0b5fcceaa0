//! The browser the other tests rely on: there is a document, and it takes elements.

use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn there_is_a_document_to_mount_into() {
    let document = gloo::utils::document();
    let host = document.create_element("div").unwrap();
    gloo::utils::body().append_child(&host).unwrap();
    assert!(host.is_connected());
    host.remove();
}
