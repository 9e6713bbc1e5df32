//! What a report was made from, as the archive keeps it: the values with their parts, the period, the scope, the state of
//! the rules. JSON, so that it can be read when this program is long gone.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::{Measurement, View};
use crate::kpi::{ExplainedGroup, Explanation, GroupedResult, KeyPart, Reading, Snapshot};
use crate::time::Window;
use crate::workspace::{Grouping, Scope};

/// The measurement of a report for one view.
pub(super) fn made_from(
    report: &str,
    rules: &str,
    run_at: DateTime<Utc>,
    (view, measurement): (&View, &Measurement),
) -> String {
    let alternatives = view.scope.as_ref().map(Scope::alternatives);
    let period = &measurement.period;
    let value = json!({
        "report": report,
        "rules": rules,
        "run_at": instant(run_at),
        "period": period.label,
        "timezone": period.zone.name(),
        "scope": alternatives.map(|alternatives| alternatives.map(|values| json!(values)).collect::<Vec<Value>>()),
        "current": snapshot(&measurement.current),
        "previous": measurement.previous.as_ref().map(snapshot),
        "trends": measurement.trends.iter().map(|(data, own)| (data.clone(), snapshot(own))).collect::<serde_json::Map<_, _>>(),
    });
    value.to_string()
}

fn snapshot(snapshot: &Snapshot) -> Value {
    let freshness: serde_json::Map<String, Value> = snapshot
        .freshness
        .iter()
        .map(|(dataset, known)| (dataset.clone(), json!({ "rows": known.rows, "newest": known.newest.map(instant) })))
        .collect();
    json!({
        "window": window(snapshot.window),
        "data": freshness,
        "results": snapshot.results.iter().map(result).collect::<Vec<_>>(),
        "explained": snapshot.explained.iter().map(explained).collect::<Vec<_>>(),
    })
}

fn result(result: &GroupedResult) -> Value {
    let group = |(group, readings): (&Vec<KeyPart>, &Vec<Reading>)| json!({ "key": key(group), "values": readings.iter().map(reading).collect::<Vec<_>>() });
    json!({
        "by": names(&result.by),
        "kpis": result.kpis,
        "groups": result.groups.iter().map(group).collect::<Vec<_>>(),
    })
}

fn explained(group: &ExplainedGroup) -> Value {
    let kpi = |explanation: &Explanation| {
        let part = |part: &crate::kpi::Part| json!({ "what": part.what, "value": reading(&part.reading) });
        json!({
            "kpi": explanation.kpi,
            "value": reading(&explanation.reading),
            "formula": explanation.formula,
            "place": explanation.place,
            "parts": explanation.parts.iter().map(part).collect::<Vec<_>>(),
        })
    };
    json!({ "by": names(&group.by), "key": key(&group.key), "kpis": group.kpis.iter().map(kpi).collect::<Vec<_>>() })
}

/// A number, nothing for no data, the reason of a failure.
fn reading(reading: &Reading) -> Value {
    match reading {
        Reading::Value(value) => json!(value),
        Reading::NoData => Value::Null,
        Reading::Failed(reason) => json!({ "failed": reason }),
    }
}

fn key(key: &[KeyPart]) -> Vec<Value> {
    let part = |part: &KeyPart| match part {
        KeyPart::Text(text) => json!(text),
        KeyPart::NoValue => Value::Null,
        KeyPart::Hour(hour) => json!(instant(*hour)),
        KeyPart::Date(day) => json!(day.to_string()),
        KeyPart::Number(number) => json!(number),
    };
    key.iter().map(part).collect()
}

fn names(by: &[Grouping]) -> Vec<&str> {
    by.iter().map(Grouping::name).collect()
}

fn window(window: Window) -> Value {
    json!({ "from": instant(window.from), "to": instant(window.to) })
}

fn instant(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}
