//! What the faults of a run have cost: the same run without them, beside it.

use archplay_model::{Design, Scenario};
use archplay_report::{Losses, Report, Standing, floor_percent};

use super::replay;
use super::run::heads;
use crate::numbers::{count, decimal};
use crate::print::Out;
use crate::table::Table;

/// Runs the pair of a run and prints what was lost; among the notes when the report is on the output.
pub(super) fn losses(
    design: &Design,
    scenario: &Scenario,
    report: &Report,
    as_notes: bool,
    out: &mut Out,
) {
    if scenario.faults.is_empty() && report.interventions.is_empty() {
        let text = out.t("cli.run.paired_nothing");
        return out.note(&text);
    }
    let calm = scenario.clone().without_faults();
    let by_hand = (Vec::new(), report.requests.clone());
    // What ran with its faults runs without them, too.
    let Ok(pair) = replay::simulate(design, &calm, report.seed, by_hand) else {
        return;
    };
    let losses = Losses {
        disturbed: Standing::of(report),
        calm: Standing::of(&pair),
    };
    let end = out.clock(scenario.start, report.ran_ns);
    let heading = out.tf(
        "losses.note",
        &[("from", &out.clock(scenario.start, 0)), ("to", &end)],
    );
    let table = table(&losses, out);
    if as_notes {
        out.note(&heading);
        for line in table.lines() {
            out.note(&line);
        }
    } else {
        out.line("");
        out.line(&heading);
        table.print(out);
    }
}

fn table(losses: &Losses, out: &Out) -> Table {
    let keys = ["loss", "this_run", "calm_run", "lost_to_faults"];
    let mut table = Table::new(1, heads(out, &keys));
    let mut row = |slug: &str, cells: [Option<String>; 3]| {
        let [Some(this), Some(calm), Some(lost)] = cells else {
            return;
        };
        let name = out.t(&format!("losses.name.{slug}"));
        let amount = |n: &str| out.tf(&format!("losses.amount.{slug}"), &[("n", n)]);
        let lost = out.tf(&format!("losses.difference.{slug}"), &[("n", &lost)]);
        table.row(vec![name, amount(&this), amount(&calm), lost]);
    };
    let Losses { disturbed, calm } = losses;
    let money = |value: f64| decimal(value, 2);
    row(
        "orders",
        [
            disturbed.orders.map(count),
            calm.orders.map(count),
            losses.orders().map(signed),
        ],
    );
    row(
        "revenue",
        [
            disturbed.revenue.map(money),
            calm.revenue.map(money),
            losses.revenue().map(money),
        ],
    );
    row(
        "visitors",
        [
            Some(count(disturbed.visitors_done)),
            Some(count(calm.visitors_done)),
            Some(signed(losses.visitors_done())),
        ],
    );
    let points = |share: f64| decimal(floor_percent(share), 2);
    row(
        "availability",
        [
            disturbed.availability().map(points),
            calm.availability().map(points),
            losses.availability_points().map(money),
        ],
    );
    table
}

fn signed(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", count(value.unsigned_abs()))
}
