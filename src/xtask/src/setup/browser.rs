//! The browser the tests run in: Chromium or Chrome, its driver, and Korean letters.

use std::env;
use std::path::PathBuf;

use super::{Toolbox, system};
use crate::command;
use crate::failure::{Failure, Result};
use crate::progress::Steps;

const BROWSERS: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];
const PLACES: [&str; 5] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
];

/// A browser and the program that drives it.
#[derive(Clone, Debug)]
pub struct Browser {
    /// The browser itself.
    pub program: PathBuf,
    /// The driver the wasm tests go through.
    pub driver: PathBuf,
}

impl Browser {
    /// Arguments that keep the browser quiet and away from the network; the browser tests
    /// in `tests/e2e/support` use the same.
    pub const ARGUMENTS: [&str; 8] = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];
}

/// Finds the browser, its driver and a font with Korean, or installs Debian's.
pub fn ensure(toolbox: &mut Toolbox, steps: &mut Steps) -> Result {
    let mut step = steps.next("browser");
    let project = toolbox.project().clone();
    let mut missing = Vec::new();
    if find_browser().is_none() {
        missing.push("chromium");
    }
    if find_driver().is_none() {
        missing.push("chromium-driver");
    }
    if cfg!(target_os = "linux") && !has_korean() {
        missing.push("fonts-noto-cjk");
    }
    if missing.is_empty() {
        let browser = found()?;
        step.found(&browser.program.display().to_string());
        toolbox.browser = Some(browser);
        return Ok(());
    }
    if system::apt_works() {
        system::install(&project, &mut step, &missing)?;
        toolbox.browser = Some(found()?);
        step.done();
    } else {
        // A missing font spoils pictures only.
        toolbox.browser = Some(found()?);
        step.remark("ok, found, but without a font for Korean (fonts-noto-cjk)");
    }
    Ok(())
}

fn found() -> Result<Browser> {
    let program = find_browser().ok_or_else(|| {
        Failure::new("there is no Chromium or Chrome")
            .advise("install one, or set ARCHPLAY_CHROMIUM to the program")
    })?;
    let driver = find_driver().ok_or_else(|| {
        Failure::new("there is no chromedriver")
            .advise("install the one that fits your browser, or set CHROMEDRIVER to the program")
    })?;
    Ok(Browser { program, driver })
}

fn find_browser() -> Option<PathBuf> {
    from_variable("ARCHPLAY_CHROMIUM")
        .or_else(|| BROWSERS.iter().find_map(|name| command::find_program(name)))
        .or_else(|| {
            PLACES
                .iter()
                .map(PathBuf::from)
                .find(|place| place.is_file())
        })
}

fn find_driver() -> Option<PathBuf> {
    // CHROMEWEBDRIVER is the folder GitHub's machines name.
    let folder = env::var_os("CHROMEWEBDRIVER").map(PathBuf::from);
    from_variable("CHROMEDRIVER")
        .or_else(|| command::find_in(folder.into_iter(), "chromedriver"))
        .or_else(|| command::find_program("chromedriver"))
}

fn from_variable(name: &str) -> Option<PathBuf> {
    env::var_os(name)
        .map(PathBuf::from)
        .filter(|path| path.is_file())
}

fn has_korean() -> bool {
    let mut list = command::clean("fc-list");
    match command::answer(list.args([":lang=ko", "file"])) {
        Some(fonts) => !fonts.is_empty(),
        None => PathBuf::from("/usr/share/fonts/opentype/noto").is_dir(),
    }
}
