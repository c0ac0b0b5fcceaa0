//! The measures of components, and how the aggregated mode went.

use archplay_model::Design;
use archplay_report::{Measure, MetricUnit, Report};

use super::run::{heads, name_of};
use crate::numbers::{count, decimal, millis, percent};
use crate::print::Out;
use crate::table::Table;

/// Prints what kinds measure beyond the series; what does not exist or never happened is left out.
pub(super) fn measures(design: &Design, report: &Report, out: &mut Out) {
    let mut table = Table::new(2, heads(out, &["component", "measure", "measured"]));
    for total in &report.components {
        for (measure, value) in total.told() {
            table.row(vec![
                name_of(design, &total.id),
                out.t(&format!("measure.{}", measure.slug())),
                text(measure, value, out),
            ]);
        }
    }
    if !table.is_empty() {
        let heading = out.t("cli.run.measures");
        out.line("");
        out.line(&heading);
        table.print(out);
    }
}

fn text(measure: Measure, value: f64, out: &Out) -> String {
    match measure.unit() {
        MetricUnit::Share => percent(value),
        MetricUnit::Count if value.fract() == 0.0 => count(value as u64),
        MetricUnit::Count => decimal(value, 2),
        unit @ MetricUnit::Milliseconds => {
            format!(
                "{} {}",
                millis(value),
                out.t(&format!("unit.{}", unit.slug()))
            )
        }
        unit => format!(
            "{} {}",
            decimal(value, 2),
            out.t(&format!("unit.{}", unit.slug()))
        ),
    }
}

/// Says how much was simulated, if not everything was.
pub(super) fn aggregation(design: &Design, report: &Report, out: &mut Out) {
    let Some(mode) = &report.aggregation else {
        return;
    };
    out.line("");
    let text = match &mode.reacting {
        Some(id) => out.tf("aggregation.reacting", &[("id", &name_of(design, id))]),
        None => out.tf(
            "aggregation.line",
            &[
                ("stretches", &count(mode.stretches.into())),
                ("secs", &mode.stretch_secs.to_string()),
                ("sampled", &count(mode.sampled.into())),
                ("weight", &mode.weight.to_string()),
            ],
        ),
    };
    out.line(&text);
}
