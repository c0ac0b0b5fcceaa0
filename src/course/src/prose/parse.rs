//! From Markdown to the tree, refusing what must not stand in a lesson. Runs when the site is built.
//!
//! Must not live here: files, and which texts a lesson has; see `bundle/build.rs`.

use pulldown_cmark::{
    Alignment, BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd,
};

use super::{Element, FIGURES, MAX_DEPTH, Node, link_address, picture_address};
use crate::glossary::TermIds;

/// What the text can refer to.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The lesson's folder, for pictures.
    pub lesson: &'a str,
    /// The sources' short names; `[name]` in the text becomes their number.
    pub sources: &'a [&'a str],
    /// The words of the glossary; `[word](term:id)` refers to one.
    pub terms: &'a TermIds,
    /// The ids of the questions; a block of code called `question <id>` asks one.
    pub questions: &'a [&'a str],
}

/// Why a text is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// A code of [`LessonError`](crate::LessonError).
    pub code: &'static str,
    /// The line of the text, from 1.
    pub line: usize,
    /// The address or the limit.
    pub detail: String,
}

/// A refusal whose place is not known yet.
type Reason = (&'static str, String);

/// What the address of a source begins with between the parser and the builder.
const CITE: &str = "cite:";
/// What the address of a word of the glossary begins with.
const TERM: &str = "term:";
/// What the name of a block of code begins with that shows a figure.
const FIGURE: &str = "figure ";
/// The same for a question.
const QUESTION: &str = "question ";

/// Stands between a mark and the stars that end stress, so that a Korean particle may follow them: in Markdown
/// `**99%**예요` would not end otherwise. Invisible, and gone from what is read.
const JOINER: char = '\u{2060}';

/// Puts the joiner where it is needed: before stars that follow a mark and precede a Hangul letter.
fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut before, mut stars) = (' ', 0_usize);
    for c in text.chars() {
        if c == '*' {
            stars += 1;
            continue;
        }
        let mark = !before.is_whitespace() && !before.is_alphanumeric();
        if stars > 0 && mark && ('\u{AC00}'..='\u{D7A3}').contains(&c) {
            out.push(JOINER);
        }
        out.extend(std::iter::repeat_n('*', stars));
        out.push(c);
        (before, stars) = (c, 0);
    }
    out.extend(std::iter::repeat_n('*', stars));
    out
}

/// Reads Markdown.
///
/// # Errors
/// [`Refusal`] for an address that the page would not follow or show, for a source, a figure, a word of the
/// glossary or a question that is not there, and for a
/// text that is nested deeper than [`MAX_DEPTH`].
pub fn parse(text: &str, context: &Context<'_>) -> Result<Vec<Node>, Refusal> {
    let text = &*joined(text);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let cite = |link: BrokenLink<'_>| {
        let number = context
            .sources
            .iter()
            .position(|id| *id == &*link.reference)?;
        Some((CowStr::from(format!("{CITE}{number}")), CowStr::from("")))
    };
    let mut builder = Builder::new(context);
    let parser = Parser::new_with_broken_link_callback(text, options, Some(cite));
    for (event, range) in parser.into_offset_iter() {
        builder.event(event).map_err(|(code, detail)| {
            let before = text.get(..range.start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            Refusal { code, line, detail }
        })?;
    }
    Ok(builder.finish())
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

    fn event(&mut self, event: Event<'_>) -> Result<(), Reason> {
        match event {
            Event::Start(tag) => {
                self.check_depth()?;
                let element = self.element(tag)?;
                self.open.push((element, Vec::new()));
            }
            Event::End(tag) => self.end(tag),
            Event::Text(text) => {
                if let Some((Some(Element::Figure(_) | Element::Question(_)), _)) = self.open.last()
                {
                    // It would be lost.
                    let first = text.lines().next().unwrap_or_default();
                    return Err(("bad_value", format!("`{first}`, wanted an empty block")));
                }
                self.text(&text);
            }
            Event::Code(text) => {
                self.check_depth()?;
                let content = vec![Node::Text(text.replace(JOINER, ""))];
                self.push(Node::Element(Element::Code, content));
            }
            // Markup in the text is shown as the text that it is.
            Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.push(Node::Element(Element::Break, Vec::new())),
            Event::Rule => self.push(Node::Element(Element::Rule, Vec::new())),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
        Ok(())
    }

    /// Says whether an element may stand here: its content would be one level deeper.
    fn check_depth(&self) -> Result<(), Reason> {
        // The text itself is no level.
        if self.open.len() > MAX_DEPTH {
            let detail = format!("nested deeper than {MAX_DEPTH} levels");
            return Err(("out_of_range", detail));
        }
        Ok(())
    }

    fn element(&mut self, tag: Tag<'_>) -> Result<Option<Element>, Reason> {
        Ok(Some(match tag {
            Tag::Paragraph | Tag::HtmlBlock => Element::Paragraph,
            Tag::Heading { level, .. } => Element::Heading(level_number(level)),
            Tag::BlockQuote(_) => Element::Quote,
            Tag::CodeBlock(CodeBlockKind::Fenced(name)) => self.block(&name)?,
            Tag::CodeBlock(CodeBlockKind::Indented) => Element::CodeBlock,
            Tag::List(first) => Element::List(first),
            Tag::Item => Element::Item,
            Tag::Emphasis => Element::Emphasis,
            Tag::Strong => Element::Strong,
            Tag::Strikethrough => Element::Strike,
            Tag::Link { dest_url, .. } => self.link(&dest_url)?,
            Tag::Image { dest_url, .. } => {
                if picture_address(&dest_url, self.context.lesson).is_none() {
                    return Err(("bad_value", format!("picture `{dest_url}`")));
                }
                Element::Image(dest_url.into_string())
            }
            Tag::Table(alignments) => {
                self.alignments = alignments;
                Element::Table
            }
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
                Element::TableHead
            }
            Tag::TableRow => {
                self.column = 0;
                Element::TableRow
            }
            Tag::TableCell => {
                let right = self.alignments.get(self.column) == Some(&Alignment::Right);
                self.column += 1;
                Element::Cell {
                    head: self.in_head,
                    right,
                }
            }
            // Not turned on, or nothing that is shown: the content stays.
            _ => return Ok(None),
        }))
    }

    /// A block of code, or what its name asks for.
    fn block(&self, name: &str) -> Result<Element, Reason> {
        if let Some(figure) = name.strip_prefix(FIGURE).map(str::trim) {
            if !FIGURES.contains(&figure) {
                return Err(("unknown_id", format!("figure `{figure}`")));
            }
            return Ok(Element::Figure(figure.to_owned()));
        }
        if let Some(question) = name.strip_prefix(QUESTION).map(str::trim) {
            if !self.context.questions.contains(&question) {
                return Err(("unknown_id", format!("question `{question}`")));
            }
            return Ok(Element::Question(question.to_owned()));
        }
        Ok(Element::CodeBlock)
    }

    fn link(&self, address: &str) -> Result<Element, Reason> {
        if let Some(term) = address.strip_prefix(TERM) {
            if !self.context.terms.has(term) {
                return Err(("unknown_id", format!("term `{term}`")));
            }
            return Ok(Element::Term(term.to_owned()));
        }
        let element = match address.strip_prefix(CITE) {
            Some(number) => number
                .parse()
                .ok()
                .filter(|number| *number < self.context.sources.len())
                .map(Element::Cite),
            None => link_address(address).map(|_| Element::Link(address.to_owned())),
        };
        element.ok_or_else(|| ("bad_value", format!("link `{address}`")))
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
            None => content.into_iter().for_each(|node| self.push(node)),
        }
    }

    fn text(&mut self, text: &str) {
        let text = &*text.replace(JOINER, "");
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

    fn with_context<T>(act: impl FnOnce(&Context<'_>) -> T) -> T {
        let terms = TermIds::of(["zipf", "lru"]);
        act(&Context {
            lesson: "03-compute",
            sources: &["seed", "aws"],
            terms: &terms,
            questions: &["serverless-502"],
        })
    }

    fn read(text: &str) -> Result<Vec<Node>, Refusal> {
        with_context(|context| parse(text, context))
    }

    fn outline(nodes: &[Node]) -> String {
        let mut out = String::new();
        for node in nodes {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(element, content) => {
                    let name = format!("{element:?}");
                    let inner = outline(content);
                    write!(out, "<{name}|{inner}>").unwrap();
                }
            }
        }
        out
    }

    fn check(text: &str, expected: &str) {
        assert_eq!(outline(&read(text).unwrap()), expected, "{text}");
    }

    fn refused(text: &str, code: &str, line: usize, detail: &str) {
        let refusal = read(text).unwrap_err();
        let told = (refusal.code, refusal.line, &*refusal.detail);
        assert_eq!(told, (code, line, detail), "{text}");
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
        check("~~a~~\n\n---\n", "<Paragraph|<Strike|a>><Rule|>");
        check("```sh\nls\n```\n", "<CodeBlock|ls\n>");
        check(
            "| 이름 | 값 |\n|---|---:|\n| CPU | 97 |\n",
            "<Table|<TableHead|<Cell { head: true, right: false }|이름><Cell { head: true, right: true }|값>>\
             <TableRow|<Cell { head: false, right: false }|CPU><Cell { head: false, right: true }|97>>>",
        );
    }

    #[test]
    fn stress_ends_before_a_korean_particle() {
        check(
            "전체는 **99.50%**예요. **(가)**와 *나.*는 **a**b",
            "<Paragraph|전체는 <Strong|99.50%>예요. <Strong|(가)>와 <Emphasis|나.>는 <Strong|a>b>",
        );
        check(
            "(참고)**한글** `x.**가`",
            "<Paragraph|(참고)<Strong|한글> <Code|x.**가>>",
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
            "<Paragraph|<Link(\"https://example.org/x\")|a>>",
        );
        check("[a](#/s4)", "<Paragraph|<Link(\"#/s4\")|a>>");
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
            let detail = format!("link `{bad}`");
            refused(&format!("글\n\n[a]({bad})"), "bad_value", 3, &detail);
        }
    }

    #[test]
    fn pictures_stay_below_the_lesson() {
        check(
            "![그림](img/queue.svg)",
            "<Paragraph|<Image(\"img/queue.svg\")|그림>>",
        );
        for bad in [
            "https://x/y.png",
            "../a.svg",
            "/a.svg",
            "a/../b.svg",
            "a//b.svg",
            "data:x",
        ] {
            let detail = format!("picture `{bad}`");
            refused(&format!("![그림]({bad})"), "bad_value", 1, &detail);
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
        refused("[x](cite:2)", "bad_value", 1, "link `cite:2`");
        refused("[x](cite:y)", "bad_value", 1, "link `cite:y`");
    }

    #[test]
    fn figures_questions_and_terms_are_named() {
        check("```figure nines\n```", "<Figure(\"nines\")|>");
        check(
            "- a\n\n  ```figure ring\n  ```",
            "<List(None)|<Item|<Paragraph|a><Figure(\"ring\")|>>>",
        );
        check(
            "```question serverless-502\n```\n",
            "<Question(\"serverless-502\")|>",
        );
        check(
            "[지프](term:zipf) 분포",
            "<Paragraph|<Term(\"zipf\")|지프> 분포>",
        );
        refused(
            "글\n\n```figure nine\n```",
            "unknown_id",
            3,
            "figure `nine`",
        );
        refused(
            "```figure nines\nx\n```",
            "bad_value",
            2,
            "`x`, wanted an empty block",
        );
        refused("```question x\n```", "unknown_id", 1, "question `x`");
        refused("[x](term:zip)", "unknown_id", 1, "term `zip`");
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = |levels: usize, text: &str| format!("{}{text}", "> ".repeat(levels));
        // The paragraph is a level too.
        assert!(read(&deep(MAX_DEPTH - 1, "x")).is_ok());
        for text in [
            deep(MAX_DEPTH, "x"),
            deep(MAX_DEPTH - 1, "`x`"),
            deep(2_000, "x"),
        ] {
            refused(&text, "out_of_range", 1, "nested deeper than 32 levels");
        }
    }
}
