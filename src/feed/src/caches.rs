//! What a content cache and a graph cache hold: values as they were when they were read, not only keys.
//!
//! Which machine they are on, and what a miss costs, does not live here.

use archplay_kernel::{KeyStore, Policy};

use crate::{Graph, PostId, Posts, User};

/// A cache's counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// Looked up and found.
    pub hits: u64,
    /// Looked up, not found, fetched and put in.
    pub misses: u64,
}

/// A least-recently-used cache of values beside their keys, filled on a miss.
#[derive(Clone, Debug)]
struct Aside<T> {
    store: KeyStore,
    /// By slot of the store.
    values: Vec<T>,
    ttl_ns: u64,
    hits: Hits,
}

impl<T: Clone + Default> Aside<T> {
    fn new(capacity: usize, ttl_ns: u64) -> Self {
        Self {
            store: KeyStore::new(Policy::Lru, Some(capacity)),
            values: Vec::new(),
            ttl_ns,
            hits: Hits::default(),
        }
    }

    fn look_up(&mut self, key: u64, now_ns: u64, fetch: impl FnOnce() -> T) -> T {
        if self.store.get(key, now_ns)
            && let Some(slot) = self.store.slot(key)
            && let Some(value) = self.values.get(slot as usize)
        {
            self.hits.hits += 1;
            return value.clone();
        }
        self.hits.misses += 1;
        let value = fetch();
        self.store.insert(key, now_ns, self.ttl_ns);
        if let Some(slot) = self.store.slot(key) {
            let slot = slot as usize;
            if slot >= self.values.len() {
                self.values.resize(slot + 1, T::default());
            }
            self.values[slot] = value.clone();
        }
        value
    }
}

/// The content cache: whether a post was there when it was last fetched.
#[derive(Clone, Debug)]
pub struct ContentCache(Aside<bool>);

impl ContentCache {
    /// An empty cache for so many posts, each for `ttl_ns` nanoseconds
    /// ([`archplay_kernel::FOREVER`] never expires).
    #[must_use]
    pub fn new(capacity: usize, ttl_ns: u64) -> Self {
        Self(Aside::new(capacity, ttl_ns))
    }

    /// Whether a post is live, by the cache's word or, on a miss, the table's.
    pub fn is_live(&mut self, posts: &Posts, post: PostId, now_ns: u64) -> bool {
        let fetch = || posts.is_live(post);
        self.0.look_up(post.0.into(), now_ns, fetch)
    }

    /// Drops a post, because it has changed.
    pub fn invalidate(&mut self, post: PostId) {
        self.0.store.remove(post.0.into());
    }

    /// Loses everything.
    pub fn lose(&mut self) {
        self.0.store.clear();
    }

    /// The counts since the start.
    #[must_use]
    pub const fn hits(&self) -> Hits {
        self.0.hits
    }
}

/// The graph cache: whom a reader saw when the row was last fetched.
#[derive(Clone, Debug)]
pub struct GraphCache(Aside<Vec<User>>);

impl GraphCache {
    /// An empty cache for the rows of so many users, each for `ttl_ns` nanoseconds
    /// ([`archplay_kernel::FOREVER`] never expires).
    #[must_use]
    pub fn new(capacity: usize, ttl_ns: u64) -> Self {
        Self(Aside::new(capacity, ttl_ns))
    }

    /// The friends a reader sees, by the cache's word or, on a miss, the graph's; for
    /// [`crate::Feed::plan_read_with`].
    pub fn seen_by(&mut self, graph: &Graph, reader: User, now_ns: u64) -> Vec<User> {
        self.0.look_up(reader.0.into(), now_ns, || {
            let mut row = Vec::new();
            graph.seen_by(reader, &mut row);
            row
        })
    }

    /// Drops a user's row, because it has changed.
    pub fn invalidate(&mut self, user: User) {
        self.0.store.remove(user.0.into());
    }

    /// Loses everything.
    pub fn lose(&mut self) {
        self.0.store.clear();
    }

    /// The counts since the start.
    #[must_use]
    pub const fn hits(&self) -> Hits {
        self.0.hits
    }
}
