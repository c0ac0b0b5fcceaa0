//! Tests of the page's components, compiled to wasm and run in a real browser.

use std::path::Path;

use crate::command;
use crate::failure::{Failure, Result};
use crate::files;
use crate::setup::{Browser, Toolbox};

/// Runs the wasm tests of the page.
pub fn tests(toolbox: &Toolbox) -> Result {
    let Some(browser) = &toolbox.browser else {
        return Err(Failure::new("no browser was set up"));
    };
    let settings = toolbox.project().wasm_target().join("webdriver.json");
    files::write(&settings, webdriver_settings(browser))?;
    let mut cargo = toolbox.wasm_command("cargo");
    cargo
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            "wasm-bindgen-test-runner",
        )
        .env("CHROMEDRIVER", &browser.driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &settings)
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .args([
            "test",
            "--target",
            "wasm32-unknown-unknown",
            "--package",
            "archplay-app",
        ]);
    command::run(&mut cargo)
}

/// Tells the driver which browser to start and how.
fn webdriver_settings(browser: &Browser) -> String {
    let arguments: Vec<String> = Browser::ARGUMENTS
        .iter()
        .map(|argument| json_string(argument))
        .collect();
    format!(
        "{{\"goog:chromeOptions\": {{\"binary\": {}, \"args\": [{}]}}}}\n",
        json_string(&path_text(&browser.program)),
        arguments.join(", ")
    )
}

fn path_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Writes a text as JSON; paths of Windows have backslashes.
fn json_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_json() {
        let browser = Browser {
            program: "C:\\Chrome\\chrome.exe".into(),
            driver: "driver".into(),
        };
        let text = webdriver_settings(&browser);
        assert!(
            text.contains(r#""binary": "C:\\Chrome\\chrome.exe""#),
            "{text}"
        );
        assert!(text.contains(r#""args": ["--headless", "#), "{text}");
    }
}
