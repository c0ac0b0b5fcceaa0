//! Whether a news feed can run in the drawing: who reads, who fans out, and what each of them reaches.

use std::collections::BTreeSet;

use crate::catalogue::feed;
use crate::placement::{Placement, parts_of, want_of};
use crate::scenario::Demand;
use crate::{Component, Design, Kind, Location, Problem, Scenario};

/// Adds what is missing and what contradicts itself.
pub(super) fn check(design: &Design, scenario: &Scenario, out: &mut Vec<Problem>) {
    let Some(of) = &scenario.feed else { return };
    let placement = Placement::resolve(design, scenario);
    let (mut fans, mut pushing) = (Vec::new(), true);
    let mut reads = Vec::new();
    let asked = super::routes::asked(design);
    for (i, component) in placement.components().iter().enumerate() {
        if !matches!(component.kind, Kind::Server | Kind::Function | Kind::Worker)
            || !asked.contains(&component.id)
        {
            continue;
        }
        for demand in demands(&placement, scenario, i) {
            match demand {
                Demand::ReadFeed { .. } => reads.push((i, demand)),
                _ => fans.push((i, demand)),
            }
        }
    }
    let rules: Vec<&Component> = fans
        .iter()
        .map(|(i, _)| placement.components()[*i])
        .collect();
    if let Some(first) = rules.first() {
        pushing = first.text(&feed::FEED_RULE) != "pull";
        if let Some(other) = rules.iter().find(|c| !same_rule(first, c)) {
            let at = Location::Param(other.id.clone(), feed::FEED_RULE.key.into());
            out.push(
                Problem::error("feed_rules_differ", at)
                    .with("id", &other.id)
                    .with("other", &first.id),
            );
        }
    } else if !reads.is_empty() {
        pushing = false;
        out.push(Problem::warning("feed_without_fan_out", Location::Design));
    }
    let mut told = BTreeSet::new();
    for (i, demand) in fans.into_iter().chain(reads) {
        let id = &placement.components()[i].id;
        for part in parts_of(demand, Some(of)) {
            let (Some(want), Some(dataset)) = (want_of(&part), dataset_of(&part)) else {
                continue;
            };
            let reach = placement.reach(&want);
            if !placement.tiers(i, &want, &reach).is_empty() {
                continue;
            }
            let lists = *dataset == of.lists;
            if (lists && !pushing) || !told.insert((id.clone(), dataset.clone())) {
                continue;
            }
            let code = if lists {
                "feed_without_lists"
            } else {
                "no_route"
            };
            out.push(
                Problem::warning(code, Location::Component(id.clone()))
                    .with("id", id)
                    .with("dataset", dataset),
            );
        }
    }
}

/// The demands on the feed in what a component runs.
fn demands<'s>(
    placement: &Placement<'_>,
    scenario: &'s Scenario,
    component: usize,
) -> Vec<&'s Demand> {
    let mut found = Vec::new();
    for operation in &scenario.operations {
        if placement.runs(component, &operation.id) {
            collect(&operation.demand, &mut found);
        }
    }
    found
}

fn collect<'s>(demand: &'s Demand, out: &mut Vec<&'s Demand>) {
    match demand {
        Demand::ReadFeed { .. } | Demand::FanOut { .. } => out.push(demand),
        Demand::Seq(list) | Demand::Transaction(list) | Demand::Par { demands: list, .. } => {
            for inner in list {
                collect(inner, out);
            }
        }
        Demand::Repeat { demand, .. } | Demand::Optional(demand) => collect(demand, out),
        _ => {}
    }
}

const fn dataset_of(part: &Demand) -> Option<&crate::Id> {
    match part {
        Demand::Read { dataset, .. } | Demand::Write { dataset, .. } => Some(dataset),
        _ => None,
    }
}

/// Whether two components push the same posts to the same readers.
fn same_rule(a: &Component, b: &Component) -> bool {
    let rule = a.text(&feed::FEED_RULE);
    let close = |spec| (a.number(spec) - b.number(spec)).abs() < 1e-9;
    rule == b.text(&feed::FEED_RULE)
        && match rule {
            "by_friends" => close(&feed::FEED_MOST_FRIENDS),
            "by_activity" => close(&feed::FEED_VIEWS_PER_DAY),
            "by_rates" => close(&feed::FEED_COST_RATIO),
            _ => true,
        }
}
