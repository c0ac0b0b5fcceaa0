//! A link to hand out: as a QR code to be read off the wall, as text, and copied.
//!
//! Must not live here: what is behind a link (`route`, `lock`).

mod qr;

use archplay_text::Lang;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

use self::qr::qr;
use super::lock;
use crate::app::dialog::{Modal, Toast, say, use_toasts};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::route::{Desk, OWN, Route, use_route};

/// The page's address, without the place within.
pub fn page_address() -> String {
    let here = gloo::utils::window().location().href().unwrap_or_default();
    here.split('#').next().unwrap_or_default().to_owned()
}

/// Whether a page of this host can be opened on this machine only.
fn is_only_here(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host.is_empty()
        || host == "localhost"
        || host.ends_with(".localhost")
        || host == "::1"
        || host.starts_with("127.")
}

/// Returns what copies a text and says so.
#[hook]
pub fn use_copy(text: AttrValue) -> Callback<MouseEvent> {
    let toasts = use_toasts();
    Callback::from(move |_: MouseEvent| {
        let (text, toasts) = (text.clone(), toasts.clone());
        spawn_local(async move {
            let clipboard = gloo::utils::window().navigator().clipboard();
            // A page that came without encryption has none, whatever the type says.
            let copied = !clipboard.is_undefined()
                && JsFuture::from(clipboard.write_text(&text)).await.is_ok();
            toasts.emit(if copied {
                Toast::done(say("class.share.copied"))
            } else {
                Toast::bad(say("class.share.not_copied"))
            });
        });
    })
}

/// Which text.
#[derive(Properties, PartialEq)]
pub struct LinkProps {
    /// The address.
    pub link: AttrValue,
}

/// A button that copies an address.
#[component]
pub fn CopyLink(props: &LinkProps) -> Html {
    let lang = use_lang();
    let onclick = use_copy(props.link.clone());
    html! {
        <button type="button" class="btn" {onclick}>
            <Icon name={IconName::Copy} size={16} />
            { tr(lang, "class.share.copy") }
        </button>
    }
}

/// An address as a QR code.
#[component]
pub fn Code(props: &LinkProps) -> Html {
    let lang = use_lang();
    let code = use_memo(props.link.clone(), |link| qr(link));
    match &*code {
        Some(code) => {
            let label = trf(lang, "class.share.code_of", &[("link", &props.link)]);
            let side = code.side.to_string();
            html! {
                <svg class="qr" role="img" aria-label={label} viewBox={format!("0 0 {side} {side}")}
                    shape-rendering="crispEdges">
                    <path d={code.path.clone()} />
                </svg>
            }
        }
        None => html! { <p class="quiet">{ tr(lang, "class.share.too_long") }</p> },
    }
}

/// What the dialog shows.
#[derive(Properties, PartialEq)]
pub struct LinkDialogProps {
    /// The address.
    pub link: AttrValue,
    /// What it leads to.
    pub about: AttrValue,
    /// It is closed.
    pub on_close: Callback<()>,
    /// What stands above: a choice, if there is one.
    #[prop_or_default]
    pub children: Html,
}

/// An address, as large as the screen lets it be.
#[component]
pub fn LinkDialog(props: &LinkDialogProps) -> Html {
    let lang = use_lang();
    let host = gloo::utils::window().location().hostname();
    let only_here = host.is_ok_and(|host| is_only_here(&host));
    html! {
        <Modal title={tr(lang, "class.share.title")} onclose={props.on_close.clone()} class="share">
            { props.children.clone() }
            <div class="share-body">
                <Code link={props.link.clone()} />
                <div class="share-words">
                    <p>{ props.about.clone() }</p>
                    <div class="field">
                        <span class="field-label">{ tr(lang, "class.share.address") }</span>
                        <p class="share-link">{ props.link.clone() }</p>
                    </div>
                    <div class="class-actions">
                        <CopyLink link={props.link.clone()} />
                    </div>
                    if only_here {
                        <p class="notice"><Icon name={IconName::Alert} size={18} />{ tr(lang, "class.share.only_here") }</p>
                    }
                    <p class="quiet">{ tr(lang, "class.share.no_drawing") }</p>
                </div>
            </div>
        </Modal>
    }
}

/// How it is closed.
#[derive(Properties, PartialEq)]
pub struct ShareProps {
    /// It is closed.
    pub on_close: Callback<()>,
}

/// The link to where one is; in a browser with a lock also the link that locks.
#[component]
pub fn Share(props: &ShareProps) -> Html {
    let lang = use_lang();
    let desk = use_route().desk;
    let locked = use_memo((), |()| lock::kept_link());
    let locks = use_state_eq(|| false);
    let (link, about) = match &*locked {
        Some(link) if *locks => (link.clone(), tr(lang, "class.share.locks")),
        _ => (link_of(desk), about(lang, desk)),
    };
    let choice = locked.is_some().then(|| {
        let choose = |value: bool, key: &str| {
            let (chosen, locks) = (*locks == value, locks.clone());
            let onchange = Callback::from(move |_: Event| locks.set(value));
            html! {
                <label>
                    <input type="radio" name="share-link" checked={chosen} {onchange} />
                    { tr(lang, key) }
                </label>
            }
        };
        html! {
            <fieldset class="share-choice">
                <legend class="visually-hidden">{ tr(lang, "class.share.which") }</legend>
                { choose(false, "class.share.open_link") }
                { choose(true, "class.share.lock_link") }
            </fieldset>
        }
    });
    html! {
        <LinkDialog {link} {about} on_close={props.on_close.clone()}>
            { choice }
        </LinkDialog>
    }
}

/// The address of a place for others: a lesson from a file is in this browser only.
fn link_of(desk: Desk) -> String {
    match desk {
        Desk::Session(OWN) => page_address(),
        desk => format!("{}{}", page_address(), Route::Desk(desk).hash()),
    }
}

fn about(lang: Lang, desk: Desk) -> AttrValue {
    match desk {
        Desk::Session(OWN) => tr(lang, "class.share.to_own"),
        Desk::Session(number) => {
            let number = number.to_string();
            trf(lang, "class.share.to_session", &[("number", &number)])
        }
        Desk::Free => tr(lang, "class.share.to_free"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_this_machine_is_known() {
        for host in ["localhost", "a.localhost", "127.0.0.1", "[::1]", ""] {
            assert!(is_only_here(host), "{host}");
        }
        for host in ["archplay.github.io", "192.168.0.7", "example.org"] {
            assert!(!is_only_here(host), "{host}");
        }
    }
}
