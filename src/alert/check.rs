//! Alert rules' conditions checked before they wake anyone: they must parse, know their KPIs and give yes or no.

use crate::diagnostics::Diagnostic;
use crate::kpi::KpiSet;
use crate::workspace::Catalog;

/// The mistakes in the conditions of all alert rules.
pub fn check(catalog: &Catalog, kpis: &KpiSet) -> Vec<Diagnostic> {
    let conditions = catalog.alerts.values().flat_map(|rule| std::iter::once(&rule.when).chain(&rule.recovers_when));
    conditions.filter_map(|condition| kpis.compile_condition(condition).err()).map(|diagnostic| *diagnostic).collect()
}
