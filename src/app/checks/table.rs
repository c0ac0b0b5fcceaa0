//! The numbers of a case as a table.

use std::rc::Rc;

use archplay_report::check::{Check, CheckRow};
use archplay_text::Lang;
use yew::prelude::*;

use super::band::Band;
use super::live::Live;
use super::words::{self, Style};
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, trf, use_lang};

/// Columns that a phone leaves out: they say nothing that the others do not.
const WIDE: [&str; 3] = ["band", "result", "based"];

/// What it shows.
#[derive(Properties, PartialEq)]
pub struct NumbersProps {
    /// The case.
    pub check: Rc<Check>,
    /// The run here and now.
    pub live: Rc<Live>,
}

/// Theory, measurement, tolerance; and what was measured here and now.
#[component]
pub fn Numbers(props: &NumbersProps) -> Html {
    let lang = use_lang();
    let NumbersProps { check, live } = props;
    let shows_live = matches!(&**live, Live::Done(_));
    let title = words::title(lang, check);
    let column = |key: &str| {
        let class = WIDE.contains(&key).then_some("check-wide");
        html! { <th scope="col" {class}>{ tr(lang, &format!("checks.column.{key}")) }</th> }
    };
    html! {
        <div class="check-scroll">
            <table class="check-table">
                <caption class="visually-hidden">{ trf(lang, "checks.caption", &[("title", &title)]) }</caption>
                <thead>
                    <tr>
                        { column("metric") }
                        { column("expected") }
                        { column("measured") }
                        if shows_live { { column("live") } }
                        { column("tolerance") }
                        { column("band") }
                        { column("result") }
                        { column("based") }
                    </tr>
                </thead>
                <tbody>
                    for (index, row) in check.rows.iter().enumerate() {
                        { line(lang, check, index, row, live) }
                    }
                </tbody>
            </table>
        </div>
    }
}

fn line(lang: Lang, check: &Check, index: usize, row: &CheckRow, live: &Live) -> Html {
    let style = Style::of(row);
    let now = live.value(row);
    let shown = match (live, now) {
        (Live::Done(_), Some(value)) => html! {
            <td class="check-now" data-live={value.to_string()}>{ style.text(lang, value) }</td>
        },
        (Live::Done(_), None) => html! {
            <td class="check-none">{ tr(lang, "checks.not_read") }</td>
        },
        _ => Html::default(),
    };
    let (key, icon, class) = if row.passes() {
        ("checks.pass", IconName::Check, "check-good")
    } else {
        ("checks.fail", IconName::Alert, "check-bad")
    };
    let kind = tr(lang, &format!("checks.kind.{}", row.kind.slug()));
    html! {
        <tr key={index}>
            <th scope="row">{ words::metric(lang, row) }</th>
            <td title={kind}>{ style.text(lang, row.expected) }</td>
            <td data-measured={row.measured.to_string()}>{ style.text(lang, row.measured) }</td>
            { shown }
            <td>{ "±" }{ style.text(lang, row.tolerance) }</td>
            <td class="check-wide"><Band row={row.clone()} live={now} /></td>
            <td class="check-wide"><span class={class}><Icon name={icon} size={14} />{ tr(lang, key) }</span></td>
            <td class="check-wide check-based">{ words::based_on(lang, &check.family, row) }</td>
        </tr>
    }
}
