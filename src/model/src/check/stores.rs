//! Databases side by side that keep the same data without knowing of each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::database;
use crate::placement::{Placement, Want, is_shard};
use crate::{Component, Design, Kind, LinkKey, Location, Problem, Role, Scenario};

/// Adds databases of which an asker uses only the first, and shards that do not agree on how the rows are spread.
pub(super) fn check(
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
