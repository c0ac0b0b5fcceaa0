//! The layer of one request's way, asked by hand: its links and cards light up in order, with a number and the time
//! each took. Without motion all of it stands there at once.

use yew::prelude::*;

use crate::app::feed::{Stop, stops};
use crate::app::run::use_run;
use crate::app::session::{use_dispatch, use_live_document};
use crate::app::shell::use_zones;
use crate::app::trace::waterfall::milliseconds;

use super::{path, text};

/// Nothing, unless the phone is there and has an answer.
#[component]
pub fn FeedPath() -> Html {
    let zones = use_zones();
    html! {
        if zones.layout.phone_open { <Lit /> }
    }
}

#[component]
fn Lit() -> Html {
    let run = use_run();
    let document = use_live_document();
    let dispatch = use_dispatch();
    let routes = use_memo(document.clone(), |_| {
        dispatch.read(|editor| editor.routes())
    });
    let Some((turn, answer)) = run.hand.shown() else {
        return Html::default();
    };
    let Some(trace) = &answer.trace else {
        return Html::default();
    };
    let stops = stops(trace, &document.design);
    html! {
        // Another request begins anew.
        <g key={turn.number} class="feed-path">
            for (n, stop) in stops.iter().enumerate() {
                if let Some(route) = stop.link.as_ref().and_then(|link| routes.get(link)) {
                    <g key={format!("link-{n}")} class="feed-path-link" style={format!("--n:{n}")}>
                        <path d={path::line(route)} />
                        <path class="feed-path-head" d={path::head(route)} />
                    </g>
                }
            }
            for (n, stop) in stops.iter().enumerate() {
                if let Some(card) = document.design.get(&stop.component) {
                    { mark(n, stop, card.rect()) }
                }
            }
        </g>
    }
}

fn mark(n: usize, stop: &Stop, card: archplay_model::Rect) -> Html {
    let times = if stop.times > 1 {
        format!(" ×{}", stop.times)
    } else {
        String::new()
    };
    let label = format!("{}. {} ms{times}", n + 1, milliseconds(stop.took_ns));
    let width = text::width(&label, 12.0) + 14.0;
    html! {
        <g key={format!("card-{n}")} class={classes!("feed-path-card", stop.failed.then_some("failed"))}
            style={format!("--n:{n}")} data-stop={stop.component.to_string()}>
            <rect class="feed-path-frame" x={(card.x - 4.0).to_string()} y={(card.y - 4.0).to_string()}
                width={(card.w + 8.0).to_string()} height={(card.h + 8.0).to_string()} rx="11" />
            // Above on the left: below stand the failures of a card, above on the right its state.
            <g transform={format!("translate({} {})", card.x - 4.0, card.y - 16.0)}>
                <rect class="feed-path-tag" width={width.to_string()} height="20" rx="10" />
                <text x={(width / 2.0).to_string()} y="14">{ label }</text>
            </g>
        </g>
    }
}
