//! The envelope: from requirements to rates, memory and bandwidth, each number with its formula.
//!
//! Only arithmetic on means lives here. What queues, fails or is late comes out of a run.

/// Seconds in a day.
const DAY_SECS: f64 = 86_400.0;
const GB: f64 = 1e9;

/// What is asked of the service, and the choices that the sizes depend on. The defaults are those of the
/// fact sheet's sizing (S7/S8): the lecture gives visitors and the cap of 5,000 friends, the rest are
/// assumptions to be changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Requirements {
    /// Visitors per day.
    pub visitors: f64,
    /// Reads of the feed per visitor and day.
    pub views_per_visitor: f64,
    /// Posts per visitor and day.
    pub posts_per_visitor: f64,
    /// Peak rate over mean rate.
    pub peak_factor: f64,
    /// Mean friends of an author.
    pub mean_friends: f64,
    /// The most friends.
    pub max_friends: f64,
    /// Posts on a page.
    pub page_posts: f64,
    /// Ids in a feed list.
    pub list_entries: f64,
    /// Bytes of an entry of a feed list.
    pub entry_bytes: f64,
    /// Copies of the feed cache.
    pub copies: f64,
    /// Bytes of a post without media.
    pub post_bytes: f64,
    /// Days of posts that the content cache holds.
    pub hot_days: f64,
    /// Bytes of a friend in the graph cache.
    pub friend_bytes: f64,
    /// Share of posts with media (0 to 1).
    pub media_share: f64,
    /// Bytes of a photo or video.
    pub media_bytes: f64,
    /// Writes to feed lists per second that all workers do together.
    pub worker_writes_per_sec: f64,
    /// Cost of one push over cost of looking up one author, H / L.
    pub cost_ratio: f64,
}

impl Default for Requirements {
    fn default() -> Self {
        Self {
            visitors: 1e7,
            views_per_visitor: 10.0,
            posts_per_visitor: 0.2,
            peak_factor: 3.0,
            mean_friends: 190.0,
            max_friends: 5_000.0,
            page_posts: 20.0,
            list_entries: 500.0,
            entry_bytes: 20.0,
            copies: 1.0,
            post_bytes: 1_000.0,
            hot_days: 3.0,
            friend_bytes: 8.0,
            media_share: 0.2,
            media_bytes: 500_000.0,
            worker_writes_per_sec: 50_000.0,
            cost_ratio: 1.0,
        }
    }
}

/// What a number is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Per second.
    PerSec,
    /// Gigabytes, 10⁹ bytes.
    Gigabytes,
    /// Gigabytes per day.
    GigabytesPerDay,
    /// Megabytes per second.
    MegabytesPerSec,
    /// Seconds.
    Secs,
    /// A number of things.
    Count,
    /// A ratio.
    Ratio,
}

/// A number with the way it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// Its key, also that of its text.
    pub name: &'static str,
    /// The key of its formula's text.
    pub formula: &'static str,
    /// What goes into the formula, by key: fields of [`Requirements`] or quantities before this one.
    pub inputs: Vec<(&'static str, f64)>,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: Unit,
}

/// Works out all quantities, each after those it needs.
#[must_use]
pub fn sizing(of: &Requirements) -> Vec<Quantity> {
    let mut sheet = Sheet(Vec::new());
    let visitors = ("visitors", of.visitors);
    let views = ("views_per_visitor", of.views_per_visitor);
    let posting = ("posts_per_visitor", of.posts_per_visitor);
    let peak = ("peak_factor", of.peak_factor);
    let friends = ("mean_friends", of.mean_friends);
    let most = ("max_friends", of.max_friends);
    let page = ("page_posts", of.page_posts);
    let share = ("media_share", of.media_share);
    let media = ("media_bytes", of.media_bytes);
    let text = ("post_bytes", of.post_bytes);

    let reads = sheet.rate("reads_mean", [visitors, views]);
    let reads_peak = sheet.times("reads_peak", "at_peak", Unit::PerSec, [reads, peak]);
    let posts = sheet.rate("posts_mean", [visitors, posting]);
    let posts_peak = sheet.times("posts_peak", "at_peak", Unit::PerSec, [posts, peak]);

    let each = "writes_per_post";
    let pushes = sheet.times("push_writes_mean", each, Unit::PerSec, [posts, friends]);
    sheet.times("push_writes_peak", "at_peak", Unit::PerSec, [pushes, peak]);
    sheet.times("push_writes_worst_mean", each, Unit::PerSec, [posts, most]);
    sheet.times(
        "push_writes_worst_peak",
        each,
        Unit::PerSec,
        [posts_peak, most],
    );
    let each = "lookups_per_read";
    let pulls = sheet.times("pull_lookups_mean", each, Unit::PerSec, [reads, friends]);
    sheet.times("pull_lookups_peak", "at_peak", Unit::PerSec, [pulls, peak]);
    sheet.times(
        "pull_lookups_worst_read",
        "all_friends",
        Unit::Count,
        [most],
    );

    let worker = ("worker_writes_per_sec", of.worker_writes_per_sec);
    let name = "delivery_worst";
    sheet.ratio(name, "recipients_over_rate", Unit::Secs, most, worker);
    let ratio = sheet.ratio(
        "rate_ratio",
        "views_over_posts",
        Unit::Ratio,
        views,
        posting,
    );
    let cost = ("cost_ratio", of.cost_ratio);
    sheet.ratio("push_advantage", "rate_rule", Unit::Ratio, ratio, cost);

    let entries = ("list_entries", of.list_entries);
    let entry = ("entry_bytes", of.entry_bytes);
    let copies = ("copies", of.copies);
    sheet.bytes(
        "feed_cache",
        "lists_bytes",
        [visitors, entries, entry, copies],
    );
    let hot = ("hot_days", of.hot_days);
    sheet.bytes(
        "content_cache",
        "hot_posts_bytes",
        [visitors, posting, text, hot],
    );
    let friend = ("friend_bytes", of.friend_bytes);
    sheet.bytes("graph_cache", "rows_bytes", [visitors, friends, friend]);

    let daily = Unit::GigabytesPerDay;
    sheet.scaled(
        "text_storage",
        "texts_per_day",
        daily,
        GB,
        &[visitors, posting, text],
    );
    let inputs = [visitors, posting, share, media];
    sheet.scaled("media_storage", "media_per_day", daily, GB, &inputs);

    let flow = Unit::MegabytesPerSec;
    sheet.scaled(
        "feed_egress_peak",
        "pages_out",
        flow,
        1e6,
        &[reads_peak, page, text],
    );
    let inputs = [reads_peak, page, share, media];
    sheet.scaled("media_egress_peak", "media_out", flow, 1e6, &inputs);
    let inputs = [posts_peak, share, media];
    sheet.scaled("media_ingress_peak", "media_in", flow, 1e6, &inputs);
    sheet.0
}

/// The quantities so far.
struct Sheet(Vec<Quantity>);

type Input = (&'static str, f64);

impl Sheet {
    fn add(
        &mut self,
        name: &'static str,
        formula: &'static str,
        unit: Unit,
        inputs: &[Input],
        value: f64,
    ) -> Input {
        self.0.push(Quantity {
            name,
            formula,
            inputs: inputs.to_vec(),
            value,
            unit,
        });
        (name, value)
    }

    /// The product of the inputs over `per`.
    fn scaled(
        &mut self,
        name: &'static str,
        formula: &'static str,
        unit: Unit,
        per: f64,
        inputs: &[Input],
    ) -> Input {
        let product: f64 = inputs.iter().map(|(_, value)| value).product();
        self.add(name, formula, unit, inputs, product / per)
    }

    /// Visitors times something each does in a day, per second.
    fn rate(&mut self, name: &'static str, inputs: [Input; 2]) -> Input {
        self.scaled(name, "per_day_to_per_sec", Unit::PerSec, DAY_SECS, &inputs)
    }

    fn times<const N: usize>(
        &mut self,
        name: &'static str,
        formula: &'static str,
        unit: Unit,
        inputs: [Input; N],
    ) -> Input {
        self.scaled(name, formula, unit, 1.0, &inputs)
    }

    fn bytes<const N: usize>(
        &mut self,
        name: &'static str,
        formula: &'static str,
        inputs: [Input; N],
    ) -> Input {
        self.scaled(name, formula, Unit::Gigabytes, GB, &inputs)
    }

    /// One input over another; over nothing it is 0.
    fn ratio(
        &mut self,
        name: &'static str,
        formula: &'static str,
        unit: Unit,
        above: Input,
        below: Input,
    ) -> Input {
        let value = if below.1 > 0.0 {
            above.1 / below.1
        } else {
            0.0
        };
        self.add(name, formula, unit, &[above, below], value)
    }
}

#[cfg(test)]
mod tests;
