//! The panel while nothing is selected: the drawing's name and what is in it.

use archplay_editor::Command;
use archplay_model::Kind;
use archplay_model::limits::MAX_NAME_CHARS;
use yew::prelude::*;

use crate::app::feed::FeedMeasured;
use crate::app::icons::{Icon, IconName};
use crate::app::lang::{tr, use_lang};
use crate::app::session::{use_dispatch, use_document};

use super::text_field::TextField;
use super::value::format_number;

/// The panel.
#[component]
pub fn Overview() -> Html {
    let lang = use_lang();
    let document = use_document();
    let dispatch = use_dispatch();
    let design = &document.design;
    let count = |kind: Kind| {
        design
            .components
            .values()
            .filter(|c| c.kind == kind)
            .count()
    };
    let kinds: Vec<(Kind, usize)> = Kind::ALL
        .into_iter()
        .map(|kind| (kind, count(kind)))
        .filter(|(_, count)| *count > 0)
        .collect();
    let on_text = {
        let dispatch = dispatch.clone();
        Callback::from(move |name: String| {
            // The field takes no more than a name may have.
            let _ = dispatch.update(|editor| editor.apply(Command::RenameDesign { name }));
        })
    };
    let on_leave = {
        let dispatch = dispatch.clone();
        Callback::from(move |()| dispatch.update(|editor| editor.seal()))
    };
    let layout = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.update(|editor| {
                // Layout refuses nothing.
                let _ = editor.apply(Command::Layout);
                editor.fit();
            });
        })
    };
    let number = |count: usize| format_number(count as f64);
    html! {
        <div class="inspector-body">
            <header class="inspector-head">
                <Icon name={IconName::Map} size={24} />
                <h2>{ tr(lang, "inspector.drawing") }</h2>
            </header>
            <div class="field">
                <label for="design-name">{ tr(lang, "inspector.name") }</label>
                <TextField id="design-name" value={design.name.clone()} max={MAX_NAME_CHARS}
                    placeholder={tr(lang, "inspector.unnamed")} {on_text} {on_leave} />
            </div>
            if kinds.is_empty() {
                <p class="param-note">{ tr(lang, "inspector.empty") }</p>
            } else {
                <table class="counts">
                    <caption class="visually-hidden">{ tr(lang, "inspector.counts") }</caption>
                    <tbody>
                        for (kind, count) in kinds {
                            <tr key={kind.slug()}>
                                <th scope="row">
                                    <Icon name={IconName::of(kind)} size={16} />
                                    { tr(lang, &format!("kind.{}.name", kind.slug())) }
                                </th>
                                <td>{ number(count) }</td>
                            </tr>
                        }
                        <tr key="links">
                            <th scope="row">
                                <Icon name={IconName::Link} size={16} />
                                { tr(lang, "inspector.links") }
                            </th>
                            <td>{ number(design.links.len()) }</td>
                        </tr>
                    </tbody>
                </table>
                <FeedMeasured />
                <div class="inspector-actions">
                    <button type="button" class="btn" onclick={layout}>{ tr(lang, "command.layout") }</button>
                </div>
            }
        </div>
    }
}
