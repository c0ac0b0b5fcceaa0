//! SimPy in an environment of its own, beside which the engine is measured. Without Python or the network
//! the benchmark goes on without it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command;
use crate::files;
use crate::progress::Steps;
use crate::setup::Toolbox;

/// The SimPy that is measured.
const SIMPY: &str = "4.1.2";
/// Requests of each run.
const REQUESTS: &str = "200000";
/// What is run.
const SCRIPT: &str = "src/engine/benches/peers/simpy_bench.py";

/// Runs the three workloads; a sentence on why not, otherwise.
pub fn measure(toolbox: &Toolbox, folder: &Path, runs: u32) -> Result<Value, String> {
    let python = environment(toolbox, &folder.join("venv"))?;
    println!("SimPy {SIMPY}: {runs} runs of {REQUESTS} requests each …");
    let mut script = command::clean(python);
    script
        .arg(toolbox.project().path(SCRIPT))
        .args([REQUESTS, &runs.to_string()]);
    let printed = command::answer(&mut script)
        .ok_or(format!("{SCRIPT} failed; run it by hand to see why"))?;
    serde_json::from_str(&printed).map_err(|error| format!("{SCRIPT} printed no JSON: {error}"))
}

/// Makes the environment unless it is there; its Python.
fn environment(toolbox: &Toolbox, venv: &Path) -> Result<PathBuf, String> {
    let python = python_of(venv);
    let mut step = Steps::new(1).next(&format!("SimPy {SIMPY}"));
    if installed(&python) {
        step.found("");
        return Ok(python);
    }
    step.working("python -m venv, pip install");
    let base = ["python3", "python"]
        .iter()
        .find_map(|name| command::find_program(name))
        .ok_or("there is no Python on the path")?;
    // What an interrupted run left is no help.
    files::remove_folder(venv).map_err(|failure| failure.to_string())?;
    let mut make = command::clean(base);
    make.args(["-m", "venv"]).arg(venv);
    let mut pip = command::clean(&python);
    pip.args(["-m", "pip", "install", "--disable-pip-version-check"])
        .arg(format!("simpy=={SIMPY}"));
    for (command, advice) in [
        (make, "install Python's venv (on Debian python3-venv)"),
        (pip, "check the network"),
    ] {
        let mut command = command;
        command::run_quiet(&mut command, &toolbox.project().log("simpy"), &step)
            .map_err(|failure| failure.advise(advice).to_string())?;
    }
    if !installed(&python) {
        return Err("it was installed but cannot be imported".to_owned());
    }
    step.done();
    Ok(python)
}

fn installed(python: &Path) -> bool {
    let mut ask = command::clean(python);
    ask.args(["-c", "import simpy; print(simpy.__version__)"]);
    python.is_file() && command::answer(&mut ask).as_deref() == Some(SIMPY)
}

fn python_of(venv: &Path) -> PathBuf {
    if cfg!(windows) {
        venv.join("Scripts/python.exe")
    } else {
        venv.join("bin/python")
    }
}
