//! The app: what a person sees and touches. One room a module.
//!
//! Contexts, from the outside in: settings (language, theme), messages, route, lessons, scenario, session (the open drawing), run,
//! desk (which drawing is open and kept), zones of the page. Must not live here: rules of the product; they are in the crates under `src/`.

pub mod bar;
pub mod canvas;
pub mod charts;
pub mod checks;
pub mod class;
pub mod combo;
pub mod dialog;
pub mod drawings;
pub mod feed;
pub mod figures;
pub mod files;
pub mod glossary;
pub mod icons;
pub mod inspector;
pub mod lang;
pub mod lesson;
pub mod number;
pub mod page;
pub mod palette;
pub mod problems;
pub mod route;
pub mod run;
pub mod scenario;
pub mod scenario_editor;
pub mod session;
pub mod shell;
pub mod shortcuts;
pub mod store;
pub mod strip;
pub mod texts;
pub mod trace;

use archplay_text::Lang;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
struct AppProps {
    lang: Lang,
}

/// The page.
#[component]
fn App(props: &AppProps) -> Html {
    html! {
        <lang::SettingsProvider lang={props.lang}>
            <dialog::ToastProvider>
                <route::RouteProvider>
                    <lesson::data::CourseProvider>
                        <scenario::ScenarioProvider>
                            <session::SessionProvider>
                                <run::RunProvider>
                                    <drawings::DeskProvider>
                                        <shell::ZonesProvider>
                                            <shell::Shell />
                                        </shell::ZonesProvider>
                                    </drawings::DeskProvider>
                                </run::RunProvider>
                            </session::SessionProvider>
                        </scenario::ScenarioProvider>
                    </lesson::data::CourseProvider>
                </route::RouteProvider>
            </dialog::ToastProvider>
        </lang::SettingsProvider>
    }
}

/// Mounts the app into the page's `#app`, which holds the loading frame until then.
pub fn mount() {
    dialog::crash::install();
    let lang = texts::install();
    if let Some(root) = gloo::utils::document().get_element_by_id("app") {
        yew::Renderer::<App>::with_root_and_props(root, AppProps { lang }).render();
    }
}
