//! The project's tasks: set-up, build, serve, test, bench.
//!
//! Run as `cargo xtask <task>`. Each task finds or installs what it needs first, so a fresh
//! clone needs nothing but Rust and Node.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

mod bench;
mod check;
mod command;
mod dist;
mod failure;
mod files;
mod lockfile;
mod progress;
mod project;
mod server;
mod setup;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Result;
use project::Project;
use server::Server;
use setup::Need;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Set-up, build, serve, test and bench Archplay"
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Finds the tools the project is built and tested with, installs what is missing
    Setup,
    /// Builds the site and serves it on this machine
    Serve {
        /// The port; 0 takes any free one
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// The folder the site appears under
        #[arg(long, default_value = "/")]
        base: String,
        /// Serves what is in dist/ without building
        #[arg(long)]
        no_build: bool,
    },
    /// Builds the static site into dist/
    Dist,
    /// Runs every check, or those chosen
    Test {
        /// Runs only this step (may be repeated)
        #[arg(long, value_name = "STEP")]
        only: Vec<String>,
        /// Leaves out this step (may be repeated)
        #[arg(long, value_name = "STEP")]
        skip: Vec<String>,
    },
    /// Measures the engine beside a bare loop and SimPy, natively and in the browser, and the page
    Bench {
        /// Measures only this part: native, simpy, browser or page (may be repeated)
        #[arg(long, value_name = "PART")]
        only: Vec<String>,
        /// Also runs a hundred million requests and tells how much memory they take (1 to 3 min)
        #[arg(long)]
        long: bool,
        /// Also writes the tables into BENCHMARKS.md
        #[arg(long, conflicts_with = "only")]
        commit: bool,
        /// Takes the site in dist/ without building
        #[arg(long)]
        no_build: bool,
        /// Runs of each thing in each round; the median of all counts
        #[arg(long, default_value_t = 3)]
        runs: u32,
        /// Rounds in which all that is compared takes turns
        #[arg(long, default_value_t = 3)]
        rounds: u32,
    },
    /// Watches a first visit to the page and writes down what it does not need (see src/xtask/first-visit)
    FirstVisit,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result {
    let project = Project::find()?;
    match task {
        Task::Setup => {
            setup::ensure(&project, &Need::ALL)?;
            Ok(())
        }
        Task::Dist => dist::build(&setup::ensure(&project, &Need::BUILD)?),
        Task::Serve {
            port,
            base,
            no_build,
        } => serve(&project, port, &base, no_build),
        Task::Test { only, skip } => check::run(&project, &only, &skip),
        Task::Bench {
            only,
            long,
            commit,
            no_build,
            runs,
            rounds,
        } => bench::run(
            &project,
            &bench::Options {
                only,
                long,
                commit,
                no_build,
                runs: runs.max(1),
                rounds: rounds.max(1),
            },
        ),
        Task::FirstVisit => dist::watch_first_visit(&setup::ensure(&project, &Need::ALL)?),
    }
}

fn serve(project: &Project, port: u16, base: &str, no_build: bool) -> Result {
    if !no_build {
        dist::build(&setup::ensure(project, &Need::BUILD)?)?;
    }
    let server = Server::bind(&project.dist(), base, port)?;
    println!("\nArchplay is at {}   (Ctrl+C ends it)", server.url());
    server.run()
}
