//! Which scenario is chosen: a lesson's task brings its own, the free playground chooses one,
//! and own scenarios can be had anywhere.
//!
//! Must not live here: what a scenario means; that is the model's.

mod chooser;
mod own;

use std::rc::Rc;

use archplay_course::bundle::LessonBundle;
use archplay_model::format::read_scenario;
use archplay_model::presets::Preset;
use archplay_model::{Id, Scenario};
use gloo::events::EventListener;
use yew::prelude::*;

use crate::app::lesson::data::use_course;
use crate::app::route::{Desk, use_route};
use crate::app::store::local;
use crate::app::store::scenarios::ScenarioRecord;

pub use chooser::{ScenarioButton, ScenarioChooser, lasts, shown_name};
pub use own::{OwnActions, OwnState};

const CHOICE_KEY: &str = "archplay/scenario";
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
    /// A further scenario of a lesson, which is not graded.
    Extra {
        /// The lesson.
        lesson: Id,
        /// Its name there.
        id: Id,
    },
    /// One that fits any drawing.
    Preset(Preset),
    /// One of the person's own, by its id on the shelf.
    Own(Rc<str>),
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

/// Changes the choice.
#[derive(Clone, PartialEq)]
pub struct ScenarioSetter {
    /// Chooses a scenario. In the free playground the choice is remembered; in a session it holds until
    /// another task is opened, and the task is graded under its own scenario whatever is chosen.
    pub choose: Callback<Source>,
    /// Chooses a scenario for the free playground, wherever one is.
    pub choose_free: Callback<Source>,
    /// Sets the seed.
    pub seed: Callback<u64>,
}

/// Returns the chosen scenario; `None` while a lesson or an own scenario is loading or is not there.
#[hook]
pub fn use_scenario() -> Option<Rc<ChosenScenario>> {
    use_context::<Option<Rc<ChosenScenario>>>().flatten()
}

/// Returns what changes the choice.
#[hook]
pub fn use_scenario_setter() -> ScenarioSetter {
    use_context::<ScenarioSetter>().unwrap_or_else(|| ScenarioSetter {
        choose: Callback::noop(),
        choose_free: Callback::noop(),
        seed: Callback::noop(),
    })
}

/// Returns the person's own scenarios.
#[hook]
pub fn use_own_scenarios() -> OwnState {
    use_context::<OwnState>().unwrap_or_default()
}

/// Returns what can be done with them.
#[hook]
pub fn use_own_actions() -> OwnActions {
    use_context::<OwnActions>().unwrap_or_else(|| OwnActions::new(Callback::noop()))
}

/// The source of the task that is open, if one is.
#[hook]
pub fn use_lesson_source() -> Option<Source> {
    let (route, course) = (use_route(), use_course());
    let task = course.task();
    match (route.desk, task) {
        (Desk::Session(session), Some(task)) => Some(Source::Lesson {
            session,
            task: task.task.id.clone(),
        }),
        _ => None,
    }
}

/// A choice that can be remembered; a lesson's further scenario only while the lesson is open.
#[derive(Clone, PartialEq, Eq)]
enum Choice {
    Extra(Id),
    Preset(Preset),
    Own(Rc<str>),
}

impl Choice {
    /// The choice of a source; a task's scenario is none.
    fn of(source: &Source) -> Option<Self> {
        match source {
            Source::Lesson { .. } => None,
            Source::Extra { id, .. } => Some(Self::Extra(id.clone())),
            Source::Preset(preset) => Some(Self::Preset(*preset)),
            Source::Own(id) => Some(Self::Own(id.clone())),
        }
    }

    fn from_slug(slug: &str) -> Option<Self> {
        match slug.split_once(':') {
            Some((OWN_SLUG, id)) => Some(Self::Own(id.into())),
            // Versions before this one knew only one.
            None if slug == OWN_SLUG => Some(Self::Own(own::OLD_ID.into())),
            _ => Preset::from_slug(slug).map(Self::Preset),
        }
    }

    fn slug(&self) -> String {
        match self {
            // Read again it is none.
            Self::Extra(id) => format!("extra:{id}"),
            Self::Preset(preset) => preset.slug().to_owned(),
            Self::Own(id) => format!("{OWN_SLUG}:{id}"),
        }
    }
}

/// A choice made in a session, and for which of its tasks.
type InSession = Option<(Desk, Option<Id>, Choice)>;

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
    let (own, actions) = use_own_shelf();
    let choice = use_state_eq(|| {
        local::get(CHOICE_KEY)
            .and_then(|slug| Choice::from_slug(&slug))
            .unwrap_or(Choice::Preset(Preset::Steady))
    });
    let in_session = use_state_eq(|| InSession::None);
    let seed = use_state_eq(|| {
        local::get(SEED_KEY)
            .and_then(|text| text.parse().ok())
            .unwrap_or(FIRST_SEED)
    });

    let task = course.task();
    let place = (route.desk, task.as_ref().map(|task| task.task.id.clone()));
    let other = match &*in_session {
        Some((desk, task, choice)) if (*desk, task) == (place.0, &place.1) => Some(choice.clone()),
        _ => None,
    };
    let choice_here = match place.0 {
        Desk::Session(_) => other,
        Desk::Free => Some((*choice).clone()),
    };
    use_effect_with(
        matches!(choice_here, Some(Choice::Own(_))) && own.list.is_none(),
        {
            let actions = actions.clone();
            move |wanted| {
                if *wanted {
                    actions.load();
                }
            }
        },
    );
    let key = (place.clone(), choice_here, own.list.clone(), *seed);
    let chosen = use_memo(key, |((desk, id), choice, own, seed)| {
        let lesson = || match (*desk, id, &task) {
            (Desk::Session(session), Some(id), Some(task)) => {
                let source = Source::Lesson {
                    session,
                    task: id.clone(),
                };
                ChosenScenario::new(source, &task.scenario, *seed)
            }
            (Desk::Session(_), _, _) => None,
            (Desk::Free, _, _) => preset(Preset::Steady, *seed),
        };
        let chosen = match choice {
            None => lesson(),
            Some(Choice::Extra(id)) => task
                .as_ref()
                .and_then(|task| of_lesson(&task.lesson, id, *seed))
                .or_else(lesson),
            Some(Choice::Preset(chosen)) => preset(*chosen, *seed),
            Some(Choice::Own(id)) => match own.as_deref() {
                None => None,
                // One that is gone, or can no longer be read, gives way.
                Some(own) => of_own(id, own, *seed).or_else(lesson),
            },
        };
        chosen.map(Rc::new)
    });

    let choose_free = use_callback((), {
        let choice = choice.setter();
        move |source: Source, ()| {
            if let Some(next) = Choice::of(&source) {
                local::set(CHOICE_KEY, &next.slug());
                choice.set(next);
            }
        }
    });
    let choose = use_callback(place, {
        let (choose_free, in_session) = (choose_free.clone(), in_session.setter());
        move |source: Source, (desk, task): &(Desk, Option<Id>)| match Choice::of(&source) {
            None => in_session.set(None),
            Some(_) if *desk == Desk::Free => choose_free.emit(source),
            Some(next) => in_session.set(Some((*desk, task.clone(), next))),
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
        choose,
        choose_free,
        seed: set_seed,
    };
    html! {
        <ContextProvider<ScenarioSetter> context={setter}>
            <ContextProvider<OwnActions> context={actions}>
                <ContextProvider<OwnState> context={own}>
                    <ContextProvider<Option<Rc<ChosenScenario>>> context={(*chosen).clone()}>
                        { props.children.clone() }
                    </ContextProvider<Option<Rc<ChosenScenario>>>>
                </ContextProvider<OwnState>>
            </ContextProvider<OwnActions>>
        </ContextProvider<ScenarioSetter>>
    }
}

/// The own scenarios and what can be done with them; kept also when the page is left.
#[hook]
fn use_own_shelf() -> (OwnState, OwnActions) {
    let own = use_reducer_eq(OwnState::default);
    let dispatcher = own.dispatcher();
    let actions = use_memo((), |()| {
        OwnActions::new(Callback::from(move |change| dispatcher.dispatch(change)))
    });
    use_effect_with((), {
        let actions = actions.clone();
        move |()| {
            let listener = EventListener::new(&gloo::utils::window(), "pagehide", move |_| {
                actions.leave();
            });
            move || drop(listener)
        }
    });
    ((*own).clone(), (*actions).clone())
}

/// A further scenario of a lesson.
fn of_lesson(lesson: &LessonBundle, id: &Id, seed: u64) -> Option<ChosenScenario> {
    let extra = lesson.extras.iter().find(|extra| extra.id == *id)?;
    let source = Source::Extra {
        lesson: lesson.id.clone(),
        id: id.clone(),
    };
    ChosenScenario::new(source, &extra.scenario, seed)
}

fn preset(preset: Preset, seed: u64) -> Option<ChosenScenario> {
    ChosenScenario::new(Source::Preset(preset), preset.json(), seed)
}

fn of_own(id: &Rc<str>, own: &[ScenarioRecord], seed: u64) -> Option<ChosenScenario> {
    let record = own.iter().find(|record| *record.id == **id)?;
    ChosenScenario::new(Source::Own(id.clone()), &record.json, seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_own_scenario_gives_way() {
        let own = |json: &str| ScenarioRecord {
            id: "a".into(),
            name: Default::default(),
            json: json.into(),
            modified_ms: 1.0,
        };
        let id: Rc<str> = "a".into();
        let good = of_own(&id, &[own(Preset::Daily.json())], 7);
        assert_eq!(
            good.map(|chosen| chosen.source),
            Some(Source::Own(id.clone()))
        );
        assert_eq!(of_own(&id, &[own("{")], 7), None);
        assert_eq!(of_own(&id, &[], 7), None);
    }

    #[test]
    fn choices_keep_their_names() {
        let presets = Preset::ALL.map(Choice::Preset).into_iter();
        for choice in presets.chain([Choice::Own("d1-2".into())]) {
            assert!(Choice::from_slug(&choice.slug()) == Some(choice));
        }
        assert!(Choice::from_slug("own") == Some(Choice::Own("own".into())));
    }
}
