//! Postcard as gloo-worker's codec: its default is no longer maintained.

use gloo_worker::Codec;
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsValue, UnwrapThrowExt};

/// Bytes of postcard in a `Uint8Array`. Only gloo-worker's own wrapping passes here; the messages inside
/// are opaque bytes, so nothing that the page sends can fail to be read.
#[derive(Debug)]
pub struct Postcard;

impl Codec for Postcard {
    fn encode<I: Serialize>(input: I) -> JsValue {
        let bytes = archplay_protocol::encode(&input).unwrap_throw();
        Uint8Array::from(bytes.as_slice()).into()
    }

    fn decode<O: for<'de> Deserialize<'de>>(input: JsValue) -> O {
        let bytes = Uint8Array::from(input).to_vec();
        archplay_protocol::decode(&bytes).unwrap_throw()
    }
}
