//! Where a person is: session, free playground, "my drawings", the checks; written in the address's hash, so that the
//! page works under any folder and a link leads back.
//!
//! Must not live here: what is shown there.

use gloo::events::EventListener;
use yew::prelude::*;

use crate::app::store::local;

const LAST_KEY: &str = "archplay/last-place";

/// The session that a first visit opens.
pub const FIRST_SESSION: u8 = 3;
/// How many sessions the lecture has.
pub const SESSIONS: u8 = 8;

/// The number of the place for a lesson from a file.
pub const OWN: u8 = 0;
const OWN_SLUG: &str = "own";

/// What the page works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Desk {
    /// A session of the lecture, from 1; [`OWN`] is the lesson from a file.
    Session(u8),
    /// The free playground.
    Free,
}

impl Desk {
    /// The name in addresses and storage keys.
    pub fn slug(self) -> String {
        match self {
            Self::Session(OWN) => OWN_SLUG.to_owned(),
            Self::Session(number) => format!("s{number}"),
            Self::Free => "free".to_owned(),
        }
    }

    /// Finds a place by its name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        if slug == "free" {
            return Some(Self::Free);
        }
        if slug == OWN_SLUG {
            return Some(Self::Session(OWN));
        }
        let number: u8 = slug.strip_prefix('s')?.parse().ok()?;
        let desk = Self::Session(number);
        // `s03` and `s+3` are no addresses of ours.
        ((1..=SESSIONS).contains(&number) && desk.slug() == slug).then_some(desk)
    }
}

/// The tools for a class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// The day's timetable.
    #[default]
    Day,
    /// The teams' table.
    Teams,
    /// The lock on hints and answers.
    Lock,
    /// What was reached: out, in, away.
    Record,
}

impl Tool {
    /// All, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Day, Self::Teams, Self::Lock, Self::Record];

    /// The name in addresses and text keys.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Teams => "teams",
            Self::Lock => "lock",
            Self::Record => "record",
        }
    }
}

/// An address within the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Work somewhere.
    Desk(Desk),
    /// The list of drawings, over what was open before.
    Drawings,
    /// The editor of the scenario, over what was open before.
    Scenario,
    /// The checks of the engine against theory, in place of what was open before.
    Checks,
    /// The tools for a class, in place of what was open before.
    Class(Tool),
    /// The text of a session alone.
    Read(u8),
}

impl Route {
    /// The address, with its `#`.
    pub fn hash(self) -> String {
        match self {
            Self::Desk(desk) => format!("#/{}", desk.slug()),
            Self::Drawings => "#/drawings".to_owned(),
            Self::Scenario => "#/scenario".to_owned(),
            Self::Checks => "#/checks".to_owned(),
            Self::Class(tool) => format!("#/class/{}", tool.slug()),
            Self::Read(number) => format!("#/{}/read", Desk::Session(number).slug()),
        }
    }

    /// Reads an address; `None` when there is none, or when it names an element of the page.
    ///
    /// # Errors
    /// The address, cut to a length that can be shown, when nothing of ours is there.
    pub fn parse(hash: &str) -> Result<Option<Self>, String> {
        let Some(path) = hash.strip_prefix("#/") else {
            return Ok(None);
        };
        let path = path.trim_matches('/');
        if path.is_empty() {
            return Ok(None);
        }
        if path == "drawings" {
            return Ok(Some(Self::Drawings));
        }
        if path == "scenario" {
            return Ok(Some(Self::Scenario));
        }
        if path == "checks" {
            return Ok(Some(Self::Checks));
        }
        if path == "class" {
            return Ok(Some(Self::Class(Tool::default())));
        }
        if let Some(slug) = path.strip_prefix("class/")
            && let Some(tool) = Tool::ALL.into_iter().find(|tool| tool.slug() == slug)
        {
            return Ok(Some(Self::Class(tool)));
        }
        if let Some(Desk::Session(number)) = path.strip_suffix("/read").and_then(Desk::from_slug) {
            return Ok(Some(Self::Read(number)));
        }
        match Desk::from_slug(path) {
            Some(desk) => Ok(Some(Self::Desk(desk))),
            None => Err(hash.chars().take(40).collect()),
        }
    }
}

/// What an instructor's link begins with.
const JOIN: &str = "#/join/";

/// The address of an instructor's link, with its `#`.
pub fn join_hash(token: &str) -> String {
    format!("{JOIN}{token}")
}

/// Where the page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteState {
    /// What is worked on.
    pub desk: Desk,
    /// Whether the list of drawings is open.
    pub drawings: bool,
    /// Whether the editor of the scenario is open.
    pub scenario: bool,
    /// Whether the checks against theory are open.
    pub checks: bool,
    /// The tool for a class that is open.
    pub class: Option<Tool>,
    /// Whether the session's text is shown alone.
    pub read: bool,
    /// What an instructor's link asks for, see [`join_hash`].
    pub join: Option<String>,
    /// The address that led nowhere, if the last one did.
    pub unknown: Option<String>,
}

impl RouteState {
    fn next(hash: &str, before: Desk) -> Self {
        let join = hash.strip_prefix(JOIN).map(ToOwned::to_owned);
        let route = match join {
            Some(_) => Ok(None),
            None => Route::parse(hash),
        };
        let class = match route {
            Ok(Some(Route::Class(tool))) => Some(tool),
            _ => None,
        };
        let read = matches!(route, Ok(Some(Route::Read(_))));
        let drawings = route == Ok(Some(Route::Drawings));
        let scenario = route == Ok(Some(Route::Scenario));
        let checks = route == Ok(Some(Route::Checks));
        let (desk, unknown) = match route {
            Ok(Some(Route::Desk(desk))) => (desk, None),
            Ok(Some(Route::Read(number))) => (Desk::Session(number), None),
            Ok(_) => (before, None),
            Err(address) => (Desk::Session(FIRST_SESSION), Some(address)),
        };
        Self {
            desk,
            drawings,
            scenario,
            checks,
            class,
            read,
            join,
            unknown,
        }
    }
}

/// Returns where the page is.
#[hook]
pub fn use_route() -> RouteState {
    use_context::<RouteState>().unwrap_or(RouteState {
        desk: Desk::Session(FIRST_SESSION),
        drawings: false,
        scenario: false,
        checks: false,
        class: None,
        read: false,
        join: None,
        unknown: None,
    })
}

/// Goes to an address, as a click on a link would.
pub fn navigate(route: Route) {
    // Fails only for an address the browser cannot parse; ours are plain.
    let _ = gloo::utils::window().location().set_hash(&route.hash());
}

fn last_place() -> Desk {
    local::get(LAST_KEY)
        .and_then(|slug| Desk::from_slug(&slug))
        .unwrap_or(Desk::Session(FIRST_SESSION))
}

fn current_hash() -> String {
    gloo::utils::window().location().hash().unwrap_or_default()
}

/// What stands inside a provider.
#[derive(Properties, PartialEq)]
pub struct ProviderProps {
    /// What sees the context.
    pub children: Html,
}

/// Provides the place and follows the address.
#[component]
pub fn RouteProvider(props: &ProviderProps) -> Html {
    let state = use_state_eq(|| RouteState::next(&current_hash(), last_place()));
    use_effect_with((), {
        let state = state.clone();
        // Not from storage: a browser that keeps nothing must not lead elsewhere.
        let mut here = state.desk;
        move |()| {
            let listener = EventListener::new(&gloo::utils::window(), "hashchange", move |_| {
                let next = RouteState::next(&current_hash(), here);
                here = next.desk;
                state.set(next);
            });
            move || drop(listener)
        }
    });
    use_effect_with(state.desk, |desk| {
        local::set(LAST_KEY, &desk.slug());
    });
    html! {
        <ContextProvider<RouteState> context={(*state).clone()}>
            { props.children.clone() }
        </ContextProvider<RouteState>>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_reads_back() {
        let desks = (OWN..=SESSIONS).map(Desk::Session).chain([Desk::Free]);
        for route in desks
            .map(Route::Desk)
            .chain([Route::Drawings, Route::Scenario, Route::Checks])
            .chain(Tool::ALL.map(Route::Class))
            .chain((OWN..=SESSIONS).map(Route::Read))
        {
            assert_eq!(Route::parse(&route.hash()), Ok(Some(route)));
        }
    }

    #[test]
    fn stale_addresses_are_named() {
        for hash in [
            "#/s0",
            "#/s9",
            "#/s03",
            "#/s+3",
            "#/s",
            "#/free/x",
            "#/free/read",
            "#/s9/read",
            "#/classes",
            "#/class/x",
            "#/S3",
            "#/한글",
        ] {
            assert_eq!(Route::parse(hash), Err(hash.to_owned()), "{hash}");
        }
        for hash in ["", "#", "#/", "#canvas"] {
            assert_eq!(Route::parse(hash), Ok(None), "{hash}");
        }
    }

    #[test]
    fn the_list_stays_over_the_open_place() {
        let state = RouteState::next("#/drawings", Desk::Free);
        assert!(state.drawings && state.desk == Desk::Free);
        let state = RouteState::next("#/scenario", Desk::Free);
        assert!(state.scenario && !state.drawings && state.desk == Desk::Free);
        let state = RouteState::next("#/checks", Desk::Free);
        assert!(state.checks && !state.drawings && state.desk == Desk::Free);
        let state = RouteState::next("#/class", Desk::Free);
        assert!(state.class == Some(Tool::Day) && state.desk == Desk::Free);
        let state = RouteState::next("#/s4/read", Desk::Free);
        assert!(state.read && state.desk == Desk::Session(4));
        let state = RouteState::next(&join_hash("1.ab"), Desk::Session(4));
        assert_eq!(state.join.as_deref(), Some("1.ab"));
        assert!(state.unknown.is_none() && state.desk == Desk::Session(4));
        let state = RouteState::next("#/s77", Desk::Free);
        assert_eq!(state.desk, Desk::Session(FIRST_SESSION));
        assert_eq!(state.unknown.as_deref(), Some("#/s77"));
    }
}
