//! `archplay run`: runs a design under a scenario and prints the report.

use std::collections::BTreeMap;

use archplay_model::scenario::LocalText;
use archplay_model::{ClockTime, Design, Id, Scenario};
use archplay_report::{Report, Totals, sha256_hex};
use archplay_text::Lang;

use super::{measures, paired, replay};
use crate::Outcome;
use crate::args::RunArgs;
use crate::input;
use crate::numbers::{count, decimal, millis, percent};
use crate::print::Out;
use crate::table::Table;

/// How many events are printed; all of them are in the JSON.
const EVENTS: usize = 30;
/// How many causes are printed.
const CAUSES: usize = 5;

/// Runs a design.
pub(crate) fn run(args: &RunArgs, out: &mut Out) -> Outcome {
    let Some((design, mended)) = input::design(&args.design, out) else {
        return Outcome::BadInput;
    };
    let Some(scenario) = input::scenario(&args.scenario, out) else {
        return Outcome::BadInput;
    };
    let doc = match &args.replay {
        Some(path) => match input::run(path, out) {
            Some(doc) => Some(doc),
            None => return Outcome::BadInput,
        },
        None => None,
    };
    for problem in &mended {
        let text = out.problem(problem);
        out.note(&text);
    }
    let seed = args.seed.or(doc.as_ref().map(|doc| doc.seed)).unwrap_or(1);
    let by_hand = doc.as_ref();
    let by_hand = by_hand.map(|doc| (doc.interventions.clone(), doc.requests.clone()));
    let report = match replay::simulate(&design, &scenario, seed, by_hand.unwrap_or_default()) {
        Ok(report) => report,
        Err(problems) => {
            for problem in &problems {
                let text = out.problem(problem);
                out.note(&text);
            }
            return Outcome::BadInput;
        }
    };
    let json = report.to_json();
    let sha256 = sha256_hex(&json);
    if let Some(path) = &args.out
        && let Err(error) = std::fs::write(path, &json)
    {
        let file = path.display().to_string();
        let detail = error.to_string();
        let text = out.tf("cli.cannot_write", &[("file", &file), ("detail", &detail)]);
        out.note(&text);
        return Outcome::BadInput;
    }
    if args.json {
        out.raw(&json);
        out.note(&format!("SHA-256 {sha256}"));
    } else {
        let texts = doc.as_ref().map(|doc| &doc.texts);
        print(&design, &scenario, (&report, texts), out);
        out.line(&format!("SHA-256 {sha256}"));
    }
    if args.paired {
        paired::losses(&design, &scenario, &report, args.json, out);
    }
    if let Some(doc) = &doc {
        replay::compare(doc, &report, &sha256, out);
    }
    Outcome::Passed
}

/// `texts`: what posts say that were written by hand.
fn print(
    design: &Design,
    scenario: &Scenario,
    (report, texts): (&Report, Option<&BTreeMap<u32, String>>),
    out: &mut Out,
) {
    let name = if design.name.is_empty() {
        "–"
    } else {
        &design.name
    };
    let title = out.tf(
        "cli.run.title",
        &[
            ("design", name),
            ("scenario", local(out.lang, &scenario.name)),
            ("seed", &report.seed.to_string()),
            ("from", &scenario.start.to_string()),
            ("to", &out.clock(scenario.start, report.ran_ns)),
            ("engine", &report.engine.to_string()),
        ],
    );
    out.line(&title);
    let (totals, heading) = match scenario.focus {
        Some(focus) => (
            &report.focus,
            out.tf(
                "cli.run.focus",
                &[
                    ("from", &focus.from.to_string()),
                    ("to", &focus.to.to_string()),
                ],
            ),
        ),
        None => (&report.whole, out.t("cli.run.whole")),
    };
    out.line("");
    out.line(&heading);
    operations(scenario, totals, out);
    audiences(scenario, totals, out);
    failures(scenario, totals, out);
    components(design, report, out);
    measures::measures(design, report, out);
    measures::aggregation(design, report, out);
    costs(report, out);
    replay::interventions(design, scenario.start, (report, texts), out);
    causes(design, scenario.start, report, out);
    events(design, scenario.start, report, out);
    out.line("");
}

fn local(lang: Lang, text: &LocalText) -> &str {
    match lang {
        Lang::Ko => &text.ko,
        Lang::En => &text.en,
    }
}

/// Names of columns.
pub(super) fn heads(out: &Out, keys: &[&str]) -> Vec<String> {
    keys.iter()
        .map(|key| out.t(&format!("cli.column.{key}")))
        .collect()
}

fn operations(scenario: &Scenario, totals: &Totals, out: &mut Out) {
    let head = heads(
        out,
        &[
            "operation",
            "offered",
            "good",
            "failed",
            "p50",
            "p95",
            "p99",
            "max",
        ],
    );
    let mut table = Table::new(1, head);
    for total in &totals.operations {
        let name = scenario
            .operations
            .iter()
            .find(|o| o.id.as_str() == total.operation);
        // What only services ask of one another is a part of what visitors ask for.
        let asked = name.is_none_or(|operation| scenario.walks(&operation.id));
        if !asked && total.offered == 0 {
            continue;
        }
        table.row(vec![
            name.map_or(total.operation.as_str(), |o| local(out.lang, &o.name))
                .to_owned(),
            count(total.offered),
            count(total.good),
            count(total.failed_total()),
            millis(total.latency_p50_ms),
            millis(total.latency_p95_ms),
            millis(total.latency_p99_ms),
            millis(total.latency_max_ms),
        ]);
    }
    table.print(out);
}

fn audiences(scenario: &Scenario, totals: &Totals, out: &mut Out) {
    out.line("");
    let head = heads(
        out,
        &[
            "audience",
            "arrived",
            "done",
            "done_share",
            "lost",
            "late",
            "inside",
        ],
    );
    let mut table = Table::new(1, head);
    for total in &totals.audiences {
        let name = scenario
            .audiences
            .iter()
            .find(|a| a.id.as_str() == total.audience);
        let lost = total.lost.iter().map(|(_, n)| n).sum();
        table.row(vec![
            name.map_or(total.audience.as_str(), |a| local(out.lang, &a.name))
                .to_owned(),
            count(total.arrived),
            count(total.done),
            percent(total.done as f64 / total.arrived as f64),
            count(lost),
            count(total.late),
            count(total.inside),
        ]);
    }
    table.print(out);
}

fn failures(scenario: &Scenario, totals: &Totals, out: &mut Out) {
    let mut table = Table::new(
        2,
        heads(out, &["operation", "reason", "failed", "failed_share"]),
    );
    for total in &totals.operations {
        let name = scenario
            .operations
            .iter()
            .find(|o| o.id.as_str() == total.operation);
        for (reason, n) in &total.failed {
            table.row(vec![
                name.map_or(total.operation.as_str(), |o| local(out.lang, &o.name))
                    .to_owned(),
                out.t(&format!("reason.{}.name", reason.slug())),
                count(*n),
                percent(*n as f64 / total.offered as f64),
            ]);
        }
    }
    if !table.is_empty() {
        out.line("");
        table.print(out);
    }
}

fn components(design: &Design, report: &Report, out: &mut Out) {
    out.line("");
    let head = heads(
        out,
        &[
            "component",
            "cpu",
            "instances",
            "instance_hours",
            "requests",
            "mean",
        ],
    );
    let mut table = Table::new(1, head);
    for total in &report.components {
        let mean_ms = total.time_secs * 1_000.0 / total.left as f64;
        table.row(vec![
            name_of(design, &total.id),
            percent(total.utilisation),
            if total.max_instances == 0 {
                "–".into()
            } else {
                total.max_instances.to_string()
            },
            if total.max_instances == 0 {
                "–".into()
            } else {
                decimal(total.instance_hours, 2)
            },
            count(total.arrived),
            millis(mean_ms),
        ]);
    }
    table.print(out);
}

fn costs(report: &Report, out: &mut Out) {
    let cost = &report.cost;
    let text = out.tf(
        "cli.run.cost",
        &[
            ("total", &decimal(cost.total, 2)),
            ("servers", &decimal(cost.servers, 2)),
            ("databases", &decimal(cost.databases, 2)),
            ("load_balancers", &decimal(cost.load_balancers, 2)),
            ("traffic", &decimal(cost.traffic, 2)),
            ("others", &decimal(cost.others, 2)),
            ("requests", &decimal(cost.requests, 2)),
        ],
    );
    out.line("");
    out.line(&text);
}

fn causes(design: &Design, start: ClockTime, report: &Report, out: &mut Out) {
    let mut table = Table::new(
        3,
        heads(out, &["first_at", "component", "reason", "failed"]),
    );
    for cause in report.causes.iter().take(CAUSES) {
        table.row(vec![
            out.clock(start, cause.first_ns),
            name_of(design, &cause.component),
            out.t(&format!("reason.{}.name", cause.reason.slug())),
            count(cause.count),
        ]);
    }
    if !table.is_empty() {
        let heading = out.t("cli.run.causes");
        out.line("");
        out.line(&heading);
        table.print(out);
    }
}

fn events(design: &Design, start: ClockTime, report: &Report, out: &mut Out) {
    if report.events.is_empty() {
        return;
    }
    let heading = out.t("cli.run.events");
    out.line("");
    out.line(&heading);
    for event in report.events.iter().take(EVENTS) {
        let args = [
            ("id", name_of(design, &event.id)),
            ("from", count(event.from.into())),
            ("to", count(event.to.into())),
        ];
        let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let text = out.tf(&format!("event.{}", event.code.slug()), &args);
        let at = out.clock(start, event.at_ns);
        out.line(&format!("  {at}  {text}"));
    }
    if report.events.len() > EVENTS {
        let rest = (report.events.len() - EVENTS).to_string();
        let text = out.tf("cli.run.more_events", &[("count", &rest)]);
        out.line(&format!("  {text}"));
    }
}

/// The name that a person gave, else the id.
pub(super) fn name_of(design: &Design, id: &Id) -> String {
    match design.get(id) {
        Some(component) if !component.name.is_empty() => component.name.clone(),
        _ => id.to_string(),
    }
}
