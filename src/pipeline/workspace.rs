//! A workspace made ready for work: its files read, its formulas and templates compiled, every mistake collected.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use indexmap::IndexMap;

use super::{SendCondition, scope_check};
use crate::alert::{self, CompiledRule, Rule};
use crate::diagnostics::{Diagnostic, Severity};
use crate::kpi::KpiSet;
use crate::report::theme::Theme;
use crate::report::{self, Template};
use crate::schedule;
use crate::workspace::{Catalog, ParameterValues, load_with};

/// A workspace ready for work.
pub struct Workspace {
    /// What its files define.
    pub catalog: Catalog,
    /// Its KPIs, compiled; those with mistakes are left out and fail with the reason.
    pub kpis: KpiSet,
    /// Its alert rules' conditions by rule, compiled; those with mistakes are left out.
    pub alerts: IndexMap<String, CompiledRule>,
    /// What its reports' `only_if` says, by report, compiled; those with mistakes are left out.
    pub conditions: IndexMap<String, SendCondition>,
    /// Its templates by name; those with mistakes are left out.
    pub templates: IndexMap<String, Template>,
    /// The brand's colours.
    pub theme: Theme,
}

/// A workspace that was read, and what is wrong with it.
pub struct Prepared {
    /// Usable as far as its mistakes allow; none when its files cannot be understood.
    pub workspace: Option<Workspace>,
    /// Every mistake that is found without looking into a database.
    pub diagnostics: Vec<Diagnostic>,
}

impl Workspace {
    /// An alert rule, ready to be evaluated; none when there is none of this id, or when its conditions have mistakes.
    pub fn alert_rule(&self, id: &str) -> Option<Rule<'_>> {
        let (definition, compiled) = (self.catalog.alerts.get(id)?, self.alerts.get(id)?);
        Some(Rule { definition, compiled, kpis: &self.kpis, catalog: &self.catalog })
    }
}

/// Reads and compiles a workspace. `now` places the reports' periods, to try the templates out.
pub fn prepare(root: &Path, environment: &BTreeMap<String, String>, now: DateTime<Utc>) -> Prepared {
    prepare_with(root, environment, &ParameterValues::new(), now)
}

/// The same with other values for some parameters than the files give.
pub fn prepare_with(
    root: &Path,
    environment: &BTreeMap<String, String>,
    values: &ParameterValues,
    now: DateTime<Utc>,
) -> Prepared {
    let loaded = load_with(root, environment, values);
    let mut diagnostics = loaded.diagnostics;
    let (theme, mistakes) = report::read_theme(&loaded.theme);
    diagnostics.extend(mistakes);
    let Some(catalog) = loaded.catalog else { return Prepared { workspace: None, diagnostics } };
    let (kpis, mistakes) = KpiSet::compile(&catalog);
    diagnostics.extend(mistakes);
    let (alerts, mistakes) = alert::compile(&catalog, &kpis);
    diagnostics.extend(mistakes);
    let mut templates = IndexMap::new();
    for (name, folder) in &catalog.templates {
        match report::compile_template(folder) {
            Ok(template) => {
                templates.insert(name.clone(), template);
            }
            // A shared part that several templates include is told of once.
            Err(mistakes) => {
                let new: Vec<_> = mistakes.into_iter().filter(|mistake| !diagnostics.contains(mistake)).collect();
                diagnostics.extend(new);
            }
        }
    }
    let mut conditions = IndexMap::new();
    for definition in catalog.reports.values() {
        match SendCondition::compile(definition, &catalog, &kpis) {
            Ok(condition) => {
                conditions.extend(condition.map(|condition| (definition.id.value.clone(), condition)));
            }
            Err(mistakes) => diagnostics.extend(mistakes),
        }
        diagnostics.extend(definition.schedule.iter().flat_map(schedule::check));
        if let Some(template) = templates.get(&definition.template.value) {
            let zone = definition.schedule.as_ref().map_or(catalog.settings.timezone, |schedule| schedule.timezone);
            diagnostics.extend(report::check(definition, template, &catalog, &definition.period.at(now, zone)));
            let mut questions = report::questions(definition, template, &catalog);
            questions.extend(conditions.get(&definition.id.value).map(|condition| condition.question().clone()));
            diagnostics.extend(scope_check::unlimited(definition, &questions, &catalog, &kpis));
        }
    }
    Prepared { workspace: Some(Workspace { catalog, kpis, alerts, conditions, templates, theme }), diagnostics }
}

impl Prepared {
    /// Whether any of the mistakes is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}
