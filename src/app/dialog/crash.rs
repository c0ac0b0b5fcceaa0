//! The page shown when the app itself has crashed. The app is gone then, so plain script (`boot.js`)
//! shows it; what was drawn has been put aside just before.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::app::lang::current_lang;
use crate::app::store::rescue;

/// Installs the hook. Called once, before the app is mounted.
pub fn install() {
    // Yew would else put its own hook in place of any other.
    yew::set_custom_panic_hook(Box::new(|info| {
        let kept = rescue::put_latest_aside();
        web_sys::console::error_1(&JsValue::from_str(&format!("archplay: {info}")));
        show(kept);
    }));
}

fn show(kept: bool) {
    let lang = current_lang();
    let text = |key: &str| JsValue::from_str(&archplay_text::t(lang, key));
    let boot = Reflect::get(&gloo::utils::window(), &"archplayBoot".into());
    let crashed = boot
        .as_ref()
        .ok()
        .and_then(|boot| Reflect::get(boot, &"crashed".into()).ok())
        .and_then(|member| member.dyn_into::<Function>().ok());
    if let (Ok(boot), Some(crashed)) = (boot, crashed) {
        let about = if kept { "crash.kept" } else { "crash.not_kept" };
        // Nothing more can be done when even this fails; the console has the message.
        let _ = crashed.call3(
            &boot,
            &text("crash.title"),
            &text(about),
            &text("crash.reload"),
        );
    }
}
