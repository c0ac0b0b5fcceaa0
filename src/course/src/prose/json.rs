//! The tree as JSON: a text is a string, an element is an array of its tag, what belongs to the tag, and its
//! content: `["p", "See ", ["a", "#/s4", "session 4"], "."]`.
//!
//! Written by hand, because it is shorter than a derived form, on the wire and in the page's wasm. A reader
//! lets only known tags through and judges no address: that is for whoever draws.

use std::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Element, Node};

impl Element {
    const fn tag(&self) -> &'static str {
        match self {
            Self::Paragraph => "p",
            Self::Heading(0 | 1) => "h1",
            Self::Heading(2) => "h2",
            Self::Heading(3) => "h3",
            Self::Heading(4) => "h4",
            Self::Heading(5) => "h5",
            Self::Heading(6..) => "h6",
            Self::Quote => "quote",
            Self::List(None) => "ul",
            Self::List(Some(_)) => "ol",
            Self::Item => "li",
            Self::CodeBlock => "pre",
            Self::Code => "code",
            Self::Emphasis => "em",
            Self::Strong => "b",
            Self::Strike => "s",
            Self::Link(_) => "a",
            Self::Cite(_) => "cite",
            Self::Image(_) => "img",
            Self::Table => "table",
            Self::TableHead => "thead",
            Self::TableRow => "tr",
            Self::Cell {
                head: true,
                right: false,
            } => "th",
            Self::Cell {
                head: true,
                right: true,
            } => "th>",
            Self::Cell {
                head: false,
                right: false,
            } => "td",
            Self::Cell {
                head: false,
                right: true,
            } => "td>",
            Self::Figure(_) => "fig",
            Self::Question(_) => "ask",
            Self::Term(_) => "term",
            Self::Rule => "hr",
            Self::Break => "br",
        }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let (element, content) = match self {
            Self::Text(text) => return out.serialize_str(text),
            Self::Element(element, content) => (element, content),
        };
        let mut array = out.serialize_seq(None)?;
        array.serialize_element(element.tag())?;
        match element {
            Element::List(Some(first)) => array.serialize_element(first)?,
            Element::Cite(number) => array.serialize_element(number)?,
            Element::Link(name)
            | Element::Image(name)
            | Element::Figure(name)
            | Element::Question(name)
            | Element::Term(name) => array.serialize_element(name)?,
            _ => {}
        }
        for node in content {
            array.serialize_element(node)?;
        }
        array.end()
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or an element")
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Node, A::Error> {
        let tag: String = part(&mut array)?;
        let cell = |head, right| Element::Cell { head, right };
        let element = match tag.as_str() {
            "p" => Element::Paragraph,
            "h1" => Element::Heading(1),
            "h2" => Element::Heading(2),
            "h3" => Element::Heading(3),
            "h4" => Element::Heading(4),
            "h5" => Element::Heading(5),
            "h6" => Element::Heading(6),
            "quote" => Element::Quote,
            "ul" => Element::List(None),
            "ol" => Element::List(Some(part(&mut array)?)),
            "li" => Element::Item,
            "pre" => Element::CodeBlock,
            "code" => Element::Code,
            "em" => Element::Emphasis,
            "b" => Element::Strong,
            "s" => Element::Strike,
            "a" => Element::Link(part(&mut array)?),
            "cite" => Element::Cite(part(&mut array)?),
            "img" => Element::Image(part(&mut array)?),
            "table" => Element::Table,
            "thead" => Element::TableHead,
            "tr" => Element::TableRow,
            "th" => cell(true, false),
            "th>" => cell(true, true),
            "td" => cell(false, false),
            "td>" => cell(false, true),
            "fig" => Element::Figure(part(&mut array)?),
            "ask" => Element::Question(part(&mut array)?),
            "term" => Element::Term(part(&mut array)?),
            "hr" => Element::Rule,
            "br" => Element::Break,
            _ => return Err(A::Error::custom("unknown element")),
        };
        let mut content = Vec::new();
        while let Some(node) = array.next_element()? {
            content.push(node);
        }
        Ok(Node::Element(element, content))
    }
}

/// The next part of an array, which has to be there.
fn part<'de, A: SeqAccess<'de>, T: Deserialize<'de>>(array: &mut A) -> Result<T, A::Error> {
    let part = array.next_element()?;
    part.ok_or_else(|| A::Error::custom("unfinished element"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Vec<Node>, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn every_element_comes_back() {
        let cells = [(true, false), (true, true), (false, false), (false, true)];
        let elements = (1..=6)
            .map(Element::Heading)
            .chain(cells.map(|(head, right)| Element::Cell { head, right }))
            .chain([
                Element::Paragraph,
                Element::Quote,
                Element::List(None),
                Element::List(Some(u64::MAX)),
                Element::Item,
                Element::CodeBlock,
                Element::Code,
                Element::Emphasis,
                Element::Strong,
                Element::Strike,
                Element::Link("https://example.org/\"x\"".to_owned()),
                Element::Cite(3),
                Element::Image("queue.svg".to_owned()),
                Element::Table,
                Element::TableHead,
                Element::TableRow,
                Element::Figure("nines".to_owned()),
                Element::Question("serverless-502".to_owned()),
                Element::Term("zipf".to_owned()),
                Element::Rule,
                Element::Break,
            ]);
        for element in elements {
            let text = Node::Text("p\n\"글\"".to_owned());
            for content in [vec![], vec![text.clone()], vec![text.clone(), text.clone()]] {
                let inner = Node::Element(element.clone(), content);
                let nodes = vec![
                    inner.clone(),
                    text.clone(),
                    Node::Element(Element::Item, vec![inner]),
                ];
                let json = serde_json::to_string(&nodes).unwrap();
                assert_eq!(read(&json).unwrap(), nodes, "{json}");
            }
        }
    }

    #[test]
    fn the_form_is_short() {
        let link = Node::Element(
            Element::Link("#/s4".to_owned()),
            vec![Node::Text("4교시".to_owned())],
        );
        let text = |text: &str| Node::Text(text.to_owned());
        let node = Node::Element(Element::Paragraph, vec![text("글 "), link, text(".")]);
        assert_eq!(
            serde_json::to_string(&node).unwrap(),
            r##"["p","글 ",["a","#/s4","4교시"],"."]"##
        );
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        for (json, reason) in [
            (r#"[["script","x"]]"#, "unknown element"),
            (r#"[[]]"#, "unfinished element"),
            (r#"[["a"]]"#, "unfinished element"),
            (r#"[["ol","x"]]"#, "invalid type"),
            (r#"[{"p":"x"}]"#, "a text or an element"),
            ("[3]", "a text or an element"),
            ("[null]", "a text or an element"),
            (r#"[["p","x""#, "EOF"),
        ] {
            let told = read(json).unwrap_err();
            assert!(told.contains(reason), "{json}: {told}");
        }
        let deep = format!("{}{}", r#"["p","#.repeat(100_000), "]".repeat(100_000));
        assert!(read(&deep).is_err());
    }
}
