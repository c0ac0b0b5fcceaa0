//! The texts' way into the site: two JSON files a language, what a first visit shows and the rest. A visitor
//! loads those of one language, the rest later.
//!
//! A file is one flat object of keys and texts. Beside its own language it holds, under `<tag>:<key>`,
//! what the page shows or searches of the other before that is loaded. `archplay-text` reads it.

use std::collections::BTreeMap;
use std::path::Path;

use super::hash::hashed_name;
use super::page::set_meta;
use crate::failure::{Failure, OrFail as _, Result};
use crate::files;

/// The languages, as the locale files are named.
const LANGS: [&str; 2] = ["ko", "en"];
/// Areas that the page does not need.
const NOT_OF_THE_PAGE: [&str; 1] = ["cli"];

/// Areas of the rest: what is shown only after somebody has touched the page. A key of the rest that is asked
/// for earlier makes the page fetch it.
const REST: [&str; 30] = [
    "aggregation.",
    "by_hand.",
    "checks.",
    "chart.feed_",
    "chart_line.feed_",
    "charts.chosen",
    "charts.stands_still",
    "choice.",
    "class.",
    "edit_refusal.",
    "extra.",
    "feed.",
    "figure.",
    "free.lasts_hours",
    "glossary.",
    "link_refusal.",
    "log.",
    "losses.",
    "measure.",
    "measured.",
    "metric.",
    "palette.words.",
    "param.",
    "problem.",
    "question.",
    "replay.",
    "run.stands_still",
    "steps.",
    "trace.",
    "value_refusal.",
];

/// Areas of which only this is shown before somebody has touched the page: what can happen in the run of
/// session 3.
const FIRST_OF: [(&str, &[&str]); 3] = [
    ("chart_unit.", &FIRST_CHARTS),
    (
        "event.",
        &[
            "backlog_full",
            "connection_limit",
            "out_of_memory",
            "restarted",
        ],
    ),
    (
        "reason.",
        &[
            "connection_lost.name",
            "db_connection_limit.name",
            "out_of_memory.name",
            "pool_timeout.name",
            "refused.name",
            "timeout.name",
        ],
    ),
];
/// Charts that session 3 shows; the names of all are offered.
const FIRST_CHARTS: [&str; 12] = [
    "backlog",
    "connections",
    "cost",
    "cpu",
    "failures",
    "instances",
    "latency",
    "memory",
    "operations",
    "traffic",
    "visitors",
    "workers",
];

/// Texts by key.
type Texts = BTreeMap<String, String>;

/// Writes the texts under `root/locales` into `dist/texts`, puts the names into the page, and returns the
/// number of keys.
pub fn write(root: &Path, dist: &Path) -> Result<usize> {
    let page_file = dist.join("index.html");
    let mut page = files::read_text(&page_file)?;
    let mut count = 0;
    for (index, lang) in LANGS.into_iter().enumerate() {
        let texts = of_the_page(root, lang, LANGS[1 - index])?;
        count = texts.keys;
        for (part, texts) in [("", texts.first), ("-rest", texts.rest)] {
            let json = serde_json::to_string(&texts)
                .or_fail(|| format!("cannot write the texts in {lang}"))?;
            let name = hashed_name(&format!("{lang}{part}.json"), json.as_bytes());
            files::write(&dist.join("texts").join(&name), json)?;
            page = set_meta(
                &page,
                &format!("archplay-texts-{lang}{part}"),
                &format!("./texts/{name}"),
            )?;
        }
    }
    files::write(&page_file, page)?;
    Ok(count)
}

/// What the files of a language hold.
struct OfThePage {
    first: Texts,
    rest: Texts,
    keys: usize,
}

fn of_the_page(root: &Path, lang: &str, other: &str) -> Result<OfThePage> {
    let locales = root.join("locales");
    let own = read(&locales, lang)?;
    let keys = own.len();
    let foreign = read(&locales, other)?
        .into_iter()
        .filter(|(key, _)| wanted_in_any_language(key))
        .map(|(key, text)| (is_rest(&key), format!("{other}:{key}"), text));
    let mut out = OfThePage {
        first: Texts::new(),
        rest: Texts::new(),
        keys,
    };
    let own = own
        .into_iter()
        .map(|(key, text)| (is_rest(&key), key, text));
    for (is_rest, key, text) in own.chain(foreign) {
        let part = if is_rest {
            &mut out.rest
        } else {
            &mut out.first
        };
        part.insert(key, text);
    }
    Ok(out)
}

/// Tells whether a text can wait until somebody touches the page.
fn is_rest(key: &str) -> bool {
    let about_a_kind = key.starts_with("kind.") && key.ends_with(".about");
    let later = FIRST_OF.iter().any(|(area, first)| {
        key.strip_prefix(area)
            .is_some_and(|name| !first.contains(&name))
    });
    about_a_kind || later || REST.iter().any(|area| key.starts_with(area))
}

/// Tells whether the page wants a text in both languages at once: a language's own name on the switch, and
/// what a component is found by, in whichever language it is typed.
fn wanted_in_any_language(key: &str) -> bool {
    let name_of_kind = key.starts_with("kind.") && key.ends_with(".name");
    name_of_kind || key.starts_with("palette.words.") || key == "bar.this_language"
}

/// The page's texts in one language.
fn read(locales: &Path, lang: &str) -> Result<Texts> {
    let ending = format!(".{lang}.toml");
    let mut texts = Texts::new();
    for path in files::entries(locales)? {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let Some(area) = name.strip_suffix(&ending) else {
            continue;
        };
        if NOT_OF_THE_PAGE.contains(&area) {
            continue;
        }
        let table: toml::Table = toml::from_str(&files::read_text(&path)?)
            .or_fail(|| format!("cannot read locales/{name}"))?;
        flatten("", table, &mut texts)
            .map_err(|key| Failure::new(format!("locales/{name}: {key} is no text")))?;
    }
    if texts.is_empty() {
        return Err(Failure::new(format!(
            "there are no texts in {} for {lang}",
            locales.display()
        )));
    }
    Ok(texts)
}

/// Joins the names of nested tables with points. The error is the key of what is no text.
fn flatten(prefix: &str, table: toml::Table, texts: &mut Texts) -> std::result::Result<(), String> {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name
        } else {
            format!("{prefix}.{name}")
        };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, texts)?,
            toml::Value::String(text) => {
                texts.insert(key, text);
            }
            _ => return Err(key),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const PAGE: &str = "<meta name=archplay-texts-ko-rest content><meta name=archplay-texts-ko content>\
         <meta content=\"\" name=archplay-texts-en><meta name=archplay-texts-en-rest content><p>";

    fn project() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    fn folder(name: &str, texts: &[(&str, &str)], page: &str) -> PathBuf {
        let root =
            std::env::temp_dir().join(format!("archplay-texts-{}-{name}", std::process::id()));
        files::remove_folder(&root).unwrap();
        for (name, text) in texts {
            files::write(&root.join("locales").join(name), text).unwrap();
        }
        files::write(&root.join("dist/index.html"), page).unwrap();
        root
    }

    #[test]
    fn each_language_becomes_a_file_that_the_page_names() {
        let root = folder(
            "files",
            &[
                ("bar.ko.toml", "[bar]\nthis_language = \"한국어\""),
                ("bar.en.toml", "[bar]\nthis_language = \"English\""),
                (
                    "model.ko.toml",
                    "[b]\nz = \"\"\"\n첫째\n둘째\"\"\"\n[b.c]\na = '\"{x}\"'",
                ),
                ("model.en.toml", "[b]\nz = \"1\"\n[b.c]\na = \"<{x}>\""),
                (
                    "later.ko.toml",
                    "param.a = \"ㅍ\"\nkind.a.about = \"ㅇ\"\npalette.words.a = \"ㄱ\"",
                ),
                (
                    "later.en.toml",
                    "param.a = \"p\"\nkind.a.about = \"a\"\npalette.words.a = \"x\"",
                ),
                ("cli.ko.toml", "[cli]\na = \"도움말\""),
                ("cli.en.toml", "[cli]\na = \"help\""),
            ],
            PAGE,
        );
        let dist = root.join("dist");
        assert_eq!(write(&root, &dist).unwrap(), 6);

        let page = files::read_text(&dist.join("index.html")).unwrap();
        let written = files::entries(&dist.join("texts")).unwrap();
        let of = |begin: &str, rest: bool| {
            let name = |path: &&PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
            let mut fitting = written.iter().filter(|path| {
                name(path).starts_with(begin) && name(path).contains("-rest-") == rest
            });
            let path = fitting.next().unwrap();
            let name = name(&path);
            let meta = format!("archplay-texts-{begin}{}", if rest { "-rest" } else { "" });
            assert!(
                page.contains(&format!("<meta name={meta} content=./texts/{name}>")),
                "{page}"
            );
            path
        };
        let (ko, en) = (of("ko", false), of("en", false));
        assert_eq!(
            ko.file_name().unwrap().len(),
            "ko-0123456789abcdef.json".len()
        );
        assert_eq!(
            files::read_text(of("ko", true)).unwrap(),
            "{\"en:palette.words.a\":\"x\",\"kind.a.about\":\"ㅇ\",\
             \"palette.words.a\":\"ㄱ\",\"param.a\":\"ㅍ\"}"
        );
        assert!(
            files::read_text(of("en", true))
                .unwrap()
                .contains("param.a")
        );
        assert_eq!(
            files::read_text(ko).unwrap(),
            "{\"b.c.a\":\"\\\"{x}\\\"\",\"b.z\":\"첫째\\n둘째\",\
             \"bar.this_language\":\"한국어\",\"en:bar.this_language\":\"English\"}"
        );
        assert!(!files::read_text(en).unwrap().contains("help"));
        files::remove_folder(&root).unwrap();
    }

    #[test]
    fn what_is_no_text_and_a_page_without_a_place_are_refused() {
        let good = [("a.ko.toml", "a = \"1\""), ("a.en.toml", "a = \"1\"")];
        let refused = |name: &str, texts: &[(&str, &str)], page: &str| {
            let root = folder(name, texts, page);
            let failure = write(&root, &root.join("dist")).unwrap_err().to_string();
            files::remove_folder(&root).unwrap();
            failure
        };
        let number = [("a.ko.toml", "[a]\nb = 1"), good[1]];
        assert!(refused("number", &number, PAGE).contains("a.ko.toml: a.b"));
        assert!(refused("broken", &[("a.ko.toml", "a ="), good[1]], PAGE).contains("a.ko.toml"));
        assert!(refused("one", &good[..1], PAGE).contains("for en"));
        assert!(refused("page", &good, "<p>").contains("archplay-texts-ko"));
    }

    #[test]
    fn the_page_finds_all_its_texts_in_the_files() {
        let locales = project().join("locales");
        let (ko, en) = (read(&locales, "ko").unwrap(), read(&locales, "en").unwrap());
        assert!(ko.len() > 300 && ko.keys().eq(en.keys()));
        for key in ["bar.this_language", "kind.server.name", "palette.words.cdn"] {
            assert!(wanted_in_any_language(key) && ko.contains_key(key), "{key}");
        }
        // A text of the command line is none of the page's.
        assert!(!ko.keys().any(|key| key.starts_with("cli.")));
        for path in files::walk(&project().join("src/app")).unwrap() {
            let code = files::read_text(&path).unwrap();
            assert!(!code.contains("\"cli."), "{}", path.display());
        }
    }
}
