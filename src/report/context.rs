//! What templates see: the whole of it, and nothing else. Field names are a contract with everyone who writes templates.

use indexmap::IndexMap;
use serde::Serialize;

use super::build::BuildRequest;
use super::figure::{Figure, status_word, title, trend_word};
use super::footnotes::dataset_freshness;
use super::headline::headline_text;
use super::holes::holes;
use super::incidents::{lasted, moment, rule_title, worst};
use super::keys::{key_text, part_text};
use super::rows::rows;
use crate::alert::Episode;
use crate::kpi::GroupKey;
use crate::locale::{format_instant, format_length, format_period};
use crate::time::Period;
use crate::workspace::{DataDefinition, Grouping};

/// Everything a template can use. Texts are in the report's language, empty where there is nothing to say.
#[derive(Clone, Debug, Serialize)]
pub struct ReportContext {
    /// The report: `report.title`.
    pub report: ReportFacts,
    /// The language's code, `en` or `ru`: `{% if lang == "ru" %}`.
    pub lang: &'static str,
    /// The period: `period.text` for people, `period.label` for file names.
    pub period: PeriodFacts,
    /// The period it is compared with; nothing when the report does not compare.
    pub previous_period: Option<PeriodFacts>,
    /// The most important finding in a sentence or two.
    pub headline: String,
    /// The totals by KPI id: `kpi.service_level.text`.
    pub kpi: IndexMap<String, KpiFacts>,
    /// The report's data blocks by name, for tables of one's own: `{% for row in data.by_queue %}`.
    pub data: IndexMap<String, Vec<RowFacts>>,
    /// KPIs that could not be computed.
    pub failed: Vec<FailedFacts>,
    /// Holes in the data, each in a sentence.
    pub holes: Vec<String>,
    /// The alerts that fired in the period or were still firing, by when they fired.
    pub alerts: Vec<AlertFacts>,
    /// How fresh each dataset is.
    pub data_freshness: Vec<FreshnessFacts>,
    /// When and from which rules the report was made.
    pub generated: GeneratedFacts,
}

/// A report.
#[derive(Clone, Debug, Serialize)]
pub struct ReportFacts {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
}

/// A period.
#[derive(Clone, Debug, Serialize)]
pub struct PeriodFacts {
    /// The canonical name, such as `2026-W46`.
    pub label: String,
    /// The period in words.
    pub text: String,
    /// The first day, `2026-11-09`.
    pub from: String,
    /// The last day, included.
    pub to: String,
    /// The zone its days are days of.
    pub timezone: String,
}

/// A KPI's value and what it is compared with.
#[derive(Clone, Debug, Serialize)]
pub struct KpiFacts {
    /// The KPI's name.
    pub title: String,
    /// What it measures.
    pub description: String,
    /// The number; nothing when there is no data.
    pub value: Option<f64>,
    /// The value with its unit, or the words for no data.
    pub text: String,
    /// The target as a number.
    pub target: Option<f64>,
    /// The target with its unit.
    pub target_text: String,
    /// `good`, `near`, `bad` or `neutral`.
    pub status: &'static str,
    /// The previous period's number.
    pub previous: Option<f64>,
    /// The previous period's value with its unit.
    pub previous_text: String,
    /// The change with its sign and unit.
    pub change_text: String,
    /// `up`, `down`, `flat`, or empty.
    pub trend: &'static str,
    /// Why it could not be computed; empty when it could.
    pub failed: String,
}

/// A row of a data block.
#[derive(Clone, Debug, Serialize)]
pub struct RowFacts {
    /// The group's name for people.
    pub name: String,
    /// The parts of the name, by grouping: `row.by.queue`.
    pub by: IndexMap<String, String>,
    /// The KPIs: `row.kpi.offered.text`.
    pub kpi: IndexMap<String, KpiFacts>,
}

/// A KPI that could not be computed.
#[derive(Clone, Debug, Serialize)]
pub struct FailedFacts {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// Why.
    pub reason: String,
}

/// An alert that fired.
#[derive(Clone, Debug, Serialize)]
pub struct AlertFacts {
    /// The rule's id.
    pub rule: String,
    /// The rule's name for people.
    pub title: String,
    /// Which group it was about, such as a queue; empty for a rule without groups.
    pub place: String,
    /// `critical` or `warning`.
    pub severity: &'static str,
    /// When it fired.
    pub since: String,
    /// How long it fired, up to the run while it still does.
    pub lasted: String,
    /// Whether it still fires.
    pub firing: bool,
    /// The worst value with its KPI's name, or the words for no data.
    pub worst: String,
}

/// How fresh a dataset is.
#[derive(Clone, Debug, Serialize)]
pub struct FreshnessFacts {
    /// The dataset's id.
    pub dataset: String,
    /// How many rows the period holds.
    pub rows: u64,
    /// The newest row's instant in the period's zone; empty when there are no rows.
    pub newest: String,
    /// All of it in words.
    pub text: String,
}

/// When and from what the report was made.
#[derive(Clone, Debug, Serialize)]
pub struct GeneratedFacts {
    /// The instant, as RFC 3339 in UTC.
    pub at: String,
    /// The instant in words, in the period's zone.
    pub text: String,
    /// The hash of the rules.
    pub rules: String,
}

impl ReportContext {
    /// The context of a report.
    pub fn new(request: &BuildRequest<'_>) -> Self {
        let (language, report, zone) = (request.language, request.report, request.period.zone);
        let totals = request.total_kpis();
        let period = |period: &Period| PeriodFacts {
            label: period.label.clone(),
            text: format_period(period, language),
            from: period.first.to_string(),
            to: period.last.to_string(),
            timezone: period.zone.name().to_owned(),
        };
        let id = &report.id.value;
        Self {
            report: ReportFacts { id: id.clone(), title: report.title.get(language).unwrap_or(id).to_owned() },
            lang: language.code(),
            period: period(request.period),
            previous_period: request.previous.map(|_| period(&request.compared_period())),
            headline: headline_text(request),
            kpi: totals.iter().map(|kpi| (kpi.id.value.clone(), KpiFacts::new(&request.total(kpi)))).collect(),
            data: report.data.values().map(|data| (data.name.value.clone(), row_facts(request, data))).collect(),
            failed: totals
                .iter()
                .filter_map(|kpi| {
                    let reason = request.total(kpi).failure()?.to_owned();
                    Some(FailedFacts { id: kpi.id.value.clone(), title: title(kpi, language), reason })
                })
                .collect(),
            holes: holes(request),
            alerts: request.episodes.iter().map(|episode| AlertFacts::new(request, episode)).collect(),
            data_freshness: request
                .current
                .freshness
                .iter()
                .map(|(dataset, freshness)| FreshnessFacts {
                    dataset: dataset.clone(),
                    rows: freshness.rows,
                    newest: freshness.newest.map(|newest| format_instant(newest, zone, language)).unwrap_or_default(),
                    text: dataset_freshness(request, dataset, *freshness),
                })
                .collect(),
            generated: GeneratedFacts {
                at: request.run_at.to_rfc3339(),
                text: format_instant(request.run_at, zone, language),
                rules: request.catalog.rules_hash.clone(),
            },
        }
    }
}

impl AlertFacts {
    fn new(request: &BuildRequest<'_>, episode: &Episode) -> Self {
        Self {
            rule: episode.rule.clone(),
            title: rule_title(request, episode),
            place: episode.labels.text(),
            severity: episode.severity.word(),
            since: moment(request, episode.fired_at),
            lasted: format_length(lasted(request, episode), request.language),
            firing: episode.ended_at.is_none(),
            worst: worst(request, episode),
        }
    }
}

impl KpiFacts {
    fn new(figure: &Figure<'_>) -> Self {
        let definition = figure.definition;
        let change = figure.change();
        Self {
            title: title(definition, figure.language),
            description: definition.description.get(figure.language).unwrap_or_default().to_owned(),
            value: figure.number(),
            text: figure.text(),
            target: definition.target,
            target_text: figure.target().unwrap_or_default(),
            status: status_word(figure.status()),
            previous: figure.previous,
            previous_text: figure.previous_text().unwrap_or_default(),
            trend: change.as_ref().map_or("", |change| trend_word(change.trend)),
            change_text: change.map(|change| change.text).unwrap_or_default(),
            failed: figure.failure().unwrap_or_default().to_owned(),
        }
    }
}

/// The context as the template engine takes it.
pub(super) fn tera_context(context: &ReportContext) -> tera::Context {
    tera::Context::from_serialize(context).expect("the context is a struct of texts and finite numbers")
}

fn row_facts(request: &BuildRequest<'_>, data: &DataDefinition) -> Vec<RowFacts> {
    let rows = rows(request, data);
    let by: Vec<Grouping> = data.by.iter().map(|grouping| grouping.value.clone()).collect();
    let (zone, language) = (request.period.zone, request.language);
    let parts = |key: &GroupKey| {
        let parts = key.iter().zip(&by);
        parts.map(|(part, by)| (by.name().to_owned(), part_text(part, by, zone, language))).collect()
    };
    rows.rows
        .iter()
        .take(data.limit.unwrap_or(usize::MAX))
        .map(|row| RowFacts {
            name: key_text(&row.key, &by, zone, language),
            by: parts(&row.key),
            kpi: rows
                .kpis
                .iter()
                .enumerate()
                .map(|(column, kpi)| (kpi.id.value.clone(), KpiFacts::new(&rows.figure(row, column))))
                .collect(),
        })
        .collect()
}
