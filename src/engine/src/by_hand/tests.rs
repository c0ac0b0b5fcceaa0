//! A page read by hand beside the feed by definition, which only the engine itself can see.

use archplay_feed::{Cursor, User, reference};
use archplay_model::scenario::HandAsk;
use archplay_report::HandOutcome;

use crate::feed_support::{changed, feed, set};
use crate::{Budget, Run};

#[test]
fn a_page_is_the_definitions_when_nothing_is_on_its_way() {
    for rule in ["push", "by_friends", "pull"] {
        let mut drawing = changed(&[]);
        set(&mut drawing, "fan", "feed_rule", rule);
        set(&mut drawing, "fan", "feed_most_friends", "60");
        let mut run = Run::compile(&drawing, &feed(2_000, 50.0, 0.0, 60), 5).unwrap();
        let budget = |secs: u64| Budget {
            until_ns: secs * 1_000_000_000,
            max_events: u64::MAX,
        };
        let me = run.meet(None).unwrap().me.user;
        let friends = run.meet(Some(me)).unwrap().friends;
        for (second, friend) in (1..).zip(friends.iter().take(5)) {
            run.advance(budget(second));
            run.ask_by_hand(friend.user, HandAsk::Post);
        }
        run.advance(budget(20));
        let state = run.world.core.feed.as_ref().unwrap();
        assert_eq!(state.feed.on_their_way(), 0);
        let posts = state.feed.posts();
        let due = reference::page(&state.feed, User(me), Cursor::NEWEST, 20);
        let due: Vec<Option<u64>> = due.iter().map(|post| posts.public_id(*post)).collect();
        run.take_answers();
        run.ask_by_hand(me, HandAsk::Read { cursor: None });
        run.advance(budget(30));
        let answers = run.take_answers();
        let HandOutcome::Page { posts, missing, .. } = &answers[0].outcome else {
            panic!("{answers:?}");
        };
        let got: Vec<Option<u64>> = posts.iter().map(|post| Some(post.id)).collect();
        assert_eq!((&got, *missing), (&due, 0), "{rule}");
        let new = posts.iter().filter(|post| post.at_ns > 0).count();
        assert_eq!(new, 5, "{rule}");
    }
}
