//! Markdown as a tree of allowed elements. Pure: the tree has no place for HTML, scripts or foreign
//! addresses, so a lesson's or an imported text can never become more than text.
//!
//! Must not live here: Yew; see `prose.rs` for what the tree looks like on the page.

use pulldown_cmark::{
    Alignment, BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd,
};

/// A piece of text as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Plain text.
    Text(String),
    /// Something around other pieces.
    Element(Element, Vec<Node>),
}

/// What may stand around text.
#[derive(Clone, Debug, PartialEq)]
pub enum Element {
    /// A paragraph.
    Paragraph,
    /// A heading, from 1.
    Heading(u8),
    /// A quotation.
    Quote,
    /// A list; ordered ones have their first number.
    List(Option<u64>),
    /// An item of a list.
    Item,
    /// Code on lines of its own.
    CodeBlock,
    /// Code within a line.
    Code,
    /// Stress.
    Emphasis,
    /// Strong stress.
    Strong,
    /// Struck out.
    Strike,
    /// A link; only addresses that passed [`link_address`].
    Link(Address),
    /// The number of a source.
    Cite(usize),
    /// A picture of the lesson, with its address relative to the page; the content is its description.
    Image(String),
    /// A table.
    Table,
    /// The table's first row.
    TableHead,
    /// A further row.
    TableRow,
    /// A cell; `true` in the first row. Figures stand to the right.
    Cell {
        /// Whether it heads a column.
        head: bool,
        /// Whether it is aligned to the right.
        right: bool,
    },
    /// A line across.
    Rule,
    /// The end of a line.
    Break,
}

/// Where a link may lead.
#[derive(Clone, Debug, PartialEq)]
pub enum Address {
    /// A place of this page, with its `#`.
    Inside(String),
    /// Another site, by https.
    Outside(String),
}

/// What the text can refer to.
pub struct Context<'a> {
    /// The lesson's folder, for pictures.
    pub lesson: &'a str,
    /// The sources' short names; `[name]` in the text becomes their number.
    pub sources: &'a [&'a str],
}

/// Says whether and where an address of a link may lead.
pub fn link_address(address: &str) -> Option<Address> {
    let plain = !address.chars().any(|c| c.is_control() || c.is_whitespace());
    if !plain {
        return None;
    }
    if let Some(rest) = address.strip_prefix("#/") {
        return Some(Address::Inside(format!("#/{rest}")));
    }
    let rest = address.strip_prefix("https://")?;
    (!rest.is_empty() && !rest.starts_with('/')).then(|| Address::Outside(address.to_owned()))
}

/// The address of a lesson's picture: only a plain path below the lesson's folder.
fn image_address(address: &str, lesson: &str) -> Option<String> {
    let plain = address
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
    let inside = plain
        && !address.is_empty()
        && !address.starts_with('/')
        && address
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.'));
    inside.then(|| format!("lessons/{lesson}/{address}"))
}

const CITE: &str = "cite:";

/// Reads Markdown.
pub fn parse(text: &str, context: &Context<'_>) -> Vec<Node> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let cite = |link: BrokenLink<'_>| {
        let number = context
            .sources
            .iter()
            .position(|id| *id == &*link.reference)?;
        Some((CowStr::from(format!("{CITE}{number}")), CowStr::from("")))
    };
    let mut builder = Builder::new(context);
    for event in Parser::new_with_broken_link_callback(text, options, Some(cite)) {
        builder.event(event);
    }
    builder.finish()
}

struct Builder<'a> {
    context: &'a Context<'a>,
    /// Open elements with their content so far; the first is the text itself.
    open: Vec<(Option<Element>, Vec<Node>)>,
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

impl<'a> Builder<'a> {
    fn new(context: &'a Context<'a>) -> Self {
        Self {
            context,
            open: vec![(None, Vec::new())],
            alignments: Vec::new(),
            column: 0,
            in_head: false,
        }
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => {
                self.push(Node::Element(
                    Element::Code,
                    vec![Node::Text(text.into_string())],
                ));
            }
            // Markup in the text is shown as the text that it is.
            Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.push(Node::Element(Element::Break, Vec::new())),
            Event::Rule => self.push(Node::Element(Element::Rule, Vec::new())),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let element = match tag {
            Tag::Paragraph | Tag::HtmlBlock => Some(Element::Paragraph),
            Tag::Heading { level, .. } => Some(Element::Heading(level_number(level))),
            Tag::BlockQuote(_) => Some(Element::Quote),
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => {
                Some(Element::CodeBlock)
            }
            Tag::List(first) => Some(Element::List(first)),
            Tag::Item => Some(Element::Item),
            Tag::Emphasis => Some(Element::Emphasis),
            Tag::Strong => Some(Element::Strong),
            Tag::Strikethrough => Some(Element::Strike),
            Tag::Link { dest_url, .. } => self.link(&dest_url),
            Tag::Image { dest_url, .. } => {
                image_address(&dest_url, self.context.lesson).map(Element::Image)
            }
            Tag::Table(alignments) => {
                self.alignments = alignments;
                Some(Element::Table)
            }
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
                Some(Element::TableHead)
            }
            Tag::TableRow => {
                self.column = 0;
                Some(Element::TableRow)
            }
            Tag::TableCell => {
                let right = self.alignments.get(self.column) == Some(&Alignment::Right);
                self.column += 1;
                Some(Element::Cell {
                    head: self.in_head,
                    right,
                })
            }
            // Not turned on, or nothing that is shown: the content stays.
            _ => None,
        };
        self.open.push((element, Vec::new()));
    }

    fn link(&self, address: &str) -> Option<Element> {
        if let Some(number) = address.strip_prefix(CITE) {
            return number.parse().ok().map(Element::Cite);
        }
        link_address(address).map(Element::Link)
    }

    fn end(&mut self, tag: TagEnd) {
        if tag == TagEnd::TableHead {
            self.in_head = false;
        }
        if self.open.len() < 2 {
            return;
        }
        let Some((element, content)) = self.open.pop() else {
            return;
        };
        match element {
            Some(element) => self.push(Node::Element(element, content)),
            // A refused address leaves its words.
            None => content.into_iter().for_each(|node| self.push(node)),
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, content)) = self.open.last_mut() {
            if let Some(Node::Text(before)) = content.last_mut() {
                before.push_str(text);
            } else {
                content.push(Node::Text(text.to_owned()));
            }
        }
    }

    fn push(&mut self, node: Node) {
        if let Node::Text(text) = &node {
            self.text(text);
        } else if let Some((_, content)) = self.open.last_mut() {
            content.push(node);
        }
    }

    fn finish(mut self) -> Vec<Node> {
        while self.open.len() > 1 {
            self.end(TagEnd::Paragraph);
        }
        self.open
            .pop()
            .map(|(_, content)| content)
            .unwrap_or_default()
    }
}

const fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    fn outline(nodes: &[Node]) -> String {
        let mut out = String::new();
        for node in nodes {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(element, content) => {
                    let name = format!("{element:?}");
                    let inner = outline(content);
                    // Writing to a string cannot fail.
                    let _ = write!(out, "<{name}|{inner}>");
                }
            }
        }
        out
    }

    fn check(text: &str, expected: &str) {
        let context = Context {
            lesson: "03-compute",
            sources: &["seed", "aws"],
        };
        assert_eq!(outline(&parse(text, &context)), expected, "{text}");
    }

    #[test]
    fn what_lessons_use() {
        check(
            "# 제목\n\n글 *강조* **굵게** `코드`",
            "<Heading(1)|제목><Paragraph|글 <Emphasis|강조> <Strong|굵게> <Code|코드>>",
        );
        check("- 하나\n- 둘\n", "<List(None)|<Item|하나><Item|둘>>");
        check("3. 셋\n", "<List(Some(3))|<Item|셋>>");
        check("> 인용\n> 두 줄", "<Quote|<Paragraph|인용 두 줄>>");
        check("a  \nb", "<Paragraph|a<Break|>b>");
        check(
            "| 이름 | 값 |\n|---|---:|\n| CPU | 97 |\n",
            "<Table|<TableHead|<Cell { head: true, right: false }|이름><Cell { head: true, right: true }|값>>\
             <TableRow|<Cell { head: false, right: false }|CPU><Cell { head: false, right: true }|97>>>",
        );
    }

    #[test]
    fn markup_stays_text() {
        check("a <b onclick=x>b</b>", "<Paragraph|a <b onclick=x>b</b>>");
        check(
            "<script>alert(1)</script>\n",
            "<Paragraph|<script>alert(1)</script>\n>",
        );
        check("&lt;i&gt;", "<Paragraph|<i>>");
    }

    #[test]
    fn links_lead_inside_or_by_https() {
        check(
            "[a](https://example.org/x)",
            "<Paragraph|<Link(Outside(\"https://example.org/x\"))|a>>",
        );
        check("[a](#/s4)", "<Paragraph|<Link(Inside(\"#/s4\"))|a>>");
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "http://example.org",
            "//example.org",
            "https:///x",
            "/root",
            "#top",
        ] {
            check(&format!("[a]({bad})"), "<Paragraph|a>");
        }
        assert_eq!(link_address("https://a\tb"), None);
    }

    #[test]
    fn pictures_stay_below_the_lesson() {
        check(
            "![그림](img/queue.svg)",
            "<Paragraph|<Image(\"lessons/03-compute/img/queue.svg\")|그림>>",
        );
        for bad in [
            "https://x/y.png",
            "../a.svg",
            "/a.svg",
            "a/../b.svg",
            "a//b.svg",
            "data:x",
        ] {
            check(&format!("![그림]({bad})"), "<Paragraph|그림>");
        }
    }

    #[test]
    fn sources_become_numbers() {
        check(
            "사실이에요 [aws]. [없음]",
            "<Paragraph|사실이에요 <Cite(1)|aws>. [없음]>",
        );
        // An address in the text cannot pretend to be a source of ours beyond the list.
        check("[x](cite:0)", "<Paragraph|<Cite(0)|x>>");
    }

    #[test]
    fn deep_nesting_ends() {
        let deep = "> ".repeat(2_000) + "x";
        let context = Context {
            lesson: "x",
            sources: &[],
        };
        assert!(!parse(&deep, &context).is_empty());
    }
}
