//! Whether a scheduled report is sent to those who see a measurement: `only_if`, and what `skip_when_empty` says of a
//! period without rows. Each reader's own numbers decide.

use anyhow::bail;

use super::Measurement;
use crate::diagnostics::Diagnostic;
use crate::formula::Formula;
use crate::kpi::{Answer, KpiSet, Question};
use crate::workspace::{Catalog, ReportDefinition, WhenEmpty};

/// A report's `only_if`, compiled.
pub struct SendCondition {
    formula: Formula,
    question: Question,
}

impl SendCondition {
    /// Compiles a report's condition, if it has one. All its mistakes are told.
    pub fn compile(
        definition: &ReportDefinition,
        catalog: &Catalog,
        kpis: &KpiSet,
    ) -> Result<Option<Self>, Vec<Diagnostic>> {
        let Some(text) = &definition.only_if else { return Ok(None) };
        let formula = kpis.compile_condition(text)?;
        let question = Question {
            kpis: formula.names().iter().filter(|name| catalog.kpis.contains_key(*name)).cloned().collect(),
            references: formula.references().to_vec(),
            ..Question::default()
        };
        Ok(Some(Self { formula, question }))
    }

    /// What must be measured to judge it; the last question of a measurement.
    pub fn question(&self) -> &Question {
        &self.question
    }
}

/// Why a report is not sent to those who see this measurement; nothing when it is. A condition that cannot be judged is
/// an error.
pub(super) fn withheld(
    definition: &ReportDefinition,
    condition: Option<&SendCondition>,
    set: &KpiSet,
    measurement: &Measurement,
) -> anyhow::Result<Option<String>> {
    let freshness = &measurement.current.freshness;
    if definition.when_empty == WhenEmpty::Skip
        && !freshness.is_empty()
        && freshness.values().all(|freshness| freshness.rows == 0)
    {
        return Ok(Some(format!("there are no rows in {}", measurement.period.label)));
    }
    let Some(condition) = condition else { return Ok(None) };
    let text = condition.formula.text().text.trim();
    let result = measurement.current.results.last();
    let answers = result.and_then(|result| Some(result.kpis.iter().zip(result.groups.values().next()?)));
    let readings = answers.into_iter().flatten().map(|(kpi, reading)| (kpi.clone(), reading.clone())).collect();
    match set.answer(&condition.formula, &readings) {
        Answer::Yes => Ok(None),
        Answer::No => Ok(Some(format!("`only_if: {text}` is not true"))),
        Answer::NoData(kpis) if kpis.is_empty() => Ok(Some(format!("`only_if: {text}` has no data"))),
        Answer::NoData(kpis) => {
            let names: Vec<String> = kpis.iter().map(|kpi| format!("`{kpi}`")).collect();
            Ok(Some(format!("`only_if: {text}` has no data for {}", names.join(", "))))
        }
        Answer::Failed(reason) => bail!("`only_if: {text}` cannot be judged: {reason}"),
    }
}
