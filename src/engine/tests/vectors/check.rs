//! Compares what was measured with what is expected, and writes it down.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use archplay_model::{Design, Scenario};
use archplay_report::check::Reading;

use crate::case::Case;
use crate::support::checks::{Ran, Sheet};

/// How a metric was measured, and on how many requests (0: as many as the case wants).
pub enum Measured {
    /// Read off a run's report.
    Read(Rc<Ran>, Reading, f64),
    /// The same, where the case does not say how many requests its tolerance is for.
    ReadOf(Rc<Ran>, Reading, f64, f64),
    /// Found in another way, on a run that shows it.
    Found(Rc<Ran>, f64, f64),
    /// Found on runs that are not kept.
    Apart(f64, f64),
    /// How often a chance came true, or how much there was of what is counted, in so many rounds: the file's
    /// tolerance is for the formula, that of a simulation is the spread of its rounds.
    Chance(f64, u64, f64),
    /// Not here: another test holds it to theory.
    Not,
}

/// Checks every metric of a case; one that nobody measures is an error.
pub fn check(case: &Case, measure: &impl Fn(&Case, &str) -> Measured) {
    let mut sheet = Sheet::of_vector(&case.id);
    for metric in &case.metrics {
        match measure(case, metric) {
            Measured::Read(ran, reading, n) => {
                sheet.keep(&ran);
                sheet.row(metric, reading, n);
            }
            Measured::ReadOf(ran, reading, n, planned) => {
                sheet.keep(&ran);
                sheet.planned(planned);
                sheet.row(metric, reading, n);
            }
            Measured::Apart(value, n) => {
                sheet.apart();
                sheet.value(metric, value, n);
            }
            Measured::Chance(value, rounds, n) => {
                sheet.apart();
                let mut expected = sheet.expected(metric, 0.0);
                let variance = match metric.starts_with("p_") {
                    true => expected.value * (1.0 - expected.value),
                    // As many as come by chance.
                    false => expected.value,
                };
                expected.tolerance += 4.5 * (variance / rounds as f64).sqrt();
                sheet.add(metric, expected, value, None, n);
            }
            Measured::Not => {}
            Measured::Found(ran, value, n) => {
                sheet.keep(&ran);
                sheet.value(metric, value, n);
            }
        }
    }
    if sheet.has_rows() {
        sheet.finish();
    }
}

thread_local! {
    static DONE: RefCell<BTreeMap<String, Rc<Ran>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Runs something once, whatever is asked of it.
pub fn once(name: &str, documents: impl FnOnce() -> (Design, Scenario)) -> Rc<Ran> {
    if let Some(done) = DONE.with(|done| done.borrow().get(name).cloned()) {
        return done;
    }
    let (design, scenario) = documents();
    let made = Rc::new(Ran::new(&design, &scenario, 1));
    DONE.with(|done| done.borrow_mut().insert(name.to_owned(), made.clone()));
    made
}
