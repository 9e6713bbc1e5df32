//! The tables of a notice: a row for each alert, with its values, the threshold, the beginning and how long it lasted.

use super::evaluation::Told;
use super::notice::{NoticeRequest, Section};
use super::notice_text::{grouping_title, kpi_title, severity_word, threshold, value, worst};
use crate::locale::{format_length, text};
use crate::report::document::{Align, Cell, Status, Table, TableColumn};
use crate::workspace::AlertSeverity;

/// The table of a section.
pub(super) fn table(request: &NoticeRequest<'_>, section: Section, told: &[&Told]) -> Table {
    let language = request.language;
    let catalog = request.rule.catalog;
    let column = |title: String, align: Align| TableColumn { title, align, scale: None };
    let mut columns: Vec<TableColumn> =
        request.by().iter().map(|grouping| column(grouping_title(grouping, catalog, language), Align::Left)).collect();
    if shows_severity(request, section, told) {
        columns.push(column(text(language, "alert-severity", &[]), Align::Left));
    }
    for (index, kpi) in request.rule.compiled.kpis_of_when().iter().enumerate() {
        columns.push(column(kpi_title(kpi, catalog, language), Align::Right));
        if index == 0 && has_threshold(request, told) {
            columns.push(column(text(language, "alert-threshold", &[]), Align::Right));
        }
    }
    if section != Section::New && !request.rule.compiled.kpis_of_when().is_empty() {
        columns.push(column(text(language, "alert-worst", &[]), Align::Right));
    }
    columns.push(column(text(language, "alert-since", &[]), Align::Right));
    if section != Section::New {
        let lasted = if section.is_end() { "alert-lasted" } else { "alert-lasts" };
        columns.push(column(text(language, lasted, &[]), Align::Right));
    }
    let rows = told.iter().map(|one| row(request, section, one, told)).collect();
    Table { data: None, caption: None, columns, rows, total: None, omitted: None }
}

fn row(request: &NoticeRequest<'_>, section: Section, told: &Told, all: &[&Told]) -> Vec<Cell> {
    let (language, catalog, compiled) = (request.language, request.rule.catalog, request.rule.compiled);
    let cell = |text: String| Cell { text, status: Status::Neutral, number: None, share: None };
    let value_of = |label: Option<&str>| label.map_or_else(|| text(language, "no-value", &[]), str::to_owned);
    let incident = told.incident();
    let mut cells: Vec<Cell> =
        request.by().iter().map(|grouping| cell(value_of(told.labels.get(grouping.name()).flatten()))).collect();
    if shows_severity(request, section, all) {
        let word = told.after.told.map(|severity| severity_word(severity, language));
        cells.push(cell(word.unwrap_or_default()));
    }
    for (index, id) in compiled.kpis_of_when().iter().enumerate() {
        let number = told.after.values.get(id).copied();
        let status = match told.after.told {
            Some(severity) if index == 0 && number.is_some() && !section.is_end() => match severity {
                AlertSeverity::Critical => Status::Bad,
                AlertSeverity::Warning => Status::Near,
            },
            _ => Status::Neutral,
        };
        cells.push(Cell { text: value(catalog.kpis.get(id), number, language), status, number, share: None });
        if index == 0 && has_threshold(request, all) {
            let own = told.threshold(&request.rule).map(|own| threshold(catalog.kpis.get(id), own, language));
            cells.push(cell(own.unwrap_or_default()));
        }
    }
    if section != Section::New
        && let Some(first) = compiled.kpis_of_when().first()
    {
        let range = incident.state.extremes.get(first).copied();
        let good = compiled.good_direction(first, catalog);
        cells.push(cell(worst(catalog.kpis.get(first), range, good, language)));
    }
    cells.push(cell(request.instant(incident.since)));
    if section != Section::New {
        let end = incident.end(request.now);
        cells.push(cell(format_length(end - incident.since, language)));
    }
    cells
}

/// A severity is worth a column where it says more than the section's title and the line below the notice's title, and of
/// what is over nobody asks.
fn shows_severity(request: &NoticeRequest<'_>, section: Section, told: &[&Told]) -> bool {
    let worst = request.told.iter().filter_map(|told| told.after.told).max();
    let says_more =
        matches!(section, Section::New | Section::Still) && told.iter().any(|told| told.after.told != worst);
    request.rule.definition.levels.len() > 1 && says_more
}

fn has_threshold(request: &NoticeRequest<'_>, told: &[&Told]) -> bool {
    told.iter().any(|told| told.threshold(&request.rule).is_some())
}
