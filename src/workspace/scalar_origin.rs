//! The way back from a decoded scalar to the file: for each byte of the text, the byte it was written at. Formula
//! errors use it to point to their own line and column, whichever way the formula is quoted, folded or indented.

use std::ops::Range;

use super::yaml::ScalarStyle;

/// For each byte of `decoded`, and one past its end, the byte of `file` it came from; ascending. `range` is the scalar
/// as it stands in the file: with its quotes, but without a block's header.
pub fn origins(file: &str, range: Range<usize>, style: ScalarStyle, decoded: &str) -> Vec<usize> {
    let mut walk = Walk { file, raw: range.start, end: range.end, decoded, at: 0, origin: Vec::new() };
    match style {
        ScalarStyle::Plain => walk.flow(Quote::None),
        ScalarStyle::SingleQuoted => {
            walk.raw += 1;
            walk.end -= 1;
            walk.flow(Quote::Single);
        }
        ScalarStyle::DoubleQuoted => {
            walk.raw += 1;
            walk.end -= 1;
            walk.flow(Quote::Double);
        }
        ScalarStyle::Literal | ScalarStyle::Folded => walk.block(),
    }
    walk.finish()
}

#[derive(Clone, Copy, PartialEq)]
enum Quote {
    None,
    Single,
    Double,
}

/// Two fingers, one in the file and one in the decoded text.
struct Walk<'a> {
    file: &'a str,
    raw: usize,
    end: usize,
    decoded: &'a str,
    at: usize,
    origin: Vec<usize>,
}

impl Walk<'_> {
    /// The next decoded character comes from the finger's place in the file, which moves on by `written` bytes.
    fn take(&mut self, written: usize) {
        let Some(character) = self.decoded[self.at..].chars().next() else {
            self.raw += written;
            return;
        };
        for byte in 0..character.len_utf8() {
            // A character that is copied keeps its bytes apart; an escape is one place.
            let copied = written == character.len_utf8();
            self.origin.push(self.raw + if copied { byte } else { 0 });
        }
        self.at += character.len_utf8();
        self.raw += written;
    }

    fn flow(&mut self, quote: Quote) {
        while self.at < self.decoded.len() && self.raw < self.end {
            let rest = &self.file[self.raw..self.end];
            let Some(first) = rest.chars().next() else { break };
            match first {
                '\\' if quote == Quote::Double => self.escape(),
                '\'' if quote == Quote::Single => self.take(2),
                ' ' | '\t' | '\r' | '\n' => self.white_space(),
                _ => self.take(first.len_utf8()),
            }
        }
    }

    /// Blanks inside a line are copied; around line breaks they vanish, one break becomes a space and more of them
    /// become one less.
    fn white_space(&mut self) {
        let rest = &self.file[self.raw..self.end];
        let length = rest.find(|character| !matches!(character, ' ' | '\t' | '\r' | '\n')).unwrap_or(rest.len());
        let breaks = breaks_in(&rest[..length]);
        let Some((first_break, _)) = breaks.first() else {
            return self.take(1);
        };
        let after = self.raw + length;
        if breaks.len() == 1 {
            self.raw += first_break;
            self.take(after - self.raw);
        } else {
            let base = self.raw;
            for (position, _) in &breaks[1..] {
                self.raw = base + position;
                self.take(0);
            }
        }
        self.raw = after;
    }

    fn escape(&mut self) {
        let rest = &self.file[self.raw..self.end];
        let mut characters = rest.chars();
        characters.next();
        match characters.next() {
            // An escaped line break and the next line's indentation stand for nothing.
            Some('\r' | '\n') => {
                let blank = rest[1..].find(|character| !matches!(character, ' ' | '\t' | '\r' | '\n'));
                let line = rest[1..].strip_prefix("\r\n").or_else(|| rest[1..].strip_prefix(['\r', '\n']));
                let skipped = rest.len() - line.map_or(0, str::len);
                let further = breaks_in(&rest[skipped..blank.map_or(rest.len(), |length| 1 + length)]);
                let base = self.raw + skipped;
                for (position, _) in further {
                    self.raw = base + position;
                    self.take(0);
                }
                self.raw = base - skipped + blank.map_or(rest.len(), |length| 1 + length);
            }
            Some('x') => self.take(4),
            Some('U') => self.take(10),
            Some('u') => {
                let unit = rest.get(2..6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                // A character beyond the first 65,536 may be written as two units.
                let pair = unit.is_some_and(|unit| (0xd800..0xdc00).contains(&unit));
                self.take(if pair { 12 } else { 6 });
            }
            Some(other) => self.take(1 + other.len_utf8()),
            None => self.raw = self.end,
        }
    }

    fn block(&mut self) {
        // The content begins on the line after the header, which is the last thing before it.
        let header = self.file[..self.raw].trim_end().len();
        self.raw = self.file[header..self.end].find('\n').map_or(self.end, |newline| header + newline + 1);
        let lines = lines_in(self.file, self.raw..self.end);
        let Some(indent) = self.indentation(&lines) else { return };
        let mut breaks = Vec::new();
        for line in lines {
            let start = (line.start + indent).min(line.end);
            if start < line.end {
                self.line_breaks(&breaks);
                breaks.clear();
                self.raw = start;
                while self.raw < line.end {
                    let Some(character) = self.file[self.raw..].chars().next() else { break };
                    if !self.decoded[self.at..].starts_with(character) {
                        break;
                    }
                    self.take(character.len_utf8());
                }
            }
            breaks.push(line.end);
        }
        self.line_breaks(&breaks);
    }

    /// The breaks between two lines with text. All of them are kept, or a single one became a space, or the first one
    /// vanished before blank lines.
    fn line_breaks(&mut self, breaks: &[usize]) {
        let rest = &self.decoded[self.at..];
        let kept = rest.bytes().take_while(|byte| *byte == b'\n').count().min(breaks.len());
        let folded = kept == 0 && breaks.len() == 1 && rest.starts_with(' ');
        for place in &breaks[breaks.len() - if folded { 1 } else { kept }..] {
            self.raw = *place;
            self.take(0);
        }
    }

    /// How far the block is indented: what its first line with text has before the decoded one.
    fn indentation(&self, lines: &[Range<usize>]) -> Option<usize> {
        let first = self.decoded.lines().find(|line| !line.trim().is_empty())?;
        let line = lines.iter().find(|line| !self.file[(*line).clone()].trim().is_empty())?;
        let written = &self.file[line.clone()];
        let lead = |text: &str| text.len() - text.trim_start_matches(' ').len();
        lead(written).checked_sub(lead(first))
    }

    /// Fills what is left, should the file and the text not fit, with the scalar's end.
    fn finish(mut self) -> Vec<usize> {
        let last = self.origin.last().copied().unwrap_or(self.raw);
        let end = self.raw.max(last).min(self.file.len());
        self.origin.resize(self.decoded.len(), end);
        self.origin.push(end);
        self.origin
    }
}

/// The line breaks of a text: offset and length.
fn breaks_in(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut breaks = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let length = match bytes[at] {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => 2,
            b'\r' | b'\n' => 1,
            _ => 0,
        };
        if length > 0 {
            breaks.push((at, length));
        }
        at += length.max(1);
    }
    breaks
}

/// The lines of a stretch of the file, without their breaks.
fn lines_in(file: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = range.start;
    for (position, length) in breaks_in(&file[range.clone()]) {
        lines.push(start..range.start + position);
        start = range.start + position + length;
    }
    if start < range.end {
        lines.push(start..range.end);
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::diagnostics::SourceFile;
    use crate::workspace::yaml;

    /// Every character of the value `f` that is no white space must come from the same character in the file, or from
    /// an escape that stands for it.
    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let file = Arc::new(SourceFile { path: "a.yaml".to_owned(), text: text.to_owned() });
        let tree = yaml::parse(&file).unwrap_or_else(|error| panic!("{text:?}: {error:?}")).expect("a value");
        let node = tree.get("f").expect("the key f");
        let scalar = node.scalar().expect("a scalar");
        if let Some(expected) = expected {
            assert_eq!(scalar.text, expected, "{text:?}");
        }
        let origin = origins(text, node.span.range.clone(), scalar.style, &scalar.text);
        assert_eq!(origin.len(), scalar.text.len() + 1, "{text:?}");
        assert!(origin.is_sorted(), "{text:?}: {origin:?}");
        assert!(origin.iter().all(|byte| *byte <= text.len()), "{text:?}");
        for (at, character) in scalar.text.char_indices().filter(|(_, character)| !character.is_whitespace()) {
            let written = &text[origin[at]..];
            let escaped = scalar.style == ScalarStyle::DoubleQuoted && written.starts_with('\\');
            assert!(written.starts_with(character) || escaped, "{text:?}: {character:?} from {written:?}");
        }
    }

    #[test]
    fn each_style_leads_back() {
        check("f: count(a) + 1\n", Some("count(a) + 1"));
        check("f: count(a)\n  + 1\n\n  + 2\n", Some("count(a) + 1\n+ 2"));
        check("f: 'a == ''x'' or\n   b'\n", Some("a == 'x' or b"));
        check("f: \"a\\tb\\u0436\\U0001F600 \\\n   c\\\\ \\uD83D\\uDE00d\n\n  e\"\n", Some("a\tbж😀 c\\ 😀d\ne"));
        check("f: |\n  let x = 1;\n    x\n\n  y\n", Some("let x = 1;\n  x\n\ny\n"));
        check("f: |2-\n    x\n  y\n", Some("  x\ny"));
        check("f: |+ # why\n\n  x\n\n\n", Some("\nx\n\n\n"));
        check("f: >\n  a\n  b\n\n  c\n    d\n  e\n", Some("a b\nc\n  d\ne\n"));
        check("f: >-\n\n  a\n\n\n  b\n", Some("\na\n\nb"));
        check("x: [1]\r\nf: |\r\n  a\r\n  b\r\n", Some("a\nb\n"));
        check("{ f: \"\", g: 1 }", Some(""));
        check("f: |", Some(""));
    }

    fn formula() -> impl Strategy<Value = String> {
        let word = prop_oneof!["[a-z]{1,6}", "[а-я]{1,4}", Just("🎉".to_owned()), Just("<=".to_owned()), "[0-9]{1,3}"];
        let gap = prop_oneof![4 => Just(" "), 1 => Just("  "), 1 => Just("\n"), 1 => Just("\n\n"), 1 => Just("\n  ")];
        (proptest::collection::vec((word, gap), 1..12)).prop_map(|parts| {
            let text: String = parts.into_iter().map(|(word, gap)| word + gap).collect();
            text.trim_end().to_owned()
        })
    }

    fn indented(text: &str, indent: &str) -> String {
        text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{indent}{line}\n") }).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_formula_leads_back(formula in formula(), chomp in "[+-]?", quote in "['\\\\\"]?") {
            let formula = formula + quote.as_str();
            check(&format!("a: 1\nf: |{chomp}\n{}b: 2\n", indented(&formula, "   ")), None);
            check(&format!("a: 1\nf: >{chomp}\n{}\n\nb: 2\n", indented(&formula, "  ")), None);
            check(&format!("a: 1\nf: '{}'\n", indented(&formula.replace('\'', "''"), "  ").trim_end()), None);
            let escaped = formula.replace('\\', "\\\\").replace('"', "\\\"").replace('д', "\\u0434");
            check(&format!("a: 1\nf: \"{}\"\n", indented(&escaped, "  ").trim_end()), None);
            let plain = formula.replace(['\'', '"', '\\'], "");
            check(&format!("a: 1\nf: x{}\n", indented(&plain, "  ").trim()), None);
        }
    }
}
