//! The plainest feed there is, and the sequences of steps to compare it on.

use std::collections::BTreeSet;

use archplay_feed::{Cursor, Degrees, Graph, PostId, Rows, Rule, Star, User};
use proptest::prelude::*;

/// So many users take part.
pub const USERS: u32 = 14;

/// So many accounts have followers, numbered after the users.
pub const STARS: u32 = 2;

/// What the feed should be, held in the plainest way, sharing nothing with the crate but the ids.
#[derive(Default)]
pub struct Model {
    pub posts: Vec<(User, bool)>,
    pub friends: BTreeSet<(User, User)>,
    pub blocks: BTreeSet<(User, User)>,
    /// Who follows whom.
    pub follows: BTreeSet<(User, User)>,
}

impl Model {
    pub fn of(graph: &Graph) -> Self {
        let mut model = Self::default();
        let mut row = Vec::new();
        for user in (0..graph.users()).map(User) {
            graph.friends(user, &mut row);
            model
                .friends
                .extend(row.iter().map(|friend| (user, *friend)));
        }
        for star in (USERS..USERS + STARS).map(User) {
            graph.readers_of(star, User(0), User(u32::MAX), &mut row);
            model
                .follows
                .extend(row.iter().map(|reader| (*reader, star)));
        }
        model
    }

    pub fn sees(&self, reader: User, author: User) -> bool {
        let blocked =
            self.blocks.contains(&(reader, author)) || self.blocks.contains(&(author, reader));
        let gets = [&self.friends, &self.follows].map(|pairs| pairs.contains(&(reader, author)));
        reader == author || (gets.contains(&true) && !blocked)
    }

    /// The whole feed below a cursor, newest first.
    pub fn feed(&self, reader: User, cursor: Cursor) -> Vec<PostId> {
        let all = (0..self.posts.len() as u32).rev().map(PostId);
        all.filter(|post| *post < cursor.before())
            .filter(|post| {
                let (author, live) = self.posts[post.0 as usize];
                live && self.sees(reader, author)
            })
            .collect()
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Op {
    Post(u32),
    Delete(u32),
    Befriend(u32, u32),
    Unfriend(u32, u32),
    Block(u32, u32),
    Unblock(u32, u32),
    Read(u32, u32, u32),
    /// Do the job at this place; the second says whether it is done twice.
    Work(usize, bool),
    /// A job gets lost.
    Drop(usize),
    LoseList(u32),
    LoseShard(u32),
    LoseCaches,
    Rebuild(u32),
    Rule(Rule),
    Wait(u64),
}

pub fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        2 => Just(Rule::Push),
        1 => Just(Rule::Pull),
        2 => (0_u32..8).prop_map(|most| Rule::ByFriends { most }),
        2 => (0_u32..20).prop_map(|x| Rule::ByActivity { views_per_day: f64::from(x) }),
        2 => (1_u32..200).prop_map(|x| Rule::ByRates { cost_ratio: f64::from(x) / 2.0 }),
    ]
}

pub fn op(drops: bool) -> impl Strategy<Value = Op> {
    let user = 0..USERS;
    let two = (user.clone(), user.clone());
    // Among few, so that blocks end again.
    let few = (0_u32..3, prop_oneof![0_u32..4, Just(USERS)]);
    let all = 0..USERS + STARS;
    let lost = move |place| {
        if drops {
            Op::Drop(place)
        } else {
            Op::Work(place, false)
        }
    };
    prop_oneof![
        30 => all.clone().prop_map(Op::Post),
        4 => (0_u32..60).prop_map(Op::Delete),
        8 => two.clone().prop_map(|(a, b)| Op::Befriend(a, b)),
        8 => two.prop_map(|(a, b)| Op::Unfriend(a, b)),
        4 => few.clone().prop_map(|(a, b)| Op::Block(a, b)),
        5 => few.prop_map(|(a, b)| Op::Unblock(a, b)),
        25 => (all, 0_u32..60, 0_u32..9).prop_map(|(r, c, n)| Op::Read(r, c, n)),
        40 => (any::<usize>(), prop::bool::weighted(0.1)).prop_map(|(p, twice)| Op::Work(p, twice)),
        3 => any::<usize>().prop_map(lost),
        2 => user.clone().prop_map(Op::LoseList),
        1 => (0_u32..3).prop_map(Op::LoseShard),
        1 => Just(Op::LoseCaches),
        2 => user.prop_map(Op::Rebuild),
        1 => rule().prop_map(Op::Rule),
        3 => (1_u64..90).prop_map(Op::Wait),
    ]
}

pub fn graph() -> impl Strategy<Value = Graph> {
    let pair = (0..USERS, 0..USERS).prop_map(|(a, b)| (User(a), User(b)));
    let stars = prop::collection::vec((0.0..1.0, 0.0..20.0, 0.0..10.0), STARS as usize);
    let friends = prop_oneof![
        prop::collection::vec(pair, 0..70)
            .prop_map(|pairs| Graph::from_friendships(USERS, &pairs, 9)),
        (any::<u64>(), any::<bool>()).prop_map(|(seed, stored)| {
            let rows = if stored { Rows::Stored } else { Rows::Computed };
            Graph::generate(seed, USERS, &Degrees::new(5.0, 3.0, 9), rows)
        }),
    ];
    (friends, any::<u64>(), stars).prop_map(|(friends, seed, stars)| {
        let star = |(share, followers, posts_per_day)| Star {
            share,
            followers,
            posts_per_day,
        };
        friends.with_stars(seed, stars.into_iter().map(star).collect())
    })
}

#[derive(Clone, Debug)]
pub struct Case {
    pub graph: Graph,
    pub people: u64,
    pub rule: Rule,
    pub list_cap: u32,
    pub batch: u32,
    pub invalidate: bool,
    pub ops: Vec<Op>,
}

pub fn case(drops: bool) -> impl Strategy<Value = Case> {
    let ops = prop::collection::vec(op(drops), 0..250);
    (
        graph(),
        any::<u64>(),
        rule(),
        1_u32..12,
        1_u32..5,
        any::<bool>(),
        ops,
    )
        .prop_map(
            |(graph, people, rule, list_cap, batch, invalidate, ops)| Case {
                graph,
                people,
                rule,
                list_cap,
                batch,
                invalidate,
                ops,
            },
        )
}
