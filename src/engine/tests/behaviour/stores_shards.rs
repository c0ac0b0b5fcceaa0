//! One shard of a cache dies: what that means for whoever asks, and for what waited in it.

use archplay_engine::{Budget, Run};

use crate::support::{design, id, run, scenario};
use archplay_model::ClockTime;
use archplay_model::scenario::{Consistency, Demand, Fault, FaultAction, FaultTarget, Pick};
use archplay_report::{Measure, Metric, OperationTotals, Report, Subject};

fn read() -> Demand {
    Demand::Read {
        dataset: id("product"),
        rows: 1,
        filters: Vec::new(),
        order_by: None,
        offset: 0,
        consistency: Consistency::Eventual,
        key: Pick::Popular,
    }
}

fn write() -> Demand {
    Demand::Write {
        dataset: id("product"),
        key: Pick::Popular,
    }
}

fn op(report: &Report) -> &OperationTotals {
    &report.whole.operations[0]
}

#[test]
fn a_dead_shard_is_gone_round_and_its_acknowledged_writes_are_lost() {
    // Cache-aside: the store answers for the dead shard, the others go on.
    let drawing = |mode: &str| {
        design(&format!(
            "users client\nweb server(vcpu=8; workers=400)\nmemory cache(shards=4; mode={mode}; behind_ms=5000)\ndb database(vcpu=16)\n
             users > web\nweb > memory\nweb > db\nmemory > db"
        ))
    };
    let strike = |demand, at, until: Option<u32>| {
        let mut plan = scenario(200.0, 60, demand);
        plan.faults.push(Fault {
            at: ClockTime::from_secs(at),
            until: until.map(ClockTime::from_secs),
            action: FaultAction::KillShard { shard: 1 },
            target: FaultTarget::Component(id("memory")),
        });
        plan
    };
    let hits = |report: &Report, from, to| {
        let memory = Subject::Component(id("memory"));
        let column = report.series.find(&memory, Metric::HitRatio).unwrap();
        archplay_report::column_mean(&report.series, column, from, to).unwrap()
    };
    let struck = run(&drawing("aside"), &strike(read(), 30, Some(40)), 4);
    assert_eq!(op(&struck).failed_total(), 0);
    assert!(hits(&struck, 25, 30) > 0.95);
    // Not asked for what it cannot have, a shard counts no misses; back again it is cold.
    assert!(hits(&struck, 40, 42) < hits(&struck, 25, 30) - 0.1);
    // Written behind: what waited in the dead shard is lost, and nothing of the others.
    let writes = strike(write(), 30, None);
    let lost = run(&drawing("behind"), &writes, 4);
    let memory = lost
        .components
        .iter()
        .find(|c| c.id == id("memory"))
        .unwrap();
    let gone = memory.measure(Measure::LostWrites).unwrap();
    // Five seconds of a quarter of 200 a second, not more.
    assert!(gone > 100.0 && gone < 300.0, "{gone}");
    assert!(op(&lost).failed_total() > 1_000);
}

#[test]
fn a_shard_killed_by_hand_is_mended_by_hand() {
    let drawing = design(
        "users client\nweb server(vcpu=8)\nmemory cache(shards=2)\ndb database(vcpu=16)\n
         users > web\nweb > memory\nweb > db",
    );
    let plan = scenario(1_000.0, 40, read());
    let end = |run: &mut Run| {
        run.advance(until(u64::MAX));
        run.report()
    };
    let mut live = Run::compile(&drawing, &plan, 4).unwrap();
    let target = FaultTarget::Component(id("memory"));
    live.advance(until(15_000_000_000));
    live.intervene(FaultAction::KillShard { shard: 1 }, target.clone());
    live.intervene(FaultAction::KillShard { shard: 2 }, target.clone());
    live.advance(until(20_000_000_000));
    live.intervene(FaultAction::Restore, target);
    let report = end(&mut live);
    let memory = Subject::Component(id("memory"));
    let column = report.series.find(&memory, Metric::HitRatio).unwrap();
    let hits = |from, to| archplay_report::column_mean(&report.series, column, from, to);
    // While all shards are dead nothing is looked up; then it fills again.
    assert!(hits(10, 15).unwrap() > 0.9);
    assert_eq!(hits(16, 20), None);
    assert!(hits(35, 40).unwrap() > 0.9);
    let mut again = Run::compile(&drawing, &plan, 4).unwrap();
    again.replay(live.interventions().to_vec());
    assert_eq!(end(&mut again).to_json(), report.to_json());
}

fn until(ns: u64) -> Budget {
    Budget {
        until_ns: ns,
        max_events: u64::MAX,
    }
}
