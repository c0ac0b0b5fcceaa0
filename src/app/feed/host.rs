//! Where the rooms of the feed hang in the page: the buttons in the strip and what they open.

use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};
use crate::app::scenario::use_scenario;
use crate::app::shell::{ZoneAction, use_zones};

use super::envelope::{EnvelopeDialog, Own};
use super::phone::Phone;

/// Whether the scenario that is chosen has a news feed.
#[hook]
pub fn use_feeds() -> bool {
    use_scenario().is_some_and(|chosen| chosen.scenario.feed.is_some())
}

/// The buttons of the strip.
#[component]
pub fn FeedButtons() -> Html {
    let lang = use_lang();
    let zones = use_zones();
    let open = zones.layout.envelope_open;
    let label = tr(lang, "feed.envelope.open");
    let phone_open = zones.layout.phone_open;
    let phone = tr(
        lang,
        if phone_open {
            "feed.phone.close"
        } else {
            "feed.phone.open"
        },
    );
    let on_phone = {
        let zones = zones.clone();
        Callback::from(move |_: MouseEvent| zones.apply(ZoneAction::TogglePhone))
    };
    let onclick = Callback::from(move |_: MouseEvent| zones.apply(ZoneAction::Envelope(true)));
    html! {
        <>
        <button type="button" class="icon-btn" onclick={on_phone} aria-pressed={phone_open.to_string()}
            aria-label={phone.clone()} title={phone}>
            <Icon name={IconName::Phone} />
        </button>
        <button type="button" class="icon-btn strip-envelope" {onclick} aria-haspopup="dialog" aria-expanded={open.to_string()}
            aria-label={label.clone()} title={label}>
            <Icon name={IconName::Envelope} />
        </button>
        </>
    }
}

/// The button beside the charts, for the calculation that belongs to their numbers.
#[component]
pub fn EnvelopeButton() -> Html {
    let lang = use_lang();
    let zones = use_zones();
    let onclick = Callback::from(move |_: MouseEvent| zones.apply(ZoneAction::Envelope(true)));
    html! {
        <button type="button" class="btn btn-quiet" {onclick} aria-haspopup="dialog">
            <Icon name={IconName::Envelope} size={16} />
            { tr(lang, "feed.envelope.open") }
        </button>
    }
}

/// What the buttons have opened. Numbers that a person has set stay until another scenario is chosen.
#[component]
pub fn FeedHost() -> Html {
    let zones = use_zones();
    let own = use_state_eq(|| None::<Own>);
    let json = use_scenario().map(|chosen| chosen.json.clone());
    use_effect_with(json, {
        let own = own.setter();
        move |_| own.set(None)
    });
    let on_own = {
        let own = own.setter();
        Callback::from(move |next: Option<Own>| own.set(next))
    };
    let on_close = {
        let zones = zones.clone();
        Callback::from(move |()| zones.apply(ZoneAction::Envelope(false)))
    };
    let on_put_away = {
        let zones = zones.clone();
        Callback::from(move |()| zones.apply(ZoneAction::TogglePhone))
    };
    html! {
        <>
        if zones.layout.phone_open {
            <Phone on_close={on_put_away} />
        }
        if zones.layout.envelope_open {
            <EnvelopeDialog own={*own} {on_own} {on_close} />
        }
        </>
    }
}
