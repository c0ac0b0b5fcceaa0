//! Which scenario is chosen: a lesson's task brings its own, the free playground chooses one.
//!
//! Must not live here: what a scenario means; that is the model's.

use std::rc::Rc;

use archplay_model::format::read_scenario;
use archplay_model::presets::Preset;
use archplay_model::{Id, Scenario};
use yew::prelude::*;

use crate::app::lesson::data::use_course;
use crate::app::route::{Desk, use_route};
use crate::app::store::local;

const CHOICE_KEY: &str = "archplay/scenario";
const OWN_KEY: &str = "archplay/own-scenario";
const SEED_KEY: &str = "archplay/seed";
const OWN_SLUG: &str = "own";
const FIRST_SEED: u64 = 1;

/// Where a scenario comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A task of a lesson.
    Lesson {
        /// The session's number.
        session: u8,
        /// The task.
        task: Id,
    },
    /// One that fits any drawing.
    Preset(Preset),
    /// A file of the person's own.
    Own,
}

/// The scenario that the next run gets.
#[derive(Clone, Debug)]
pub struct ChosenScenario {
    /// Where it comes from.
    pub source: Source,
    /// Its JSON, as the worker gets it.
    pub json: Rc<str>,
    /// The same, read.
    pub scenario: Rc<Scenario>,
    /// The seed.
    pub seed: u64,
}

impl PartialEq for ChosenScenario {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
            && self.seed == other.seed
            && (Rc::ptr_eq(&self.json, &other.json) || self.json == other.json)
    }
}

impl ChosenScenario {
    fn new(source: Source, json: &str, seed: u64) -> Option<Self> {
        let scenario = read_scenario(json).ok()?;
        Some(Self {
            source,
            json: json.into(),
            scenario: scenario.into(),
            seed,
        })
    }
}

/// Changes the choice. Never changes while the page lives.
#[derive(Clone, PartialEq)]
pub struct ScenarioSetter {
    /// Chooses a preset for the free playground.
    pub preset: Callback<Preset>,
    /// Takes JSON, already found readable, as the free playground's own scenario, and chooses it.
    pub own: Callback<Rc<str>>,
    /// Goes back to the own scenario that is kept.
    pub choose_own: Callback<()>,
    /// Sets the seed.
    pub seed: Callback<u64>,
}

/// Returns the chosen scenario; `None` while a lesson is loading or is not there.
#[hook]
pub fn use_scenario() -> Option<Rc<ChosenScenario>> {
    use_context::<Option<Rc<ChosenScenario>>>().flatten()
}

/// Returns the free playground's own scenario, chosen or not.
#[hook]
pub fn use_own_scenario() -> Option<Rc<Scenario>> {
    use_context::<OwnCtx>().and_then(|ctx| ctx.0)
}

/// Returns what changes the choice.
#[hook]
pub fn use_scenario_setter() -> ScenarioSetter {
    use_context::<ScenarioSetter>().unwrap_or_else(|| ScenarioSetter {
        preset: Callback::noop(),
        own: Callback::noop(),
        choose_own: Callback::noop(),
        seed: Callback::noop(),
    })
}

#[derive(Clone, PartialEq)]
struct OwnCtx(Option<Rc<Scenario>>);

/// The free playground's choice: a preset, or the own file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    Preset(Preset),
    Own,
}

impl Choice {
    fn from_slug(slug: &str) -> Option<Self> {
        if slug == OWN_SLUG {
            return Some(Self::Own);
        }
        Preset::from_slug(slug).map(Self::Preset)
    }

    const fn slug(self) -> &'static str {
        match self {
            Self::Preset(preset) => preset.slug(),
            Self::Own => OWN_SLUG,
        }
    }
}

/// What stands inside a provider.
#[derive(Properties, PartialEq)]
pub struct ProviderProps {
    /// What sees the context.
    pub children: Html,
}

/// Provides the chosen scenario.
#[component]
pub fn ScenarioProvider(props: &ProviderProps) -> Html {
    let route = use_route();
    let course = use_course();
    let choice = use_state_eq(|| {
        local::get(CHOICE_KEY)
            .and_then(|slug| Choice::from_slug(&slug))
            .unwrap_or(Choice::Preset(Preset::Steady))
    });
    let own = use_state_eq(|| local::get(OWN_KEY).map(Rc::<str>::from));
    let seed = use_state_eq(|| {
        local::get(SEED_KEY)
            .and_then(|text| text.parse().ok())
            .unwrap_or(FIRST_SEED)
    });

    let task = course.task();
    let key = (
        route.desk,
        task.as_ref().map(|task| task.task.id.clone()),
        *choice,
        (*own).clone(),
        *seed,
    );
    let chosen = use_memo(key, |(desk, id, choice, own, seed)| {
        let chosen = match (*desk, id, task) {
            (Desk::Session(session), Some(id), Some(task)) => {
                let source = Source::Lesson {
                    session,
                    task: id.clone(),
                };
                ChosenScenario::new(source, &task.scenario, *seed)
            }
            (Desk::Session(_), _, _) => None,
            (Desk::Free, _, _) => free(*choice, own.as_deref(), *seed),
        };
        chosen.map(Rc::new)
    });
    let own_read = use_memo((*own).clone(), |own| {
        own.as_deref()
            .and_then(|json| read_scenario(json).ok())
            .map(Rc::new)
    });

    let set_preset = use_callback((), {
        let choice = choice.setter();
        move |preset: Preset, ()| {
            local::set(CHOICE_KEY, preset.slug());
            choice.set(Choice::Preset(preset));
        }
    });
    let choose_own = use_callback((), {
        let choice = choice.setter();
        move |(), ()| {
            local::set(CHOICE_KEY, Choice::Own.slug());
            choice.set(Choice::Own);
        }
    });
    let set_own = use_callback((), {
        let (choice, own) = (choice.setter(), own.setter());
        move |json: Rc<str>, ()| {
            // A browser that cannot keep it still runs it until the page is closed.
            local::set(OWN_KEY, &json);
            local::set(CHOICE_KEY, Choice::Own.slug());
            own.set(Some(json));
            choice.set(Choice::Own);
        }
    });
    let set_seed = use_callback((), {
        let seed = seed.setter();
        move |value: u64, ()| {
            local::set(SEED_KEY, &value.to_string());
            seed.set(value);
        }
    });
    let setter = ScenarioSetter {
        preset: set_preset,
        own: set_own,
        choose_own,
        seed: set_seed,
    };
    html! {
        <ContextProvider<ScenarioSetter> context={setter}>
            <ContextProvider<OwnCtx> context={OwnCtx((*own_read).clone())}>
                <ContextProvider<Option<Rc<ChosenScenario>>> context={(*chosen).clone()}>
                    { props.children.clone() }
                </ContextProvider<Option<Rc<ChosenScenario>>>>
            </ContextProvider<OwnCtx>>
        </ContextProvider<ScenarioSetter>>
    }
}

/// The free playground's scenario; a kept file that can no longer be read gives way to the first preset.
fn free(choice: Choice, own: Option<&str>, seed: u64) -> Option<ChosenScenario> {
    let preset = match choice {
        Choice::Preset(preset) => preset,
        Choice::Own => {
            let kept = own.and_then(|json| ChosenScenario::new(Source::Own, json, seed));
            if kept.is_some() {
                return kept;
            }
            Preset::Steady
        }
    };
    ChosenScenario::new(Source::Preset(preset), preset.json(), seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_own_scenario_gives_way() {
        let source = |choice, own| free(choice, own, 7).map(|chosen| chosen.source);
        let preset = Preset::Daily;
        assert_eq!(
            source(Choice::Preset(preset), None),
            Some(Source::Preset(preset))
        );
        assert_eq!(source(Choice::Own, Some(preset.json())), Some(Source::Own));
        for broken in [None, Some("{"), Some("")] {
            assert_eq!(
                source(Choice::Own, broken),
                Some(Source::Preset(Preset::Steady))
            );
        }
    }

    #[test]
    fn choices_keep_their_names() {
        for choice in Preset::ALL
            .map(Choice::Preset)
            .into_iter()
            .chain([Choice::Own])
        {
            assert!(Choice::from_slug(choice.slug()) == Some(choice));
        }
    }
}
