//! The way of one request: a table with a row a stay, each with its bar and the shares of its time.

use std::rc::Rc;

use archplay_report::{Span, Trace};
use archplay_text::Lang;
use yew::prelude::*;

use crate::app::charts::component_name;
use crate::app::charts::format::{clock_text, figure};
use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::RunState;

use super::list::operation_name;
use super::use_go_to;

/// The shares of a stay, in the order of bar and columns.
pub const PARTS: [&str; 5] = ["network", "queue", "pool", "service", "others"];

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct WaterfallProps {
    /// The request.
    pub trace: Rc<Trace>,
    /// Its run.
    pub run: Rc<RunState>,
}

/// The table.
#[component]
pub fn Waterfall(props: &WaterfallProps) -> Html {
    let WaterfallProps { trace, run } = props;
    let lang = use_lang();
    let go_to = use_go_to();
    let whole_ns = whole_ns(trace).max(1) as f64;
    let depths = depths(&trace.spans);
    let title = trf(
        lang,
        "trace.path",
        &[
            ("operation", &operation_name(run, &trace.operation, lang)),
            ("clock", &clock_text(run.clock_of(trace.began_ns))),
            ("ms", &milliseconds(trace.took_ns)),
        ],
    );
    html! {
        <div class="waterfall" tabindex="0" role="region" aria-label={title.clone()}>
            <table>
                <caption>{ title }{ " " }<small>{ tr(lang, "trace.note") }</small></caption>
                <thead>
                    <tr>
                        <th scope="col">{ tr(lang, "trace.component") }</th>
                        <th scope="col" class="waterfall-bars" aria-hidden="true">{ tr(lang, "trace.bar") }</th>
                        <th scope="col">{ tr(lang, "trace.took") }{ " ms" }</th>
                        for part in PARTS {
                            <th key={part} scope="col"><i class={format!("part-{part}")} aria-hidden="true" />
                                { tr(lang, &format!("trace.part.{part}")) }</th>
                        }
                        <th scope="col">{ tr(lang, "trace.result") }</th>
                    </tr>
                </thead>
                <tbody>
                    for (i, (span, depth)) in trace.spans.iter().zip(depths).enumerate() {
                        <tr key={i}>
                            <th scope="row" style={format!("--depth:{depth}")}>
                                <button type="button" class="waterfall-name" data-component={span.component.to_string()}
                                    title={span_name(span, run, lang)}
                                    onclick={let id = span.component.clone(); go_to.reform(move |_: MouseEvent| id.clone())}>
                                    { span_name(span, run, lang) }
                                </button>
                                // Where there is no room for a column of bars.
                                <div class="waterfall-under" aria-hidden="true">{ bar(span, whole_ns) }</div>
                            </th>
                            <td class="waterfall-bars" aria-hidden="true"
                                onclick={let id = span.component.clone(); go_to.reform(move |_: MouseEvent| id.clone())}>
                                { bar(span, whole_ns) }
                            </td>
                            <td>{ milliseconds(span.took_ns) }</td>
                            for (part, ns) in PARTS.into_iter().zip(parts(span)) {
                                <td key={part}>{ if ns == 0 { "–".to_owned() } else { milliseconds(ns) } }</td>
                            }
                            <td class={classes!(span.failed.map(|_| "bad"))}>{ result(span, lang) }</td>
                        </tr>
                    }
                </tbody>
            </table>
        </div>
    }
}

/// What came of the stay.
pub fn result(span: &Span, lang: Lang) -> AttrValue {
    match span.failed {
        Some(reason) => tr(lang, &format!("reason.{}.name", reason.slug())),
        None if span.open => tr(lang, "trace.open"),
        None => tr(lang, "trace.good"),
    }
}

/// The component, with its instance.
pub fn span_name(span: &Span, run: &RunState, lang: Lang) -> AttrValue {
    let name = component_name(run.design.as_deref(), &span.component, lang);
    match span.unit {
        Some(unit) => {
            let n = unit.saturating_add(1).to_string();
            trf(lang, "trace.unit", &[("name", &name), ("n", &n)])
        }
        None => name.into(),
    }
}

/// The stay as a bar within the whole time.
pub fn bar(span: &Span, whole_ns: f64) -> Html {
    let style = format!(
        "--from:{:.5};--len:{:.5}",
        span.sent_ns as f64 / whole_ns,
        span.took_ns as f64 / whole_ns
    );
    html! {
        <span class={classes!("waterfall-bar", span.open.then_some("open"), span.failed.map(|_| "failed"))} {style}>
            for (part, ns) in PARTS.into_iter().zip(parts(span)) {
                if ns > 0 {
                    <i key={part} class={format!("part-{part}")} style={format!("flex-grow:{ns}")} />
                }
            }
        </span>
    }
}

/// The shares of a stay in ns, in the order of [`PARTS`].
pub const fn parts(span: &Span) -> [u64; 5] {
    [
        span.network_ns,
        span.queue_ns,
        span.pool_ns,
        span.service_ns,
        span.others_ns,
    ]
}

/// A time as milliseconds.
pub fn milliseconds(ns: u64) -> String {
    figure(ns as f64 / 1e6)
}

/// Until the last answer is back, also when the visitor had gone before.
pub fn whole_ns(trace: &Trace) -> u64 {
    let ends = trace
        .spans
        .iter()
        .map(|span| span.sent_ns.saturating_add(span.took_ns));
    ends.chain([trace.took_ns]).max().unwrap_or(0)
}

/// How many spans each lies within. A parent stands before its children.
pub fn depths(spans: &[Span]) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::with_capacity(spans.len());
    for span in spans {
        let parent = span.parent.and_then(|at| out.get(at as usize));
        out.push(parent.map_or(0, |depth| depth + 1));
    }
    out
}

#[cfg(test)]
mod tests {
    use archplay_model::Id;
    use archplay_report::Kept;

    use super::*;

    fn span(parent: Option<u32>, sent_ns: u64, took_ns: u64) -> Span {
        Span {
            component: Id::numbered("server", 1),
            unit: None,
            parent,
            sent_ns,
            took_ns,
            network_ns: 0,
            queue_ns: 0,
            pool_ns: 0,
            others_ns: 0,
            service_ns: took_ns,
            failed: None,
            open: false,
        }
    }

    #[test]
    fn spans_stand_below_their_parents_and_fit_into_the_whole() {
        let spans = vec![
            span(None, 0, 10),
            span(Some(0), 1, 5),
            span(Some(1), 2, 1),
            span(Some(0), 6, 90),
            span(Some(9), 0, 1),
        ];
        assert_eq!(depths(&spans), [0, 1, 2, 1, 0]);
        let trace = Trace {
            kept: Kept::Slow,
            operation: Id::numbered("order", 1),
            visitor: String::new(),
            began_ns: 0,
            took_ns: 10,
            failed: None,
            spans,
        };
        assert_eq!(whole_ns(&trace), 96);
    }
}
