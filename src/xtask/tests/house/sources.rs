//! Rules every file of Rust keeps.

use crate::tree::{Source, refuse, sources};

/// A file longer than this, without its tests, is really two.
const LONGEST: usize = 800;

/// Lists what a rule finds in each file.
fn check(rule: &str, broken: impl Fn(&Source) -> Vec<String>) {
    refuse(rule, sources().iter().flat_map(broken).collect());
}

#[test]
fn every_file_says_what_lives_in_it() {
    check("a file starts with `//!` and a sentence", |source| {
        let first = source.text.lines().next().unwrap_or_default();
        let good = first.starts_with("//! ") && first.len() > 10;
        if good {
            Vec::new()
        } else {
            vec![source.place.clone()]
        }
    });
}

#[test]
fn no_file_is_too_long() {
    check("a file has at most 800 lines without its tests", |source| {
        let lines = source.lines_without_tests().count();
        let long = lines > LONGEST;
        if long {
            vec![format!("{}: {lines} lines", source.place)]
        } else {
            Vec::new()
        }
    });
}

#[test]
fn promises_carry_a_name() {
    // Written apart, so that this file does not break its own rule.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("X", "XX"),
    ];
    check(
        "a promise for later names who keeps it: TODO(name)",
        |source| {
            let lines = source.text.lines().enumerate();
            let broken = lines.filter(|(_, line)| {
                marks.iter().any(|mark| {
                    line.match_indices(mark).any(|(at, _)| {
                        let word_before = line[..at]
                            .chars()
                            .next_back()
                            .is_some_and(char::is_alphanumeric);
                        let after = line[at + mark.len()..].chars().next();
                        !word_before
                            && after != Some('(')
                            && !after.is_some_and(char::is_alphanumeric)
                    })
                })
            });
            broken
                .map(|(index, _)| format!("{}:{}", source.place, index + 1))
                .collect()
        },
    );
}

#[test]
fn no_test_is_switched_off_or_sleeps() {
    let words = [
        concat!("#[ign", "ore"),
        concat!("thread::sl", "eep("),
        concat!("should_", "panic"),
    ];
    check(
        "a test runs, always, and does not wait for time to pass",
        |source| {
            let allowed = source.owner() == "xtask" && !source.is_test();
            let lines = source.text.lines().enumerate().filter(|_| !allowed);
            let broken = lines.filter(|(_, line)| words.iter().any(|word| line.contains(word)));
            broken
                .map(|(index, _)| format!("{}:{}", source.place, index + 1))
                .collect()
        },
    );
}

#[test]
fn exceptions_to_lints_have_reasons() {
    check(
        "`#[expect(…, reason = …)]` instead of a silent allow",
        |source| {
            let broken = source.text.lines().enumerate().filter(|(_, line)| {
                let line = line.trim_start();
                line.starts_with(concat!("#[al", "low("))
                    || line.starts_with(concat!("#![al", "low("))
            });
            let broken = broken.filter(|(_, line)| !line.contains("reason"));
            broken
                .map(|(index, _)| format!("{}:{}", source.place, index + 1))
                .collect()
        },
    );
}

#[test]
fn lines_end_where_they_end() {
    check(
        "no blanks at the end of a line, no carriage returns, a line end at the end",
        |source| {
            let mut broken: Vec<String> = Vec::new();
            for (index, line) in source.text.split('\n').enumerate() {
                if line.ends_with([' ', '\t', '\r']) {
                    broken.push(format!("{}:{}", source.place, index + 1));
                }
            }
            if !source.text.ends_with('\n') {
                broken.push(format!("{}: no line end at the end", source.place));
            }
            broken
        },
    );
}

/// Files that work on the Korean language itself: particles, letters.
const ABOUT_KOREAN: [&str; 1] = ["src/app/palette/search.rs"];

#[test]
fn texts_stand_in_the_locales() {
    check(
        "what people read stands in locales/, not in code",
        |source| {
            if source.is_test() || ABOUT_KOREAN.contains(&source.place.as_str()) {
                return Vec::new();
            }
            let lines = source.lines_without_tests();
            let korean = lines.filter(|(_, line)| {
            let code = line.split("//").next().unwrap_or_default();
            code.chars().any(|c| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}'))
        });
            korean
                .map(|(number, line)| format!("{}:{number}: {}", source.place, line.trim()))
                .collect()
        },
    );
}

#[test]
fn components_are_not_handed_the_language() {
    // Those that are do not hear that more texts have come.
    check("a component asks `use_lang` for the language", |source| {
        let provides = ["src/app/lang.rs", "src/app/mod.rs"];
        if provides.contains(&source.place.as_str()) {
            return Vec::new();
        }
        let mut properties = false;
        let mut broken = Vec::new();
        for (at, line) in source.text.lines().enumerate() {
            match line {
                _ if line.starts_with("#[derive(") => properties = line.contains("Properties"),
                "}" => properties = false,
                _ if properties && line.trim_end().ends_with("lang: Lang,") => {
                    broken.push(format!("{}:{}", source.place, at + 1));
                }
                _ => {}
            }
        }
        broken
    });
}
