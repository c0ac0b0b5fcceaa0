//! Reads the cases.

use serde_json::Value;

use crate::support::checks::vectors;

pub struct Case {
    pub id: String,
    pub model: Value,
    /// Names of what is measured.
    pub metrics: Vec<String>,
    pub n: f64,
    pub warmup: f64,
}

/// The cases of a family.
pub fn family(name: &str) -> Vec<Case> {
    let cases = vectors().into_iter();
    cases
        .filter(|case| case["family"] == name)
        .map(|case| read(&case))
        .collect()
}

fn read(case: &Value) -> Case {
    let metric = |metric: &Value| metric["name"].as_str().unwrap().to_owned();
    Case {
        id: case["id"].as_str().unwrap().into(),
        model: case["model"].clone(),
        metrics: case["metrics"]
            .as_array()
            .unwrap()
            .iter()
            .map(metric)
            .collect(),
        n: case["run"]["n_requests"].as_f64().unwrap_or(0.0),
        warmup: case["run"]["warmup_requests"].as_f64().unwrap_or(0.0),
    }
}

impl Case {
    /// A number of the model, by a path of keys.
    pub fn number(&self, path: &[&str]) -> Option<f64> {
        let mut at = &self.model;
        for key in path {
            at = at.get(key)?;
        }
        at.as_f64()
    }
}
