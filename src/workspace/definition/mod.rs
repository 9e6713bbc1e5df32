//! What a workspace defines, as plain data: the result of reading its files. Names are already resolved where this
//! room can resolve them; formulas and templates are still text with a way back to their place in the file.

mod alert;
mod dataset;
mod kpi;
mod parameter;
mod pdf;
mod recipients;
mod report;
mod rule_test;
mod service;
mod settings;
mod theme;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostics::{Diagnostic, SourceFile};
use crate::locale::Language;

pub use crate::locale::Unit;
pub use alert::{AlertDefinition, AlertLevel, AlertSeverity, AlertWindow, NoDataPolicy};
pub use dataset::{ColumnDefinition, ColumnKind, DatasetDefinition, Grouping, TimeStorage};
pub use kpi::{Direction, FormulaText, KpiDefinition};
pub use parameter::ParameterDefinition;
pub use pdf::{Orientation, Paper, PdfDefinition};
pub use recipients::{Member, Recipient, RecipientGroup, RecipientQuery, Scope};
pub use report::{
    Compare, CompleteBy, DataDefinition, Format, Misfire, ReportDefinition, ScheduleDefinition, TemplateFolder,
    WhenEmpty,
};
pub use rule_test::{
    AlertExpectation, ExpectedGroup, ExpectedNotice, ExpectedState, ExpectedValue, Fixture, FixtureValue,
    KpiExpectation, RuleTest, Stretch, TableFixture,
};
pub use service::{LogFormat, LogLevel, ServiceSettings};
pub use settings::{
    DatabaseUrl, MailSettings, OnUnknown, Settings, SmtpLimits, SmtpSettings, SourceDefinition, TlsMode,
    TransportSettings, WebhookSettings,
};
pub use theme::{Asset, FontsDefinition, ThemeDefinition, ThemeFiles};

/// Everything a workspace defines.
#[derive(Debug)]
pub struct Catalog {
    /// The folder the workspace's relative paths start from.
    pub root: PathBuf,
    /// `callbrief.yaml`.
    pub settings: Settings,
    /// Datasets by id, in the order of files and lines.
    pub datasets: IndexMap<String, DatasetDefinition>,
    /// KPIs by id.
    pub kpis: IndexMap<String, KpiDefinition>,
    /// Parameters by name, with the values that hold for this run.
    pub parameters: IndexMap<String, ParameterDefinition>,
    /// KPIs whose definition has a mistake, with the first one: they fail with this reason, and only they do.
    pub faulty_kpis: BTreeMap<String, Diagnostic>,
    /// Alert rules by id.
    pub alerts: IndexMap<String, AlertDefinition>,
    /// Reports by id.
    pub reports: IndexMap<String, ReportDefinition>,
    /// Rule tests, in the order of files and lines; those with mistakes are left out.
    pub tests: Vec<RuleTest>,
    /// Groups of recipients by name.
    pub recipients: IndexMap<String, RecipientGroup>,
    /// `rules/functions/*.rhai`.
    pub functions: Vec<Arc<SourceFile>>,
    /// `report-templates/<name>/`, without `theme`.
    pub templates: IndexMap<String, TemplateFolder>,
    /// SHA-256 over every rule and template file, in hexadecimal: names the state of the rules a number was made with.
    pub rules_hash: String,
}

/// A text in the languages the user gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized {
    /// The texts by language; a plain string counts for every language.
    pub texts: IndexMap<Language, String>,
}

impl Localized {
    /// The text in this language, or in another one when this one is missing; `None` when there is no text at all.
    pub fn get(&self, language: Language) -> Option<&str> {
        self.texts.get(&language).or_else(|| self.texts.values().next()).map(String::as_str)
    }
}
