//! The checks' files: the list with all numbers, and the documents of a case when they are wanted.

use std::rc::Rc;

use archplay_report::check::Check;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app::lesson::data::{FetchError, fetch};

pub use crate::app::lesson::data::Remote;

/// Returns all cases, and what tries again after a failure.
#[hook]
pub fn use_checks() -> (Remote<Vec<Rc<Check>>>, Callback<()>) {
    let checks = use_state(|| Remote::<Vec<Rc<Check>>>::Loading);
    let attempt = use_state_eq(|| 0_u32);
    use_effect_with(*attempt, {
        let checks = checks.setter();
        move |_| {
            checks.set(Remote::Loading);
            spawn_local(async move {
                checks.set(match fetch::<Vec<Check>>("checks/index.json").await {
                    Ok(list) => Remote::Ready(Rc::new(list.into_iter().map(Rc::new).collect())),
                    Err(error) => Remote::Failed(error),
                });
            });
        }
    });
    let retry = Callback::from(move |()| attempt.set(*attempt + 1));
    ((*checks).clone(), retry)
}

/// Fetches a case with its drawings and scenarios.
///
/// # Errors
/// [`FetchError`].
pub async fn with_documents(check: &Check) -> Result<Check, FetchError> {
    match &check.file {
        Some(file) => fetch(file).await,
        None => Err(FetchError::NotYet),
    }
}
