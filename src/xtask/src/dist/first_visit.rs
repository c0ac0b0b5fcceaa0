//! Watches a first visit and writes down what it does not run: the list by which the page's program is cut.

use crate::check::browser;
use crate::failure::{OrFail as _, Result};
use crate::files;
use crate::progress::Steps;
use crate::setup::Toolbox;

use super::parts::list::Moved;
use super::parts::{APP, Mode};

/// Builds a site whose functions tell when they run, makes a first visit to it, and writes the list.
pub fn watch(toolbox: &Toolbox) -> Result {
    let mut steps = Steps::new(10);
    let project = toolbox.project();
    let folder = project.wasm_target().join("first-visit");
    files::remove_folder(&folder)?;
    let site = folder.join("site");
    super::assemble(toolbox, &site, &Mode::Watch(folder.clone()), &mut steps)?;
    steps.heading("a first visit");
    let script = project.e2e().join("first-visit.mjs");
    browser::with_site_in(toolbox, &site, &[script, folder.clone()])?;
    let names = files::read_text(&folder.join("app.names"))?;
    let names: Vec<&str> = names.lines().collect();
    let hits = files::read_text(&folder.join("app.hits"))?;
    let mut idle = vec![true; names.len()];
    for hit in hits.split_whitespace() {
        let place: usize = hit.parse().or_fail(|| format!("{hit} is no position"))?;
        if let Some(idle) = idle.get_mut(place) {
            *idle = false;
        }
    }
    // Of several functions with one name, one that runs keeps all.
    let ran = Moved::of(pick(&names, &idle, false));
    let list = Moved::of(pick(&names, &idle, true).filter(|name| !ran.has(name)));
    list.write(project.root(), APP)?;
    println!("{} of {} functions do not run", list.len(), names.len());
    Ok(())
}

fn pick<'a>(names: &'a [&'a str], idle: &'a [bool], wanted: bool) -> impl Iterator<Item = &'a str> {
    names
        .iter()
        .zip(idle)
        .filter(move |(name, idle)| **idle == wanted && !name.is_empty())
        .map(|(name, _)| *name)
}
