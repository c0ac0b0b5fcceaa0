//! The news feed: whose feeds there are, how active people are, in which datasets it lies, and accounts with
//! followers.

use archplay_editor::scenario::{At, List, ScenarioCommand};
use yew::prelude::*;

use super::edit::use_shown;
use super::field::{Fields, Problems};
use super::journeys::{Add, Tool};
use super::list::{Item, ItemList};
use crate::app::charts::format::{figure, grouped};
use crate::app::icons::IconName;
use crate::app::lang::{tr, trf, use_lang};

/// Whether there is one.
const ON: &[&str] = &["on"];

/// The fields in their groups; each is named by `scenario.feed_group.<slug>`.
const GROUPS: [(&str, &[&str]); 5] = [
    (
        "people",
        &[
            "visitors_per_day",
            "users",
            "dormant",
            "mean_friends",
            "median_friends",
            "max_friends",
        ],
    ),
    (
        "activity",
        &[
            "views_per_day",
            "posts_per_day",
            "peak_factor",
            "view_sigma",
            "post_sigma",
            "together",
        ],
    ),
    (
        "changes",
        &[
            "befriends_per_day",
            "unfriends_per_day",
            "blocks_per_day",
            "unblocks_per_day",
            "deletes_per_day",
        ],
    ),
    ("page", &["page_posts", "entry_bytes", "warm_days"]),
    (
        "datasets",
        &[
            "lists",
            "friendships",
            "posts",
            "outboxes",
            "profiles",
            "media",
            "media_share",
        ],
    ),
];

/// The section.
#[component]
pub fn FeedSection() -> Html {
    let lang = use_lang();
    let Some(shown) = use_shown() else {
        return Html::default();
    };
    let is_there = shown.scenario.feed.is_some();
    html! {
        <div class="sced-detail">
            <section aria-label={tr(lang, "scenario.feed")}>
                <h3>{ tr(lang, "scenario.feed") }</h3>
                <Fields at={At::Feed} only={ON} />
                if !is_there {
                    <p class="field-help">{ tr(lang, "scenario.feed_help") }</p>
                }
            </section>
            if is_there {
                for (slug, only) in GROUPS {
                    <section key={slug} aria-label={tr(lang, &format!("scenario.feed_group.{slug}"))}>
                        <h3>{ tr(lang, &format!("scenario.feed_group.{slug}")) }</h3>
                        <Fields at={At::Feed} {only} />
                    </section>
                }
                <section aria-label={tr(lang, "scenario.tab.celebrities")}>
                    <h3>{ tr(lang, "scenario.tab.celebrities") }</h3>
                    <p class="field-help">{ tr(lang, "scenario.celebrities_help") }</p>
                    <Problems path="feed.celebrities" />
                    <Celebrities />
                </section>
            }
        </div>
    }
}

/// Accounts with followers: a list, and the fields of the chosen one.
#[component]
fn Celebrities() -> Html {
    let lang = use_lang();
    let selected = use_state_eq(|| 0_usize);
    let Some(shown) = use_shown() else {
        return Html::default();
    };
    let celebrities = shown.scenario.feed.as_ref().map(|feed| &feed.celebrities);
    let Some(celebrities) = celebrities else {
        return Html::default();
    };
    let items: Vec<Item> = celebrities
        .iter()
        .enumerate()
        .map(|(i, celebrity)| {
            let number = (i + 1).to_string();
            let followers = grouped(celebrity.followers.max(0.0) as u64);
            let (a_day, moments) = (celebrity.posts_per_day, celebrity.at.len());
            Item {
                name: trf(lang, "scenario.celebrity", &[("number", &number)]),
                about: trf(
                    lang,
                    "scenario.celebrity_about",
                    &[
                        ("followers", &followers),
                        ("posts", &figure(a_day)),
                        ("moments", &moments.to_string()),
                    ],
                ),
                bad: !shown
                    .problems_at(&format!("feed.celebrities[{i}]"), true)
                    .is_empty(),
            }
        })
        .collect();
    let index = (*selected).min(items.len().saturating_sub(1));
    let select = {
        let selected = selected.setter();
        Callback::from(move |index| selected.set(index))
    };
    let moments = celebrities
        .get(index)
        .map_or(0, |celebrity| celebrity.at.len());
    let moment = |n: usize| {
        let at = At::Moment(index, n);
        html! {
            <li key={n} class="sced-or">
                <Fields at={at.clone()} />
                <Tool command={ScenarioCommand::Remove(at)} icon={IconName::Minus} label={tr(lang, "scenario.remove_moment")} />
            </li>
        }
    };
    html! {
        <ItemList list={List::Celebrities} slug="celebrities" {items} selected={index} {select}>
            <section key={index} aria-label={tr(lang, "scenario.celebrity_fields")}>
                <Fields at={At::Celebrity(index)} />
                <h4>{ tr(lang, "scenario.moments") }</h4>
                <p class="field-help">{ tr(lang, "scenario.moments_help") }</p>
                if moments > 0 {
                    <ul class="sced-ors">{ for (0..moments).map(moment) }</ul>
                }
                <Problems path={format!("feed.celebrities[{index}].at")} below={true} />
                <Add list={List::Moments(index)} slug="moments" />
            </section>
        </ItemList>
    }
}
