//! Connection proxies side by side: an asker divides its statements between them, so they must lead to the same rows.

use std::collections::BTreeSet;

use crate::placement::{Placement, Want};
use crate::{Design, Kind, LinkKey, Location, Problem, Role, Scenario};

/// Adds proxies, and databases beside a proxy, that do not lead an asker where the first of them does.
pub(super) fn check(
    design: &Design,
    scenario: &Scenario,
    placement: &Placement<'_>,
    out: &mut Vec<Problem>,
) {
    let components = placement.components();
    let is_proxy = |i: &usize| components[*i].kind == Kind::ConnectionProxy;
    if !(0..components.len()).any(|i| is_proxy(&i)) {
        return;
    }
    let asks = |i: &usize| components[*i].kind.role() != Role::Control && !is_proxy(i);
    let mut told = BTreeSet::new();
    for dataset in &scenario.datasets {
        let want = Want::Write(dataset.id.clone());
        let reach = placement.reach(&want);
        for from in (0..components.len()).filter(asks) {
            for mut tier in placement.tiers(from, &want, &reach) {
                tier.retain(|i| is_proxy(i) || components[*i].kind == Kind::Database);
                if !tier.iter().any(is_proxy) {
                    continue;
                }
                let leads_to = |i: usize| match is_proxy(&i) {
                    true => placement.behind(i, &want),
                    false => vec![i],
                };
                let first = tier[0];
                let expected = primaries(placement, leads_to(first));
                for i in &tier[1..] {
                    let found = primaries(placement, leads_to(*i));
                    if !same(design, placement, &expected, &found) && told.insert(*i) {
                        let id = &components[*i].id;
                        out.push(
                            Problem::warning("proxies_differ", Location::Component(id.clone()))
                                .with("id", id)
                                .with("name", &components[first].id)
                                .with("dataset", &dataset.id),
                        );
                    }
                }
            }
        }
    }
}

/// Those that take writes.
fn primaries(placement: &Placement<'_>, databases: Vec<usize>) -> BTreeSet<usize> {
    let databases = databases.into_iter();
    databases
        .filter(|i| placement.replica_of(*i).is_none())
        .collect()
}

/// Whether what is written to the ones is found with the others: they are the same, or copy to each other.
fn same(
    design: &Design,
    placement: &Placement<'_>,
    ones: &BTreeSet<usize>,
    others: &BTreeSet<usize>,
) -> bool {
    let components = placement.components();
    let linked = |from: usize, to: usize| {
        let key = LinkKey::new(components[from].id.clone(), components[to].id.clone());
        design.links.contains_key(&key)
    };
    let both = |one: &usize, other: &usize| linked(*one, *other) && linked(*other, *one);
    ones == others
        || ones
            .iter()
            .all(|one| others.iter().all(|other| both(one, other)))
}
