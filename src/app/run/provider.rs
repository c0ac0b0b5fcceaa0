//! Brings the machine, the worker and Yew together: effects happen here and nowhere else.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use gloo::events::EventListener;
use gloo::timers::callback::{Interval, Timeout};
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

use crate::app::dialog::crash::boot;

use super::client::{Client, Heard};
use super::input::{Effect, Input, RunCommand, STOP_MS};
use super::machine::Machine;
use super::save::save_file;
use super::state::{GradeState, RunState, Status};

/// Milliseconds after which an idle page starts its worker.
const WARM_MS: u32 = 400;
/// The window hears this when `start.js` has fetched the fast worker.
const FASTER: &str = "archplay-faster";

/// Hands out commands; its identity never changes.
#[derive(Clone)]
pub struct RunDispatch(Rc<Controller>);

impl PartialEq for RunDispatch {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl RunDispatch {
    /// Gives a command.
    pub fn apply(&self, command: RunCommand) {
        self.0.input(Input::Command(command));
    }

    /// The state at this moment, for callbacks that must not wait for a render.
    #[must_use]
    pub fn now(&self) -> Rc<RunState> {
        Rc::new(self.0.machine.borrow().state().clone())
    }
}

struct Controller {
    machine: RefCell<Machine>,
    client: RefCell<Option<Client>>,
    publish: Callback<Rc<RunState>>,
    me: Weak<Controller>,
}

impl Controller {
    fn new(publish: Callback<Rc<RunState>>) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            machine: RefCell::default(),
            client: RefCell::default(),
            publish,
            me: me.clone(),
        })
    }

    fn input(&self, input: Input) {
        let (effects, state, ended) = {
            let mut machine = self.machine.borrow_mut();
            let ended = |machine: &Machine| {
                matches!(machine.state().status, Status::Finished | Status::Stopped)
            };
            let over_before = ended(&machine);
            let before = machine.state().revision;
            let effects = machine.handle(input);
            let changed = machine.state().revision != before;
            let state = changed.then(|| Rc::new(machine.state().clone()));
            (effects, state, !over_before && ended(&machine))
        };
        if let Some(state) = state {
            self.publish.emit(state);
        }
        if ended {
            tell_end();
        }
        for effect in effects {
            self.perform(effect);
        }
    }

    fn perform(&self, effect: Effect) {
        match effect {
            Effect::Spawn => self.spawn(),
            Effect::Terminate => {
                // Dropped outside its own listener: it may be the one that is calling.
                let client = self.client.borrow_mut().take();
                Timeout::new(0, move || drop(client)).forget();
            }
            Effect::Send(message) => {
                if let Some(client) = &*self.client.borrow() {
                    client.send(message);
                }
            }
            Effect::AwaitStop(run) => {
                let me = self.me.clone();
                Timeout::new(STOP_MS, move || {
                    if let Some(me) = me.upgrade() {
                        me.input(Input::StopOverdue(run));
                    }
                })
                .forget();
            }
            Effect::Save { name, json } => save_file(&name, &json),
        }
    }

    fn spawn(&self) {
        let me = self.me.clone();
        let spawned = Client::spawn(move |heard| {
            if let Some(me) = me.upgrade() {
                me.input(match heard {
                    Heard::Message(message) => Input::Message(message),
                    Heard::Crashed(detail) => Input::Crashed(detail),
                });
            }
        });
        match spawned {
            Ok(client) => *self.client.borrow_mut() = Some(client),
            Err(detail) => self.input(Input::NoWorker(detail)),
        }
    }
}

/// After a run there is time to fetch what its show did without; when it is there, nothing is done.
fn tell_end() {
    let ended = boot().and_then(|boot| Reflect::get(&boot, &"ended".into()).ok());
    if let Some(ended) = ended.and_then(|ended| ended.dyn_into::<Function>().ok()) {
        // It is fetched again when it is wanted.
        let _ = ended.call0(&JsValue::UNDEFINED);
    }
}

#[derive(Clone, PartialEq)]
struct GradeCtx(Rc<GradeState>);

#[derive(Clone, PartialEq)]
struct RunCtx(Rc<RunState>);

/// What it stands around.
#[derive(Properties, PartialEq)]
pub struct RunProviderProps {
    /// The page.
    pub children: Html,
}

/// Gives the page its run, see `use_run` and `use_run_dispatch`.
#[component]
pub fn RunProvider(props: &RunProviderProps) -> Html {
    let state = use_state(|| Rc::new(RunState::default()));
    let controller = {
        let setter = state.setter();
        use_memo((), move |()| {
            Controller::new(Callback::from(move |state| setter.set(state)))
        })
    };
    {
        let controller = (*controller).clone();
        use_effect_with((), move |()| {
            let tick = controller.clone();
            let seconds = Interval::new(1000, move || tick.input(Input::Second));
            let faster = controller.clone();
            let faster = EventListener::new(&gloo::utils::window(), FASTER, move |_| {
                faster.input(Input::Faster);
            });
            let warm = Timeout::new(WARM_MS, move || controller.input(Input::Warm));
            move || drop((seconds, faster, warm))
        });
    }
    let dispatch = RunDispatch((*controller).clone());
    let grade = GradeCtx(state.grade.clone());
    html! {
        <ContextProvider<RunDispatch> context={dispatch}>
            <ContextProvider<GradeCtx> context={grade}>
                <ContextProvider<RunCtx> context={RunCtx((*state).clone())}>
                    { props.children.clone() }
                </ContextProvider<RunCtx>>
            </ContextProvider<GradeCtx>>
        </ContextProvider<RunDispatch>>
    }
}

/// The run; renders anew with every frame, so use it only where figures of the run are shown.
#[hook]
pub fn use_run() -> Rc<RunState> {
    use_context::<RunCtx>().map_or_else(|| Rc::new(RunState::default()), |ctx| ctx.0)
}

/// The grading; renders anew only when that changes.
#[hook]
pub fn use_grade() -> Rc<GradeState> {
    use_context::<GradeCtx>().map_or_else(|| Rc::new(GradeState::Idle), |ctx| ctx.0)
}

/// Gives commands to the run; never renders anew.
#[hook]
pub fn use_run_dispatch() -> RunDispatch {
    let fallback = use_memo((), |()| Controller::new(Callback::noop()));
    use_context::<RunDispatch>().unwrap_or_else(|| RunDispatch((*fallback).clone()))
}
