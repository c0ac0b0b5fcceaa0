//! The news feed in one's hand: a phone beside the drawing on which a person is one of the sampled users, reads the
//! feed page by page, and posts as a friend. Each request is one of the run that goes on.
//!
//! `screen`, `api` and `path` work out what is shown. Must not live here: what a request does.

mod api;
mod calls;
mod compose;
mod list;
mod path;
mod person;
mod screen;
mod state;
mod tabs;
mod way;

pub use path::{Stop, stops};
pub use person::name as user_name;
pub use state::told;

use archplay_model::scenario::HandAsk;
use yew::prelude::*;

use self::calls::Calls;
use self::compose::Compose;
use self::list::FeedList;
use self::person::PersonChoice;
use self::screen::reader;
use self::state::{Stage, said, stage, went_wrong};
use self::tabs::{Tab, Tabs, panel_id, tab_id};
use self::way::Way;
use crate::app::charts::format::clock_text;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};
use crate::app::run::{RunCommand, use_run, use_run_dispatch, use_run_start};
use crate::app::scenario::use_scenario;

/// What the phone works with.
#[derive(Properties, PartialEq)]
pub struct PhoneProps {
    /// It is put away.
    pub on_close: Callback<()>,
}

/// The phone.
#[component]
pub fn Phone(props: &PhoneProps) -> Html {
    let lang = use_lang();
    let run = use_run();
    let dispatch = use_run_dispatch();
    let start = use_run_start();
    let tab = use_state_eq(|| Tab::Feed);
    let chosen = use_state_eq(|| None::<u32>);
    let json = use_scenario().map(|chosen| chosen.json.clone());
    // People of one scenario are not those of another.
    use_effect_with(json, {
        let chosen = chosen.setter();
        move |_| chosen.set(None)
    });
    let stage = stage(&run);
    let unknown = run.hand.met.is_none();
    use_effect_with((run.run, stage.is_live(), unknown), {
        let (dispatch, user) = (dispatch.clone(), *chosen);
        move |(_, live, unknown)| {
            if *live && *unknown {
                dispatch.apply(RunCommand::Meet(user));
            }
        }
    });
    let on_choose = {
        let (dispatch, chosen) = (dispatch.clone(), chosen.setter());
        Callback::from(move |user: u32| {
            chosen.set(Some(user));
            dispatch.apply(RunCommand::Meet(Some(user)));
        })
    };
    let on_ask = {
        let dispatch = dispatch.clone();
        Callback::from(move |(user, ask): (u32, HandAsk)| {
            dispatch.apply(RunCommand::Ask {
                user,
                ask,
                text: None,
            });
        })
    };
    let choose_tab = {
        let tab = tab.setter();
        Callback::from(move |next: Tab| tab.set(next))
    };
    let begin = start.reform(|_: MouseEvent| ());
    // The run begins and stands still: every request moves it on just as far as its answer.
    let begin_still = {
        let (start, dispatch) = (start.clone(), dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            start.emit(());
            dispatch.apply(RunCommand::Pause);
        })
    };
    let close = props.on_close.reform(|_: MouseEvent| ());
    let page = run
        .scenario
        .as_ref()
        .and_then(|scenario| scenario.feed.as_ref())
        .map_or(20, |feed| feed.page_posts);
    let ready = stage.is_live() && !run.hand.waits();
    let clock = run.clock_secs().map(clock_text);
    let bad = went_wrong(&run, stage);
    let time = |key: &str, icon: IconName, command: RunCommand| {
        let onclick = {
            let dispatch = dispatch.clone();
            Callback::from(move |_: MouseEvent| dispatch.apply(command.clone()))
        };
        html! { <button type="button" class="btn" {onclick}><Icon name={icon} size={16} />{ tr(lang, key) }</button> }
    };
    let body = match (*tab, run.hand.met.clone()) {
        (Tab::Feed, Some(met)) => html! {
            <>
                <FeedList run={run.clone()} me={met.me.user} {ready} on_ask={on_ask.clone()} />
                <Compose run={run.clone()} met={met.clone()} {ready} />
            </>
        },
        // In a repetition nobody was met: the feed is that of whoever read it last.
        (Tab::Feed, None) => match reader(&run.hand.turns) {
            Some(me) => html! {
                <FeedList run={run.clone()} {me} ready={false} on_ask={on_ask.clone()} />
            },
            None => html! { <p class="phone-none">{ tr(lang, "feed.phone.unread_so_far") }</p> },
        },
        (Tab::Way, _) => html! { <Way run={run.clone()} /> },
        (Tab::Calls, _) => html! { <Calls run={run.clone()} {page} /> },
    };
    html! {
        <aside class="zone-phone" id="phone" aria-label={tr(lang, "feed.phone.title")}>
            <div class="phone">
                <header class="phone-head">
                    <Icon name={IconName::Phone} size={18} />
                    <h2>{ tr(lang, "feed.phone.title") }</h2>
                    if let Some(clock) = clock { <span class="phone-clock">{ clock }</span> }
                    <button type="button" class="icon-btn" onclick={close} aria-label={tr(lang, "feed.phone.close")}
                        title={tr(lang, "feed.phone.close")}>
                        <Icon name={IconName::Close} size={16} />
                    </button>
                </header>
                if let Some(words) = stage.words(&run, lang) {
                    <div class={classes!("phone-stage", stage.is_bad().then_some("bad"))} role="status">
                        <p>{ words }</p>
                        if stage.can_start() {
                            <p class="phone-starts">
                                <button type="button" class="btn btn-primary" onclick={begin_still}>
                                    { tr(lang, "feed.phone.start_still") }
                                </button>
                                <button type="button" class="btn" onclick={begin}>
                                    { tr(lang, "feed.phone.start") }
                                </button>
                            </p>
                        }
                    </div>
                }
                // Where the phone fills the screen the strip is out of reach.
                if stage.is_live() {
                    <p class="phone-time">
                        if stage == Stage::Still {
                            { time("run.resume", IconName::Play, RunCommand::Resume) }
                            { time("run.step", IconName::Step, RunCommand::Step) }
                        } else {
                            { time("run.pause", IconName::Pause, RunCommand::Pause) }
                        }
                        { time("run.stop", IconName::Stop, RunCommand::Stop) }
                    </p>
                }
                if let Some(met) = run.hand.met.clone() {
                    <PersonChoice {met} live={stage.is_live()} {on_choose} />
                }
                if run.hand.met.is_some() || !run.hand.turns.is_empty() {
                    <Tabs tab={*tab} choose={choose_tab} />
                    <div class="phone-body" id={panel_id()} role="tabpanel" aria-labelledby={tab_id(*tab)}>
                        { body }
                    </div>
                }
                <p class={classes!("phone-said", bad.then_some("bad"))} role="status">
                    if bad { <Icon name={IconName::Alert} size={16} /> }
                    { said(&run, stage, lang) }
                </p>
            </div>
        </aside>
    }
}
