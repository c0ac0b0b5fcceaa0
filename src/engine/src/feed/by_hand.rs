//! A person's own requests to the feed: which way they go, whose they are, what their pages came to.
//!
//! They are requests like all others and take the same steps (`kinds::program::feed`); what is different stands
//! here: who asks and where the page begins are said, not drawn, and what was read is kept for the answer. How a
//! request enters the plant and ends is in `crate::by_hand`.

use std::collections::BTreeMap;

use archplay_feed::{Cursor, ListUse, PostId, User};
use archplay_kernel::mix;
use archplay_model::scenario::{Demand, Feed as Given, HandAsk, Scenario};
use archplay_report::{HandOutcome, HandPost, Met, Person, Via};

use super::job::Reading;
use super::{FeedState, Posted, Who};

/// Purpose of the numbers of those who ask by hand: a range of their own, so that nobody else's draws change.
const HAND: u64 = 0x6861_6e64;

/// How many friends are told.
const MOST_FRIENDS: usize = 40;

/// Where a request enters: as a visitor of this audience at this step of its journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub audience: u32,
    pub step: u32,
    pub operation: u32,
}

/// The entries of a scenario, as far as it has them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entries {
    post: Option<Entry>,
    read: Option<Entry>,
    read_on: Option<Entry>,
}

impl Entries {
    #[cold]
    #[inline(never)]
    pub(super) fn new(scenario: &Scenario, given: &Given) -> Self {
        let posts = |demand: &Demand| matches!(demand, Demand::Insert { dataset, .. } if *dataset == given.posts);
        let first = |demand: &Demand| matches!(demand, Demand::ReadFeed { page: 0, .. });
        let further = |demand: &Demand| matches!(demand, Demand::ReadFeed { page: 1.., .. });
        let reads = |demand: &Demand| matches!(demand, Demand::ReadFeed { .. });
        Self {
            post: find(scenario, &posts, &reads),
            read: find(scenario, &first, &posts),
            read_on: find(scenario, &further, &posts),
        }
    }

    /// The way of a request. A feed without an operation of its own for older posts reads on by the first.
    pub(crate) fn of(&self, ask: &HandAsk) -> Option<Entry> {
        match ask {
            HandAsk::Post => self.post,
            HandAsk::Read { cursor: None } => self.read,
            HandAsk::Read { cursor: Some(_) } => self.read_on.or(self.read),
        }
    }
}

/// The first operation that visitors ask for and that does this; rather one that does not do something else too.
fn find(
    scenario: &Scenario,
    wanted: &dyn Fn(&Demand) -> bool,
    other: &dyn Fn(&Demand) -> bool,
) -> Option<Entry> {
    let mut found: Option<(bool, Entry)> = None;
    for (audience, plan) in (0_u32..).zip(&scenario.audiences) {
        if archplay_model::placement::is_admin(scenario, plan) {
            continue;
        }
        let journey = scenario.journey(&plan.journey);
        let steps = journey.iter().flat_map(|journey| &journey.steps);
        for (step, plan) in (0_u32..).zip(steps) {
            let others = plan.or.iter().map(|other| &other.operation);
            for id in std::iter::once(&plan.operation).chain(others) {
                let at = scenario.operations.iter().position(|o| o.id == *id);
                let Some((at, operation)) = at.zip(scenario.operation(id)) else {
                    continue;
                };
                let does = |test| operation.demand.holds(test);
                if !does(wanted) {
                    continue;
                }
                let both = does(other);
                let entry = Entry {
                    audience,
                    step,
                    operation: at as u32,
                };
                if found.is_none_or(|(mixed, _)| mixed && !both) {
                    found = Some((both, entry));
                }
            }
        }
    }
    found.map(|(_, entry)| entry)
}

/// A request made by hand and what came of it so far.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Its place in the list.
    pub place: u32,
    pub user: User,
    pub ask: HandAsk,
    /// The scenario's clock.
    pub asked_ns: u64,
    posted: Option<Posted>,
    page: Option<HandOutcome>,
}

/// All of them by the request's own number (`Call::origin`). They stay: a message of theirs may come again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    all: BTreeMap<u64, Request>,
    /// Where each user's last page ended.
    places: BTreeMap<User, PostId>,
    /// At which moments of the plant's time the clock went ahead, and by how much in all.
    skips: Vec<(u64, u64)>,
}

impl FeedState {
    /// The person that a user is to the plant: always the same one, with a number that nobody else has.
    pub(crate) fn person_by_hand(seed: u64, user: u32) -> u64 {
        mix(mix(seed, HAND), u64::from(user))
    }

    /// A request sets out.
    pub(crate) fn begins_by_hand(
        &mut self,
        origin: u64,
        (place, asked): (u32, &archplay_model::scenario::Asked),
    ) {
        let request = Request {
            place,
            user: User(asked.user),
            ask: asked.ask,
            asked_ns: asked.at_ns,
            posted: None,
            page: None,
        };
        self.by_hand.all.insert(origin, request);
    }

    /// Who has made a request by hand: a sampled user, never a copy.
    pub(super) fn who_by_hand(&self, origin: u64) -> Option<Who> {
        let request = self.by_hand.all.get(&origin)?;
        Some(Who {
            user: request.user,
            copy: 0,
        })
    }

    /// Where the page of such a request begins, and how many posts before it are counted off.
    pub(crate) fn place_by_hand(&self, origin: u64, by_offset: bool) -> Option<(Cursor, u32)> {
        let request = self.by_hand.all.get(&origin)?;
        let HandAsk::Read {
            cursor: Some(cursor),
        } = request.ask
        else {
            return Some((Cursor::NEWEST, 0));
        };
        Some(if by_offset {
            let last = self.by_hand.places.get(&request.user);
            let from = last.map_or(Cursor::NEWEST, |post| Cursor::after(*post));
            (from, u32::try_from(cursor).unwrap_or(u32::MAX))
        } else {
            (Cursor::after(self.feed.posts().first_from(cursor)), 0)
        })
    }

    /// Whether a request was made by hand.
    pub(crate) fn is_by_hand(&self, origin: u64) -> bool {
        self.by_hand.all.contains_key(&origin)
    }

    /// The post that a request made by hand has stored already.
    pub(super) fn stored_by_hand(&self, origin: u64) -> Option<Posted> {
        self.by_hand.all.get(&origin)?.posted
    }

    /// A post made by hand is stored.
    pub(super) fn posted_by_hand(&mut self, origin: u64, posted: Posted) {
        if let Some(request) = self.by_hand.all.get_mut(&origin) {
            request.posted = Some(posted);
        }
    }

    /// A page has been made; `missing` is what it lacks beside the definition.
    pub(crate) fn read_by_hand(&mut self, origin: u64, reading: &Reading, missing: u32) {
        let Some(request) = self.by_hand.all.get(&origin) else {
            return;
        };
        let user = request.user;
        let listed = match reading.plan.list {
            ListUse::Read { .. } => self.feed.lists().of(user),
            ListUse::Unused | ListUse::Lost => &[],
        };
        let shown = reading.page.posts.iter().skip(reading.skip as usize);
        let posts: Vec<HandPost> = shown
            .clone()
            .filter_map(|post| {
                let table = self.feed.posts();
                Some(HandPost {
                    id: table.public_id(*post)?,
                    author: table.author(*post)?.0,
                    at_ns: self.clock_of(table.created_ns(*post)?),
                    via: match listed.binary_search(post) {
                        Ok(_) => Via::Pushed,
                        Err(_) => Via::Pulled,
                    },
                })
            })
            .collect();
        let last = shown.last().copied();
        let full = reading.page.next.is_some() && !posts.is_empty();
        let next = if reading.by_offset {
            Some(u64::from(reading.skip) + posts.len() as u64)
        } else {
            posts.last().map(|post| post.id)
        };
        let page = HandOutcome::Page {
            posts,
            next: next.filter(|_| full),
            missing,
        };
        if let Some(last) = last {
            self.by_hand.places.insert(user, last);
        }
        if let Some(request) = self.by_hand.all.get_mut(&origin) {
            request.page = Some(page);
        }
    }

    /// A request whose answer was good: which, and what the answer said.
    pub(crate) fn said_by_hand(&self, origin: u64, page_posts: u32) -> Option<HandOutcome> {
        let request = self.by_hand.all.get(&origin)?;
        Some(match (request.ask, &request.page) {
            (HandAsk::Post, _) => HandOutcome::Posted {
                post: request
                    .posted
                    .and_then(|posted| self.feed.posts().public_id(posted.post?)),
            },
            (HandAsk::Read { .. }, Some(page)) => page.clone(),
            // A degraded answer: the page was optional, and is not there.
            (HandAsk::Read { .. }, None) => {
                let from = self.place_by_hand(origin, false);
                let from = from.map_or(Cursor::NEWEST, |(from, _)| from);
                let due =
                    archplay_feed::reference::page(&self.feed, request.user, from, page_posts);
                HandOutcome::Page {
                    posts: Vec::new(),
                    next: None,
                    missing: due.len() as u32,
                }
            }
        })
    }

    /// A request by its number.
    pub(crate) fn request_by_hand(&self, origin: u64) -> Option<&Request> {
        self.by_hand.all.get(&origin)
    }

    /// The clock goes ahead of the plant's own time.
    pub(super) fn clock_skips(&mut self, now: u64, total_ns: u64) {
        self.by_hand.skips.push((now, total_ns));
    }

    /// What the scenario's clock said at a moment of the plant's own time.
    fn clock_of(&self, at_ns: u64) -> u64 {
        let skips = &self.by_hand.skips;
        let before = skips.partition_point(|(now, _)| *now < at_ns);
        let skipped = before.checked_sub(1).and_then(|at| skips.get(at));
        at_ns + skipped.map_or(0, |(_, total)| *total)
    }

    /// Whom a person may be, and whom that one knows. `None` for a user that does not exist.
    #[cold]
    #[inline(never)]
    pub(crate) fn meet(&self, user: Option<u32>) -> Option<Met> {
        let users = self.feed.graph().users();
        let suggested = self.suggested();
        let me = match user {
            Some(user) if user < users => User(user),
            Some(_) => return None,
            None => *suggested.first()?,
        };
        let mut friends = Vec::new();
        self.feed.graph().seen_by(me, &mut friends);
        let next = PostId(self.feed.posts().count());
        let posted = |user: &User| self.feed.posts().outbox(*user, next).next().is_some();
        let rate = |user: &User| self.posts_per_day(*user);
        let mut friends: Vec<(bool, f64, User)> = friends
            .iter()
            .map(|user| (posted(user), rate(user), *user))
            .collect();
        friends.sort_by(|a, b| {
            let posted = b.0.cmp(&a.0).then(b.1.total_cmp(&a.1));
            posted.then(a.2.cmp(&b.2))
        });
        let person = |user: User| self.person(user);
        Some(Met {
            me: person(me),
            friends: friends
                .iter()
                .take(MOST_FRIENDS)
                .map(|(_, _, user)| person(*user))
                .collect(),
            others: suggested.into_iter().map(person).collect(),
        })
    }

    fn person(&self, user: User) -> Person {
        Person {
            user: user.0,
            friends: self.feed.graph().degree(user),
            views_per_day: self.feed.people().views_per_day(user),
            posts_per_day: self.posts_per_day(user),
        }
    }

    /// How often a user posts, also one with followers.
    fn posts_per_day(&self, user: User) -> f64 {
        let star = self.feed.graph().star(user);
        star.map_or_else(
            || self.feed.people().posts_per_day(user),
            |star| star.posts_per_day,
        )
    }

    /// One with as many friends as most, one with few, one with many, one who never reads: of those who may
    /// have friends at all. By bounds of their numbers, which cost nothing.
    fn suggested(&self) -> Vec<User> {
        let graph = self.feed.graph();
        let reads = |user: &User| self.feed.people().views_per_day(*user) > 0.0;
        let bound = |user: &User| graph.at_most(*user);
        // Without those who have followers: they are met as friends.
        let all = (0..self.scale.sampled()).map(User);
        let (mut readers, mut others): (Vec<User>, Vec<User>) =
            all.filter(|user| bound(user) > 0).partition(reads);
        readers.sort_by_cached_key(|user| (bound(user), *user));
        others.sort_by_cached_key(|user| (bound(user), *user));
        let at = |list: &[User], share: f64| {
            let last = list.len().checked_sub(1)?;
            list.get((share * last as f64) as usize).copied()
        };
        let mut out: Vec<User> = Vec::new();
        for user in [
            at(&readers, 0.5),
            at(&readers, 0.1),
            at(&readers, 0.99),
            at(&others, 0.5),
        ] {
            if let Some(user) = user
                && !out.contains(&user)
            {
                out.push(user);
            }
        }
        out
    }
}
