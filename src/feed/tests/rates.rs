//! The rate rule of Feeding Frenzy, by counting: posts and reads are made by chance at everybody's rates,
//! work is counted as it is done, and push is cheaper than pull exactly where the rule says.

use archplay_feed::service::{Service, Setup, Tally};
use archplay_feed::{
    Activity, Config, Cursor, Degrees, Feed, Graph, People, Rows, Rule, Story, reference,
};
use archplay_kernel::{NS_PER_SEC, mix, unit_of};

const USERS: u32 = 300;

/// Lets people post and read for about so many events, and counts; everybody meets the same events under
/// every rule.
fn count(people: &People, rule: Rule, events: u64) -> Tally {
    let graph = Graph::generate(3, USERS, &Degrees::new(20.0, 12.0, 100), Rows::Stored);
    let config = Config {
        rule,
        list_cap: 500,
    };
    let mut service = Service::new(Feed::new(graph, people.clone(), config), Setup::default());
    let (authors, readers) = (people.by_posts(), people.by_views());
    let share = authors.total() / (authors.total() + readers.total());
    for event in 0..events {
        let now = event * NS_PER_SEC;
        let key = mix(17, event);
        if unit_of(key) < share {
            let author = authors.sample_key(mix(key, 1));
            let post = author.and_then(|author| service.post(author, &Story::default(), now));
            assert!(post.is_some());
            service.work(usize::MAX, now);
        } else if let Some(reader) = readers.sample_key(mix(key, 2)) {
            let (plan, page) = service.read_planned(reader, Cursor::NEWEST, 10, now);
            // Whatever the rule, the page is right.
            if event % 64 == 0 {
                assert!(reference::judge(service.feed(), &plan, &page, now).is_exact());
            }
        }
    }
    service.tally()
}

/// Everybody has the same rates: push costs less than pull exactly where reads per post exceed H / L.
#[test]
fn push_beats_pull_exactly_where_the_rule_says() {
    for reads_per_post in [0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0] {
        let rate = |rate: f64| vec![rate as f32; USERS as usize];
        let people = People::from_rates(rate(reads_per_post), rate(1.0));
        let push = count(&people, Rule::Push, 20_000);
        let pull = count(&people, Rule::Pull, 20_000);
        assert_eq!((push.pulls, pull.pushes), (0, 0));
        for cost_ratio in [0.1, 0.18, 0.35, 0.7, 1.4, 2.8, 5.6, 11.3, 22.6] {
            let (push, pull) = (push.cost(cost_ratio, 1.0), pull.cost(cost_ratio, 1.0));
            let rule = reads_per_post >= cost_ratio;
            assert_eq!(
                push < pull,
                rule,
                "{reads_per_post} {cost_ratio}: {push} {pull}"
            );
            // The hybrid decides everywhere the same way, so it is the better of the two.
            let hybrid = count(&people, Rule::ByRates { cost_ratio }, 2_000);
            assert_eq!((hybrid.pushes > 0, hybrid.pulls > 0), (rule, !rule));
        }
    }
}

/// People differ: the hybrid is cheaper than both, than either hybrid by one side only, and cheapest with
/// its own cost ratio as the threshold.
#[test]
fn deciding_each_pair_gives_the_least_total() {
    let activity = Activity {
        views_per_day: 2.0,
        posts_per_day: 1.0,
        view_sigma: 1.5,
        together: 0.2,
        ..Activity::default()
    };
    let people = People::generate(11, USERS, &activity);
    for cost_ratio in [0.5, 1.0, 3.0] {
        let cost = |rule| count(&people, rule, 20_000).cost(cost_ratio, 1.0);
        let best = cost(Rule::ByRates { cost_ratio });
        let mut others = vec![Rule::Push, Rule::Pull];
        others.extend([8, 20, 50].map(|most| Rule::ByFriends { most }));
        others.extend([0.5, 2.0, 5.0].map(|views_per_day| Rule::ByActivity { views_per_day }));
        let thresholds = [0.1, 0.33, 3.0, 10.0].map(|times| cost_ratio * times);
        others.extend(thresholds.map(|cost_ratio| Rule::ByRates { cost_ratio }));
        for other in others {
            let cost = cost(other);
            assert!(best < cost, "{cost_ratio}: {best}, {other:?} {cost}");
        }
    }
}
