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
    fn a_tag_is_found_by_a_word_in_it() {
        let page = "<meta name=a><meta charset=utf-8><p>";
        assert_eq!(end_of_tag(page, "meta", "charset"), Some(33));
        assert_eq!(end_of_tag(page, "meta", "viewport"), None);
    }
}
