//! From the sampled users to all of them: what is multiplied, what is exact, what a sample cannot show.
//!
//! Rates and sizes of a whole service do not live here; see the sizing.

use archplay_kernel::{mix, unit_of};

use crate::{People, User};

/// How a quantity of the sample speaks for the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The same in the sample and in the whole, apart from chance: what belongs to one user, post or page.
    Exact,
    /// Multiplied by the factor: what is summed over users.
    Scaled,
    /// An extreme of few users or posts; the whole has more of them, and maybe greater ones.
    Tail,
}

/// The quantities of a feed, by key, and how each speaks for the whole.
pub const EXTENTS: [(&str, Extent); 14] = [
    ("friends_per_user", Extent::Exact),
    ("recipients_per_post", Extent::Exact),
    ("outboxes_per_read", Extent::Exact),
    ("list_length", Extent::Exact),
    ("page", Extent::Exact),
    ("staleness", Extent::Exact),
    ("correctness", Extent::Exact),
    ("reads_per_sec", Extent::Scaled),
    ("posts_per_sec", Extent::Scaled),
    ("fan_out_writes_per_sec", Extent::Scaled),
    ("lookups_per_sec", Extent::Scaled),
    ("cache_bytes", Extent::Scaled),
    ("hottest_post", Extent::Tail),
    ("busiest_user", Extent::Tail),
];

/// How many real users a sampled one stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    sampled: u32,
    readers: u32,
    factor: f64,
}

/// A user of the whole: the sampled one it resembles, and which of its copies it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StandIn {
    /// The sampled user, whose friends, rates and list this one has in likeness.
    pub user: User,
    /// 0 is the sampled user itself; only that one may read and write the feed's rows.
    pub copy: u32,
}

impl Scale {
    /// The scale at which these users are `visitors` per day: every user who ever reads is one visitor a
    /// day, with its own rate, and dormant users come on top in both. At least 1 : 1.
    #[must_use]
    pub fn new(people: &People, visitors: f64) -> Self {
        let readers = people.readers();
        let factor = visitors / f64::from(readers.max(1));
        Self {
            sampled: people.users(),
            readers,
            factor: if factor > 1.0 { factor } else { 1.0 },
        }
    }

    /// How many real users a sampled one stands for; 1 or more.
    #[must_use]
    pub const fn factor(&self) -> f64 {
        self.factor
    }

    /// How many users are sampled, dormant ones included.
    #[must_use]
    pub const fn sampled(&self) -> u32 {
        self.sampled
    }

    /// How many users the whole has, dormant ones included.
    #[must_use]
    pub fn users(&self) -> f64 {
        f64::from(self.sampled) * self.factor
    }

    /// How many visitors a day the whole has.
    #[must_use]
    pub fn visitors(&self) -> f64 {
        f64::from(self.readers) * self.factor
    }

    /// A sampled quantity as the whole has it.
    #[must_use]
    pub fn whole(&self, sampled: f64, extent: Extent) -> f64 {
        match extent {
            Extent::Scaled => sampled * self.factor,
            Extent::Exact | Extent::Tail => sampled,
        }
    }

    /// The room that a cache of the whole leaves for the sampled users, so that its hit ratio is the
    /// same; rounded down.
    #[must_use]
    pub fn room(&self, whole: f64) -> f64 {
        libm::floor(whole / self.factor)
    }

    /// Which user of the whole makes a request, given the sampled one that was drawn for it by its rate:
    /// with probability 1 / factor that one itself, else a copy.
    ///
    /// So rate and capacity are never shrunk: requests come at the full rate, those of copies take the
    /// same steps with the sizes of the user they resemble and with keys of their own, and only sampled
    /// users change rows, each at its own rate.
    #[must_use]
    pub fn stand_in(&self, user: User, key: u64) -> StandIn {
        let copy = (unit_of(key) * self.factor) as u32;
        StandIn { user, copy }
    }
}

impl StandIn {
    /// Whether this is the sampled user itself.
    #[must_use]
    pub const fn is_sampled(self) -> bool {
        self.copy == 0
    }

    /// A key for a cache, of something that belongs to this user of the whole; a sampled user's is the
    /// number itself.
    #[must_use]
    pub const fn key(self, of: u64) -> u64 {
        if self.copy == 0 {
            of
        } else {
            mix(self.copy as u64, of)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Activity;

    #[test]
    fn ten_million_visitors() {
        let people = People::generate(1, 100_000, &Activity::default());
        let scale = Scale::new(&people, 1e7);
        assert!((scale.factor() - 1e7 / f64::from(people.readers())).abs() < 1e-9);
        assert!((scale.visitors() - 1e7).abs() < 1.0);
        assert!((scale.users() / 1e7 - 1.0 / 0.7).abs() < 0.02);
        // 10 views a day of each visitor: the fact sheet's 1,157/s.
        let sampled = people.by_views().total() / 86_400.0;
        assert!((scale.whole(sampled, Extent::Scaled) - 1_157.4).abs() < 0.1);
        assert!((scale.whole(190.0, Extent::Exact) - 190.0).abs() < 1e-9);
        // Fewer visitors than sampled users are not scaled down.
        assert!((Scale::new(&people, 10.0).factor() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn one_request_in_factor_is_the_sampled_users() {
        let people = People::from_rates(vec![1.0; 10], vec![1.0; 10]);
        let scale = Scale::new(&people, 80.0);
        let mut copies = [0_u32; 8];
        for key in 0..80_000 {
            let one = scale.stand_in(User(3), mix(key, 5));
            assert_eq!(one.user, User(3));
            assert_eq!(one.is_sampled(), one.key(17) == 17);
            copies[one.copy as usize] += 1;
        }
        assert!(
            copies.iter().all(|n| n.abs_diff(10_000) < 500),
            "{copies:?}"
        );
    }
}
