//! Numbered progress lines: `[3/7] trunk 0.21.14: ok, found`.

use std::io::{IsTerminal, Write, stdout};
use std::time::{Duration, Instant};

/// Counts the steps of a task and prints a line for each.
pub struct Steps {
    total: usize,
    done: usize,
}

impl Steps {
    /// Starts a task of so many steps.
    pub fn new(total: usize) -> Self {
        Self { total, done: 0 }
    }

    /// Prints the next step's number and name, and leaves the line open for its outcome.
    pub fn next(&mut self, name: &str) -> Step {
        self.done += 1;
        print!("[{}/{}] {name}: ", self.done, self.total);
        flush();
        Step {
            started: Instant::now(),
            open: true,
        }
    }

    /// Prints the next step as a heading, for a step with output of its own.
    pub fn heading(&mut self, name: &str) {
        self.done += 1;
        let mark = if stdout().is_terminal() {
            ("\x1b[1m", "\x1b[0m")
        } else {
            ("", "")
        };
        println!(
            "\n{}[{}/{}] {name}{}",
            mark.0, self.done, self.total, mark.1
        );
        flush();
    }
}

/// One open line of progress.
pub struct Step {
    started: Instant,
    open: bool,
}

impl Step {
    /// Ends the step: it was there already.
    pub fn found(self, detail: &str) {
        let detail = if detail.is_empty() {
            String::new()
        } else {
            format!(" ({detail})")
        };
        println!("ok, found{detail}");
    }

    /// Says what is being done and about how long it takes, and closes the line.
    pub fn working(&mut self, doing: &str) {
        if !self.open {
            print!("      ");
        }
        println!("{doing} …");
        self.open = false;
        flush();
    }

    /// Says that it still goes on.
    pub fn still(&self) {
        println!("      … {}", duration(self.started.elapsed()));
        flush();
    }

    /// Ends the step: it is there now.
    pub fn done(self) {
        let indent = if self.open { "" } else { "      " };
        println!("{indent}ok, {}", duration(self.started.elapsed()));
    }

    /// Ends the step with a remark instead of the result hoped for.
    pub fn remark(self, remark: &str) {
        let indent = if self.open { "" } else { "      " };
        println!("{indent}{remark}");
    }
}

/// Writes a duration as a person says it: `0.4 s`, `12 s`, `3 min 05 s`.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds >= 60 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else if seconds >= 10 {
        format!("{seconds} s")
    } else {
        format!("{}.{} s", seconds, duration.subsec_millis() / 100)
    }
}

fn flush() {
    // Progress that cannot be shown is no reason to stop the work.
    let _ = stdout().flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_like_speech() {
        for (millis, expected) in [
            (420, "0.4 s"),
            (9_990, "9.9 s"),
            (12_700, "12 s"),
            (185_000, "3 min 05 s"),
        ] {
            assert_eq!(duration(Duration::from_millis(millis)), expected);
        }
    }
}
