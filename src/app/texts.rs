//! Where the page's texts come from: those of a first visit with the page, the rest later.
//!
//! The rest is fetched when the rest of the program is (`static/start.js` says when), or when one of its
//! texts is asked for. Must not live here: which language is shown (`lang`).

use std::cell::Cell;

use archplay_text::Lang;
use gloo::events::EventListener;
use js_sys::{Date, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::app::dialog::crash::boot;
use crate::app::lang::{current_lang, stored_or_preferred_lang};

/// The window hears this when `start.js` fetches the rest of the program.
const MORE: &str = "archplay-more";
/// The window hears this when more texts have come.
const CAME: &str = "archplay-texts";
/// The window hears this when more texts were wanted and did not come.
const MISSING: &str = "archplay-texts-missing";
/// How long after a failure nothing is fetched again, in milliseconds.
const PAUSE_MS: f64 = 5_000.0;

thread_local! {
    /// Until when nothing is fetched, as a time of the browser: for ever while something is on its way.
    static NOT_BEFORE: Cell<f64> = const { Cell::new(0.0) };
}

/// Fetches the rest of a language's texts, unless it is here or on its way. Does nothing for a language of
/// which nothing is here.
pub fn want_rest(lang: Lang) {
    if archplay_text::is_whole(lang) || !archplay_text::is_loaded(lang) {
        return;
    }
    if Date::now() < NOT_BEFORE.get() {
        return;
    }
    NOT_BEFORE.set(f64::INFINITY);
    spawn_local(async move {
        let heard = match fetch_rest(lang).await {
            Ok(()) => {
                NOT_BEFORE.set(0.0);
                CAME
            }
            Err(reason) => {
                NOT_BEFORE.set(Date::now() + PAUSE_MS);
                web_sys::console::error_1(&reason);
                MISSING
            }
        };
        if let Ok(event) = web_sys::Event::new(heard) {
            // Nobody can stop this event.
            let _ = gloo::utils::window().dispatch_event(&event);
        }
    });
}

/// Calls back when more texts have come. Until it is dropped, the rest is also fetched when the page says so.
pub fn on_more(came: impl Fn() + 'static) -> [EventListener; 2] {
    let window = gloo::utils::window();
    [
        EventListener::new(&window, CAME, move |_| came()),
        EventListener::new(&window, MORE, |_| want_rest(current_lang())),
    ]
}

/// Calls back when texts that were wanted did not come.
pub fn on_missing(tell: impl Fn() + 'static) -> EventListener {
    EventListener::new(&gloo::utils::window(), MISSING, move |_| tell())
}

/// Takes over the texts that the page's script has fetched and returns their language. Called once,
/// before anything is shown.
///
/// Without that script (a page that was not put together by the build tool) there are none, and keys are
/// shown in their place.
pub fn install() -> Lang {
    let Some((lang, json)) = handed_over() else {
        return stored_or_preferred_lang();
    };
    if let Err(error) = archplay_text::load(lang, &json) {
        web_sys::console::error_1(&JsValue::from_str(&format!("archplay: {error}")));
    }
    lang
}

/// What `archplayBoot.texts` holds: the language and its file.
fn handed_over() -> Option<(Lang, String)> {
    let texts = Reflect::get(&boot()?, &"texts".into()).ok()?;
    let member = |name: &str| Reflect::get(&texts, &name.into()).ok()?.as_string();
    Some((Lang::from_tag(&member("lang")?), member("json")?))
}

/// Fetches all texts of a language, unless they are here.
///
/// # Errors
/// What the browser or the reader of the file says, for the console.
pub async fn fetch(lang: Lang) -> Result<(), JsValue> {
    if !archplay_text::is_loaded(lang) {
        let json = download(lang, "").await?;
        archplay_text::load(lang, &json).map_err(unreadable)?;
    }
    fetch_rest(lang).await
}

/// Fetches the rest of a language's texts, unless it is here.
async fn fetch_rest(lang: Lang) -> Result<(), JsValue> {
    if archplay_text::is_whole(lang) {
        return Ok(());
    }
    let json = download(lang, "-rest").await?;
    archplay_text::load_rest(lang, &json).map_err(unreadable)
}

fn unreadable(error: archplay_text::LoadTextsError) -> JsValue {
    error.to_string().into()
}

/// Fetches a file of texts.
async fn download(lang: Lang, part: &str) -> Result<String, JsValue> {
    let address = address(lang, part).ok_or("the page names no file of texts")?;
    let response = JsFuture::from(gloo::utils::window().fetch_with_str(&address)).await?;
    let response: web_sys::Response = response.dyn_into()?;
    if !response.ok() {
        return Err(format!("{address}: {}", response.status()).into());
    }
    let text = JsFuture::from(response.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}

/// The absolute address of a file of texts: hash routes and sub-paths must not matter.
fn address(lang: Lang, part: &str) -> Option<String> {
    let document = gloo::utils::document();
    let meta = document
        .query_selector(&format!("meta[name=archplay-texts-{}{part}]", lang.tag()))
        .ok()??;
    let path = meta
        .get_attribute("content")
        .filter(|path| !path.is_empty())?;
    let base = document.base_uri().ok()??;
    web_sys::Url::new_with_base(&path, &base)
        .ok()
        .map(|url| url.href())
}
