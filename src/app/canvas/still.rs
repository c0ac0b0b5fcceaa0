//! A drawing that does not move and cannot be touched: for text that is read and printed.
//!
//! The same cards, groups and links as on the canvas, without an editor behind them. Must not live here: how one of them
//! looks.

use std::rc::Rc;

use archplay_editor::Editor;
use archplay_model::Design;
use yew::prelude::*;

use super::card::Card;
use super::groups;
use super::links;
use crate::app::lang::use_lang;

/// Room around the drawing, in canvas units; links may go around the outermost cards.
const MARGIN: f64 = 32.0;

/// What is drawn.
#[derive(Properties, PartialEq)]
pub struct StillProps {
    /// The drawing; compared by identity.
    pub design: Same,
    /// What it is called.
    pub label: AttrValue,
}

/// A drawing that is the same only if it is the very one.
#[derive(Clone)]
pub struct Same(pub Rc<Design>);

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The drawing as a picture.
#[component]
pub fn Still(props: &StillProps) -> Html {
    let lang = use_lang();
    let design = &*props.design.0;
    let routes = use_memo(props.design.clone(), |design| {
        Editor::new((*design.0).clone()).routes()
    });
    let Some(bounds) = design.bounds() else {
        return Html::default();
    };
    let all = (routes.iter()).fold(bounds, |all, (_, route)| all.union(&route.bounds()));
    let (width, height) = (all.w + 2.0 * MARGIN, all.h + 2.0 * MARGIN);
    let view = format!("{} {} {width} {height}", all.x - MARGIN, all.y - MARGIN);
    html! {
        <svg class="still" viewBox={view} width={width.to_string()} height={height.to_string()} role="img"
            aria-label={props.label.clone()}>
            { groups::still(design, lang) }
            for (key, route) in routes.iter() {
                <g key={key.name()}>{ links::still(route) }</g>
            }
            for component in design.components.values().filter(|c| !c.kind.is_group()) {
                <Card key={component.id.as_str()} component={component.clone()} aws={false} selected={false} still={true} />
            }
        </svg>
    }
}
