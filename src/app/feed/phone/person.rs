//! Who the person is in the sample, and the choice of another.

use std::rc::Rc;

use archplay_report::{Met, Person};
use archplay_text::Lang;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::charts::format::{figure, grouped};
use crate::app::lang::{tr, trf, use_lang};

/// A user as the page calls one.
pub fn name(user: u32, lang: Lang) -> AttrValue {
    trf(lang, "feed.phone.user", &[("user", &user.to_string())])
}

/// What there is to say of somebody: friends, how often they read and post.
pub fn about(person: &Person, lang: Lang) -> AttrValue {
    let key = if person.views_per_day > 0.0 {
        "feed.phone.person"
    } else {
        "feed.phone.dormant"
    };
    trf(
        lang,
        key,
        &[
            ("friends", &grouped(person.friends.into())),
            ("views", &figure(person.views_per_day)),
            ("posts", &figure(person.posts_per_day)),
        ],
    )
}

/// Everybody one can be: the one that one is, and those suggested, by their number of friends.
fn choices(met: &Met) -> Vec<Person> {
    let mut all: Vec<Person> = met.others.clone();
    if !all.iter().any(|other| other.user == met.me.user) {
        all.push(met.me);
    }
    all.sort_by_key(|person| (person.views_per_day <= 0.0, person.friends, person.user));
    all.dedup_by_key(|person| person.user);
    all
}

/// What the choice works with.
#[derive(Properties, PartialEq)]
pub struct PersonChoiceProps {
    /// Who it is, and who could be.
    pub met: Rc<Met>,
    /// Whether a run goes on that knows others.
    pub live: bool,
    /// Becomes another.
    pub on_choose: Callback<u32>,
}

/// The choice.
#[component]
pub fn PersonChoice(props: &PersonChoiceProps) -> Html {
    let lang = use_lang();
    let onchange = {
        let on_choose = props.on_choose.clone();
        Callback::from(move |event: Event| {
            let select: Option<HtmlSelectElement> = event.target_dyn_into();
            if let Some(user) = select.and_then(|select| select.value().parse().ok()) {
                on_choose.emit(user);
            }
        })
    };
    html! {
        <div class="field phone-person">
            <label for="phone-me">{ tr(lang, "feed.phone.me") }</label>
            <select class="select" id="phone-me" {onchange} disabled={!props.live}>
                for person in choices(&props.met) {
                    <option key={person.user} value={person.user.to_string()}
                        selected={person.user == props.met.me.user}>
                        { about(&person, lang) }
                    </option>
                }
            </select>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_stands_once_in_the_choice_sleepers_last() {
        let person = |user, friends, views_per_day| Person {
            user,
            friends,
            views_per_day,
            posts_per_day: 0.0,
        };
        let met = Met {
            me: person(3, 50, 1.0),
            friends: Vec::new(),
            others: vec![person(7, 3, 0.0), person(1, 900, 1.0), person(3, 50, 1.0)],
        };
        let users: Vec<u32> = choices(&met).iter().map(|person| person.user).collect();
        assert_eq!(users, [3, 1, 7]);
    }
}
