//! The layer of groups: frames that hold cards, outer ones first.

use archplay_model::{Component, Design, Id, Kind, Rect};
use archplay_text::Lang;
use yew::prelude::*;

use crate::app::icons::IconName;
use crate::app::lang::use_lang;
use crate::app::session::{use_interaction, use_live_document, use_seen, use_selection};
use crate::app::shell::use_zones;

use super::card::element_id;
use super::names::{display_name, size_line};
use super::text;

/// All groups, by id.
#[component]
pub fn Groups() -> Html {
    let document = use_live_document();
    let selection = use_selection();
    let interaction = use_interaction();
    let lang = use_lang();
    let aws = use_zones().layout.aws_captions;
    let seen = use_seen();
    let adopt = interaction.overlay.adopt.as_ref();
    let shown =
        |group: &&Component| seen.shows(&group.rect()) || selection.single() == Some(&group.id);
    html! {
        for group in outer_first(&document.design).into_iter().filter(shown) {
            <Group key={group.id.as_str()} id={group.id.clone()} kind={group.kind}
                frame={Frame(group.rect())}
                name={display_name(group, lang)} line={size_line(group, lang)}
                caption={group.kind.aws_name().filter(|_| aws).unwrap_or_default()}
                selected={selection.components.contains(&group.id)}
                adopting={adopt == Some(&group.id)} />
        }
    }
}

/// The groups of a picture.
pub fn still(design: &Design, lang: Lang) -> Html {
    let group = |group: &Component| {
        html! {
            <Group key={group.id.as_str()} id={group.id.clone()} kind={group.kind} frame={Frame(group.rect())}
                name={display_name(group, lang)} line={size_line(group, lang)} caption={AttrValue::default()}
                selected={false} adopting={false} still={true} />
        }
    };
    outer_first(design).into_iter().map(group).collect()
}

/// Groups in the order of painting.
fn outer_first(design: &Design) -> Vec<&Component> {
    let mut groups: Vec<_> = design
        .components
        .values()
        .filter(|c| c.kind.is_group())
        .collect();
    groups.sort_by(|a, b| {
        let depth = |id: &Id| design.ancestors(id).len();
        depth(&a.id)
            .cmp(&depth(&b.id))
            .then((b.w * b.h).total_cmp(&(a.w * a.h)))
    });
    groups
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Frame(Rect);

#[derive(Properties, PartialEq)]
struct GroupProps {
    id: Id,
    kind: Kind,
    frame: Frame,
    name: AttrValue,
    line: AttrValue,
    caption: AttrValue,
    selected: bool,
    adopting: bool,
    /// Whether it only stands in a picture.
    #[prop_or_default]
    still: bool,
}

#[component]
fn Group(props: &GroupProps) -> Html {
    let Rect { x, y, w, h } = props.frame.0;
    let (name, _) = text::fit(&props.name, (w - 48.0).max(24.0), 13.0);
    let tab = (text::width(&name, 13.0) + 40.0).min(w);
    let left = w - tab - 20.0;
    let note = match (props.line.is_empty(), props.caption.is_empty()) {
        (false, true) => props.line.to_string(),
        (true, _) => props.caption.to_string(),
        (false, false) => format!("{} · {}", props.line, props.caption),
    };
    let (note, _) = text::fit(&note, left.max(0.0), 12.0);
    let class = classes!(
        "group",
        props.kind.slug(),
        props.selected.then_some("selected"),
        props.adopting.then_some("adopting"),
    );
    let (w, h) = (w.to_string(), h.to_string());
    html! {
        <g {class} id={(!props.still).then(|| element_id(&props.id))} role="img" aria-label={format!("{} {}", props.name, props.line)}
            transform={format!("translate({x} {y})")}>
            <rect class="group-box" width={w} height={h} rx="10" />
            <path class="group-tab" d={format!("M0 10a10 10 0 0 1 10-10h{}v16a8 8 0 0 1-8 8H0Z", tab - 10.0)} />
            <path class="group-icon" transform="translate(8 4) scale(.667)" d={IconName::of(props.kind).path()} />
            <text class="group-name" x="29" y="16.5">{ name }</text>
            if left > 40.0 {
                <text class="group-line" x={(tab + 8.0).to_string()} y="16.5">{ note }</text>
            }
        </g>
    }
}
