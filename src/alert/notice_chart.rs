//! The small chart of a notice: what the rule's first KPI was in the last hours, with the threshold as a line.

use chrono::{DateTime, Utc};

use super::evaluation::Told;
use super::notice::NoticeRequest;
use super::notice_text::{kpi_title, threshold, value};
use crate::locale::{format_length, text};
use crate::report::document::{Chart, ChartKind, Scale, Series, SeriesRole, TargetLine};

/// What a KPI was lately, by stretches of time: where each begins, and the value if there was one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trend {
    /// The stretches in order, all of one length.
    pub points: Vec<(DateTime<Utc>, Option<f64>)>,
}

/// The chart of an alert; none where nothing is known, or too little for a line.
pub(super) fn chart(request: &NoticeRequest<'_>, told: &Told) -> Option<Chart> {
    let language = request.language;
    let rule = request.rule;
    let points = &request.trends.get(&told.labels)?.points;
    let known: Vec<(&DateTime<Utc>, f64)> = points.iter().filter_map(|(at, value)| Some((at, (*value)?))).collect();
    let [(first, _), ..] = points.as_slice() else { return None };
    if known.len() < 2 {
        return None;
    }
    let id = rule.compiled.kpis_of_when().first()?;
    let kpi = rule.catalog.kpis.get(id)?;
    let name = kpi_title(id, rule.catalog, language);
    let what = request.place(told).map_or_else(|| name.clone(), |place| format!("{name} · {place}"));
    let length = format_length(request.now - *first, language);
    let title = text(language, "alert-chart", &[("what", what.into()), ("length", length.into())]);
    let own = told.threshold(&rule);
    let target = own.map(|own| {
        let shown = threshold(Some(kpi), own, language);
        TargetLine { value: own.value, label: text(language, "alert-threshold-value", &[("value", shown.into())]) }
    });
    let lowest = known.iter().min_by(|left, right| left.1.total_cmp(&right.1))?;
    let highest = known.iter().max_by(|left, right| left.1.total_cmp(&right.1))?;
    let write = |number: f64| value(Some(kpi), Some(number), language);
    let range = [
        ("low", write(lowest.1).into()),
        ("lowAt", request.clock(*lowest.0).into()),
        ("high", write(highest.1).into()),
        ("highAt", request.clock(*highest.0).into()),
    ];
    let mut alternative = text(language, "alert-chart-range", &range);
    if let Some(target) = &target {
        alternative.push_str("; ");
        alternative.push_str(&target.label);
    }
    Some(Chart {
        title,
        kind: ChartKind::Line,
        categories: points.iter().map(|(at, _)| request.clock(*at)).collect(),
        series: vec![Series {
            name,
            values: points.iter().map(|(_, value)| *value).collect(),
            role: SeriesRole::Current,
        }],
        target,
        statuses: Vec::new(),
        scale: Scale { unit: kpi.unit, decimals: kpi.decimals.unwrap_or_else(|| kpi.unit.default_decimals()) },
        alternative,
    })
}
