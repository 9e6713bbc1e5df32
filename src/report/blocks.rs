//! The rendered template as the document's blocks: fenced report blocks are resolved here, with their mistakes
//! collected and placed in the template.

use std::collections::BTreeSet;

use super::block_charts::choice;
use super::block_spec::{BlockSpec, ChartSpec, SpecError, TableSpec, TilesSpec, read};
use super::build::BuildRequest;
use super::chart::chart;
use super::course::{course, is_by_time};
use super::document::{Block, Inline, Tile};
use super::explain::explained;
use super::figure::{Figure, title};
use super::headline::headline;
use super::holes::data_notes;
use super::incidents::incidents;
use super::markdown::{Piece, parse};
use super::rows::rows;
use super::table::{TableChoice, table};
use super::template_errors::offset;
use crate::diagnostics::{Code, Diagnostic, Span};
use crate::locale::text;
use crate::workspace::{Compare, DataDefinition, KpiDefinition};

/// What a document has already spoken of: failed KPIs, each told once where it is first missed, and holes in the data.
#[derive(Debug, Default)]
pub(super) struct Failures {
    told: BTreeSet<(String, String)>,
    /// Whether the template has a place for the holes in the data.
    pub(super) holes_told: bool,
}

/// The blocks of a rendered template, or all the mistakes in its report blocks.
pub(super) fn blocks(
    request: &BuildRequest<'_>,
    markdown: &str,
    failures: &mut Failures,
) -> Result<Vec<Block>, Vec<Diagnostic>> {
    let mut made = Vec::new();
    let mut diagnostics = Vec::new();
    for piece in parse(markdown) {
        match piece {
            Piece::Block(block) => made.push(block),
            Piece::Fenced { kind, text } => {
                let resolver = Resolver { request, written: &text };
                match resolver.resolve(&kind, failures) {
                    Ok(blocks) => made.extend(blocks),
                    Err(mistakes) => diagnostics.extend(mistakes),
                }
            }
        }
    }
    if diagnostics.is_empty() { Ok(made) } else { Err(diagnostics) }
}

/// One fenced block and where it stands.
pub(super) struct Resolver<'a> {
    pub(super) request: &'a BuildRequest<'a>,
    written: &'a str,
}

impl<'a> Resolver<'a> {
    fn resolve(&self, kind: &str, failures: &mut Failures) -> Result<Vec<Block>, Vec<Diagnostic>> {
        match read(kind, self.written).map_err(|error| vec![self.unreadable(kind, error)])? {
            BlockSpec::Headline => Ok(headline(self.request).map(Block::Headline).into_iter().collect()),
            BlockSpec::Kpis(spec) => self.tiles(&spec, failures),
            BlockSpec::Alerts(spec) => Ok(vec![incidents(self.request, spec.limit)]),
            BlockSpec::DataNotes => {
                failures.holes_told = true;
                Ok(data_notes(self.request))
            }
            BlockSpec::Table(spec) => self.table(&spec, failures),
            BlockSpec::Chart(spec) => self.chart(&spec, failures),
            BlockSpec::Note(inlines) => Ok(vec![Block::Note(inlines)]),
            BlockSpec::Explain(ids) => self.explained(&ids, failures),
            BlockSpec::PageBreak => Ok(vec![Block::PageBreak]),
        }
    }

    fn tiles(&self, spec: &TilesSpec, failures: &mut Failures) -> Result<Vec<Block>, Vec<Diagnostic>> {
        let figures = self.totals(&spec.kpis)?;
        let named = spec.course.as_deref().map(|name| self.course(name)).transpose()?;
        let tile =
            |figure: &Figure<'_>| Tile { sparkline: course(self.request, named, figure.definition), ..figure.tile() };
        let mut blocks = vec![Block::Tiles(figures.iter().map(tile).collect())];
        figures.iter().for_each(|figure| self.tell(figure, failures, &mut blocks));
        Ok(blocks)
    }

    fn explained(&self, ids: &[String], failures: &mut Failures) -> Result<Vec<Block>, Vec<Diagnostic>> {
        let figures = match ids {
            [] => self.request.total_kpis().into_iter().map(|definition| self.request.total(definition)).collect(),
            ids => self.totals(ids)?,
        };
        let mut blocks = vec![Block::Explained(explained(self.request, &figures))];
        figures.iter().for_each(|figure| self.tell(figure, failures, &mut blocks));
        Ok(blocks)
    }

    /// The data block the tiles' small lines are from.
    fn course(&self, name: &str) -> Result<&'a DataDefinition, Vec<Diagnostic>> {
        let data = self.data(name)?;
        if is_by_time(data) {
            return Ok(data);
        }
        let message = format!("the data block `{name}` is no course: its rows are no stretches of time");
        let hint = "name a data block with `by: [day]`, `[hour]` or another stretch of time";
        Err(vec![self.mistake(Code::BadBlock, message, name).hint(hint)])
    }

    /// The totals of these KPIs.
    fn totals(&self, ids: &[String]) -> Result<Vec<Figure<'a>>, Vec<Diagnostic>> {
        let (found, mistakes): (Vec<_>, Vec<_>) = ids.iter().map(|id| self.kpi(id)).partition(Result::is_ok);
        let mistakes: Vec<Diagnostic> = mistakes.into_iter().filter_map(Result::err).collect();
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        Ok(found.into_iter().filter_map(Result::ok).map(|definition| self.request.total(definition)).collect())
    }

    fn table(&self, spec: &TableSpec, failures: &mut Failures) -> Result<Vec<Block>, Vec<Diagnostic>> {
        let data = self.data(&spec.data)?;
        let ids: Vec<&str> = spec.columns.iter().flatten().map(String::as_str).collect();
        let decorated: Vec<&str> = spec.bars.iter().chain(&spec.changes).map(String::as_str).collect();
        self.columns(data, &[ids.as_slice(), &decorated].concat())?;
        if let Some(hidden) = decorated.iter().find(|id| !ids.is_empty() && !ids.contains(id)) {
            let message = format!("`{hidden}` is not among the table's `columns:`");
            let hint = format!("add `{hidden}` to them, or remove it from `bars:` and `changes:`");
            return Err(vec![self.mistake(Code::BadBlock, message, hidden).hint(hint)]);
        }
        if !spec.changes.is_empty() && self.request.report.compare == Compare::Nothing {
            let message = format!("the report `{}` compares with nothing", self.request.report.id.value);
            let hint = "give it `compare: previous_period`, or remove `changes:`";
            return Err(vec![self.mistake(Code::BadBlock, message, "changes").hint(hint)]);
        }
        let choice = TableChoice {
            columns: spec.columns.as_deref(),
            bars: &spec.bars,
            changes: &spec.changes,
            total: spec.total,
            title: spec.title.as_deref(),
        };
        let mut blocks = vec![Block::Table(table(self.request, data, &choice))];
        self.tell_rows(data, &ids, failures, &mut blocks);
        Ok(blocks)
    }

    fn chart(&self, spec: &ChartSpec, failures: &mut Failures) -> Result<Vec<Block>, Vec<Diagnostic>> {
        let data = self.data(&spec.data)?;
        let ids = spec.kpis();
        let definitions = self.columns(data, &ids)?;
        let choice = choice(self, spec, data, (&ids, &definitions))?;
        let mut blocks: Vec<Block> = chart(self.request, data, &choice).map(Block::Chart).into_iter().collect();
        self.tell_rows(data, &ids, failures, &mut blocks);
        Ok(blocks)
    }

    /// A note for each KPI that failed and was not yet spoken of.
    fn tell(&self, figure: &Figure<'_>, failures: &mut Failures, blocks: &mut Vec<Block>) {
        let Some(reason) = figure.failure() else { return };
        let language = self.request.language;
        let name = title(figure.definition, language);
        if failures.told.insert((name.clone(), reason.to_owned())) {
            let words = text(language, "kpi-failed", &[("kpi", name.into()), ("reason", reason.into())]);
            blocks.push(Block::Note(vec![Inline::Text(words)]));
        }
    }

    fn tell_rows(&self, data: &DataDefinition, shown: &[&str], failures: &mut Failures, blocks: &mut Vec<Block>) {
        let rows = rows(self.request, data);
        for (column, definition) in rows.kpis.iter().enumerate() {
            if shown.is_empty() || shown.contains(&definition.id.value.as_str()) {
                rows.rows.iter().for_each(|row| self.tell(&rows.figure(row, column), failures, blocks));
            }
        }
    }

    fn kpi(&self, id: &str) -> Result<&'a KpiDefinition, Diagnostic> {
        self.request.catalog.kpis.get(id).ok_or_else(|| {
            let known = self.request.catalog.kpis.keys().map(String::as_str);
            self.mistake(Code::UnknownKpi, format!("no KPI is called `{id}`"), id).did_you_mean(id, known)
        })
    }

    fn data(&self, name: &str) -> Result<&'a DataDefinition, Vec<Diagnostic>> {
        let report = self.request.report;
        report.data.get(name).ok_or_else(|| {
            let message = format!("the report `{}` has no data block `{name}`", report.id.value);
            let known = report.data.keys().map(String::as_str);
            vec![self.mistake(Code::UnknownData, message, name).did_you_mean(name, known)]
        })
    }

    /// The definitions of KPIs that must be among a data block's.
    fn columns(&self, data: &DataDefinition, ids: &[&str]) -> Result<Vec<&'a KpiDefinition>, Vec<Diagnostic>> {
        let mut found = Vec::new();
        let mut mistakes = Vec::new();
        for id in ids {
            match self.kpi(id) {
                Err(mistake) => mistakes.push(mistake),
                Ok(definition) if data.kpis.iter().any(|kpi| kpi.value == *id) => found.push(definition),
                Ok(_) => {
                    let message = format!("the data block `{}` does not hold `{id}`", data.name.value);
                    let hint = format!("add `{id}` to its `kpis:` in the report");
                    mistakes.push(self.mistake(Code::UnknownKpi, message, id).hint(hint));
                }
            }
        }
        if mistakes.is_empty() { Ok(found) } else { Err(mistakes) }
    }

    pub(super) fn mistake(&self, code: Code, message: String, word: &str) -> Diagnostic {
        let template = self.request.template;
        let span = template.place(self.written, Some(word)).unwrap_or_else(|| template.beginning());
        Diagnostic::error(code, span, message)
    }

    fn unreadable(&self, kind: &str, error: SpecError) -> Diagnostic {
        let template = self.request.template;
        let known = super::block_spec::BLOCK_KINDS.contains(&kind);
        let span =
            if known { template.place(self.written, None) } else { template.place(&format!("```{kind}"), Some(kind)) };
        let span = span.unwrap_or_else(|| template.beginning());
        let diagnostic = Diagnostic::error(Code::BadBlock, inside(span, self.written, error.at), error.message);
        match error.hint {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    }
}

/// The place inside a block, if the block stands in the file as it was read.
fn inside(span: Span, written: &str, at: Option<(usize, usize)>) -> Span {
    let Some((line, column)) = at else { return span };
    let lead = written.len() - written.trim_start().len();
    match offset(written, line, column) {
        Some(byte) if span.text() == written.trim() && byte >= lead => {
            let start = (span.range.start + byte - lead).min(span.range.end);
            Span { range: start..span.range.end, ..span }
        }
        _ => span,
    }
}
