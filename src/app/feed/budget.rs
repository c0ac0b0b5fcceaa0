//! How much memory there is for feed lists. Pure.

use archplay_model::catalogue::cache::{HOLDS, MEMORY_MIB};
use archplay_model::{Component, Design, Id, Kind, Scenario};

use crate::app::run::RunState;

/// Bytes of a MiB over those of an MB.
const MB_PER_MIB: f64 = 1.048_576;

/// The memory of the caches that hold feed lists, in MB (10⁶ bytes), in the drawing that was run; `None` where no
/// cache holds any.
pub fn list_budget_mb(run: &RunState) -> Option<f64> {
    let feed = run.scenario.as_ref()?.feed.as_ref()?;
    of_caches(run.design.as_ref()?, &feed.lists)
}

fn of_caches(design: &Design, lists: &Id) -> Option<f64> {
    let mib: f64 = list_caches(design, lists)
        .into_iter()
        .map(|cache| cache.number(&MEMORY_MIB))
        .sum();
    (mib > 0.0).then_some(mib * MB_PER_MIB)
}

/// Whether a component is such a cache, under a scenario with a feed.
pub fn has_lists(scenario: &Scenario, design: &Design, id: &Id) -> bool {
    let feed = scenario.feed.as_ref();
    feed.is_some_and(|feed| {
        list_caches(design, &feed.lists)
            .iter()
            .any(|cache| cache.id == *id)
    })
}

/// The caches that hold feed lists: those that name them, else those that name nothing.
pub fn list_caches<'a>(design: &'a Design, lists: &Id) -> Vec<&'a Component> {
    let caches = || design.components.values().filter(|c| c.kind == Kind::Cache);
    let named: Vec<&Component> = caches()
        .filter(|cache| cache.names(&HOLDS).contains(lists))
        .collect();
    if named.is_empty() {
        caches()
            .filter(|cache| cache.names(&HOLDS).is_empty())
            .collect()
    } else {
        named
    }
}

#[cfg(test)]
mod tests {
    use archplay_model::format::read_design;

    use super::*;

    const LECTURE: &str = include_str!("../../engine/tests/feed_support/lecture.design.json");

    #[test]
    fn the_budget_is_that_of_the_caches_with_lists() {
        let (mut design, _) = read_design(LECTURE).unwrap_or_else(|e| panic!("{e}"));
        let lists = Id::new("lists").unwrap_or_else(|e| panic!("{e}"));
        let budget = of_caches(&design, &lists).unwrap_or(0.0);
        assert!((budget - 131_072.0 * MB_PER_MIB).abs() < 1e-6, "{budget}");
        design.components.retain(|_, c| c.kind != Kind::Cache);
        assert_eq!(of_caches(&design, &lists), None);
    }
}
