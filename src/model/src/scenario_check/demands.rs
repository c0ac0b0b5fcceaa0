//! Checks what operations take.

use std::collections::{BTreeMap, BTreeSet};

use super::Findings;
use crate::scenario::{Demand, Entry, Filter};
use crate::{Id, Scenario, limits};

/// The most conditions of one query.
const MAX_FILTERS: usize = 16;
/// The most steps that an operation may come to together with all that it calls and publishes.
const MAX_NESTED_STEPS: usize = 100_000;

/// Checks all operations.
pub(super) fn check(scenario: &Scenario, found: &mut Findings<'_>) {
    let mut sizes = Vec::new();
    let mut asks: Vec<Vec<Ask>> = Vec::new();
    for (i, operation) in scenario.operations.iter().enumerate() {
        let path = format!("operations[{i}].demand");
        let mut walk = Walk {
            scenario,
            entry: operation.entry,
            found: &mut *found,
            asks: Vec::new(),
        };
        let steps = walk.demand(&operation.demand, &path, 0, 1);
        asks.push(walk.asks);
        if steps > limits::MAX_OPERATION_STEPS {
            found.bad(path, "scenario_too_long", steps);
        }
        sizes.push(steps);
    }
    check_rings(scenario, &sizes, &asks, found);
}

/// An operation that another runs by `call` or `publish`.
struct Ask {
    /// The place of the other operation.
    operation: usize,
    /// Where this one asks.
    path: String,
    /// How often in one go.
    times: usize,
}

/// A walk through one operation.
struct Walk<'s, 'f, 'o> {
    scenario: &'s Scenario,
    entry: Entry,
    found: &'f mut Findings<'o>,
    asks: Vec<Ask>,
}

impl Walk<'_, '_, '_> {
    /// Checks one demand and says how many steps it comes to when written out. `times` is how often it is
    /// repeated from outside.
    fn demand(&mut self, demand: &Demand, path: &str, depth: usize, times: usize) -> usize {
        if depth > limits::MAX_DEPTH {
            self.found.bad(path, "scenario_too_deep", depth);
            return 1;
        }
        let login = matches!(demand, Demand::Login { .. });
        let container = matches!(demand, Demand::Seq(_) | Demand::Repeat { .. });
        if !container && login != (self.entry == Entry::Admin) {
            self.found.bad(path, "scenario_entry_mismatch", "");
        }
        match demand {
            Demand::Seq(list) => self.list(list, path, depth, times),
            Demand::Par { wait_for, demands } => {
                if let Some(wait_for) = wait_for {
                    let wanted = f64::from(*wait_for);
                    let most = demands.len() as f64;
                    self.found
                        .range(format!("{path}.wait_for"), wanted, 1.0, most);
                }
                self.list(demands, path, depth, times)
            }
            Demand::Transaction(list) => {
                for (i, inner) in list.iter().enumerate() {
                    if !allowed_in_transaction(inner) {
                        let path = format!("{path}[{i}]");
                        self.found.bad(path, "scenario_in_transaction", "");
                    }
                }
                self.list(list, path, depth, times)
            }
            Demand::Repeat {
                times: again,
                demand,
            } => {
                self.found
                    .range(format!("{path}.times"), f64::from(*again), 1.0, 10_000.0);
                let again = *again as usize;
                self.demand(demand, path, depth + 1, times.saturating_mul(again))
                    .saturating_mul(again)
            }
            Demand::Optional(inner) => self.demand(inner, path, depth + 1, times),
            leaf => {
                self.leaf(leaf, path, times);
                1
            }
        }
    }

    fn list(&mut self, list: &[Demand], path: &str, depth: usize, times: usize) -> usize {
        let mut steps = 0_usize;
        for (i, inner) in list.iter().enumerate() {
            let inner = self.demand(inner, &format!("{path}[{i}]"), depth + 1, times);
            steps = steps.saturating_add(inner);
            if steps > limits::MAX_OPERATION_STEPS {
                return steps;
            }
        }
        // An empty list counts too: repeats of nothing would still take time to write out.
        steps.max(1)
    }

    fn leaf(&mut self, demand: &Demand, path: &str, times: usize) {
        match demand {
            Demand::Static { bytes, objects } => {
                let bytes = *bytes as f64;
                self.found.range(format!("{path}.bytes"), bytes, 0.0, 1e11);
                let objects = f64::from(*objects);
                self.found
                    .range(format!("{path}.objects"), objects, 1.0, 100_000.0);
            }
            Demand::Compute { cpu_ms, spread } => {
                self.found
                    .range(format!("{path}.cpu_ms"), *cpu_ms, 0.0, 3_600_000.0);
                self.found.spread(&format!("{path}.spread"), *spread);
            }
            Demand::Login { cpu_ms } => {
                self.found
                    .range(format!("{path}.cpu_ms"), *cpu_ms, 0.0, 3_600_000.0);
            }
            Demand::Read {
                dataset,
                rows,
                filters,
                offset,
                ..
            } => {
                self.known_dataset(dataset, path);
                let rows = f64::from(*rows);
                self.found.range(format!("{path}.rows"), rows, 1.0, 1e6);
                let offset = f64::from(*offset);
                self.found.range(format!("{path}.offset"), offset, 0.0, 1e9);
                self.filters(filters, path);
            }
            Demand::Write { dataset, .. }
            | Demand::Insert { dataset, .. }
            | Demand::NextId { dataset } => self.known_dataset(dataset, path),
            Demand::Reserve {
                dataset, amount, ..
            } => {
                self.known_dataset(dataset, path);
                let amount = f64::from(*amount);
                self.found.range(format!("{path}.amount"), amount, 1.0, 1e6);
                let mut datasets = self.scenario.datasets.iter();
                if datasets.any(|d| d.id == *dataset && d.stock.is_none()) {
                    self.found.bad(path, "scenario_without_stock", dataset);
                }
            }
            Demand::Publish { topic } => self.ask(topic, &format!("{path}.topic"), times),
            Demand::Call { service } => self.ask(service, &format!("{path}.service"), times),
            Demand::Authenticate | Demand::Notify => {}
            Demand::ReadFeed { page, cpu_us } => {
                self.feed(path, *cpu_us);
                let page = f64::from(*page);
                self.found.range(format!("{path}.page"), page, 0.0, 1_000.0);
            }
            Demand::FanOut { cpu_us } => self.feed(path, *cpu_us),
            Demand::Seq(_)
            | Demand::Par { .. }
            | Demand::Transaction(_)
            | Demand::Repeat { .. }
            | Demand::Optional(_) => {}
        }
    }

    fn feed(&mut self, path: &str, cpu_us: f64) {
        self.found.range(format!("{path}.cpu_us"), cpu_us, 0.0, 1e6);
        if self.scenario.feed.is_none() {
            self.found.bad(path, "scenario_without_feed", "");
        }
    }

    fn filters(&mut self, filters: &[Filter], path: &str) {
        if filters.len() > MAX_FILTERS {
            let path = format!("{path}.filters");
            self.found.bad(path, "scenario_too_long", filters.len());
        }
        for (i, filter) in filters.iter().enumerate() {
            let path = format!("{path}.filters[{i}].selectivity");
            self.found.above(path, filter.selectivity, 0.0, 1.0);
        }
    }

    fn known_dataset(&mut self, dataset: &Id, path: &str) {
        if !self.scenario.datasets.iter().any(|d| d.id == *dataset) {
            self.found.bad(path, "scenario_unknown_dataset", dataset);
        }
    }

    fn ask(&mut self, operation: &Id, path: &str, times: usize) {
        let mut operations = self.scenario.operations.iter();
        match operations.position(|o| o.id == *operation) {
            None => self
                .found
                .bad(path, "scenario_unknown_operation", operation),
            Some(at) => {
                if self.scenario.operations[at].entry == Entry::Admin {
                    self.found.bad(path, "scenario_entry_mismatch", "");
                }
                self.asks.push(Ask {
                    operation: at,
                    path: path.to_owned(),
                    times,
                });
            }
        }
    }
}

/// A transaction runs on one server with one connection: nothing that leaves the server.
fn allowed_in_transaction(demand: &Demand) -> bool {
    match demand {
        Demand::Compute { .. }
        | Demand::Read { .. }
        | Demand::Write { .. }
        | Demand::Insert { .. }
        | Demand::Reserve { .. }
        | Demand::NextId { .. } => true,
        Demand::Seq(list) => list.iter().all(allowed_in_transaction),
        Demand::Repeat { demand, .. } | Demand::Optional(demand) => allowed_in_transaction(demand),
        Demand::Static { .. }
        | Demand::Login { .. }
        | Demand::Transaction(_)
        | Demand::Par { .. }
        | Demand::Publish { .. }
        | Demand::Call { .. }
        | Demand::Authenticate
        | Demand::Notify
        | Demand::ReadFeed { .. }
        | Demand::FanOut { .. } => false,
    }
}

/// Operations that come back to themselves by calls or messages would go on for ever; the others may not
/// come to too much together.
fn check_rings(scenario: &Scenario, sizes: &[usize], asks: &[Vec<Ask>], found: &mut Findings<'_>) {
    let mut nested: BTreeMap<usize, usize> = BTreeMap::new();
    for start in 0..asks.len() {
        if nested.contains_key(&start) {
            continue;
        }
        // Depth first with an explicit stack: each entry is an operation and its next ask.
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        let mut on_path = BTreeSet::from([start]);
        while let Some((operation, next)) = path.last_mut() {
            let operation = *operation;
            match asks[operation].get(*next) {
                Some(ask) if on_path.contains(&ask.operation) => {
                    let name = &scenario.operations[ask.operation].id;
                    found.bad(&ask.path, "scenario_recursion", name);
                    *next += 1;
                }
                Some(ask) if !nested.contains_key(&ask.operation) => {
                    let other = ask.operation;
                    *next += 1;
                    on_path.insert(other);
                    path.push((other, 0));
                }
                Some(_) => *next += 1,
                None => {
                    let inner = asks[operation].iter().map(|ask| {
                        let size = nested.get(&ask.operation).copied().unwrap_or(0);
                        size.saturating_mul(ask.times)
                    });
                    let size = inner.fold(sizes[operation], usize::saturating_add);
                    if size > MAX_NESTED_STEPS && sizes[operation] <= limits::MAX_OPERATION_STEPS {
                        let path = format!("operations[{operation}].demand");
                        found.bad(path, "scenario_too_long", size);
                    }
                    // Whoever asks this one need not be told again.
                    nested.insert(operation, size.min(MAX_NESTED_STEPS));
                    on_path.remove(&operation);
                    path.pop();
                }
            }
        }
    }
}
