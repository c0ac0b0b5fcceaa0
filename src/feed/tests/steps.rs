//! The steps one by one, with time between them as the engine puts it: what is late, behind, lost, hidden.

use archplay_feed::caches::{ContentCache, GraphCache};
use archplay_feed::reference::{Verdict, judge};
use archplay_feed::{
    Config, Cursor, Delivery, Feed, Graph, ListUse, People, PostId, Rule, Story, User,
};
use archplay_kernel::{FOREVER, NS_PER_SEC};

const SEC: u64 = NS_PER_SEC;

/// User 0 is everybody's friend.
fn star(users: u32, config: Config) -> Feed {
    let pairs: Vec<_> = (1..users).map(|user| (User(0), User(user))).collect();
    let graph = Graph::from_friendships(users, &pairs, 5_000);
    let rates = vec![1.0; users as usize];
    Feed::new(graph, People::from_rates(rates.clone(), rates), config)
}

fn verdict(feed: &Feed, reader: User, now_ns: u64) -> Verdict {
    let plan = feed.plan_read(reader, Cursor::NEWEST, 10);
    let page = feed.finish_read(&plan, &mut |post| feed.posts().is_live(post));
    judge(feed, &plan, &page, now_ns)
}

#[test]
fn a_post_is_late_until_its_batch_comes() {
    let mut feed = star(2_500, Config::default());
    let post = feed.post(User(0), SEC, &Story::default()).unwrap();
    assert_eq!(feed.on_their_way(), 1);
    let batches = feed.fan_out(post, 1_000);
    let sizes: Vec<u32> = batches.iter().map(|batch| batch.recipients).collect();
    assert_eq!(sizes, [1_000, 1_000, 499]);
    assert!(
        verdict(&feed, User(0), 2 * SEC).is_exact(),
        "the author's own"
    );

    let done = feed.deliver(&batches[1], 4 * SEC);
    let wanted = Delivery {
        written: 1_000,
        age_ns: 3 * SEC,
        ..Delivery::default()
    };
    assert_eq!(done, wanted);
    assert!(verdict(&feed, User(1_500), 5 * SEC).is_exact());
    let late = verdict(&feed, User(7), 6 * SEC);
    assert_eq!((late.late, late.lost), (1, 0));
    assert_eq!(late.newest_missing_ns, Some(5 * SEC));
    assert!(!late.is_wrong());

    // The same batch again writes nothing; the message that is dropped makes the post lost.
    assert_eq!(feed.deliver(&batches[1], 7 * SEC).already, 1_000);
    feed.drop_batch(&batches[0]);
    let lost = verdict(&feed, User(7), 8 * SEC);
    assert_eq!((lost.late, lost.lost), (0, 1));
    assert!(lost.is_wrong());
    feed.rebuild(User(7));
    assert!(verdict(&feed, User(7), 9 * SEC).is_exact());
}

#[test]
fn a_lost_list_is_read_around_and_rebuilt() {
    let config = Config {
        list_cap: 4,
        ..Config::default()
    };
    let mut feed = star(3, config);
    for n in 0..6 {
        let post = feed.post(User(0), n * SEC, &Story::default()).unwrap();
        for batch in feed.fan_out(post, 10) {
            feed.deliver(&batch, n * SEC);
        }
    }
    let plan = feed.plan_read(User(1), Cursor::NEWEST, 3);
    assert_eq!(plan.list, ListUse::Read { entries: 4 });
    assert_eq!(plan.outboxes, [User(1)]);
    let page = feed.read(User(1), Cursor::NEWEST, 3);
    assert_eq!(page.posts, [PostId(5), PostId(4), PostId(3)]);
    assert_eq!((page.work.entries, page.work.outboxes), (3, 0));
    // The second page goes beyond what the list has room for.
    let page = feed.read(User(1), page.next.unwrap(), 3);
    assert_eq!(page.posts, [PostId(2), PostId(1), PostId(0)]);
    assert_eq!((page.work.entries, page.work.outboxes), (1, 1));

    feed.lose_list(User(1));
    let post = feed.post(User(0), 9 * SEC, &Story::default()).unwrap();
    for batch in feed.fan_out(post, 10) {
        let done = feed.deliver(&batch, 9 * SEC);
        assert_eq!((done.written, done.lost), (1, 1));
    }
    let plan = feed.plan_read(User(1), Cursor::NEWEST, 3);
    assert_eq!(plan.list, ListUse::Lost);
    assert_eq!(plan.outboxes, [User(1), User(0)]);
    assert!(verdict(&feed, User(1), 9 * SEC).is_exact());
    assert_eq!(feed.rebuild(User(1)).entries, 4);
    assert_eq!(feed.lists().of(User(1))[0], PostId(3));
    assert!(verdict(&feed, User(1), 9 * SEC).is_exact());
}

#[test]
fn caches_that_are_behind_show_ghosts() {
    let mut feed = star(
        3,
        Config {
            rule: Rule::Pull,
            ..Config::default()
        },
    );
    let post = feed.post(User(0), SEC, &Story::default()).unwrap();
    let mut contents = ContentCache::new(10, 60 * SEC);
    let mut rows = GraphCache::new(10, FOREVER);
    let mut read = |feed: &Feed, rows: &mut GraphCache, now| {
        let seen = rows.seen_by(feed.graph(), User(1), now);
        let plan = feed.plan_read_with(User(1), Cursor::NEWEST, 5, seen);
        let page = feed.finish_read(&plan, &mut |post| contents.is_live(feed.posts(), post, now));
        judge(feed, &plan, &page, now)
    };
    assert!(read(&feed, &mut rows, 2 * SEC).is_exact());
    // Deleted, but cached for a minute.
    feed.delete(post);
    assert_eq!(read(&feed, &mut rows, 3 * SEC).ghosts, 1);
    assert!(read(&feed, &mut rows, 62 * SEC).is_exact());
    // A new friend's post that a cached row does not know of is behind, not lost.
    feed.befriend(User(1), User(2)).unwrap();
    feed.post(User(2), 63 * SEC, &Story::default()).unwrap();
    let behind = read(&feed, &mut rows, 64 * SEC);
    assert_eq!((behind.behind, behind.missing()), (1, 1));
    // A blocked friend is still seen, until the row is fetched anew.
    rows.invalidate(User(1));
    assert!(read(&feed, &mut rows, 65 * SEC).is_exact());
    feed.block(User(2), User(1));
    assert_eq!(read(&feed, &mut rows, 66 * SEC).ghosts, 1);
    rows.lose();
    assert!(read(&feed, &mut rows, 67 * SEC).is_exact());
    assert_eq!(rows.hits().misses, 3);
}

/// Who is pushed, rule by rule.
#[test]
fn rules_decide_by_author_reader_or_pair() {
    let pushes = |rule, author, reader| {
        let graph = Graph::from_friendships(
            4,
            &[
                (User(0), User(1)),
                (User(0), User(2)),
                (User(1), User(2)),
                (User(0), User(3)),
            ],
            5_000,
        );
        let people = People::from_rates(vec![1.0, 4.0, 0.0, 8.0], vec![2.0, 1.0, 0.0, 8.0]);
        let feed = Feed::new(graph, people, Config { rule, list_cap: 9 });
        feed.pushes(User(author), User(reader))
    };
    let most = Rule::ByFriends { most: 2 };
    assert!(!pushes(most, 0, 1) && pushes(most, 1, 0) && pushes(most, 3, 0));
    let active = Rule::ByActivity { views_per_day: 4.0 };
    assert!(!pushes(active, 1, 0) && pushes(active, 0, 1) && !pushes(active, 0, 2));
    let rates = Rule::ByRates { cost_ratio: 2.0 };
    assert!(pushes(rates, 0, 1) && !pushes(rates, 0, 0) && !pushes(rates, 3, 1));
    assert!(!pushes(rates, 1, 2) && pushes(rates, 1, 3));
    assert!(pushes(Rule::Push, 0, 2) && !pushes(Rule::Pull, 1, 3));
}

/// The rule for the flash load: what was pushed is pulled from now on, and back.
#[test]
fn the_rule_changes_under_way() {
    let mut feed = star(4, Config::default());
    let first = feed.post(User(0), SEC, &Story::default()).unwrap();
    feed.set_rule(Rule::Pull);
    assert!(verdict(&feed, User(1), 2 * SEC).is_exact());
    assert_eq!(feed.fan_out(first, 10), []);
    feed.post(User(0), 3 * SEC, &Story::default()).unwrap();
    feed.set_rule(Rule::Push);
    assert!(verdict(&feed, User(1), 4 * SEC).is_exact());
    let third = feed.post(User(0), 5 * SEC, &Story::default()).unwrap();
    assert_eq!(verdict(&feed, User(1), 6 * SEC).late, 1);
    for batch in feed.fan_out(third, 10) {
        feed.deliver(&batch, 6 * SEC);
    }
    assert!(verdict(&feed, User(1), 6 * SEC).is_exact());
    assert_eq!(feed.lists().of(User(1)), [third]);
}

/// What was posted while a block stood is there when it goes: fan-outs and rebuilds do not leave it out.
#[test]
fn a_block_hides_and_gives_back() {
    for rebuild in [false, true] {
        let mut feed = star(3, Config::default());
        feed.block(User(1), User(0));
        let post = feed.post(User(0), SEC, &Story::default()).unwrap();
        for batch in feed.fan_out(post, 10) {
            feed.deliver(&batch, SEC);
        }
        if rebuild {
            feed.rebuild(User(1));
        }
        assert_eq!(feed.read(User(1), Cursor::NEWEST, 5).posts, []);
        assert_eq!(feed.read(User(2), Cursor::NEWEST, 5).posts, [post]);
        feed.unblock(User(1), User(0));
        assert_eq!(feed.read(User(1), Cursor::NEWEST, 5).posts, [post]);
        assert!(verdict(&feed, User(1), 2 * SEC).is_exact());
    }
}
