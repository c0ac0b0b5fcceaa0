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
    let places = files::read_text(&folder.join("app.places"))?;
    let places: Vec<(&str, &str)> = places
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let hits = files::read_text(&folder.join("app.hits"))?;
    let mut idle = vec![true; places.len()];
    for hit in hits.split_whitespace() {
        let place: usize = hit.parse().or_fail(|| format!("{hit} is no position"))?;
        if let Some(idle) = idle.get_mut(place) {
            *idle = false;
        }
    }
    // Of several with one name, one that runs keeps all.
    let all = || {
        places
            .iter()
            .zip(&idle)
            .filter(|((_, name), _)| !name.is_empty())
    };
    let ran = Moved::of(
        all()
            .filter(|(_, idle)| !**idle)
            .map(|((_, name), _)| *name),
    );
    // What stands in something idle moves with it.
    let outermost = |outer: &str| outer.parse().map_or(true, |outer: usize| !idle[outer]);
    let list = Moved::of(
        all()
            .filter(|((outer, name), idle)| **idle && outermost(outer) && !ran.has(name))
            .map(|((_, name), _)| *name),
    );
    list.write(project.root(), APP, &toolbox.compiler())?;
    println!("{} functions and parts of functions do not run", list.len());
    Ok(())
}
