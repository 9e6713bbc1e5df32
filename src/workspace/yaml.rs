//! YAML text as a tree in which every key and value knows its place. No meaning here: what a file may contain is in
//! `format`, and what a syntax error is called is in `yaml_mistake`.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{Event, Parser, options};

use super::yaml_mistake::{self, TooMuch};
use crate::diagnostics::{Diagnostic, SourceFile, Span, Spanned};

/// How a scalar is written in the file.
pub use granit_parser::ScalarStyle;

/// A file may grow to so many values, counting each alias as often as it is used.
const MOST_NODES: usize = 100_000;
/// Deeper nesting than this is a mistake or an attack.
const MOST_LEVELS: usize = 64;

/// A value of a YAML file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands; for a value that was left out, the place where it would stand.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// A single value.
    Scalar(Scalar),
    /// Keys with values, in the order of the file; a key may stand twice.
    Map(Vec<Entry>),
    /// A list.
    List(Vec<Node>),
}

/// A single value.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The text after unquoting and unfolding.
    pub text: String,
    /// What YAML takes the text for.
    pub resolved: Resolved,
    /// How it is written.
    pub style: ScalarStyle,
    /// Whether a `${VARIABLE}` was put into it, so that the text is no longer the file's own.
    pub from_environment: bool,
}

/// What YAML takes a scalar for. Only `true` and `false` are booleans: `yes`, `no`, `on`, `off` are texts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resolved {
    /// Nothing: an empty value, `null` or `~`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// Everything else, and whatever stands in quotes.
    Text,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Spanned<String>,
    /// The value.
    pub value: Node,
}

/// Reads a file; `None` when it holds nothing but comments. The first syntax error ends the reading: what stands after
/// it could only be guessed.
pub fn parse(file: &Arc<SourceFile>) -> Result<Option<Node>, Box<Diagnostic>> {
    Builder::new(file).run()
}

impl Scalar {
    /// What YAML takes a plain, untagged text for.
    pub fn resolve(text: &str) -> Resolved {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => return Resolved::Null,
            "true" | "True" | "TRUE" => return Resolved::Bool(true),
            "false" | "False" | "FALSE" => return Resolved::Bool(false),
            _ => {}
        }
        // Rust also reads "inf" and "nan" as numbers; a number in YAML begins with a digit, a sign or a dot.
        if !text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) {
            return Resolved::Text;
        }
        if let Ok(integer) = text.parse() {
            return Resolved::Integer(integer);
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Resolved::Number(number),
            _ => Resolved::Text,
        }
    }
}

impl Node {
    /// The entries of a map; none for everything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            NodeKind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for everything else.
    pub fn items(&self) -> &[Self] {
        match &self.kind {
            NodeKind::List(items) => items,
            _ => &[],
        }
    }

    /// The single value, if it is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Whether nothing was given: an empty value, `null` or `~`.
    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.resolved == Resolved::Null)
    }

    /// The value of the first such key of a map.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key.value == key).map(|entry| &entry.value)
    }

    /// How many values the tree holds.
    fn size(&self) -> usize {
        1 + match &self.kind {
            NodeKind::Scalar(_) => 0,
            NodeKind::Map(entries) => entries.iter().map(|entry| entry.value.size()).sum(),
            NodeKind::List(items) => items.iter().map(Self::size).sum(),
        }
    }
}

/// Puts the tree together from the parser's events, without recursion.
struct Builder<'a> {
    file: &'a Arc<SourceFile>,
    /// The collections that are still open, outermost first.
    open: Vec<Open>,
    /// Finished values with an anchor, with their sizes.
    anchored: HashMap<usize, (Node, usize)>,
    nodes: usize,
    root: Option<Node>,
}

/// A collection that is still being read.
struct Open {
    start: usize,
    anchor: usize,
    content: Content,
}

enum Content {
    Map { entries: Vec<Entry>, key: Option<Spanned<String>> },
    List(Vec<Node>),
}

impl<'a> Builder<'a> {
    fn new(file: &'a Arc<SourceFile>) -> Self {
        Self { file, open: Vec::new(), anchored: HashMap::new(), nodes: 0, root: None }
    }

    fn run(mut self) -> Result<Option<Node>, Box<Diagnostic>> {
        let file = self.file;
        let options = options! { flow_nesting_limit: MOST_LEVELS, block_nesting_limit: MOST_LEVELS };
        let mut documents = 0;
        for event in Parser::new_from_str_with_options(&file.text, options) {
            let (event, span) = event.map_err(|error| yaml_mistake::syntax(file, &error))?;
            let range = self.range(span.byte_range());
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(yaml_mistake::second_document(self.span(range)));
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let range = self.without_trailing_lines(range, style);
                    let forced_text = match tag {
                        Some(tag) if tag.is_yaml_core_schema_tag("str") => true,
                        Some(_) => return Err(yaml_mistake::tag(self.span(range))),
                        None => false,
                    };
                    let plain = style == ScalarStyle::Plain && !forced_text;
                    let resolved = if plain { Scalar::resolve(&text) } else { Resolved::Text };
                    let scalar = Scalar { text: text.into_owned(), resolved, style, from_environment: false };
                    self.finish(NodeKind::Scalar(scalar), range, anchor)?;
                }
                Event::SequenceStart(_, anchor, tag) => {
                    self.begin(range, anchor, tag.is_some(), Content::List(Vec::new()))?;
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.begin(range, anchor, tag.is_some(), Content::Map { entries: Vec::new(), key: None })?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.end(range.end)?,
                Event::Alias(anchor) => self.alias(anchor, range)?,
                _ => {}
            }
        }
        Ok(self.root)
    }

    fn begin(
        &mut self,
        range: Range<usize>,
        anchor: usize,
        tagged: bool,
        content: Content,
    ) -> Result<(), Box<Diagnostic>> {
        if tagged {
            return Err(yaml_mistake::tag(self.span(range)));
        }
        if let Some(Open { content: Content::Map { key: None, .. }, .. }) = self.open.last() {
            return Err(yaml_mistake::key_is_no_text(self.span(range)));
        }
        self.open.push(Open { start: range.start, anchor, content });
        Ok(())
    }

    fn end(&mut self, end: usize) -> Result<(), Box<Diagnostic>> {
        let Some(Open { start, anchor, content }) = self.open.pop() else { return Ok(()) };
        let (kind, last) = match content {
            Content::Map { entries, .. } => {
                let last = entries.last().map(|entry| entry.value.span.range.end);
                (NodeKind::Map(entries), last)
            }
            Content::List(items) => {
                let last = items.last().map(|item| item.span.range.end);
                (NodeKind::List(items), last)
            }
        };
        // A block collection "ends" where the next thing begins; it is shown up to its last value.
        let closed = self.file.text[..end].ends_with(['}', ']']);
        let end = if closed { end } else { last.unwrap_or(end) };
        self.finish(kind, start..end.max(start), anchor)
    }

    fn alias(&mut self, anchor: usize, range: Range<usize>) -> Result<(), Box<Diagnostic>> {
        let Some((_, size)) = self.anchored.get(&anchor) else {
            return Err(yaml_mistake::alias_inside_itself(self.span(range)));
        };
        if self.nodes + size > MOST_NODES {
            return Err(yaml_mistake::too_much(self.span(range), TooMuch::Values(MOST_NODES)));
        }
        let (node, size) = self.anchored[&anchor].clone();
        self.nodes += size;
        self.place(node)
    }

    fn finish(&mut self, kind: NodeKind, range: Range<usize>, anchor: usize) -> Result<(), Box<Diagnostic>> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err(yaml_mistake::too_much(self.span(range), TooMuch::Values(MOST_NODES)));
        }
        let node = Node { span: self.span(range), kind };
        if anchor > 0 {
            let size = node.size();
            self.anchored.insert(anchor, (node.clone(), size));
        }
        self.place(node)
    }

    /// Hands a finished value to the collection it belongs to.
    fn place(&mut self, mut node: Node) -> Result<(), Box<Diagnostic>> {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map { entries, key }) => match key.take() {
                Some(key) => {
                    // A value that was left out stands nowhere; its key is the best place to speak of it.
                    if node.is_null() && node.span.range.is_empty() {
                        node.span = key.span.clone();
                    }
                    entries.push(Entry { key, value: node });
                }
                None => match node.kind {
                    NodeKind::Scalar(scalar) => *key = Some(Spanned::new(scalar.text, node.span)),
                    _ => return Err(yaml_mistake::key_is_no_text(node.span)),
                },
            },
        }
        Ok(())
    }

    /// A block scalar "ends" where the next key begins; it is shown up to its last character.
    fn without_trailing_lines(&self, range: Range<usize>, style: ScalarStyle) -> Range<usize> {
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                range.start..range.start + self.file.text[range.clone()].trim_end().len()
            }
            _ => range,
        }
    }

    fn range(&self, bytes: Option<Range<usize>>) -> Range<usize> {
        let length = self.file.text.len();
        let bytes = bytes.unwrap_or(length..length);
        let start = self.file.text.floor_char_boundary(bytes.start.min(length));
        start..self.file.text.ceil_char_boundary(bytes.end.clamp(start, length))
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span { file: Arc::clone(self.file), range }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Arc<SourceFile> {
        Arc::new(SourceFile { path: "rules/kpis/a.yaml".to_owned(), text: text.to_owned() })
    }

    /// The tree with the file's own text of every scalar.
    fn outline(node: &Node) -> String {
        match &node.kind {
            NodeKind::Scalar(scalar) => format!("{:?}={:?}", scalar.text, node.span.text()),
            NodeKind::Map(entries) => {
                let inner: Vec<_> = entries
                    .iter()
                    .map(|entry| format!("{}@{}: {}", entry.key.value, entry.key.span.text(), outline(&entry.value)))
                    .collect();
                format!("{{{}}}", inner.join(", "))
            }
            NodeKind::List(items) => format!("[{}]", items.iter().map(outline).collect::<Vec<_>>().join(", ")),
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let node = parse(&file(text)).expect("YAML").expect("a value");
        assert_eq!(outline(&node), expected);
    }

    #[test]
    fn every_value_knows_its_place() {
        check(
            "ключ: значение 🎉 # c\nb: [1, 'two']\n",
            r#"{ключ@ключ: "значение 🎉"="значение 🎉", b@b: ["1"="1", "two"="'two'"]}"#,
        );
        check("a: |\n  one\n  two\nb: >-\n  x\n  y\n", r#"{a@a: "one\ntwo\n"="one\n  two", b@b: "x y"="x\n  y"}"#);
        check("a:\nb: \"q\\n\"\n", r#"{a@a: "~"="a", b@b: "q\n"="\"q\\n\""}"#);
        check("a: &x { k: 1 }\nb: *x\n", r#"{a@a: {k@k: "1"="1"}, b@b: {k@k: "1"="1"}}"#);
        check("a: one\n  two\n", r#"{a@a: "one two"="one\n  two"}"#);
    }

    #[test]
    fn only_true_and_false_are_booleans() {
        for (text, expected) in [
            ("true", Resolved::Bool(true)),
            ("yes", Resolved::Text),
            ("no", Resolved::Text),
            ("12", Resolved::Integer(12)),
            ("-1.5", Resolved::Number(-1.5)),
            ("1e3", Resolved::Number(1000.0)),
            ("inf", Resolved::Text),
            ("~", Resolved::Null),
            ("1.2.3", Resolved::Text),
        ] {
            assert_eq!(Scalar::resolve(text), expected, "{text}");
        }
    }

    #[test]
    fn hostile_files_end_quickly() {
        let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (next, last) in ('b'..='z').zip('a'..='z') {
            bomb +=
                &format!("{next}: &{next} [*{last}, *{last}, *{last}, *{last}, *{last}, *{last}, *{last}, *{last}]\n");
        }
        let deep = format!("a: {}", "[".repeat(20_000));
        let mut steps = String::new();
        for depth in 0..400 {
            steps += &format!("{}a:\n", " ".repeat(depth));
        }
        for text in [bomb, deep, steps] {
            let diagnostic = parse(&file(&text)).expect_err("refused");
            assert_eq!(diagnostic.code, crate::diagnostics::Code::YamlSyntax);
        }
    }
}
