//! The small window beside what the pointer is over: a link's figures, a name that was cut, why a link
//! cannot be drawn.

use archplay_editor::{Hit, Point, Tool};
use archplay_model::{Component, Design, Id, LinkKey};
use archplay_text::Lang;
use yew::prelude::*;

use crate::app::icons::{Icon, IconName};
use crate::app::lang::{trf, use_lang};
use crate::app::run::{RunState, live_link, use_run};
use crate::app::session::{
    use_camera, use_dispatch, use_interaction, use_live_document, use_viewport,
};

use super::card::{NAME_PX, NAME_ROOM};
use super::names::{display_name, number};
use super::{path, text};

/// Half of the widest window, in pixels.
const HALF_W: f64 = 145.0;

/// What a small window says and where it stands.
struct Tip {
    at: Point,
    /// How far above that it stands when there is no room below, in canvas units.
    lift: f64,
    class: &'static str,
    title: AttrValue,
    lines: Vec<AttrValue>,
}

/// The window; nothing most of the time.
#[component]
pub fn Tips() -> Html {
    let lang = use_lang();
    let document = use_live_document();
    let interaction = use_interaction();
    let camera = use_camera();
    let viewport = use_viewport();
    let run = use_run();
    let dispatch = use_dispatch();
    let design = &document.design;
    let tip = match (&interaction.tool, &interaction.hover) {
        (Tool::Connect(connecting), _) => connecting.chosen().and_then(|candidate| {
            let refusal = candidate.refusal.as_ref()?;
            let target = design.get(&candidate.id)?;
            Some(Tip {
                at: Point::new(target.x + target.w / 2.0, target.y + target.h + 6.0),
                lift: target.h + 12.0,
                class: "tip-refusal",
                title: refusal_text(lang, refusal),
                lines: Vec::new(),
            })
        }),
        (_, Some(Hit::Link(key))) => dispatch
            .read(|editor| editor.routes().get(key).map(path::middle))
            .map(|at| link_tip(design, key, &run, lang, at)),
        (_, Some(Hit::Card(id))) => card_tip(design, id, lang),
        _ => None,
    };
    let Some(tip) = tip else {
        return Html::default();
    };
    let at = camera.screen_from_canvas(tip.at);
    // Near the lower edge it stands above; never is it cut at a side.
    let above = at.y > viewport.1 - 110.0;
    let x = at.x.clamp(
        HALF_W.min(viewport.0 / 2.0),
        (viewport.0 - HALF_W).max(viewport.0 / 2.0),
    );
    let y = if above {
        at.y - tip.lift * camera.zoom
    } else {
        at.y
    };
    html! {
        <div class={classes!("tip", tip.class, above.then_some("tip-above"))}
            style={format!("left:{x}px;top:{y}px")}>
            <p class="tip-title">
                if tip.class == "tip-refusal" { <Icon name={IconName::Alert} size={16} /> }
                { tip.title }
            </p>
            for line in tip.lines { <p>{ line }</p> }
        </div>
    }
}

/// The sentence for a refusal.
pub fn refusal_text(lang: Lang, refusal: &archplay_editor::EditRefusal) -> AttrValue {
    let args = refusal.args();
    let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    trf(lang, &refusal.text_key(), &args)
}

fn card_tip(design: &Design, id: &Id, lang: Lang) -> Option<Tip> {
    let card: &Component = design.get(id)?;
    let name = display_name(card, lang);
    (text::width(&name, NAME_PX) > NAME_ROOM).then(|| Tip {
        at: Point::new(card.x + card.w / 2.0, card.y + card.h + 6.0),
        lift: card.h + 12.0,
        class: "tip-name",
        title: name,
        lines: Vec::new(),
    })
}

fn link_tip(design: &Design, key: &LinkKey, run: &RunState, lang: Lang, at: Point) -> Tip {
    let name = |id: &Id| {
        design
            .get(id)
            .map_or_else(|| id.to_string().into(), |c| display_name(c, lang))
    };
    let mut lines = Vec::new();
    if let Some(flow) = live_link(run, key) {
        lines.push(trf(lang, "canvas.tip.rate", &[("n", &number(flow.rate))]));
        if let Some(ms) = flow.latency_ms {
            lines.push(trf(lang, "canvas.tip.latency", &[("n", &number(ms))]));
        }
        if flow.failed_share > 0.0 {
            let share = number((flow.failed_share * 100.0).max(0.1));
            lines.push(trf(lang, "canvas.tip.failed", &[("n", &share)]));
        }
    }
    Tip {
        at: Point::new(at.x, at.y + 10.0),
        lift: 20.0,
        class: "tip-link",
        title: format!("{} → {}", name(&key.from), name(&key.to)).into(),
        lines,
    }
}
