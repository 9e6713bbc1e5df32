//! `rules/tests/*.yaml` as [`RuleTest`]s: names, times, rows. The tree was compared with `shapes` before; what is expected
//! is read in `read_expectations`.

use std::ops::Range;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use indexmap::IndexMap;

use super::definition::{
    AlertDefinition, ColumnKind, DatasetDefinition, Grouping, KpiDefinition, RuleTest, SourceDefinition, TableFixture,
};
use super::files::WorkspaceFiles;
use super::read_expectations::Expectations;
use super::read_fixtures::{Others, Purpose, TESTS, fixture};
use super::read_recipients::group;
use super::values;
use super::wording::quoted;
use super::yaml::{Entry, Node, NodeKind};
use crate::diagnostics::{Code, Diagnostic, Severity, Spanned};
use crate::locale::Language;
use crate::time::{Origin, parse_instant};

/// What tests refer to.
pub(super) struct Known<'a> {
    /// The workspace's zone.
    pub(super) zone: Tz,
    /// The workspace's language.
    pub(super) language: Language,
    pub(super) files: &'a WorkspaceFiles,
    pub(super) sources: &'a IndexMap<String, SourceDefinition>,
    pub(super) datasets: &'a IndexMap<String, DatasetDefinition>,
    pub(super) kpis: &'a IndexMap<String, KpiDefinition>,
    pub(super) alerts: &'a IndexMap<String, AlertDefinition>,
}

/// A test as it was read, and the bytes of its file in which its mistakes stand.
pub(super) struct ReadTest {
    test: RuleTest,
    lines: Range<usize>,
}

impl ReadTest {
    /// What its KPIs are grouped by.
    pub(super) fn groupings(&self) -> impl Iterator<Item = &Spanned<Grouping>> {
        self.test.kpis.iter().flat_map(|expectation| &expectation.by)
    }
}

/// Reads the tests of a file.
pub(super) fn tests(node: &Node, known: &Known<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<ReadTest> {
    let Some(tests) = node.get("tests") else { return Vec::new() };
    let entries = tests.entries();
    let ends = entries.iter().skip(1).map(|next| next.key.span.range.start).chain([node.span.file.text.len()]);
    let read = |(entry, end): (&Entry, usize)| {
        let lines = entry.key.span.range.start..end;
        Some(ReadTest { test: test(entry, known, diagnostics)?, lines })
    };
    entries.iter().zip(ends).filter_map(read).collect()
}

/// The tests without mistakes. Those with mistakes fail each for itself; they are not run, and reports go out without them.
pub(super) fn sound(tests: Vec<ReadTest>, diagnostics: &[Diagnostic]) -> Vec<RuleTest> {
    let is_hurt = |read: &ReadTest| {
        diagnostics
            .iter()
            .filter(|told| told.severity == Severity::Error)
            .filter_map(|told| told.span.as_ref())
            .any(|span| span.file == read.test.name.span.file && read.lines.contains(&span.range.start))
    };
    tests.into_iter().filter(|read| !is_hurt(read)).map(|read| read.test).collect()
}

/// Whether a mistake stands in a test or in a file of rows, so that nothing but tests suffers from it.
pub(super) fn is_of_a_test(diagnostic: &Diagnostic) -> bool {
    diagnostic.span.as_ref().is_some_and(|span| span.file.path.starts_with(TESTS))
}

/// Whether a file holds rows for tests.
pub(super) fn is_file_of_rows(path: &str) -> bool {
    path.strip_prefix(TESTS).is_some_and(|name| name.ends_with(".csv"))
}

fn test(entry: &Entry, known: &Known<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<RuleTest> {
    let node = &entry.value;
    let zone = node.get("timezone").map_or(Some(known.zone), values::zone)?;
    let language = node.get("language").map(values::language);
    let start = instant(node.get("start")?, Origin { zone, start: None }, diagnostics)?;
    let origin = Origin { zone, start: Some(start) };
    let fixtures = Fixtures { known, origin };
    let expectations = Expectations { known, origin, language: language.flatten().unwrap_or(known.language) };
    let items = |key: &str| node.get(key).map_or(&[][..], Node::items);
    let entries = |key: &str| node.get(key).map_or(&[][..], Node::entries);
    let mut test = RuleTest {
        name: entry.key.clone(),
        start,
        zone,
        language: language.flatten(),
        recipients: entries("recipients")
            .iter()
            .filter_map(|entry| Some((entry.key.value.clone(), group(&entry.value)?)))
            .collect(),
        datasets: IndexMap::new(),
        tables: Vec::new(),
        kpis: Vec::new(),
        alerts: IndexMap::new(),
    };
    for rows in entries("rows") {
        if let Some(purpose) = fixtures.of_dataset(&rows.key.value) {
            test.datasets.insert(rows.key.value.clone(), fixture(&rows.value, &purpose, known.files, diagnostics));
        }
    }
    test.tables.extend(entries("tables").iter().map(|rows| fixtures.table(rows, diagnostics)));
    test.kpis.extend(items("kpis").iter().filter_map(|node| expectations.of_kpis(node, diagnostics)));
    for alert in entries("alerts") {
        if let Some(expectation) = expectations.of_alert(alert, diagnostics) {
            test.alerts.insert(alert.key.value.clone(), expectation);
        }
    }
    let is_empty = |alert: &Entry| matches!(&alert.value.kind, NodeKind::Map(entries) if entries.is_empty());
    let alerts = entries("alerts");
    if items("kpis").is_empty() && !alerts.is_empty() && alerts.iter().all(is_empty) {
        let message = format!("the test {} expects nothing, so it cannot fail", quoted(&entry.key.value));
        let diagnostic = Diagnostic::error(Code::MissingKey, entry.key.span.clone(), message);
        diagnostics.push(diagnostic.hint("say which `states`, `notices` or `quiet` stretches are expected of a rule"));
    }
    Some(test)
}

/// Reads an instant; what is wrong with it is told.
pub(super) fn instant(node: &Node, origin: Origin, diagnostics: &mut Vec<Diagnostic>) -> Option<DateTime<Utc>> {
    let text = values::text(node)?;
    match parse_instant(&text.value, origin) {
        Ok(instant) => Some(instant),
        Err(fault) => {
            let message = format!("{} {}", quoted(&text.value), fault.fault);
            diagnostics.push(Diagnostic::error(Code::BadInstant, text.span, message).hint(fault.hint));
            None
        }
    }
}

/// What the rows of a test are for.
struct Fixtures<'a> {
    known: &'a Known<'a>,
    origin: Origin,
}

impl<'a> Fixtures<'a> {
    fn of_dataset(&self, id: &str) -> Option<Purpose<'a>> {
        let dataset = self.known.datasets.get(id)?;
        Some(Purpose {
            owner: format!("the dataset `{id}`"),
            columns: dataset.columns.iter().map(|(name, column)| (name.as_str(), column.kind)).collect(),
            others: Others::Refused,
            time: Some(&dataset.time.value),
            origin: self.origin,
        })
    }

    /// A table's columns are stored as the datasets of its source say of columns with the same name.
    fn table(&self, entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> TableFixture {
        let written = entry.key.value.as_str();
        let (source, name) = match written.split_once('.') {
            Some((source, name)) if self.known.sources.contains_key(source) => (Some(source), name),
            _ => (None, written),
        };
        let datasets =
            self.known.datasets.values().filter(|dataset| source.is_none_or(|id| dataset.source.value == id));
        let mut columns: IndexMap<&str, ColumnKind> = IndexMap::new();
        for column in datasets.clone().flat_map(|dataset| dataset.columns.values()) {
            columns.entry(&column.name.value).or_insert(column.kind);
        }
        // The column whose stretches become rows: a dataset's time that the rows have.
        let mentions = |column: &str| entry.value.span.text().contains(column);
        let time = datasets.map(|dataset| dataset.time.value.as_str()).find(|time| mentions(time));
        let owner = format!("the table `{written}`");
        let purpose = Purpose { owner, columns, others: Others::Allowed, time, origin: self.origin };
        TableFixture {
            source: source.map(str::to_owned),
            name: name.to_owned(),
            fixture: fixture(&entry.value, &purpose, self.known.files, diagnostics),
        }
    }
}
