//! What the faults of a run have cost, beside the run itself: the pair's progress, and what came of it.
//!
//! Must not live here: what is lost (`archplay_report::Losses`), when the pair runs (`run`).

use std::rc::Rc;

use archplay_report::{Losses, Standing, floor_percent};
use archplay_text::Lang;
use yew::prelude::*;

use crate::app::lang::{tr, trf, use_lang};
use crate::app::run::{LossState, RunCommand, RunState, use_run_dispatch};

use super::format::{clock_text, figure, grouped};

/// What it shows.
#[derive(Properties, PartialEq)]
pub struct LossesLineProps {
    /// The run.
    pub run: Rc<RunState>,
}

/// A line above the charts; nothing for runs in which nothing broke.
#[component]
pub fn LossesLine(props: &LossesLineProps) -> Html {
    let run = &props.run;
    let lang = use_lang();
    let dispatch = use_run_dispatch();
    let button = |key: &str, command: RunCommand| {
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| dispatch.apply(command.clone()));
        html! { <button type="button" class="btn" {onclick}>{ tr(lang, key) }</button> }
    };
    let body = match &run.losses {
        LossState::None => return Html::default(),
        LossState::Offered => html! {
            <>{ tr(lang, "losses.offered") }{ button("losses.compare", RunCommand::Pair) }</>
        },
        LossState::Failed => html! {
            <>{ tr(lang, "losses.failed") }{ button("losses.again", RunCommand::Pair) }</>
        },
        LossState::Running(share) => html! {
            <>
                <span id="losses-running">{ tr(lang, "losses.running") }</span>
                <progress aria-labelledby="losses-running" max="1" value={format!("{share:.3}")} />
                { button("losses.stop", RunCommand::StopPair) }
            </>
        },
        LossState::Done(losses) => return done(run, losses, lang),
    };
    html! { <div class="losses losses-wait">{ body }</div> }
}

fn done(run: &RunState, losses: &Losses, lang: Lang) -> Html {
    let rows = rows(losses, lang);
    let start = run.data.table().start_secs;
    let end = start.saturating_add((losses.disturbed.ran_ns / 1_000_000_000) as u32);
    let times = [("from", &*clock_text(start)), ("to", &*clock_text(end))];
    html! {
        <details class="losses">
            <summary>
                <b>{ tr(lang, "losses.title") }</b>
                for row in rows.iter().filter(|row| row.leads) {
                    <span key={row.slug} class="losses-item" data-loss={row.slug}>
                        { row.name.clone() }{ " " }<b>{ row.lost.clone() }</b>{ " " }
                        <small>{ trf(lang, "losses.against", &[("calm", &row.calm)]) }</small>
                    </span>
                }
                <u>{ tr(lang, "losses.details") }</u>
            </summary>
            <div class="losses-how">
                <table>
                    <thead>
                        <tr>
                            for key in ["what", "this", "calm", "lost"] {
                                <th key={key} scope="col">{ tr(lang, &format!("losses.{key}")) }</th>
                            }
                        </tr>
                    </thead>
                    <tbody>
                        for row in &rows {
                            <tr key={row.slug}>
                                <th scope="row">{ row.name.clone() }
                                    <small>{ tr(lang, &format!("losses.about.{}", row.slug)) }</small></th>
                                <td>{ row.this.clone() }</td>
                                <td>{ row.calm.clone() }</td>
                                <td><b>{ row.lost.clone() }</b></td>
                            </tr>
                        }
                    </tbody>
                </table>
                <p class="field-help">{ trf(lang, "losses.note", &times) }
                    if rows.iter().any(|row| row.gained) { { " " }{ tr(lang, "losses.gained") } }
                </p>
            </div>
        </details>
    }
}

/// One quantity that is compared, in words.
pub struct LossRow {
    /// Its name in keys.
    pub slug: &'static str,
    /// Its name.
    pub name: AttrValue,
    /// With the faults.
    pub this: AttrValue,
    /// Without.
    pub calm: AttrValue,
    /// The difference.
    pub lost: AttrValue,
    /// Whether it stands in the line; the others only in the table.
    pub leads: bool,
    gained: bool,
}

/// What exists, the most telling first. Visitors lead where there are no orders.
pub fn rows(losses: &Losses, lang: Lang) -> Vec<LossRow> {
    let Losses { disturbed, calm } = losses;
    let row = |slug, of: &dyn Fn(&Standing) -> Option<String>, lost: Option<(f64, String)>| {
        let (lost, text) = lost?;
        let amount = |n: String| trf(lang, &format!("losses.amount.{slug}"), &[("n", &n)]);
        Some(LossRow {
            slug,
            name: tr(lang, &format!("losses.name.{slug}")),
            this: amount(of(disturbed)?),
            calm: amount(of(calm)?),
            lost: trf(lang, &format!("losses.difference.{slug}"), &[("n", &text)]),
            leads: slug != "visitors" || calm.orders.is_none(),
            gained: lost < 0.0,
        })
    };
    let whole = |lost: i64| (lost as f64, signed(lost));
    let part = |lost: f64| (lost, figure(lost));
    let share = |share| format!("{:.2}", floor_percent(share));
    let points = losses.availability_points();
    [
        row(
            "orders",
            &|of| of.orders.map(grouped),
            losses.orders().map(whole),
        ),
        row(
            "revenue",
            &|of| of.revenue.map(figure),
            losses.revenue().map(part),
        ),
        row(
            "visitors",
            &|of| Some(grouped(of.visitors_done)),
            Some(whole(losses.visitors_done())),
        ),
        row(
            "availability",
            &|of| of.availability().map(share),
            points.map(|points| (points, format!("{points:.2}"))),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn signed(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(value.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_says_what_it_is_in_both_languages() {
        let losses = Losses {
            disturbed: Standing {
                ran_ns: 1,
                requests: 20_000,
                good: 19_999,
                visitors: 9_000,
                visitors_done: 7_000,
                orders: Some(1_000),
                revenue: Some(2_000.5),
            },
            calm: Standing {
                ran_ns: 1,
                requests: 20_000,
                good: 20_000,
                visitors: 9_000,
                visitors_done: 6_990,
                orders: Some(2_234),
                revenue: Some(4_468.0),
            },
        };
        for lang in Lang::ALL {
            let all = rows(&losses, lang);
            assert_eq!(all.len(), 4);
            for row in &all {
                let about = tr(lang, &format!("losses.about.{}", row.slug));
                for text in [&row.name, &row.this, &row.calm, &row.lost, &about] {
                    assert!(!text.contains("losses.") && !text.contains('{'), "{text}");
                }
            }
            assert_eq!(all.iter().filter(|row| row.leads).count(), 3);
        }
        let korean = rows(&losses, Lang::Ko);
        let lost: Vec<&str> = korean.iter().map(|row| &*row.lost).collect();
        assert_eq!(lost, ["1,234건", "2,468단위", "-10명", "0.01%p"]);
        assert_eq!(&*korean[3].this, "99.99%");
        assert!(korean[2].gained && !korean[0].gained);
        let bare = rows(&Losses::default(), Lang::Ko);
        let slugs: Vec<&str> = bare.iter().map(|row| row.slug).collect();
        assert_eq!(slugs, ["visitors"], "nothing else exists");
        assert!(bare[0].leads);
    }
}
