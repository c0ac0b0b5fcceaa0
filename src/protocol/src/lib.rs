//! What the page and the worker say to each other: plain types and their bytes.
//!
//! Documents travel as the JSON text of their files, so that the worker reads exactly what a file would
//! hold. Everything else is postcard. Must not live here: anything that acts.

mod feed;
mod traces;

use archplay_course::Verdict;
use archplay_model::scenario::{Asked, FaultAction, FaultTarget, Intervention};
use archplay_model::{Id, Problem};
use archplay_report::{
    Aggregation, Event, FeedTotals, Measure, Person, Reason, SeriesKey, Standing,
};
use serde::{Deserialize, Serialize};

pub use feed::{HandAnswer, HandRequest};
pub use traces::TraceBook;

/// Rises with every change of these types; page and worker of different versions refuse each other.
pub const VERSION: u32 = 5;

/// The page speaks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToWorker {
    /// Says who it is; the worker answers with [`FromWorker::Hello`].
    Hello {
        /// The page's [`VERSION`].
        version: u32,
    },
    /// Starts a run; one that goes on is dropped.
    Run {
        /// A number that every answer carries.
        run: u32,
        /// Design JSON.
        design: String,
        /// Scenario JSON.
        scenario: String,
        /// The seed.
        seed: u64,
        /// How fast.
        speed: Speed,
        /// Whether traces are kept, which costs about a tenth of the speed.
        traces: bool,
    },
    /// Stops time; everything stays.
    Pause,
    /// Goes on.
    Resume,
    /// Goes on for one bucket, then pauses.
    Step,
    /// Changes the speed.
    SetSpeed(Speed),
    /// Drops the run. Answered by [`FromWorker::Stopped`].
    Stop,
    /// Asks for the report file of the finished run. Answered by [`FromWorker::Report`].
    Export {
        /// Which run.
        run: u32,
    },
    /// Grades a design: runs all that the task asks for, one after the other, at full speed.
    Grade {
        /// A number that every answer carries.
        run: u32,
        /// Design JSON.
        design: String,
        /// The task as in the lesson bundle (JSON).
        task: String,
        /// The seed.
        seed: u64,
    },
    /// Asks for a sign of life. Answered by [`FromWorker::Alive`].
    Ping(u32),
    /// A person breaks or mends something in the run that goes on. Answered by [`FromWorker::Intervened`];
    /// without such a run, not at all: a grading hears nothing of it.
    Intervene {
        /// What happens.
        action: FaultAction,
        /// To whom.
        target: FaultTarget,
    },
    /// Starts a run as [`ToWorker::Run`] does and repeats what was done by hand in an earlier one.
    Replay {
        /// A number that every answer carries.
        run: u32,
        /// Design JSON.
        design: String,
        /// Scenario JSON.
        scenario: String,
        /// The seed.
        seed: u64,
        /// How fast.
        speed: Speed,
        /// What is to be done, in order of time.
        interventions: Vec<Intervention>,
        /// What is to be asked of the news feed, in order of time. Each is answered by [`FromWorker::Answered`].
        requests: Vec<Asked>,
        /// Whether traces are kept.
        traces: bool,
    },
    /// Runs the pair of a run that has ended, in the background: the same documents without faults, at full
    /// speed. Whatever else is asked for comes first and ends it. Answered by [`FromWorker::Paired`].
    Pair {
        /// A number that every answer carries.
        run: u32,
        /// Design JSON.
        design: String,
        /// Scenario JSON, with its faults.
        scenario: String,
        /// The seed.
        seed: u64,
        /// What was asked of the news feed by hand: no fault, so the pair has it too.
        requests: Vec<Asked>,
    },
    /// Asks who lives in the feed of the run that goes on. Answered by [`FromWorker::Met`]; if the run has no feed,
    /// or no such user, not at all.
    Meet {
        /// Whose friends are wanted; a user with as many friends as most if absent.
        user: Option<u32>,
    },
    /// A person asks something of the news feed of the run that goes on, as a user of its sample. Answered by
    /// [`FromWorker::Intervened`] and [`FromWorker::Answered`]; without such a run, not at all.
    ByHand(HandRequest),
}

/// How fast simulated time goes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Speed {
    /// Simulated seconds a second.
    Times(f64),
    /// As fast as the machine can.
    Full,
}

/// The worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromWorker {
    /// It is there.
    Hello {
        /// The worker's [`VERSION`].
        version: u32,
    },
    /// The run was compiled and begins.
    Started {
        /// Which run.
        run: u32,
        /// What the checker warns of.
        warnings: Vec<Problem>,
        /// The columns of every row that follows.
        keys: Vec<SeriesKey>,
        /// Seconds after midnight of the first row.
        start_secs: u32,
        /// Seconds a row.
        bucket_secs: u32,
        /// How many rows there will be.
        rows: u32,
    },
    /// The design or scenario cannot run.
    Refused {
        /// Which run.
        run: u32,
        /// Why.
        problems: Vec<Problem>,
    },
    /// A document could not be read.
    Unreadable {
        /// Which run.
        run: u32,
        /// The code of the load error and its place, for the log.
        detail: String,
    },
    /// More rows and events.
    Frames {
        /// Which run.
        run: u32,
        /// The first row in `values`.
        first_row: u32,
        /// The rows, one after the other.
        values: Vec<f32>,
        /// New events.
        events: Vec<Event>,
        /// Simulated time reached, in nanoseconds.
        now_ns: u64,
        /// Whether time stands still now.
        paused: bool,
    },
    /// The run has ended.
    Finished {
        /// Which run.
        run: u32,
        /// Totals for the verdict strip, as JSON of `Totals` (focus), cost and causes.
        summary: Box<Summary>,
        /// SHA-256 of the report file.
        sha256: String,
    },
    /// The run was dropped.
    Stopped {
        /// Which run.
        run: u32,
    },
    /// The report file.
    Report {
        /// Which run.
        run: u32,
        /// Its JSON.
        json: String,
        /// Its SHA-256.
        sha256: String,
    },
    /// How far the grading is.
    Grading {
        /// Which run.
        run: u32,
        /// The graded run that goes on, from 0.
        part: u32,
        /// How many there are.
        parts: u32,
        /// Share of this part that is done, 0 to 1.
        share: f32,
    },
    /// The verdict.
    Graded {
        /// Which run.
        run: u32,
        /// The verdict.
        verdict: Verdict,
    },
    /// A sign of life.
    Alive(u32),
    /// What people have done by hand in this run, and what is still to be repeated.
    Intervened {
        /// Which run.
        run: u32,
        /// All that was broken and mended, in order of time.
        interventions: Vec<Intervention>,
        /// All that was asked of the news feed, in order of time.
        requests: Vec<Asked>,
    },
    /// Who lives in the feed of the run.
    Met {
        /// Which run.
        run: u32,
        /// The user that was asked for.
        me: Person,
        /// That one's friends: those first who have posted. At most 40.
        friends: Vec<Person>,
        /// Others to be: with few friends, with as many as most, with many, one who never reads.
        others: Vec<Person>,
    },
    /// A request made by hand has its answer, or was given up.
    Answered {
        /// Which run.
        run: u32,
        /// The answer.
        answer: HandAnswer,
    },
    /// Single requests of the run that is about to end, if it kept any.
    Traces {
        /// Which run.
        run: u32,
        /// The requests.
        book: TraceBook,
    },
    /// How far a paired run is.
    Pairing {
        /// Which run.
        run: u32,
        /// Share that is done, 0 to 1.
        share: f32,
    },
    /// What a paired run came to.
    Paired {
        /// Which run.
        run: u32,
        /// Its counts.
        standing: Standing,
    },
}

/// What the run strip shows when a run has ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Requests begun by visitors in the focus window.
    pub offered: u64,
    /// Of them answered well.
    pub good: u64,
    /// Visitors who came in the focus window.
    pub visitors: u64,
    /// Of them through in time.
    pub visitors_done: u64,
    /// Failures in the focus window by the index of their reason.
    pub failed: Vec<(Reason, u64)>,
    /// Cost of the run in price units.
    pub cost: f64,
    /// Earliest failures: component, reason, first time (ns), count.
    pub causes: Vec<(Id, Reason, u64, u64)>,
    /// Requests served since the start, administrators included.
    pub requests: u64,
    /// SHA-256 of the design's JSON.
    pub design_sha256: String,
    /// SHA-256 of the scenario's JSON.
    pub scenario_sha256: String,
    /// How the aggregated mode went, if the scenario asked for it.
    pub aggregation: Option<Aggregation>,
    /// What the whole run came to, to be compared with its pair.
    pub standing: Standing,
    /// By component what its kind measures and what tells something, in id order.
    pub measures: Vec<(Id, Vec<(Measure, f64)>)>,
    /// What became of the news feed, if the scenario has one.
    pub feed: Option<FeedTotals>,
}

/// A message already turned into bytes: what the worker library carries from thread to thread. Opaque to
/// it, so that bytes nobody understands are an error to answer and never one to die of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packet(pub Vec<u8>);

impl Serialize for Packet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Packet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl serde::de::Visitor<'_> for Bytes {
            type Value = Packet;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Packet, E> {
                Ok(Packet(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// Turns a message into bytes.
///
/// # Errors
/// Only if the allocator fails; the types hold nothing that postcard refuses.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_allocvec(message)
}

/// Reads a message.
///
/// # Errors
/// Bytes that are no such message.
pub fn decode<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, postcard::Error> {
    postcard::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        let message = ToWorker::Run {
            run: 7,
            design: "{}".into(),
            scenario: "{}".into(),
            seed: u64::MAX,
            speed: Speed::Times(60.0),
            traces: true,
        };
        assert_eq!(
            decode::<ToWorker>(&encode(&message).unwrap()).unwrap(),
            message
        );
        assert!(decode::<FromWorker>(&[255, 255, 255]).is_err());
        let packet = Packet(vec![0, 1, 255]);
        assert_eq!(decode::<Packet>(&encode(&packet).unwrap()).unwrap(), packet);
    }
}
