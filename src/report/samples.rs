//! Workspaces and snapshots for this room's tests, made by hand.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use indexmap::IndexMap;

use crate::diagnostics::{SourceFile, Span, Spanned};
use crate::kpi::{
    ExplainedGroup, Explanation, Freshness, GroupKey, GroupedResult, KeyPart, Origin, Part, Question, Reading,
    RowCounts, Snapshot,
};
use crate::locale::{Language, Unit};
use crate::time::{Period, PeriodName};
use crate::workspace::*;

/// A value that stands nowhere.
pub(super) fn spanned<T>(value: T) -> Spanned<T> {
    let file = Arc::new(SourceFile { path: "rules/sample.yaml".to_owned(), text: String::new() });
    Spanned::new(value, Span { file, range: 0..0 })
}

/// A text in both languages, separated by `|`.
fn localized(text: &str) -> Localized {
    let (english, russian) = text.split_once('|').unwrap_or((text, text));
    let texts = [(Language::English, english.to_owned()), (Language::Russian, russian.to_owned())];
    Localized { texts: texts.into_iter().collect() }
}

/// A KPI in percent, higher being better, without a target.
pub(super) fn kpi(id: &str, title: &str) -> KpiDefinition {
    KpiDefinition {
        id: spanned(id.to_owned()),
        title: localized(title),
        description: Localized::default(),
        dataset: Some(spanned("calls".to_owned())),
        formula: FormulaText::inline("rules/sample.yaml", "1"),
        unit: Unit::Percent,
        decimals: None,
        better: Direction::Higher,
        target: None,
        warn: None,
        no_data: None,
    }
}

/// A template's folder from `(name, text)`; `report.md` must be among them.
pub(super) fn folder(files: &[(&str, &str)]) -> TemplateFolder {
    let file = |name: &str, text: &str| {
        Arc::new(SourceFile { path: format!("report-templates/t/{name}"), text: text.to_owned() })
    };
    let named = |wanted: &str| files.iter().find(|(name, _)| *name == wanted).map(|(name, text)| file(name, text));
    TemplateFolder {
        report: named("report.md").expect("every sample has a report.md"),
        subject: named("subject.txt"),
        parts: files
            .iter()
            .filter(|(name, _)| !["report.md", "subject.txt"].contains(name))
            .map(|(name, text)| file(name, text))
            .collect(),
    }
}

/// A data block; names in `by` and `kpis` are separated by spaces.
pub(super) fn data(name: &str, by: &str, kpis: &str, sort: Option<&str>, limit: Option<usize>) -> DataDefinition {
    DataDefinition {
        name: spanned(name.to_owned()),
        kpis: kpis.split(' ').map(|id| spanned(id.to_owned())).collect(),
        by: by.split(' ').map(|name| spanned(Grouping::parse(name))).collect(),
        sort: sort.map(|id| spanned(id.to_owned())),
        limit,
        periods: None,
    }
}

/// A weekly report with these data blocks.
pub(super) fn report(data: Vec<DataDefinition>) -> ReportDefinition {
    ReportDefinition {
        id: spanned("weekly".to_owned()),
        title: localized("Weekly report|Еженедельный отчёт"),
        schedule: None,
        period: PeriodName::PreviousWeek,
        compare: Compare::PreviousPeriod,
        template: spanned("t".to_owned()),
        data: data.into_iter().map(|data| (data.name.value.clone(), data)).collect(),
        pdf: PdfDefinition::default(),
        formats: vec![Format::Html],
        attach: None,
        recipients: Vec::new(),
        owner: None,
        on_unknown: None,
        language: None,
        only_if: None,
        when_empty: WhenEmpty::Send,
        complete_by: None,
    }
}

/// An alert rule with this id and name.
pub(super) fn alert(id: &str, title: &str) -> AlertDefinition {
    AlertDefinition {
        id: spanned(id.to_owned()),
        title: localized(title),
        description: None,
        levels: vec![AlertLevel {
            severity: AlertSeverity::Warning,
            when: FormulaText::inline("rules/sample.yaml", "service_level < 70"),
            recovers_when: None,
        }],
        minimum: None,
        window: AlertWindow::Rolling(chrono::TimeDelta::minutes(30)),
        every: chrono::TimeDelta::minutes(1),
        by: vec![spanned(Grouping::parse("queue"))],
        hold: chrono::TimeDelta::zero(),
        keep_firing_for: chrono::TimeDelta::zero(),
        active: None,
        no_data: NoDataPolicy::Keep,
        limit: 100,
        repeat_every: Vec::new(),
        inhibits: Vec::new(),
        runbook: None,
        notify: Vec::new(),
        owner: None,
    }
}

/// A workspace with one dataset of calls and seven KPIs.
pub(super) fn catalog() -> Catalog {
    let column = |name: &str, kind: ColumnKind, title: &str| {
        (name.to_owned(), ColumnDefinition { name: spanned(name.to_owned()), kind, title: localized(title) })
    };
    let calls = DatasetDefinition {
        id: spanned("calls".to_owned()),
        source: spanned("pbx".to_owned()),
        time: spanned("started_at".to_owned()),
        query: spanned("SELECT 1".to_owned()),
        columns: [
            column("queue", ColumnKind::Text, "Queue|Очередь"),
            column("agent", ColumnKind::Text, "Agent|Оператор"),
        ]
        .into_iter()
        .collect(),
    };
    let offered =
        KpiDefinition { unit: Unit::Count, better: Direction::Neither, ..kpi("offered", "Offered|Поступило") };
    let service_level = KpiDefinition {
        target: Some(80.0),
        warn: Some(75.0),
        description: localized("Share of offered calls answered within 20 s|Доля звонков, принятых за 20 с"),
        formula: FormulaText::inline(
            "rules/sample.yaml",
            "let in_time = count(wait_s <= limit);\nif offered < 20 {\n    previous(service_level)\n} else { in_time / offered }",
        ),
        ..kpi("service_level", "Service level|Уровень сервиса")
    };
    let aht = KpiDefinition {
        unit: Unit::Duration,
        better: Direction::Lower,
        target: Some(240.0),
        formula: FormulaText::inline("rules/sample.yaml", "avg(handling_s)"),
        ..kpi("aht", "AHT|Среднее время обслуживания")
    };
    let abandon_rate = KpiDefinition {
        better: Direction::Lower,
        target: Some(5.0),
        warn: Some(8.0),
        ..kpi("abandon_rate", "Abandoned|Потеряно")
    };
    let csat = KpiDefinition { unit: Unit::Number, target: Some(4.5), ..kpi("csat", "CSAT|Оценка") };
    let asa = KpiDefinition {
        unit: Unit::Duration,
        better: Direction::Lower,
        ..kpi("asa", "Speed of answer|Скорость ответа")
    };
    let answered =
        KpiDefinition { unit: Unit::Count, better: Direction::Neither, ..kpi("answered", "Answered|Принято") };
    let kpis = [offered, service_level, asa, aht, abandon_rate, csat, answered];
    let journal = DatabaseUrl { url: "sqlite::memory:".to_owned().into(), span: spanned(()).span };
    Catalog {
        root: PathBuf::new(),
        settings: Settings {
            operator: None,
            service: crate::workspace::ServiceSettings::default(),
            timezone: Tz::Europe__Moscow,
            locale: Language::English,
            sources: IndexMap::new(),
            journal,
            keep: TimeDelta::days(400),
            webhooks: IndexMap::new(),
            mail: MailSettings {
                from: spanned("reports@example.com".to_owned()),
                transport: TransportSettings::Folder(PathBuf::new()),
                on_unknown: crate::workspace::OnUnknown::Resend,
            },
        },
        datasets: [("calls".to_owned(), calls)].into_iter().collect(),
        kpis: kpis.into_iter().map(|kpi| (kpi.id.value.clone(), kpi)).collect(),
        parameters: IndexMap::new(),
        faulty_kpis: std::collections::BTreeMap::new(),
        alerts: IndexMap::new(),
        reports: IndexMap::new(),
        tests: Vec::new(),
        recipients: IndexMap::new(),
        functions: Vec::new(),
        templates: IndexMap::new(),
        rules_hash: "0123456789abcdef0123456789abcdef".to_owned(),
    }
}

/// Whole days in a zone.
pub(super) fn period(first: &str, last: &str, zone: Tz) -> Period {
    let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
    Period::of_days(day(first), day(last), zone)
}

/// An instant in UTC.
pub(super) fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// A key from its parts as text: dates, instants, numbers, `-` for no value, else a name; separated by ` / `.
fn key(text: &str) -> GroupKey {
    let part = |part: &str| match (part.parse::<NaiveDate>(), part.parse::<u32>(), part.parse::<DateTime<Utc>>()) {
        (Ok(day), ..) => KeyPart::Date(day),
        (_, Ok(number), _) => KeyPart::Number(number),
        (.., Ok(hour)) => KeyPart::Hour(hour),
        _ if part == "-" => KeyPart::NoValue,
        _ => KeyPart::Text(part.to_owned()),
    };
    if text.is_empty() { Vec::new() } else { text.split(" / ").map(part).collect() }
}

/// A reading: a number, `-` for no data, else the reason of a failure.
fn reading(text: &str) -> Reading {
    match text.parse() {
        Ok(number) => Reading::Value(number),
        Err(_) if text == "-" => Reading::NoData,
        Err(_) => Reading::Failed(text.replace('_', " ")),
    }
}

/// How two of the catalog's totals came about, with parts of every kind.
fn explained_total(period: &Period) -> ExplainedGroup {
    let rows = |what: &str, value: f64, counts: Option<RowCounts>| Part {
        what: what.to_owned(),
        reading: Reading::Value(value),
        origin: Origin::Rows { dataset: "calls".to_owned(), counts },
    };
    let part = |what: &str, reading: &str, origin: Origin| Part {
        what: what.to_owned(),
        reading: self::reading(reading),
        origin,
    };
    let before = Origin::Elsewhere { window: period.previous().window, by: Vec::new(), key: Some(Vec::new()) };
    let counts = |entered, outside, missing, sum| Some(RowCounts { all: 10_482, entered, outside, missing, sum });
    let explanation = |kpi: &str, formula: &str, parts: Vec<Part>| Explanation {
        kpi: kpi.to_owned(),
        reading: Reading::Value(1.0),
        formula: formula.to_owned(),
        place: "rules/sample.yaml:1:1".to_owned(),
        parts,
    };
    let of_service_level = vec![
        rows("count(wait_s <= 20)", 8_197.0, counts(8_197, 2_280, 5, None)),
        rows("count()", 10_482.0, counts(10_482, 0, 0, None)),
        rows("count(queue == \"VIP\")", 12.0, None),
        part("offered", "10482", Origin::Kpi),
        part("previous(service_level)", "-", before),
        part("asa", "the_database_is_gone", Origin::Kpi),
        part("limit", "20", Origin::Parameter),
        part("interval_s()", "604800", Origin::Interval),
    ];
    let of_aht = vec![rows("avg(handling_s)", 252.123_456_789, counts(9_000, 0, 1_482, Some(2_269_111.111_101)))];
    ExplainedGroup {
        by: Vec::new(),
        key: Vec::new(),
        kpis: vec![explanation("service_level", "", of_service_level), explanation("aht", "avg(handling_s)", of_aht)],
    }
}

/// Answers to questions: for each question its groups, as `(key, "value value …")`.
pub(super) fn snapshot(questions: &[Question], period: &Period, answers: &[&[(&str, &str)]]) -> Snapshot {
    let results = questions.iter().zip(answers).map(|(question, groups)| {
        let mut groups: Vec<(GroupKey, Vec<Reading>)> =
            groups.iter().map(|(name, values)| (key(name), values.split(' ').map(reading).collect())).collect();
        groups.sort_by(|left, right| left.0.cmp(&right.0));
        GroupedResult { by: question.by.clone(), kpis: question.kpis.clone(), groups: groups.into_iter().collect() }
    });
    let newest = period.window.to - chrono::TimeDelta::minutes(5);
    let freshness = Freshness { rows: 10_482, newest: Some(newest) };
    Snapshot {
        window: period.window,
        results: results.collect(),
        freshness: BTreeMap::from([("calls".to_owned(), freshness)]),
        explained: vec![explained_total(period)],
    }
}
