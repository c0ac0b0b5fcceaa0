//! The figures of the lessons on the page: a frame with knobs and a sentence, and what is drawn in it.
//!
//! What a figure shows is computed by `archplay-figure`; nothing of it runs before its place is scrolled into
//! view. Must not live here: arithmetic, and which lesson shows which figure.

mod bars;
mod bits;
mod frame;
mod labels;
mod lanes;
mod lines;
mod near;
mod words;

pub use near::FigurePlace;

/// Width of every drawing in its own units, which are about a pixel of the lesson panel.
const WIDTH: f64 = 300.0;

#[cfg(test)]
mod tests {
    use archplay_course::prose::FIGURES;

    #[test]
    fn lessons_may_name_every_figure_and_no_other() {
        let there: Vec<&str> = archplay_figure::FIGURES.iter().map(|f| f.slug).collect();
        assert_eq!(there, FIGURES);
    }
}
