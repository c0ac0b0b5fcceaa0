//! The teams' table: what the gradings of one drawing come to, and in which order drawings stand.

use std::cmp::Ordering;

use crate::{Compare, Task, Verdict};

/// How many seeds a drawing is graded on at most.
pub const MOST_SEEDS: usize = 5;
/// How many files are taken at once.
pub const MOST_FILES: usize = 200;

/// What a drawing came to in one target: the worst of all runs and seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What was measured there; `None` when nothing could be measured, which counts as missed.
    pub measured: Option<f64>,
    /// Whether the target was met in every run and on every seed.
    pub passed: bool,
    /// In which run.
    pub run: String,
    /// On which seed.
    pub seed: u64,
}

/// What the gradings of a drawing come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Whether it passed on every seed.
    pub passed: bool,
    /// The lowest score of all seeds, 0 to 1.
    pub score: f64,
    /// By target, in the task's order; `None` where nothing was graded.
    pub cells: Vec<Option<Cell>>,
}

impl Standing {
    /// Sums up gradings of one drawing on several seeds.
    #[must_use]
    pub fn of(task: &Task, verdicts: &[(u64, Verdict)]) -> Self {
        let cell = |target: &crate::Target| {
            let results = verdicts.iter().flat_map(|(seed, verdict)| {
                let mine = verdict.results.iter();
                let mine = mine.filter(|result| result.target == target.id.as_str());
                mine.map(|result| Cell {
                    measured: result.measured,
                    passed: result.passed,
                    run: result.run.clone(),
                    seed: *seed,
                })
            });
            // Of equals the first stays.
            results.reduce(|worst, next| match worse(target.compare, &next, &worst) {
                Ordering::Less => next,
                _ => worst,
            })
        };
        let scores = verdicts.iter().map(|(_, verdict)| verdict.score);
        Self {
            passed: !verdicts.is_empty() && verdicts.iter().all(|(_, verdict)| verdict.passed),
            score: scores.reduce(f64::min).unwrap_or(0.0),
            cells: task.targets.iter().map(cell).collect(),
        }
    }

    /// How many targets were met.
    #[must_use]
    pub fn met(&self) -> usize {
        let met = |cell: &&Option<Cell>| cell.as_ref().is_some_and(|cell| cell.passed);
        self.cells.iter().filter(met).count()
    }
}

/// Less when the first is the worse one.
fn worse(compare: Compare, a: &Cell, b: &Cell) -> Ordering {
    let value = |cell: &Cell| match (cell.measured, compare) {
        (None, _) => f64::NEG_INFINITY,
        (Some(value), Compare::AtLeast) => value,
        (Some(value), Compare::AtMost) => -value,
    };
    let passed = a.passed.cmp(&b.passed);
    passed.then_with(|| value(a).total_cmp(&value(b)))
}

/// By what the table is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// As the files came.
    Arrival,
    /// By name.
    Name,
    /// By score, then by targets met.
    Score,
    /// By what was measured for a target, by its position in the task.
    Target(usize),
}

/// The order of rows, as positions. What has not been graded comes last either way; of equals the first comes first.
#[must_use]
pub fn order(rows: &[(&str, Option<&Standing>)], by: SortBy, descending: bool) -> Vec<usize> {
    let mut out: Vec<usize> = (0..rows.len()).collect();
    let turned = |ordering: Ordering| {
        if descending {
            ordering.reverse()
        } else {
            ordering
        }
    };
    out.sort_by(|a, b| {
        let (Some((name_a, a)), Some((name_b, b))) = (rows.get(*a), rows.get(*b)) else {
            return Ordering::Equal;
        };
        match by {
            SortBy::Arrival => Ordering::Equal,
            SortBy::Name => turned(natural(name_a, name_b)),
            SortBy::Score => known_first(a.map(score), b.map(score), |(a, n), (b, m)| {
                turned(a.total_cmp(&b).then(n.cmp(&m)))
            }),
            SortBy::Target(i) => {
                let value = |standing: Option<&Standing>| {
                    standing.and_then(|s| s.cells.get(i)?.as_ref()?.measured)
                };
                known_first(value(*a), value(*b), |a, b| turned(a.total_cmp(&b)))
            }
        }
    });
    out
}

fn score(standing: &Standing) -> (f64, usize) {
    (standing.score, standing.met())
}

fn known_first<T>(a: Option<T>, b: Option<T>, compare: impl Fn(T, T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(a, b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// Reads seeds as people type them: numbers with blanks or commas between, no more than [`MOST_SEEDS`], each once.
#[must_use]
pub fn read_seeds(text: &str) -> Option<Vec<u64>> {
    let mut out = Vec::new();
    for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
        let digits = part.bytes().all(|b| b.is_ascii_digit());
        let seed: u64 = part.parse().ok().filter(|_| digits)?;
        if !out.contains(&seed) {
            out.push(seed);
        }
    }
    (1..=MOST_SEEDS).contains(&out.len()).then_some(out)
}

/// The order of names as people count: team 2 before team 10, capital letters or not.
#[must_use]
pub fn natural(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let (mut rest_a, mut rest_b) = (a.as_str(), b.as_str());
    loop {
        let ((number_a, part_a, next_a), (number_b, part_b, next_b)) = (part(rest_a), part(rest_b));
        if part_a.is_empty() || part_b.is_empty() {
            return part_a.len().cmp(&part_b.len());
        }
        let ordering = if number_a && number_b {
            let (a, b) = (
                part_a.trim_start_matches('0'),
                part_b.trim_start_matches('0'),
            );
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        } else {
            part_a.cmp(part_b)
        };
        if ordering.is_ne() {
            return ordering;
        }
        (rest_a, rest_b) = (next_a, next_b);
    }
}

/// The digits at the begin of a text, or what comes before the first; and the rest.
fn part(text: &str) -> (bool, &str, &str) {
    let number = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != number);
    let (part, rest) = text.split_at(end.unwrap_or(text.len()));
    (number, part, rest)
}

/// A file's path without what all of them end in.
#[must_use]
pub fn team_name(file: &str) -> &str {
    let name = file.strip_suffix(".json").unwrap_or(file);
    let name = name.strip_suffix(".archplay").unwrap_or(name);
    if name.is_empty() || name.ends_with('/') {
        file
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use archplay_model::Id;
    use archplay_model::scenario::LocalText;

    use super::*;
    use crate::{Target, TargetMetric, TargetResult};

    fn task() -> Task {
        let target =
            |id: &str, metric, compare| Target::new(Id::new(id).unwrap(), metric, compare, 10.0);
        Task {
            id: Id::new("t").unwrap(),
            title: LocalText {
                ko: "t".into(),
                en: "t".into(),
            },
            runs: Vec::new(),
            targets: vec![
                target("cost", TargetMetric::Cost, Compare::AtMost),
                target("done", TargetMetric::VisitorsDoneShare, Compare::AtLeast),
            ],
        }
    }

    fn verdict(score: f64, results: &[(&str, &str, Option<f64>, bool)]) -> Verdict {
        let results = results
            .iter()
            .map(|(target, run, measured, passed)| TargetResult {
                target: (*target).into(),
                run: (*run).into(),
                metric: String::new(),
                compare: Compare::AtMost,
                wanted: 10.0,
                measured: *measured,
                passed: *passed,
                why: None,
            });
        Verdict {
            passed: score == 1.0,
            score,
            results: results.collect(),
            ..Verdict::default()
        }
    }

    #[test]
    fn the_worst_of_all_runs_and_seeds_counts() {
        let first = verdict(
            1.0,
            &[
                ("cost", "a", Some(9.0), true),
                ("cost", "b", Some(7.0), true),
                ("done", "a", Some(12.0), true),
            ],
        );
        let second = verdict(
            0.5,
            &[
                ("cost", "a", Some(8.0), true),
                ("done", "a", Some(11.0), true),
                ("done", "b", None, false),
            ],
        );
        let standing = Standing::of(&task(), &[(1, first.clone()), (2, second)]);
        assert!(!standing.passed && standing.score == 0.5 && standing.met() == 1);
        let cost = standing.cells[0].clone().unwrap();
        assert_eq!(
            (cost.measured, cost.run.as_str(), cost.seed),
            (Some(9.0), "a", 1)
        );
        let done = standing.cells[1].clone().unwrap();
        assert_eq!((done.measured, done.passed, done.seed), (None, false, 2));
        let alone = Standing::of(&task(), &[(1, first)]);
        assert!(alone.passed);
        assert_eq!(alone.cells[1].clone().unwrap().measured, Some(12.0));
        let none = Standing::of(&task(), &[]);
        assert!(!none.passed && none.cells == [None, None]);
    }

    #[test]
    fn rows_are_sorted_and_the_ungraded_stay_last() {
        let standing = |score, cost| {
            let cost = Cell {
                measured: Some(cost),
                passed: true,
                run: "a".into(),
                seed: 1,
            };
            Standing {
                passed: false,
                score,
                cells: vec![Some(cost), None],
            }
        };
        let (a, b) = (standing(0.5, 3.0), standing(0.8, 9.0));
        let rows = [
            ("나", None),
            ("다", Some(&a)),
            ("가", Some(&b)),
            ("라", Some(&a)),
        ];
        assert_eq!(order(&rows, SortBy::Arrival, true), [0, 1, 2, 3]);
        assert_eq!(order(&rows, SortBy::Name, false), [2, 0, 1, 3]);
        assert_eq!(order(&rows, SortBy::Score, true), [2, 1, 3, 0]);
        assert_eq!(order(&rows, SortBy::Score, false), [1, 3, 2, 0]);
        assert_eq!(order(&rows, SortBy::Target(0), false), [1, 3, 2, 0]);
        assert_eq!(order(&rows, SortBy::Target(1), false), [0, 1, 2, 3]);
        assert_eq!(order(&rows, SortBy::Target(9), false), [0, 1, 2, 3]);
    }

    #[test]
    fn names_are_in_the_order_in_which_people_count() {
        let mut names = [
            "10팀", "b", "2팀", "팀 010", "팀 9", "1팀", "A1", "a", "", "2팀/나",
        ];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(
            names,
            [
                "", "1팀", "2팀", "2팀/나", "10팀", "a", "A1", "b", "팀 9", "팀 010"
            ]
        );
        assert_eq!(natural("팀 07", "팀 7"), Ordering::Equal);
    }

    #[test]
    fn seeds_and_names() {
        assert_eq!(read_seeds("1"), Some(vec![1]));
        assert_eq!(read_seeds(" 1, 2  3,2"), Some(vec![1, 2, 3]));
        for bad in [
            "",
            ",",
            "-1",
            "x",
            "1.5",
            "+1",
            "1 2 3 4 5 6",
            "99999999999999999999",
        ] {
            assert_eq!(read_seeds(bad), None, "{bad}");
        }
        assert_eq!(team_name("3팀.archplay.json"), "3팀");
        assert_eq!(team_name("3팀/그림.archplay.json"), "3팀/그림");
        assert_eq!(team_name("3팀/.json"), "3팀/.json");
        assert_eq!(team_name(".json"), ".json");
        assert_eq!(team_name("3팀.txt"), "3팀.txt");
    }
}
