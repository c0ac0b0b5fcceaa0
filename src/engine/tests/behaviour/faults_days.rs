//! What happens at a time of day: on the next day where it is past at the start, and every day where it is a rule.
//! What it does must not live here.
#![expect(clippy::unwrap_used, reason = "tests")]

use archplay_engine::{Budget, Run};
use archplay_model::ClockTime;
use archplay_model::scenario::{FaultAction, FaultTarget, Scenario};
use archplay_report::{Event, EventCode};

use crate::reports::fault;
use crate::support::{compute, design, id, scenario};

const HOUR: u32 = 3_600;

fn events(drawing: &str, load: &Scenario) -> Vec<Event> {
    let mut run = Run::compile(&design(drawing), load, 1).unwrap();
    run.advance(Budget {
        until_ns: u64::MAX,
        max_events: u64::MAX,
    });
    assert_eq!(run.check_conservation(), Ok(()));
    run.events().to_vec()
}

/// Hours since the start.
fn at(event: &Event) -> f64 {
    event.at_ns as f64 / 3.6e12
}

#[test]
fn what_is_past_at_the_start_happens_on_the_next_day() {
    let faults = |hours: u32| {
        let mut load = scenario(0.1, hours * HOUR, compute(1.0));
        load.start = ClockTime::from_secs(23 * HOUR);
        let target = || FaultTarget::Component(id("s"));
        load.faults = vec![
            fault(HOUR, Some(2 * HOUR), FaultAction::Kill, target()),
            fault(23 * HOUR, Some(24 * HOUR), FaultAction::FillDisk, target()),
            // Holds at the start on the clock of the day before, of which there is nothing to see.
            fault(22 * HOUR, Some(24 * HOUR), FaultAction::FillDisk, target()),
        ];
        let list = events("c client\ns server\nc > s", &load);
        let wanted = [
            EventCode::FaultBegan,
            EventCode::FaultEnded,
            EventCode::Killed,
            EventCode::Restored,
        ];
        let seen = list.iter().filter(|event| wanted.contains(&event.code));
        seen.map(|event| (event.code, at(event)))
            .collect::<Vec<_>>()
    };
    let first = [(EventCode::FaultBegan, 0.0), (EventCode::FaultEnded, 1.0)];
    assert_eq!(faults(2), first);
    let second = [(EventCode::Killed, 2.0), (EventCode::Restored, 3.0)];
    assert_eq!(faults(4), [first, second].concat());
    assert_eq!(faults(24).last(), Some(&(EventCode::FaultBegan, 23.0)));
}

#[test]
fn a_schedule_is_for_every_day() {
    let mut load = scenario(0.05, 50 * HOUR, compute(1.0));
    load.start = ClockTime::from_secs(12 * HOUR);
    let drawing = "c client
         g auto_scaling_group(min=1; max=4; desired=1; period_secs=3600; schedule=09:00=3,13:00=1)
         s server in g
         b load_balancer
         c > b
         b > s";
    let list = events(drawing, &load);
    let seen = list
        .iter()
        .filter(|event| event.code == EventCode::Scheduled);
    let seen: Vec<(f64, u32, u32)> = seen.map(|e| (at(e), e.from, e.to)).collect();
    assert_eq!(
        seen,
        [
            (1.0, 3, 1),
            (21.0, 1, 3),
            (25.0, 3, 1),
            (45.0, 1, 3),
            (49.0, 3, 1)
        ]
    );
}

#[test]
fn doors_open_when_the_clock_next_shows_their_time() {
    let opened = |start: u32, opens: &str| {
        let mut load = scenario(0.05, 30 * HOUR, compute(1.0));
        load.start = ClockTime::from_secs(start * HOUR);
        let drawing = format!("c client\nw waiting_room(opens={opens})\ns server\nc > w\nw > s");
        let list = events(&drawing, &load);
        let seen = list.iter().filter(|e| e.code == EventCode::OpenedDoors);
        seen.map(at).collect::<Vec<_>>()
    };
    assert_eq!(opened(19, "20:00=1"), [1.0]);
    assert_eq!(opened(21, "20:00=1"), [23.0]);
    // Of several the next.
    assert_eq!(opened(12, "09:00=1,18:00=1"), [6.0]);
    // Open from the start: no event.
    assert!(opened(20, "20:00=1").is_empty());
}
