//! KPIs of a test: computed as for a report, compared group by group.

use super::difference::Difference;
use super::table::{FAILED, NO_DATA, came_cell, expected_cell, lines, part};
use crate::kpi::{Detail, GroupKey, KeyPart, Question, Reading};
use crate::pipeline::{Sources, Workspace, measure};
use crate::time::{Frame, Window, civil_text};
use crate::workspace::{ExpectedGroup, ExpectedValue, Grouping, KpiExpectation, RuleTest, Stretch};

/// What came otherwise than expected.
pub(super) async fn compare(
    workspace: &Workspace,
    sources: &Sources,
    test: &RuleTest,
    expectation: &KpiExpectation,
) -> Option<Difference> {
    let KpiExpectation { place, stretch, at, by, kpis, groups } = expectation;
    let frame = match stretch {
        Stretch::Period(name) => Frame::Period(name.at(*at, test.zone)),
        Stretch::Window(length) => Frame::Rolling { window: Window { from: *at - *length, to: *at }, zone: test.zone },
    };
    let by: Vec<Grouping> = by.iter().map(|grouping| grouping.value.clone()).collect();
    let question = Question { by: by.clone(), kpis: kpis.clone(), references: Vec::new(), detail: Detail::Values };
    let measured = measure(&workspace.kpis, &workspace.catalog, sources, frame, vec![question]).await;
    // Invariant: one question, one result.
    let without_rows = measured.without_rows.first().cloned().unwrap_or_default();
    let mut found: Vec<(Vec<Option<String>>, Vec<Reading>)> = measured
        .snapshot
        .results
        .first()
        .map(|result| result.groups.iter().map(|(key, readings)| (shown(key, test), readings.clone())).collect())
        .unwrap_or_default();
    if by.is_empty() && found.is_empty() {
        found.push((Vec::new(), without_rows.clone()));
    }
    if found.is_empty() && without_rows.iter().any(|reading| matches!(reading, Reading::Failed(_))) {
        // A failure leaves no groups; it is one in each of those that are expected.
        found.extend(groups.iter().map(|group| (group.key.clone(), without_rows.clone())));
    }
    let mut notes = Vec::new();
    for (kpi, reading) in found.iter().flat_map(|(_, readings)| kpis.iter().zip(readings)) {
        if let Reading::Failed(reason) = reading {
            let note = format!("{kpi} failed: {reason}");
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    let comparison = Comparison { workspace, kpis };
    let header = by.iter().map(|grouping| grouping.name().to_owned()).chain(kpis.iter().cloned()).collect();
    let expected = groups.iter().map(|group| comparison.expected(group)).collect();
    let ordered = groups.iter().filter_map(|group| found.iter().find(|(key, _)| *key == group.key));
    let more = found.iter().filter(|(key, _)| !groups.iter().any(|group| group.key == *key));
    let came = ordered
        .chain(more)
        .map(|(key, readings)| comparison.came(key, readings, groups.iter().find(|group| group.key == *key)));
    let (expected, came) = lines(header, expected, came.collect());
    let names: Vec<&str> = by.iter().map(Grouping::name).collect();
    let about = if names.is_empty() { "KPIs".to_owned() } else { format!("KPIs by {}", names.join(", ")) };
    Difference::between(about, place.clone(), expected, came, notes)
}

struct Comparison<'a> {
    workspace: &'a Workspace,
    kpis: &'a [String],
}

impl Comparison<'_> {
    fn expected(&self, group: &ExpectedGroup) -> Vec<String> {
        let key = group.key.iter().map(|part_of_key| part(part_of_key.as_deref()));
        key.chain(group.values.iter().map(|value| expected_cell(value.as_ref()))).collect()
    }

    /// What came in a group; what nobody expects anything of is left out in groups that are expected.
    fn came(&self, key: &[Option<String>], readings: &[Reading], group: Option<&ExpectedGroup>) -> Vec<String> {
        let key = key.iter().map(|part_of_key| part(part_of_key.as_deref()));
        let cells = self.kpis.iter().zip(readings).enumerate().map(|(index, (kpi, reading))| {
            let expected = group.map(|group| group.values.get(index).and_then(Option::as_ref));
            if expected == Some(None) { String::new() } else { self.cell(kpi, reading, expected.flatten()) }
        });
        key.chain(cells).collect()
    }

    fn cell(&self, kpi: &str, reading: &Reading, expected: Option<&ExpectedValue>) -> String {
        match reading {
            Reading::NoData => NO_DATA.to_owned(),
            Reading::Failed(_) => FAILED.to_owned(),
            Reading::Value(value) => {
                let definition = self.workspace.catalog.kpis.get(kpi);
                let decimals = definition.map_or(2, |kpi| kpi.decimals.unwrap_or_else(|| kpi.unit.default_decimals()));
                came_cell(*value, expected.unwrap_or(&ExpectedValue::NoData), usize::from(decimals))
            }
        }
    }
}

/// A group's key in the form in which tests name groups.
fn shown(key: &GroupKey, test: &RuleTest) -> Vec<Option<String>> {
    let shown = |part: &KeyPart| match part {
        KeyPart::Text(text) => Some(text.clone()),
        KeyPart::NoValue => None,
        KeyPart::Hour(instant) => Some(civil_text(*instant, test.zone)),
        KeyPart::Date(day) => Some(day.to_string()),
        KeyPart::Number(number) => Some(number.to_string()),
    };
    key.iter().map(shown).collect()
}
