//! KPIs as JSON. Its names are a contract with the programs that read it: they are added to, never changed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::kpi_answer::Answer;
use crate::kpi::{Explanation, GroupKey, KeyPart, Origin, Part, Reading};
use crate::time::Window;
use crate::workspace::Grouping;

impl Answer<'_> {
    /// The answer; with how the numbers came about, if that was asked for.
    pub(super) fn json(&self, without_time: &BTreeMap<String, u64>) -> Value {
        let snapshot = &self.current.snapshot;
        let dataset = |dataset: &String| {
            let known = snapshot.freshness.get(dataset)?;
            let mut told = json!({ "rows": known.rows, "newest": known.newest.map(|newest| newest.to_rfc3339()) });
            if let Some(rows) = without_time.get(dataset) {
                told["without_time"] = json!(rows);
            }
            Some((dataset.clone(), told))
        };
        let groups = self.result().into_iter().flat_map(|result| {
            result.groups.iter().map(|(key, readings)| {
                let explained = snapshot.explained.iter().find(|group| group.by == result.by && group.key == *key);
                let kpis = result.kpis.iter().zip(readings).map(|(id, reading)| {
                    let explanation = explained.and_then(|group| group.of(id));
                    (id.clone(), self.kpi(reading, explanation))
                });
                let mut told = json!({ "group": group(&result.by, key), "kpis": kpis.collect::<Map<_, _>>() });
                if let Some(explained) = explained {
                    let others = explained.kpis.iter().filter(|other| !result.kpis.contains(&other.kpi));
                    let others = others.map(|other| (other.kpi.clone(), self.kpi(&other.reading, Some(other))));
                    told["needed_kpis"] = Value::Object(others.collect());
                }
                told
            })
        });
        json!({
            "period": self.period.label,
            "timezone": self.period.zone.name(),
            "window": window(self.period.window),
            "rules": self.workspace.catalog.rules_hash,
            "datasets": snapshot.freshness.keys().filter_map(dataset).collect::<Map<_, _>>(),
            "groups": groups.collect::<Vec<_>>(),
        })
    }

    fn kpi(&self, reading: &Reading, explanation: Option<&Explanation>) -> Value {
        let mut told = of_reading(reading);
        if let Some(Explanation { kpi, formula, place, parts, .. }) = explanation {
            let definition = self.workspace.catalog.kpis.get(kpi);
            let language = self.language();
            told["explanation"] = json!({
                "title": definition.and_then(|definition| definition.title.get(language)),
                "description": definition.and_then(|definition| definition.description.get(language)),
                "unit": definition.map(|definition| definition.unit.name()),
                "target": definition.and_then(|definition| definition.target),
                "formula": formula,
                "at": place,
                "parts": parts.iter().map(part).collect::<Vec<_>>(),
            });
        }
        told
    }
}

fn part(part: &Part) -> Value {
    let mut told = of_reading(&part.reading);
    told["part"] = json!(part.what);
    let kind = match &part.origin {
        Origin::Rows { dataset, counts } => {
            told["dataset"] = json!(dataset);
            if let Some(counts) = counts {
                told["rows"] = json!({
                    "all": counts.all,
                    "entered": counts.entered,
                    "outside_condition": counts.outside,
                    "without_value": counts.missing,
                });
                if let Some(sum) = counts.sum {
                    told["sum"] = json!(sum);
                }
            }
            "rows"
        }
        Origin::Kpi => "kpi",
        Origin::Elsewhere { window: there, by, key } => {
            told["window"] = window(*there);
            told["group"] = key.as_ref().map_or(Value::Null, |key| group(by, key));
            "kpi_elsewhere"
        }
        Origin::Parameter => "parameter",
        Origin::Interval => "interval",
    };
    told["kind"] = json!(kind);
    told
}

fn group(by: &[Grouping], key: &GroupKey) -> Value {
    Value::Object(by.iter().zip(key).map(|(grouping, part)| (grouping.name().to_owned(), key_part(part))).collect())
}

fn window(window: Window) -> Value {
    json!({ "from": window.from.to_rfc3339(), "to": window.to.to_rfc3339() })
}

fn key_part(part: &KeyPart) -> Value {
    match part {
        KeyPart::Text(text) => json!(text),
        KeyPart::NoValue => Value::Null,
        KeyPart::Hour(instant) => json!(instant.to_rfc3339()),
        KeyPart::Date(day) => json!(day.to_string()),
        KeyPart::Number(number) => json!(number),
    }
}

fn of_reading(reading: &Reading) -> Value {
    match reading {
        Reading::Value(value) => json!({ "value": value }),
        Reading::NoData => json!({ "value": null }),
        Reading::Failed(reason) => json!({ "value": null, "error": reason }),
    }
}
