//! A notice as a document: which alerts fire, which are over, with values, worst value, beginning and duration. One for
//! each rule, recipient's language and tick; how it is sent is not known here.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::episode::cleared;
use super::labels::Labels;
use super::machine::Notice;
use super::notice_text::{grouping_title, kpi_title, place, value, worst};
use super::rule::CompiledRule;
use super::state::{AlertState, Cause};
use crate::locale::{Language, format_instant, format_length, text};
use crate::report::document::{Align, Block, Cell, Document, Inline, Status, Table, TableColumn, Words};
use crate::workspace::{AlertDefinition, AlertSeverity, Catalog, Grouping};

/// How many alerts a subject names.
const NAMED_IN_SUBJECT: usize = 3;

/// One alert in a notice.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Which alert it is.
    pub labels: Labels,
    /// What is to be told; none for an alert that fires on and is listed for completeness.
    pub notice: Option<Notice>,
    /// The state before this evaluation: of an alert that is over, the incident.
    pub before: AlertState,
    /// The state after it.
    pub after: AlertState,
}

/// Everything a notice is made from.
pub struct NoticeRequest<'a> {
    /// The rule.
    pub rule: &'a AlertDefinition,
    /// Its conditions.
    pub compiled: &'a CompiledRule,
    /// The workspace, for names and units.
    pub catalog: &'a Catalog,
    /// The alerts, in the order of their labels; at least one has something to tell.
    pub told: &'a [Told],
    /// The recipient's language.
    pub language: Language,
    /// The zone instants are written in.
    pub zone: Tz,
    /// The evaluation's instant.
    pub now: DateTime<Utc>,
}

/// The subject: what matters most first, and where.
pub fn subject(request: &NoticeRequest<'_>) -> String {
    let language = request.language;
    let (notice, mark) = if request.tells(Notice::Fired) {
        (Notice::Fired, text(language, "alert-mark-firing", &[]))
    } else if request.tells(Notice::Repeated) {
        (Notice::Repeated, text(language, "alert-mark-still-firing", &[]))
    } else {
        (Notice::Resolved, text(language, "alert-mark-resolved", &[]))
    };
    let places: Vec<String> =
        request.told.iter().filter(|told| told.notice == Some(notice)).filter_map(|told| request.place(told)).collect();
    let mut subject = format!("[{mark}] {}", request.title());
    if !places.is_empty() {
        subject.push_str(": ");
        subject.push_str(&places[..places.len().min(NAMED_IN_SUBJECT)].join(", "));
    }
    if places.len() > NAMED_IN_SUBJECT {
        subject.push_str(&format!(" +{}", places.len() - NAMED_IN_SUBJECT));
    }
    subject
}

/// The notice's content.
pub fn document(request: &NoticeRequest<'_>) -> Document {
    let language = request.language;
    let severity = match request.rule.severity {
        AlertSeverity::Critical => text(language, "alert-critical", &[]),
        AlertSeverity::Warning => text(language, "alert-warning", &[]),
    };
    let mut blocks = Vec::new();
    for section in [Section::New, Section::Still, Section::Over] {
        let told: Vec<&Told> = request.told.iter().filter(|told| Section::of(told) == Some(section)).collect();
        if !told.is_empty() {
            blocks.push(Block::Heading { level: 2, text: vec![Inline::Text(section.title(told.len(), language))] });
            blocks.push(Block::Table(request.table(section, &told)));
            blocks.extend(told.iter().filter_map(|told| request.remark(section, told)));
        }
    }
    blocks.push(Block::Paragraph(request.condition()));
    let firing = request.told.iter().any(|told| told.after.is_firing());
    let rule = ("rule", request.rule.id.value.as_str().into());
    Document {
        title: request.title(),
        subtitle: format!("{severity} · {}", format_instant(request.now, request.zone, language)),
        language,
        author: "callbrief".to_owned(),
        created: request.now,
        preheader: request.preheader(),
        blocks,
        footnotes: vec![if firing {
            text(language, "alert-footnote-firing", &[rule])
        } else {
            text(language, "alert-footnote", &[rule])
        }],
        words: words(language),
    }
}

/// The parts of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    New,
    Still,
    Over,
}

impl Section {
    fn of(told: &Told) -> Option<Self> {
        match told.notice {
            Some(Notice::Fired) => Some(Self::New),
            Some(Notice::Resolved) => Some(Self::Over),
            Some(Notice::Repeated) => Some(Self::Still),
            None => told.after.is_firing().then_some(Self::Still),
        }
    }

    fn title(self, count: usize, language: Language) -> String {
        let count = [("count", count.into())];
        match self {
            Self::New => text(language, "alert-firing", &count),
            Self::Still => text(language, "alert-still-firing", &count),
            Self::Over => text(language, "alert-resolved", &count),
        }
    }
}

impl NoticeRequest<'_> {
    fn tells(&self, notice: Notice) -> bool {
        self.told.iter().any(|told| told.notice == Some(notice))
    }

    fn title(&self) -> String {
        self.rule.title.get(self.language).unwrap_or(&self.rule.id.value).to_owned()
    }

    fn by(&self) -> Vec<Grouping> {
        self.rule.by.iter().map(|grouping| grouping.value.clone()).collect()
    }

    fn place(&self, told: &Told) -> Option<String> {
        place(&told.labels, &self.by(), self.language)
    }

    fn instant(&self, instant: DateTime<Utc>) -> String {
        format_instant(instant, self.zone, self.language)
    }

    fn table(&self, section: Section, told: &[&Told]) -> Table {
        let language = self.language;
        let column = |title: String, align: Align| TableColumn { title, align, scale: None };
        let mut columns: Vec<TableColumn> = self
            .by()
            .iter()
            .map(|grouping| column(grouping_title(grouping, self.catalog, language), Align::Left))
            .collect();
        let kpis = self.compiled.kpis_of_when();
        for kpi in kpis {
            columns.push(column(kpi_title(kpi, self.catalog, language), Align::Right));
        }
        if section != Section::New && !kpis.is_empty() {
            columns.push(column(text(language, "alert-worst", &[]), Align::Right));
        }
        columns.push(column(text(language, "alert-since", &[]), Align::Left));
        if section != Section::New {
            columns.push(column(text(language, "alert-lasted", &[]), Align::Right));
        }
        let rows = told.iter().map(|told| self.row(section, told)).collect();
        Table { data: None, caption: None, columns, rows, total: None, omitted: None }
    }

    fn row(&self, section: Section, told: &Told) -> Vec<Cell> {
        let language = self.language;
        let cell = |text: String| Cell { text, status: Status::Neutral, number: None, share: None };
        let value_of = |label: Option<&str>| label.map_or_else(|| text(language, "no-value", &[]), str::to_owned);
        // An alert that is over has lost its incident; what it was stands in the state before.
        let incident = if section == Section::Over { &told.before } else { &told.after };
        let mut cells: Vec<Cell> =
            self.by().iter().map(|grouping| cell(value_of(told.labels.get(grouping.name()).flatten()))).collect();
        for (index, id) in self.compiled.kpis_of_when().iter().enumerate() {
            let number = told.after.values.get(id).copied();
            let status = match (section, index) {
                (Section::New | Section::Still, 0) if number.is_some() => Status::Bad,
                _ => Status::Neutral,
            };
            cells.push(Cell { text: value(self.catalog.kpis.get(id), number, language), status, number, share: None });
        }
        if section != Section::New
            && let Some(first) = self.compiled.kpis_of_when().first()
        {
            cells.push(cell(worst(self.catalog.kpis.get(first), incident.extremes.get(first).copied(), language)));
        }
        let since = incident.active_since.unwrap_or(incident.since);
        cells.push(cell(self.instant(since)));
        if section != Section::New {
            let end = if section == Section::Over { cleared(incident, self.now) } else { self.now };
            cells.push(cell(format_length(end - since, language)));
        }
        cells
    }

    /// What is to be known about an alert besides its row: that it is about missing data.
    fn remark(&self, section: Section, told: &Told) -> Option<Block> {
        if section == Section::Over || told.after.trouble.is_none() {
            return None;
        }
        let remark = match told.after.cause {
            Cause::NoData => text(self.language, "alert-fires-without-data", &[]),
            Cause::Condition => text(self.language, "alert-state-unknown", &[]),
        };
        let remark = self.place(told).map_or_else(|| remark.clone(), |place| format!("{place}: {remark}"));
        Some(Block::Note(vec![Inline::Text(remark)]))
    }

    fn condition(&self) -> Vec<Inline> {
        let (language, rule) = (self.language, self.rule);
        let mut inlines = vec![
            Inline::Text(format!("{} ", text(language, "alert-condition", &[]))),
            Inline::Code(rule.when.text.trim().to_owned()),
            Inline::Text(text(language, "alert-window", &[("length", format_length(rule.window, language).into())])),
        ];
        if rule.hold > chrono::TimeDelta::zero() {
            let held = text(language, "alert-held", &[("length", format_length(rule.hold, language).into())]);
            inlines.push(Inline::Text(held));
        }
        inlines.push(Inline::Text(".".to_owned()));
        if let Some(recovers_when) = &rule.recovers_when {
            inlines.push(Inline::Text(format!(" {} ", text(language, "alert-recovers-when", &[]))));
            inlines.push(Inline::Code(recovers_when.text.trim().to_owned()));
            inlines.push(Inline::Text(".".to_owned()));
        }
        inlines
    }

    /// The first alert in a line, for the list of mails.
    fn preheader(&self) -> String {
        let Some(told) = self.told.iter().find(|told| told.notice.is_some()) else { return String::new() };
        let values = self.compiled.kpis_of_when().iter().map(|id| {
            let number = told.after.values.get(id).copied();
            let shown = value(self.catalog.kpis.get(id), number, self.language);
            format!("{} {shown}", kpi_title(id, self.catalog, self.language))
        });
        let values = values.collect::<Vec<_>>().join(", ");
        self.place(told).map_or_else(|| values.clone(), |place| format!("{place}: {values}"))
    }
}

fn words(language: Language) -> Words {
    Words {
        page_of: text(language, "page-of", &[("page", "{page}".into()), ("pages", "{pages}".into())]),
        target: text(language, "target", &[]),
        previous: text(language, "previous-period", &[]),
        no_data: text(language, "no-data", &[]),
        continued: text(language, "continued", &[]),
    }
}

#[cfg(test)]
#[path = "notice_tests.rs"]
mod tests;
