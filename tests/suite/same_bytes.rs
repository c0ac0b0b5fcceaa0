//! Runs whose reports must have the same bytes natively and in wasm. Included by a native test of the engine
//! (`src/engine/tests/same_bytes.rs`), which keeps `same-bytes.txt` true, and by one in the browser
//! (`tests/web/same_bytes.rs`), which compares with that file. Must not live here: what a run should show.

use archplay_model::format::{read_design, read_scenario};

#[path = "random.rs"]
mod random;

/// How many random designs are run besides.
const RANDOM: usize = 200;

/// A run: names of design and scenario, their files, the seed.
type Case = (&'static str, &'static str, &'static str, &'static str, u64);

macro_rules! case {
    ($design:literal, $scenario:literal, $seed:literal) => {
        (
            $design,
            include_str!(concat!("../../", $design)),
            $scenario,
            include_str!(concat!("../../", $scenario)),
            $seed,
        )
    };
}

const CASES: [Case; 8] = [
    case!(
        "lessons/03-compute/tasks/flash-sale/start.json",
        "lessons/03-compute/tasks/flash-sale/scenario.json",
        1
    ),
    case!(
        "lessons/03-compute/tasks/flash-sale/reference-scheduled-cdn.json",
        "lessons/03-compute/tasks/flash-sale/scenario.json",
        1
    ),
    case!(
        "lessons/03-compute/tasks/flash-sale/reference-two-zones.json",
        "lessons/03-compute/tasks/flash-sale/scenario.json",
        2
    ),
    case!(
        "lessons/03-compute/tasks/flash-sale/wrong-reactive-only.json",
        "lessons/03-compute/tasks/flash-sale/scenario.json",
        3
    ),
    case!(
        "lessons/03-compute/tasks/flash-sale/reference-scheduled.json",
        "src/model/presets/steady.json",
        4
    ),
    case!(
        "lessons/03-compute/tasks/flash-sale/reference-scheduled.json",
        "src/model/presets/flash_crowd.json",
        5
    ),
    case!(
        "lessons/03-compute/tasks/flash-sale/reference-scheduled.json",
        "src/model/presets/region_loss.json",
        6
    ),
    case!(
        "lessons/03-compute/tasks/flash-sale/reference-two-zones.json",
        "src/model/presets/region_loss.json",
        7
    ),
];

/// A line for each run: the report's SHA-256, the design, the scenario, the seed.
pub fn lines() -> String {
    let mut out = String::new();
    for (design_name, design, scenario_name, scenario, seed) in CASES {
        let (design, _) = read_design(design).unwrap();
        let scenario = read_scenario(scenario).unwrap();
        let report = archplay_engine::simulate(&design, &scenario, seed).unwrap();
        let sha256 = archplay_report::sha256_hex(&report.to_json());
        out.push_str(&format!("{sha256} {design_name} {scenario_name} {seed}\n"));
    }
    let made = (0_u64..).map(|seed| (seed, random::both(seed)));
    let reports = made.filter_map(|(seed, (design, scenario))| {
        // The checker refuses some.
        Some((
            seed,
            archplay_engine::simulate(&design, &scenario, seed).ok()?,
        ))
    });
    for (seed, report) in reports.take(RANDOM) {
        let sha256 = archplay_report::sha256_hex(&report.to_json());
        out.push_str(&format!("{sha256} random {seed}\n"));
    }
    out
}
