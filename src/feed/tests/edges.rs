//! The corners: as many friends as one may have, nobody at all, pages of nothing and of everything, and every short
//! sequence of steps there is.

use std::collections::BTreeSet;

use archplay_feed::reference::{self, judge};
use archplay_feed::service::{Service, Setup};
use archplay_feed::{
    Activity, Config, Cursor, Degrees, Feed, Graph, People, PostId, Refused, Rows, Rule, Story,
    User,
};

fn people(users: u32) -> People {
    People::generate(1, users, &Activity::default())
}

fn deliver_all(feed: &mut Feed, post: PostId) {
    for batch in feed.fan_out(post, 700) {
        feed.deliver(&batch, 1);
    }
}

fn is_exact(feed: &Feed, reader: User) -> bool {
    [0, 1, 7, u32::MAX].into_iter().all(|n| {
        let plan = feed.plan_read(reader, Cursor::NEWEST, n);
        let page = feed.finish_read(&plan, &mut |post| feed.posts().is_live(post));
        judge(feed, &plan, &page, 9).is_exact()
            && page.posts == reference::page(feed, reader, Cursor::NEWEST, n)
    })
}

/// Somebody in the middle with 5,000 friends, one short of two more people.
#[test]
fn five_thousand_friends_and_not_one_more() {
    let middle = User(0);
    let pairs: Vec<_> = (1..=5_000).map(|i| (User(i), middle)).collect();
    for rule in [
        Rule::Push,
        Rule::Pull,
        Rule::ByFriends { most: 5_000 },
        Rule::ByFriends { most: 4_999 },
    ] {
        let graph = Graph::from_friendships(5_002, &pairs, 5_000);
        let config = Config { rule, list_cap: 3 };
        let mut feed = Feed::new(graph, people(5_002), config);
        assert_eq!(feed.graph().degree(middle), 5_000);
        for other in [User(5_001), middle, User(5_002), User(u32::MAX)] {
            assert!(feed.befriend(middle, other).is_err(), "{other:?}");
            assert!(feed.befriend(other, middle).is_err(), "{other:?}");
        }
        assert_eq!(feed.befriend(middle, User(5_001)), Err(Refused::Full));
        assert_eq!(feed.befriend(User(5_001), middle), Err(Refused::Full));
        assert_eq!(feed.befriend(middle, User(7)), Err(Refused::Already));
        let post = feed.post(middle, 1, &Story::default()).unwrap();
        deliver_all(&mut feed, post);
        for reader in [1, 2_500, 5_000].map(User) {
            assert_eq!(feed.read(reader, Cursor::NEWEST, 5).posts, [post]);
            assert!(is_exact(&feed, reader));
        }
        // Whoever goes makes room for one; older posts come with the friendship, and with it they go.
        assert!(feed.unfriend(User(1), middle));
        assert!(!feed.unfriend(middle, User(1)));
        for job in feed.befriend(User(5_001), middle).unwrap() {
            feed.backfill(job, 2);
        }
        assert_eq!(feed.befriend(User(1), middle), Err(Refused::Full));
        assert_eq!(feed.graph().degree(middle), 5_000);
        assert_eq!(feed.read(User(5_001), Cursor::NEWEST, 5).posts, [post]);
        assert_eq!(feed.read(User(1), Cursor::NEWEST, 5).posts, []);
        for reader in [0, 1, 5_001].map(User) {
            assert!(is_exact(&feed, reader), "{rule:?} {reader:?}");
        }
    }
}

#[test]
fn nobody_and_next_to_nobody() {
    for users in [0, 1, 2] {
        let graph = Graph::generate(4, users, &Degrees::new(190.0, 99.0, 5_000), Rows::Computed);
        let mut feed = Feed::new(graph, people(users), Config::default());
        let posts: Vec<_> = (0..4)
            .map(|user| feed.post(User(user), 1, &Story::default()))
            .collect();
        assert_eq!(posts.iter().flatten().count(), users as usize);
        for post in posts.into_iter().flatten() {
            deliver_all(&mut feed, post);
        }
        for user in [0, 1, 2, 3, u32::MAX].map(User) {
            assert!(is_exact(&feed, user), "{users} {user:?}");
            assert_eq!(feed.befriend(user, user), Err(Refused::Nobody));
            assert!(!feed.unfriend(user, user) && !feed.block(user, user));
            feed.lose_list(user);
            assert_eq!(
                feed.rebuild(user).entries,
                feed.lists().of(user).len() as u32
            );
            assert!(is_exact(&feed, user), "{users} {user:?}");
        }
        assert!(!feed.delete(PostId(9)) && !feed.delete(PostId(u32::MAX)));
        assert_eq!(feed.fan_out(PostId(u32::MAX), 0), []);
    }
}

/// Everybody is everybody's friend, and lists are far too short.
#[test]
fn a_clique_with_short_lists() {
    const USERS: u32 = 40;
    let pairs = (0..USERS).flat_map(|a| (0..a).map(move |b| (User(a), User(b))));
    let pairs: Vec<_> = pairs.collect();
    let graph = Graph::from_friendships(USERS, &pairs, 5_000);
    let mut feed = Feed::new(
        graph,
        people(USERS),
        Config {
            rule: Rule::Push,
            list_cap: 1,
        },
    );
    let mut late = Vec::new();
    for n in 0..200 {
        let post = feed
            .post(User(n % USERS), u64::from(n), &Story::default())
            .unwrap();
        late.push(post);
        if n % 5 == 0 {
            feed.delete(PostId(n / 2));
        }
        // The newest come first, and every third is given twice.
        if n % 7 == 6 {
            for (i, post) in late.drain(..).rev().enumerate() {
                deliver_all(&mut feed, post);
                if i % 3 == 0 {
                    deliver_all(&mut feed, post);
                }
            }
        }
    }
    for post in late {
        deliver_all(&mut feed, post);
    }
    assert!((0..USERS).all(|user| is_exact(&feed, User(user))));
    let cursors = (0..=200).map(|post| Cursor::after(PostId(post)));
    for cursor in cursors {
        // Also where the post that the cursor stands at is deleted, or there is none.
        let page = feed.read(User(3), cursor, 4).posts;
        assert_eq!(
            page,
            reference::page(&feed, User(3), cursor, 4),
            "{cursor:?}"
        );
    }
}

/// A page under way keeps what it was planned with; what is deleted, lost or made anew meanwhile does no harm.
#[test]
fn what_happens_between_plan_and_page() {
    let pairs: Vec<_> = (1..6).map(|i| (User(0), User(i))).collect();
    type Change = fn(&mut Feed);
    let changes: [(&str, Change); 6] = [
        ("delete", |feed| assert!(feed.delete(PostId(3)))),
        ("lose", |feed| feed.lose_list(User(0))),
        ("lose and rebuild", |feed| {
            feed.lose_list(User(0));
            feed.delete(PostId(2));
            feed.rebuild(User(0));
        }),
        ("rebuild and delete", |feed| {
            feed.rebuild(User(0));
            feed.delete(PostId(5));
        }),
        ("pull", |feed| feed.set_rule(Rule::Pull)),
        ("by friends", |feed| {
            feed.set_rule(Rule::ByFriends { most: 1 })
        }),
    ];
    for (name, change) in changes {
        for cap in [2, 100] {
            let graph = Graph::from_friendships(6, &pairs, 5_000);
            let config = Config {
                rule: Rule::Push,
                list_cap: cap,
            };
            let mut feed = Feed::new(graph, people(6), config);
            for n in 0..10 {
                let post = feed.post(User(1 + n % 5), 0, &Story::default()).unwrap();
                deliver_all(&mut feed, post);
            }
            let plan = feed.plan_read(User(0), Cursor::NEWEST, 6);
            change(&mut feed);
            let page = feed.finish_read(&plan, &mut |post| feed.posts().is_live(post));
            let verdict = judge(&feed, &plan, &page, 9);
            assert!(verdict.is_exact(), "{name} {cap}: {page:?} {verdict:?}");
        }
    }
}

/// What can happen in the small world of the test below.
#[derive(Clone, Copy, Debug)]
enum Step {
    Post(u32),
    DeleteOldest,
    DeleteNewest,
    Befriend,
    Unfriend,
    Block(u32, u32),
    Unblock(u32, u32),
    WorkFirst,
    WorkLast,
    Twice,
    Lose,
    Rebuild,
    Rule(Rule),
    Read,
}

const STEPS: [Step; 16] = [
    Step::Post(0),
    Step::Post(1),
    Step::DeleteOldest,
    Step::DeleteNewest,
    Step::Befriend,
    Step::Unfriend,
    Step::Block(0, 1),
    Step::Block(1, 0),
    Step::Unblock(0, 1),
    Step::WorkFirst,
    Step::WorkLast,
    Step::Twice,
    Step::Lose,
    Step::Rebuild,
    Step::Rule(Rule::Push),
    Step::Rule(Rule::ByFriends { most: 1 }),
];

/// Three people; 0 and 1 may be friends, 0 and 2 always are. The plain truth beside the service.
#[derive(Clone)]
struct World {
    service: Service,
    posts: Vec<(u32, bool)>,
    friends: bool,
    blocks: BTreeSet<(u32, u32)>,
}

impl World {
    fn new(rule: Rule, list_cap: u32) -> Self {
        let pairs = [(User(0), User(1)), (User(0), User(2))];
        let graph = Graph::from_friendships(3, &pairs, 2);
        let people = People::from_rates(vec![5.0, 5.0, 0.0], vec![1.0, 1.0, 1.0]);
        let setup = Setup {
            batch: 1,
            ..Setup::default()
        };
        let mut world = Self {
            service: Service::new(Feed::new(graph, people, Config { rule, list_cap }), setup),
            posts: Vec::new(),
            friends: true,
            blocks: BTreeSet::new(),
        };
        // Something is there, and one of it is on its way.
        for author in [2, 1, 0] {
            world.step(Step::Post(author));
            world.step(Step::WorkFirst);
            world.step(Step::WorkFirst);
        }
        world.step(Step::Post(1));
        world
    }

    fn step(&mut self, step: Step) {
        let now = self.posts.len() as u64;
        match step {
            Step::Post(author) => {
                let post = self.service.post(User(author), &Story::default(), now);
                assert_eq!(post, Some(PostId(self.posts.len() as u32)));
                self.posts.push((author, true));
            }
            Step::DeleteOldest | Step::DeleteNewest => {
                let mut live = (0..self.posts.len()).filter(|at| self.posts[*at].1);
                let oldest = matches!(step, Step::DeleteOldest);
                let at = if oldest {
                    live.next()
                } else {
                    live.next_back()
                };
                if let Some(at) = at {
                    assert!(self.service.delete(PostId(at as u32)));
                    self.posts[at].1 = false;
                }
            }
            Step::Befriend => {
                let made = self.service.befriend(User(0), User(1)).is_ok();
                assert_eq!(made, !self.friends);
                self.friends = true;
            }
            Step::Unfriend => {
                let ended = self.service.unfriend(User(1), User(0));
                assert_eq!(ended, self.friends);
                self.friends = false;
            }
            Step::Block(who, whom) => {
                let new = self.service.block(User(who), User(whom));
                assert_eq!(new, self.blocks.insert((who, whom)));
            }
            Step::Unblock(who, whom) => {
                let was = self.service.unblock(User(who), User(whom));
                assert_eq!(was, self.blocks.remove(&(who, whom)));
            }
            Step::WorkFirst => {
                self.service.work(1, now);
            }
            Step::WorkLast | Step::Twice => {
                if let Some(job) = self.service.take(self.service.backlog().wrapping_sub(1)) {
                    self.service.work_on(job, now);
                    if matches!(step, Step::Twice) {
                        self.service.work_on(job, now);
                    }
                }
            }
            Step::Lose => self.service.feed_mut().lose_list(User(0)),
            Step::Rebuild => {
                self.service.feed_mut().rebuild(User(0));
            }
            Step::Rule(rule) => self.service.feed_mut().set_rule(rule),
            Step::Read => {
                self.service.read(User(0), Cursor::NEWEST, 2, now);
            }
        }
    }

    /// Whose posts are on whose feed, without anything of the crate.
    fn feed(&self, reader: u32) -> Vec<PostId> {
        let sees = |author: u32| {
            let pair = (reader.min(author), reader.max(author));
            reader == author
                || match pair {
                    (0, 1) => {
                        self.friends
                            && !self.blocks.contains(&(0, 1))
                            && !self.blocks.contains(&(1, 0))
                    }
                    (0, 2) => true,
                    _ => false,
                }
        };
        let all = self.posts.iter().enumerate().rev();
        all.filter(|(_, (author, live))| *live && sees(*author))
            .map(|(at, _)| PostId(at as u32))
            .collect()
    }

    /// Nothing on any page is wrong, whatever is still on its way.
    fn nothing_is_wrong(&self, path: &[Step]) {
        for reader in 0..3 {
            let feed = self.service.feed();
            let plan = feed.plan_read(User(reader), Cursor::NEWEST, 2);
            let page = feed.finish_read(&plan, &mut |post| feed.posts().is_live(post));
            let verdict = judge(feed, &plan, &page, 99);
            assert!(
                !verdict.is_wrong() && verdict.own == 0,
                "{path:?} {verdict:?}"
            );
            let wanted = self.feed(reader);
            assert!(
                page.posts.iter().all(|post| wanted.contains(post)),
                "{path:?}"
            );
        }
    }

    /// When all is done the feeds are the plain ones, page by page.
    fn ends_right(mut self, path: &[Step]) {
        while self.service.backlog() > 0 {
            self.service.work(100, 99);
        }
        assert_eq!(self.service.feed().on_their_way(), 0, "{path:?}");
        for reader in 0..3 {
            let (mut got, mut cursor) = (Vec::new(), Some(Cursor::NEWEST));
            while let Some(at) = cursor {
                let page = self.service.read(User(reader), at, 2, 99);
                got.extend(page.posts);
                cursor = page.next;
            }
            assert_eq!(got, self.feed(reader), "{reader} {path:?}");
        }
    }

    fn all(&self, path: &mut Vec<Step>, depth: u32, paths: &mut u32) {
        self.nothing_is_wrong(path);
        if depth == 0 {
            *paths += 1;
            return self.clone().ends_right(path);
        }
        for step in STEPS {
            let mut next = self.clone();
            next.step(step);
            path.push(step);
            next.all(path, depth - 1, paths);
            path.pop();
        }
    }
}

#[test]
fn every_sequence_of_four_steps_under_every_strategy() {
    for rule in [
        Rule::Push,
        Rule::Pull,
        Rule::ByFriends { most: 1 },
        Rule::ByActivity { views_per_day: 3.0 },
        Rule::ByRates { cost_ratio: 4.0 },
    ] {
        for list_cap in [1, 3] {
            let mut paths = 0;
            let mut world = World::new(rule, list_cap);
            world.step(Step::Read);
            world.all(&mut Vec::new(), 4, &mut paths);
            assert_eq!(paths, 16_u32.pow(4));
        }
    }
}
