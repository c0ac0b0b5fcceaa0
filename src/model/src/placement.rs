//! Placement: who can serve what, following the student's links. The checker and the engine both ask here.
//!
//! A component *provides* what it can answer itself and *carries* what it passes on. From the providers the
//! links are followed backwards over those who carry; whoever has a link to one found can ask for it. Among
//! several the preference of [`Placement::tiers`] decides, never chance.

mod about;
mod wants;

use std::collections::{BTreeMap, BTreeSet};

use about::{
    asked_for, carries_want, clients_for, keeps_data, own_datasets, own_operations, replica_of,
};
pub use about::{counts, handles, is_admin, is_shard};
pub use wants::{Want, media_parts, parts_of, want_of};

use crate::scenario::Entry;
use crate::{Component, Design, Id, Kind, Place, Role, Scenario};

/// The rank of copies among those who can be read.
const COPY_RANK: u8 = 2;

/// What a visitor's browser sends out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leg {
    /// A request for static files, which a CDN can answer.
    Static,
    /// A request that the application has to work on.
    Dynamic,
}

/// The resolved answers for one design under one scenario.
#[derive(Clone, Debug)]
pub struct Placement<'a> {
    components: Vec<&'a Component>,
    index: BTreeMap<&'a Id, usize>,
    /// For each component: those it has links to, in id order.
    targets: Vec<Vec<usize>>,
    incoming: Vec<Vec<usize>>,
    /// Operations that some server or function names, and datasets that some store names.
    claimed_operations: BTreeSet<Id>,
    claims: BTreeMap<Id, BTreeSet<usize>>,
    clients: Vec<Vec<Id>>,
    /// For each component what it names itself: operations, datasets.
    operations: Vec<Vec<Id>>,
    datasets: Vec<Vec<Id>>,
    /// Operations that visitors ask for, and services.
    asked: BTreeSet<Id>,
    /// Whose copy each is.
    replicas: Vec<Option<usize>>,
    places: Vec<Place>,
}

/// For each component: whether it provides something itself, and whether it is on a way to it.
#[derive(Clone, Debug)]
pub struct Reach {
    provides: Vec<bool>,
    carries: Vec<bool>,
}

impl Reach {
    /// Whether this component can be asked.
    #[must_use]
    pub fn answers(&self, component: usize) -> bool {
        self.provides[component] || self.carries[component]
    }

    /// Whether this component provides it itself.
    #[must_use]
    pub fn provides(&self, component: usize) -> bool {
        self.provides[component]
    }
}

impl<'a> Placement<'a> {
    /// Resolves what does not depend on a single want.
    #[must_use]
    pub fn resolve(design: &'a Design, scenario: &Scenario) -> Self {
        let components: Vec<&Component> = design.components.values().collect();
        let index: BTreeMap<&Id, usize> = design.components.keys().zip(0..).collect();
        let mut targets = vec![Vec::new(); components.len()];
        let mut incoming = vec![Vec::new(); components.len()];
        for key in design.links.keys() {
            if let (Some(from), Some(to)) = (index.get(&key.from), index.get(&key.to)) {
                targets[*from].push(*to);
                incoming[*to].push(*from);
            }
        }
        let mut claimed_operations = BTreeSet::new();
        let mut claims: BTreeMap<Id, BTreeSet<usize>> = BTreeMap::new();
        let operations: Vec<_> = components.iter().map(|c| own_operations(c)).collect();
        let datasets: Vec<_> = components.iter().map(|c| own_datasets(c)).collect();
        claimed_operations.extend(operations.iter().flatten().cloned());
        for (i, named) in datasets.iter().enumerate() {
            for dataset in named {
                claims.entry(dataset.clone()).or_default().insert(i);
            }
        }
        let replicas = (0..components.len())
            .map(|i| replica_of(&components, &targets, &incoming, i))
            .collect();
        Self {
            operations,
            datasets,
            asked: asked_for(scenario).into_iter().cloned().collect(),
            replicas,
            places: components.iter().map(|c| design.place(&c.id)).collect(),
            clients: scenario
                .audiences
                .iter()
                .map(|audience| clients_for(design, scenario, audience))
                .collect(),
            components,
            index,
            targets,
            incoming,
            claimed_operations,
            claims,
        }
    }

    /// The components, in id order; indices elsewhere are positions in here.
    #[must_use]
    pub fn components(&self) -> &[&'a Component] {
        &self.components
    }

    /// Where a component stands.
    #[must_use]
    pub fn place(&self, component: usize) -> Place {
        self.places[component]
    }

    /// Finds who provides and who carries something.
    #[must_use]
    pub fn reach(&self, want: &Want) -> Reach {
        let n = self.components.len();
        let provides: Vec<bool> = (0..n).map(|i| self.provides(i, want)).collect();
        let mut carries = vec![false; n];
        let mut open: Vec<usize> = (0..n).filter(|i| provides[*i]).collect();
        while let Some(at) = open.pop() {
            for from in &self.incoming[at] {
                if !carries[*from] && carries_want(self.components[*from], want) {
                    carries[*from] = true;
                    open.push(*from);
                }
            }
        }
        Reach { provides, carries }
    }

    /// Whom a component asks for something: lists of equals, the preferred first. A list after the first is
    /// asked when those before say that they do not have it (a store behind a cache).
    #[must_use]
    pub fn tiers(&self, from: usize, want: &Want, reach: &Reach) -> Vec<Vec<usize>> {
        let targets = &self.targets[from];
        if !targets.iter().any(|to| reach.answers(*to)) {
            return Vec::new();
        }
        let mut ranked: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
        for to in targets.iter().copied().filter(|to| reach.answers(*to)) {
            if let Some(rank) = self.rank(from, to, want) {
                ranked.entry(rank).or_default().push(to);
            }
        }
        let mut tiers: Vec<Vec<usize>> = Vec::new();
        for (rank, list) in ranked {
            let data = matches!(want, Want::Read { .. } | Want::Write(_));
            // Copies can die, and then the one they are copies of is read.
            let copies = matches!(want, Want::Read { .. }) && rank == COPY_RANK;
            tiers.push(self.near(from, list));
            if !(data && rank == 0 || copies) {
                // The first tier that can always answer ends the list.
                break;
            }
        }
        tiers
    }

    /// How much one is preferred: 0 most; `None` is never asked for this.
    fn rank(&self, from: usize, to: usize, want: &Want) -> Option<u8> {
        let kind = self.components[to].kind;
        let from_client = self.components[from].kind == Kind::Client;
        match want {
            Want::Files => Some(match kind {
                Kind::Cdn => 0,
                Kind::Dns => 1,
                Kind::ObjectStore if from_client => 2,
                Kind::ObjectStore => 1,
                Kind::Server | Kind::LoadBalancer | Kind::ApiGateway => 3,
                _ => 4,
            }),
            Want::Media { .. } => Some(match kind {
                Kind::Cdn => 0,
                Kind::ObjectStore => 1,
                Kind::Dns => 2,
                _ => 3,
            }),
            Want::Upload { .. } => Some(match kind {
                Kind::ObjectStore => 0,
                Kind::Dns => 1,
                Kind::Cdn if from_client => 3,
                _ => 2,
            }),
            Want::Work(_) => Some(match kind {
                Kind::Dns => 0,
                Kind::Cdn if from_client => 2,
                Kind::Station => 3,
                _ => 1,
            }),
            Want::Read { strong, search, .. } => match kind {
                Kind::Cache if !*strong => Some(0),
                Kind::Cache => None,
                Kind::Search if *search => Some(1),
                Kind::Search => None,
                Kind::GraphStore if self.is_kept_elsewhere(to) => Some(1),
                _ if self.only_copies(to, want) => (!*strong).then_some(COPY_RANK),
                Kind::Station => Some(4),
                _ => Some(3),
            },
            Want::Write(_) => match kind {
                Kind::Cache => Some(0),
                Kind::Search => None,
                Kind::GraphStore if self.is_kept_elsewhere(to) => Some(1),
                _ if self.only_copies(to, want) => Some(5),
                Kind::Station => Some(4),
                _ => Some(3),
            },
            Want::NextId(_) | Want::Publish(_) | Want::Authenticate | Want::Notify => {
                Some(if kind == Kind::Station { 1 } else { 0 })
            }
        }
    }

    /// Of several equals those in the asker's own place, if there are any.
    fn near(&self, from: usize, list: Vec<usize>) -> Vec<usize> {
        let backend = |i: &usize| self.components[*i].kind.role() == Role::Backend;
        if list.len() < 2 || !list.iter().all(backend) {
            return list;
        }
        let here: Vec<usize> = list
            .iter()
            .copied()
            .filter(|i| self.places[*i] == self.places[from])
            .collect();
        // Shards belong together wherever they stand.
        let sharded = list.iter().any(|i| is_shard(self.components[*i]));
        if here.is_empty() || sharded {
            list
        } else {
            here
        }
    }

    /// The store of which this one is a copy: the first, by id, of its kind that has a link to it. Two that are
    /// linked both ways take writes both, and copy to each other.
    #[must_use]
    pub fn replica_of(&self, component: usize) -> Option<usize> {
        self.replicas[component]
    }

    /// The databases that a connection proxy stands before, as far as they have something.
    #[must_use]
    pub fn behind(&self, proxy: usize, want: &Want) -> Vec<usize> {
        let targets = self.targets[proxy].iter().copied();
        targets.filter(|to| self.provides(*to, want)).collect()
    }

    /// Whether a component is a copy of another, or a connection proxy before nothing but copies.
    #[must_use]
    pub fn only_copies(&self, component: usize, want: &Want) -> bool {
        if self.components[component].kind != Kind::ConnectionProxy {
            return self.replica_of(component).is_some();
        }
        let behind = self.behind(component, want);
        !behind.is_empty() && behind.iter().all(|i| self.replica_of(*i).is_some())
    }

    /// Whether a graph store keeps what it has in a database that it has a link to.
    fn is_kept_elsewhere(&self, component: usize) -> bool {
        let mut targets = self.targets[component].iter();
        self.components[component].kind == Kind::GraphStore
            && targets.any(|to| self.components[*to].kind == Kind::Database)
    }

    fn provides(&self, i: usize, want: &Want) -> bool {
        let component = self.components[i];
        let kind = component.kind;
        if kind == Kind::Station {
            return true;
        }
        match want {
            Want::Work(operation) => {
                matches!(kind, Kind::Server | Kind::Function | Kind::Worker)
                    && self.runs(i, operation)
            }
            Want::Files => matches!(kind, Kind::Server | Kind::ObjectStore),
            Want::Media { operation, dataset } | Want::Upload { operation, dataset } => {
                match kind {
                    Kind::ObjectStore => self.holds(i, dataset),
                    Kind::Server | Kind::Function => self.runs(i, operation),
                    _ => false,
                }
            }
            Want::Read { dataset, .. } | Want::Write(dataset) => {
                keeps_data(kind) && self.holds(i, dataset)
            }
            Want::NextId(_) => kind == Kind::IdGenerator,
            Want::Publish(_) => kind == Kind::Queue,
            Want::Authenticate => kind == Kind::Identity,
            Want::Notify => kind == Kind::Notification,
        }
    }

    /// Whether a component runs an operation: it names it, or names none while nobody names it.
    #[must_use]
    pub fn runs(&self, component: usize, operation: &Id) -> bool {
        let own = &self.operations[component];
        if own.is_empty() {
            !self.claimed_operations.contains(operation)
        } else {
            own.contains(operation)
        }
    }

    /// Whether a generator counts in a database.
    #[must_use]
    pub fn keeps_counters(&self) -> bool {
        (0..self.components.len()).any(|i| {
            counts(self.components[i])
                && self.targets[i]
                    .iter()
                    .any(|to| self.components[*to].kind == Kind::Database)
        })
    }

    /// Which operation a consumer runs when something was written to a bucket that has a link to it: the first that
    /// no visitor and no other operation asks for, and that the function, or whoever takes from the queue, runs.
    #[must_use]
    pub fn event_operation(&self, scenario: &Scenario, consumer: usize) -> Option<usize> {
        let runs = |i: usize, operation: &Id| {
            self.components[i].kind == Kind::Station || self.runs(i, operation)
        };
        let takers: Vec<usize> = match self.components[consumer].kind {
            Kind::Function => vec![consumer],
            Kind::Queue => {
                let works = |i: &usize| {
                    let kind = self.components[*i].kind;
                    matches!(kind, Kind::Worker | Kind::Function | Kind::Station)
                };
                let targets = self.targets[consumer].iter().copied();
                targets.filter(works).collect()
            }
            _ => return None,
        };
        scenario.operations.iter().position(|operation| {
            operation.entry == Entry::Visitor
                && !self.asked.contains(&operation.id)
                && takers.iter().any(|i| runs(*i, &operation.id))
        })
    }

    /// The operations that are run when something was written to a bucket.
    #[must_use]
    pub fn event_operations(&self, scenario: &Scenario) -> BTreeSet<usize> {
        let stores = self.components.iter().enumerate();
        stores
            .filter(|(_, component)| component.kind == Kind::ObjectStore)
            .flat_map(|(i, _)| self.targets[i].iter())
            .filter_map(|to| self.event_operation(scenario, *to))
            .collect()
    }

    /// Whether a store keeps a dataset: it names it, or names none while nobody of its kind names it.
    #[must_use]
    pub fn holds(&self, component: usize, dataset: &Id) -> bool {
        if let Some(primary) = self.replica_of(component)
            && self.datasets[component].is_empty()
            && self.replica_of(primary).is_none()
        {
            // A replica has what its primary has.
            return self.holds(primary, dataset);
        }
        // Copies (caches, search indexes, a graph that is kept in a database) do not take a dataset away from the
        // store that keeps it.
        let copies = |i: usize| {
            matches!(self.components[i].kind, Kind::Cache | Kind::Search)
                || self.is_kept_elsewhere(i)
        };
        let own = copies(component);
        let claimants = self.claims.get(dataset).into_iter().flatten();
        let mut rivals = claimants.filter(|i| copies(**i) == own).peekable();
        if rivals.peek().is_some() {
            rivals.any(|i| *i == component)
        } else {
            self.datasets[component].is_empty()
        }
    }

    /// The neighbours to which a component may pass a leg.
    #[must_use]
    pub fn next(&self, id: &Id, leg: Leg) -> Vec<Id> {
        let Some(from) = self.index.get(id).copied() else {
            return Vec::new();
        };
        let wants = match leg {
            Leg::Static => vec![Want::Files],
            Leg::Dynamic => self.any_work(),
        };
        let mut found: BTreeSet<usize> = BTreeSet::new();
        for want in wants {
            let reach = self.reach(&want);
            found.extend(self.tiers(from, &want, &reach).into_iter().flatten());
        }
        found
            .into_iter()
            .map(|i| self.components[i].id.clone())
            .collect()
    }

    /// One want for each operation that somebody names, and one for those that nobody names.
    fn any_work(&self) -> Vec<Want> {
        let mut list: Vec<Want> = self
            .claimed_operations
            .iter()
            .cloned()
            .map(Want::Work)
            .collect();
        list.push(Want::Work(Id::least()));
        list
    }

    /// The stores that a component asks for a dataset.
    #[must_use]
    pub fn stores(&self, id: &Id, dataset: &Id) -> Vec<Id> {
        let Some(from) = self.index.get(id).copied() else {
            return Vec::new();
        };
        let want = Want::Write(dataset.clone());
        let reach = self.reach(&want);
        let tiers = self.tiers(from, &want, &reach);
        tiers
            .into_iter()
            .flatten()
            .map(|i| self.components[i].id.clone())
            .collect()
    }

    /// The clients through which the audience of this index comes.
    #[must_use]
    pub fn clients(&self, audience: usize) -> &[Id] {
        self.clients.get(audience).map_or(&[], Vec::as_slice)
    }

    /// Everything that can work on a request, in id order.
    #[must_use]
    pub fn servers(&self) -> Vec<Id> {
        let works =
            |c: &&&Component| matches!(c.kind, Kind::Server | Kind::Function | Kind::Station);
        self.components
            .iter()
            .filter(works)
            .map(|c| c.id.clone())
            .collect()
    }
}
