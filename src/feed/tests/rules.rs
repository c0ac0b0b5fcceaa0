//! Every change from one rule to another, with posts before, between and after.

use archplay_feed::reference::judge;
use archplay_feed::{
    Activity, Config, Cursor, Degrees, Feed, Graph, People, Rows, Rule, Story, User,
};
use archplay_kernel::mix;

const USERS: u32 = 60;

fn rules() -> Vec<Rule> {
    let mut rules = vec![Rule::Push, Rule::Pull];
    rules.extend([3, 6, 12].map(|most| Rule::ByFriends { most }));
    rules.extend([1.0, 5.0, 15.0].map(|views_per_day| Rule::ByActivity { views_per_day }));
    rules.extend([5.0, 50.0, 500.0].map(|cost_ratio| Rule::ByRates { cost_ratio }));
    rules
}

fn feed(rule: Rule) -> Feed {
    let graph = Graph::generate(2, USERS, &Degrees::new(8.0, 5.0, 40), Rows::Stored);
    let people = People::generate(2, USERS, &Activity::default());
    Feed::new(graph, people, Config { rule, list_cap: 30 })
}

fn post_and_deliver(feed: &mut Feed, from: u64) {
    for n in from..from + 80 {
        let author = User((mix(3, n) % u64::from(USERS)) as u32);
        if let Some(post) = feed.post(author, n, &Story::default()) {
            for batch in feed.fan_out(post, 4) {
                feed.deliver(&batch, n);
            }
        }
    }
}

fn everybody_is_exact(feed: &Feed) -> bool {
    (0..USERS).map(User).all(|reader| {
        [5, 100].into_iter().all(|n| {
            let plan = feed.plan_read(reader, Cursor::NEWEST, n);
            let page = feed.finish_read(&plan, &mut |post| feed.posts().is_live(post));
            judge(feed, &plan, &page, 1_000).is_exact()
        })
    })
}

#[test]
fn from_any_rule_to_any_other_and_back() {
    for first in rules() {
        for second in rules() {
            let mut feed = feed(first);
            for (round, rule) in [first, second, first].into_iter().enumerate() {
                feed.set_rule(rule);
                assert!(everybody_is_exact(&feed), "{first:?} {second:?} {round}");
                post_and_deliver(&mut feed, 100 * round as u64);
                assert!(everybody_is_exact(&feed), "{first:?} {second:?} {round}");
            }
        }
    }
}

/// `is_within` promises that nothing is pushed that was not pushed before.
#[test]
fn within_is_what_it_says() {
    for first in rules() {
        for second in rules().into_iter().filter(|rule| rule.is_within(first)) {
            let (first, second) = (feed(first), feed(second));
            for (author, reader) in (0..USERS * USERS).map(|n| (User(n / USERS), User(n % USERS))) {
                assert!(!second.pushes(author, reader) || first.pushes(author, reader));
            }
        }
    }
    assert!(rules().iter().all(|rule| rule.is_within(*rule)));
}
