//! Spreads painting over animation frames, so that no single frame takes long.

use std::cell::RefCell;
use std::collections::VecDeque;

use gloo::render::{AnimationFrame, request_animation_frame};
use gloo::timers::callback::Timeout;

/// Milliseconds of painting after which the rest waits for the next frame.
const BUDGET_MS: f64 = 5.0;

type Job = Box<dyn FnOnce()>;

/// More than a page ever has waiting, so that no run grows the line: the code for that may still be to come.
const JOBS: usize = 64;

struct Queue {
    jobs: VecDeque<(&'static str, Job)>,
    frame: Option<AnimationFrame>,
}

thread_local! {
    static QUEUE: RefCell<Queue> = RefCell::new(Queue {
        jobs: VecDeque::with_capacity(JOBS),
        frame: None,
    });
}

/// Paints at one of the next frames; a job of the same key that still waits gives way.
pub fn enqueue(key: &'static str, job: impl FnOnce() + 'static) {
    QUEUE.with_borrow_mut(|queue| {
        match queue.jobs.iter_mut().find(|(other, _)| *other == key) {
            Some((_, waiting)) => *waiting = Box::new(job),
            None => queue.jobs.push_back((key, Box::new(job))),
        }
        queue.ask();
    });
}

impl Queue {
    fn ask(&mut self) {
        if self.frame.is_none() && !self.jobs.is_empty() {
            self.frame = Some(request_animation_frame(|_| run()));
        }
    }
}

fn run() {
    // Dropped later: it is the frame that is calling.
    let frame = QUEUE.with_borrow_mut(|queue| queue.frame.take());
    Timeout::new(0, move || drop(frame)).forget();
    let begun = now_ms();
    while let Some((_, job)) = QUEUE.with_borrow_mut(|queue| queue.jobs.pop_front()) {
        job();
        if now_ms() - begun >= BUDGET_MS {
            break;
        }
    }
    QUEUE.with_borrow_mut(Queue::ask);
}

fn now_ms() -> f64 {
    gloo::utils::window()
        .performance()
        .map_or(0.0, |performance| performance.now())
}
