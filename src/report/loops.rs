//! Loops in templates come to an end: the engine has no limit of its own, so a call that counts is put behind each
//! `{% for %}` before the text is parsed, and places in the changed text are led back to the written one.

use std::ops::Range;

/// The function behind each `{% for %}`. Both ways to call it are equally long, which makes the way back simple.
pub(super) const TURN: &str = "__turn";
const CALL: &str = "{{ __turn()}}";
/// After `-%}`, which takes away the white space that follows, the call has to do so in its place.
const TRIMMING_CALL: &str = "{{__turn()-}}";

/// A template's text with its loops counted.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    /// The text for the engine.
    pub(super) text: String,
    /// Where the calls begin in `text`, ascending.
    calls: Vec<usize>,
    /// Where the user wrote loops inside expressions inside each other, which cannot be counted.
    pub(super) uncounted: Vec<Range<usize>>,
}

impl Counted {
    /// Counts the loops of a text. Text that is no template stays as it is; the engine says what is wrong with it.
    pub(super) fn new(written: &str) -> Self {
        let mut counted = Self { text: String::with_capacity(written.len()), calls: Vec::new(), uncounted: Vec::new() };
        let mut at = 0;
        while let Some(tag) = next_tag(written, at) {
            counted.text.push_str(&written[at..tag.end]);
            at = tag.end;
            let inside = &written[tag.clone()];
            if !inside.starts_with("{%") && !inside.starts_with("{{") {
                continue;
            }
            let words = words(inside);
            let is_loop = inside.starts_with("{%") && words.first() == Some(&"for");
            let inner_loops = words.iter().filter(|word| **word == "for").count() - usize::from(is_loop);
            if inner_loops > 1 {
                counted.uncounted.push(tag.clone());
            }
            if is_loop && inside.ends_with("%}") {
                counted.calls.push(counted.text.len());
                counted.text.push_str(if inside.ends_with("-%}") { TRIMMING_CALL } else { CALL });
            }
            if inside.starts_with("{%") && words.first() == Some(&"raw") {
                let end = written[at..].find("endraw").map_or(written.len(), |end| at + end);
                // The closing tag itself has no loop, so it may be copied with the rest.
                counted.text.push_str(&written[at..end]);
                at = end;
            }
        }
        counted.text.push_str(&written[at..]);
        counted
    }

    /// The place in the written text of a place in `text`.
    pub(super) fn written(&self, place: usize) -> usize {
        let before = self.calls.partition_point(|call| *call < place);
        let inside = before.checked_sub(1).map(|last| self.calls[last]);
        match inside {
            // Inside a call, which stands for the end of its loop's tag.
            Some(call) if place < call + CALL.len() => call - (before - 1) * CALL.len(),
            _ => place - before * CALL.len(),
        }
    }
}

/// The next tag, expression or comment, from its opening to its closing delimiter; up to the end when it is not closed.
pub(super) fn next_tag(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let opens = |at: &usize| bytes[*at] == b'{' && matches!(bytes.get(at + 1), Some(b'{' | b'%' | b'#'));
    let start = (from..bytes.len()).find(opens)?;
    let close: &[u8] = match bytes[start + 1] {
        b'{' => b"}}",
        b'%' => b"%}",
        _ => b"#}",
    };
    let comment = close == b"#}";
    let mut quote = None;
    let mut at = start + 2;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(open), byte) => {
                if byte == b'\\' {
                    at += 1;
                } else if byte == open {
                    quote = None;
                }
            }
            (None, byte @ (b'"' | b'\'' | b'`')) if !comment => quote = Some(byte),
            (None, _) if bytes[at..].starts_with(close) => return Some(start..at + 2),
            (None, _) => {}
        }
        at += 1;
    }
    Some(start..bytes.len())
}

/// The words of a tag that stand in no string.
fn words(tag: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for (index, part) in tag.split(['"', '\'', '`']).enumerate() {
        // Every second part stands between quotes.
        if index % 2 == 0 {
            let part = part.split(|character: char| !(character.is_alphanumeric() || character == '_'));
            words.extend(part.filter(|word| !word.is_empty()));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, expected: &str) {
        let counted = Counted::new(written);
        assert_eq!(counted.text.replace(CALL, "§").replace(TRIMMING_CALL, "¶"), expected);
        // Every character that was written leads back to where it stands.
        let mut place = 0;
        for (at, character) in written.char_indices() {
            while counted.calls.contains(&place) {
                assert_eq!(counted.written(place + 3), at);
                place += CALL.len();
            }
            assert!(counted.text[place..].starts_with(character));
            assert_eq!(counted.written(place), at, "{character} in {written}");
            place += character.len_utf8();
        }
    }

    #[test]
    fn each_loop_is_counted() {
        check("a {{ x }} b", "a {{ x }} b");
        check("{% for x in y %}я{% endfor %}", "{% for x in y %}§я{% endfor %}");
        check(
            "{%- for x in y -%} a {% for z in x %}b{% endfor %}",
            "{%- for x in y -%}¶ a {% for z in x %}§b{% endfor %}",
        );
        check("{# {% for x in y %} #}{{ \"{% for %}\" }}", "{# {% for x in y %} #}{{ \"{% for %}\" }}");
        check("{% for x in \"%}\" %}a", "{% for x in \"%}\" %}§a");
        check(
            "{% raw %}{% for x in y %}{% endraw %}{% for a in b %}",
            "{% raw %}{% for x in y %}{% endraw %}{% for a in b %}§",
        );
        check("{% for x in", "{% for x in");
        check("{% if format %}{% endif %}", "{% if format %}{% endif %}");
    }

    #[test]
    fn loops_in_expressions_may_not_be_nested() {
        assert_eq!(Counted::new("{{ [x for x in y] }}").uncounted.len(), 0);
        assert_eq!(Counted::new("{% for a in [x for x in y] %}").uncounted.len(), 0);
        let nested = Counted::new("a{{ [[z for z in y] for x in y] }}").uncounted;
        assert_eq!((nested.len(), nested[0].clone()), (1, 1..34));
    }
}
