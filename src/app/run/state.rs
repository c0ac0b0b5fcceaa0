//! What the page knows of the run: status, growing tables, verdicts. Plain values that views read.
//!
//! Must not live here: the worker, the browser, anything that acts (see `machine` and `client`).

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use archplay_course::Verdict;
use archplay_model::format::RunDoc;
use archplay_model::scenario::{Asked, Intervention};
use archplay_model::{Design, Problem, Scenario};
use archplay_protocol::{Speed, Summary};
use archplay_report::{Event, Losses, SeriesTable, Trace};

use super::hand::Hand;

/// Where the run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Nothing has been run.
    #[default]
    Idle,
    /// The worker was asked and has not begun.
    Starting,
    /// Time goes on.
    Running,
    /// Time stands still.
    Paused,
    /// The end was reached.
    Finished,
    /// A person stopped it; what was measured stays.
    Stopped,
    /// The drawing or the scenario cannot run; see `problems` or `trouble`.
    Failed,
    /// The worker died or hangs; see `trouble`.
    Dead,
}

impl Status {
    /// Whether a run is under way, moving or not.
    #[must_use]
    pub fn is_active(self) -> bool {
        matches!(self, Self::Starting | Self::Running | Self::Paused)
    }
}

/// Why the worker is of no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No sign of life for too long.
    Hang,
    /// The browser reported an error in it.
    Crashed(String),
    /// It could not be started at all.
    NoWorker(String),
    /// The worker's file is of another version than the page.
    Version,
    /// A document could not be read.
    Unreadable(String),
}

impl Trouble {
    /// The key of its sentence.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Hang => "run.trouble.hang",
            Self::Crashed(_) => "run.trouble.crashed",
            Self::NoWorker(_) => "run.trouble.no_worker",
            Self::Version => "run.trouble.version",
            Self::Unreadable(_) => "run.trouble.unreadable",
        }
    }

    /// What the machine said, for those who want to know.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Crashed(text) | Self::NoWorker(text) | Self::Unreadable(text) => {
                (!text.is_empty()).then_some(text)
            }
            Self::Hang | Self::Version => None,
        }
    }
}

/// The measured rows and events of one run. They grow in place: a clone is another handle on the same
/// data, so a frame costs its new rows and not the whole table.
#[derive(Clone, Debug, Default)]
pub struct Data(Rc<RefCell<Content>>);

#[derive(Debug, Default)]
struct Content {
    table: SeriesTable,
    events: Vec<Event>,
}

impl Data {
    /// Makes an empty table with room for all its rows.
    #[must_use]
    pub fn new(table: SeriesTable, rows_total: usize) -> Self {
        let mut table = table;
        let cells = rows_total.saturating_mul(table.keys.len());
        table.values.reserve(cells.min(32_000_000));
        Self(Rc::new(RefCell::new(Content {
            table,
            events: Vec::new(),
        })))
    }

    /// The rows. Do not keep the guard across anything that could hand in a new frame.
    #[must_use]
    pub fn table(&self) -> Ref<'_, SeriesTable> {
        Ref::map(self.0.borrow(), |content| &content.table)
    }

    /// What happened, in order of time.
    #[must_use]
    pub fn events(&self) -> Ref<'_, [Event]> {
        Ref::map(self.0.borrow(), |content| content.events.as_slice())
    }

    /// How many rows are there.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.0.borrow().table.rows()
    }

    /// Adds rows and events. Rows that do not follow on are refused.
    pub(super) fn append(&self, first_row: usize, values: &[f32], events: Vec<Event>) -> bool {
        let mut content = self.0.borrow_mut();
        let width = content.table.keys.len();
        let fits = first_row == content.table.rows()
            && (width > 0 || values.is_empty())
            && (width == 0 || values.len().is_multiple_of(width));
        if fits {
            content
                .table
                .values
                .extend(values.iter().map(|value| f64::from(*value)));
            content.events.extend(events);
        }
        fits
    }

    /// Whether two handles hold the same data.
    #[cfg(test)]
    pub fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// A run that is over and drawn as a ghost behind the next one.
#[derive(Clone, Debug)]
pub struct Previous {
    /// What was measured.
    pub data: Data,
    /// Its totals, if it was run to the end.
    pub summary: Option<Rc<Summary>>,
}

/// Everything that views need of the run. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RunState {
    /// Rises with every change.
    pub revision: u64,
    /// Where it stands.
    pub status: Status,
    /// Whether the run that was asked for has not begun: it is read, checked and compiled, also when it is to stand
    /// still from its beginning.
    pub preparing: bool,
    /// The number of the run; 0 before the first.
    pub run: u32,
    /// What was measured so far.
    pub data: Data,
    /// How many rows the run will have.
    pub rows_total: usize,
    /// Simulated time reached, in nanoseconds since the start.
    pub now_ns: u64,
    /// The drawing that was run.
    pub design: Option<Rc<Design>>,
    /// The scenario that was run.
    pub scenario: Option<Rc<Scenario>>,
    /// The seed that was run.
    pub seed: u64,
    /// How fast time goes.
    pub speed: Speed,
    /// The row under the pointer or the scrubber; `None` follows the newest.
    pub cursor: Option<usize>,
    /// What the checker said: errors when it refused, else warnings.
    pub problems: Rc<Vec<Problem>>,
    /// The totals, once the end is reached.
    pub summary: Option<Rc<Summary>>,
    /// The fingerprint of the report, once the end is reached.
    pub sha256: Option<Rc<str>>,
    /// Whether the report file can be had now.
    pub exportable: bool,
    /// Why it failed or died.
    pub trouble: Option<Trouble>,
    /// What was done by hand in it, and in a repetition what is still to be done.
    pub interventions: Rc<Vec<Intervention>>,
    /// What was asked of its news feed by hand, and in a repetition what is still to be asked.
    pub requests: Rc<Vec<Asked>>,
    /// What a person does with its news feed.
    pub hand: Rc<Hand>,
    /// Single requests, once the end is reached.
    pub traces: Rc<Vec<Trace>>,
    /// Whether this run keeps any.
    pub traced: bool,
    /// Whether the runs to come will.
    pub keep_traces: bool,
    /// What its faults have cost.
    pub losses: LossState,
    /// The file that this run repeats.
    pub replay: Option<Rc<RunDoc>>,
    /// The run before this one.
    pub previous: Option<Previous>,
    /// How the grading stands.
    pub grade: Rc<GradeState>,
}

/// Speeds a person can choose; the last is [`Speed::Full`].
pub const SPEEDS: [Speed; 5] = [
    Speed::Times(1.0),
    Speed::Times(10.0),
    Speed::Times(60.0),
    Speed::Times(300.0),
    Speed::Full,
];

/// Ten minutes of calm before an incident pass in two seconds.
pub const DEFAULT_SPEED: Speed = Speed::Times(300.0);

impl Default for RunState {
    fn default() -> Self {
        Self {
            revision: 0,
            status: Status::Idle,
            preparing: false,
            run: 0,
            data: Data::default(),
            rows_total: 0,
            now_ns: 0,
            design: None,
            scenario: None,
            seed: 1,
            speed: DEFAULT_SPEED,
            cursor: None,
            problems: Rc::new(Vec::new()),
            summary: None,
            sha256: None,
            exportable: false,
            trouble: None,
            interventions: Rc::new(Vec::new()),
            requests: Rc::new(Vec::new()),
            hand: Rc::default(),
            traces: Rc::new(Vec::new()),
            traced: true,
            keep_traces: true,
            losses: LossState::None,
            replay: None,
            previous: None,
            grade: Rc::new(GradeState::Idle),
        }
    }
}

impl PartialEq for RunState {
    fn eq(&self, other: &Self) -> bool {
        self.revision == other.revision
    }
}

impl RunState {
    /// The row that the drawing and the figures show: the cursor's, else the newest.
    #[must_use]
    pub fn shown_row(&self) -> Option<usize> {
        let rows = self.data.rows();
        let last = rows.checked_sub(1)?;
        Some(self.cursor.map_or(last, |row| row.min(last)))
    }

    /// Simulated time reached, as seconds after midnight.
    #[must_use]
    pub fn clock_secs(&self) -> Option<u32> {
        let start = self.scenario.as_ref()?.start.secs();
        let gone = u32::try_from(self.now_ns / 1_000_000_000).unwrap_or(u32::MAX);
        Some(start.saturating_add(gone))
    }

    /// Simulated time as a position in the table; clamped to what there is.
    #[must_use]
    pub fn row_of(&self, at_ns: u64) -> Option<usize> {
        let last = self.data.rows().checked_sub(1)?;
        let bucket_ns = u64::from(self.data.table().bucket_secs.max(1)) * 1_000_000_000;
        Some(usize::try_from(at_ns / bucket_ns).map_or(last, |row| row.min(last)))
    }

    /// A moment of the run as seconds after midnight.
    #[must_use]
    pub fn clock_of(&self, at_ns: u64) -> u32 {
        let gone = u32::try_from(at_ns / 1_000_000_000).unwrap_or(u32::MAX);
        self.data.table().start_secs.saturating_add(gone)
    }

    /// Whether the results belong to a drawing that behaves differently from this one. Moving a card or
    /// giving it another name changes nothing.
    #[must_use]
    pub fn is_stale(&self, design: &Rc<Design>) -> bool {
        match &self.design {
            Some(run) if self.status != Status::Idle => {
                !Rc::ptr_eq(run, design) && !same_behaviour(run, design)
            }
            _ => false,
        }
    }
}

/// Whether two drawings behave the same: place and name of a card do not matter.
#[must_use]
pub fn same_behaviour(a: &Design, b: &Design) -> bool {
    a.components.len() == b.components.len()
        && a.links.keys().eq(b.links.keys())
        && a.components
            .values()
            .zip(b.components.values())
            .all(|(x, y)| {
                x.id == y.id && x.kind == y.kind && x.parent == y.parent && x.params == y.params
            })
}

/// How the comparison of a run with its pair, the same without faults, stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum LossState {
    /// There is nothing to compare: no end yet, or nothing was broken.
    #[default]
    None,
    /// It can be made.
    Offered,
    /// The worker runs the pair; the share that is done, 0 to 1.
    Running(f32),
    /// What it came to.
    Done(Losses),
    /// It came to nothing.
    Failed,
}

/// How the grading of a task stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum GradeState {
    /// Nothing was graded.
    #[default]
    Idle,
    /// The worker runs what the task asks for.
    Running {
        /// The task, as its caller named it.
        task: Rc<str>,
        /// The run that goes on, from 0.
        part: u32,
        /// How many there are.
        parts: u32,
        /// Share of all that is done, 0 to 1.
        share: f32,
    },
    /// The verdict.
    Done {
        /// The task, as its caller named it.
        task: Rc<str>,
        /// The drawing that was graded.
        design: Rc<Design>,
        /// The verdict.
        verdict: Rc<Verdict>,
    },
    /// The drawing has errors.
    Refused {
        /// The task, as its caller named it.
        task: Rc<str>,
        /// What the checker said.
        problems: Rc<Vec<Problem>>,
    },
    /// It could not be graded.
    Failed {
        /// The task, as its caller named it.
        task: Rc<str>,
        /// Why.
        trouble: Trouble,
    },
}

impl GradeState {
    /// The task it is about.
    #[must_use]
    pub fn task(&self) -> Option<&str> {
        match self {
            Self::Idle => None,
            Self::Running { task, .. }
            | Self::Done { task, .. }
            | Self::Refused { task, .. }
            | Self::Failed { task, .. } => Some(task),
        }
    }
}
