//! Markdown into the document's plain blocks, with the report blocks set aside for `blocks`. HTML has no power here:
//! it is shown as the text it is. No KPI is known in this file.

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::document::{Align, Block, Cell, Inline, Marker, Status, Table, TableColumn, plain_text};
use super::escape::restore;

/// A part of the rendered template, in reading order.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    /// Finished content.
    Block(Block),
    /// A fenced block with an info string; what it means is decided elsewhere.
    Fenced {
        /// The first word of the info string.
        kind: String,
        /// The text between the fences; values in it are still masked.
        text: String,
    },
}

/// The pieces of a rendered template. A quotation becomes a note; a rule (`---`) is dropped, documents have none.
pub(super) fn parse(markdown: &str) -> Vec<Piece> {
    let mut builder = Builder::default();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        builder.take(event);
    }
    builder.pieces
}

/// A text's inlines, for notes; paragraphs are joined by line breaks.
pub(super) fn inlines(markdown: &str) -> Vec<Inline> {
    let mut joined: Vec<Inline> = Vec::new();
    for piece in parse(markdown) {
        let parts = match piece {
            Piece::Block(Block::Paragraph(parts) | Block::Note(parts) | Block::Heading { text: parts, .. }) => {
                vec![parts]
            }
            Piece::Block(Block::List { items, .. }) => items,
            Piece::Fenced { text, .. } => vec![vec![Inline::Code(restore(&text))]],
            Piece::Block(_) => Vec::new(),
        };
        for part in parts {
            if !joined.is_empty() {
                joined.push(Inline::LineBreak);
            }
            joined.extend(part);
        }
    }
    joined
}

/// The address if a reader may follow it: web and mail only, nothing that runs.
fn safe_address(kind: LinkType, written: &str) -> Option<String> {
    let written = restore(written);
    let address = if kind == LinkType::Email { format!("mailto:{written}") } else { written };
    let lower = address.to_ascii_lowercase();
    let known = ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    let clean = !address.chars().any(|character| character.is_control() || character.is_whitespace());
    (known && clean).then_some(address)
}

/// What is being built while events come in.
#[derive(Default)]
struct Builder {
    pieces: Vec<Piece>,
    /// Open stretches of running text, the innermost last.
    frames: Vec<Vec<Inline>>,
    lists: Vec<Marker>,
    items: Vec<Vec<Inline>>,
    code: Option<(String, String)>,
    table: Option<(Vec<Alignment>, Vec<Vec<String>>)>,
    quotes: usize,
    links: Vec<Option<String>>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(text) => match &mut self.code {
                Some((_, code)) => code.push_str(&text),
                None => self.text(&restore(&text)),
            },
            Event::Code(text) => self.push(Inline::Code(restore(&text))),
            Event::Html(text) | Event::InlineHtml(text) => self.text(&restore(text.trim_end_matches('\n'))),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.push(Inline::LineBreak),
            // The extensions that bring these are not switched on, and documents know no rules.
            Event::Rule
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::CodeBlock(kind) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => restore(&info).split_whitespace().next().unwrap_or("").to_owned(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((info, String::new()));
            }
            Tag::List(start) => {
                self.flush_item();
                self.lists.push(if start.is_some() { Marker::Number } else { Marker::Bullet });
            }
            Tag::Table(alignments) => self.table = Some((alignments, Vec::new())),
            Tag::TableHead | Tag::TableRow => {
                if let Some((_, rows)) = &mut self.table {
                    rows.push(Vec::new());
                }
            }
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::Link { link_type, dest_url, .. } => {
                self.links.push(safe_address(link_type, &dest_url));
                self.frames.push(Vec::new());
            }
            _ => self.frames.push(Vec::new()),
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock => self.close_code(),
            TagEnd::List(_) => self.close_list(),
            TagEnd::Item => {
                self.flush_item();
                self.frames.pop();
            }
            TagEnd::Table => self.close_table(),
            TagEnd::TableHead | TagEnd::TableRow => {}
            TagEnd::TableCell => {
                let text = plain_text(&self.frame());
                if let Some(row) = self.table.as_mut().and_then(|(_, rows)| rows.last_mut()) {
                    row.push(text);
                }
            }
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::Heading(level) => {
                let level = match level {
                    HeadingLevel::H1 => 1,
                    HeadingLevel::H2 => 2,
                    _ => 3,
                };
                let text = self.frame();
                self.pieces.push(Piece::Block(Block::Heading { level, text }));
            }
            TagEnd::Strong => {
                let inner = self.frame();
                self.push(Inline::Strong(inner));
            }
            TagEnd::Emphasis => {
                let inner = self.frame();
                self.push(Inline::Emphasis(inner));
            }
            TagEnd::Link => {
                let text = self.frame();
                match self.links.pop().flatten() {
                    Some(address) => self.push(Inline::Link { text, address }),
                    None => text.into_iter().for_each(|inline| self.push(inline)),
                }
            }
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.close_paragraph(),
            // An image shows its alternative text: mail programs block pictures, and files have none of them.
            _ => {
                let inner = self.frame();
                inner.into_iter().for_each(|inline| self.push(inline));
            }
        }
    }

    fn close_paragraph(&mut self) {
        let text = self.frame();
        if !self.lists.is_empty() {
            if self.frames.last().is_some_and(|item| !item.is_empty()) {
                self.push(Inline::LineBreak);
            }
            text.into_iter().for_each(|inline| self.push(inline));
        } else if self.quotes > 0 {
            self.pieces.push(Piece::Block(Block::Note(text)));
        } else {
            self.pieces.push(Piece::Block(Block::Paragraph(text)));
        }
    }

    fn close_code(&mut self) {
        let Some((kind, text)) = self.code.take() else { return };
        if !kind.is_empty() {
            self.pieces.push(Piece::Fenced { kind, text });
            return;
        }
        let mut lines = Vec::new();
        for line in text.trim_end_matches('\n').split('\n') {
            if !lines.is_empty() {
                lines.push(Inline::LineBreak);
            }
            lines.push(Inline::Code(restore(line)));
        }
        self.pieces.push(Piece::Block(Block::Paragraph(lines)));
    }

    /// Lists inside lists are laid flat: documents have one level.
    fn close_list(&mut self) {
        let Some(marker) = self.lists.pop() else { return };
        if self.lists.is_empty() && !self.items.is_empty() {
            let items = std::mem::take(&mut self.items);
            self.pieces.push(Piece::Block(Block::List { marker, items }));
        }
    }

    fn flush_item(&mut self) {
        if self.lists.is_empty() {
            return;
        }
        if let Some(item) = self.frames.last_mut().map(std::mem::take)
            && !item.is_empty()
        {
            self.items.push(item);
        }
    }

    fn close_table(&mut self) {
        let Some((alignments, mut rows)) = self.table.take() else { return };
        if rows.is_empty() {
            return;
        }
        let header = rows.remove(0);
        let columns = header
            .into_iter()
            .enumerate()
            .map(|(index, title)| {
                let right = matches!(alignments.get(index), Some(Alignment::Right));
                TableColumn { title, align: if right { Align::Right } else { Align::Left }, scale: None }
            })
            .collect::<Vec<_>>();
        let rows = rows
            .into_iter()
            .map(|row| {
                row.into_iter().map(|text| Cell { text, status: Status::Neutral, number: None, share: None }).collect()
            })
            .collect();
        self.pieces.push(Piece::Block(Block::Table(Table {
            data: None,
            caption: None,
            columns,
            rows,
            total: None,
            omitted: None,
        })));
    }

    fn frame(&mut self) -> Vec<Inline> {
        self.frames.pop().unwrap_or_default()
    }

    fn text(&mut self, text: &str) {
        self.push(Inline::Text(text.to_owned()));
    }

    /// Adds to the innermost stretch; text beside text is one text.
    fn push(&mut self, inline: Inline) {
        match self.frames.last_mut() {
            Some(frame) => match (frame.last_mut(), inline) {
                (Some(Inline::Text(last)), Inline::Text(text)) => last.push_str(&text),
                (_, inline) => frame.push(inline),
            },
            None => self.pieces.push(Piece::Block(Block::Paragraph(vec![inline]))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::escape::write_masked;

    fn masked(value: &str) -> String {
        let mut bytes = Vec::new();
        write_masked(value, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    fn check(markdown: &str, expected: Vec<Block>) {
        let expected: Vec<Piece> = expected.into_iter().map(Piece::Block).collect();
        assert_eq!(parse(markdown), expected, "{markdown}");
    }

    #[test]
    fn markup_becomes_blocks() {
        check(
            "#### a *b*",
            vec![Block::Heading { level: 3, text: vec![text("a "), Inline::Emphasis(vec![text("b")])] }],
        );
        check(
            "one\ntwo\\\n**three**",
            vec![Block::Paragraph(vec![text("one two"), Inline::LineBreak, Inline::Strong(vec![text("three")])])],
        );
        check(
            "1. a\n   - b\n2. c",
            vec![Block::List {
                marker: Marker::Number,
                items: vec![vec![text("a")], vec![text("b")], vec![text("c")]],
            }],
        );
        check("> seen", vec![Block::Note(vec![text("seen")])]);
        check(
            "```\na\nb\n```",
            vec![Block::Paragraph(vec![Inline::Code("a".to_owned()), Inline::LineBreak, Inline::Code("b".to_owned())])],
        );
    }

    #[test]
    fn html_is_text_and_addresses_are_checked() {
        check("a <b>x</b>", vec![Block::Paragraph(vec![text("a <b>x</b>")])]);
        check("<script>alert(1)</script>\n", vec![Block::Paragraph(vec![text("<script>alert(1)</script>")])]);
        check("[a](javascript:alert(1)) ![b](x.png)", vec![Block::Paragraph(vec![text("a b")])]);
        check(
            "<a@example.com>",
            vec![Block::Paragraph(vec![Inline::Link {
                text: vec![text("a@example.com")],
                address: "mailto:a@example.com".to_owned(),
            }])],
        );
        check(
            &format!("[a](https://example.com/{})", masked("x)y")),
            vec![Block::Paragraph(vec![Inline::Link {
                text: vec![text("a")],
                address: "https://example.com/x)y".to_owned(),
            }])],
        );
    }

    #[test]
    fn values_never_become_markup() {
        for value in [
            "**x**",
            "<script>",
            "```kpis",
            "[a](javascript:x)",
            "# h",
            "- i",
            "1. i",
            "===",
            "    code",
            "\\*",
            "&lt;",
        ] {
            let shown = text(value.trim());
            check(&masked(value), vec![Block::Paragraph(vec![shown])]);
        }
        let table = format!("| a | b |\n|---|--:|\n| {} | 1 |", masked("x|y\nz"));
        let Piece::Block(Block::Table(table)) = parse(&table).remove(0) else { panic!("not a table") };
        assert_eq!(table.rows[0][0].text, "x|y z");
        assert_eq!(table.columns[1].align, Align::Right);
    }

    #[test]
    fn fenced_blocks_are_set_aside() {
        assert_eq!(
            parse("```kpis\n[a]\n```"),
            vec![Piece::Fenced { kind: "kpis".to_owned(), text: "[a]\n".to_owned() }]
        );
    }

    proptest::proptest! {
        #[test]
        fn any_value_is_shown_as_it_is(value in "\\PC{0,40}") {
            let expected: String = crate::report::escape::label(&value, usize::MAX);
            let markdown = format!("a{}b", masked(&value));
            let pieces = parse(&markdown);
            proptest::prop_assert_eq!(pieces.len(), 1);
            let Piece::Block(Block::Paragraph(shown)) = &pieces[0] else { panic!("{pieces:?}") };
            let shown = plain_text(shown);
            let inner = shown.strip_prefix('a').and_then(|rest| rest.strip_suffix('b')).unwrap();
            proptest::prop_assert_eq!(inner.trim(), expected);
        }
    }
}
