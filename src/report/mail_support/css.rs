//! Style sheets and style attributes as the features they use. Values are looked at for functions and units only.

use std::ops::Range;

/// The use of a feature.
pub(super) struct Use {
    /// What it is called when no table has it: `display`.
    pub(super) written: String,
    /// Its names in the table, the most exact one first: `display:flex`, then `display`.
    pub(super) names: Vec<String>,
    /// Where it stands.
    pub(super) range: Range<usize>,
}

impl Use {
    /// A feature of one name.
    pub(super) fn plain(name: String, range: Range<usize>) -> Self {
        Self { written: name.clone(), names: vec![name], range }
    }
}

/// The features that a style sheet uses.
pub(super) fn sheet(html: &str, range: Range<usize>, used: &mut impl FnMut(Use)) {
    let text = without_comments(&html[range.clone()]);
    let mut at = 0;
    while let Some(open) = text[at..].find(['{', ';', '}']).map(|found| at + found) {
        let prelude = trimmed(&text, at..open);
        let placed = range.start + prelude.start..range.start + prelude.end;
        let words = &text[prelude];
        let is_block = text[open..].starts_with('{');
        at = open + 1;
        if let Some(rule) = words.strip_prefix('@') {
            at_rule(rule, placed, used);
            // The rules inside are looked at as if they stood outside; the brace that ends them is passed over. What is
            // inside other at-rules are no rules, and the at-rule was told.
            if is_block && !rule.starts_with("media") {
                at = block_end(&text, at);
            }
        } else if is_block {
            selectors(words, placed.start, used);
            let close = text[at..].find('}').map_or(text.len(), |found| at + found);
            each_declaration(&text, at..close, range.start, used);
            at = (close + 1).min(text.len());
        }
    }
}

/// The features that a style attribute's value uses.
pub(super) fn declarations(html: &str, range: Range<usize>, used: &mut impl FnMut(Use)) {
    let text = &html[range.clone()];
    each_declaration(text, 0..text.len(), range.start, used);
}

fn at_rule(rule: &str, placed: Range<usize>, used: &mut impl FnMut(Use)) {
    let name: String = rule.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
    let conditions = rule.split('(').skip(1).map(|part| part.split([':', ')']).next().unwrap_or_default().trim());
    let names = conditions.map(|condition| format!("@{name} ({condition})")).chain([format!("@{name}")]);
    used(Use { written: format!("@{name}"), names: names.collect(), range: placed });
}

fn selectors(list: &str, base: usize, used: &mut impl FnMut(Use)) {
    let mut start = 0;
    for selector in list.split(',') {
        let whole = start..start + selector.len();
        start = whole.end + 1;
        let inside = trimmed(list, whole);
        let placed = base + inside.start..base + inside.end;
        for name in selector_kinds(&list[inside]) {
            used(Use::plain(name, placed.clone()));
        }
    }
}

/// The kinds of selectors in one, by the names of the table: `.a`, `#a`, `a b`, `a > b`, `:hover`, `::before`.
fn selector_kinds(selector: &str) -> Vec<String> {
    let mut kinds = Vec::new();
    let combined = selector.replace(['>', '+', '~'], " ");
    for sign in ['>', '+', '~'] {
        if selector.contains(sign) {
            kinds.push(format!("a {sign} b"));
        }
    }
    if combined.split_whitespace().count() > selector.matches(['>', '+', '~']).count() + 1 {
        kinds.push("a b".to_owned());
    }
    for part in combined.split_whitespace() {
        let (simple, pseudo) = part.find(':').map_or((part, ""), |at| part.split_at(at));
        if !pseudo.is_empty() {
            kinds.push(pseudo.split('(').next().unwrap_or(pseudo).to_owned());
        }
        match simple.bytes().next() {
            Some(b'*') => kinds.push("*".to_owned()),
            Some(b'[') => kinds.push("[a]".to_owned()),
            Some(b'#') => kinds.push("#a".to_owned()),
            Some(b'.') => kinds.push(if simple.matches('.').count() > 1 { ".a.b" } else { ".a" }.to_owned()),
            Some(_) => kinds.push("a".to_owned()),
            None => {}
        }
        if simple.find(['[', '#']).is_some_and(|at| at > 0) {
            kinds.push(if simple.contains('[') { "[a]" } else { "#a" }.to_owned());
        }
    }
    kinds
}

fn each_declaration(text: &str, range: Range<usize>, base: usize, used: &mut impl FnMut(Use)) {
    let mut start = range.start;
    for declaration in text[range].split(';') {
        let whole = start..start + declaration.len();
        start = whole.end + 1;
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let inside = trimmed(text, whole);
        let placed = base + inside.start..base + inside.end;
        let (property, value) = (property.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase());
        let (value, important) = value.split_once('!').map_or((&*value, false), |(value, _)| (value.trim(), true));
        // `border-bottom-color` is a part of `border-bottom`, and that of `border`.
        let wholes =
            property.rmatch_indices('-').map(|(at, _)| property[..at].to_owned()).filter(|whole| !whole.is_empty());
        let names = [format!("{property}:{value}"), property.clone()].into_iter().chain(wholes).collect();
        used(Use { written: property.clone(), names, range: placed.clone() });
        if important {
            used(Use::plain("!important".to_owned(), placed.clone()));
        }
        for name in functions(value).chain(units(value)) {
            used(Use::plain(name, placed.clone()));
        }
    }
}

/// The functions in a value: `calc()`.
fn functions(value: &str) -> impl Iterator<Item = String> {
    value.match_indices('(').filter_map(|(at, _)| {
        let name = value[..at].rsplit(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').next()?;
        (!name.is_empty()).then(|| format!("{name}()"))
    })
}

/// The units in a value: `px unit`. A digit inside a word or a colour is no number.
fn units(value: &str) -> impl Iterator<Item = String> {
    let words = value.split(|letter: char| letter.is_whitespace() || ",()/".contains(letter));
    words.filter_map(|word| {
        let unit = word
            .trim_start_matches(['-', '+'])
            .trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
        let is_number = word.trim_start_matches(['-', '+', '.']).starts_with(|letter: char| letter.is_ascii_digit());
        (is_number && !unit.is_empty()).then(|| format!("{unit} unit"))
    })
}

/// The text with its comments as blanks, so that places stay.
fn without_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("/*") {
        let end = rest[start..].find("*/").map_or(rest.len(), |end| start + end + 2);
        plain.push_str(&rest[..start]);
        plain.extend(std::iter::repeat_n(' ', end - start));
        rest = &rest[end..];
    }
    plain.push_str(rest);
    plain
}

/// Behind the brace that closes the block which begins here.
fn block_end(text: &str, from: usize) -> usize {
    let mut depth = 1;
    for (at, byte) in text.bytes().enumerate().skip(from) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

/// The stretch without white space around it.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    start..(start + part.trim().len()).max(start)
}
