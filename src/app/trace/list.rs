//! The panel of traces: filters, the list, and the way of the chosen request.

use std::rc::Rc;

use archplay_model::Id;
use archplay_report::{Kept, Reason, Trace};
use archplay_text::Lang;
use web_sys::{HtmlSelectElement, KeyboardEvent};
use yew::prelude::*;

use crate::app::charts::format::{clock_text, figure};
use crate::app::lang::{tr, use_lang};
use crate::app::run::{RunCommand, RunState, Status, use_run, use_run_dispatch};

use super::filter::{Filter, operations, reasons};
use super::waterfall::Waterfall;

/// The panel.
#[component]
pub fn TracesPanel() -> Html {
    let lang = use_lang();
    let run = use_run();
    let filter = use_state_eq(Filter::default);
    let chosen = use_state_eq(|| None::<usize>);
    {
        // Positions are those of one run.
        let (chosen, filter) = (chosen.setter(), filter.setter());
        use_effect_with(run.run, move |_| {
            chosen.set(None);
            filter.set(Filter::default());
        });
    }
    let traces = &run.traces;
    if traces.is_empty() {
        return html! { <NoTraces {run} /> };
    }
    let listed = filter.positions(traces);
    let at = chosen
        .filter(|at| listed.contains(at))
        .or(listed.first().copied());
    let narrow = {
        let filter = filter.clone();
        Callback::from(move |next: Filter| filter.set(next))
    };
    let choose = {
        let chosen = chosen.setter();
        Callback::from(move |at: usize| chosen.set(Some(at)))
    };
    html! {
        <div class="traces">
            <div class="traces-side">
                <Filters filter={(*filter).clone()} run={run.clone()} {narrow} />
                if listed.is_empty() {
                    <p class="charts-note">{ tr(lang, "trace.none") }</p>
                } else {
                    { list(&run, &listed, at, &choose, lang) }
                }
            </div>
            if let Some(trace) = at.and_then(|at| traces.get(at)) {
                <Waterfall trace={Rc::new(trace.clone())} run={run.clone()} />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct NoTracesProps {
    run: Rc<RunState>,
}

/// Why there is nothing to list, and what to do about it.
#[component]
fn NoTraces(props: &NoTracesProps) -> Html {
    let run = &props.run;
    let lang = use_lang();
    let dispatch = use_run_dispatch();
    let offer = match (run.status, run.traced) {
        (Status::Finished, true) => None,
        (Status::Finished, false) => {
            Some(("trace.kept_none", "trace.run_again", RunCommand::TraceAgain))
        }
        _ if !run.keep_traces => Some(("trace.off", "trace.turn_on", RunCommand::KeepTraces(true))),
        _ => None,
    };
    let Some((text, label, command)) = offer else {
        return html! { <p class="charts-note">{ tr(lang, "trace.later") }</p> };
    };
    let onclick = Callback::from(move |_: MouseEvent| dispatch.apply(command.clone()));
    html! {
        <div class="charts-note">
            <p>{ tr(lang, text) }</p>
            <button type="button" class="btn" {onclick}>{ tr(lang, label) }</button>
        </div>
    }
}

/// One list for the keyboard: arrows go through it, and what they reach is shown.
fn list(
    run: &RunState,
    listed: &[usize],
    at: Option<usize>,
    choose: &Callback<usize>,
    lang: Lang,
) -> Html {
    let onkeydown = {
        let (choose, listed) = (choose.clone(), listed.to_vec());
        let now = at.and_then(|at| listed.iter().position(|other| *other == at));
        let now = now.unwrap_or(0);
        Callback::from(move |event: KeyboardEvent| {
            let last = listed.len() - 1;
            let to = match event.key().as_str() {
                "ArrowDown" => (now + 1).min(last),
                "ArrowUp" => now.saturating_sub(1),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            choose.emit(listed[to]);
            show(listed[to]);
        })
    };
    html! {
        <ul class="traces-list" role="listbox" tabindex="0" aria-label={tr(lang, "trace.list")}
            aria-activedescendant={at.map(element_id)} {onkeydown}>
            for position in listed {
                { item(run, *position, at == Some(*position), choose, lang) }
            }
        </ul>
    }
}

fn element_id(position: usize) -> String {
    format!("trace-{position}")
}

/// Scrolls an entry into the list's view.
fn show(position: usize) {
    let entry = gloo::utils::document().get_element_by_id(&element_id(position));
    if let Some(entry) = entry {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        entry.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

fn item(run: &RunState, at: usize, chosen: bool, choose: &Callback<usize>, lang: Lang) -> Html {
    let trace: &Trace = &run.traces[at];
    let onclick = choose.reform(move |_: MouseEvent| at);
    let result = match trace.failed {
        Some(reason) => tr(lang, &format!("reason.{}.name", reason.slug())),
        None => tr(lang, "trace.good"),
    };
    html! {
        <li key={at} id={element_id(at)} role="option" aria-selected={chosen.to_string()} {onclick}
            class={classes!("traces-item", trace.failed.map(|_| "bad"))}>
            <time>{ clock_text(run.clock_of(trace.began_ns)) }</time>
            <span class="traces-name">{ operation_name(run, &trace.operation, lang) }</span>
            <b>{ figure(trace.took_ns as f64 / 1e6) }{ " ms" }</b>
            <small>{ tr(lang, &format!("trace.kept.{}", trace.kept.slug())) }{ " · " }{ result }</small>
        </li>
    }
}

/// The name that the scenario gives an operation.
pub fn operation_name(run: &RunState, id: &Id, lang: Lang) -> String {
    let operation = run.scenario.as_ref().and_then(|s| s.operation(id).cloned());
    match operation {
        Some(operation) if lang == Lang::Ko => operation.name.ko,
        Some(operation) => operation.name.en,
        None => id.to_string(),
    }
}

#[derive(Properties, PartialEq)]
struct FiltersProps {
    filter: Filter,
    run: Rc<RunState>,
    narrow: Callback<Filter>,
}

#[component]
fn Filters(props: &FiltersProps) -> Html {
    let FiltersProps { filter, run, .. } = props;
    let lang = use_lang();
    let change = |apply: fn(Filter, &str) -> Filter| {
        let (filter, narrow) = (filter.clone(), props.narrow.clone());
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                narrow.emit(apply(filter.clone(), &select.value()));
            }
        })
    };
    let kept = Kept::ALL.map(|kept| {
        let name = tr(lang, &format!("trace.kept.{}", kept.slug()));
        (kept.slug().to_owned(), name, filter.kept == Some(kept))
    });
    let operations = operations(&run.traces).into_iter().map(|id| {
        let name = operation_name(run, id, lang).into();
        (id.to_string(), name, filter.operation.as_ref() == Some(id))
    });
    let good = (
        GOOD.to_owned(),
        tr(lang, "trace.good"),
        filter.result == Some(Ok(())),
    );
    let failed = reasons(&run.traces).into_iter().map(|reason| {
        let name = tr(lang, &format!("reason.{}.name", reason.slug()));
        (
            reason.slug().to_owned(),
            name,
            filter.result == Some(Err(reason)),
        )
    });
    html! {
        <div class="traces-filters" role="group" aria-label={tr(lang, "trace.filter")}>
            { select(tr(lang, "trace.filter"), tr(lang, "trace.kept.all"), kept.into_iter(), change(|filter, slug| Filter {
                kept: Kept::ALL.into_iter().find(|kept| kept.slug() == slug),
                ..filter
            })) }
            { select(tr(lang, "trace.operation"), tr(lang, "trace.all_operations"), operations, change(|filter, id| Filter {
                operation: Id::new(id).ok(),
                ..filter
            })) }
            { select(tr(lang, "trace.reason"), tr(lang, "trace.all_reasons"), std::iter::once(good).chain(failed), change(|filter, slug| Filter {
                result: if slug == GOOD {
                    Some(Ok(()))
                } else {
                    Reason::ALL.into_iter().find(|reason| reason.slug() == slug).map(Err)
                },
                ..filter
            })) }
        </div>
    }
}

/// Stands for success among the reasons.
const GOOD: &str = "good";

fn select(
    label: AttrValue,
    all: AttrValue,
    options: impl Iterator<Item = (String, AttrValue, bool)>,
    onchange: Callback<Event>,
) -> Html {
    let options: Vec<_> = options.collect();
    let any = options.iter().any(|(.., chosen)| *chosen);
    html! {
        <select class="select" aria-label={label} {onchange}>
            <option value="" selected={!any}>{ all }</option>
            for (value, name, chosen) in options {
                <option key={value.clone()} value={value} selected={chosen}>{ name }</option>
            }
        </select>
    }
}
