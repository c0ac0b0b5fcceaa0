//! The `archplay` command line: the same library as the page, natively.
//!
//! Here live reading of files and arguments and printing of tables. Must not live here: rules. What a
//! design may be, how it runs and how it is graded is in the libraries.

mod args;
mod command;
mod help;
mod input;
mod numbers;
mod print;
mod table;

use std::process::ExitCode;

use clap::FromArgMatches as _;

use crate::args::{Args, Command};
use crate::print::Out;

/// How a command ended. The exit status is 0, 1 or 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It ran, and passed where something was to be passed.
    Passed,
    /// A design was checked or graded and failed.
    Failed,
    /// What was given could not be used.
    BadInput,
}

fn main() -> ExitCode {
    let lang = help::language(std::env::args_os());
    let parsed = help::command(lang)
        .try_get_matches()
        .and_then(|m| Args::from_arg_matches(&m));
    let args = match parsed {
        Ok(args) => args,
        Err(error) => error.exit(),
    };
    let mut out = Out::new(lang);
    let outcome = match &args.command {
        Command::Run(run) => command::run::run(run, &mut out),
        Command::Check(check) => command::check::check(check, &mut out),
        Command::Grade(grade) => command::grade::grade(grade, &mut out),
        Command::Steps(steps) => command::steps::steps(steps, &mut out),
        Command::Lesson(lesson) => command::lesson::lesson(lesson, &mut out),
    };
    ExitCode::from(match outcome {
        Outcome::Passed => 0,
        Outcome::Failed => 1,
        Outcome::BadInput => 2,
    })
}
