//! Where in a JSON document a line and column lie, as a path such as `components[2].kind`.
//!
//! The reader (`serde_json`) tells line and column of what it refuses, but not the path. A library that
//! keeps track while reading exists, but it makes a second copy of all reading code for every type and
//! so a quarter of the worker's size; looking for the path afterwards costs nothing until it is needed.

/// An object or array that is open at the place.
enum Open<'a> {
    /// An object, with the member that is being read.
    Object(&'a str),
    /// An array, with the element that is being read.
    Array(usize),
}

/// Finds the path of a place; `line` counts from 1, `column` is the number of bytes read of that line, as
/// in `serde_json::Error`. Empty at the top of the document. The text before the place must be JSON; if
/// it is not, the path ends where that was seen.
pub fn path_at(text: &str, line: usize, column: usize) -> String {
    let end = end_of(text, line, column);
    let bytes = text.as_bytes();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut at = 0;
    // Whether a string that begins now is the name of a member.
    let mut names = false;
    while at < end {
        match bytes[at] {
            b'{' => {
                open.push(Open::Object(""));
                names = true;
            }
            b'[' => {
                open.push(Open::Array(0));
                names = false;
            }
            b'}' | b']' => {
                open.pop();
                names = false;
            }
            b',' => match open.last_mut() {
                Some(Open::Array(index)) => *index += 1,
                _ => names = true,
            },
            b'"' => {
                let close = end_of_string(bytes, at);
                if names && let Some(Open::Object(name)) = open.last_mut() {
                    *name = text.get(at + 1..close).unwrap_or_default();
                    names = false;
                }
                at = close;
            }
            _ => {}
        }
        at += 1;
    }
    written(&open)
}

/// The number of bytes before the place, at most the length of the text.
fn end_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (start + column).min(text.len())
}

/// The position of the quotation mark that ends a string begun at `at`.
fn end_of_string(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

fn written(open: &[Open<'_>]) -> String {
    let mut out = String::new();
    for part in open {
        match part {
            Open::Object("") => {}
            Open::Object(name) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(name);
            }
            Open::Array(index) => {
                out.push('[');
                out.push_str(&index.to_string());
                out.push(']');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place is marked by `^` in the text.
    fn check(marked: &str, expected: &str) {
        let at = marked.find('^').unwrap();
        let text = marked.replacen('^', "", 1);
        let line = text[..at].matches('\n').count() + 1;
        let column = at - text[..at].rfind('\n').map_or(0, |nl| nl + 1);
        assert_eq!(path_at(&text, line, column), expected, "{marked}");
    }

    #[test]
    fn members_and_elements_are_named() {
        check("^{}", "");
        check(r#"{"a"^: 1}"#, "a");
        check(r#"{"a": 1, "b": ^2}"#, "b");
        check(r#"{"a": [1, {"b": [true, ^false]}]}"#, "a[1].b[1]");
        check(
            "{\n\"list\": [\n{\"x\": 1},\n{\"x\": \"^y\"}\n]}",
            "list[1].x",
        );
        check("[[1], [2, ^3]]", "[1][1]");
    }

    #[test]
    fn what_is_closed_is_behind() {
        check(r#"{"a": [{"b": 1}^, {"c": 2}]}"#, "a[0]");
        check(r#"{"a": {"b": 1}, "c"^: 2}"#, "c");
    }

    #[test]
    fn brackets_and_quotes_in_texts_do_not_count() {
        check(r#"{"a": "]}{[\",", "b": ^1}"#, "b");
        check(r#"{"{\\": {"가": ^1}}"#, r"{\\.가");
    }

    #[test]
    fn nonsense_ends_somewhere() {
        for text in ["", "]]]]", "\"", "\"\\", "{\"a\": \"가", "[,,,", "{\"가\":"] {
            for line in 0..3 {
                for column in 0..20 {
                    let _ = path_at(text, line, column);
                }
            }
        }
    }
}
