//! Who is whose friend: a generated symmetric graph, and what has been changed of it since; and who follows
//! whom, which is not mutual.
//!
//! Posts and feeds do not live here; nor does the question who may see what, beyond who has blocked whom.

mod base;
mod matching;
mod stars;

use std::collections::BTreeMap;
use std::sync::Arc;

use base::Base;
pub use stars::Star;
use stars::Stars;

use crate::{Degrees, User};

/// How the generated friendships are held; the friendships are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rows {
    /// Worked out anew whenever they are asked for: no memory for friendships, about 50 ns a friend.
    #[default]
    Computed,
    /// Held as adjacency lists: four bytes for each end of a friendship.
    Stored,
}

impl Rows {
    /// What suits so many users in a browser: stored up to 200,000, which are 150 MB.
    #[must_use]
    pub const fn fitting(users: u32) -> Self {
        if users <= 200_000 {
            Self::Stored
        } else {
            Self::Computed
        }
    }
}

/// Why two people do not become friends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// They are friends already.
    Already,
    /// Nobody is a friend of their own, or of somebody who does not exist.
    Nobody,
    /// One of them has as many friends as one may have.
    Full,
}

/// Symmetric friendships between users 0, 1, 2, …, and blocks.
///
/// A block by either side hides both from each other and leaves the friendship as it is: what was hidden
/// is there again when the block goes.
#[derive(Clone, Debug)]
pub struct Graph {
    /// Never changes, so that clones share it.
    base: Arc<Base>,
    /// Who has followers; numbered after all others.
    stars: Stars,
    cap: u32,
    /// What differs from the base, for both directions: `true` is a new friendship, `false` an ended one.
    changes: BTreeMap<(User, User), bool>,
    /// For both directions: bit 0 says that the first has blocked the second, bit 1 the reverse.
    blocks: BTreeMap<(User, User), u8>,
    /// How often a user's row has changed.
    versions: BTreeMap<User, u32>,
}

impl Graph {
    /// The most users; what is beyond is not made.
    pub const MOST_USERS: u32 = 4_000_000;

    /// Generates friendships among so many users (up to [`Graph::MOST_USERS`]).
    ///
    /// Each user draws a number of friends from `degrees` with a key of the seed and the user's number;
    /// the ends are matched at random (configuration model: M. Molloy and B. Reed, 1995), and what joins
    /// a user to itself or twice to the same one is dropped. What that will drop is put on top before:
    /// of d ends about d² · E\[d²\]/E\[d\] / (2 · all ends). In graphs of a few thousand users it is more,
    /// and the mean falls behind.
    #[must_use]
    pub fn generate(seed: u64, users: u32, degrees: &Degrees, rows: Rows) -> Self {
        let base = Base::generate(seed, users.min(Self::MOST_USERS), degrees);
        let base = match rows {
            Rows::Computed => base,
            Rows::Stored => base.stored(),
        };
        Self::of(base, degrees.cap())
    }

    /// The graph with exactly these friendships, whatever their order and direction; what is impossible
    /// (oneself, unknown users) is left out. A cap below what somebody has only refuses further ones.
    #[must_use]
    pub fn from_friendships(users: u32, friendships: &[(User, User)], cap: u32) -> Self {
        let users = users.min(Self::MOST_USERS);
        Self::of(Base::from_pairs(users, friendships), cap)
    }

    fn of(base: Base, cap: u32) -> Self {
        Self {
            base: Arc::new(base),
            stars: Stars::default(),
            cap,
            changes: BTreeMap::new(),
            blocks: BTreeMap::new(),
            versions: BTreeMap::new(),
        }
    }

    /// The same with accounts that have followers, numbered after the others in the order given. Whom they
    /// have among the others is worked out from the seed; they follow nobody and are nobody's friends.
    #[must_use]
    pub fn with_stars(mut self, seed: u64, stars: Vec<Star>) -> Self {
        self.stars = Stars::new(seed, self.base.users(), stars);
        self
    }

    /// How many users there are, those with followers included.
    #[must_use]
    pub fn users(&self) -> u32 {
        self.base.users() + self.stars.count()
    }

    /// The account with followers that a user is, if it is one.
    #[must_use]
    pub fn star(&self, user: User) -> Option<&Star> {
        self.stars.of(user)
    }

    /// How many friends one may have.
    #[must_use]
    pub const fn cap(&self) -> u32 {
        self.cap
    }

    /// Puts the friends of a user into `row`, in order, blocked ones included.
    pub fn friends(&self, user: User, row: &mut Vec<User>) {
        row.clear();
        self.base.friends(user, row);
        let mut changed = self.changes_of(user).peekable();
        if changed.peek().is_none() {
            return;
        }
        for (other, now) in changed {
            match (row.binary_search(&other), now) {
                (Err(at), true) => row.insert(at, other),
                (Ok(at), false) => {
                    row.remove(at);
                }
                _ => {}
            }
        }
    }

    /// Puts those into `row`, in order, whose posts a user gets: friends and whom it follows, blocked ones
    /// included.
    pub fn authors_of(&self, user: User, row: &mut Vec<User>) {
        self.friends(user, row);
        self.stars.followed_by(user, row);
    }

    /// Puts those into `row`, in order, who get the posts of a user and are among these users: friends, or
    /// followers; blocked ones included.
    pub fn readers_of(&self, author: User, first: User, last: User, row: &mut Vec<User>) {
        if self.star(author).is_some() {
            row.clear();
            self.stars.followers(author, first, last, row);
        } else {
            self.friends(author, row);
            row.retain(|reader| (first..=last).contains(reader));
        }
    }

    /// Puts those into `row` whose posts a user may see: without those blocked on either side.
    pub fn seen_by(&self, user: User, row: &mut Vec<User>) {
        self.authors_of(user, row);
        let mut blocks = self.blocks.range(pairs_of(user)).peekable();
        if blocks.peek().is_some() {
            row.retain(|other| !self.blocks.contains_key(&(user, *other)));
        }
    }

    /// How many friends a user has; of one with followers, how many of these, in the whole.
    #[must_use]
    pub fn degree(&self, user: User) -> u32 {
        if let Some(star) = self.star(user) {
            return star.followers as u32;
        }
        let mut row = Vec::new();
        self.friends(user, &mut row);
        row.len() as u32
    }

    /// A number that a user's friends do not exceed, at no cost.
    #[must_use]
    pub fn at_most(&self, user: User) -> u32 {
        if let Some(star) = self.star(user) {
            return star.followers as u32;
        }
        let new = self.changes_of(user).filter(|(_, now)| *now).count();
        self.base.at_most(user) + new as u32
    }

    /// Whether two users are friends, blocked or not.
    #[must_use]
    pub fn are_friends(&self, a: User, b: User) -> bool {
        match self.changes.get(&(a, b)) {
            Some(now) => *now,
            None => self.base.are_friends(a, b),
        }
    }

    /// Whether one of two users has blocked the other.
    #[must_use]
    pub fn is_blocked(&self, a: User, b: User) -> bool {
        self.blocks.contains_key(&(a, b))
    }

    /// Whether a reader may see what an author posts: their own, and that of friends and of whom they follow
    /// who are not blocked.
    #[must_use]
    pub fn sees(&self, reader: User, author: User) -> bool {
        reader == author
            || ((self.are_friends(reader, author) || self.stars.follows(reader, author))
                && !self.is_blocked(reader, author))
    }

    /// How often the row of a user (friends and blocks) has changed since the graph was made.
    #[must_use]
    pub fn version(&self, user: User) -> u32 {
        self.versions.get(&user).copied().unwrap_or(0)
    }

    /// Makes two users friends.
    ///
    /// # Errors
    ///
    /// When they are friends already, are the same or do not exist, or when one has the cap.
    pub fn befriend(&mut self, a: User, b: User) -> Result<(), Refused> {
        if a == b || a.0.max(b.0) >= self.base.users() {
            return Err(Refused::Nobody);
        }
        if self.are_friends(a, b) {
            return Err(Refused::Already);
        }
        for user in [a, b] {
            if self.at_most(user) >= self.cap && self.degree(user) >= self.cap {
                return Err(Refused::Full);
            }
        }
        self.change(a, b, true);
        Ok(())
    }

    /// Ends a friendship; tells whether there was one.
    pub fn unfriend(&mut self, a: User, b: User) -> bool {
        let friends = self.are_friends(a, b);
        if friends {
            self.change(a, b, false);
        }
        friends
    }

    /// Lets a user block another, friend or not; tells whether that is new.
    pub fn block(&mut self, who: User, whom: User) -> bool {
        self.set_block(who, whom, true)
    }

    /// Lets a user take a block back; tells whether there was one.
    pub fn unblock(&mut self, who: User, whom: User) -> bool {
        self.set_block(who, whom, false)
    }

    /// How many bytes the graph holds, without what has changed since.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.base.bytes()
    }

    fn changes_of(&self, user: User) -> impl Iterator<Item = (User, bool)> {
        let range = self.changes.range(pairs_of(user));
        range.map(|((_, other), now)| (*other, *now))
    }

    fn change(&mut self, a: User, b: User, now: bool) {
        let as_before = self.base.are_friends(a, b) == now;
        for pair in [(a, b), (b, a)] {
            if as_before {
                self.changes.remove(&pair);
            } else {
                self.changes.insert(pair, now);
            }
            *self.versions.entry(pair.0).or_default() += 1;
        }
    }

    fn set_block(&mut self, who: User, whom: User, now: bool) -> bool {
        if who == whom || who.0.max(whom.0) >= self.users() {
            return false;
        }
        let before = self.blocks.get(&(who, whom)).copied().unwrap_or(0);
        if (before & 1 == 1) == now {
            return false;
        }
        let after = before ^ 1;
        for (pair, bits) in [
            ((who, whom), after),
            ((whom, who), after >> 1 | (after & 1) << 1),
        ] {
            if bits == 0 {
                self.blocks.remove(&pair);
            } else {
                self.blocks.insert(pair, bits);
            }
            *self.versions.entry(pair.0).or_default() += 1;
        }
        true
    }
}

/// All pairs whose first is this user.
fn pairs_of(user: User) -> std::ops::RangeInclusive<(User, User)> {
    (user, User(0))..=(user, User(u32::MAX))
}
