//! Reads the cases.

use serde_json::Value;

pub struct Case {
    pub id: String,
    pub model: Value,
    pub metrics: Vec<Metric>,
    pub n: f64,
    pub warmup: f64,
}

pub struct Metric {
    pub name: String,
    pub value: f64,
    pub tol_abs: f64,
    pub tol_floor: f64,
}

/// The cases of a family.
pub fn family(name: &str) -> Vec<Case> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/fixtures/queueing/vectors.json"
    );
    let all: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = all["cases"].as_array().unwrap().iter();
    cases
        .filter(|case| case["family"] == name)
        .map(read)
        .collect()
}

fn read(case: &Value) -> Case {
    let metric = |metric: &Value| Metric {
        name: metric["name"].as_str().unwrap().into(),
        value: metric["value"].as_f64().unwrap(),
        tol_abs: metric["tol_abs"].as_f64().unwrap(),
        tol_floor: metric["tol_floor"].as_f64().unwrap_or(0.0),
    };
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
