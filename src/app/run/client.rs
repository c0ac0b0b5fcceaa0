//! The worker as a browser object: start, send, listen, kill. Decides nothing.

use std::cell::RefCell;
use std::rc::Rc;

use archplay_protocol::{FromWorker, Packet, ToWorker, decode, encode};
use gloo::events::EventListener;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::app::dialog::crash::boot;

use super::envelope::{FromEnvelope, ToEnvelope};

/// What the client hears.
#[derive(Debug)]
pub enum Heard {
    /// A message.
    Message(FromWorker),
    /// The worker is of no use any more.
    Crashed(String),
}

/// A running worker. Dropping it kills it.
pub struct Client {
    worker: Worker,
    /// What was said before the worker listened.
    waiting: Rc<RefCell<Option<Vec<ToWorker>>>>,
    _listeners: [EventListener; 3],
}

impl Drop for Client {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Client {
    /// Starts a worker: the fastest that is here.
    ///
    /// # Errors
    /// What the browser says.
    pub fn spawn(on: impl Fn(Heard) + 'static) -> Result<Self, String> {
        let program = program();
        let address = match program.as_ref().and_then(script_of) {
            Some(address) => address,
            None => loader_address().ok_or_else(|| "archplay-worker".to_owned())?,
        };
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&address, &options)
            .map_err(|error| format!("{error:?}").chars().take(200).collect::<String>())?;
        if let Some(program) = program {
            // A compiled program can always be handed over.
            let _ = worker.post_message(&program);
        }
        let waiting = Rc::new(RefCell::new(Some(Vec::new())));
        let on = Rc::new(on);
        let message = {
            let (on, waiting, worker) = (on.clone(), waiting.clone(), worker.clone());
            move |event: &web_sys::Event| {
                let Some(event) = event.dyn_ref::<MessageEvent>() else {
                    return;
                };
                match read(event) {
                    Ok(FromEnvelope::WorkerLoaded) => {
                        post(&worker, &ToEnvelope::hello());
                        let said = waiting.borrow_mut().take();
                        for message in said.into_iter().flatten() {
                            post_message(&worker, &message);
                        }
                    }
                    Ok(FromEnvelope::ProcessOutput(_, Packet(bytes))) => match decode(&bytes) {
                        Ok(message) => on(Heard::Message(message)),
                        Err(error) => on(Heard::Crashed(error.to_string())),
                    },
                    Err(detail) => on(Heard::Crashed(detail)),
                }
            }
        };
        let failed = on.clone();
        let listeners = [
            EventListener::new(&worker, "message", message),
            EventListener::new(&worker, "error", move |event| {
                let detail = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
                failed(Heard::Crashed(detail.unwrap_or_default()));
            }),
            EventListener::new(&worker, "messageerror", move |_| {
                on(Heard::Crashed("messageerror".into()));
            }),
        ];
        Ok(Self {
            worker,
            waiting,
            _listeners: listeners,
        })
    }

    /// Says something, now or as soon as the worker listens.
    pub fn send(&self, message: ToWorker) {
        match &mut *self.waiting.borrow_mut() {
            Some(waiting) => waiting.push(message),
            None => post_message(&self.worker, &message),
        }
    }
}

fn read(event: &MessageEvent) -> Result<FromEnvelope, String> {
    let bytes = event
        .data()
        .dyn_into::<Uint8Array>()
        .map_err(|_| "no bytes".to_owned())?;
    decode(&bytes.to_vec()).map_err(|error| error.to_string())
}

fn post_message(worker: &Worker, message: &ToWorker) {
    if let Ok(bytes) = encode(message) {
        post(worker, &ToEnvelope::input(Packet(bytes)));
    }
}

fn post(worker: &Worker, envelope: &ToEnvelope) {
    if let Ok(bytes) = encode(envelope) {
        // Copying a few kilobytes cannot fail; if it did, the watchdog would notice the silence.
        let _ = worker.post_message(&Uint8Array::from(bytes.as_slice()));
    }
}

/// What `archplayBoot.worker` holds: the compiled program, for which the worker waits, and where its script is.
/// Built by trunk alone, the worker fetches its program itself.
fn program() -> Option<JsValue> {
    let program = Reflect::get(&boot()?, &"worker".into()).ok()?;
    program.is_object().then_some(program)
}

fn script_of(program: &JsValue) -> Option<String> {
    Reflect::get(program, &"script".into()).ok()?.as_string()
}

/// The loader's absolute address: relative ones are resolved against the document's base, so that hash
/// routes and sub-paths do not matter.
fn loader_address() -> Option<String> {
    let document = gloo::utils::document();
    let meta = document
        .query_selector("meta[name=archplay-worker]")
        .ok()??;
    let path = meta.get_attribute("content")?;
    let base = document.base_uri().ok()??;
    web_sys::Url::new_with_base(&path, &base)
        .ok()
        .map(|url| url.href())
}
