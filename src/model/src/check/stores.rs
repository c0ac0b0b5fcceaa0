//! Stores side by side that keep the same data without knowing of each other, and counters that count the same.

use std::collections::{BTreeMap, BTreeSet};

use super::proxies;
use crate::catalogue::{database, id_generator};
use crate::placement::{Placement, Want, is_shard};
use crate::{Component, Design, Kind, LinkKey, Location, Problem, Role, Scenario};

/// Adds stores of which each has a part without anything saying which, and counters that give the same numbers.
pub(super) fn check(
    design: &Design,
    scenario: &Scenario,
    placement: &Placement<'_>,
    out: &mut Vec<Problem>,
) {
    check_databases(design, scenario, placement, out);
    proxies::check(design, scenario, placement, out);
    check_others(design, scenario, placement, out);
}

/// Adds databases of which an asker uses only the first, and shards that do not agree on how the rows are spread.
fn check_databases(
    design: &Design,
    scenario: &Scenario,
    placement: &Placement<'_>,
    out: &mut Vec<Problem>,
) {
    let components = placement.components();
    let is_database = |i: &usize| components[*i].kind == Kind::Database;
    let mut askers: BTreeMap<usize, usize> = BTreeMap::new();
    for key in design.links.keys() {
        let at = |id| components.binary_search_by(|c| c.id.cmp(id)).ok();
        if let (Some(from), Some(to)) = (at(&key.from), at(&key.to))
            && !matches!(components[from].kind.role(), Role::Control)
            && !is_database(&from)
            && is_database(&to)
        {
            *askers.entry(from).or_default() += 1;
        }
    }
    askers.retain(|_, databases| *databases > 1);
    if askers.is_empty() {
        return;
    }
    let mut told = BTreeSet::new();
    for dataset in &scenario.datasets {
        let want = Want::Write(dataset.id.clone());
        let reach = placement.reach(&want);
        for from in askers.keys() {
            let mut tiers = placement.tiers(*from, &want, &reach);
            // Copies are left out: they belong to one of the others.
            tiers.retain(|tier| tier.iter().all(is_database));
            for tier in &mut tiers {
                tier.retain(|i| placement.replica_of(*i).is_none());
                for (i, first, code) in apart(design, components, tier) {
                    if !told.insert((i, code)) {
                        continue;
                    }
                    let (id, first) = (&components[i].id, &components[first].id);
                    let at = match code {
                        "sharding_differs" => {
                            Location::Param(id.clone(), database::SHARDING.key.into())
                        }
                        _ => Location::Component(id.clone()),
                    };
                    out.push(
                        Problem::warning(code, at)
                            .with("id", id)
                            .with("param", database::SHARDING.key)
                            .with("name", first)
                            .with("dataset", &dataset.id),
                    );
                }
            }
        }
    }
}

/// Those of several equals that do not go together with the first, which are used instead of them.
fn apart(
    design: &Design,
    components: &[&Component],
    tier: &[usize],
) -> Vec<(usize, usize, &'static str)> {
    let shard = tier.iter().find(|i| is_shard(components[**i]));
    let Some(first) = shard.or(tier.first()).copied() else {
        return Vec::new();
    };
    let sharding = |i: usize| components[i].text(&database::SHARDING);
    let linked = |from: usize, to: usize| {
        let key = LinkKey::new(components[from].id.clone(), components[to].id.clone());
        design.links.contains_key(&key)
    };
    let others = tier.iter().copied().filter(|i| *i != first);
    others
        .filter_map(|i| match shard {
            Some(_) => (sharding(i) != sharding(first)).then_some((i, first, "sharding_differs")),
            None => {
                let known = linked(first, i) || linked(i, first);
                (!known).then_some((i, first, "store_not_used"))
            }
        })
        .collect()
}

/// Adds stores besides databases, and counters, between which an asker goes to and fro.
fn check_others(
    design: &Design,
    scenario: &Scenario,
    placement: &Placement<'_>,
    out: &mut Vec<Problem>,
) {
    let components = placement.components();
    let kinds = [
        Kind::KeyValue,
        Kind::ObjectStore,
        Kind::GraphStore,
        Kind::IdGenerator,
    ];
    let several = |kind: Kind| components.iter().filter(|c| c.kind == kind).count() > 1;
    if !kinds.into_iter().any(several) {
        return;
    }
    let asks = |i: &usize| {
        let kind = components[*i].kind;
        !matches!(kind.role(), Role::Control) && !kinds.contains(&kind)
    };
    let mut told = BTreeSet::new();
    for dataset in &scenario.datasets {
        let mut wants = vec![
            Want::Write(dataset.id.clone()),
            Want::NextId(dataset.id.clone()),
        ];
        let media = scenario.feed.as_ref().and_then(|feed| feed.media.as_ref());
        if media == Some(&dataset.id) {
            let operations = scenario.operations.iter();
            wants.extend(operations.map(|operation| Want::Upload {
                operation: operation.id.clone(),
                dataset: dataset.id.clone(),
            }));
        }
        for want in wants {
            let reach = placement.reach(&want);
            for from in (0..components.len()).filter(asks) {
                for tier in placement.tiers(from, &want, &reach) {
                    for (i, first, code) in at_odds(design, placement, &tier) {
                        if told.insert(i) {
                            let (id, first) = (&components[i].id, &components[first].id);
                            out.push(
                                Problem::warning(code, Location::Component(id.clone()))
                                    .with("id", id)
                                    .with("name", first)
                                    .with("dataset", &dataset.id),
                            );
                        }
                    }
                }
            }
        }
    }
}

/// Those of several equals that do not have what the first of their kind has, or count what it counts.
fn at_odds(
    design: &Design,
    placement: &Placement<'_>,
    tier: &[usize],
) -> Vec<(usize, usize, &'static str)> {
    let components = placement.components();
    let mut first: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for i in tier.iter().copied() {
        let kind = components[i].kind;
        let (code, odd): (_, fn(&Design, &Component, &Component) -> bool) = match kind {
            Kind::KeyValue | Kind::ObjectStore | Kind::GraphStore => ("stores_apart", unlinked),
            Kind::IdGenerator => ("counters_collide", collide),
            _ => continue,
        };
        if placement.replica_of(i).is_some() {
            continue;
        }
        let other = *first.entry(kind).or_insert(i);
        if other != i && odd(design, components[other], components[i]) {
            found.push((i, other, code));
        }
    }
    found
}

fn unlinked(design: &Design, one: &Component, other: &Component) -> bool {
    let linked = |from: &Component, to: &Component| {
        let key = LinkKey::new(from.id.clone(), to.id.clone());
        design.links.contains_key(&key)
    };
    !linked(one, other) && !linked(other, one)
}

/// Whether two counters come to the same number some day.
fn collide(_design: &Design, one: &Component, other: &Component) -> bool {
    let counter = |generator: &Component| match generator.text(&id_generator::SCHEME) {
        "ticket" => Some((1, 1)),
        "auto_increment" => Some((
            generator.count(&id_generator::OFFSET).max(1),
            generator.count(&id_generator::STEP).max(1),
        )),
        _ => None,
    };
    let (Some((first, step)), Some((second, other))) = (counter(one), counter(other)) else {
        return false;
    };
    let (mut greater, mut less) = (step, other);
    while less > 0 {
        (greater, less) = (less, greater % less);
    }
    first.abs_diff(second) % greater == 0
}
