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
