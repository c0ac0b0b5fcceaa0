//! How often each user reads and posts, and drawing users by that.
//!
//! What they read and post does not live here.

use std::sync::Arc;

use archplay_kernel::{Draws, mix, normal_quantile, text_key, unit_of};

use crate::User;

/// How reading and posting are spread over the users.
///
/// The means are those of the fact sheet's sizing (S7/S8: 10 views and 0.2 posts per user and day). The
/// shape is a choice of ours, meant to have what is known of such services: many accounts that nobody reads
/// with, most people who hardly ever post, a few who make most of the posts (J. Nielsen, *The 90-9-1 rule
/// for participation inequality*, 2006). Rates are lognormal among those who are not dormant; they do not
/// depend on the number of friends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Activity {
    /// Mean reads of the feed per day of a user who is not dormant (0 or more).
    pub views_per_day: f64,
    /// Mean posts per day of a user who is not dormant (0 or more).
    pub posts_per_day: f64,
    /// Share of users who neither read nor post (0 to 1).
    pub dormant: f64,
    /// Standard deviation of the logarithm of the reading rate; 1 lets the busiest 10 % do 39 % of it.
    pub view_sigma: f64,
    /// The same of the posting rate; 2 lets the busiest 1 % do 37 % and the busiest 10 % do 76 % of it.
    pub post_sigma: f64,
    /// Correlation of the two logarithms (−1 to 1).
    pub together: f64,
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            views_per_day: 10.0,
            posts_per_day: 0.2,
            dormant: 0.3,
            view_sigma: 1.0,
            post_sigma: 2.0,
            together: 0.5,
        }
    }
}

/// The rates of all users, per day. Clones share them.
#[derive(Clone, Debug, PartialEq)]
pub struct People {
    views: Arc<[f32]>,
    posts: Arc<[f32]>,
}

impl People {
    /// Draws everybody's rates with keys of the seed and the user's number, and scales them so that the
    /// means among those who are not dormant are exactly (to 10⁻⁵) the wanted ones.
    #[must_use]
    pub fn generate(seed: u64, users: u32, activity: &Activity) -> Self {
        let key = mix(mix(seed, text_key("feed")), text_key("activity"));
        let rho = activity.together.clamp(-1.0, 1.0);
        let rest = libm::sqrt(1.0 - rho * rho);
        let (mut views, mut posts) = (Vec::new(), Vec::new());
        views.reserve_exact(users as usize);
        posts.reserve_exact(users as usize);
        for user in 0..users {
            let mut draws = Draws::new(mix(key, user.into()));
            if draws.unit() < activity.dormant {
                views.push(0.0);
                posts.push(0.0);
                continue;
            }
            let a = normal_quantile(draws.unit());
            let b = rho * a + rest * normal_quantile(draws.unit());
            views.push(libm::exp(activity.view_sigma * a) as f32);
            posts.push(libm::exp(activity.post_sigma * b) as f32);
        }
        scale(&mut views, activity.views_per_day);
        scale(&mut posts, activity.posts_per_day);
        Self::from_rates(views, posts)
    }

    /// Takes rates as they are, per day; the shorter list is filled with zeros.
    #[must_use]
    pub fn from_rates(mut views: Vec<f32>, mut posts: Vec<f32>) -> Self {
        let users = views.len().max(posts.len());
        views.resize(users, 0.0);
        posts.resize(users, 0.0);
        Self {
            views: views.into(),
            posts: posts.into(),
        }
    }

    /// How many users there are.
    #[must_use]
    pub fn users(&self) -> u32 {
        self.views.len() as u32
    }

    /// How often a user reads, per day.
    #[must_use]
    pub fn views_per_day(&self, user: User) -> f64 {
        self.views
            .get(user.0 as usize)
            .copied()
            .map_or(0.0, f64::from)
    }

    /// How often a user posts, per day.
    #[must_use]
    pub fn posts_per_day(&self, user: User) -> f64 {
        self.posts
            .get(user.0 as usize)
            .copied()
            .map_or(0.0, f64::from)
    }

    /// How many users ever read.
    #[must_use]
    pub fn readers(&self) -> u32 {
        self.views.iter().filter(|rate| **rate > 0.0).count() as u32
    }

    /// Draws users by how often they post.
    #[must_use]
    pub fn by_posts(&self) -> Weighted {
        Weighted::new(&self.posts)
    }

    /// Draws users by how often they read.
    #[must_use]
    pub fn by_views(&self) -> Weighted {
        Weighted::new(&self.views)
    }

    /// How many bytes the rates take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.views.len() * 4 + self.posts.len() * 4
    }
}

/// Scales rates so that their mean, zeros apart, is the wanted one.
fn scale(rates: &mut [f32], mean: f64) {
    let awake = rates.iter().filter(|rate| **rate > 0.0).count() as f64;
    let sum: f64 = rates.iter().copied().map(f64::from).sum();
    if sum > 0.0 {
        for rate in rates {
            *rate = (f64::from(*rate) * mean * awake / sum) as f32;
        }
    }
}

/// Draws users with probabilities in proportion to weights.
#[derive(Clone, Debug)]
pub struct Weighted {
    /// The sum of the weights up to each user, that one included.
    sums: Arc<[f64]>,
}

impl Weighted {
    fn new(weights: &[f32]) -> Self {
        let mut sum = 0.0;
        let sums = weights.iter().map(|weight| {
            sum += f64::from(*weight);
            sum
        });
        Self {
            sums: sums.collect(),
        }
    }

    /// The sum of all weights: of rates per day, the whole sample's rate per day.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.sums.last().copied().unwrap_or(0.0)
    }

    /// The user for a key, the same for the same key; `None` when nobody has any weight.
    #[must_use]
    pub fn sample_key(&self, key: u64) -> Option<User> {
        let at = unit_of(key) * self.total();
        let user = self.sums.partition_point(|sum| *sum <= at);
        (user < self.sums.len()).then_some(User(user as u32))
    }

    /// How many bytes the table takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.sums.len() * 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_do_most_and_many_never_read() {
        let people = People::generate(5, 100_000, &Activity::default());
        assert!(people.readers().abs_diff(70_000) < 600);
        let readers = f64::from(people.readers());
        let views = people.by_views().total() / readers;
        let posts = people.by_posts().total() / readers;
        assert!((views / 10.0 - 1.0).abs() < 1e-5, "{views}");
        assert!((posts / 0.2 - 1.0).abs() < 1e-5, "{posts}");
        // Φ(σ − z) of all is done by the busiest share 1 − Φ(z).
        let share = |rates: &[f32], of: f64| {
            let mut sorted: Vec<f64> = rates.iter().copied().map(f64::from).collect();
            sorted.sort_unstable_by(|a, b| b.total_cmp(a));
            let busiest = (readers * of) as usize;
            sorted[..busiest].iter().sum::<f64>() / sorted.iter().sum::<f64>()
        };
        assert!((share(&people.posts, 0.01) - 0.37).abs() < 0.03);
        assert!((share(&people.posts, 0.1) - 0.76).abs() < 0.03);
        assert!((share(&people.views, 0.1) - 0.39).abs() < 0.02);
    }

    #[test]
    fn authors_are_drawn_by_their_rates() {
        let people = People::from_rates(vec![1.0], vec![0.0, 3.0, 0.0, 1.0, 0.0]);
        let authors = people.by_posts();
        let mut drawn = [0; 5];
        for key in 0..40_000 {
            drawn[authors.sample_key(mix(key, 1)).unwrap().0 as usize] += 1;
        }
        assert_eq!([drawn[0], drawn[2], drawn[4]], [0, 0, 0]);
        assert!(30_000_i32.abs_diff(drawn[1]) < 500, "{drawn:?}");
        let nobody = People::from_rates(Vec::new(), vec![0.0]);
        assert_eq!(nobody.by_posts().sample_key(1), None);
        assert_eq!(nobody.by_views().total(), 0.0);
    }
}
