//! What a message says, kept as key and arguments: its text may still be on its way when the message is made, and
//! the language may change while it is shown.

use std::rc::Rc;

use archplay_text::Lang;
use yew::AttrValue;

use crate::app::lang::{tr, trf};

/// Words that become a text when they are shown.
#[derive(Clone, Debug)]
pub struct Said {
    key: AttrValue,
    args: Vec<(&'static str, String)>,
    by: Option<By>,
}

/// Makes a text in a language.
#[derive(Clone)]
struct By(Rc<dyn Fn(Lang) -> AttrValue>);

impl std::fmt::Debug for By {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("By")
    }
}

/// The same words are the same news, however their text is made.
impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        self.by.is_some() == other.by.is_some() && self.key == other.key && self.args == other.args
    }
}

impl Said {
    /// What `make` says, of texts that are put together. `lang` is only for telling the same news from other.
    pub fn made(lang: Lang, make: impl Fn(Lang) -> AttrValue + 'static) -> Self {
        Self {
            key: make(lang),
            args: Vec::new(),
            by: Some(By(Rc::new(make))),
        }
    }

    /// The text, as far as it is here.
    pub fn text(&self, lang: Lang) -> AttrValue {
        if let Some(By(make)) = &self.by {
            return make(lang);
        }
        if self.args.is_empty() {
            return tr(lang, &self.key);
        }
        let args: Vec<(&str, &str)> = self.args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        trf(lang, &self.key, &args)
    }
}

/// The words of a key.
pub fn say(key: impl Into<AttrValue>) -> Said {
    say_with(key, &[])
}

/// The words of a key with every `{name}` filled.
pub fn say_with(key: impl Into<AttrValue>, args: &[(&'static str, &str)]) -> Said {
    Said {
        key: key.into(),
        args: args
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect(),
        by: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_translated_when_they_are_shown() {
        let said = say_with("files.imported", &[("name", "가게")]);
        assert!(said.text(Lang::Ko).contains("‘가게’"));
        assert!(said.text(Lang::En).contains("가게"));
        assert_ne!(said.text(Lang::Ko), said.text(Lang::En));
        assert_eq!(said, say_with("files.imported", &[("name", "가게")]));
        assert_ne!(said, say_with("files.imported", &[("name", "집")]));
        assert_ne!(say("bar.undo"), Said::made(Lang::Ko, |_| "bar.undo".into()));
    }

    #[test]
    fn texts_that_are_put_together_follow_the_language() {
        let made = || Said::made(Lang::Ko, |lang| tr(lang, "bar.undo"));
        assert_eq!(made(), made());
        assert_eq!(made().text(Lang::En), tr(Lang::En, "bar.undo"));
    }
}
