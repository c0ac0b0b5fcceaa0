//! The buffer pool: which pages of which datasets are in memory, so that disk reads are a result.
//!
//! Rows lie scattered over the pages (the popular ones not side by side), the least recently used page goes
//! first. While everything fits in, nothing has to be kept at all. Queries over many pages are counted by
//! the share of their dataset that is in memory; they fill free places, but push nothing out (as a pool
//! with a midpoint insertion does). What a disk read costs must not live here.

use std::collections::BTreeSet;

use archplay_kernel::{FOREVER, KeyStore, Policy};

/// Bytes of a page: InnoDB's default.
pub(super) const PAGE_BYTES: f64 = 16_384.0;
/// The most pages kept one by one; a greater pool keeps runs of neighbouring pages as one.
const MOST_KEYS: f64 = 2_097_152.0;
const DATASET_SHIFT: u32 = 40;

/// The pages of one dataset.
#[derive(Clone, Debug)]
struct Table {
    rows: u64,
    per_page: u64,
    /// Rows are this far apart on the pages, modulo `rows`.
    stride: u64,
    /// How many databases share the rows.
    shards: u64,
    pages: u64,
    resident: u64,
    /// Where queries go on filling free places.
    cursor: u64,
    added: u64,
}

/// Pages in memory.
#[derive(Clone, Debug)]
pub(super) struct Pages {
    tables: Vec<Table>,
    store: KeyStore,
    /// Everything is in, and nothing is kept of it.
    all: bool,
    /// Bytes of what is kept as one page.
    unit_bytes: f64,
    capacity: u64,
    dirty: BTreeSet<u64>,
    /// Dirty pages that had to go and are to be written.
    flushed: u32,
}

/// One dataset as it is stored: rows (of all shards), bytes of a row, how many databases share them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    pub rows: u64,
    pub row_bytes: u32,
    pub shards: u64,
}

impl Pages {
    /// A pool of this size that has been running for long: the most popular pages are in.
    pub(super) fn new(extents: &[Extent], pool_bytes: f64) -> Self {
        let mut unit_bytes = PAGE_BYTES;
        while pool_bytes / unit_bytes > MOST_KEYS {
            unit_bytes *= 2.0;
        }
        let tables = extents.iter().map(|extent| Table::new(extent, unit_bytes));
        let mut pages = Self {
            tables: tables.collect(),
            store: KeyStore::new(Policy::Lru, Some(0)),
            all: true,
            unit_bytes,
            capacity: 0,
            dirty: BTreeSet::new(),
            flushed: 0,
        };
        pages.resize(pool_bytes);
        pages
    }

    /// The pool has another size now.
    pub(super) fn resize(&mut self, pool_bytes: f64) {
        self.capacity = (pool_bytes / self.unit_bytes) as u64;
        self.check_room();
        if !self.all {
            self.store.set_capacity(self.capacity as usize);
            while let Some(key) = self.store.evict(0) {
                self.gone(key);
            }
        }
    }

    /// From the moment when not everything fits in any more, the pages are kept one by one.
    fn check_room(&mut self) {
        let total: u64 = self.tables.iter().map(|table| table.pages).sum();
        if self.all && total > self.capacity {
            self.all = false;
            self.store.set_capacity(self.capacity as usize);
            self.warm();
        }
    }

    /// Fills the pool with the pages of the most popular rows.
    fn warm(&mut self) {
        let mut keys = Vec::new();
        let most = self
            .tables
            .iter()
            .map(|table| table.rows)
            .max()
            .unwrap_or(0);
        'fill: for rank in 1..=most.min(self.capacity.saturating_mul(4).max(1)) {
            for dataset in 0..self.tables.len() as u32 {
                if rank > self.tables[dataset as usize].rows {
                    continue;
                }
                let key = self.key_of(dataset, rank);
                if !self.store.contains(key, 0) {
                    if keys.len() as u64 >= self.capacity {
                        break 'fill;
                    }
                    self.store.insert(key, 0, FOREVER);
                    self.tables[dataset as usize].resident += 1;
                    keys.push(key);
                }
            }
        }
        // The most popular is the one used last.
        for key in keys.into_iter().rev() {
            self.store.get(key, 0);
        }
    }

    /// Nothing is in memory any more: the database has started anew.
    pub(super) fn cool(&mut self) {
        self.all = false;
        self.store.clear();
        self.store.set_capacity(self.capacity as usize);
        self.dirty.clear();
        for table in &mut self.tables {
            table.resident = 0;
        }
    }

    fn key_of(&self, dataset: u32, row: u64) -> u64 {
        u64::from(dataset) << DATASET_SHIFT | self.tables[dataset as usize].page_of(row)
    }

    /// A statement needs the page of a row: tells whether it was in memory. Now it is.
    pub(super) fn touch(&mut self, dataset: u32, row: u64, writes: bool) -> bool {
        if self.all {
            return true;
        }
        let key = self.key_of(dataset, row);
        self.use_key(dataset, key, writes)
    }

    fn use_key(&mut self, dataset: u32, key: u64, writes: bool) -> bool {
        let hit = self.store.get(key, 0);
        if !hit {
            self.bring(dataset, key);
        }
        if writes && self.capacity > 0 {
            self.dirty.insert(key);
        }
        hit
    }

    fn bring(&mut self, dataset: u32, key: u64) {
        let evicted = self.store.insert(key, 0, FOREVER);
        if evicted != Some(key) {
            self.tables[dataset as usize].resident += 1;
        }
        if let Some(evicted) = evicted
            && evicted != key
        {
            self.gone(evicted);
        }
    }

    fn gone(&mut self, key: u64) {
        let table = &mut self.tables[(key >> DATASET_SHIFT) as usize];
        table.resident = table.resident.saturating_sub(1);
        self.flushed += u32::from(self.dirty.remove(&key));
    }

    /// A row is added: after all others, or (its identifier being no higher) somewhere among them. Tells
    /// whether its page was in memory; a page that begins with it needs no read.
    pub(super) fn add(&mut self, dataset: u32, last: bool, draw: u64) -> bool {
        let table = &mut self.tables[dataset as usize];
        table.added += 1;
        let base = table.rows.div_ceil(table.per_page * table.shards).max(1);
        let pages = base + table.added.div_ceil(table.per_page);
        let begins = pages > table.pages;
        table.pages = pages;
        if begins {
            self.check_room();
        }
        if self.all {
            return true;
        }
        let page = if last { pages - 1 } else { draw % pages };
        let key = u64::from(dataset) << DATASET_SHIFT | page;
        self.use_key(dataset, key, true) || (last && begins)
    }

    /// A query looks at so many pages of a dataset: how many of them are to be read from the disk.
    pub(super) fn scan(&mut self, dataset: u32, pages: f64, fraction: f64) -> u64 {
        if self.all {
            return 0;
        }
        let unit = self.unit_bytes / PAGE_BYTES;
        let table = &self.tables[dataset as usize];
        let absent = 1.0 - (table.resident as f64 / table.pages as f64).min(1.0);
        let misses = (pages * absent + fraction) as u64;
        let room = self.capacity.saturating_sub(self.store.len(0) as u64);
        let fill = (misses as f64 / unit) as u64;
        self.fill(dataset, fill.min(room));
        misses
    }

    /// Free places take pages of a dataset, one after the other.
    fn fill(&mut self, dataset: u32, count: u64) {
        let mut left = count;
        // What is in already is passed by; once round is enough.
        let mut steps = self.tables[dataset as usize]
            .pages
            .min(count.saturating_mul(2));
        while left > 0 && steps > 0 {
            steps -= 1;
            let table = &mut self.tables[dataset as usize];
            table.cursor = (table.cursor + 1) % table.pages;
            let key = u64::from(dataset) << DATASET_SHIFT | table.cursor;
            if !self.store.contains(key, 0) {
                self.bring(dataset, key);
                left -= 1;
            }
        }
    }

    /// How many dirty pages have had to go since the last call: as many writes.
    pub(super) fn take_flushed(&mut self) -> u32 {
        std::mem::take(&mut self.flushed)
    }

    /// Rows on a page of a dataset, at least 1.
    pub(super) fn per_page(&self, dataset: u32) -> f64 {
        let table = &self.tables[dataset as usize];
        (table.per_page as f64 * PAGE_BYTES / self.unit_bytes).max(1.0)
    }

    /// Bytes that the pool takes.
    pub(super) fn bytes(&self) -> f64 {
        self.capacity as f64 * self.unit_bytes
    }
}

impl Table {
    fn new(extent: &Extent, unit_bytes: f64) -> Self {
        let rows = extent.rows.max(1);
        let per_page = ((unit_bytes / f64::from(extent.row_bytes.max(1))) as u64).max(1);
        let shards = extent.shards.max(1);
        Self {
            rows,
            per_page,
            stride: stride(rows),
            shards,
            pages: rows.div_ceil(per_page * shards).max(1),
            resident: 0,
            cursor: 0,
            added: 0,
        }
    }

    /// Rows that follow each other in popularity lie far apart.
    fn page_of(&self, row: u64) -> u64 {
        let rank = u128::from(row.saturating_sub(1) % self.rows);
        let place = (rank * u128::from(self.stride) % u128::from(self.rows)) as u64;
        place / (self.per_page * self.shards)
    }
}

/// A number without a common divisor with `rows`, near the golden section of it: steps of it spread evenly.
fn stride(rows: u64) -> u64 {
    let mut stride = ((rows as f64 * 0.618_033_988_749_894_9) as u64).max(1);
    while gcd(stride, rows) != 1 {
        stride += 1;
    }
    stride
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use archplay_kernel::{Zipf, mix};

    fn extent(rows: u64, row_bytes: u32) -> Extent {
        Extent {
            rows,
            row_bytes,
            shards: 1,
        }
    }

    #[test]
    fn what_fits_in_is_in_and_after_a_restart_nothing_is() {
        let mut pages = Pages::new(&[extent(1_000, 1_000)], 1e9);
        assert!((1..=1_000).all(|row| pages.touch(0, row, false)));
        assert_eq!(pages.scan(0, 60.0, 0.0), 0);
        pages.cool();
        // 16 rows a page: 63 pages, each read once.
        let misses = (1..=1_000)
            .filter(|row| !pages.touch(0, *row, false))
            .count();
        assert_eq!(misses, 63);
        assert!((1..=1_000).all(|row| pages.touch(0, row, false)));
    }

    #[test]
    fn a_smaller_pool_keeps_the_most_popular() {
        let mut pages = Pages::new(&[extent(1_000, 16_384)], 16_384.0 * 2_000.0);
        pages.resize(16_384.0 * 100.0);
        let hits = (1..=100).filter(|row| pages.touch(0, *row, false)).count();
        assert_eq!(hits, 100);
        pages.resize(16_384.0 * 10.0);
        assert!(pages.touch(0, 100, false));
        assert!(!pages.touch(0, 1, false));
    }

    /// The hit ratio of an LRU pool by the approximation of Che, Tung and Wang (2002).
    #[test]
    fn hit_ratio_is_that_of_theory() {
        let (rows, capacity) = (10_000_u64, 1_000_u64);
        let zipf = Zipf::new(0.9, rows);
        let mut pages = Pages::new(&[extent(rows, 16_384)], capacity as f64 * PAGE_BYTES);
        let draws = 400_000_u64;
        let hits = (0..draws)
            .filter(|i| pages.touch(0, zipf.sample_key(mix(3, *i)), false))
            .count();
        let probability: Vec<f64> = (1..=rows).map(|rank| zipf.probability(rank)).collect();
        let filled = |t: f64| {
            probability
                .iter()
                .map(|p| 1.0 - libm::exp(-p * t))
                .sum::<f64>()
        };
        let (mut low, mut high) = (0.0, 1e9);
        for _ in 0..100 {
            let middle = (low + high) / 2.0;
            if filled(middle) < capacity as f64 {
                low = middle;
            } else {
                high = middle;
            }
        }
        let wanted: f64 = probability
            .iter()
            .map(|p| p * (1.0 - libm::exp(-p * low)))
            .sum();
        let got = hits as f64 / draws as f64;
        assert!((got - wanted).abs() < 0.01, "{got} {wanted}");
    }

    #[test]
    fn dirty_pages_are_written_when_they_go() {
        let mut pages = Pages::new(&[extent(1_000, 16_384)], 16_384.0 * 10.0);
        for row in 1..=500 {
            pages.touch(0, row, true);
        }
        assert_eq!(pages.take_flushed(), 490);
    }

    #[test]
    fn rows_at_the_end_share_a_page_and_scattered_ones_do_not() {
        let misses = |last: bool| {
            let mut pages = Pages::new(&[extent(100_000, 1_638)], 16_384.0 * 100.0);
            (0..1_000)
                .filter(|i| !pages.add(0, last, mix(1, *i)))
                .count()
        };
        assert_eq!(misses(true), 0);
        assert!(misses(false) > 900);
    }
}
