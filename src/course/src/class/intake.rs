//! What is taken of many files and folders that come in at once, and where it ends: somebody may drop a whole disk.
//!
//! Must not live here: reading files, what is in them (the board's).

/// How many files and folders are looked at.
pub const MOST_SEEN: usize = 5_000;
/// How many bytes all taken files have together.
pub const MOST_BYTES: u64 = 128 * 1024 * 1024;
/// How deep folders are opened.
pub const DEEPEST: usize = 8;

/// What becomes of a file or a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// It is opened.
    Open,
    /// It is passed over.
    Pass,
    /// Nothing is opened any more: too many files and folders.
    TooManySeen,
    /// Nothing is opened any more: too many bytes.
    TooMuch,
}

/// What has come in so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    seen: usize,
    bytes: u64,
    beside: usize,
}

impl Intake {
    /// How many files were passed over because they are no drawings by their name.
    #[must_use]
    pub const fn beside(&self) -> usize {
        self.beside
    }

    /// A folder was met, so many folders deep.
    pub fn folder(&mut self, name: &str, depth: usize) -> Look {
        if self.is_full() {
            return Look::TooManySeen;
        }
        self.seen += 1;
        if is_hidden(name) || depth > DEEPEST {
            Look::Pass
        } else {
            Look::Open
        }
    }

    /// A file was met. What was chosen by its name is `meant`, whatever its name ends in.
    pub fn file(&mut self, name: &str, meant: bool) -> Look {
        if self.is_full() {
            return Look::TooManySeen;
        }
        self.seen += 1;
        if meant {
            return Look::Open;
        }
        if is_hidden(name) {
            return Look::Pass;
        }
        if name.to_lowercase().ends_with(".json") {
            return Look::Open;
        }
        self.beside += 1;
        Look::Pass
    }

    /// A file that is opened has so many bytes.
    pub fn weigh(&mut self, bytes: u64) -> Look {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MOST_BYTES {
            Look::TooMuch
        } else {
            Look::Open
        }
    }

    const fn is_full(&self) -> bool {
        self.seen >= MOST_SEEN
    }
}

/// What file systems and archives put beside people's files.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name == "__MACOSX"
}

/// A file's path below what was dropped: the one folder that holds all of it says nothing.
#[must_use]
pub fn below(path: &str) -> &str {
    let path = path.trim_start_matches('/');
    path.split_once('/').map_or(path, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_are_opened_and_the_rest_is_passed_over() {
        let mut intake = Intake::default();
        let looks = [
            ("1팀.archplay.json", false, Look::Open),
            ("2팀.JSON", false, Look::Open),
            ("발표.pptx", false, Look::Pass),
            ("발표.pptx", true, Look::Open),
            (".DS_Store", false, Look::Pass),
            // An archive of a Mac has such a shadow of every file.
            ("._1팀.archplay.json", false, Look::Pass),
        ];
        for (name, meant, look) in looks {
            assert_eq!(intake.file(name, meant), look, "{name}");
        }
        assert_eq!(intake.beside(), 1);
        assert_eq!(intake.folder("1팀", 1), Look::Open);
        assert_eq!(intake.folder("__MACOSX", 1), Look::Pass);
        assert_eq!(intake.folder(".git", 1), Look::Pass);
        assert_eq!(intake.folder("deep", DEEPEST + 1), Look::Pass);
    }

    #[test]
    fn it_ends_at_a_count_and_at_a_size() {
        let mut intake = Intake::default();
        for i in 0..MOST_SEEN {
            assert_eq!(intake.file(&format!("{i}.json"), false), Look::Open);
        }
        assert_eq!(intake.file("one.json", false), Look::TooManySeen);
        assert_eq!(intake.folder("more", 1), Look::TooManySeen);
        let mut intake = Intake::default();
        assert_eq!(intake.weigh(MOST_BYTES), Look::Open);
        assert_eq!(intake.weigh(1), Look::TooMuch);
        assert_eq!(intake.weigh(u64::MAX), Look::TooMuch);
    }

    #[test]
    fn the_folder_around_everything_says_nothing() {
        for (path, expected) in [
            ("제출/1팀/그림.json", "1팀/그림.json"),
            ("/제출/1팀.json", "1팀.json"),
            ("1팀.json", "1팀.json"),
            ("", ""),
        ] {
            assert_eq!(below(path), expected);
        }
    }
}
