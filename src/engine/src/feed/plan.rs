//! What a drawing and a scenario say about the news feed, resolved: nothing in here changes during a run.

use archplay_feed::{Activity, Degrees, Feed, Graph, People, Rows, Rule, Scale, Star};
use archplay_kernel::mix;
use archplay_model::catalogue::{cache, feed as spec};
use archplay_model::placement::Placement;
use archplay_model::scenario::{Demand, Feed as Given};
use archplay_model::{Component, Design, Id, Kind, Scenario};

use super::by_hand::Entries;
use crate::plant::{NOBODY, NodeId};

/// How a component that runs operations runs the feed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FeedHost {
    /// Lists that a fan-out writes at once.
    pub batch: u32,
    /// Whether the next page is so many posts from the newest.
    pub by_offset: bool,
    /// Whether a list that is not found is made anew.
    pub rebuilds: bool,
    /// Whether it is taken for an empty one.
    pub trusts: bool,
}

/// A cache that has rows of the feed when the run begins.
#[derive(Clone, Debug)]
pub(crate) struct Warm {
    pub node: NodeId,
    /// Datasets that it keeps, with its place among the caches that keep them too, and how many those are.
    pub datasets: Vec<(u32, u64, u64)>,
    /// Whether it keeps rows that have changed until they expire.
    pub keeps: bool,
}

/// The feed as far as it does not change.
#[derive(Clone, Debug)]
pub(crate) struct FeedPlan {
    pub given: Given,
    pub lists: u32,
    pub friendships: u32,
    pub posts: u32,
    pub outboxes: u32,
    /// `NOBODY` if a page shows none.
    pub profiles: u32,
    /// `NOBODY` if posts have none.
    pub media: u32,
    pub media_bytes: u32,
    pub rule: Rule,
    pub list_cap: u32,
    /// Whether a list holds whole posts.
    pub bodies: bool,
    /// Bytes of an entry of a list.
    pub entry_bytes: u32,
    /// By component.
    pub hosts: Vec<FeedHost>,
    pub warm: Vec<Warm>,
    /// For each audience: whether it posts, and so is drawn by posting rates.
    pub posting: Vec<bool>,
    /// Everybody's rates, and how many real users a sampled one stands for.
    pub people: People,
    pub scale: Scale,
    /// Whether any operation reads on where the visitor has stopped.
    pub goes_on: bool,
    /// Where a person's own requests enter.
    pub by_hand: Entries,
}

impl FeedPlan {
    /// Resolves the feed of a scenario; `None` if it has none.
    #[cold]
    #[inline(never)]
    pub(crate) fn new(
        design: &Design,
        scenario: &Scenario,
        seed: u64,
        placement: &Placement<'_>,
    ) -> Option<Self> {
        let given = scenario.feed.clone()?;
        let (people, scale) = people(&given, seed);
        let at = |id: &Id| {
            let found = scenario.datasets.iter().position(|d| d.id == *id);
            found.map_or(NOBODY, |i| i as u32)
        };
        let lists = placement
            .components()
            .iter()
            .enumerate()
            .find(|(i, c)| c.kind == Kind::Cache && placement.holds(*i, &given.lists))
            .map(|(_, component)| *component);
        let default = Component::new(given.lists.clone(), Kind::Cache, 0.0, 0.0);
        let list = lists.unwrap_or(&default);
        let bodies = list.text(&cache::FEED_ENTRIES) == "bodies";
        let row_bytes = |id: &Id| {
            let found = scenario.datasets.iter().find(|d| d.id == *id);
            found.map_or(0, |d| d.row_bytes)
        };
        let post_bytes = row_bytes(&given.posts);
        let hosts = design.components.values().map(|component| FeedHost {
            batch: component.count(&spec::FEED_BATCH).max(1),
            by_offset: component.text(&spec::FEED_PAGES) == "offset",
            rebuilds: component.text(&spec::FEED_REBUILD) == "yes",
            trusts: component.text(&spec::FEED_REBUILD) == "empty",
        });
        Some(Self {
            lists: at(&given.lists),
            friendships: at(&given.friendships),
            posts: at(&given.posts),
            outboxes: at(&given.outboxes),
            profiles: given.profiles.as_ref().map_or(NOBODY, at),
            media: given.media.as_ref().map_or(NOBODY, at),
            media_bytes: given.media.as_ref().map_or(0, row_bytes),
            rule: rule(scenario, placement),
            list_cap: list.count(&cache::FEED_LIST_CAP),
            bodies,
            entry_bytes: given.entry_bytes + if bodies { post_bytes } else { 0 },
            hosts: hosts.collect(),
            warm: warm(placement, &given, at),
            posting: posting(scenario, &given),
            goes_on: goes_on(scenario),
            by_hand: Entries::new(scenario, &given),
            given,
            people,
            scale,
        })
    }

    /// Whether posts may have pictures and films.
    pub(crate) const fn has_media(&self) -> bool {
        self.media != NOBODY
    }

    /// The accounts with followers, as the sample has them.
    fn stars(&self) -> Vec<Star> {
        let users = self.scale.users();
        let all = self.given.celebrities.iter().map(|celebrity| Star {
            share: (celebrity.followers / users).min(1.0),
            followers: celebrity.followers.min(users),
            posts_per_day: celebrity.posts_per_day,
        });
        all.collect()
    }

    /// Bytes of a row that a cache keeps, where that is not the dataset's own.
    pub(crate) fn list_bytes(&self) -> u64 {
        u64::from(self.list_cap) * u64::from(self.entry_bytes)
    }

    /// The feed without posts.
    pub(crate) fn feed(&self, seed: u64) -> Feed {
        let given = &self.given;
        let degrees = Degrees::new(given.mean_friends, given.median_friends, given.max_friends);
        let rows = Rows::fitting(given.users);
        let graph = Graph::generate(mix(seed, 0x6665_6564), given.users, &degrees, rows);
        let graph = match given.celebrities.is_empty() {
            true => graph,
            false => graph.with_stars(seed, self.stars()),
        };
        let config = archplay_feed::Config {
            rule: self.rule,
            list_cap: self.list_cap,
        };
        Feed::new(graph, self.people.clone(), config)
    }
}

fn people(given: &Given, seed: u64) -> (People, Scale) {
    let activity = Activity {
        views_per_day: given.views_per_day,
        posts_per_day: given.posts_per_day,
        dormant: given.dormant,
        view_sigma: given.view_sigma,
        post_sigma: given.post_sigma,
        together: given.together,
    };
    let people = People::generate(seed, given.users, &activity);
    let scale = Scale::new(&people, given.visitors_per_day.unwrap_or(0.0));
    (people, scale)
}

/// The strategy of those who run the fan-out; nothing is pushed where nobody does. The checker has refused
/// drawings where they differ.
fn rule(scenario: &Scenario, placement: &Placement<'_>) -> Rule {
    let fans = |i: usize| {
        scenario.operations.iter().any(|operation| {
            let own = |demand: &Demand| matches!(demand, Demand::FanOut { .. });
            placement.runs(i, &operation.id) && operation.demand.holds(&own)
        })
    };
    let found =
        placement.components().iter().enumerate().find(|(i, c)| {
            matches!(c.kind, Kind::Server | Kind::Function | Kind::Worker) && fans(*i)
        });
    let Some((_, component)) = found else {
        return Rule::Pull;
    };
    match component.text(&spec::FEED_RULE) {
        "pull" => Rule::Pull,
        "by_friends" => Rule::ByFriends {
            most: component.count(&spec::FEED_MOST_FRIENDS),
        },
        "by_activity" => Rule::ByActivity {
            views_per_day: component.number(&spec::FEED_VIEWS_PER_DAY),
        },
        "by_rates" => Rule::ByRates {
            cost_ratio: component.number(&spec::FEED_COST_RATIO),
        },
        _ => Rule::Push,
    }
}

fn warm(placement: &Placement<'_>, given: &Given, at: impl Fn(&Id) -> u32) -> Vec<Warm> {
    let mut found: Vec<Warm> = Vec::new();
    for (_, id) in given.datasets() {
        let keepers: Vec<usize> = (0..placement.components().len())
            .filter(|i| placement.components()[*i].kind == Kind::Cache && placement.holds(*i, id))
            .collect();
        for (place, node) in (0_u64..).zip(&keepers) {
            let entry = (at(id), place, keepers.len() as u64);
            let node = *node as NodeId;
            match found.iter_mut().find(|warm| warm.node == node) {
                Some(warm) => warm.datasets.push(entry),
                None => found.push(Warm {
                    node,
                    datasets: vec![entry],
                    keeps: placement.components()[node as usize].text(&cache::FEED_ON_CHANGE)
                        == "keep",
                }),
            }
        }
    }
    found
}

/// Whether a visitor may read on where the last page ended.
fn goes_on(scenario: &Scenario) -> bool {
    let further = |demand: &Demand| matches!(demand, Demand::ReadFeed { page, .. } if *page > 0);
    let reads = |id: &Id| {
        scenario
            .operation(id)
            .is_some_and(|operation| scenario.leads_to(&operation.demand, &further))
    };
    let mut steps = scenario.journeys.iter().flat_map(|journey| &journey.steps);
    steps.any(|step| reads(&step.operation) || step.or.iter().any(|other| reads(&other.operation)))
}

fn posting(scenario: &Scenario, given: &Given) -> Vec<bool> {
    let posts = |demand: &Demand| match demand {
        Demand::Insert { dataset, .. } => *dataset == given.posts,
        Demand::FanOut { .. } => true,
        _ => false,
    };
    let operation = |id: &Id| {
        scenario
            .operation(id)
            .is_some_and(|operation| scenario.leads_to(&operation.demand, &posts))
    };
    scenario
        .audiences
        .iter()
        .map(|audience| {
            let journey = scenario.journey(&audience.journey);
            let steps = journey.iter().flat_map(|journey| &journey.steps);
            steps.into_iter().any(|step| {
                operation(&step.operation)
                    || step.or.iter().any(|other| operation(&other.operation))
            })
        })
        .collect()
}
