//! Everything that must hold before a change is taken, in the order that fails cheapest
//! first: `cargo xtask test`.

pub mod browser;
mod native;
mod room;
mod wasm;

use std::time::Instant;

use crate::dist;
use crate::failure::{Failure, Result};
use crate::progress::{Steps, duration};
use crate::project::Project;
use crate::setup::{self, Need, Toolbox};

/// One step of the test run.
struct Check {
    name: &'static str,
    about: &'static str,
    needs: &'static [Need],
    run: fn(&Toolbox) -> Result,
}

const CHECKS: [Check; 9] = [
    Check {
        name: "fmt",
        about: "the code is formatted",
        needs: &[],
        run: native::format,
    },
    Check {
        name: "house",
        about: "the house rules hold",
        needs: &[],
        run: native::house,
    },
    Check {
        name: "clippy",
        about: "no warnings, native",
        needs: &[],
        run: native::clippy,
    },
    Check {
        name: "native",
        about: "native tests",
        needs: &[],
        run: native::tests,
    },
    Check {
        name: "doc",
        about: "documentation examples",
        needs: &[],
        run: native::doc_tests,
    },
    Check {
        name: "wasm",
        about: "tests of the components in a browser",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Browser],
        run: wasm::tests,
    },
    Check {
        name: "dist",
        about: "the site builds",
        needs: &Need::BUILD,
        run: dist::build,
    },
    Check {
        name: "size",
        about: "the site keeps to its budget",
        needs: &[],
        run: dist::check_sizes,
    },
    Check {
        name: "e2e",
        about: "the built site in a browser, under a sub-path",
        needs: &[Need::Node, Need::Browser, Need::BrowserTests],
        run: browser::end_to_end,
    },
];

/// Runs the checks chosen and stops at the first that fails.
pub fn run(project: &Project, only: &[String], skip: &[String]) -> Result {
    let chosen = choose(only, skip)?;
    let needs: Vec<Need> = chosen
        .iter()
        .flat_map(|check| check.needs)
        .copied()
        .collect();
    let toolbox = setup::ensure(project, &needs)?;
    let mut steps = Steps::new(chosen.len());
    let mut times = Vec::new();
    for (i, check) in chosen.iter().enumerate() {
        steps.heading(&format!("{}: {}", check.name, check.about));
        let to_come: Vec<_> = chosen[i..].iter().map(|check| check.name).collect();
        room::make(project, &to_come)?;
        let started = Instant::now();
        (check.run)(&toolbox).map_err(|failure| {
            let again = format!("cargo xtask test --only {}", check.name);
            Failure::new(format!("step \"{}\" failed: {failure}", check.name))
                .advise(format!("`{again}` runs this step alone"))
        })?;
        times.push((check.name, started.elapsed()));
    }
    println!("\nall {} steps passed", times.len());
    for (name, time) in times {
        println!("{name:>8}  {}", duration(time));
    }
    Ok(())
}

fn choose(only: &[String], skip: &[String]) -> Result<Vec<&'static Check>> {
    for name in only.iter().chain(skip) {
        if !CHECKS.iter().any(|check| check.name == name) {
            let names: Vec<_> = CHECKS.iter().map(|check| check.name).collect();
            return Err(Failure::new(format!("there is no step \"{name}\""))
                .advise(format!("the steps are {}", names.join(", "))));
        }
    }
    let named = |list: &[String], check: &Check| list.iter().any(|name| name == check.name);
    Ok(CHECKS
        .iter()
        .filter(|check| only.is_empty() || named(only, check))
        .filter(|check| !named(skip, check))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: &[&str], skip: &[&str]) -> Vec<&'static str> {
        let own = |list: &[&str]| {
            list.iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        let chosen = choose(&own(only), &own(skip)).unwrap();
        chosen.iter().map(|check| check.name).collect()
    }

    #[test]
    fn steps_are_chosen_in_their_own_order() {
        assert_eq!(names(&["clippy", "fmt"], &[]), ["fmt", "clippy"]);
        assert_eq!(names(&["clippy", "fmt"], &["fmt"]), ["clippy"]);
        assert_eq!(names(&[], &[]).len(), CHECKS.len());
    }

    #[test]
    fn an_unknown_step_is_refused() {
        assert!(choose(&["fnt".to_owned()], &[]).is_err());
    }
}
