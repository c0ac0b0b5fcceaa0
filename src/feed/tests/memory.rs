//! How much memory a day of ten million visitors takes, by capacity; how fast it goes.

use archplay_feed::{
    Activity, Config, Cursor, Degrees, Feed, Graph, Memory, People, Rows, Rule, Stories, reference,
};
use archplay_kernel::{NS_PER_SEC, mix};

/// The browser's share, in bytes.
const BOUND: usize = 500_000_000;

/// Posts a day's posts of so many users and delivers them all; a few pages are compared with the
/// reference on the way.
fn day(users: u32, rows: Rows, rule: Rule) -> Memory {
    let graph = Graph::generate(1, users, &Degrees::default(), rows);
    let people = People::generate(1, users, &Activity::default());
    let (authors, readers) = (people.by_posts(), people.by_views());
    let posts = authors.total() as u64;
    let stories = Stories::default();
    let mut feed = Feed::new(
        graph,
        people,
        Config {
            rule,
            list_cap: 500,
        },
    );
    let mut most = 0;
    for n in 0..posts {
        let key = mix(5, n);
        let now = n * 86_400 * NS_PER_SEC / posts;
        let Some(author) = authors.sample_key(key) else {
            continue;
        };
        if let Some(post) = feed.post(author, now, &stories.sample_key(mix(key, 1))) {
            let batches = feed.fan_out(post, 1_000);
            most = most.max(feed.on_their_way() * 40);
            for batch in batches {
                feed.deliver(&batch, now);
            }
        }
        if n % (posts / 20) == 0
            && let Some(reader) = readers.sample_key(mix(key, 2))
        {
            let plan = feed.plan_read(reader, Cursor::NEWEST, 20);
            let page = feed.finish_read(&plan, &mut |post| feed.posts().is_live(post));
            assert!(reference::judge(&feed, &plan, &page, now).is_exact());
        }
    }
    let memory = feed.memory();
    let all = memory.total() + authors.bytes() + readers.bytes() + most;
    let each = all / users as usize;
    assert!(all < BOUND, "{all} bytes, {each} a user, {memory:?}");
    memory
}

#[test]
fn a_hundred_thousand_users_with_stored_friendships() {
    let push = day(100_000, Rows::Stored, Rule::Push);
    let views_per_day = 1.0;
    let hybrid = day(100_000, Rows::Stored, Rule::ByActivity { views_per_day });
    // Nobody writes lists for the third who never reads.
    assert!((hybrid.lists as f64) < 0.8 * push.lists as f64);
}

#[test]
fn a_million_users_with_friendships_worked_out() {
    day(1_000_000, Rows::Computed, Rule::Push);
}
