//! The language of the output, and `--help` in that language.

use std::ffi::OsString;

use archplay_text::{Lang, t};
use clap::CommandFactory as _;

use crate::args::Args;

/// The language: `--lang`, else `LC_ALL`, `LC_MESSAGES`, `LANG`; English for plain `C`.
pub(crate) fn language(args: impl Iterator<Item = OsString>) -> Lang {
    let mut args = args.skip(1).map(|arg| arg.to_string_lossy().into_owned());
    while let Some(arg) = args.next() {
        let value = match arg.strip_prefix("--lang") {
            Some("") => args.next(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        if let Some(value) = value {
            return Lang::from_tag(&value);
        }
    }
    let set = |name: &&str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    let name = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find(set);
    name.and_then(|name| std::env::var(name).ok())
        .map_or(Lang::En, |tag| Lang::from_tag(&tag))
}

/// The parser with its texts.
pub(crate) fn command(lang: Lang) -> clap::Command {
    let text = |key: &str| t(lang, key).into_owned();
    let usage = text("cli.help.usage");
    let template = format!("{{about}}\n\n{usage}: {{usage}}\n\n{{all-args}}{{after-help}}");
    let mut command = Args::command()
        .about(text("cli.about"))
        .after_help(text("cli.after_help"))
        .help_template(template.clone())
        .subcommand_help_heading(text("cli.help.commands"))
        .disable_help_subcommand(true)
        .mut_arg("lang", |arg| {
            arg.help(text("cli.arg.lang"))
                .help_heading(text("cli.help.options"))
        });
    for name in ["run", "check", "grade", "steps", "lesson"] {
        command = command.mut_subcommand(name, |sub| {
            let mut sub = sub
                .about(text(&format!("cli.{name}.about")))
                .after_help(text(&format!("cli.{name}.after_help")))
                .help_template(template.clone())
                .disable_help_flag(true)
                .arg(help_flag(lang));
            let ids: Vec<String> = sub
                .get_arguments()
                .map(|arg| arg.get_id().to_string())
                .collect();
            for (order, id) in ids.iter().filter(|id| *id != "help").enumerate() {
                sub = sub.mut_arg(id, |arg| {
                    let arg = arg.display_order(order);
                    let heading = if arg.is_positional() {
                        "arguments"
                    } else {
                        "options"
                    };
                    arg.help(text(&format!("cli.arg.{id}")))
                        .help_heading(text(&format!("cli.help.{heading}")))
                });
            }
            sub
        });
    }
    command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(help_flag(lang))
        .arg(
            clap::Arg::new("version")
                .long("version")
                .short('V')
                .action(clap::ArgAction::Version)
                .help(text("cli.arg.version"))
                .help_heading(text("cli.help.options")),
        )
}

fn help_flag(lang: Lang) -> clap::Arg {
    clap::Arg::new("help")
        .long("help")
        .short('h')
        .action(clap::ArgAction::Help)
        .help(t(lang, "cli.arg.help").into_owned())
        .help_heading(t(lang, "cli.help.options").into_owned())
}
