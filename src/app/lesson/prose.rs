//! A lesson's Markdown on the page.

use archplay_course::bundle::{LessonBundle, Source};
use yew::prelude::*;
use yew::virtual_dom::{VNode, VTag};

use super::markdown::{Address, Context, Element, Node, link_address, parse};
use crate::app::lang::{trf, use_lang};

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct ProseProps {
    /// Markdown.
    pub text: AttrValue,
    /// The lesson it belongs to, for pictures and sources.
    pub lesson: Lesson,
}

/// A lesson, compared by identity.
#[derive(Clone)]
pub struct Lesson(pub std::rc::Rc<LessonBundle>);

impl PartialEq for Lesson {
    fn eq(&self, other: &Self) -> bool {
        std::rc::Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The deepest nesting that is drawn; a text beyond it is cut there.
const MAX_DEPTH: usize = 32;

/// Shows Markdown.
#[component]
pub fn Prose(props: &ProseProps) -> Html {
    let lang = use_lang();
    let names: Vec<&str> = props
        .lesson
        .0
        .sources
        .iter()
        .map(|s| s.id.as_str())
        .collect();
    let context = Context {
        lesson: props.lesson.0.id.as_str(),
        sources: &names,
    };
    let nodes = parse(&props.text, &context);
    let drawing = Drawing {
        sources: &props.lesson.0.sources,
        cite: &|number: usize| trf(lang, "lesson.source", &[("number", &number.to_string())]),
    };
    html! { <div class="prose">{ drawing.all(&nodes, 0) }</div> }
}

struct Drawing<'a> {
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
            Element::Link(Address::Inside(address)) => {
                html! { <a href={address.clone()}>{ inner }</a> }
            }
            Element::Link(Address::Outside(address)) => outside(address, inner),
            Element::Cite(number) => self.citation(*number),
            Element::Image(address) => {
                let description = plain(content);
                html! { <img src={address.clone()} alt={description} loading="lazy" /> }
            }
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
