//! File names from drawing names. Pure.

/// The ending of a design file.
pub const DESIGN_ENDING: &str = ".archplay.json";
/// The ending of a scenario file.
const SCENARIO_ENDING: &str = ".scenario.json";
/// The longest stem of a file name, in characters.
const MAX_STEM: usize = 60;
/// Names that Windows keeps for devices.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A file name that every system takes: what none may hold is replaced, Korean stays.
pub fn design_file(name: &str, fallback: &str) -> String {
    format!("{}{DESIGN_ENDING}", stem(name, fallback))
}

/// The same for a scenario.
pub fn scenario_file(name: &str, fallback: &str) -> String {
    format!("{}{SCENARIO_ENDING}", stem(name, fallback))
}

fn stem(name: &str, fallback: &str) -> String {
    let replaced: String = name
        .chars()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    let words: Vec<&str> = replaced.split_whitespace().collect();
    let cut: String = words.join(" ").chars().take(MAX_STEM).collect();
    let trimmed = cut.trim_matches(|c: char| c == '.' || c == ' ');
    let device = DEVICES.contains(&trimmed.to_ascii_lowercase().as_str());
    if trimmed.is_empty() {
        fallback.to_owned()
    } else if device {
        format!("{trimmed}-")
    } else {
        trimmed.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_every_system_takes() {
        let check = |name: &str, expected: &str| {
            assert_eq!(
                design_file(name, "그림"),
                format!("{expected}{DESIGN_ENDING}"),
                "{name:?}"
            );
        };
        check("특가 쇼핑몰", "특가 쇼핑몰");
        check("a/b\\c:d*e?f\"g<h>i|j", "a-b-c-d-e-f-g-h-i-j");
        check("  두  칸\t줄\n바꿈 ", "두 칸 줄 바꿈");
        check("", "그림");
        check(" ..", "그림");
        check("../../etc/passwd", "-..-etc-passwd");
        check("CON", "CON-");
        check(&"가".repeat(80), &"가".repeat(60));
    }
}
