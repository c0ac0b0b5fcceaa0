//! The strategies: which author's posts are written into which reader's list, and which are fetched.
//!
//! What either costs does not live here.

/// For which pairs of author and reader a post is pushed into the reader's list when it is made; all
/// others are pulled from the author's outbox when the reader reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// All: fan-out on write.
    Push,
    /// None: fan-out on read.
    Pull,
    /// Hybrid by friend count: those of authors who have had at most so many friends since the rule was
    /// set. Who was above stays pulled, because the way back would need a backfill for every friend.
    ByFriends {
        /// The most friends of an author whose posts are pushed.
        most: u32,
    },
    /// Hybrid by activity: to readers who read at least so often.
    ByActivity {
        /// The least number of reads per day of a reader who is pushed to.
        views_per_day: f64,
    },
    /// Hybrid by the rates of each pair: pushed where reads per day of the reader are at least
    /// `cost_ratio` times the posts per day of the author.
    ///
    /// A. Silberstein, J. Terrace, B. Cooper, R. Ramakrishnan, *Feeding frenzy*, SIGMOD 2010: with H the
    /// cost of pushing a post to one reader and L that of looking up one author for one read, a pair costs
    /// H · posts per day when pushed and L · reads per day when pulled; so push where
    /// reads / posts ≥ H / L. Deciding each pair by itself gives the least total.
    ByRates {
        /// H / L, above 0.
        cost_ratio: f64,
    },
}

impl Rule {
    /// Whether anything is ever pushed.
    #[must_use]
    pub fn pushes_at_all(self) -> bool {
        self != Self::Pull
    }

    /// Whether every pair that this rule pushes was pushed under the other one, so that lists stay
    /// complete. `false` when that is not certain.
    #[must_use]
    pub fn is_within(self, other: Self) -> bool {
        match (self, other) {
            (Self::Pull, _) | (_, Self::Push) => true,
            (Self::ByFriends { most }, Self::ByFriends { most: was }) => most <= was,
            (Self::ByActivity { views_per_day }, Self::ByActivity { views_per_day: was }) => {
                views_per_day >= was
            }
            (Self::ByRates { cost_ratio }, Self::ByRates { cost_ratio: was }) => cost_ratio >= was,
            _ => false,
        }
    }
}
