//! Compares a YAML tree with the table of `shapes` and reports every mistake. Only what the table says is checked here;
//! what follows from several values together is in `relations`.

use super::ids::id_fault;
use super::names::Names;
use super::shape::{Alone, Form, Ids, Kind, Pick, Presence, Shape, Target, Zero};
use super::values;
use super::wording::{alternatives, first_line, found, list, meaning, quoted, resolves_to_number};
use super::yaml::{Entry, Node, NodeKind, Resolved};
use crate::diagnostics::{Code, Diagnostic, Span, Spanned, nearest};
use crate::locale::Language;
use crate::time::PeriodName;

/// Checks a file's tree. `path` names the file where a message speaks of the whole of it.
pub(super) fn check(node: &Node, kind: &Kind, path: &str, names: &Names, diagnostics: &mut Vec<Diagnostic>) {
    let start = Span { file: node.span.file.clone(), range: first_line(&node.span) };
    Checker { names, diagnostics }.value(node, kind, &Subject { name: format!("`{path}`"), place: start });
}

/// How rows are written.
const ROWS: &str = "write rows as `- { column: value }`, or a table after `|`: a line with the columns and a line for \
                    each row, with ` | ` between them";
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
            Kind::Object(shape) => self.object(node, shape, subject),
            Kind::ShortOr(short, shape) => match node.kind {
                NodeKind::Map(_) => self.object(node, shape, subject),
                _ => self.value(node, short, subject),
            },
            Kind::Entries { ids, value } => self.entries(node, *ids, value, subject),
            Kind::List(least, item) => self.list(node, *least, item, subject),
            Kind::OneOrMore(item) => match node.kind {
                NodeKind::List(_) => self.list(node, 1, item, subject),
                _ => self.value(node, item, subject),
            },
            Kind::Rows(alone) => self.rows(node, *alone, subject),
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
            Kind::YesNo if values::yes_or_no(node).is_none() => self.wrong_type(node, "true or false", subject),
            Kind::TimeOfDay => self.time_of_day(node, subject),
            Kind::Formula if values::formula(node).is_none() => self.wrong_type(node, "a formula", subject),
            Kind::Duration(zero) => self.duration(node, *zero, subject),
            Kind::Written(form) => self.written(node, form, subject),
            Kind::Period => self.period(node, subject),
            Kind::Zone => self.zone(node, subject),
            Kind::Color => self.color(node, subject),
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
        // A key that is there under a misspelt name is told once, as unknown.
        let known = || shape.fields.iter().map(|field| field.name);
        let unknown = entries.iter().filter(|entry| shape.field(&entry.key.value).is_none());
        let misspelt: Vec<_> = unknown.filter_map(|entry| nearest(&entry.key.value, known())).collect();
        let lacks = |name: &str| given(name).is_none() && !misspelt.contains(&name);
        for field in shape.fields.iter().filter(|field| field.presence == Presence::Required && lacks(field.name)) {
            self.missing(&format!("`{}`", field.name), meaning([field]), subject);
        }
        for choice in shape.choices {
            let found: Vec<_> = choice.keys.iter().filter_map(|key| given(key)).collect();
            if let [first, second, ..] = found.as_slice()
                && choice.pick != Pick::AtLeastOne
            {
                let (first, second) = (&first.key, &second.key);
                let message =
                    format!("{} has `{}` and `{}`, which exclude each other", subject.name, first.value, second.value);
                let diagnostic = Diagnostic::error(Code::Duplicate, second.span.clone(), message);
                self.report(diagnostic.related(first.span.clone(), "the other one").hint("remove one of them"));
            } else if choice.pick != Pick::AtMostOne && choice.keys.iter().all(|key| lacks(key)) {
                let fields = choice.keys.iter().filter_map(|key| shape.field(key));
                self.missing(&alternatives(choice.keys), meaning(fields), subject);
            }
        }
    }

    fn entries(&mut self, node: &Node, ids: Ids, value: &Kind, subject: &Subject) {
        let entries = match &node.kind {
            NodeKind::Map(entries) => entries,
            // All entries may be commented out.
            NodeKind::Scalar(_) if node.is_null() => return,
            _ => {
                let expected = format!("a map with each {} under its id", ids.noun());
                return self.wrong_type_with(
                    node,
                    &expected,
                    subject,
                    Some("write `id:` and, indented below, its keys".to_owned()),
                );
            }
        };
        if !matches!(ids, Ids::Of(_)) {
            self.duplicate_keys(entries);
        }
        for entry in entries {
            match ids {
                Ids::Known(target) => self.known(&entry.key, target),
                _ => self.id(&entry.key, ids),
            }
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

    fn rows(&mut self, node: &Node, alone: Alone, subject: &Subject) {
        let rows = match &node.kind {
            NodeKind::List(items) => items.as_slice(),
            NodeKind::Scalar(_) if values::text(node).is_some() => return,
            NodeKind::Map(_) if alone == Alone::Allowed => std::slice::from_ref(node),
            _ => return self.wrong_type_with(node, "rows", subject, Some(ROWS.to_owned())),
        };
        for row in rows {
            if row.entries().is_empty() {
                let name = format!("a row of {}", subject.name);
                let subject = Subject { name, place: row.span.clone() };
                self.wrong_type_with(row, "a map from columns to values", &subject, Some(ROWS.to_owned()));
            }
            self.duplicate_keys(row.entries());
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
        if let Some(name) = self.text(node, subject) {
            self.known(&name, target);
        }
    }

    fn known(&mut self, name: &Spanned<String>, target: Target) {
        if self.names.has(target, &name.value) {
            return;
        }
        let diagnostic = Diagnostic::error(
            target.unknown(),
            name.span.clone(),
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
        if let Some(hint) = id_fault(&id.value, ids) {
            let message = format!("{} cannot be the id of a {}", quoted(&id.value), ids.noun());
            self.report(Diagnostic::error(Code::BadValue, id.span.clone(), message).hint(hint));
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

    fn time_of_day(&mut self, node: &Node, subject: &Subject) {
        let Some(scalar) = node.scalar().filter(|_| !node.is_null()) else {
            return self.wrong_type(node, "a time such as 10:00", subject);
        };
        if values::time_of_day(node).is_none() {
            let message = format!("{} cannot be {}", subject.name, quoted(&scalar.text));
            let diagnostic = Diagnostic::error(Code::BadDuration, node.span.clone(), message);
            self.report(diagnostic.hint("write hours and minutes, from 00:00 to 23:59, such as 10:00"));
        }
    }

    fn written(&mut self, node: &Node, form: &Form, subject: &Subject) {
        let Some(scalar) = node.scalar().filter(|_| !node.is_null()) else {
            self.text(node, subject);
            return;
        };
        if let Some(fault) = (form.fault)(&scalar.text) {
            let message = format!("{} cannot be {}: {fault}", subject.name, quoted(&scalar.text));
            let diagnostic = Diagnostic::error(form.code, node.span.clone(), message);
            self.report(diagnostic.hint(format!("write {}", form.allowed)));
        }
    }

    fn period(&mut self, node: &Node, subject: &Subject) {
        let Some(read) = values::period(node) else {
            return self.wrong_type(node, "a period such as previous_week", subject);
        };
        if let Err(fault) = read {
            let written = node.scalar().map_or("", |scalar| scalar.text.as_str());
            // "last" is how most people call the period before this one.
            let likely = written.replace("last", "previous").replace(['-', ' '], "_");
            let (message, allowed) =
                fault.split_once("; ").map_or((fault.as_str(), None), |(message, allowed)| (message, Some(allowed)));
            let meant = PeriodName::relative_names()
                .find(|name| *name == likely)
                .or_else(|| nearest(&likely, PeriodName::relative_names()));
            let mut diagnostic = Diagnostic::error(Code::BadPeriod, node.span.clone(), message);
            diagnostic.hints.extend(meant.map(|name| format!("did you mean `{name}`?")));
            diagnostic.hints.extend(allowed.map(str::to_owned));
            self.report(diagnostic);
        }
    }

    fn zone(&mut self, node: &Node, subject: &Subject) {
        let Some(name) = self.text(node, subject) else { return };
        if values::zone(node).is_none() {
            let message = format!("there is no time zone {}", quoted(&name.value));
            let mut diagnostic = Diagnostic::error(Code::UnknownZone, name.span, message);
            diagnostic.hints.extend(values::likely_zone(&name.value).map(|zone| format!("did you mean `{zone}`?")));
            self.report(diagnostic.hint("write continent and city, such as Europe/Moscow, Asia/Yekaterinburg or UTC"));
        }
    }

    fn color(&mut self, node: &Node, subject: &Subject) {
        let Some(scalar) = node.scalar().filter(|_| !node.is_null()) else {
            let quotes = "put it in quotes, as in \"#1f4e79\": without them, `#` begins a comment";
            return self.wrong_type_with(node, "a colour", subject, Some(quotes.to_owned()));
        };
        if values::color(node).is_none() {
            let message = format!("{} cannot be {}", subject.name, quoted(&scalar.text));
            let diagnostic = Diagnostic::error(Code::BadValue, node.span.clone(), message);
            self.report(diagnostic.hint("write a colour as \"#1f4e79\", in quotes"));
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
            None if expected == "a formula" => {
                Some("put the formula in quotes, or on lines of its own after `|`".to_owned())
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
        let message = format!("there is no key {} in {}", quoted(&key.value), shape.noun);
        let mut diagnostic =
            Diagnostic::error(Code::UnknownKey, key.span.clone(), message).did_you_mean(&key.value, known());
        for field in shape.fields {
            if let Kind::Object(inner) | Kind::ShortOr(_, inner) = field.kind
                && inner.field(&key.value).is_some()
            {
                diagnostic = diagnostic.hint(format!("`{}` belongs inside `{}`", key.value, field.name));
            }
        }
        self.report(diagnostic.hint(format!("it may have {}", list(known()))));
    }

    fn missing(&mut self, keys: &str, meaning: String, subject: &Subject) {
        let message = format!("{} lacks {keys}", subject.name);
        self.report(Diagnostic::error(Code::MissingKey, subject.place.clone(), message).hint(meaning));
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
