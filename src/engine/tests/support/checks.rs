//! Collects what tests compare with theory into the files that the page "Can I believe these numbers?" shows.
//!
//! A test makes a [`Sheet`], runs drawings through it, adds rows and finishes it: every row has to be within its
//! tolerance, and the file `static/checks/<case>.json` has to be what comes out. After a change of the engine
//! that is meant, `UPDATE_EXPECT=1 cargo test -p archplay-engine` writes the files anew. How to add a case, and
//! which texts it wants, stands in ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use archplay_model::format::{write_design, write_scenario};
use archplay_model::{Design, Id, Kind, Scenario};
use archplay_report::check::{
    Check, CheckKind, CheckRow, CheckRun, CheckUnit, FAMILIES, Figures, Reading,
};
use archplay_report::{Report, sha256_hex};
use serde_json::Value;

/// The reference vectors.
pub fn vectors() -> Vec<Value> {
    let text = include_str!("../../../../tests/fixtures/queueing/vectors.json");
    let all: Value = serde_json::from_str(text).unwrap();
    all["cases"].as_array().unwrap().clone()
}

/// The reading of a component's measure, in the report's own unit.
pub fn measure(component: &str, measure: &str) -> Reading {
    Reading::one(format!("{component}/{measure}"))
}

/// What one number is expected to be.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    pub value: f64,
    pub tolerance: f64,
    pub kind: CheckKind,
    pub unit: CheckUnit,
}

/// A run with its documents: the drawing laid out, conservation checked.
#[derive(Debug)]
pub struct Ran {
    pub drawing: Design,
    pub scenario: Scenario,
    pub report: Report,
    pub sha256: String,
}

impl Ran {
    pub fn new(design: &Design, scenario: &Scenario, seed: u64) -> Self {
        let drawing = laid_out(design);
        let mut scenario = scenario.clone();
        scenario.id = super::id("check");
        let report = super::run(&drawing, &scenario, seed);
        let sha256 = sha256_hex(&report.to_json());
        Self {
            drawing,
            scenario,
            report,
            sha256,
        }
    }
}

/// One case on its way into its file.
pub struct Sheet {
    check: Check,
    vector: Option<Value>,
    figures: Vec<Figures>,
    current: Option<usize>,
    planned: Option<f64>,
}

impl Sheet {
    /// A case of `tests/fixtures/queueing/vectors.json`; expected values and tolerances come from there.
    pub fn of_vector(id: &str) -> Self {
        let vector = vectors().into_iter().find(|case| case["id"] == id);
        let vector = vector.unwrap_or_else(|| panic!("no vector {id}"));
        let mut sheet = Self::new(id, vector["family"].as_str().unwrap());
        sheet.vector = Some(vector);
        sheet
    }

    /// A case of a test's own.
    pub fn new(id: &str, family: &str) -> Self {
        assert!(FAMILIES.contains(&family), "{id}: no family {family}");
        let check = Check {
            id: id.into(),
            family: family.into(),
            file: None,
            rows: Vec::new(),
            runs: Vec::new(),
        };
        Self {
            check,
            vector: None,
            figures: Vec::new(),
            current: None,
            planned: None,
        }
    }

    /// Runs a drawing under a scenario; see [`Ran`]. Rows that follow are read off this run.
    pub fn run(&mut self, design: &Design, scenario: &Scenario, seed: u64) -> Report {
        let ran = Ran::new(design, scenario, seed);
        self.keep(&ran);
        ran.report
    }

    /// Keeps a run, once. Rows that follow are read off it.
    pub fn keep(&mut self, ran: &Ran) {
        let known = self
            .check
            .runs
            .iter()
            .position(|run| run.sha256 == ran.sha256);
        self.current = known.or(Some(self.check.runs.len()));
        if known.is_none() {
            let json = |text: String| serde_json::from_str(&text).unwrap();
            self.check.runs.push(CheckRun {
                seed: ran.report.seed,
                sha256: ran.sha256.clone(),
                design: Some(json(write_design(&ran.drawing))),
                scenario: Some(json(write_scenario(&ran.scenario))),
            });
            self.figures.push(Figures::of(&ran.report));
        }
    }

    /// Rows that follow come from no run that is kept: there were many, or the drawing is too large to open.
    pub const fn apart(&mut self) {
        self.current = None;
    }

    /// How many requests the tolerances of a vector are for that does not say so.
    pub const fn planned(&mut self, requests: f64) {
        self.planned = Some(requests);
    }

    /// Whether anything was compared.
    pub fn has_rows(&self) -> bool {
        !self.check.rows.is_empty()
    }

    /// A row that is read off the last run; `used` requests stand behind it (0: as many as the vector wants).
    pub fn row(&mut self, metric: &str, read: Reading, used: f64) {
        let figures = &self.figures[self.current.unwrap()];
        let value = read.of(figures).unwrap_or(f64::NAN);
        let expected = self.expected(metric, used);
        self.add(metric, expected, value, Some(read), used);
    }

    /// A row whose value cannot be read off a report.
    pub fn value(&mut self, metric: &str, value: f64, used: f64) {
        let expected = self.expected(metric, used);
        self.add(metric, expected, value, None, used);
    }

    /// A row with an expectation of its own. A metric is a name, or a place and a name: `db.wait_mean`.
    pub fn add(
        &mut self,
        metric: &str,
        expected: Expected,
        measured: f64,
        read: Option<Reading>,
        used: f64,
    ) {
        let (at, name) = metric
            .split_once('.')
            .map_or((None, metric), |(at, name)| (Some(at.to_owned()), name));
        self.check.rows.push(CheckRow {
            metric: name.into(),
            at,
            unit: expected.unit,
            kind: expected.kind,
            expected: expected.value,
            measured,
            tolerance: expected.tolerance,
            requests: used as u64,
            run: self.current,
            read,
        });
    }

    /// What the vector says, with the tolerance for so many requests.
    pub fn expected(&self, metric: &str, used: f64) -> Expected {
        let id = &self.check.id;
        let vector = self.vector.as_ref().unwrap();
        let list = vector["metrics"].as_array().unwrap();
        let found = list.iter().find(|m| m["name"] == metric);
        let found = found.unwrap_or_else(|| panic!("{id}: no metric {metric}"));
        let number = |key: &str| found[key].as_f64();
        let planned = vector["run"]["n_requests"].as_f64();
        let planned = planned.or(self.planned).unwrap_or(0.0);
        let shorter = if used > 0.0 && planned > 0.0 {
            (planned / used).max(1.0).sqrt()
        } else {
            1.0
        };
        let (floor, whole) = (
            number("tol_floor").unwrap_or(0.0),
            number("tol_abs").unwrap(),
        );
        Expected {
            value: number("value").unwrap(),
            tolerance: floor + (whole - floor) * shorter,
            kind: serde_json::from_value(found["kind"].clone()).unwrap(),
            unit: unit(metric, found["unit"].as_str()),
        }
    }

    /// Holds every row to its tolerance, and the whole to its file.
    pub fn finish(self) {
        let check = self.check;
        let wrong = check.rows.iter().filter(|row| !row.passes()).map(|row| {
            format!(
                "{} {} {}: got {}, wanted {} ± {}",
                check.id,
                row.at.as_deref().unwrap_or_default(),
                row.metric,
                row.measured,
                row.expected,
                row.tolerance
            )
        });
        let wrong: Vec<String> = wrong.collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(!check.rows.is_empty(), "{} has no rows", check.id);
        let text = serde_json::to_string_pretty(&check).unwrap() + "\n";
        expect_test::expect_file![file(&check.id)].assert_eq(&text);
    }
}

/// Where the file of a case is.
pub fn file(id: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/checks");
    folder.join(format!("{id}.json"))
}

/// In what a metric of the vectors is: they name some units, the rest follows from the name.
fn unit(metric: &str, named: Option<&str>) -> CheckUnit {
    let name = metric.rsplit('.').next().unwrap_or(metric);
    let ends = |endings: &[&str]| endings.iter().any(|end| name.ends_with(end));
    match named {
        Some("s") => CheckUnit::Seconds,
        Some("req/s") => CheckUnit::PerSecond,
        Some(_) => CheckUnit::Count,
        None if name.starts_with("p_") || name.starts_with("utilisation") => CheckUnit::Share,
        None if name.starts_with("hit_ratio") || ends(&["_prob", "_share"]) => CheckUnit::Share,
        None if name.starts_with("lag_") || ends(&["wait_mean", "drain_time"]) => {
            CheckUnit::Seconds
        }
        None if ends(&["_rate", "_per_second"]) => CheckUnit::PerSecond,
        None => CheckUnit::Count,
    }
}

/// The drawing with its components in columns, from those who ask to those who are asked, named by their ids.
pub fn laid_out(design: &Design) -> Design {
    let mut out = design.clone();
    let mut column: Vec<Id> = of_kind(design, Kind::Client);
    let mut seen: BTreeSet<Id> = column.iter().cloned().collect();
    let mut places: BTreeMap<Id, (f64, f64)> = BTreeMap::new();
    let mut x = 0.0;
    while !column.is_empty() {
        let top = (column.len() - 1) as f64 / -2.0;
        for (row, id) in column.iter().enumerate() {
            places.insert(id.clone(), (x, (top + row as f64) * 112.0));
        }
        let next = design
            .links
            .keys()
            .filter(|link| column.contains(&link.from));
        let next: BTreeSet<Id> = next.map(|link| link.to.clone()).collect();
        column = next
            .into_iter()
            .filter(|id| seen.insert(id.clone()))
            .collect();
        x += 224.0;
    }
    for (row, id) in design
        .components
        .keys()
        .filter(|id| !seen.contains(id))
        .enumerate()
    {
        places.insert(id.clone(), (row as f64 * 224.0, -224.0));
    }
    for (id, component) in &mut out.components {
        (component.x, component.y) = places[id];
        if component.name.is_empty() && component.kind != Kind::Client {
            component.name = id.to_string();
        }
    }
    out
}

fn of_kind(design: &Design, kind: Kind) -> Vec<Id> {
    let all = design.components.values().filter(|c| c.kind == kind);
    all.map(|c| c.id.clone()).collect()
}
