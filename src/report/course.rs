//! How a KPI went over the period, as the small line in its tile: taken from a data block by a stretch of time.

use super::build::BuildRequest;
use super::chart_words::range;
use super::document::Sparkline;
use super::keys::key_text;
use super::rows::{groupings, rows};
use crate::workspace::{DataDefinition, Grouping, KpiDefinition};

/// Fewer points than this make no course.
const LEAST_POINTS: usize = 3;

/// The course of a KPI in the block that was named, else in the first block by a stretch of time that holds it; none when
/// there is no such block or too little data.
pub(super) fn course(
    request: &BuildRequest<'_>,
    named: Option<&DataDefinition>,
    definition: &KpiDefinition,
) -> Option<Sparkline> {
    let id = &definition.id.value;
    let holds = |data: &&DataDefinition| is_by_time(data) && data.kpis.iter().any(|kpi| kpi.value == *id);
    let data = match named {
        Some(data) => Some(data).filter(holds)?,
        None => request.report.data.values().find(holds)?,
    };
    let rows = rows(request, data);
    let column = rows.column(id)?;
    let values: Vec<Option<f64>> = rows.rows.iter().map(|row| rows.figure(row, column).number()).collect();
    if values.iter().flatten().count() < LEAST_POINTS {
        return None;
    }
    let by = groupings(data);
    let categories: Vec<String> =
        rows.rows.iter().map(|row| key_text(&row.key, &by, request.period.zone, request.language)).collect();
    let alternative = range(request, &rows, column, &categories);
    Some(Sparkline { values, target: definition.target, alternative })
}

/// Whether a data block's rows are stretches of time.
pub(super) fn is_by_time(data: &DataDefinition) -> bool {
    matches!(data.by.as_slice(), [by] if matches!(by.value, Grouping::Time(_)))
}
