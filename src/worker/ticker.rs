//! Yields to the browser and comes back: at once by a message channel (nested zero timeouts are slowed
//! down to 4 ms), later by a timeout.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageChannel, MessagePort};

/// Calls back.
pub struct Ticker {
    call: Rc<dyn Fn()>,
    port: Option<MessagePort>,
    _closure: Closure<dyn Fn()>,
    timeout: Option<Timeout>,
}

impl Ticker {
    /// Makes one that calls this.
    pub fn new(call: impl Fn() + 'static) -> Self {
        let call: Rc<dyn Fn()> = Rc::new(call);
        let on_message = call.clone();
        let closure = Closure::wrap(Box::new(move || on_message()) as Box<dyn Fn()>);
        let port = MessageChannel::new().ok().map(|channel| {
            channel
                .port1()
                .set_onmessage(Some(closure.as_ref().unchecked_ref()));
            channel.port2()
        });
        Self {
            call,
            port,
            _closure: closure,
            timeout: None,
        }
    }

    /// Calls back as soon as waiting messages have been heard.
    pub fn soon(&mut self) {
        let posted = self
            .port
            .as_ref()
            .is_some_and(|port| port.post_message(&JsValue::NULL).is_ok());
        if !posted {
            self.after(0);
        }
    }

    /// Calls back after some milliseconds.
    pub fn after(&mut self, ms: u32) {
        let call = self.call.clone();
        self.timeout = Some(Timeout::new(ms, move || call()));
    }
}
