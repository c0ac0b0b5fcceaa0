//! The generated graph: the published degrees, symmetry, and the same friends whether worked out or stored.

use archplay_feed::{Degrees, Graph, Refused, Rows, Star, User};
use archplay_kernel::mix;

fn row(graph: &Graph, user: User) -> Vec<User> {
    let mut row = Vec::new();
    graph.friends(user, &mut row);
    row
}

/// Mean, median and greatest number of friends, and E[d²]/E[d].
fn degrees(graph: &Graph) -> (f64, u32, u32, f64) {
    let mut all: Vec<u32> = (0..graph.users())
        .map(|user| graph.degree(User(user)))
        .collect();
    all.sort_unstable();
    let (mut sum, mut squares) = (0.0, 0.0);
    for degree in all.iter().copied().map(f64::from) {
        sum += degree;
        squares += degree * degree;
    }
    let (median, most) = (all[all.len() / 2], all[all.len() - 1]);
    (sum / all.len() as f64, median, most, squares / sum)
}

#[test]
fn a_hundred_thousand_users_have_the_published_degrees() {
    let published = Degrees::default();
    for seed in [1, 2] {
        let graph = Graph::generate(seed, 100_000, &published, Rows::Stored);
        let (mean, median, most, of_friends) = degrees(&graph);
        assert!((mean / 190.0 - 1.0).abs() < 0.02, "{mean}");
        assert!(median.abs_diff(99) <= 2, "{median}");
        assert!((4_500..=5_000).contains(&most), "{most}");
        let wanted = published.mean_of_friends();
        assert!(
            (of_friends / wanted - 1.0).abs() < 0.05,
            "{of_friends} {wanted}"
        );
    }
}

/// In a small graph many ends fall on the same friend; what is put on top keeps the mean near.
#[test]
fn smaller_graphs_keep_near() {
    let graph = Graph::generate(4, 20_000, &Degrees::default(), Rows::Computed);
    let (mean, median, most, _) = degrees(&graph);
    assert!((mean / 190.0 - 1.0).abs() < 0.05, "{mean}");
    assert!(median.abs_diff(99) <= 4, "{median}");
    assert!(most <= 5_000);
}

#[test]
fn worked_out_and_stored_are_the_same() {
    for (users, degrees) in [
        (0, Degrees::default()),
        (1, Degrees::default()),
        (2, Degrees::new(1.0, 1.0, 1)),
        (300, Degrees::new(20.0, 10.0, 100)),
        (3_000, Degrees::default()),
    ] {
        let computed = Graph::generate(9, users, &degrees, Rows::Computed);
        let stored = Graph::generate(9, users, &degrees, Rows::Stored);
        for user in (0..users).map(User) {
            let friends = row(&computed, user);
            assert_eq!(friends, row(&stored, user));
            assert!(friends.is_sorted_by(|a, b| a < b));
            assert!(friends.len() as u32 <= degrees.cap());
            assert!(computed.at_most(user) >= friends.len() as u32);
            for friend in friends {
                assert_ne!(friend, user);
                assert!(row(&stored, friend).binary_search(&user).is_ok());
                assert!(computed.are_friends(user, friend) && stored.are_friends(user, friend));
            }
            let other = User((mix(1, user.0.into()) % u64::from(users)) as u32);
            let friends = row(&computed, user).contains(&other);
            assert_eq!(computed.are_friends(user, other), friends);
            assert_eq!(stored.are_friends(user, other), friends);
        }
    }
}

/// A seed's friendships are part of the report of a run: a change would change every lesson's numbers.
#[test]
fn a_seed_has_its_graph() {
    let print = |seed| {
        let graph = Graph::generate(seed, 2_000, &Degrees::new(30.0, 20.0, 200), Rows::Computed);
        let mut print = 0;
        for user in 0..2_000 {
            for friend in row(&graph, User(user)) {
                print = mix(print, friend.0.into());
            }
        }
        format!("{print:016x}")
    };
    expect_test::expect!["457628b07e54ea31"].assert_eq(&print(1));
    assert_ne!(print(1), print(2));
}

#[test]
fn friendships_given_and_changed() {
    let u = User;
    let pairs = [
        (u(0), u(1)),
        (u(1), u(0)),
        (u(2), u(2)),
        (u(2), u(1)),
        (u(1), u(9)),
    ];
    let mut graph = Graph::from_friendships(4, &pairs, 2);
    assert_eq!(row(&graph, u(1)), [u(0), u(2)]);
    assert_eq!(row(&graph, u(3)), []);
    assert_eq!(row(&graph, u(7)), []);
    assert_eq!(graph.befriend(u(3), u(1)), Err(Refused::Full));
    assert_eq!(graph.befriend(u(3), u(3)), Err(Refused::Nobody));
    assert_eq!(graph.befriend(u(3), u(4)), Err(Refused::Nobody));
    assert_eq!(graph.befriend(u(0), u(1)), Err(Refused::Already));
    assert!(graph.unfriend(u(1), u(0)) && !graph.unfriend(u(0), u(1)));
    assert_eq!(graph.befriend(u(3), u(1)), Ok(()));
    assert_eq!(row(&graph, u(1)), [u(2), u(3)]);
    assert_eq!((graph.version(u(1)), graph.version(u(2))), (2, 0));

    // Both have blocked: one taking it back is not enough.
    assert!(graph.block(u(3), u(1)) && graph.block(u(1), u(3)) && !graph.block(u(1), u(3)));
    let seen = |graph: &Graph, user| {
        let mut row = Vec::new();
        graph.seen_by(user, &mut row);
        row
    };
    assert!(graph.unblock(u(1), u(3)) && !graph.unblock(u(1), u(3)));
    assert_eq!(seen(&graph, u(1)), [u(2)]);
    assert_eq!(seen(&graph, u(3)), []);
    assert!(!graph.sees(u(1), u(3)) && !graph.sees(u(3), u(1)) && graph.sees(u(3), u(3)));
    assert!(graph.unblock(u(3), u(1)));
    assert_eq!(seen(&graph, u(3)), [u(1)]);
    assert!(graph.sees(u(1), u(3)) && !graph.sees(u(0), u(3)));
}

#[test]
fn followers_are_as_many_as_wanted_and_follow_one_way() {
    let degrees = Degrees::new(10.0, 6.0, 50);
    let star = |share| Star {
        share,
        followers: share * 1e6,
        posts_per_day: 1.0,
    };
    let plain = Graph::generate(4, 20_000, &degrees, Rows::Stored);
    let graph = plain.clone().with_stars(9, vec![star(0.5), star(0.01)]);
    assert_eq!(graph.users(), 20_002);
    let (mut row, mut part) = (Vec::new(), Vec::new());
    for (star, wanted) in [(User(20_000), 10_000), (User(20_001), 200)] {
        graph.readers_of(star, User(0), User(u32::MAX), &mut row);
        assert!(row.len().abs_diff(wanted) < wanted / 5, "{}", row.len());
        assert!(row.is_sorted() && row.iter().all(|user| user.0 < 20_000));
        graph.readers_of(star, User(3_000), User(4_000), &mut part);
        let inside = row.iter().filter(|user| (3_000..=4_000).contains(&user.0));
        assert!(inside.eq(part.iter()));
        for user in row.iter().take(50) {
            assert!(graph.sees(*user, star) && !graph.sees(star, *user));
            assert!(!graph.are_friends(*user, star));
            graph.seen_by(*user, &mut part);
            assert!(part.is_sorted() && part.contains(&star));
        }
        assert_eq!(graph.degree(star), graph.at_most(star));
        graph.seen_by(star, &mut part);
        assert_eq!(part, []);
    }
    assert_eq!(graph.degree(User(20_000)), 500_000);
    // Friendships are what they were, and nobody befriends a star.
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for user in (0..500).map(User) {
        plain.friends(user, &mut a);
        graph.friends(user, &mut b);
        assert_eq!(a, b);
    }
    let mut graph = graph;
    assert_eq!(graph.befriend(User(1), User(20_000)), Err(Refused::Nobody));
}
