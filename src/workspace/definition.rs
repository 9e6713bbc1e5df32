//! What a workspace defines, as plain data: the result of reading its files. Names are already resolved where this
//! room can resolve them; formulas and templates are still text with a way back to their place in the file.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;
use chrono_tz::Tz;
use indexmap::IndexMap;
use secrecy::SecretString;

use crate::diagnostics::{SourceFile, Span, Spanned};
use crate::locale::Language;
use crate::time::{Bucket, PeriodName};

pub use crate::locale::Unit;

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
    /// Alert rules by id.
    pub alerts: IndexMap<String, AlertDefinition>,
    /// Reports by id.
    pub reports: IndexMap<String, ReportDefinition>,
    /// Groups of recipients by name.
    pub recipients: IndexMap<String, Vec<Recipient>>,
    /// `rules/functions/*.rhai`.
    pub functions: Vec<Arc<SourceFile>>,
    /// `report-templates/<name>/`, without `theme`.
    pub templates: IndexMap<String, TemplateFolder>,
    /// SHA-256 over every rule and template file, in hexadecimal: names the state of the rules a number was made with.
    pub rules_hash: String,
}

/// `callbrief.yaml`.
#[derive(Debug)]
pub struct Settings {
    /// The zone of periods and schedules that name none.
    pub timezone: Tz,
    /// The language of reports and messages whose recipient has none.
    pub locale: Language,
    /// The databases with call data, by name.
    pub sources: IndexMap<String, SourceDefinition>,
    /// Our own database.
    pub journal: DatabaseUrl,
    /// How mail leaves.
    pub mail: MailSettings,
}

/// The address of a database; it may hold a password and is never printed.
#[derive(Clone, Debug)]
pub struct DatabaseUrl {
    /// The address, `${ENV}` and `url_file:` already resolved; relative SQLite paths are relative to the workspace.
    pub url: SecretString,
    /// Where it was written.
    pub span: Span,
}

/// A database we read and never write.
#[derive(Debug)]
pub struct SourceDefinition {
    /// The name under `sources:`.
    pub name: Spanned<String>,
    /// Its address.
    pub database: DatabaseUrl,
}

/// How mail leaves the house.
#[derive(Debug)]
pub struct MailSettings {
    /// The sender, as in `Reports <reports@example.com>`.
    pub from: Spanned<String>,
    /// The way out.
    pub transport: TransportSettings,
}

/// The ways out.
#[derive(Debug)]
pub enum TransportSettings {
    /// Files in a folder, for trying things out; relative to the workspace.
    Folder(PathBuf),
    /// A mail server.
    Smtp(SmtpSettings),
}

/// A mail server.
#[derive(Debug)]
pub struct SmtpSettings {
    /// Host name, also the name its certificate must carry.
    pub host: Spanned<String>,
    /// The port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: TlsMode,
    /// The user to log in as, with the password; no login without.
    pub login: Option<(String, SecretString)>,
    /// A certificate authority of one's own (PEM file), besides the machine's.
    pub ca_file: Option<PathBuf>,
}

/// How an SMTP connection is protected. There is no opportunistic mode: it can be stripped on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// Not at all; for loopback only.
    None,
    /// Required STARTTLS, usually port 587.
    StartTls,
    /// TLS from the first byte, usually port 465.
    Tls,
}

/// A text in the languages the user gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized {
    /// The texts by language; a plain string counts for every language.
    pub texts: IndexMap<Language, String>,
}

/// A named query over a source.
#[derive(Debug)]
pub struct DatasetDefinition {
    /// Its id.
    pub id: Spanned<String>,
    /// The source's name, known to exist.
    pub source: Spanned<String>,
    /// The column that places a row in a period; known to be among the columns, of type time.
    pub time: Spanned<String>,
    /// The SQL; may use `:from` and `:to`.
    pub query: Spanned<String>,
    /// The columns formulas may use.
    pub columns: IndexMap<String, ColumnDefinition>,
}

/// A column of a dataset.
#[derive(Debug)]
pub struct ColumnDefinition {
    /// Its name.
    pub name: Spanned<String>,
    /// What its values are.
    pub kind: ColumnKind,
    /// Its name for people.
    pub title: Localized,
}

/// What a column's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// An instant, with the way it is stored.
    Time(TimeStorage),
    /// Text; can be a dimension.
    Text,
    /// A number.
    Number,
    /// A length of time in seconds.
    Duration,
    /// Yes or no, stored as boolean or as 0 and 1.
    Bool,
}

/// How a database stores an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeStorage {
    /// Text `YYYY-MM-DD HH:MM:SS` in UTC.
    UtcText,
    /// Seconds since 1970.
    UnixSeconds,
    /// Milliseconds since 1970.
    UnixMilliseconds,
    /// An instant of its own type (PostgreSQL's `timestamptz`).
    Timestamptz,
    /// A date-time without a zone (text in SQLite, `timestamp` or `DATETIME` elsewhere), local to this zone.
    Local(Tz),
}

/// A KPI.
#[derive(Debug)]
pub struct KpiDefinition {
    /// Its id.
    pub id: Spanned<String>,
    /// Its name for people; the id when none is given.
    pub title: Localized,
    /// What it measures, with its denominator.
    pub description: Localized,
    /// The dataset whose columns the formula may use by their bare names; none for KPIs of KPIs.
    pub dataset: Option<Spanned<String>>,
    /// The formula.
    pub formula: FormulaText,
    /// What the value is.
    pub unit: Unit,
    /// Digits after the decimal point when shown; the unit's own number when none is given.
    pub decimals: Option<u8>,
    /// Which way is good.
    pub better: Direction,
    /// The value to reach.
    pub target: Option<f64>,
    /// The value from which "not quite" becomes "bad".
    pub warn: Option<f64>,
    /// What stands for "no data"; `None` leaves it open, which is the default.
    pub no_data: Option<f64>,
}

/// A formula as text, with the way back from each of its characters to the file.
#[derive(Clone, Debug)]
pub struct FormulaText {
    /// The formula as YAML (or the script file) delivers it.
    pub text: String,
    /// The whole formula in its file.
    pub span: Span,
    /// For each byte of `text`, and one past the end, the byte in the file it came from; ascending.
    pub origin: Vec<usize>,
}

/// Which way a KPI is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Higher is better.
    Higher,
    /// Lower is better.
    Lower,
    /// Neither; shown without colour.
    Neither,
}

/// An alert rule.
#[derive(Debug)]
pub struct AlertDefinition {
    /// Its id.
    pub id: Spanned<String>,
    /// Its name for people.
    pub title: Localized,
    /// Fires while this is true.
    pub when: FormulaText,
    /// Recovers only when this is true; when none is given, as soon as `when` is false.
    pub recovers_when: Option<FormulaText>,
    /// The length of the rolling window the KPIs are computed over.
    pub window: TimeDelta,
    /// How often it is evaluated.
    pub every: TimeDelta,
    /// One instance for each group.
    pub by: Vec<Spanned<Grouping>>,
    /// How long `when` must hold before it fires.
    pub hold: TimeDelta,
    /// How long it keeps firing after it cleared.
    pub keep_firing_for: TimeDelta,
    /// How much it matters.
    pub severity: AlertSeverity,
    /// What no data means.
    pub no_data: NoDataPolicy,
    /// How often a firing alert is told again; never when none.
    pub repeat_every: Option<TimeDelta>,
    /// Groups of recipients, known to exist.
    pub notify: Vec<Spanned<String>>,
}

/// How much an alert matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertSeverity {
    /// Worth knowing.
    Warning,
    /// Someone must act.
    Critical,
}

/// What an alert does when its condition has no data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDataPolicy {
    /// Keeps the last state.
    Keep,
    /// Counts as fine.
    Ok,
    /// Counts as firing.
    Alert,
}

/// What rows are grouped by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grouping {
    /// The values of a text column.
    Dimension(String),
    /// Their place in time.
    Time(Bucket),
}

/// A report.
#[derive(Debug)]
pub struct ReportDefinition {
    /// Its id.
    pub id: Spanned<String>,
    /// Its name for people.
    pub title: Localized,
    /// When it runs by itself; never when none.
    pub schedule: Option<ScheduleDefinition>,
    /// The period it is about.
    pub period: PeriodName,
    /// What it is compared with.
    pub compare: Compare,
    /// The template's name, known to exist.
    pub template: Spanned<String>,
    /// Named results for the template's tables and charts.
    pub data: IndexMap<String, DataDefinition>,
    /// The files that are made, the first one being the mail's body.
    pub formats: Vec<Format>,
    /// Groups of recipients, known to exist.
    pub recipients: Vec<Spanned<String>>,
    /// Who is told when it fails; an e-mail address.
    pub owner: Option<Spanned<String>>,
    /// Its language; the workspace's when none.
    pub language: Option<Language>,
}

/// When a report runs.
#[derive(Debug)]
pub struct ScheduleDefinition {
    /// The cron pattern, five fields; not yet parsed.
    pub cron: Spanned<String>,
    /// The zone of the pattern; the workspace's when none was given.
    pub timezone: Tz,
    /// What happens to instants that were missed.
    pub misfire: Misfire,
    /// How late a missed instant may still be made up for.
    pub catchup_window: TimeDelta,
}

/// What happens to instants that were missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfire {
    /// One run for all of them, the last.
    FireOnce,
    /// A run for each.
    FireAll,
    /// None; the skip is recorded.
    Skip,
}

/// What a report's period is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// Nothing.
    Nothing,
    /// The period of the same kind just before.
    PreviousPeriod,
}

/// One named result: KPIs by a grouping.
#[derive(Debug)]
pub struct DataDefinition {
    /// Its name.
    pub name: Spanned<String>,
    /// The KPIs, known to exist.
    pub kpis: Vec<Spanned<String>>,
    /// What the rows are.
    pub by: Vec<Spanned<Grouping>>,
    /// The KPI rows are sorted by, worst first; by name or time when none.
    pub sort: Option<Spanned<String>>,
    /// At most so many rows; how many were left out is always said.
    pub limit: Option<usize>,
}

/// The files a report can be made into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A self-contained page.
    Html,
    /// A PDF, attached to the mail.
    Pdf,
    /// Plain text.
    Text,
}

/// Someone who gets mail.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The address, known to be well-formed.
    pub address: Spanned<String>,
    /// The name, if given.
    pub name: Option<String>,
    /// The language; the report's when none.
    pub language: Option<Language>,
}

/// One folder of `report-templates/`.
#[derive(Debug)]
pub struct TemplateFolder {
    /// `report.md`.
    pub report: Arc<SourceFile>,
    /// `subject.txt`; the report's title and period when none.
    pub subject: Option<Arc<SourceFile>>,
    /// Further `.md` files, for includes.
    pub parts: Vec<Arc<SourceFile>>,
}

impl Localized {
    /// The text in this language, or in another one when this one is missing; `None` when there is no text at all.
    pub fn get(&self, language: Language) -> Option<&str> {
        self.texts.get(&language).or_else(|| self.texts.values().next()).map(String::as_str)
    }
}

impl FormulaText {
    /// A formula that stands in no file: for tests and for formulas given on the command line.
    pub fn inline(path: &str, text: &str) -> Self {
        let file = Arc::new(SourceFile { path: path.to_owned(), text: text.to_owned() });
        Self { text: text.to_owned(), span: Span { file, range: 0..text.len() }, origin: (0..=text.len()).collect() }
    }

    /// The place in the file of a stretch of the formula, in bytes of `text`; clamped to the formula.
    pub fn span_of(&self, range: std::ops::Range<usize>) -> Span {
        let at = |byte: usize| self.origin.get(byte.min(self.text.len())).copied().unwrap_or(self.span.range.end);
        let start = at(range.start);
        Span { file: Arc::clone(&self.span.file), range: start..at(range.end).max(start) }
    }
}

impl Grouping {
    /// The grouping of this name in a `by:` list: a bucket's name, else a dimension.
    pub fn parse(name: &str) -> Self {
        Bucket::parse(name).map_or_else(|| Self::Dimension(name.to_owned()), Self::Time)
    }

    /// The name in `by:` lists.
    pub fn name(&self) -> &str {
        match self {
            Self::Dimension(column) => column,
            Self::Time(bucket) => bucket.name(),
        }
    }
}
