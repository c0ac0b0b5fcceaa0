//! Whether a news feed can run in the drawing: who reads, who fans out, and what each of them reaches.

use std::collections::BTreeSet;

use crate::catalogue::feed;
use crate::placement::{Placement, Want, media_parts, parts_of, want_of};
use crate::scenario::Demand;
use crate::{Component, Design, Id, Kind, Location, Problem, Scenario};

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
    check_media(&placement, scenario, &mut told, out);
}

/// Adds who passes on media, since the clients reach no object store or CDN that has them, and cannot reach them
/// either.
fn check_media(
    placement: &Placement<'_>,
    scenario: &Scenario,
    told: &mut BTreeSet<(Id, Id)>,
    out: &mut Vec<Problem>,
) {
    let feed = scenario.feed.as_ref();
    let (Some(feed), Some([read, write])) = (feed, media_parts(feed)) else {
        return;
    };
    let Some(dataset) = &feed.media else { return };
    for operation in &scenario.operations {
        let shows = |demand: &Demand| matches!(demand, Demand::ReadFeed { .. });
        let posts = |demand: &Demand| matches!(demand, Demand::Insert { dataset, .. } if *dataset == feed.posts);
        let id = || operation.id.clone();
        let dataset = || dataset.clone();
        let mut wanted = Vec::new();
        if scenario.leads_to(&operation.demand, &shows) {
            let (operation, dataset) = (id(), dataset());
            wanted.push((Want::Media { operation, dataset }, &read));
        }
        if scenario.leads_to(&operation.demand, &posts) {
            let (operation, dataset) = (id(), dataset());
            wanted.push((Want::Upload { operation, dataset }, &write));
        }
        for (want, part) in wanted {
            let Some(kept) = want_of(part) else { continue };
            let kept_reach = placement.reach(&kept);
            for i in through(placement, scenario, &operation.id, &want) {
                let id = &placement.components()[i].id;
                if placement.tiers(i, &kept, &kept_reach).is_empty()
                    && told.insert((id.clone(), dataset()))
                {
                    out.push(
                        Problem::warning("no_route", Location::Component(id.clone()))
                            .with("id", id)
                            .with("dataset", dataset()),
                    );
                }
            }
        }
    }
}

/// Who of those that run operations is asked for media, on the ways of the audiences that ask for an operation.
fn through(
    placement: &Placement<'_>,
    scenario: &Scenario,
    operation: &Id,
    want: &Want,
) -> Vec<usize> {
    let reach = placement.reach(want);
    let components = placement.components();
    let mut open: Vec<usize> = Vec::new();
    for (i, audience) in scenario.audiences.iter().enumerate() {
        let journey = scenario.journey(&audience.journey);
        let mut steps = journey.iter().flat_map(|journey| &journey.steps);
        let asks = |id: &Id| id == operation;
        if steps.any(|step| asks(&step.operation) || step.or.iter().any(|o| asks(&o.operation))) {
            let clients = placement.clients(i).iter();
            open.extend(clients.filter_map(|id| components.iter().position(|c| c.id == *id)));
        }
    }
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some(at) = open.pop() {
        for to in placement.tiers(at, want, &reach).into_iter().flatten() {
            if !seen.insert(to) {
                continue;
            }
            if matches!(components[to].kind, Kind::Server | Kind::Function) {
                found.push(to);
            } else {
                open.push(to);
            }
        }
    }
    found.sort_unstable();
    found
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

const fn dataset_of(part: &Demand) -> Option<&Id> {
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
