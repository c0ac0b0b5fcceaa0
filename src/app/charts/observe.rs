//! Tells when an element has another size.

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver, ResizeObserverEntry};

/// Stops when dropped.
pub struct SizeObserver {
    observer: ResizeObserver,
    _closure: Closure<dyn FnMut(Array)>,
}

impl SizeObserver {
    /// Calls with the content's width and height in CSS pixels, now and with every change.
    pub fn new(element: &Element, mut call: impl FnMut(f64, f64) + 'static) -> Option<Self> {
        let closure = Closure::new(move |entries: Array| {
            let last = entries.iter().last();
            if let Some(entry) = last.and_then(|e| e.dyn_into::<ResizeObserverEntry>().ok()) {
                let rect = entry.content_rect();
                call(rect.width(), rect.height());
            }
        });
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self {
            observer,
            _closure: closure,
        })
    }
}

impl Drop for SizeObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
