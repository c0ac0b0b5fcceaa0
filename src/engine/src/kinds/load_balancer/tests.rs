//! What servers tell a load balancer, told here by hand.

use archplay_model::Design;
use archplay_report::{EventCode, Reason};

use crate::core::Notice;
use crate::support::{compute, design, id, scenario};
use crate::world::World;

const SECOND: u64 = 1_000_000_000;

fn fleet(balancer: &str) -> Design {
    design(&format!(
        "c client(access_rtt_ms=0)
         lb load_balancer({balancer})
         s0 station(workers=0; service=constant; service_ms=3000)
         s1 station(workers=0; service=constant; service_ms=3000)
         c > lb
         lb > s0
         lb > s1"
    ))
}

fn world(balancer: &str, rate: f64) -> World {
    let crowd = scenario(rate, 100, compute(0.0));
    let (plant, nodes) = crate::compile::compile(&fleet(balancer), &crowd, 1);
    World::new(plant, nodes)
}

fn until(world: &mut World, secs: u64) {
    world.go_on(secs * SECOND, u64::MAX);
    world.core.now = secs * SECOND;
}

fn tell(world: &mut World, about: &str, notice: Notice) {
    let node = |name: &str| world.core.plant.node(&id(name)).unwrap_or_default();
    let (balancer, about) = (node("lb"), node(about));
    world.core.tell_one(balancer, about, notice);
}

fn failed(world: &World, reason: Reason) -> u64 {
    let of = &world.core.stats.operations[0];
    of.whole.failed[reason.index()] + of.bucket.failed[reason.index()]
}

fn rate_of(world: &World, name: &str) -> u64 {
    let node = world.core.plant.node(&id(name)).unwrap_or_default();
    world.core.stats.parts[node as usize].arrived
}

#[test]
fn one_that_goes_may_finish_what_it_has_until_its_time_is_over() {
    for (drain, cut) in [(10, false), (1, true)] {
        let mut world = world(&format!("drain_secs={drain}"), 20.0);
        until(&mut world, 20);
        let before = rate_of(&world, "s0");
        tell(&mut world, "s0", Notice::UnitGone { unit: 0 });
        until(&mut world, 40);
        assert!(rate_of(&world, "s0") <= before + 1, "nothing new");
        // Ten a second of 3 s each, of which those of the last 2 s are cut.
        let lost = failed(&world, Reason::ConnectionLost);
        assert_eq!(lost > 0, cut, "{lost}");
        assert!(lost < 35);
        assert_eq!(world.check_conservation(), Ok(()));
    }
}

#[test]
fn one_that_comes_back_in_time_is_not_cut() {
    let mut world = world("drain_secs=2", 20.0);
    until(&mut world, 20);
    tell(&mut world, "s0", Notice::UnitGone { unit: 0 });
    until(&mut world, 21);
    let trusted = true;
    tell(&mut world, "s0", Notice::UnitUp { unit: 0, trusted });
    until(&mut world, 40);
    assert_eq!(failed(&world, Reason::ConnectionLost), 0);
}

#[test]
fn a_newcomer_gets_requests_after_one_passed_check() {
    let mut world = world("health_interval_secs=30; healthy_threshold=5", 20.0);
    until(&mut world, 10);
    tell(&mut world, "s0", Notice::UnitGone { unit: 0 });
    until(&mut world, 20);
    let before = rate_of(&world, "s0");
    let trusted = false;
    tell(&mut world, "s0", Notice::UnitUp { unit: 0, trusted });
    until(&mut world, 21);
    assert!(rate_of(&world, "s0") > before + 3, "at once");
    let told = world
        .core
        .log
        .iter()
        .filter(|e| e.code == EventCode::InService);
    assert_eq!(told.count(), 1);
}

#[test]
fn who_asked_two_goes_on_with_the_other() {
    for (hedge, cut) in [(0, true), (500, false)] {
        let mut world = world(&format!("drain_secs=1; hedge_ms={hedge}"), 20.0);
        until(&mut world, 20);
        tell(&mut world, "s0", Notice::UnitGone { unit: 0 });
        until(&mut world, 40);
        let lost = failed(&world, Reason::ConnectionLost);
        assert_eq!(lost > 0, cut, "{lost}");
        let node = world.core.plant.node(&id("lb")).unwrap_or_default();
        let crate::kinds::Node::LoadBalancer(balancer) = &world.nodes[node as usize] else {
            unreachable!("it is drawn");
        };
        // Three seconds of 20 requests, of which nearly all have asked s1 a second time.
        let open = balancer
            .targets
            .list
            .iter()
            .map(|target| target.outstanding);
        assert!(
            open.sum::<u32>() <= 2 * 65,
            "what has ended is not under way"
        );
        assert_eq!(world.check_conservation(), Ok(()));
    }
}
