//! What a person asks of the news feed of a run: which request has which number, and which answers time that stands
//! still has to wait for.

use std::collections::{BTreeMap, BTreeSet};

use archplay_engine::Run;
use archplay_model::limits::MAX_INTERVENTIONS;
use archplay_protocol::{FromWorker, HandAnswer, HandRequest};
use archplay_report::{HandOutcome, Reason};

/// How far a run that stands still goes on for an answer, in nanoseconds: a minute.
const MOST_NS: u64 = 60_000_000_000;

/// Requests that have no answer yet.
#[derive(Default)]
pub struct Open {
    /// The page's number of each, by its place in the list.
    numbers: BTreeMap<u32, u32>,
    /// Those made while time stood still.
    waited_for: BTreeSet<u32>,
    until_ns: u64,
}

impl Open {
    /// Requests of a repetition: each has its place as its number.
    pub fn plan(&mut self, engine: &Run) {
        let places = 0..engine.requests().len() as u32;
        self.numbers = places.map(|place| (place, place)).collect();
    }

    /// A request is made. One too many is refused.
    pub fn ask(
        &mut self,
        run: u32,
        request: HandRequest,
        engine: &mut Run,
        out: &mut Vec<FromWorker>,
    ) -> Option<u32> {
        if engine.requests().len() >= MAX_INTERVENTIONS {
            let now_ns = engine.requests().last().map_or(0, |last| last.at_ns);
            out.push(failed(run, request.number, now_ns, Reason::Refused));
            return None;
        }
        let place = engine.ask_by_hand(request.user, request.ask);
        // What was planned for later is not asked any more.
        self.keep_only(place);
        self.numbers.insert(place, request.number);
        Some(place)
    }

    /// Requests from this place on are not made any more.
    pub fn keep_only(&mut self, count: u32) {
        self.numbers.retain(|place, _| *place < count);
        self.waited_for.retain(|place| *place < count);
    }

    /// Time stands still and goes on for the answer to this request.
    pub fn wait_for(&mut self, place: u32, now_ns: u64) {
        self.waited_for.insert(place);
        self.until_ns = now_ns.saturating_add(MOST_NS);
    }

    /// How far time that stands still goes on for answers, if any is waited for.
    pub fn waits_until(&self) -> Option<u64> {
        (!self.waited_for.is_empty()).then_some(self.until_ns)
    }

    /// No answer is waited for any more; they come when time goes on.
    pub fn wait_no_more(&mut self) {
        self.waited_for.clear();
    }

    /// Tells the answers that have come.
    pub fn tell(&mut self, run: u32, engine: &mut Run, out: &mut Vec<FromWorker>) {
        for answer in engine.take_answers() {
            self.waited_for.remove(&answer.place);
            if let Some(number) = self.numbers.remove(&answer.place) {
                let answer = HandAnswer::pack(number, &answer);
                out.push(FromWorker::Answered { run, answer });
            }
        }
    }

    /// The run has ended: nobody answers any more.
    pub fn end(&mut self, run: u32, engine: &Run, out: &mut Vec<FromWorker>) {
        for (place, number) in std::mem::take(&mut self.numbers) {
            let asked = engine.requests().get(place as usize);
            let asked_ns = asked.map_or(0, |asked| asked.at_ns);
            out.push(failed(run, number, asked_ns, Reason::Timeout));
        }
    }
}

fn failed(run: u32, number: u32, at_ns: u64, reason: Reason) -> FromWorker {
    let answer = archplay_report::HandAnswer {
        place: 0,
        asked_ns: at_ns,
        answered_ns: at_ns,
        outcome: HandOutcome::Failed { reason },
        trace: None,
    };
    FromWorker::Answered {
        run,
        answer: HandAnswer::pack(number, &answer),
    }
}
