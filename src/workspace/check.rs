//! Compares a YAML tree with the table of `shapes` and reports every mistake. Only what the table says is checked here;
//! what follows from several values together is in `relations`.

use super::names::Names;
use super::shape::{Field, Ids, Kind, Presence, Shape, Target, Zero};
use super::values;
use super::yaml::{Entry, Node, NodeKind, Resolved};
use crate::diagnostics::{Code, Diagnostic, Span, Spanned};
use crate::locale::Language;

/// Checks a file's tree. `path` names the file where a message speaks of the whole of it.
pub(super) fn check(node: &Node, kind: &Kind, path: &str, names: &Names, diagnostics: &mut Vec<Diagnostic>) {
    let start = Span { file: node.span.file.clone(), range: first_line(&node.span) };
    Checker { names, diagnostics }.value(node, kind, &Subject { name: format!("`{path}`"), place: start });
}

/// Words that the formula language keeps for itself.
const RESERVED: [&str; 24] = [
    "and", "as", "break", "const", "continue", "do", "else", "false", "fn", "for", "global", "if", "in", "let", "loop",
    "null", "or", "private", "return", "switch", "this", "true", "until", "while",
];

/// How many known names a hint lists.
const NAMES_IN_HINT: usize = 12;

/// What a message speaks of, and where its name stands.
struct Subject {
    name: String,
    place: Span,
}

struct Checker<'a> {
    names: &'a Names,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Checker<'_> {
    fn value(&mut self, node: &Node, kind: &Kind, subject: &Subject) {
        match kind {
            Kind::Anything => {}
            Kind::Object(shape) => self.object(node, shape, subject),
            Kind::ShortOr(short, shape) => match node.kind {
                NodeKind::Map(_) => self.object(node, shape, subject),
                _ => self.value(node, short, subject),
            },
            Kind::Entries { ids, value } => self.entries(node, *ids, value, subject),
            Kind::List(least, item) => self.list(node, *least, item, subject),
            Kind::Localized if matches!(node.kind, NodeKind::Map(_)) => self.languages(node, subject),
            Kind::OneOf(words) => self.one_of(node, words, subject),
            Kind::Name(target) => self.name(node, *target, subject),
            Kind::Id(target) => {
                if let Some(id) = self.text(node, subject) {
                    self.id(&id, Ids::Of(*target));
                }
            }
            _ => self.single(node, kind, subject),
        }
    }

    /// Values that stand for themselves.
    fn single(&mut self, node: &Node, kind: &Kind, subject: &Subject) {
        match kind {
            Kind::Number if values::number(node).is_none() => self.wrong_type(node, "a number", subject),
            Kind::NumberOrNull if values::number(node).is_none() && !node.is_null() => {
                self.wrong_type(node, "a number or null", subject);
            }
            Kind::Integer(least, most) => match values::integer(node) {
                None => self.wrong_type(node, "a whole number", subject),
                Some(integer) if integer < *least || integer > *most => self.report(
                    Diagnostic::error(
                        Code::BadValue,
                        node.span.clone(),
                        format!("{} cannot be {integer}", subject.name),
                    )
                    .hint(format!("it goes from {least} to {most}")),
                ),
                Some(_) => {}
            },
            Kind::Formula if values::formula(node).is_none() => self.wrong_type(node, "a formula", subject),
            Kind::Duration(zero) => self.duration(node, *zero, subject),
            Kind::Period => self.period(node, subject),
            Kind::Zone => self.zone(node, subject),
            Kind::Address | Kind::Mailbox => self.address(node, kind, subject),
            Kind::DatabaseUrl => {
                if let Some(url) = self.text(node, subject)
                    && let Some(fault) = values::url_fault(&url.value)
                {
                    let scheme = url.value.split(':').next().unwrap_or_default();
                    let diagnostic = Diagnostic::error(Code::BadDatabaseUrl, url.span.clone(), fault)
                        .did_you_mean(scheme, values::URL_SCHEMES)
                        .hint("for example `sqlite:var/calls.db` or `postgres://user@host/database`");
                    self.report(diagnostic);
                }
            }
            Kind::Secret if values::text(node).is_none() => {
                // What stands there may be the secret; the message does not repeat it.
                let message = format!("{} must be a text", subject.name);
                let diagnostic = Diagnostic::error(Code::WrongType, node.span.clone(), message);
                self.report(diagnostic.hint("put it in quotes, or write `${VARIABLE}` and set the variable"));
            }
            Kind::Text | Kind::Localized | Kind::Grouping => {
                self.text(node, subject);
            }
            _ => {}
        }
    }

    fn object(&mut self, node: &Node, shape: &Shape, subject: &Subject) {
        let NodeKind::Map(entries) = &node.kind else {
            let expected = format!("keys with values: {}", list(shape.fields.iter().map(|field| field.name)));
            return self.wrong_type(node, &expected, subject);
        };
        self.duplicate_keys(entries);
        for entry in entries {
            match shape.field(&entry.key.value) {
                Some(field) => self.value(&entry.value, &field.kind, &Subject::key(&entry.key)),
                None => self.unknown_key(&entry.key, shape),
            }
        }
        let given = |name: &str| entries.iter().find(|entry| entry.key.value == name);
        for field in shape.fields {
            if field.presence == Presence::Required && given(field.name).is_none() {
                self.missing(field, subject);
            }
        }
        for choice in shape.choices {
            let found: Vec<_> = choice.keys.iter().filter_map(|key| given(key)).collect();
            match found.as_slice() {
                [] if choice.presence == Presence::Required => self.report(
                    Diagnostic::error(
                        Code::MissingKey,
                        subject.place.clone(),
                        format!("{} lacks {}", subject.name, alternatives(choice.keys)),
                    )
                    .hint(meaning(choice.keys.iter().filter_map(|key| shape.field(key)))),
                ),
                [first, second, ..] => self.report(
                    Diagnostic::error(
                        Code::Duplicate,
                        second.key.span.clone(),
                        format!(
                            "{} has `{}` and `{}`, which exclude each other",
                            subject.name, first.key.value, second.key.value
                        ),
                    )
                    .related(first.key.span.clone(), "the other one")
                    .hint("remove one of them"),
                ),
                _ => {}
            }
        }
    }

    fn entries(&mut self, node: &Node, ids: Ids, value: &Kind, subject: &Subject) {
        let entries = match &node.kind {
            NodeKind::Map(entries) => entries,
            // All entries may be commented out.
            NodeKind::Scalar(_) if node.is_null() => return,
            _ => return self.wrong_type(node, &format!("a map with the id of each {} as key", ids.noun()), subject),
        };
        if !matches!(ids, Ids::Of(_)) {
            self.duplicate_keys(entries);
        }
        for entry in entries {
            self.id(&entry.key, ids);
            let name = format!("{} {}", ids.noun(), quoted(&entry.key.value));
            self.value(&entry.value, value, &Subject { name, place: entry.key.span.clone() });
        }
    }

    fn list(&mut self, node: &Node, least: usize, item: &Kind, subject: &Subject) {
        match &node.kind {
            NodeKind::List(items) => {
                if items.len() < least {
                    self.report(Diagnostic::error(
                        Code::BadValue,
                        node.span.clone(),
                        format!("{} must have at least one item", subject.name),
                    ));
                }
                for node in items {
                    let name = format!("an item of {}", subject.name);
                    self.value(node, item, &Subject { name, place: node.span.clone() });
                }
            }
            _ => {
                let shown =
                    node.scalar().filter(|_| !node.is_null()).map(|scalar| format!("write it as [{}]", scalar.text));
                self.wrong_type_with(node, "a list", subject, shown);
            }
        }
    }

    fn languages(&mut self, node: &Node, subject: &Subject) {
        self.duplicate_keys(node.entries());
        for entry in node.entries() {
            if Language::parse(&entry.key.value).is_none() {
                let codes = Language::ALL.map(Language::code);
                self.report(
                    Diagnostic::error(
                        Code::UnknownKey,
                        entry.key.span.clone(),
                        format!("{} has no language {}", subject.name, quoted(&entry.key.value)),
                    )
                    .hint(format!("the languages are {}; a text without a language counts for all", list(codes))),
                );
            }
            self.text(&entry.value, &Subject::key(&entry.key));
        }
        if node.entries().is_empty() {
            self.wrong_type(node, "a text, or a text for each language", subject);
        }
    }

    fn one_of(&mut self, node: &Node, words: &[(&str, &str)], subject: &Subject) {
        let names = || words.iter().map(|(word, _)| *word);
        let Some(scalar) = node.scalar().filter(|_| !node.is_null()) else {
            return self.wrong_type(node, &format!("one of {}", list(names())), subject);
        };
        if !names().any(|word| word == scalar.text) {
            let message = format!("{} cannot be {}", subject.name, quoted(&scalar.text));
            let known = words.iter().map(|(word, meaning)| format!("`{word}` ({meaning})")).collect::<Vec<_>>();
            let diagnostic = Diagnostic::error(Code::BadValue, node.span.clone(), message)
                .did_you_mean(&scalar.text, names())
                .hint(format!("it is one of {}", known.join(", ")));
            self.report(diagnostic);
        }
    }

    fn name(&mut self, node: &Node, target: Target, subject: &Subject) {
        let Some(name) = self.text(node, subject) else { return };
        if self.names.has(target, &name.value) {
            return;
        }
        let diagnostic = Diagnostic::error(
            target.unknown(),
            name.span,
            format!("there is no {} {}", target.noun(), quoted(&name.value)),
        )
        .did_you_mean(&name.value, self.names.all(target));
        let known: Vec<_> = self.names.all(target).take(NAMES_IN_HINT).collect();
        let more = self.names.all(target).count() - known.len();
        let hint = match (known.is_empty(), more) {
            (true, _) => format!("none is defined yet; it would stand in {}", target.home()),
            (false, 0) => format!("there are: {}", list(known)),
            (false, more) => format!("there are: {} and {more} more", list(known)),
        };
        self.report(diagnostic.hint(hint));
    }

    fn id(&mut self, id: &Spanned<String>, ids: Ids) {
        let written = &id.value;
        let noun = ids.noun();
        let report = |message: String| Diagnostic::error(Code::BadValue, id.span.clone(), message);
        if ids.are_identifiers() {
            let letter = |first: char| first.is_ascii_alphabetic() || first == '_';
            let good = written.starts_with(letter) && written.chars().all(|c| letter(c) || c.is_ascii_digit());
            if !good {
                self.report(
                    report(format!("{} cannot be the id of a {noun}", quoted(written)))
                        .hint("it stands in formulas: use letters a to z, digits and `_`, beginning with a letter"),
                );
            } else if RESERVED.contains(&written.as_str()) {
                self.report(
                    report(format!("{} cannot be the id of a {noun}", quoted(written)))
                        .hint(format!("`{written}` is a word of the formula language; choose another one")),
                );
            }
        } else if written.is_empty() || !written.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') {
            self.report(
                report(format!("{} cannot be the name of a {noun}", quoted(written)))
                    .hint("use letters, digits, `_` and `-`, without blanks"),
            );
        }
    }

    fn duration(&mut self, node: &Node, zero: Zero, subject: &Subject) {
        let Some(scalar) = node.scalar().filter(|_| !node.is_null()) else {
            return self.wrong_type(node, "a length of time such as 30m", subject);
        };
        let hint = match values::duration(node) {
            Some(duration) if duration.is_zero() && zero == Zero::Refused => {
                "it must be longer than nothing, such as 5m"
            }
            Some(_) => return,
            None => "write a number with s, m, h, d or w, such as 30s, 5m, 4h, 1h30m or 6d",
        };
        let message = format!("{} cannot be {}", subject.name, quoted(&scalar.text));
        self.report(Diagnostic::error(Code::BadDuration, node.span.clone(), message).hint(hint));
    }

    fn period(&mut self, node: &Node, subject: &Subject) {
        let Some(read) = values::period(node) else {
            return self.wrong_type(node, "a period such as previous_week", subject);
        };
        if let Err(allowed) = read {
            let written = node.scalar().map_or("", |scalar| scalar.text.as_str());
            let message = format!("{} cannot be {}", subject.name, quoted(written));
            let names = ["today", "yesterday", "this_week", "previous_week", "this_month", "previous_month"];
            let diagnostic = Diagnostic::error(Code::BadPeriod, node.span.clone(), message);
            self.report(diagnostic.did_you_mean(written, names).hint(allowed));
        }
    }

    fn zone(&mut self, node: &Node, subject: &Subject) {
        let Some(name) = self.text(node, subject) else { return };
        if values::zone(node).is_none() {
            let known = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
            self.report(
                Diagnostic::error(
                    Code::UnknownZone,
                    name.span,
                    format!("there is no time zone {}", quoted(&name.value)),
                )
                .did_you_mean(&name.value, known)
                .hint("write continent and city, such as Europe/Moscow, Asia/Yekaterinburg or UTC"),
            );
        }
    }

    fn address(&mut self, node: &Node, kind: &Kind, subject: &Subject) {
        let Some(written) = self.text(node, subject) else { return };
        let (read, example) = match kind {
            Kind::Mailbox => {
                (values::mailbox(&written.value).map(|_| ()), "anna@example.com or Anna <anna@example.com>")
            }
            _ => (values::address(&written.value).map(|_| ()), "anna@example.com"),
        };
        if let Err(fault) = read {
            let message = format!("{} is no e-mail address: {fault}", quoted(&written.value));
            let diagnostic = Diagnostic::error(Code::BadAddress, written.span, message);
            self.report(diagnostic.hint(format!("an address looks like {example}")));
        }
    }

    fn text(&mut self, node: &Node, subject: &Subject) -> Option<Spanned<String>> {
        let text = values::text(node);
        if text.is_none() {
            self.wrong_type(node, "a text", subject);
        }
        text
    }

    fn wrong_type(&mut self, node: &Node, expected: &str, subject: &Subject) {
        let hint = match node.scalar() {
            Some(scalar) if node.is_null() || scalar.text.trim().is_empty() => {
                Some("give it a value, or remove the line".to_owned())
            }
            Some(scalar) if expected == "a text" => Some(format!("put it in quotes: \"{}\"", scalar.text)),
            Some(scalar) if scalar.resolved == Resolved::Text && resolves_to_number(&scalar.text) => {
                Some("remove the quotes".to_owned())
            }
            _ => None,
        };
        self.wrong_type_with(node, expected, subject, hint);
    }

    fn wrong_type_with(&mut self, node: &Node, expected: &str, subject: &Subject, hint: Option<String>) {
        let message = format!("{} must be {expected}, {}", subject.name, found(node));
        let mut diagnostic =
            Diagnostic::error(Code::WrongType, Span { range: first_line(&node.span), ..node.span.clone() }, message);
        diagnostic.hints.extend(hint);
        self.report(diagnostic);
    }

    fn unknown_key(&mut self, key: &Spanned<String>, shape: &Shape) {
        let known = || shape.fields.iter().map(|field| field.name);
        self.report(
            Diagnostic::error(
                Code::UnknownKey,
                key.span.clone(),
                format!("{} has no key {}", shape.noun, quoted(&key.value)),
            )
            .did_you_mean(&key.value, known())
            .hint(format!("it may have {}", list(known()))),
        );
    }

    fn missing(&mut self, field: &Field, subject: &Subject) {
        self.report(
            Diagnostic::error(
                Code::MissingKey,
                subject.place.clone(),
                format!("{} lacks `{}`", subject.name, field.name),
            )
            .hint(meaning([field])),
        );
    }

    fn duplicate_keys(&mut self, entries: &[Entry]) {
        let mut seen = std::collections::HashMap::new();
        for entry in entries {
            match seen.get(entry.key.value.as_str()) {
                None => {
                    seen.insert(entry.key.value.as_str(), &entry.key.span);
                }
                Some(first) => {
                    let first = Span::clone(first);
                    self.report(
                        Diagnostic::error(
                            Code::Duplicate,
                            entry.key.span.clone(),
                            format!("{} is given twice", quoted(&entry.key.value)),
                        )
                        .related(first, "first given here")
                        .hint("remove one of them"),
                    );
                }
            }
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

impl Subject {
    fn key(key: &Spanned<String>) -> Self {
        Self { name: quoted(&key.value), place: key.span.clone() }
    }
}

/// What stands there instead of what was expected.
fn found(node: &Node) -> String {
    match &node.kind {
        NodeKind::Map(_) => "not a map".to_owned(),
        NodeKind::List(_) => "not a list".to_owned(),
        NodeKind::Scalar(scalar) => match scalar.resolved {
            Resolved::Null => "but it is empty".to_owned(),
            Resolved::Bool(_) => format!("not the truth value {}", scalar.text),
            Resolved::Integer(_) | Resolved::Number(_) => format!("not the number {}", scalar.text),
            Resolved::Text if scalar.text.trim().is_empty() => "but it is empty".to_owned(),
            Resolved::Text => format!("not the text {}", quoted(&scalar.text)),
        },
    }
}

fn resolves_to_number(text: &str) -> bool {
    matches!(super::yaml::Scalar::resolve(text), Resolved::Integer(_) | Resolved::Number(_))
}

/// What a user wrote, in code marks: its first line, and not more of it than a message can carry.
fn quoted(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(40).collect();
    let more = if cut.len() < text.trim_end().len() { "…" } else { "" };
    format!("`{cut}{more}`")
}

/// The part of a place that lies on its first line: a whole map as excerpt would hide what is wrong with it.
fn first_line(span: &Span) -> std::ops::Range<usize> {
    let length = span.text().find('\n').unwrap_or(span.range.len());
    let line = span.text()[..length].trim_end();
    span.range.start..span.range.start + line.len()
}

fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn alternatives(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" or ")
}

/// What keys are for, as a hint.
fn meaning<'a>(fields: impl IntoIterator<Item = &'a Field>) -> String {
    let meanings = fields.into_iter().map(|field| match field.kind {
        Kind::OneOf(words) => {
            format!("`{}` is {}: {}", field.name, field.doc, list(words.iter().map(|(word, _)| *word)))
        }
        _ => format!("`{}` is {}", field.name, field.doc),
    });
    meanings.collect::<Vec<_>>().join("; ")
}
