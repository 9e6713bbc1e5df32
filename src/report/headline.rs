//! The report in a sentence or two: which target was missed most, how that changed, and where it is worst; how many
//! targets were met. Computed from the snapshots, so that it can never contradict the tables.

use super::build::BuildRequest;
use super::document::{Status, Trend};
use super::figure::{Figure, title};
use super::keys::{grouping_title, key_text};
use super::rows::{Row, rows};
use crate::locale::{FluentValue, Unit, text};
use crate::workspace::{DataDefinition, Direction, Grouping, KpiDefinition};

/// A group with fewer calls than this is not called the worst: three lost calls of five say nothing.
const ENOUGH_CALLS: f64 = 20.0;

/// The headline; it always says something, also that there is no data or that a KPI failed. Only a report without any
/// KPI has none.
pub(super) fn headline(request: &BuildRequest<'_>) -> String {
    // Only what the reader sees beside it: a target met in some column of a table is not counted.
    let shown = request.template.kpis_mentioned(request.catalog);
    let is_shown = |kpi: &&KpiDefinition| shown.is_empty() || shown.contains(&kpi.id.value);
    let figures: Vec<Figure<'_>> =
        request.total_kpis().into_iter().filter(is_shown).map(|kpi| request.total(kpi)).collect();
    if figures.is_empty() {
        return String::new();
    }
    let failed = figures.iter().filter(|figure| figure.failure().is_some()).count();
    let mut sentences = finding(request, &figures);
    if failed > 0 {
        sentences.push(' ');
        sentences.push_str(&text(request.language, "headline-failed", &[("count", failed.into())]));
    }
    sentences
}

fn finding(request: &BuildRequest<'_>, figures: &[Figure<'_>]) -> String {
    let language = request.language;
    let judged: Vec<&Figure<'_>> = figures.iter().filter(|figure| figure.status() != Status::Neutral).collect();
    let met = judged.iter().filter(|figure| figure.status() == Status::Good).count();
    let missed = judged.iter().filter(|figure| figure.status() != Status::Good);
    let worst = missed.max_by(|left, right| {
        let bad = |figure: &Figure<'_>| figure.status() == Status::Bad;
        bad(left).cmp(&bad(right)).then(weight(left).total_cmp(&weight(right)))
    });
    let counts = [("met", met.into()), ("all", judged.len().into())];
    if let Some(figure) = worst {
        let mut sentence = text(
            language,
            "headline-missed",
            &[
                ("kpi", title(figure.definition, language).into()),
                ("value", figure.text().into()),
                ("target", figure.target().unwrap_or_default().into()),
            ],
        );
        sentence.push_str(&change_in_brackets(figure));
        if let Some(place) = worst_group(request, figure.definition) {
            sentence.push_str("; ");
            sentence.push_str(&place);
        }
        return format!("{sentence}. {}", text(language, "headline-targets", &counts));
    }
    let moved = figures.iter().filter(|figure| figure.change().is_some_and(|change| change.trend != Trend::Flat));
    let moved = moved.max_by(|left, right| relative_change(left).total_cmp(&relative_change(right)));
    let mut sentences = Vec::new();
    if !judged.is_empty() {
        sentences.push(text(language, "headline-all-met", &counts[1..]));
    }
    if let Some(figure) =
        moved.or_else(|| figures.iter().find(|figure| figure.number().is_some()).filter(|_| judged.is_empty()))
    {
        let value = format!("{}{}", figure.text(), change_in_brackets(figure));
        let variables = [("kpi", title(figure.definition, language).into()), ("value", value.into())];
        sentences.push(text(language, "headline-value", &variables));
    }
    let known = figures.iter().any(|figure| figure.number().is_some_and(|number| number != 0.0));
    if sentences.is_empty() || !known { text(language, "period-empty", &[]) } else { sentences.join(" ") }
}

/// How far a value is from its target, and how much worse it got, both relative, so that units do not matter.
fn weight(figure: &Figure<'_>) -> f64 {
    let distance = figure.number().zip(figure.definition.target).map_or(0.0, |(value, target)| relative(value, target));
    let worse = figure.change().is_some_and(|change| change.status == Status::Bad);
    distance + if worse { relative_change(figure) } else { 0.0 }
}

fn relative_change(figure: &Figure<'_>) -> f64 {
    figure.number().zip(figure.previous).map_or(0.0, |(value, previous)| relative(value, previous))
}

/// The distance as a part of what it is measured from; at most 10, so that a start from nearly nothing does not win.
fn relative(value: f64, from: f64) -> f64 {
    ((value - from).abs() / from.abs().max(1e-9)).min(10.0)
}

/// The change, if there is one to speak of.
fn change_in_brackets(figure: &Figure<'_>) -> String {
    let change = figure.change().filter(|change| change.trend != Trend::Flat);
    change.map(|change| format!(" ({})", change.text)).unwrap_or_default()
}

/// The group a KPI is worst in, in words, taken from the first data block that has the KPI by one dimension.
fn worst_group(request: &BuildRequest<'_>, definition: &KpiDefinition) -> Option<String> {
    let by_dimension = |data: &&DataDefinition| {
        matches!(data.by.as_slice(), [by] if matches!(by.value, Grouping::Dimension(_)))
            && data.kpis.iter().any(|kpi| kpi.value == definition.id.value)
    };
    let data = request.report.data.values().find(by_dimension)?;
    let rows = rows(request, data);
    let column = rows.column(&definition.id.value)?;
    let volume = rows.kpis.iter().position(|kpi| kpi.unit == Unit::Count);
    let enough = |row: &Row<'_>| {
        volume.is_none_or(|volume| rows.figure(row, volume).number().is_some_and(|calls| calls >= ENOUGH_CALLS))
    };
    let candidates: Vec<_> =
        rows.rows.iter().filter(|row| enough(row) && rows.figure(row, column).number().is_some()).collect();
    let number = |row: &Row<'_>| rows.figure(row, column).number().unwrap_or(0.0);
    let worst = candidates.iter().min_by(|left, right| match definition.better {
        Direction::Lower => number(right).total_cmp(&number(left)),
        Direction::Higher | Direction::Neither => number(left).total_cmp(&number(right)),
    })?;
    let figure = rows.figure(worst, column);
    if candidates.len() < 2 || figure.status() == Status::Good {
        return None;
    }
    let grouping = &data.by[0].value;
    let language = request.language;
    let variables: [(&str, FluentValue<'_>); 3] = [
        ("dimension", grouping_title(grouping, data, request.catalog, language).to_lowercase().into()),
        ("group", key_text(&worst.key, std::slice::from_ref(grouping), request.period.zone, language).into()),
        ("value", figure.text().into()),
    ];
    Some(text(language, "headline-worst", &variables))
}
