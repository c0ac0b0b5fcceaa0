//! Numbers of the measured runs, and tables to put them in. What was not measured is a dash.

use std::fmt;

use serde_json::Value;

/// The one in the middle of a list of numbers.
pub fn median(list: &Value) -> Option<f64> {
    let list = list.as_array()?.iter();
    middle(list.filter_map(Value::as_f64).collect())
}

fn middle(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Puts what a later round measured with what is there: the seconds of all runs in one list. All else is the same
/// in every round, or measured in one alone.
pub fn join(all: &mut Value, round: Value) {
    match (all, round) {
        (Value::Object(all), Value::Object(round)) => {
            for (name, value) in round {
                match all.get_mut(&name) {
                    Some(there) => join(there, value),
                    None => drop(all.insert(name, value)),
                }
            }
        }
        (Value::Array(all), Value::Array(round)) => all.extend(round),
        (all @ Value::Null, round) => *all = round,
        _ => {}
    }
}

/// The least of a list of numbers.
fn least(list: &Value) -> Option<f64> {
    let values = list.as_array()?.iter().filter_map(Value::as_f64);
    values.min_by(f64::total_cmp)
}

/// Requests or events for each second of CPU; of the wall where no CPU time is known.
pub fn speed(run: &Value, what: &str) -> Option<f64> {
    let secs = median(&run["cpu_secs"]).or_else(|| median(&run["wall_secs"]))?;
    Some(run[what].as_f64()? / secs)
}

/// The same of the run that took least.
pub fn best_speed(run: &Value, what: &str) -> Option<f64> {
    let secs = least(&run["cpu_secs"]).or_else(|| least(&run["wall_secs"]))?;
    Some(run[what].as_f64()? / secs)
}

/// One speed over another: the middle one of all turns. In a turn one runs right after the other, so a machine that
/// is slower for a while is so for both; medians of each side alone may be of different whiles.
pub fn of(above: &Value, below: &Value) -> Option<f64> {
    let per_sec = |side: &Value| -> Option<Vec<f64>> {
        let known = |name: &str| side[name].as_array().filter(|list| !list.is_empty());
        let requests = side["requests"].as_f64()?;
        let secs = known("cpu_secs").or_else(|| known("wall_secs"))?.iter();
        Some(secs.filter_map(|s| Some(requests / s.as_f64()?)).collect())
    };
    let turns = per_sec(above)?.into_iter().zip(per_sec(below)?);
    middle(turns.map(|(above, below)| above / below).collect())
}

/// The mean time of a request.
pub fn mean(run: &Value) -> String {
    text(run["mean_ms"].as_f64(), 3)
}

/// A number in millions.
pub fn millions(value: Option<f64>) -> String {
    value.map_or(text(None, 0), |value| format!("{:.3} M", value / 1e6))
}

/// One number over another.
pub fn ratio(above: Option<f64>, below: Option<f64>, digits: usize) -> String {
    text(above.zip(below).map(|(above, below)| above / below), digits)
}

/// A number with so many digits behind the point.
pub fn text(value: Option<f64>, digits: usize) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.digits$}"))
}

/// A table of Markdown: names on the left, numbers on the right.
pub struct Table {
    head: String,
    rows: Vec<String>,
}

impl Table {
    /// Makes an empty table with these columns.
    pub fn new(columns: &[&str]) -> Self {
        let rule = "|---".to_owned() + &"|--:".repeat(columns.len() - 1) + "|";
        Self {
            head: format!("{}\n{rule}\n", line(columns.iter().copied())),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(line(cells.iter().map(String::as_str)));
    }

    /// Tells whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.head)?;
        self.rows.iter().try_for_each(|row| writeln!(f, "{row}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_ratio_is_of_what_ran_in_the_same_turn() {
        let side = |secs: [f64; 5]| json!({ "requests": 6, "cpu_secs": secs });
        // The machine is half as fast in some turns, in one of them for one side alone.
        let (fast, slow) = (
            side([1.0, 1.0, 2.0, 2.0, 2.0]),
            side([2.0, 2.0, 4.0, 4.0, 2.0]),
        );
        assert_eq!(of(&fast, &slow), Some(2.0));
        let same = side([2.0, 2.0, 4.0, 4.0, 4.0]);
        assert_eq!(of(&same, &slow), Some(1.0));
        let wall = json!({ "requests": 6, "cpu_secs": [], "wall_secs": [2.0, 2.0] });
        assert_eq!(of(&fast, &wall), Some(2.0));
        assert_eq!(of(&Value::Null, &wall), None);
    }

    #[test]
    fn rounds_are_joined_run_by_run() {
        let round = |secs: f64| json!({ "race": { "mm1": { "requests": 7, "cpu_secs": [secs] } } });
        let mut all = Value::Null;
        let mut first = round(3.0);
        first["lessons"] = json!({ "one": { "cpu_secs": [2.0] } });
        join(&mut all, first);
        join(&mut all, round(1.0));
        join(&mut all, round(2.0));
        assert_eq!(
            all,
            json!({
                "race": { "mm1": { "requests": 7, "cpu_secs": [3.0, 1.0, 2.0] } },
                "lessons": { "one": { "cpu_secs": [2.0] } },
            })
        );
        assert_eq!(speed(&all["race"]["mm1"], "requests"), Some(3.5));
        assert_eq!(best_speed(&all["race"]["mm1"], "requests"), Some(7.0));
    }
}
