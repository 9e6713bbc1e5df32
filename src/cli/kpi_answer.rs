//! KPIs as the command line shows them: a table of totals or groups, the SQL that was sent. JSON is in `kpi_json`, how
//! the numbers came about in `kpi_explained`.

use std::fmt::Write;

use indexmap::IndexMap;

use super::table::{self, Side};
use crate::kpi::{GroupedResult, KeyPart, Reading, Snapshot};
use crate::locale::{Language, format_bucket, format_change, format_value, text};
use crate::pipeline::{Measured, Workspace};
use crate::report::document::Status;
use crate::report::status::{decimals, status};
use crate::time::{Bucket, BucketStart, Period};
use crate::workspace::{Grouping, KpiDefinition};

/// So many characters of a row's name are shown.
const LONGEST_NAME: usize = 40;

/// The table of totals: value, target, status, change against the period before.
pub(super) fn totals(
    workspace: &Workspace,
    kpis: &[String],
    current: &Snapshot,
    previous: Option<&Snapshot>,
) -> String {
    let language = workspace.catalog.settings.locale;
    let total = |snapshot: &Snapshot, kpi: &str| snapshot.by(&[]).and_then(|result| result.reading(&[], kpi).cloned());
    let (mut rows, mut failures) = (Vec::new(), Failures::default());
    for definition in kpis.iter().filter_map(|id| workspace.catalog.kpis.get(id)) {
        let id = &definition.id.value;
        let now = total(current, id).unwrap_or(Reading::NoData);
        let before = previous.and_then(|snapshot| total(snapshot, id)).and_then(|reading| reading.number());
        let change = match (before, now.number()) {
            (Some(before), Some(now)) => format_change(before, now, definition.unit, decimals(definition), language),
            _ => String::new(),
        };
        let target = definition.target.map(|target| written(target, definition, language));
        rows.push(vec![
            title(definition, language),
            failures.cell(&now, definition, language),
            target.unwrap_or_default(),
            standing(definition, &now, language),
            change,
        ]);
    }
    let header = [
        ("KPI", Side::Left),
        (&text(language, "column-value", &[]), Side::Right),
        (&text(language, "column-target", &[]), Side::Right),
        (&text(language, "column-status", &[]), Side::Left),
        (&text(language, "column-change", &[]), Side::Right),
    ];
    table::render(&header, rows) + failures.told(language).as_str()
}

/// The KPIs of a table that failed: a cell has no room for the reason.
#[derive(Default)]
struct Failures(IndexMap<String, String>);

impl Failures {
    fn cell(&mut self, reading: &Reading, definition: &KpiDefinition, language: Language) -> String {
        match reading {
            Reading::Failed(reason) => {
                self.0.insert(title(definition, language), reason.clone());
                text(language, "failed-short", &[])
            }
            other => shown_reading(other, definition, language),
        }
    }

    /// A line for each, below the table.
    fn told(&self, language: Language) -> String {
        let line = |(kpi, reason): (&String, &String)| {
            let told =
                text(language, "kpi-failed", &[("kpi", kpi.as_str().into()), ("reason", reason.as_str().into())]);
            format!("\n{told}")
        };
        let lines: String = self.0.iter().map(line).collect();
        if lines.is_empty() { lines } else { format!("\n{lines}") }
    }
}

/// What was measured, to be shown.
pub(super) struct Answer<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) period: &'a Period,
    pub(super) current: &'a Measured,
}

impl Answer<'_> {
    pub(super) fn language(&self) -> Language {
        self.workspace.catalog.settings.locale
    }

    pub(super) fn result(&self) -> Option<&GroupedResult> {
        self.current.snapshot.results.first()
    }

    pub(super) fn grouped(&self) -> String {
        let language = self.language();
        let Some(result) = self.result() else { return String::new() };
        let definitions: Vec<&KpiDefinition> =
            result.kpis.iter().filter_map(|id| self.workspace.catalog.kpis.get(id)).collect();
        let groupings: Vec<String> = result.by.iter().map(|grouping| self.grouping_title(grouping)).collect();
        let titles: Vec<String> = definitions.iter().map(|definition| title(definition, language)).collect();
        let header: Vec<(&str, Side)> = groupings
            .iter()
            .map(|name| (name.as_str(), Side::Left))
            .chain(titles.iter().map(|title| (title.as_str(), Side::Right)))
            .collect();
        let mut failures = Failures::default();
        let mut rows = Vec::with_capacity(result.groups.len());
        for (key, readings) in &result.groups {
            let mut row: Vec<String> = key.iter().zip(&result.by).map(|(part, by)| self.key(part, by)).collect();
            row.extend(readings.iter().zip(&definitions).map(|(reading, kpi)| failures.cell(reading, kpi, language)));
            rows.push(row);
        }
        if rows.is_empty() {
            return self.nothing();
        }
        table::render(&header, rows) + failures.told(language).as_str()
    }

    /// What is told in place of groups when there are none: no data, or why.
    pub(super) fn nothing(&self) -> String {
        let readings = self.current.without_rows.first().into_iter().flatten();
        let kpis = self.result().into_iter().flat_map(|result| &result.kpis);
        let mut failures = Failures::default();
        for (id, reading) in kpis.zip(readings) {
            if let Some(definition) = self.workspace.catalog.kpis.get(id) {
                failures.cell(reading, definition, self.language());
            }
        }
        let told = failures.told(self.language());
        if told.is_empty() { text(self.language(), "period-empty", &[]) } else { told.trim_start().to_owned() }
    }

    pub(super) fn grouping_title(&self, grouping: &Grouping) -> String {
        let named = |column: &str| {
            let mut columns =
                self.workspace.catalog.datasets.values().filter_map(|dataset| dataset.columns.get(column));
            columns.find_map(|column| column.title.get(self.language())).map(str::to_owned)
        };
        match grouping {
            Grouping::Dimension(column) => named(column).unwrap_or_else(|| column.clone()),
            Grouping::Time(Bucket::QuarterHour) => text(self.language(), "column-quarter-hour", &[]),
            Grouping::Time(Bucket::HalfHour) => text(self.language(), "column-half-hour", &[]),
            Grouping::Time(Bucket::Hour | Bucket::HourOfDay) => text(self.language(), "column-hour", &[]),
            Grouping::Time(Bucket::Day) => text(self.language(), "column-day", &[]),
            Grouping::Time(Bucket::Week) => text(self.language(), "column-week", &[]),
            Grouping::Time(Bucket::Month) => text(self.language(), "column-month", &[]),
            Grouping::Time(Bucket::Weekday) => text(self.language(), "column-weekday", &[]),
        }
    }

    pub(super) fn key(&self, part: &KeyPart, grouping: &Grouping) -> String {
        let start = match part {
            KeyPart::Text(text) => {
                return short(text);
            }
            KeyPart::NoValue => return text(self.language(), "no-value", &[]),
            KeyPart::Hour(instant) => BucketStart::Hour(*instant),
            KeyPart::Date(day) => BucketStart::Date(*day),
            KeyPart::Number(number) => BucketStart::Number(*number),
        };
        match grouping {
            Grouping::Time(bucket) => format_bucket(*bucket, start, self.period.zone, self.language()),
            Grouping::Dimension(_) => String::new(),
        }
    }

    pub(super) fn statements(&self) -> String {
        let mut out = String::new();
        for sent in &self.current.sent {
            let _ = writeln!(out, "-- {} of source {}", sent.dataset, sent.source);
            for (name, value) in &sent.statement.parameters {
                let _ = writeln!(out, "-- :{name} = {value:?}");
            }
            let _ = writeln!(out, "{};\n", sent.statement.sql);
        }
        out
    }
}

/// A name out of the database for one line of a terminal: no controls, not longer than a name should be.
fn short(name: &str) -> String {
    let is_control = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut letters = name.chars().map(|letter| if is_control(letter) { ' ' } else { letter });
    let mut short: String = letters.by_ref().take(LONGEST_NAME).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

pub(super) fn title(definition: &KpiDefinition, language: Language) -> String {
    definition.title.get(language).unwrap_or(&definition.id.value).to_owned()
}

pub(super) fn written(value: f64, definition: &KpiDefinition, language: Language) -> String {
    format_value(value, definition.unit, decimals(definition), language)
}

pub(super) fn shown_reading(reading: &Reading, definition: &KpiDefinition, language: Language) -> String {
    match reading {
        Reading::Value(value) => written(*value, definition, language),
        Reading::NoData => text(language, "no-data", &[]),
        Reading::Failed(reason) => text(language, "failed", &[("reason", reason.as_str().into())]),
    }
}

fn standing(definition: &KpiDefinition, reading: &Reading, language: Language) -> String {
    match status(definition, reading.number()) {
        Status::Good => text(language, "status-good", &[]),
        Status::Near => text(language, "status-near", &[]),
        Status::Bad => text(language, "status-bad", &[]),
        Status::Neutral => String::new(),
    }
}
