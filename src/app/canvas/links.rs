//! The layer of links while nothing runs, and the live layer over it: rate, direction, failures.

use std::rc::Rc;

use archplay_editor::{Route, Seen};
use archplay_model::LinkKey;
use yew::prelude::*;

use crate::app::run::{LiveLink, live_links, use_run};
use crate::app::session::{
    use_dispatch, use_interaction, use_live_document, use_seen, use_selection,
};

use super::path;
use super::text;

/// All links, by their ends.
#[component]
pub fn Links() -> Html {
    let document = use_live_document();
    let selection = use_selection();
    let interaction = use_interaction();
    let dispatch = use_dispatch();
    let routes = use_memo(document.clone(), |_| {
        dispatch.read(|editor| editor.routes())
    });
    let seen = use_seen();
    // Far away all links are one shape.
    let far = use_memo((document.clone(), seen), |(_, seen)| {
        AttrValue::from(lines(routes.iter(), *seen))
    });
    let hovered = match &interaction.hover {
        Some(archplay_editor::Hit::Link(key)) => Some(key),
        _ => None,
    };
    let shown = |(key, route): &(&LinkKey, &Rc<Route>)| {
        let marked = hovered == Some(*key) || selection.links.contains(*key);
        marked || (!seen.is_far() && seen.shows(&route.bounds()))
    };
    let near = routes.iter().filter(shown).map(|(key, route)| {
        html! {
            <LinkLine key={key.name()} route={route.clone()}
                selected={selection.links.contains(key)} hovered={hovered == Some(key)} />
        }
    });
    let near: Html = near.collect();
    if !seen.is_far() {
        return near;
    }
    html! {
        <>
            <g class="link"><path class="link-line" d={(*far).clone()} /></g>
            { near }
        </>
    }
}

/// Links as one shape: path data. Empty where each is drawn by itself.
fn lines<'a>(routes: impl Iterator<Item = (&'a LinkKey, &'a Rc<Route>)>, seen: Seen) -> String {
    routes
        .filter(|(_, route)| seen.is_far() && seen.shows(&route.bounds()))
        .map(|(_, route)| path::rounded(&route.points))
        .collect()
}

#[derive(Properties, PartialEq)]
struct LinkLineProps {
    route: Rc<Route>,
    selected: bool,
    hovered: bool,
}

/// A link of a picture.
pub fn still(route: &Rc<Route>) -> Html {
    html! { <LinkLine route={route.clone()} selected={false} hovered={false} /> }
}

#[component]
fn LinkLine(props: &LinkLineProps) -> Html {
    let class = classes!(
        "link",
        props.selected.then_some("selected"),
        props.hovered.then_some("hovered"),
    );
    let line = AttrValue::from(path::line(&props.route));
    html! {
        <g {class}>
            <path class="link-halo" d={line.clone()} />
            <path class="link-line" d={line} />
            <path class="link-head" d={path::head(&props.route)} />
        </g>
    }
}

/// The notes on links, over what runs on them.
#[component]
pub fn LinkLabels() -> Html {
    let document = use_live_document();
    let dispatch = use_dispatch();
    let routes = use_memo(document.clone(), |_| {
        dispatch.read(|editor| editor.routes())
    });
    let seen = use_seen();
    if seen.is_far() {
        return Html::default();
    }
    html! {
        for (key, link) in document.design.links.iter().filter(|(_, link)| !link.label.is_empty()) {
            { {
                let (label, _) = text::fit(&link.label, 160.0, 12.0);
                let width = text::width(&label, 12.0) + 12.0;
                let at = routes.get(key).map(path::middle).unwrap_or_default();
                html! {
                    <g key={key.name()}>
                        <rect class="link-label-box" x={(at.x - width / 2.0).to_string()} y={(at.y - 10.0).to_string()}
                            width={width.to_string()} height="20" rx="5" />
                        <text class="link-label" x={at.x.to_string()} y={(at.y + 4.0).to_string()}>{ label }</text>
                    </g>
                }
            } }
        }
    }
}

/// What runs over the links at the moment that is shown.
#[component]
pub fn LiveLinks() -> Html {
    let document = use_live_document();
    let run = use_run();
    let dispatch = use_dispatch();
    let routes = use_memo(document.clone(), |_| {
        dispatch.read(|editor| editor.routes())
    });
    let seen = use_seen();
    if run.shown_row().is_none() {
        return Html::default();
    }
    let all = live_links(&run);
    if seen.is_far() {
        // What fails, in one shape.
        let failing = |(key, _): &(&LinkKey, &Rc<Route>)| {
            all.get(*key).is_some_and(|live| Flow::of(live).failed > 0)
        };
        let d = lines(routes.iter().filter(failing), seen);
        return html! { <g class="flow"><path class="flow-failed" {d} style="stroke-width:9" /></g> };
    }
    let flows: Vec<(&LinkKey, &Rc<Route>, Flow)> = routes
        .iter()
        .filter(|(_, route)| seen.shows(&route.bounds()))
        .filter_map(|(key, route)| Some((key, route, Flow::of(all.get(key)?))))
        .collect();
    html! {
        for (key, route, flow) in flows {
            <FlowLine key={key.name()} route={route.clone()} {flow} />
        }
    }
}

/// How a link looks at a rate: in few steps, so that most frames change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Flow {
    /// 0 nothing, 1 a few requests a second, 5 ten thousand and more.
    step: u8,
    /// Share of requests that come back failed, in tenths, rounded up.
    failed: u8,
}

impl Flow {
    fn of(live: &LiveLink) -> Self {
        let step = if live.rate <= 0.0 {
            0
        } else {
            (live.rate.log10().floor() + 1.0).clamp(1.0, 5.0) as u8
        };
        let failed = if live.failed_share < 0.002 {
            0
        } else {
            (live.failed_share * 10.0).ceil().clamp(1.0, 10.0) as u8
        };
        Self { step, failed }
    }
}

#[derive(Properties, PartialEq)]
struct FlowLineProps {
    route: Rc<Route>,
    flow: Flow,
}

#[component]
fn FlowLine(props: &FlowLineProps) -> Html {
    let Flow { step, failed } = props.flow;
    let line = AttrValue::from(path::line(&props.route));
    html! {
        <g class={format!("flow flow-{step}")}>
            if failed > 0 {
                <path class="flow-failed" d={line.clone()}
                    style={format!("stroke-width:{}", 4.0 + f64::from(failed) * 0.8)} />
            }
            if step > 0 {
                <path class="flow-line" d={line} />
            }
        </g>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flow_grows_with_the_log_of_the_rate() {
        let check = |rate: f64, failed_share: f64, expected: (u8, u8)| {
            let flow = Flow::of(&LiveLink {
                rate,
                failed_share,
                ..LiveLink::default()
            });
            assert_eq!((flow.step, flow.failed), expected, "{rate}");
        };
        check(0.0, 0.0, (0, 0));
        check(0.2, 0.0, (1, 0));
        check(3.0, 0.05, (1, 1));
        check(250.0, 0.5, (3, 5));
        check(1e9, 1.0, (5, 10));
    }
}
