//! Tables for the terminal. Korean letters are two cells wide.

use crate::print::Out;

/// A table: the first column to the left, the others to the right unless told otherwise.
#[derive(Debug)]
pub(crate) struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    left: usize,
}

impl Table {
    /// Begins a table; the first `left` columns and the last row's rest stand to the left.
    pub(crate) fn new(left: usize, head: Vec<String>) -> Self {
        Self {
            head,
            rows: Vec::new(),
            left,
        }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Whether nothing was added.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Prints it.
    pub(crate) fn print(&self, out: &mut Out) {
        for line in self.lines() {
            out.line(&line);
        }
    }

    /// Its lines.
    pub(crate) fn lines(&self) -> Vec<String> {
        let all = || std::iter::once(&self.head).chain(&self.rows);
        let widths: Vec<usize> = (0..self.head.len())
            .map(|i| {
                all()
                    .filter_map(|row| row.get(i))
                    .map(|cell| width(cell))
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).enumerate().map(|(i, (cell, w))| {
                let gap = " ".repeat(w.saturating_sub(width(cell)));
                if i < self.left {
                    format!("{cell}{gap}")
                } else {
                    format!("{gap}{cell}")
                }
            });
            format!("  {}", cells.collect::<Vec<_>>().join("  ").trim_end())
        };
        let rule: Vec<String> = widths.iter().map(|w| "─".repeat(*w)).collect();
        let mut lines = vec![line(&self.head), line(&rule)];
        lines.extend(self.rows.iter().map(line));
        lines
    }
}

/// How many cells a text takes.
fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// Hangul, Han, kana and full-width forms.
const fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_up_wide_letters() {
        let mut table = Table::new(1, vec!["이름".into(), "n".into()]);
        table.row(vec!["abc".into(), "1,000".into()]);
        table.row(vec!["서버".into(), "2".into()]);
        assert_eq!(
            table.lines(),
            [
                "  이름      n",
                "  ────  ─────",
                "  abc   1,000",
                "  서버      2"
            ]
        );
    }
}
