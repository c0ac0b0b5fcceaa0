//! What a figure hands to whoever draws it: knobs, panels, and the numbers of its sentence.

use crate::scale::Axis;

/// What a number means, and so how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Something counted.
    Count,
    /// A number with up to two decimals.
    Plain,
    /// A share from 0 to 1, written as a percentage.
    Share,
    /// Seconds, written as people say them.
    Secs,
    /// Milliseconds.
    Millis,
    /// A second.
    PerSec,
    /// How many times as much.
    Times,
    /// Years.
    Years,
    /// One of these words: the number is its position. The text is `figure.<figure>.word.<word>`.
    Word(&'static [&'static str]),
}

/// A number with its meaning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// The number.
    pub number: f64,
    /// Its meaning.
    pub unit: Unit,
}

impl Unit {
    /// A number of this meaning.
    #[must_use]
    pub const fn of(self, number: f64) -> Value {
        Value { number, unit: self }
    }
}

/// Something that is turned, from stop to stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knob {
    /// The name in text keys: `figure.<figure>.knob.<slug>`.
    pub slug: &'static str,
    /// What the stops mean.
    pub unit: Unit,
    /// Where it can stand, in order.
    pub stops: &'static [f64],
    /// The stop at the beginning.
    pub start: usize,
}

impl Knob {
    /// What it says at a stop; beyond the last, what the last says.
    #[must_use]
    pub fn value(&self, place: usize) -> f64 {
        let last = self.stops.len().saturating_sub(1);
        self.stops.get(place.min(last)).copied().unwrap_or(0.0)
    }
}

/// What is to be seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Drawings, one below the other.
    pub panels: Vec<Panel>,
    /// The sentence.
    pub says: Says,
}

/// The sentence that states the result: the text `figure.<figure>.says.<case>` with these values.
#[derive(Clone, Debug, PartialEq)]
pub struct Says {
    /// Which of the figure's sentences.
    pub case: &'static str,
    /// Its values by name.
    pub values: Vec<(&'static str, Value)>,
}

/// A drawing.
#[derive(Clone, Debug, PartialEq)]
pub enum Panel {
    /// Lines over an axis.
    Lines(Lines),
    /// Bars beside each other.
    Bars(Bars),
    /// What happens when, in lanes.
    Lanes(Lanes),
    /// The bits of a number.
    Bits(Bits),
}

/// Lines over an axis. Names are `figure.<figure>.axis.<slug>` and `figure.<figure>.line.<slug>`.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    /// To the right.
    pub x: Axis,
    /// Upwards.
    pub y: Axis,
    /// The lines; their position gives colour and dashes.
    pub lines: Vec<Line>,
    /// Points that stand out.
    pub marks: Vec<Mark>,
    /// Lines across.
    pub limits: Vec<Limit>,
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its name.
    pub slug: &'static str,
    /// Points from left to right.
    pub points: Vec<(f64, f64)>,
    /// Whether it goes in steps.
    pub steps: bool,
}

/// A point that stands out.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The position of its line.
    pub line: usize,
    /// Where.
    pub x: f64,
    /// Where.
    pub y: f64,
    /// What stands beside it.
    pub value: Value,
}

/// A limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Its name: `figure.<figure>.limit.<slug>`.
    pub slug: &'static str,
    /// Where it lies.
    pub value: Value,
}

/// How something is meant; drawn as colour and pattern, said by the words beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// What the figure is about.
    Strong,
    /// Well.
    Good,
    /// Not well.
    Bad,
    /// Nothing is known, or nothing is there.
    Empty,
}

impl Tone {
    /// The name in style sheets.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Strong => "strong",
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Empty => "empty",
        }
    }
}

/// Bars beside each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// The common scale; its name is the heading.
    pub scale: Axis,
    /// The bars from above.
    pub bars: Vec<Bar>,
    /// A limit for all.
    pub limit: Option<Limit>,
}

/// A bar. Its name is `figure.<figure>.bar.<slug>`, with `{n}` filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Its name.
    pub slug: &'static str,
    /// A number in its name.
    pub n: Option<Value>,
    /// How long it is.
    pub value: Value,
    /// How it is meant.
    pub tone: Tone,
}

/// What happens when.
#[derive(Clone, Debug, PartialEq)]
pub struct Lanes {
    /// Time.
    pub x: Axis,
    /// The lanes from above.
    pub lanes: Vec<Lane>,
}

/// A lane. Its name is `figure.<figure>.lane.<slug>`.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// Its name.
    pub slug: &'static str,
    /// What happens, from left to right.
    pub spans: Vec<Span>,
}

/// Something that lasts. Its name is `figure.<figure>.span.<slug>`.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// Its name.
    pub slug: &'static str,
    /// From when.
    pub from: f64,
    /// Until when.
    pub to: f64,
    /// How it is meant.
    pub tone: Tone,
}

/// The bits of a number of 64.
#[derive(Clone, Debug, PartialEq)]
pub struct Bits {
    /// Its parts from the highest bit.
    pub fields: Vec<Field>,
}

/// Some bits. The name is `figure.<figure>.bits.<slug>`.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub slug: &'static str,
    /// How many.
    pub bits: u32,
    /// What so many bits are enough for.
    pub holds: Value,
}
