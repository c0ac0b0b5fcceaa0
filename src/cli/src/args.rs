//! What can be said on the command line. The texts of `--help` are put in by `help.rs`.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Language of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    Ko,
    En,
}

#[derive(Debug, Parser)]
#[command(name = "archplay", version)]
pub(crate) struct Args {
    /// Read before everything else by `help::language`; stands here to be known and helped with.
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<Language>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(RunArgs),
    Check(CheckArgs),
    Grade(GradeArgs),
    Steps(StepsArgs),
    Lesson(LessonArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    #[arg(value_name = "DESIGN")]
    pub(crate) design: PathBuf,
    #[arg(long, short, value_name = "SCENARIO")]
    pub(crate) scenario: String,
    /// The file's of a replay, else 1.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    #[arg(long, value_name = "FILE")]
    pub(crate) replay: Option<PathBuf>,
    #[arg(long)]
    pub(crate) paired: bool,
    #[arg(long)]
    pub(crate) json: bool,
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    #[arg(value_name = "DESIGN")]
    pub(crate) design: PathBuf,
    #[arg(long, short, value_name = "SCENARIO")]
    pub(crate) scenario: Option<String>,
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct GradeArgs {
    #[arg(value_name = "TASK")]
    pub(crate) task: String,
    #[arg(value_name = "DESIGN", required = true)]
    pub(crate) designs: Vec<PathBuf>,
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LessonArgs {
    #[arg(value_name = "LESSON")]
    pub(crate) lesson: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) pack: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StepsArgs {
    #[arg(value_name = "TASK")]
    pub(crate) task: String,
}
