//! Finishes `index.html`: the page's own start script in place of trunk's, and the names of all files that
//! are asked for later.

use super::html;
use super::{parts, scripts};
use crate::failure::{Failure, Result};

/// Returns the page with the names in it.
pub fn finish(page: &str, parts: &parts::Names, scripts: &scripts::Names) -> Result<String> {
    let page = html::without_inline_scripts(page);
    let page = html::without_tags(&page, "link", |tag| {
        tag.contains("modulepreload") || tag.contains("application/wasm")
    });
    let page = html::without_tags(&page, "link", is_style);
    let page = set_meta(&page, "archplay-worker", &format!("./{}", scripts.worker))?;
    let head = page
        .find("</head>")
        .ok_or_else(|| Failure::new("index.html has no </head>"))?;
    let mut metas = String::new();
    for (name, value) in [
        ("parts", format!("./{}", parts.packed)),
        ("parts-bytes", parts.packed_bytes.to_string()),
        ("app-rest", format!("./{}", parts.rest)),
        ("fast", format!("./{}", parts.fast)),
        ("fast-worker", format!("./{}", scripts.fast_worker)),
    ] {
        metas.push_str(&format!("<meta name=archplay-{name} content={value}>"));
    }
    let tail = format!(
        "<link rel=stylesheet href=./{}><link rel=preload as=fetch crossorigin href=./{}><script type=module src=./{}></script>",
        scripts.style, parts.packed, scripts.start
    );
    Ok(format!("{}{metas}{tail}{}", &page[..head], &page[head..]))
}

/// Tells whether a `<link>` brings a style sheet.
pub fn is_style(tag: &str) -> bool {
    tag.contains("rel=stylesheet") || tag.contains("rel=\"stylesheet\"")
}

/// Puts a value into a `<meta>` tag that the page has.
pub fn set_meta(page: &str, name: &str, value: &str) -> Result<String> {
    let tag = html::tag_with(page, "meta", &[name])
        .ok_or_else(|| Failure::new(format!("index.html has no <meta name={name}>")))?;
    Ok(format!(
        "{}<meta name={name} content={value}>{}",
        &page[..tag.start],
        &page[tag.end..]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_starts_by_its_own_script_and_names_every_part() {
        let page = "<html><head><meta name=archplay-worker content=./worker_loader.js>\
                    <script src=boot.js></script><script type=module>trunk</script>\
                    <link rel=modulepreload href=app.js><link rel=stylesheet href=a.css></head>";
        let parts = parts::Names {
            packed: "parts-1.lzma".into(),
            packed_bytes: 10,
            rest: "app-rest-2.wasm".into(),
            fast: "fast-3.wasm".into(),
            imports: Default::default(),
        };
        let scripts = scripts::Names {
            start: "start-4.js".into(),
            worker: "start-worker-5.js".into(),
            fast_worker: "start-fast-7.js".into(),
            style: "style-6.css".into(),
        };
        let page = finish(page, &parts, &scripts).unwrap();
        for name in [
            "parts-1",
            "=10",
            "app-rest-2",
            "fast-3",
            "start-fast-7",
            "start-4",
            "worker-5",
            "style-6",
        ] {
            assert!(page.contains(name), "{name}: {page}");
        }
        assert!(page.contains("boot.js") && !page.contains("a.css"));
        assert!(!page.contains("trunk") && !page.contains("modulepreload"));
        assert!(finish("<p>", &parts, &scripts).is_err());
    }
}
