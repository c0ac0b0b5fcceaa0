//! The sound at a timer's end: three notes by Web Audio, so that nothing has to be fetched. It can be switched off.
//!
//! A browser lets a page sound only after somebody has touched it, so what makes the sound is made then.

use std::cell::RefCell;

use web_sys::{AudioContext, OscillatorType};

use crate::app::store::local;

const KEY: &str = "archplay/timer-sound";
const OFF: &str = "off";

/// Notes: when each begins in seconds, and its pitch in Hz.
const NOTES: [(f64, f32); 3] = [(0.0, 660.0), (0.35, 660.0), (0.7, 880.0)];
/// How long a note is, in seconds.
const LENGTH: f64 = 0.3;
/// How loud, 0 to 1.
const LOUD: f32 = 0.25;

thread_local! {
    static CONTEXT: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// Whether the end is heard.
pub fn is_on() -> bool {
    local::get(KEY).as_deref() != Some(OFF)
}

/// Switches it.
pub fn switch(on: bool) {
    if on {
        local::remove(KEY);
    } else {
        local::set(KEY, OFF);
    }
    prepare();
}

/// Makes ready to sound later; called while somebody touches the page.
pub fn prepare() {
    CONTEXT.with_borrow_mut(|context| {
        if context.is_none() {
            *context = AudioContext::new().ok();
        }
        if let Some(context) = context {
            // Refused only before anybody has touched the page; the end is seen all the same.
            let _ = context.resume();
        }
    });
}

/// Sounds, if it may.
pub fn ring() {
    if !is_on() {
        return;
    }
    prepare();
    CONTEXT.with_borrow(|context| {
        if let Some(context) = context {
            for (at, pitch) in NOTES {
                // Without a sound the end is seen all the same.
                let _ = note(context, at, pitch);
            }
        }
    });
}

fn note(context: &AudioContext, at: f64, pitch: f32) -> Result<(), wasm_bindgen::JsValue> {
    let begin = context.current_time() + at;
    let loud = context.create_gain()?;
    loud.gain().set_value_at_time(LOUD, begin)?;
    // Fades out, else it would click.
    loud.gain()
        .linear_ramp_to_value_at_time(0.0, begin + LENGTH)?;
    let tone = context.create_oscillator()?;
    tone.set_type(OscillatorType::Sine);
    tone.frequency().set_value(pitch);
    tone.connect_with_audio_node(&loud)?;
    loud.connect_with_audio_node(&context.destination())?;
    tone.start_with_when(begin)?;
    tone.stop_with_when(begin + LENGTH)
}
