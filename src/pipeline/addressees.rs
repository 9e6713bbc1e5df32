//! Who gets a report: the people its groups list, and those whom a database is asked for. One bad row of a query and
//! nobody is known: a report that misses some of its readers, or shows one of them too much, is worse than none.

use std::collections::BTreeSet;

use anyhow::{Context, anyhow, bail};
use chrono_tz::Tz;
use indexmap::IndexMap;
use indexmap::map::Entry;

use super::{Sources, Workspace};
use crate::delivery::Contact;
use crate::diagnostics::{Code, Diagnostic, Span, Spanned};
use crate::locale::Language;
use crate::source::{Rows, Source, Statement, Value, not_one_query, without_final_semicolon};
use crate::time::parse_zone;
use crate::workspace::{Member, Recipient, RecipientGroup, RecipientQuery, Scope, WebhookSettings};

/// So many bad rows are told of a query.
const MOST_TOLD: usize = 5;

/// Someone who gets a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The address.
    pub address: String,
    /// The name, if known.
    pub name: Option<String>,
    /// The language; the report's when none.
    pub language: Option<Language>,
    /// The zone of the report's period; the report's when none.
    pub zone: Option<Tz>,
    /// The rows the report is made of; all of them when none.
    pub scope: Option<Scope>,
}

/// Everyone in these groups, each address once. Someone in several groups sees the rows of all of them, and all rows when
/// one of the groups says so; of what else differs, the first counts.
pub async fn addressees(
    workspace: &Workspace,
    sources: &Sources,
    groups: &[Spanned<String>],
) -> anyhow::Result<Vec<Addressee>> {
    let mut all: IndexMap<String, Addressee> = IndexMap::new();
    for (name, group) in expanded(workspace, groups) {
        let of_group = match group {
            RecipientGroup::Listed(members) => members.iter().filter_map(listed).map(Addressee::from).collect(),
            RecipientGroup::Queried(query) => asked(sources, query)
                .await
                .with_context(|| format!("the recipients of the group `{name}` are not known"))?,
        };
        for addressee in of_group {
            match all.entry(addressee.address.to_lowercase()) {
                Entry::Vacant(entry) => {
                    entry.insert(addressee);
                }
                Entry::Occupied(mut entry) => {
                    let known = entry.get_mut();
                    known.scope = known.scope.take().zip(addressee.scope).map(|(one, other)| one.and(other));
                }
            }
        }
    }
    Ok(all.into_values().collect())
}

/// The people listed in these groups and in those they include, each address once; a query is not asked.
pub(super) fn recipients_in(workspace: &Workspace, groups: &[Spanned<String>]) -> Vec<Recipient> {
    let mut seen = BTreeSet::new();
    let members = expanded(workspace, groups).into_iter().flat_map(|(_, group)| match group {
        RecipientGroup::Listed(members) => members.as_slice(),
        RecipientGroup::Queried(_) => &[],
    });
    members
        .filter_map(listed)
        .filter(|recipient| seen.insert(recipient.address.value.to_lowercase()))
        .cloned()
        .collect()
}

/// The groups and those they include, each once, in the order of their mention.
fn expanded<'a>(workspace: &'a Workspace, groups: &'a [Spanned<String>]) -> Vec<(&'a str, &'a RecipientGroup)> {
    let mut open: Vec<&str> = groups.iter().rev().map(|group| group.value.as_str()).collect();
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    while let Some(name) = open.pop() {
        let Some(group) = workspace.catalog.recipients.get(name).filter(|_| seen.insert(name)) else { continue };
        all.push((name, group));
        if let RecipientGroup::Listed(members) = group {
            open.extend(members.iter().rev().filter_map(|member| match member {
                Member::Group(group) => Some(group.value.as_str()),
                Member::Recipient(_) | Member::Webhook(_) => None,
            }));
        }
    }
    all
}

/// The webhooks listed in these groups and in those they include, each once.
pub(super) fn webhooks_in<'a>(workspace: &'a Workspace, groups: &[Spanned<String>]) -> Vec<&'a WebhookSettings> {
    let mut found: IndexMap<&str, &WebhookSettings> = IndexMap::new();
    for (_, group) in expanded(workspace, groups) {
        let RecipientGroup::Listed(members) = group else { continue };
        for member in members {
            let Member::Webhook(name) = member else { continue };
            if let Some((name, settings)) = workspace.catalog.settings.webhooks.get_key_value(&name.value) {
                found.insert(name, settings);
            }
        }
    }
    found.into_values().collect()
}

fn listed(member: &Member) -> Option<&Recipient> {
    match member {
        Member::Recipient(recipient) => Some(recipient),
        Member::Group(_) | Member::Webhook(_) => None,
    }
}

async fn asked(sources: &Sources, query: &RecipientQuery) -> anyhow::Result<Vec<Addressee>> {
    let source = match sources.get(&query.source.value) {
        Some(Ok(source)) => source,
        Some(Err(error)) => bail!("{error}"),
        None => bail!("there is no source `{}`", query.source.value),
    };
    let sql = without_final_semicolon(&query.query.value, source.dialect());
    if let Some(words) = not_one_query(sql, source.dialect()) {
        bail!("the query {words}");
    }
    read(query, &source.fetch(&statement(sql)).await?)
}

/// The mistakes of a query that gives recipients, found without reading its rows. A source that does not answer is none.
pub async fn probe_recipients(source: &Source, group: &str, query: &RecipientQuery) -> Vec<Diagnostic> {
    let sql = without_final_semicolon(&query.query.value, source.dialect());
    let failed = |message: String| {
        let message = format!("the query of the group `{group}` {message}");
        vec![Diagnostic::error(Code::QueryFailed, query.query.span.clone(), message)]
    };
    if let Some(words) = not_one_query(sql, source.dialect()) {
        return failed(words.to_owned());
    }
    let columns = match source.columns(&statement(sql)).await {
        Ok(columns) => columns,
        Err(error) => return failed(format!("fails: {}", error.cause())),
    };
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let is_there = |name: &str| names.iter().any(|column| column.eq_ignore_ascii_case(name));
    let missing = |name: &str, place: &Span| {
        let message = format!("the query of the group `{group}` delivers no column `{name}`");
        Diagnostic::error(Code::ColumnNotDelivered, place.clone(), message)
            .did_you_mean(name, names.iter().copied())
            .hint(format!("it delivers {}; name it with `AS {name}`", names.join(", ")))
    };
    let address = (!is_there("address")).then(|| missing("address", &query.query.span));
    let scope = query.scope.iter().filter(|name| !is_there(&name.value));
    address.into_iter().chain(scope.map(|name| missing(&name.value, &name.span))).collect()
}

/// In parentheses nothing but a query can stand; the line break ends a comment in its last line.
fn statement(sql: &str) -> Statement {
    Statement { sql: format!("SELECT * FROM ({sql}\n) AS recipients"), ..Statement::default() }
}

/// The recipients in a query's rows.
fn read(query: &RecipientQuery, rows: &Rows) -> anyhow::Result<Vec<Addressee>> {
    if rows.rows.is_empty() {
        return Ok(Vec::new());
    }
    let place = |name: &str| rows.columns.iter().position(|column| column.eq_ignore_ascii_case(name));
    let needed = |name: &str| {
        place(name).with_context(|| format!("the query delivers no column `{name}`, only {}", rows.columns.join(", ")))
    };
    let columns = Columns {
        address: needed("address")?,
        name: place("name"),
        language: place("language"),
        zone: place("timezone"),
        scope: query
            .scope
            .iter()
            .map(|name| Ok((name.value.clone(), needed(&name.value)?)))
            .collect::<anyhow::Result<_>>()?,
    };
    let mut all: IndexMap<String, (usize, Addressee)> = IndexMap::new();
    let mut bad = Vec::new();
    for (number, row) in (1..).zip(&rows.rows) {
        let read = columns.read(row).and_then(|addressee| match all.entry(addressee.address.to_lowercase()) {
            Entry::Vacant(entry) => {
                entry.insert((number, addressee));
                Ok(())
            }
            Entry::Occupied(mut entry) => {
                let (first, known) = entry.get_mut();
                if (known.language, known.zone) != (addressee.language, addressee.zone) {
                    return Err(format!("has another language or time zone than row {first} of the same address"));
                }
                known.scope = known.scope.take().zip(addressee.scope).map(|(one, other)| one.and(other));
                Ok(())
            }
        });
        if let Err(reason) = read {
            let who = text(row.get(columns.address)).map_or_else(String::new, |address| format!(" ({address})"));
            bad.push(format!("row {number}{who} {reason}"));
        }
    }
    if bad.is_empty() {
        return Ok(all.into_values().map(|(_, addressee)| addressee).collect());
    }
    let more = bad.len().saturating_sub(MOST_TOLD);
    bad.truncate(MOST_TOLD);
    let more = if more > 0 { format!("; and {more} more rows") } else { String::new() };
    Err(anyhow!("{}{more}", bad.join("; ")))
}

/// Where a query's columns stand.
struct Columns {
    address: usize,
    name: Option<usize>,
    language: Option<usize>,
    zone: Option<usize>,
    scope: Vec<(String, usize)>,
}

impl Columns {
    /// The recipient of a row, or what is wrong with it.
    fn read(&self, row: &[Value]) -> Result<Addressee, String> {
        let optional = |place: Option<usize>| place.and_then(|place| text(row.get(place)));
        let written = text(row.get(self.address)).ok_or("has no address")?;
        let contact = Contact::parse(&written).map_err(|error| error.to_string())?;
        let language = optional(self.language)
            .map(|code| Language::parse(&code.to_lowercase()).ok_or(format!("has the unknown language `{code}`")))
            .transpose()?;
        let zone = optional(self.zone)
            .map(|name| parse_zone(&name).ok_or(format!("has the unknown time zone `{name}`")))
            .transpose()?;
        let value = |(dimension, place): &(String, usize)| {
            // An empty text is a value: rows may have it.
            let value = match row.get(*place) {
                None | Some(Value::Null) => return Err(format!("has no `{dimension}`")),
                Some(Value::Text(text)) => text.clone(),
                Some(Value::Integer(number)) => number.to_string(),
                Some(Value::Number(number)) => number.to_string(),
                Some(Value::Instant(_) | Value::Local(_)) => return Err(format!("has a date as `{dimension}`")),
            };
            Ok((dimension.clone(), value))
        };
        let scope = Scope::of(self.scope.iter().map(value).collect::<Result<_, _>>()?);
        Ok(Addressee { address: contact.address, name: optional(self.name).or(contact.name), language, zone, scope })
    }
}

/// A text that is not blank.
fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Instant(_) | Value::Local(_) => None,
    }
}

impl From<&Recipient> for Addressee {
    fn from(recipient: &Recipient) -> Self {
        Self {
            address: recipient.address.value.clone(),
            name: recipient.name.clone(),
            language: recipient.language,
            zone: recipient.timezone,
            scope: recipient.scope.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostics::SourceFile;

    fn spanned(text: &str) -> Spanned<String> {
        let file = Arc::new(SourceFile { path: "recipients.yaml".to_owned(), text: text.to_owned() });
        Spanned::new(text.to_owned(), Span { file, range: 0..0 })
    }

    fn read_rows(columns: &[&str], rows: &[&[&str]]) -> Result<Vec<Addressee>, String> {
        let value = |text: &&str| if *text == "NULL" { Value::Null } else { Value::Text((*text).to_owned()) };
        let rows = Rows {
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            rows: rows.iter().map(|row| row.iter().map(value).collect()).collect(),
        };
        let query = RecipientQuery { source: spanned("pbx"), query: spanned(""), scope: vec![spanned("queue")] };
        read(&query, &rows).map_err(|error| error.to_string())
    }

    const COLUMNS: [&str; 5] = ["address", "name", "language", "timezone", "queue"];

    #[test]
    fn rows_of_one_address_are_one_recipient() {
        let rows: [&[&str]; 3] = [
            &["anna@example.com", "Anna", "ru", "Europe/Berlin", "Sales"],
            &[" Boris <boris@example.com>", "NULL", " EN ", "", "VIP"],
            &["Anna@example.com", "A.", "ru", "Europe/Berlin", "Support"],
        ];
        let people = read_rows(&COLUMNS, &rows).unwrap();
        let [anna, boris] = people.as_slice() else { panic!("{people:?}") };
        assert_eq!((anna.name.as_deref(), anna.zone), (Some("Anna"), Some(Tz::Europe__Berlin)));
        let values = vec!["Sales".to_owned(), "Support".to_owned()];
        assert_eq!(anna.scope, Scope::of_each(&[("queue".to_owned(), values)]));
        assert_eq!((boris.name.as_deref(), boris.language), (Some("Boris"), Some(Language::English)));
        assert_eq!(read_rows(&[], &[]), Ok(Vec::new()));
    }

    #[test]
    fn a_bad_row_is_named() {
        let check = |row: &[&str], expected: &str| {
            let good: &[&str] = &["anna@example.com", "Anna", "ru", "NULL", "Sales"];
            assert_eq!(read_rows(&COLUMNS, &[good, row]), Err(expected.to_owned()));
        };
        check(&["NULL", "B", "ru", "NULL", "Sales"], "row 2 has no address");
        check(&["  ", "B", "ru", "NULL", "Sales"], "row 2 has no address");
        let address = "row 2 (boris) `boris` is not a mail address: Missing domain or user";
        check(&["boris", "B", "ru", "NULL", "Sales"], address);
        let language = "row 2 (boris@example.com) has the unknown language `de`";
        check(&["boris@example.com", "B", "de", "NULL", "Sales"], language);
        let zone = "row 2 (boris@example.com) has the unknown time zone `MSK`";
        check(&["boris@example.com", "B", "ru", "MSK", "Sales"], zone);
        check(&["boris@example.com", "B", "ru", "NULL", "NULL"], "row 2 (boris@example.com) has no `queue`");
        check(
            &["anna@example.com", "Anna", "en", "NULL", "VIP"],
            "row 2 (anna@example.com) has another language or time zone than row 1 of the same address",
        );
    }

    #[test]
    fn a_column_that_is_missing_is_named() {
        let told = read_rows(&["email", "queue"], &[&["anna@example.com", "Sales"]]);
        assert_eq!(told, Err("the query delivers no column `address`, only email, queue".to_owned()));
        let told = read_rows(&["address"], &[&["anna@example.com"]]);
        assert_eq!(told, Err("the query delivers no column `queue`, only address".to_owned()));
        let none: &[&str] = &["NULL", "Sales"];
        let told = read_rows(&["address", "queue"], &[none; 7]).unwrap_err();
        assert!(told.starts_with("row 1 has no address; row 2 ") && told.ends_with("; and 2 more rows"), "{told}");
    }
}
