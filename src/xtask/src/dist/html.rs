//! Just enough HTML to find tags and inline scripts in the page trunk wrote.
//!
//! The page is our own, so this knows no comments with tags in them and no odd quoting.

use std::ops::Range;

/// Finds where the first tag of a name ends, when the tag has a word in it.
pub fn end_of_tag(page: &str, name: &str, word: &str) -> Option<usize> {
    tags(page, name)
        .find(|range| page[range.clone()].contains(word))
        .map(|range| range.end)
}

/// Lists the contents of scripts that stand in the page itself.
pub fn inline_scripts(page: &str) -> Vec<&str> {
    tags(page, "script")
        .filter(|tag| !has_attribute(&page[tag.clone()], "src"))
        .filter_map(|tag| {
            let rest = &page[tag.end..];
            rest.find("</script").map(|length| &rest[..length])
        })
        .collect()
}

/// Finds a tag of a name that has all these words in it.
pub fn tag_with(page: &str, name: &str, words: &[&str]) -> Option<Range<usize>> {
    tags(page, name).find(|range| {
        let tag = &page[range.clone()];
        words.iter().all(|word| {
            tag.split(|c: char| c.is_ascii_whitespace() || "=\"'<>".contains(c))
                .any(|part| part == *word)
        })
    })
}

/// Lists the addresses of `<link>` tags of a kind.
pub fn links<'a>(
    page: &'a str,
    wanted: impl Fn(&str) -> bool + 'a,
) -> impl Iterator<Item = &'a str> {
    tags(page, "link")
        .map(|range| &page[range])
        .filter(move |tag| wanted(tag))
        .filter_map(|tag| {
            let value = &tag[tag.find("href=")? + 5..];
            let end = |c: char| c.is_ascii_whitespace() || matches!(c, '"' | '>');
            value.trim_start_matches('"').split(end).next()
        })
}

/// Returns the page without the scripts that stand in it.
pub fn without_inline_scripts(page: &str) -> String {
    let mut out = String::new();
    let mut from = 0;
    for tag in tags(page, "script") {
        if tag.start < from || has_attribute(&page[tag.clone()], "src") {
            continue;
        }
        let end = "</script>";
        let Some(length) = page[tag.end..].find(end) else {
            continue;
        };
        out.push_str(&page[from..tag.start]);
        from = tag.end + length + end.len();
    }
    out.push_str(&page[from..]);
    out
}

/// Returns the page without the tags of a name that are not wanted; for tags without an end tag.
pub fn without_tags(page: &str, name: &str, unwanted: impl Fn(&str) -> bool) -> String {
    let mut out = String::new();
    let mut from = 0;
    for tag in tags(page, name).filter(|tag| unwanted(&page[tag.clone()])) {
        out.push_str(&page[from..tag.start]);
        from = tag.end;
    }
    out.push_str(&page[from..]);
    out
}

/// Lists the places of opening tags, from `<` to after `>`.
fn tags<'a>(page: &'a str, name: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    let open = format!("<{name}");
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + page[from..].find(&open)?;
            let end = start + page[start..].find('>')? + 1;
            from = end;
            let after = page[start + open.len()..].chars().next();
            if after.is_some_and(|c| c == '>' || c.is_ascii_whitespace()) {
                return Some(start..end);
            }
        }
    })
}

fn has_attribute(tag: &str, name: &str) -> bool {
    tag.split_ascii_whitespace().any(|word| {
        word.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with('=') || rest == ">")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scripts_without_a_source_are_inline() {
        let page = "<script src=a.js></script><script type=module>one</script>\
                    <scripts>no</scripts><script>two\n</script>";
        assert_eq!(inline_scripts(page), ["one", "two\n"]);
    }

    #[test]
    fn tags_and_scripts_are_taken_out() {
        let page = "<link a><script src=a></script><script>x</script><link b><p>";
        assert_eq!(
            without_inline_scripts(page),
            "<link a><script src=a></script><link b><p>"
        );
        assert_eq!(
            without_tags(page, "link", |tag| tag.contains('b')),
            "<link a><script src=a></script><script>x</script><p>"
        );
    }

    #[test]
    fn addresses_of_links_are_listed() {
        let page = "<link rel=icon href=x><link href=\"a.css\" rel=stylesheet><link href=b.css rel=stylesheet>";
        let styles: Vec<&str> = links(page, |tag| tag.contains("stylesheet")).collect();
        assert_eq!(styles, ["a.css", "b.css"]);
    }

    #[test]
    fn a_tag_is_found_by_whole_words() {
        let page = "<meta name=a-ko content><meta content=\"\" name=\"a\">";
        assert_eq!(tag_with(page, "meta", &["a"]), Some(24..50));
        assert_eq!(tag_with(page, "meta", &["a-en"]), None);
    }

    #[test]
    fn a_tag_is_found_by_a_word_in_it() {
        let page = "<meta name=a><meta charset=utf-8><p>";
        assert_eq!(end_of_tag(page, "meta", "charset"), Some(33));
        assert_eq!(end_of_tag(page, "meta", "viewport"), None);
    }
}
