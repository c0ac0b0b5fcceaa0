//! What the run's state machine hears and what it asks for. Words only; what follows is in `machine`.

use std::rc::Rc;

use archplay_model::Design;
use archplay_model::format::RunDoc;
use archplay_model::scenario::{FaultAction, FaultTarget, HandAsk};
use archplay_protocol::{FromWorker, Speed, ToWorker};

/// What a person or the page wants.
#[derive(Clone, Debug, PartialEq)]
pub enum RunCommand {
    /// Starts a run; one that goes on is dropped.
    Start {
        /// The drawing.
        design: Rc<Design>,
        /// Scenario JSON.
        scenario: Rc<str>,
        /// The seed.
        seed: u64,
        /// How fast.
        speed: Speed,
    },
    /// Starts a run and repeats what was done by hand in an earlier one.
    Replay {
        /// The drawing.
        design: Rc<Design>,
        /// Scenario JSON.
        scenario: Rc<str>,
        /// The earlier run's file.
        doc: Rc<RunDoc>,
        /// How fast.
        speed: Speed,
    },
    /// Breaks or mends something in the run that goes on.
    Intervene {
        /// What happens.
        action: FaultAction,
        /// To whom.
        target: FaultTarget,
    },
    /// Asks who lives in the news feed of the run that goes on.
    Meet(Option<u32>),
    /// Asks something of that feed, as one of its users.
    Ask {
        /// Who asks.
        user: u32,
        /// What for.
        ask: HandAsk,
        /// What a new post says.
        text: Option<Rc<str>>,
    },
    /// Shows the way of a request that was made by hand; `None` shows none.
    ShowTurn(Option<u32>),
    /// Stops time.
    Pause,
    /// Goes on.
    Resume,
    /// Goes on for one bucket.
    Step,
    /// Ends the run where it is; what was measured stays.
    Stop,
    /// Changes the speed, also of the next run.
    SetSpeed(Speed),
    /// Points at a row; `None` follows the newest.
    SetCursor(Option<usize>),
    /// Saves the report file of the finished run.
    Export,
    /// Saves the finished run's own file: what is needed to repeat it.
    ExportRun,
    /// Runs the pair of the finished run, to say what its faults have cost.
    Pair,
    /// Ends that.
    StopPair,
    /// Whether the runs to come keep traces.
    KeepTraces(bool),
    /// Repeats the finished run to the byte, with traces.
    TraceAgain,
    /// Grades a drawing.
    Grade {
        /// The drawing.
        design: Rc<Design>,
        /// The task's id: comes back in [`GradeState`].
        task: Rc<str>,
        /// The task as in the lesson bundle (JSON).
        task_json: Rc<str>,
        /// The seed.
        seed: u64,
    },
    /// Ends the grading without a verdict.
    StopGrade,
    /// Forgets all results.
    Clear,
}

/// What the machine hears.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A command.
    Command(RunCommand),
    /// The worker answered.
    Message(FromWorker),
    /// The browser reported an error in the worker.
    Crashed(String),
    /// The worker could not be made.
    NoWorker(String),
    /// A second has passed.
    Second,
    /// A stop should have been answered by now.
    StopOverdue(u32),
    /// The page has nothing else to do: start the worker, so that the first run begins at once.
    Warm,
    /// The fast worker's program has come: whatever is started from now on is one.
    Faster,
}

/// What is to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Start a worker.
    Spawn,
    /// Kill it.
    Terminate,
    /// Tell it something; kept until it listens.
    Send(ToWorker),
    /// Come back with [`Input::StopOverdue`] after [`STOP_MS`].
    AwaitStop(u32),
    /// Remember whether runs keep traces.
    KeepTraces(bool),
    /// Hand the report file to the person.
    Save {
        /// The file's name.
        name: String,
        /// Its content.
        json: String,
    },
}

/// After this time without an answer to a stop, the worker is killed.
pub const STOP_MS: u32 = 90;
