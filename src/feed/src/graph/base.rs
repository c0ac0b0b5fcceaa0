//! The friendships a graph starts with, worked out or stored.
//!
//! Changes do not live here.

use archplay_kernel::{mix, text_key};

use super::matching::Matching;
use crate::{Degrees, User};

/// As many stubs share an entry of the table that leads from a stub to its user.
const SHIFT: u32 = 6;

#[derive(Clone, Debug)]
pub(super) struct Base {
    /// Where each user's stubs begin (computed) or its row (stored); one more than there are users.
    starts: Box<[u32]>,
    friends: Friends,
}

#[derive(Clone, Debug)]
enum Friends {
    Computed {
        matching: Matching,
        /// The user who has the first stub of each 2⁶.
        owners: Box<[u32]>,
    },
    Stored(Box<[User]>),
}

impl Base {
    pub(super) fn generate(seed: u64, users: u32, degrees: &Degrees) -> Self {
        let key = mix(mix(seed, text_key("feed")), text_key("friends"));
        let wanted = |user: u32| degrees.sample_key(mix(key, user.into()));
        let (mut sum, mut squares) = (0.0, 0.0);
        for user in 0..users {
            let d = f64::from(wanted(user));
            sum += d;
            squares += d * d;
        }
        // The share of a user's ends that will be dropped, for each end it has.
        let dropped = if sum > 0.0 {
            squares / sum / (2.0 * sum)
        } else {
            0.0
        };
        let mut starts = Vec::with_capacity(users as usize + 1);
        let mut total = 0;
        starts.push(0);
        for user in 0..users {
            let d = f64::from(wanted(user));
            let ends = ((d + d * d * dropped + 0.5) as u32).min(degrees.cap());
            total += ends.min(Matching::MOST - total);
            starts.push(total);
        }
        // Of an odd number the last end stays without a partner.
        let matching = Matching::new(mix(key, text_key("matching")), total);
        let mut owners = Vec::with_capacity((total >> SHIFT) as usize + 1);
        let mut user = 0_usize;
        for stub in (0..total).step_by(1 << SHIFT) {
            while starts[user + 1] <= stub {
                user += 1;
            }
            owners.push(user as u32);
        }
        let owners = owners.into();
        Self {
            starts: starts.into(),
            friends: Friends::Computed { matching, owners },
        }
    }

    pub(super) fn from_pairs(users: u32, pairs: &[(User, User)]) -> Self {
        let mut both: Vec<(User, User)> = pairs
            .iter()
            .filter(|(a, b)| a != b && a.0.max(b.0) < users)
            .flat_map(|(a, b)| [(*a, *b), (*b, *a)])
            .collect();
        both.sort_unstable();
        both.dedup();
        let starts = (0..=users)
            .map(|user| both.partition_point(|(a, _)| a.0 < user) as u32)
            .collect();
        Self {
            starts,
            friends: Friends::Stored(both.into_iter().map(|(_, b)| b).collect()),
        }
    }

    /// The same friendships, stored.
    pub(super) fn stored(self) -> Self {
        let mut starts = Vec::with_capacity(self.starts.len());
        let mut all = Vec::with_capacity(self.starts.last().copied().unwrap_or(0) as usize);
        let mut row = Vec::new();
        starts.push(0);
        for user in 0..self.users() {
            row.clear();
            self.friends(User(user), &mut row);
            all.extend_from_slice(&row);
            starts.push(all.len() as u32);
        }
        Self {
            starts: starts.into(),
            friends: Friends::Stored(all.into()),
        }
    }

    pub(super) fn users(&self) -> u32 {
        (self.starts.len() - 1) as u32
    }

    fn range(&self, user: User) -> std::ops::Range<usize> {
        let at = user.0 as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(from), Some(to)) => *from as usize..*to as usize,
            _ => 0..0,
        }
    }

    pub(super) fn at_most(&self, user: User) -> u32 {
        self.range(user).len() as u32
    }

    /// Adds the friends of a user to an empty row, in order.
    pub(super) fn friends(&self, user: User, row: &mut Vec<User>) {
        let range = self.range(user);
        match &self.friends {
            Friends::Stored(all) => row.extend_from_slice(&all[range]),
            Friends::Computed { matching, .. } => {
                row.extend(
                    range
                        .filter_map(|stub| self.friend_at(matching, stub as u32))
                        .filter(|friend| *friend != user),
                );
                row.sort_unstable();
                row.dedup();
            }
        }
    }

    pub(super) fn are_friends(&self, a: User, b: User) -> bool {
        if a == b {
            return false;
        }
        // From the side that has fewer.
        let (few, many) = if self.range(a).len() <= self.range(b).len() {
            (a, b)
        } else {
            (b, a)
        };
        let mut range = self.range(few);
        match &self.friends {
            Friends::Stored(all) => all[range].binary_search(&many).is_ok(),
            Friends::Computed { matching, .. } => {
                range.any(|stub| self.friend_at(matching, stub as u32) == Some(many))
            }
        }
    }

    /// Whose the partner of a stub is; `None` for the odd one.
    fn friend_at(&self, matching: &Matching, stub: u32) -> Option<User> {
        matching.partner(stub).map(|partner| self.owner(partner))
    }

    /// The user who has a stub.
    fn owner(&self, stub: u32) -> User {
        let Friends::Computed { owners, .. } = &self.friends else {
            return User(0);
        };
        let mut user = owners[(stub >> SHIFT) as usize];
        while self.starts[user as usize + 1] <= stub {
            user += 1;
        }
        User(user)
    }

    pub(super) fn bytes(&self) -> usize {
        let friends = match &self.friends {
            Friends::Computed { matching, owners } => matching.bytes() + owners.len() * 4,
            Friends::Stored(all) => all.len() * 4,
        };
        self.starts.len() * 4 + friends
    }
}
