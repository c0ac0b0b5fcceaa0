//! What only the feed's own books can tell.

use crate::Run;
use crate::feed_support::{changed, feed};

#[test]
fn a_message_that_comes_after_its_fan_out_has_ended_is_about_the_same_post() {
    let mut run = Run::compile(&changed(&[]), &feed(500, 5.0, 0.5, 10), 5).unwrap();
    let core = &mut run.world.core;
    let plan = core.plant.feed.as_ref().unwrap();
    let state = core.feed.as_mut().unwrap();
    // A person of the sample itself, whose post has rows.
    let (origin, post) = (0..1_000)
        .find_map(|origin| Some((origin, state.store(plan, origin, origin, 1).post?)))
        .unwrap();
    state.delivered(origin);
    let again = state.store(plan, origin, origin, 2);
    assert_eq!((again.post, again.created_ns), (Some(post), 1));
    // A queue that gives up then has lost nothing: everybody has it.
    let late = state.feed.on_their_way();
    state.gave_up(origin, true);
    assert_eq!(state.store(plan, origin, origin, 3).post, Some(post));
    assert_eq!(state.feed.on_their_way(), late);
}

/// At the end of a run in which everything has changed, each strategy's feeds are those of the naive reference, for
/// every user and to the last page.
#[test]
fn feeds_end_at_the_reference_after_friends_blocks_and_posts_have_changed() {
    use archplay_feed::{Cursor, User, reference};
    for rule in ["push", "by_activity", "by_rates", "by_friends", "pull"] {
        let mut drawing = changed(&[]);
        crate::feed_support::set(&mut drawing, "fan", "feed_rule", rule);
        crate::feed_support::set(&mut drawing, "fan", "feed_most_friends", "30");
        let mut scenario = feed(400, 60.0, 4.0, 60);
        // The last posts are delivered while nobody posts any more.
        let quiet = archplay_model::scenario::RatePoint {
            at: archplay_model::ClockTime::from_secs(50),
            per_sec: 0.0,
        };
        scenario.audiences[1].rate.push(quiet);
        let given = scenario.feed.as_mut().unwrap();
        for rate in [
            &mut given.befriends_per_day,
            &mut given.unfriends_per_day,
            &mut given.blocks_per_day,
            &mut given.unblocks_per_day,
            &mut given.deletes_per_day,
        ] {
            *rate = 700.0;
        }
        given.unblocks_per_day = 200.0;
        let mut run = Run::compile(&drawing, &scenario, 9).unwrap();
        let all = crate::Budget {
            until_ns: u64::MAX,
            max_events: u64::MAX,
        };
        assert!(run.advance(all).done, "{rule}");
        let state = run.world.core.feed.as_ref().unwrap();
        let feed = &state.feed;
        assert!(feed.posts().deleted() > 50, "{rule}");
        assert_eq!(feed.on_their_way(), 0, "{rule}");
        let mut blocked = 0;
        for user in (0..400).map(User) {
            let mut cursor = Some(Cursor::NEWEST);
            while let Some(at) = cursor {
                let page = feed.read(user, at, 7);
                assert_eq!(
                    page.posts,
                    reference::page(feed, user, at, 7),
                    "{rule} {user:?}"
                );
                cursor = page.next;
            }
            let mut friends = Vec::new();
            feed.graph().friends(user, &mut friends);
            blocked += friends
                .iter()
                .filter(|f| feed.graph().is_blocked(user, **f))
                .count();
        }
        assert!(blocked > 20, "{rule} {blocked}");
    }
}
