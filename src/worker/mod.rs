//! The worker's side of the protocol, on gloo-worker.
//!
//! Here are the browser's parts: messages, clock, yielding. What is done with them is in `session`, which
//! knows no browser. Must not live here: simulation.

mod by_hand;
mod codec;
mod grading;
mod live;
mod pace;
mod pairing;
mod session;
mod slice;
mod summary;
#[cfg(test)]
mod tests;
mod ticker;

use archplay_protocol::{FromWorker, Packet, VERSION, decode, encode};
use gloo_worker::{HandlerId, Registrable, Worker, WorkerScope};
use wasm_bindgen::JsCast;

use codec::Postcard;
use session::{Next, Session};
use ticker::Ticker;

/// Makes this thread serve the page.
pub fn register() {
    Server::registrar().encoding::<Postcard>().register();
}

/// Time for the next slice.
pub struct Tick;

struct Server {
    session: Session,
    clock: Clock,
    ticker: Ticker,
    /// Whether a [`Tick`] is on its way.
    waiting: bool,
    /// Who is told.
    caller: Option<HandlerId>,
}

/// The browser's clock. It is looked up once: a run at full speed asks it thousands of times a second.
struct Clock(Option<web_sys::Performance>);

impl Clock {
    fn of_this_thread() -> Self {
        let scope = js_sys::global().dyn_into::<web_sys::WorkerGlobalScope>();
        Self(scope.ok().and_then(|scope| scope.performance()))
    }

    /// Milliseconds since the worker began.
    fn now_ms(&self) -> f64 {
        self.0.as_ref().map_or(0.0, web_sys::Performance::now)
    }
}

impl Server {
    fn respond(&self, scope: &WorkerScope<Self>, messages: Vec<FromWorker>) {
        let Some(caller) = self.caller else { return };
        for message in messages {
            if let Ok(bytes) = encode(&message) {
                scope.respond(caller, Packet(bytes));
            }
        }
    }

    fn schedule(&mut self, next: Next) {
        if self.waiting {
            return;
        }
        match next {
            Next::Now => self.ticker.soon(),
            Next::In(ms) => self.ticker.after(ms),
            Next::Idle => return,
        }
        self.waiting = true;
    }
}

impl Worker for Server {
    type Message = Tick;
    type Input = Packet;
    type Output = Packet;

    fn create(scope: &WorkerScope<Self>) -> Self {
        let scope = scope.clone();
        Self {
            session: Session::default(),
            clock: Clock::of_this_thread(),
            ticker: Ticker::new(move || scope.send_message(Tick)),
            waiting: false,
            caller: None,
        }
    }

    fn update(&mut self, scope: &WorkerScope<Self>, _: Tick) {
        self.waiting = false;
        let mut out = Vec::new();
        let clock = &self.clock;
        let next = self.session.tick(&|| clock.now_ms(), &mut out);
        self.respond(scope, out);
        self.schedule(next);
    }

    fn received(&mut self, scope: &WorkerScope<Self>, Packet(bytes): Packet, id: HandlerId) {
        self.caller = Some(id);
        let mut out = Vec::new();
        match decode(&bytes) {
            Ok(message) => self.session.handle(message, self.clock.now_ms(), &mut out),
            // A page of another version: it understands this much.
            Err(_) => out.push(FromWorker::Hello { version: VERSION }),
        }
        self.respond(scope, out);
        let next = self.session.next();
        self.schedule(next);
    }
}
