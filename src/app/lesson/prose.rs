//! A lesson's texts on the page.
//!
//! Must not live here: reading Markdown. The course has done that when the site was built; here its tree is
//! drawn, and an address in it is followed only if it passes here once more.

use archplay_course::bundle::{LessonBundle, Source};
use archplay_course::prose::{
    Address, Element, LocalProse, MAX_DEPTH, Node, link_address, picture_address,
};
use archplay_text::Lang;
use yew::prelude::*;
use yew::virtual_dom::{VNode, VTag};

use super::question::QuestionPlace;
use crate::app::figures::FigurePlace;
use crate::app::glossary::{TermPopover, use_marked};
use crate::app::lang::{trf, use_lang};

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct ProseProps {
    /// The lesson.
    pub lesson: Lesson,
    /// Which of its texts.
    pub part: Part,
}

/// A text of a lesson: where it stands, so that the text itself need not be copied or compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What is read.
    Text,
    /// A hint.
    Hint(usize),
    /// What a task asks.
    Prompt(usize),
    /// What there is to think about after a task.
    Think(usize),
}

impl Part {
    fn of(self, lesson: &LessonBundle) -> Option<&LocalProse> {
        match self {
            Self::Text => Some(&lesson.text),
            Self::Hint(i) => lesson.hints.get(i),
            Self::Prompt(i) => lesson.tasks.get(i).map(|task| &task.prompt),
            Self::Think(i) => lesson.tasks.get(i).map(|task| &task.think),
        }
    }
}

/// A lesson, compared by identity.
#[derive(Clone)]
pub struct Lesson(pub std::rc::Rc<LessonBundle>);

impl PartialEq for Lesson {
    fn eq(&self, other: &Self) -> bool {
        std::rc::Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Shows a text of a lesson, and explains its marked words.
#[component]
pub fn Prose(props: &ProseProps) -> Html {
    let (marked, events) = use_marked();
    let room = use_node_ref();
    html! {
        <div ref={room.clone()} class="terms" onmouseover={events.over} onmouseout={events.out}
            onfocusin={events.focus} onfocusout={events.blur} onclick={events.press} onkeydown={events.key}>
            <Text lesson={props.lesson.clone()} part={props.part} />
            if let Some(marked) = (*marked).clone() {
                <TermPopover {marked} {room} />
            }
        </div>
    }
}

/// The text itself; it is not drawn anew when a word is explained.
#[component]
fn Text(props: &ProseProps) -> Html {
    let lang = use_lang();
    let lesson = &*props.lesson.0;
    let text = props.part.of(lesson);
    let text = text.map(|prose| draw(lang, lesson.id.as_str(), &lesson.sources, prose));
    html! { <div class="prose">{ text.unwrap_or_default() }</div> }
}

/// Draws a text in this language; in the other, until the wanted one has come.
pub fn draw(lang: Lang, lesson: &str, sources: &[Source], prose: &LocalProse) -> Html {
    let (wanted, other) = match lang {
        Lang::Ko => (&prose.ko, &prose.en),
        Lang::En => (&prose.en, &prose.ko),
    };
    let drawing = Drawing {
        lesson,
        sources,
        cite: &|number: usize| trf(lang, "lesson.source", &[("number", &number.to_string())]),
    };
    drawing.all(if wanted.is_empty() { other } else { wanted }, 0)
}

struct Drawing<'a> {
    /// The lesson's folder, for pictures.
    lesson: &'a str,
    sources: &'a [Source],
    cite: &'a dyn Fn(usize) -> AttrValue,
}

impl Drawing<'_> {
    fn all(&self, nodes: &[Node], depth: usize) -> Html {
        if depth > MAX_DEPTH {
            return Html::default();
        }
        nodes.iter().map(|node| self.one(node, depth)).collect()
    }

    fn one(&self, node: &Node, depth: usize) -> Html {
        let (element, content) = match node {
            Node::Text(text) => return html! { { text.clone() } },
            Node::Element(element, content) => (element, content),
        };
        let inner = self.all(content, depth + 1);
        match element {
            Element::Paragraph => html! { <p>{ inner }</p> },
            Element::Heading(level) => {
                // The panel's own title is the first heading; texts begin with the second.
                let mut tag = VTag::new(format!("h{}", (*level).clamp(2, 6)));
                tag.add_child(inner);
                VNode::from(tag)
            }
            Element::Quote => html! { <blockquote>{ inner }</blockquote> },
            Element::List(None) => html! { <ul>{ inner }</ul> },
            Element::List(Some(first)) => html! { <ol start={first.to_string()}>{ inner }</ol> },
            Element::Item => html! { <li>{ inner }</li> },
            Element::CodeBlock => html! { <pre tabindex="0"><code>{ inner }</code></pre> },
            Element::Code => html! { <code>{ inner }</code> },
            Element::Emphasis => html! { <em>{ inner }</em> },
            Element::Strong => html! { <strong>{ inner }</strong> },
            Element::Strike => html! { <s>{ inner }</s> },
            Element::Link(address) => match link_address(address) {
                Some(Address::Inside(address)) => html! { <a href={address}>{ inner }</a> },
                Some(Address::Outside(address)) => outside(&address, inner),
                // A refused address leaves its words.
                None => inner,
            },
            Element::Cite(number) => self.citation(*number),
            Element::Image(path) => match picture_address(path, self.lesson) {
                Some(address) => {
                    let description = plain(content);
                    html! { <img src={address} alt={description} loading="lazy" /> }
                }
                None => inner,
            },
            Element::Table => {
                html! { <div class="table-scroll" tabindex="0"><table>{ inner }</table></div> }
            }
            Element::TableHead => html! { <thead><tr>{ inner }</tr></thead> },
            Element::TableRow => html! { <tr>{ inner }</tr> },
            Element::Cell { head, right } => {
                let class = right.then_some("figure");
                if *head {
                    html! { <th scope="col" {class}>{ inner }</th> }
                } else {
                    html! { <td {class}>{ inner }</td> }
                }
            }
            Element::Figure(name) => html! { <FigurePlace name={name.clone()} /> },
            Element::Question(id) => html! { <QuestionPlace id={id.clone()} /> },
            Element::Term(id) => html! {
                <button type="button" class="term" data-term={id.clone()}>{ inner }</button>
            },
            Element::Rule => html! { <hr /> },
            Element::Break => html! { <br /> },
        }
    }

    fn citation(&self, number: usize) -> Html {
        let Some(source) = self.sources.get(number) else {
            return Html::default();
        };
        let shown = (number + 1).to_string();
        let label = format!("{}: {}", (self.cite)(number + 1), source.title);
        match link_address(&source.url) {
            Some(Address::Outside(address)) => html! {
                <sup><a href={address} target="_blank" rel="noopener noreferrer" title={source.title.clone()}
                    aria-label={label}>{ shown }</a></sup>
            },
            _ => html! { <sup title={source.title.clone()} aria-label={label}>{ shown }</sup> },
        }
    }
}

/// A link to another site: a new tab that knows nothing of this one.
pub fn outside(address: &str, inner: Html) -> Html {
    html! {
        <a href={address.to_owned()} target="_blank" rel="noopener noreferrer">{ inner }</a>
    }
}

fn plain(nodes: &[Node]) -> String {
    nodes
        .iter()
        .map(|node| match node {
            Node::Text(text) => text.clone(),
            Node::Element(_, content) => plain(content),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(json: &str) -> Html {
        let nodes: Vec<Node> = serde_json::from_str(json).unwrap();
        let drawing = Drawing {
            lesson: "03-compute",
            sources: &[],
            cite: &|_| AttrValue::default(),
        };
        drawing.all(&nodes, 0)
    }

    #[test]
    fn addresses_pass_here_once_more() {
        assert_eq!(
            drawn(r##"[["a","#/s4","x"],["img","a/b.svg","y"]]"##),
            [
                html! { <a href={"#/s4".to_owned()}>{ drawn(r#"["x"]"#) }</a> },
                html! { <img src={"lessons/03-compute/a/b.svg".to_owned()} alt={"y".to_owned()} loading="lazy" /> },
            ]
            .into_iter()
            .collect::<Html>()
        );
        let words = [drawn(r#"["x"]"#)].into_iter().collect::<Html>();
        for bad in ["javascript:alert(1)", "http://example.org", "//x", "/x"] {
            for tag in ["a", "img"] {
                assert_eq!(drawn(&format!(r#"[["{tag}","{bad}","x"]]"#)), words);
            }
        }
        assert_eq!(drawn(r#"[["cite",0,"x"]]"#), drawn(r#"[["cite",7]]"#));
    }

    #[test]
    fn a_tree_is_drawn_to_its_limit() {
        let nested = |levels: usize, inner: &str| {
            let (open, close) = (r#"["quote","#.repeat(levels), "]".repeat(levels));
            drawn(&format!("[{open}{inner}{close}]"))
        };
        let deepest = nested(MAX_DEPTH, r#""x""#);
        assert_ne!(deepest, nested(MAX_DEPTH, r#""y""#));
        let beyond = |inner: &str| nested(MAX_DEPTH + 1, inner);
        assert_eq!(beyond(r#""x""#), beyond(r#""y""#));
    }
}
