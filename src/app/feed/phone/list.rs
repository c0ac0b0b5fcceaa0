//! The feed itself: posts, a pull or a button to refresh, a button for the next page.

use std::rc::Rc;

use archplay_model::scenario::HandAsk;
use archplay_report::{HandPost, Via};
use archplay_text::Lang;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

use crate::app::charts::format::{clock_text, grouped};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::RunState;

use super::person::name;
use super::screen::{screen, text_of};

/// A pull of so many pixels refreshes.
const ENOUGH: f64 = 56.0;
/// The list follows so far at most.
const FARTHEST: f64 = 84.0;
/// So much of a pull is a tremble.
const TREMBLE: f64 = 6.0;

/// What the list works with.
#[derive(Properties, PartialEq)]
pub struct FeedListProps {
    /// The run.
    pub run: Rc<RunState>,
    /// Whose feed.
    pub me: u32,
    /// Whether something can be asked now.
    pub ready: bool,
    /// Asks.
    pub on_ask: Callback<(u32, HandAsk)>,
}

/// The list.
#[component]
pub fn FeedList(props: &FeedListProps) -> Html {
    let FeedListProps {
        run,
        me,
        ready,
        on_ask,
    } = props;
    let (me, ready, lang) = (*me, *ready, use_lang());
    let shown = screen(&run.hand.turns, me);
    let refresh = on_ask.reform(move |()| (me, HandAsk::Read { cursor: None }));
    let (pulled, hands) = use_pull(ready, refresh.clone());
    let at_top = use_state_eq(|| true);
    let onscroll = {
        let at_top = at_top.setter();
        Callback::from(move |event: Event| {
            let list: Option<Element> = event.target_dyn_into();
            at_top.set(list.is_none_or(|list| list.scroll_top() <= 0));
        })
    };
    let next = shown.as_ref().and_then(|screen| screen.next);
    let more = on_ask.reform(move |_: MouseEvent| (me, HandAsk::Read { cursor: next }));
    let missing = shown.as_ref().map_or(0, |screen| screen.missing);
    let pull = if pulled >= ENOUGH {
        "feed.phone.let_go"
    } else {
        "feed.phone.pull"
    };
    html! {
        <section class="phone-feed" aria-label={tr(lang, "feed.phone.tab.feed")}>
            <div class="phone-actions">
                <button type="button" class="btn" disabled={!ready} onclick={refresh.reform(|_: MouseEvent| ())}>
                    <Icon name={IconName::Reset} size={16} />{ tr(lang, "feed.phone.refresh") }
                </button>
                if missing > 0 {
                    <span class="chip chip-tight" title={tr(lang, "feed.phone.missing_help")}>
                        <Icon name={IconName::Clock} size={14} />
                        { trf(lang, "feed.phone.missing", &[("missing", &grouped(missing.into()))]) }
                    </span>
                }
            </div>
            <div class={classes!("phone-scroll", at_top.then_some("at-top"))} tabindex="0" role="region"
                aria-label={tr(lang, "feed.phone.posts")} style={format!("--pull:{pulled}px")} {onscroll}
                onpointerdown={hands.down} onpointermove={hands.along} onpointerup={hands.up}
                onpointercancel={hands.cancel}>
                <p class="phone-pull" aria-hidden="true">{ tr(lang, pull) }</p>
                {
                    match &shown {
                        None => html! { <p class="phone-none">{ tr(lang, "feed.phone.unread") }</p> },
                        Some(screen) if screen.posts.is_empty() => {
                            html! { <p class="phone-none">{ tr(lang, "feed.phone.no_posts") }</p> }
                        }
                        Some(screen) => html! {
                            <ol class="phone-posts">
                                for (place, post) in screen.posts.iter().enumerate() {
                                    { item(place, post, run, lang) }
                                }
                            </ol>
                        },
                    }
                }
                if shown.is_some() {
                    if next.is_some() {
                        <button type="button" class="btn phone-more" disabled={!ready} onclick={more}>
                            { tr(lang, "feed.phone.more") }
                        </button>
                    } else {
                        <p class="phone-none">{ tr(lang, "feed.phone.end") }</p>
                    }
                }
            </div>
        </section>
    }
}

fn item(place: usize, post: &HandPost, run: &RunState, lang: Lang) -> Html {
    let text = text_of(&run.hand.turns, post);
    let via = match post.via {
        Via::Pushed => "pushed",
        Via::Pulled => "pulled",
    };
    let when = if post.at_ns == 0 {
        tr(lang, "feed.phone.before")
    } else {
        clock_text(run.clock_of(post.at_ns)).into()
    };
    let initial = (post.author % 100).to_string();
    html! {
        // The same post may stand on two pages: the place tells them apart.
        <li key={format!("{place}-{}", post.id)} class={classes!("phone-post", text.is_some().then_some("mine"))}
            data-post={post.id.to_string()}>
            <span class="phone-face" aria-hidden="true">{ initial }</span>
            <div>
                <p class="phone-author"><b>{ name(post.author, lang) }</b><time>{ when }</time></p>
                <p class="phone-text">
                    { text.map_or_else(
                        || trf(lang, "feed.phone.some_post", &[("id", &post.id.to_string())]),
                        AttrValue::from,
                    ) }
                </p>
                <p class="phone-via" title={tr(lang, &format!("feed.phone.via_help.{via}"))}>
                    { tr(lang, &format!("feed.phone.via.{via}")) }
                </p>
            </div>
        </li>
    }
}

/// The hands on the list.
struct Hands {
    down: Callback<PointerEvent>,
    along: Callback<PointerEvent>,
    up: Callback<PointerEvent>,
    cancel: Callback<PointerEvent>,
}

/// Follows a pull downwards from the top of the list; let go far enough down, it refreshes.
#[hook]
fn use_pull(ready: bool, refresh: Callback<()>) -> (f64, Hands) {
    let pulled = use_state_eq(|| 0.0_f64);
    let from = use_mut_ref(|| None::<f64>);
    let down = {
        let from = from.clone();
        Callback::from(move |event: PointerEvent| {
            let list = list_of(&event);
            let at_top = list.as_ref().is_some_and(|list| list.scroll_top() <= 0);
            if ready && event.button() == 0 && at_top && !on_button(&event) {
                *from.borrow_mut() = Some(f64::from(event.client_y()));
            }
        })
    };
    let along = {
        let (from, pulled) = (from.clone(), pulled.setter());
        Callback::from(move |event: PointerEvent| {
            let Some(start) = *from.borrow() else { return };
            let by = f64::from(event.client_y()) - start;
            if by > TREMBLE
                && let Some(list) = list_of(&event)
            {
                // Without capture the pull only ends at the list's edge.
                let _ = list.set_pointer_capture(event.pointer_id());
            }
            pulled.set((by - TREMBLE).clamp(0.0, FARTHEST));
        })
    };
    let up = {
        let (from, pulled) = (from.clone(), pulled.setter());
        Callback::from(move |event: PointerEvent| {
            let start = from.borrow_mut().take();
            let by = start.map_or(0.0, |start| f64::from(event.client_y()) - start);
            pulled.set(0.0);
            if by - TREMBLE >= ENOUGH {
                refresh.emit(());
            }
        })
    };
    let cancel = {
        let (from, pulled) = (from, pulled.setter());
        Callback::from(move |_: PointerEvent| {
            from.borrow_mut().take();
            pulled.set(0.0);
        })
    };
    let hands = Hands {
        down,
        along,
        up,
        cancel,
    };
    (*pulled, hands)
}

/// Yew listens at the root: the list is looked for from the event's own target upwards.
fn list_of(event: &PointerEvent) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(".phone-scroll").ok().flatten()
}

fn on_button(event: &PointerEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest("button").ok().flatten().is_some())
}
