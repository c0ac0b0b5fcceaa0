//! The operating system's own packages, where they are Debian's.

use std::io::IsTerminal;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::command;
use crate::failure::{Failure, Result};
use crate::progress::Step;
use crate::project::Project;

/// Tells whether packages can be installed with apt here and now.
pub fn apt_works() -> bool {
    command::find_program("apt-get").is_some() && rights() != Rights::None
}

/// Tells whether this is Debian itself, whose packages are not all in its relatives.
pub fn is_debian() -> bool {
    let text = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    text.lines().any(|line| line == "ID=debian")
}

/// Returns the version apt would install, when it knows the package.
pub fn candidate(package: &str) -> Option<String> {
    let policy = command::answer(command::clean("apt-cache").args(["policy", package]))?;
    candidate_in(&policy).map(str::to_owned)
}

/// Fetches apt's lists, once in a run: in images they are often missing, or so old that they name
/// packages which are too old for the project or no longer there.
fn refresh(project: &Project, step: &mut Step) -> Result {
    static DONE: AtomicBool = AtomicBool::new(false);
    if DONE.swap(true, Ordering::Relaxed) {
        return Ok(());
    }
    step.working("apt-get update");
    let mut apt = as_root("apt-get");
    apt.arg("update");
    command::run_quiet(&mut apt, &project.log("apt-update"), step)
        .map_err(|failure| failure.advise("check the network and /etc/apt/sources.list"))
}

/// Installs packages.
pub fn install(project: &Project, step: &mut Step, packages: &[&str]) -> Result {
    // Without the network the lists that are there may still do: what is missing is said below.
    let refreshed = refresh(project, step);
    if packages.iter().any(|package| candidate(package).is_none()) {
        refreshed?;
    }
    if let Some(unknown) = packages.iter().find(|package| candidate(package).is_none()) {
        return Err(Failure::new(format!("apt knows no package {unknown}"))
            .advise("switch on the security updates, or install the program by hand"));
    }
    step.working(&format!(
        "apt-get install {} (1 to 3 min)",
        packages.join(" ")
    ));
    let mut apt = as_root("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive")
        .args(["install", "--yes", "--no-install-recommends"])
        .args(packages);
    command::run_quiet(&mut apt, &project.log("apt-install"), step)
}

/// Starts a command with the rights of root.
pub fn as_root(program: &str) -> Command {
    match rights() {
        Rights::Sudo => {
            let mut command = command::clean("sudo");
            // sudo drops the environment; the one variable apt wants is handed on.
            command.arg("--preserve-env=DEBIAN_FRONTEND").arg(program);
            command
        }
        Rights::Root | Rights::None => command::clean(program),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rights {
    Root,
    Sudo,
    None,
}

fn rights() -> Rights {
    if command::answer(command::clean("id").arg("-u")).as_deref() == Some("0") {
        return Rights::Root;
    }
    let sudo = command::find_program("sudo").is_some()
        && (std::io::stdin().is_terminal()
            || command::answer(command::clean("sudo").args(["-n", "true"])).is_some());
    if sudo { Rights::Sudo } else { Rights::None }
}

fn candidate_in(policy: &str) -> Option<&str> {
    let line = policy
        .lines()
        .find_map(|line| line.trim().strip_prefix("Candidate:"))?;
    Some(line.trim()).filter(|version| *version != "(none)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_candidate_is_read_from_apt_s_policy() {
        let known = "rustc-web:\n  Installed: (none)\n  Candidate: 1.96.0+dfsg3-1~deb12u1\n";
        assert_eq!(candidate_in(known), Some("1.96.0+dfsg3-1~deb12u1"));
        assert_eq!(
            candidate_in("x:\n  Installed: (none)\n  Candidate: (none)\n"),
            None
        );
        assert_eq!(candidate_in(""), None);
    }
}
