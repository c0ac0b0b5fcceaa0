//! Colours and type of the charts, read from the page's tokens. Needs the browser.

use std::collections::BTreeMap;

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::app::number::read_number;

/// Red, green, blue.
pub type Rgb = (u8, u8, u8);

/// Tokens as colours, and how text is set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Theme {
    colours: BTreeMap<&'static str, Rgb>,
    /// The families of the page.
    pub family: String,
    /// Height of the root's text in CSS pixels.
    pub root_px: f64,
}

const TOKENS: [&str; 21] = [
    "--ink",
    "--ink-2",
    "--ink-3",
    "--line",
    "--line-2",
    "--surface",
    "--accent",
    "--ok",
    "--tight",
    "--metric-offered",
    "--metric-good",
    "--metric-failed",
    "--metric-p50",
    "--metric-p95",
    "--metric-p99",
    "--metric-instances",
    "--series-1",
    "--series-2",
    "--series-3",
    "--series-4",
    "--series-5",
];
const MORE_TOKENS: [&str; 2] = ["--series-6", "--series-7"];

impl Theme {
    /// Reads the tokens as they are now, wherever in the page the element stands.
    pub fn read(element: &web_sys::Element) -> Option<Self> {
        let window = gloo::utils::window();
        let style = window.get_computed_style(element).ok()??;
        let family = style.get_property_value("font-family").ok()?;
        let root = gloo::utils::document_element();
        let root_style = window.get_computed_style(&root).ok()??;
        let root_size = root_style.get_property_value("font-size").ok()?;
        let root_px = read_number(root_size.trim_end_matches("px"))?;
        let context = pixel()?;
        let probe = gloo::utils::document().create_element("span").ok()?;
        element.append_child(&probe).ok()?;
        let mut colours = BTreeMap::new();
        let computed = window.get_computed_style(&probe).ok()??;
        for token in TOKENS.into_iter().chain(MORE_TOKENS) {
            let _ = probe.set_attribute("style", &format!("color:var({token})"));
            if let Ok(css) = computed.get_property_value("color")
                && let Some(rgb) = resolve(&context, &css)
            {
                colours.insert(token, rgb);
            }
        }
        probe.remove();
        Some(Self {
            colours,
            family,
            root_px,
        })
    }

    /// Height of small text in CSS pixels.
    pub fn text_px(&self) -> f64 {
        self.root_px * 0.75
    }

    /// The colour of a token; grey if the page has none.
    pub fn colour(&self, token: &str) -> Rgb {
        self.colours.get(token).copied().unwrap_or((128, 128, 128))
    }
}

/// A canvas of one pixel: the browser turns any CSS colour into numbers there.
fn pixel() -> Option<CanvasRenderingContext2d> {
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"willReadFrequently".into(), &true.into()).ok()?;
    let canvas: HtmlCanvasElement = gloo::utils::document()
        .create_element("canvas")
        .ok()?
        .dyn_into()
        .ok()?;
    canvas.set_width(1);
    canvas.set_height(1);
    let context = canvas.get_context_with_context_options("2d", &options);
    context.ok()??.dyn_into().ok()
}

fn resolve(context: &CanvasRenderingContext2d, css: &str) -> Option<Rgb> {
    context.set_fill_style_str(css);
    context.fill_rect(0.0, 0.0, 1.0, 1.0);
    let data = context.get_image_data(0.0, 0.0, 1.0, 1.0).ok()?.data();
    Some((*data.first()?, *data.get(1)?, *data.get(2)?))
}
