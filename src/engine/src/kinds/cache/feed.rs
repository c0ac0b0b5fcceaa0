//! Many rows of a news feed in one call, and what an item of its sample stands for.
//!
//! A call for many rows is one command to each shard that has some of them, answered when the last shard has
//! answered. What is not here is told to the asker row by row.

use archplay_kernel::{Handle, mix, unit_of};

use super::shard::{key_of, life};
use super::work::Wish;
use super::{Cache, FETCHES, Mode, WRITES, shard_index};
use crate::core::{Answer, Core, MISS};
use crate::plant::{NodeId, Plant};

/// What a further row of one command costs, in operations. Redis writes ten keys with one MSET at about the rate of
/// single SETs (redis-benchmark), most of an operation being the network and the protocol.
const FURTHER_ROW: f64 = 0.1;
/// Purpose of the draws of ages at the beginning.
const AGE: u64 = 0x0061_6765;

/// What a cache has of a news feed.
#[derive(Clone, Debug, Default)]
pub(super) struct Share {
    /// Datasets of the feed, and the one of them with the lists.
    datasets: Vec<u32>,
    lists: u32,
    list_bytes: u64,
    /// How many items of the whole an item stands for.
    factor: f64,
    /// Whether rows that have changed stay until they expire.
    pub keeps: bool,
}

impl Share {
    #[cold]
    #[inline(never)]
    pub(super) fn new(plant: &Plant, node: NodeId) -> Self {
        let Some(plan) = &plant.feed else {
            return Self::default();
        };
        let warm = plan.warm.iter().find(|warm| warm.node == node);
        Self {
            datasets: warm.map_or_else(Vec::new, |warm| {
                warm.datasets.iter().map(|entry| entry.0).collect()
            }),
            lists: plan.lists,
            list_bytes: plan.list_bytes(),
            factor: plan.scale.factor(),
            keeps: warm.is_some_and(|warm| warm.keeps),
        }
    }

    fn has(&self, dataset: u32) -> bool {
        self.datasets.contains(&dataset)
    }

    /// The bytes that an item counts.
    pub(super) fn size(&self, dataset: u32, row_bytes: u64, item_bytes: u64) -> u64 {
        if !self.has(dataset) {
            return row_bytes + item_bytes;
        }
        let row = if dataset == self.lists {
            self.list_bytes
        } else {
            row_bytes
        };
        ((row + item_bytes) as f64 * self.factor) as u64
    }

    /// How many items fit, where they are counted.
    pub(super) fn entries(&self, entries: usize) -> usize {
        if self.datasets.is_empty() || entries == 0 {
            entries
        } else {
            ((entries as f64 / self.factor) as usize).max(1)
        }
    }

    /// The time to live: through an item of the sample pass the requests of all that it stands for.
    pub(super) fn ttl_ns(&self, dataset: u32, ttl_ns: u64) -> u64 {
        if ttl_ns == 0 || !self.has(dataset) {
            ttl_ns
        } else {
            ((ttl_ns as f64 / self.factor) as u64).max(1)
        }
    }
}

impl Cache {
    /// A row of the feed has changed in its store, and what is here of it stays.
    pub(super) fn outdate(&mut self, core: &mut Core, (dataset, row): (u32, u64)) {
        // What has gone before this is told first.
        self.tell_renewed(core);
        let (key, now) = (key_of(dataset, row), core.now);
        if self.shard_of(key).outdate(key, now)
            && let Some(state) = &mut core.feed
        {
            state.kept(self.node, dataset, row);
        }
    }

    /// A look-up has found a row: the asker is told if it is not what it is in the store.
    pub(super) fn tell_if_outdated(&mut self, core: &mut Core, handle: Handle, key: u64) {
        if self.feed.keeps && self.shard_of(key).is_outdated(key) {
            let node = self.node;
            let feed = core.call(handle).map_or(Handle::NONE, |call| call.feed);
            if let Some(state) = &mut core.feed
                && let Some(job) = state.jobs.get_mut(feed)
            {
                job.rows.outdated = Some(node);
            }
        }
    }

    /// Rows that were kept as they had been are gone, or have been fetched anew.
    pub(super) fn tell_renewed(&mut self, core: &mut Core) {
        if !self.feed.keeps {
            return;
        }
        for shard in &mut self.shards {
            for key in shard.renewed.drain(..) {
                if let Some(state) = &mut core.feed {
                    let (dataset, row) = ((key >> 48) as u32, key & ((1 << 48) - 1));
                    state.renewed(self.node, dataset, row);
                }
            }
        }
    }

    /// Puts in what is there when the run begins.
    pub(super) fn warm(&mut self, core: &Core) {
        for (dataset, row) in core.feed_warm_keys(self.node) {
            let key = key_of(dataset, row);
            let ttl = self.feed.ttl_ns(dataset, self.ttl_ns);
            // As old as it happens to be.
            let salt = core.plant.nodes[self.node as usize].salt;
            let rest = (ttl as f64 * (1.0 - unit_of(mix(mix(salt, AGE), key)))) as u64;
            let ttl = if ttl == 0 { 0 } else { rest.max(1) };
            self.shard_of(key)
                .put(key, 0, core.now, life(ttl, 0.0, 0), 0);
        }
    }

    /// Whether a call is about several rows, of which a dead shard may have only some.
    pub(super) fn has_many(&self, core: &Core, handle: Handle) -> bool {
        core.feed_rows(handle).is_some_and(|(rows, _)| rows > 1)
    }

    /// Takes the processors for a call about many rows: when the last of them is done, and the line before it
    /// there. `None` for other calls.
    pub(super) fn take_many(&mut self, core: &Core, handle: Handle, ns: u64) -> Option<(u64, u64)> {
        let call = core.calls.get(handle)?;
        let job = core.feed.as_ref()?.jobs.get(call.feed)?;
        let dataset = crate::plant::dataset_of(&core.plant, call.ask)?;
        let rows = job.rows.now();
        if rows.len() < 2 {
            return None;
        }
        let count = self.shards.len();
        // Kept, so that no call allocates.
        self.rows_each.clear();
        self.rows_each.resize(count, 0);
        for row in rows {
            if let Some(each) = self
                .rows_each
                .get_mut(shard_index(key_of(dataset, *row), count))
            {
                *each += 1;
            }
        }
        let mut last = (core.now, 0);
        for (shard, rows) in self.shards.iter_mut().zip(&self.rows_each) {
            if *rows > 0 && !shard.down {
                let operations = 1.0 + f64::from(rows - 1) * FURTHER_ROW;
                let taken = shard
                    .processor
                    .take_after_line(core.now, (ns as f64 * operations) as u64);
                if taken.0 > last.0 {
                    last = taken;
                }
            }
        }
        Some(last)
    }

    /// Works on a call about rows of the feed: one that pushes to lists, or has many rows. `false` for others.
    pub(super) fn work_on_feed(&mut self, core: &mut Core, handle: Handle, wish: Wish) -> bool {
        let writes = wish.access.writes();
        let (now, dataset) = (core.now, (wish.key >> 48) as u32);
        let behind = (self.mode != Mode::Aside)
            .then(|| core.route(self.node, wish.ask))
            .flatten();
        let feed = core
            .calls
            .get(handle)
            .map_or(Handle::NONE, |call| call.feed);
        let Some(mut job) = core.feed.as_mut().and_then(|state| state.jobs.take(feed)) else {
            return false;
        };
        let count = job.rows.now().len() as u64;
        let here = count > 1 || (writes && job.pushes());
        // Where a store has them too, none is lost.
        let tells = here && !job.rows.fetching && !(writes && behind.is_some());
        let mut found = 0;
        if here {
            // Asked for what another cache did not have, it is about those, and they stay what that one waits for.
            if !job.rows.fetching {
                job.rows.missing.clear();
            }
            for i in 0..count as usize {
                let row = job.rows.now()[i];
                let key = key_of(dataset, row);
                let ttl = self.life_of(core, key);
                if self.shard_of(key).has(key, now, ttl) {
                    found += 1;
                } else if tells {
                    job.rows.missing.push(row);
                }
            }
        }
        if let Some(state) = &mut core.feed {
            state.jobs.put_back(feed, job);
        }
        if !here {
            return false;
        }
        if writes {
            match behind {
                Some(route) => {
                    if let Some(call) = core.call(handle) {
                        call.stage = WRITES;
                    }
                    self.ask_store(core, handle, route, wish, dataset);
                }
                None => self.give(core, handle, 0, 0),
            }
            return true;
        }
        self.bucket.0 += count;
        self.bucket.1 += found;
        if core.stats.in_focus(now) {
            self.focus.0 += count;
            self.focus.1 += found;
        }
        match behind {
            _ if found == count => self.give(core, handle, 0, 0),
            Some(route) => {
                if let Some(call) = core.call(handle) {
                    call.stage = FETCHES;
                }
                fetch_missing(core, handle);
                self.ask_store(core, handle, route, wish, dataset);
            }
            None => {
                if let Some(call) = core.call(handle) {
                    call.value = MISS;
                }
                core.finish(handle, Ok(()));
            }
        }
        true
    }

    fn ask_store(&self, core: &mut Core, handle: Handle, route: u32, wish: Wish, dataset: u32) {
        let first = rows_of(core, handle).and_then(|(rows, _)| rows.first().copied());
        let copy = copy_of(core, handle);
        let row = core.row_of_whole(dataset, first.unwrap_or(wish.row), copy);
        core.ask(handle, route, wish.ask, row);
    }

    /// The store's answer about many rows. `false` for other calls.
    pub(super) fn store_answered_feed(
        &mut self,
        core: &mut Core,
        handle: Handle,
        wish: Wish,
        answer: &Answer,
    ) -> bool {
        let Some((rows, pushes)) = rows_of(core, handle) else {
            return false;
        };
        let writes = wish.access.writes();
        if rows.len() < 2 && !(writes && pushes) {
            return false;
        }
        if let Err(reason) = answer.result {
            core.finish(handle, Err(reason));
            return true;
        }
        let dataset = (wish.key >> 48) as u32;
        for row in rows {
            self.put(core, key_of(dataset, row), answer.value);
        }
        self.give(core, handle, answer.value, 0);
        true
    }
}

fn rows_of(core: &Core, handle: Handle) -> Option<(Vec<u64>, bool)> {
    let call = core.calls.get(handle)?;
    let job = core.feed.as_ref()?.jobs.get(call.feed)?;
    Some((job.rows.now().to_vec(), job.pushes()))
}

fn copy_of(core: &Core, handle: Handle) -> u32 {
    let call = core.calls.get(handle);
    let job = call.and_then(|call| core.feed.as_ref()?.jobs.get(call.feed));
    job.map_or(0, |job| job.copy)
}

/// From now on the call is about what is missing.
fn fetch_missing(core: &mut Core, handle: Handle) {
    let feed = core
        .calls
        .get(handle)
        .map_or(Handle::NONE, |call| call.feed);
    if let Some(state) = &mut core.feed
        && let Some(job) = state.jobs.get_mut(feed)
    {
        job.rows.fetching = !job.rows.missing.is_empty();
    }
}
