//! What this is, where it runs, under which licence.

use yew::prelude::*;

use crate::app::dialog::Modal;
use crate::app::lang::{tr, trf, use_lang};

/// How it is closed.
#[derive(Properties, PartialEq)]
pub struct AboutProps {
    /// Asked to close.
    pub onclose: Callback<()>,
}

/// The dialog.
#[component]
pub fn AboutDialog(props: &AboutProps) -> Html {
    let lang = use_lang();
    let part = |key: &str| {
        html! {
            <section>
                <h3>{ tr(lang, &format!("about.{key}_title")) }</h3>
                <p>{ tr(lang, &format!("about.{key}")) }</p>
            </section>
        }
    };
    html! {
        <Modal title={tr(lang, "app.title")} onclose={props.onclose.clone()}>
            <div class="about">
                <p>{ tr(lang, "about.what") }</p>
                { part("model") }
                { part("lecture") }
                { part("privacy") }
                { part("browsers") }
                { part("licence") }
                <p class="modal-note">
                    { trf(lang, "about.version", &[("version", env!("CARGO_PKG_VERSION"))]) }
                </p>
            </div>
        </Modal>
    }
}
