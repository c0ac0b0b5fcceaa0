//! What a controller tells a name server, told here by hand.

use archplay_report::EventCode;

use crate::core::Notice;
use crate::support::{compute, design, id, scenario};
use crate::world::World;

const SECOND: u64 = 1_000_000_000;

#[test]
fn an_order_leads_names_to_the_next_target_when_resolvers_ask_again() {
    let drawing = design(
        "c client(access_rtt_ms=0)
         d dns(policy=failover; primary=a; ttl_secs=30; resolvers=50)
         a station(workers=0; service_ms=0)
         b station(workers=0; service_ms=0)
         c > d
         d > a
         d > b",
    );
    let crowd = scenario(50.0, 200, compute(0.0));
    let (plant, nodes) = crate::compile::compile(&drawing, &crowd, 1);
    let mut world = World::new(plant, nodes);
    let node = |name: &str, world: &World| world.core.plant.node(&id(name)).unwrap_or_default();
    let (d, b) = (node("d", &world), node("b", &world));
    let mut reached = Vec::new();
    for secs in [50, 60, 85, 90] {
        world.go_on(secs * SECOND, u64::MAX);
        world.core.now = secs * SECOND;
        if secs == 50 {
            world.core.tell_one(d, d, Notice::SwitchNames);
        }
        reached.push(world.core.stats.parts[b as usize].arrived);
    }
    let (some, most) = (reached[1] - reached[0], reached[3] - reached[2]);
    // Of 30 s that answers live, 5 in the mean of the first 10 s have led to the new target.
    assert!((20..250).contains(&some), "{some}");
    assert!((180..330).contains(&most), "all of 5 s: {most}");
    let told = world
        .core
        .log
        .iter()
        .filter(|e| e.code == EventCode::NamesSwitched);
    assert_eq!(told.count(), 1);
}
