//! What the page does for itself when it crashes: plain script (`boot.js`) notices, asks for what was drawn to
//! be put aside, and says so. The app is gone then.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use crate::app::store::rescue;

/// What `boot.js` offers to the app and asks of it.
pub fn boot() -> Option<JsValue> {
    let boot = Reflect::get(&gloo::utils::window(), &"archplayBoot".into());
    boot.ok().filter(JsValue::is_object)
}

/// Tells `boot.js` how to put aside what was drawn. Called once, before the app is mounted.
pub fn install() {
    let rescue = Closure::<dyn Fn() -> bool>::new(rescue::put_latest_aside);
    if let Some(boot) = boot() {
        // A plain object takes any member.
        let _ = Reflect::set(&boot, &"rescue".into(), rescue.as_ref());
    }
    rescue.forget();
}
