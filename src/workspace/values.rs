//! Single values of a YAML tree as the types of `definition`. The check asks these functions whether a value can be
//! read and why not, the readers ask them for the value: so both always agree.

use std::sync::Arc;

use chrono::{NaiveTime, TimeDelta};
use chrono_tz::Tz;
use indexmap::IndexMap;

use super::definition::{FormulaText, Grouping, Localized};
use super::scalar_origin::origins;
use super::yaml::{Node, NodeKind, Resolved, Scalar};
use crate::diagnostics::Spanned;
use crate::locale::Language;
use crate::time::{PeriodName, parse_duration, parse_zone};

/// The schemes a database address may begin with.
pub(super) const URL_SCHEMES: [&str; 5] = ["sqlite", "postgres", "postgresql", "mysql", "mariadb"];

/// A text that is not blank.
pub(super) fn text(node: &Node) -> Option<Spanned<String>> {
    let scalar = node.scalar().filter(|scalar| scalar.resolved == Resolved::Text && !scalar.text.trim().is_empty())?;
    Some(Spanned::new(scalar.text.clone(), node.span.clone()))
}

/// The items of a list, or a single value under the key as the only one.
pub(super) fn one_or_more<'a>(node: &'a Node, key: &str) -> impl Iterator<Item = &'a Node> {
    let value = node.get(key);
    let items = value.map_or(&[][..], |value| match value.kind {
        NodeKind::List(_) => value.items(),
        _ => std::slice::from_ref(value),
    });
    items.iter()
}

/// A number.
pub(super) fn number(node: &Node) -> Option<f64> {
    match node.scalar()?.resolved {
        // Beyond 2^53 neighbouring whole numbers fall together, which no target or limit comes near.
        Resolved::Integer(integer) => Some(integer as f64),
        Resolved::Number(number) => Some(number),
        _ => None,
    }
}

/// A whole number.
pub(super) fn integer(node: &Node) -> Option<i64> {
    match node.scalar()?.resolved {
        Resolved::Integer(integer) => Some(integer),
        _ => None,
    }
}

/// A length of time.
pub(super) fn duration(node: &Node) -> Option<TimeDelta> {
    parse_duration(&text(node)?.value)
}

/// Yes or no.
pub(super) fn yes_or_no(node: &Node) -> Option<bool> {
    match node.scalar()?.resolved {
        Resolved::Bool(answer) => Some(answer),
        _ => None,
    }
}

/// A colour, `#rrggbb` or `#rgb`, as 0xRRGGBB.
pub(super) fn color(node: &Node) -> Option<u32> {
    let text = text(node)?.value;
    let digits = text.strip_prefix('#').filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    match digits.len() {
        6 => Some(number),
        3 => Some(((number & 0xf00) << 8 | (number & 0xf0) << 4 | number & 0xf) * 0x11),
        _ => None,
    }
}

/// A local time such as `10:00`.
pub(super) fn time_of_day(node: &Node) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(node.scalar()?.text.trim(), "%H:%M").ok()
}

/// A time zone.
pub(super) fn zone(node: &Node) -> Option<Tz> {
    parse_zone(&text(node)?.value)
}

/// The zone that was probably meant: by its city, by an abbreviation people use, or by a name that looks alike. Other
/// abbreviations are not guessed at, as they look alike across the world.
pub(super) fn likely_zone(written: &str) -> Option<&'static str> {
    let names = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let city = written.trim().replace(' ', "_");
    let of_city = names().find(|name| name.rsplit_once('/').is_some_and(|(_, last)| last.eq_ignore_ascii_case(&city)));
    match written.trim() {
        "MSK" | "MSD" => Some("Europe/Moscow"),
        name if name.contains('/') => crate::diagnostics::nearest(name, names()),
        _ => of_city,
    }
}

/// A period's name; the error lists what is allowed. A year or a day may look like a number to YAML.
pub(super) fn period(node: &Node) -> Option<Result<PeriodName, String>> {
    let scalar = node.scalar().filter(|scalar| scalar.resolved != Resolved::Null)?;
    Some(PeriodName::parse(scalar.text.trim()))
}

/// A language's code.
pub(super) fn language(node: &Node) -> Option<Language> {
    Language::parse(&text(node)?.value)
}

/// A text, or texts by language.
pub(super) fn localized(node: &Node) -> Option<Localized> {
    let texts = match &node.kind {
        NodeKind::Map(entries) => entries
            .iter()
            .map(|entry| Some((Language::parse(&entry.key.value)?, text(&entry.value)?.value)))
            .collect::<Option<IndexMap<_, _>>>()?,
        _ => {
            let text = text(node)?.value;
            Language::ALL.into_iter().map(|language| (language, text.clone())).collect()
        }
    };
    Some(Localized { texts })
}

/// A formula with the way back from each of its characters to the file. `true` and plain numbers are formulas too.
pub(super) fn formula(node: &Node) -> Option<FormulaText> {
    let scalar = node.scalar().filter(|scalar| !scalar.text.trim().is_empty() && !node.is_null())?;
    let Scalar { text, style, .. } = scalar;
    let origin = origins(&node.span.file.text, node.span.range.clone(), *style, text);
    Some(FormulaText { text: text.clone(), span: node.span.clone(), origin })
}

/// A formula that fills a file of its own.
pub(super) fn formula_of_file(file: &Arc<crate::diagnostics::SourceFile>) -> FormulaText {
    let length = file.text.len();
    let span = crate::diagnostics::Span { file: Arc::clone(file), range: 0..length };
    FormulaText { text: file.text.clone(), span, origin: (0..=length).collect() }
}

/// What rows are grouped by.
pub(super) fn grouping(node: &Node) -> Option<Spanned<Grouping>> {
    let name = text(node)?;
    Some(Spanned::new(Grouping::parse(&name.value), name.span))
}

/// An e-mail address, with or without a name before it.
pub(super) fn mailbox(text: &str) -> Result<lettre::message::Mailbox, String> {
    text.trim().parse().map_err(|error: lettre::address::AddressError| address_fault(text, &error))
}

/// An e-mail address alone.
pub(super) fn address(text: &str) -> Result<lettre::Address, String> {
    if text.contains('<') {
        return Err("only the address can stand here, without a name".to_owned());
    }
    text.trim().parse().map_err(|error: lettre::address::AddressError| address_fault(text, &error))
}

/// Why a database address cannot be one; nothing when it can.
pub(super) fn url_fault(url: &str) -> Option<String> {
    let Some((scheme, rest)) = url.trim().split_once(':') else {
        return Some("a database address begins with `sqlite:`, `postgres://` or `mysql://`".to_owned());
    };
    if !URL_SCHEMES.contains(&scheme) {
        return Some(format!("`{scheme}:` is no kind of database that callbrief reads"));
    }
    if scheme == "sqlite" {
        let path = rest.trim_start_matches("//");
        return path.is_empty().then(|| "the address names no file after `sqlite:`".to_owned());
    }
    // PostgreSQL may be reached over a socket: then there is no host, only a path and parameters.
    match rest.strip_prefix("//") {
        Some(server) if !server.is_empty() => None,
        _ => Some(format!("the address names no server after `{scheme}:`")),
    }
}

/// Whether a database address holds a password.
pub(super) fn url_has_password(url: &str) -> bool {
    let authority = url.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?']).next().unwrap_or_default());
    authority
        .rsplit_once('@')
        .and_then(|(user, _)| user.split_once(':'))
        .is_some_and(|(_, password)| !password.is_empty())
}

fn address_fault(text: &str, error: &lettre::address::AddressError) -> String {
    use lettre::address::AddressError;
    let alone = text.rsplit_once('<').map_or(text, |(_, alone)| alone).trim_end_matches(['>', ' ']).trim();
    match error {
        _ if alone.contains(char::is_whitespace) => "it has a blank inside".to_owned(),
        _ if text.contains('<') => "it is not of the form Name <address>".to_owned(),
        AddressError::MissingParts if !text.contains('@') => "it has no `@`".to_owned(),
        AddressError::MissingParts => "a part before or after the `@` is missing".to_owned(),
        AddressError::Unbalanced => "a bracket or quote is not closed".to_owned(),
        AddressError::InvalidUser => "the part before the `@` has a character that cannot stand there".to_owned(),
        AddressError::InvalidDomain => "the part after the `@` is no domain".to_owned(),
        _ => "it cannot be read".to_owned(),
    }
}
