//! The engine on the drawings of a lesson: memory, pools, health checks and crowds that refresh.

use serde_json::{Map, Value, json};

use crate::clock::{median, timed};
use crate::workload::Workload;

const DRAWINGS: [(&str, &str); 2] = [
    ("lesson 3, start, one hour", "start"),
    ("lesson 3, reference, one hour", "reference-scheduled-cdn"),
];

/// Measures each.
pub fn measure(runs: usize) -> Value {
    let folder = "lessons/03-compute/tasks/flash-sale";
    let mut results = Map::new();
    for (name, drawing) in DRAWINGS {
        let workload = Workload::read(
            &format!("{folder}/{drawing}.json"),
            &format!("{folder}/scenario.json"),
        );
        let result = workload.and_then(|workload| {
            let mut secs = Vec::new();
            let mut outcome = workload.run()?;
            for _ in 0..runs {
                let (took, again) = timed(|| workload.run());
                secs.push(took);
                outcome = again?;
            }
            Ok((secs, outcome))
        });
        match result {
            Ok((secs, outcome)) => {
                println!(
                    "{name}: {:.3} M requests/s of CPU, {:.2} M events/s",
                    outcome.requests as f64 / median(&secs) / 1e6,
                    outcome.events as f64 / median(&secs) / 1e6
                );
                results.insert(
                    name.to_owned(),
                    json!({
                        "requests": outcome.requests,
                        "events": outcome.events,
                        "cpu_secs": secs,
                    }),
                );
            }
            Err(error) => println!("{name}: not measured: {error}"),
        }
    }
    Value::Object(results)
}
