//! Repeating a run: what was done by hand in it, and whether it came to the same.

use std::collections::BTreeMap;

use archplay_engine::{Budget, Run};
use archplay_model::format::RunDoc;
use archplay_model::scenario::{Asked, FaultTarget, Intervention};
use archplay_model::{ClockTime, Design, Problem, Scenario};
use archplay_report::Report;

use super::run::{heads, name_of};
use crate::numbers::decimal;
use crate::print::Out;
use crate::table::Table;

/// Runs to the end, with what is to be done by hand.
pub(super) fn simulate(
    design: &Design,
    scenario: &Scenario,
    seed: u64,
    (interventions, requests): (Vec<Intervention>, Vec<Asked>),
) -> Result<Report, Vec<Problem>> {
    let mut run = Run::compile(design, scenario, seed)?;
    run.replay(interventions);
    run.replay_requests(requests);
    let budget = Budget {
        until_ns: u64::MAX,
        max_events: 1 << 20,
    };
    while !run.advance(budget).done {}
    Ok(run.report())
}

/// Prints what was done and asked by hand, in order of time. `texts`: what posts say, by the request's place.
pub(super) fn interventions(
    design: &Design,
    start: ClockTime,
    (report, texts): (&Report, Option<&BTreeMap<u32, String>>),
    out: &mut Out,
) {
    let mut rows: Vec<(u64, String, String)> = Vec::new();
    for done in &report.interventions {
        let what = out.t(&format!("fault.{}", done.action.slug()));
        let what = match done.action.strength() {
            Some(strength) => format!("{what} ({})", decimal(strength, 2)),
            None => what,
        };
        rows.push((done.at_ns, target(design, &done.target, out), what));
    }
    for (place, asked) in (0..).zip(&report.requests) {
        let who = out.tf("cli.asked.user", &[("user", &asked.user.to_string())]);
        let what = out.t(&format!("cli.asked.{}", asked.ask.slug()));
        let what = match texts.and_then(|texts| texts.get(&place)) {
            Some(text) => out.tf("cli.asked.said", &[("what", &what), ("text", text)]),
            None => what,
        };
        rows.push((asked.at_ns, who, what));
    }
    // As they happened: at the same moment, what was broken comes first.
    rows.sort_by_key(|(at_ns, ..)| *at_ns);
    let mut table = Table::new(3, heads(out, &["at", "where", "done_by_hand"]));
    for (at_ns, place, what) in rows {
        table.row(vec![out.clock(start, at_ns), place, what]);
    }
    if !table.is_empty() {
        out.line("");
        table.print(out);
    }
}

fn target(design: &Design, target: &FaultTarget, out: &Out) -> String {
    match target {
        FaultTarget::Component(id) => name_of(design, id),
        FaultTarget::Link(link) => {
            format!(
                "{} → {}",
                name_of(design, &link.from),
                name_of(design, &link.to)
            )
        }
        FaultTarget::OneServer => out.t("kind.server.name"),
        FaultTarget::Kind(kind) | FaultTarget::OneOf(kind) => {
            out.t(&format!("kind.{}.name", kind.slug()))
        }
        FaultTarget::Place(place) => out.t(&format!("place.{}", place.slug())),
    }
}

/// Says whether a repetition came to what its file holds, and if not, what is different.
pub(super) fn compare(doc: &RunDoc, report: &Report, sha256: &str, out: &mut Out) {
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    let key = if same(&doc.report_sha256, sha256) {
        "cli.run.replay_same"
    } else if !same(&doc.design_sha256, &report.design_sha256) {
        "cli.run.replay_design"
    } else if !same(&doc.scenario_sha256, &report.scenario_sha256) {
        "cli.run.replay_scenario"
    } else {
        "cli.run.replay_other"
    };
    let text = out.t(key);
    out.note(&text);
}
