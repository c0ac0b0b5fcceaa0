//! Language and theme: what a person has chosen, else what the browser prefers.
//!
//! Components ask [`use_lang`] and [`tr`] for texts, [`use_theme`] for the theme that is really shown, and
//! [`use_settings`] to change either. The page begins with the texts of one language; those of the other
//! come when it is chosen (see `texts`). Must not live here: any other setting.

use std::borrow::Cow;

use archplay_text::Lang;
use gloo::events::EventListener;
use yew::prelude::*;

use crate::app::store::local;
use crate::app::texts;

const LANG_KEY: &str = "archplay/lang";
const THEME_KEY: &str = "archplay/theme";

/// What a person wants of the theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl ThemeChoice {
    /// All choices, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name in storage and text keys.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.slug() == slug)
    }

    const fn resolve(self, system_is_dark: bool) -> Theme {
        match self {
            Self::Light => Theme::Light,
            Self::Dark => Theme::Dark,
            Self::System if system_is_dark => Theme::Dark,
            Self::System => Theme::Light,
        }
    }
}

/// The theme that is shown; also the value of `data-theme` on the root element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The value of `data-theme`.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The choices and the way to change them.
#[derive(Clone, PartialEq)]
pub struct Settings {
    /// The language of the page.
    pub lang: Lang,
    /// What was chosen for the theme.
    pub theme: ThemeChoice,
    /// Changes the language to one whose texts are here; see [`texts::fetch`].
    pub set_lang: Callback<Lang>,
    /// Changes the theme.
    pub set_theme: Callback<ThemeChoice>,
}

/// The language, and how often more of its texts have come: whoever shows texts shows them anew then.
/// Equal as long as all texts are the same, so what is kept of texts is kept by it.
#[derive(Clone, Copy, PartialEq)]
pub struct LangCtx(Lang, u32);

#[derive(Clone, Copy, PartialEq)]
struct ThemeCtx(Theme);

/// Returns the language of the page; Korean outside of [`SettingsProvider`].
#[hook]
pub fn use_lang() -> Lang {
    use_context::<LangCtx>().map_or(Lang::Ko, |ctx| ctx.0)
}

/// Returns the texts that are shown, as something to compare.
#[hook]
pub fn use_texts() -> LangCtx {
    use_context::<LangCtx>().unwrap_or(LangCtx(Lang::Ko, 0))
}

/// Returns the theme that is shown; light outside of [`SettingsProvider`].
#[hook]
pub fn use_theme() -> Theme {
    use_context::<ThemeCtx>().map_or(Theme::Light, |ctx| ctx.0)
}

/// Returns the settings with their setters; setters do nothing outside of [`SettingsProvider`].
#[hook]
pub fn use_settings() -> Settings {
    use_context::<Settings>().unwrap_or_else(|| Settings {
        lang: Lang::Ko,
        theme: ThemeChoice::System,
        set_lang: Callback::noop(),
        set_theme: Callback::noop(),
    })
}

/// Returns the text of a key, ready for `html!` and for attributes. A text that is still to come is empty,
/// and is fetched.
pub fn tr(lang: Lang, key: &str) -> AttrValue {
    text(lang, key).into()
}

/// Returns the text of a key with every `{name}` filled, ready for `html!` and for attributes.
pub fn trf(lang: Lang, key: &str, args: &[(&str, &str)]) -> AttrValue {
    archplay_text::fill(&text(lang, key), args).into()
}

fn text(lang: Lang, key: &str) -> Cow<'static, str> {
    archplay_text::find(lang, key).unwrap_or_else(|| {
        texts::want_rest(lang);
        archplay_text::t(lang, key)
    })
}

/// Tells whether the text of a key is here; if it is not, it is fetched and the page drawn anew.
pub fn is_here(lang: Lang, key: &str) -> bool {
    let here = archplay_text::find(lang, key).is_some();
    if !here {
        texts::want_rest(lang);
    }
    here
}

/// Returns the text of a key if it is here, and does not fetch it if it is not.
pub fn tr_if_here(lang: Lang, key: &str) -> Option<AttrValue> {
    archplay_text::find(lang, key).map(Into::into)
}

/// Picks the first language of a preference list that we speak; English when it names only others.
fn preferred<'a>(tags: impl Iterator<Item = &'a str>) -> Lang {
    let mut any = false;
    for tag in tags {
        any = true;
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        if let Some(lang) = Lang::ALL
            .into_iter()
            .find(|lang| lang.tag().eq_ignore_ascii_case(primary))
        {
            return lang;
        }
    }
    if any { Lang::En } else { Lang::Ko }
}

/// The language chosen before, else the first preferred one that we speak.
pub fn stored_or_preferred_lang() -> Lang {
    if let Some(tag) = local::get(LANG_KEY) {
        return Lang::from_tag(&tag);
    }
    let tags: Vec<String> = gloo::utils::window()
        .navigator()
        .languages()
        .iter()
        .filter_map(|tag| tag.as_string())
        .collect();
    preferred(tags.iter().map(String::as_str))
}

/// The language of the page, for code outside of any component.
pub fn current_lang() -> Lang {
    gloo::utils::document()
        .document_element()
        .and_then(|root| root.get_attribute("lang"))
        .map_or(Lang::Ko, |tag| Lang::from_tag(&tag))
}

fn dark_query() -> Option<web_sys::MediaQueryList> {
    gloo::utils::window()
        .match_media("(prefers-color-scheme: dark)")
        .ok()
        .flatten()
}

/// What [`SettingsProvider`] begins with, and its children.
#[derive(Properties, PartialEq)]
pub struct ProviderProps {
    /// The language at the start; its texts are here.
    pub lang: Lang,
    /// What sees the settings.
    pub children: Html,
}

/// Provides language and theme, keeps them in the browser and on the root element.
#[component]
pub fn SettingsProvider(props: &ProviderProps) -> Html {
    let lang = use_state_eq(|| props.lang);
    let choice = use_state_eq(|| {
        local::get(THEME_KEY)
            .and_then(|slug| ThemeChoice::from_slug(&slug))
            .unwrap_or_default()
    });
    let system_is_dark = use_state_eq(|| dark_query().is_some_and(|query| query.matches()));
    let theme = choice.resolve(*system_is_dark);

    use_effect_with((), {
        let system_is_dark = system_is_dark.clone();
        move |()| {
            let listener = dark_query().map(|query| {
                let target = query.clone();
                EventListener::new(&target, "change", move |_| {
                    system_is_dark.set(query.matches());
                })
            });
            move || drop(listener)
        }
    });
    let more_texts = use_state_eq(|| 0_u32);
    let came = use_mut_ref(|| 0_u32);
    use_effect_with((), {
        let more_texts = more_texts.setter();
        move |()| {
            let listener = texts::on_more(move || {
                let mut count = came.borrow_mut();
                *count += 1;
                more_texts.set(*count);
            });
            move || drop(listener)
        }
    });
    use_effect_with(*lang, |lang| {
        if let Some(root) = gloo::utils::document().document_element() {
            // A root element that refuses an attribute leaves nothing to repair.
            let _ = root.set_attribute("lang", lang.tag());
        }
        gloo::utils::document().set_title(&tr(*lang, "app.title"));
    });
    use_effect_with(theme, |theme| {
        if let Some(root) = gloo::utils::document().document_element() {
            let _ = root.set_attribute("data-theme", theme.slug());
        }
    });

    let set_lang = use_callback((), {
        let lang = lang.setter();
        move |value: Lang, ()| {
            local::set(LANG_KEY, value.tag());
            lang.set(value);
        }
    });
    let set_theme = use_callback((), {
        let choice = choice.setter();
        move |value: ThemeChoice, ()| {
            local::set(THEME_KEY, value.slug());
            choice.set(value);
        }
    });
    let settings = Settings {
        lang: *lang,
        theme: *choice,
        set_lang,
        set_theme,
    };
    html! {
        <ContextProvider<LangCtx> context={LangCtx(*lang, *more_texts)}>
            <ContextProvider<ThemeCtx> context={ThemeCtx(theme)}>
                <ContextProvider<Settings> context={settings}>
                    { props.children.clone() }
                </ContextProvider<Settings>>
            </ContextProvider<ThemeCtx>>
        </ContextProvider<LangCtx>>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_language_we_speak_wins() {
        let check = |tags: &[&str], expected: Lang| {
            assert_eq!(preferred(tags.iter().copied()), expected, "{tags:?}");
        };
        check(&["ko-KR", "en"], Lang::Ko);
        check(&["en-GB", "ko"], Lang::En);
        check(&["ja", "ko"], Lang::Ko);
        check(&["kok-IN", "en"], Lang::En);
        check(&["ja"], Lang::En);
        check(&[], Lang::Ko);
    }

    #[test]
    fn theme_choices_keep_their_names() {
        for choice in ThemeChoice::ALL {
            assert_eq!(ThemeChoice::from_slug(choice.slug()), Some(choice));
        }
        assert_eq!(ThemeChoice::System.resolve(true), Theme::Dark);
        assert_eq!(ThemeChoice::Light.resolve(true), Theme::Light);
    }
}
