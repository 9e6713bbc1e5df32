//! A call centre in a temporary SQLite database with its rules, measured as reports measure it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use chrono_tz::Tz;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tempfile::TempDir;

use crate::formula::EXAMPLE_ROWS;
use crate::kpi::{GroupKey, Question, Reading, Snapshot};
use crate::pipeline::{Measured, Sources, Workspace, measure, measure_apart, measure_within, prepare};
use crate::time::{Clock, Frame, Window};
use crate::workspace::{Grouping, Scope};

/// The example rows' Monday in Moscow.
pub(super) const MONDAY: (&str, &str) = ("2026-11-15T21:00:00Z", "2026-11-16T21:00:00Z");

const SETTINGS: &str = r#"
timezone: Europe/Moscow
locale: en
sources: { pbx: { url: "sqlite:calls.db" } }
journal: { url: "sqlite:callbrief.db" }
mail: { from: "Reports <reports@example.com>", transport: folder, folder: outbox }
"#;

pub(super) const CALLS: &str = "
dataset: calls
source: pbx
time: started_at
query: SELECT * FROM calls WHERE started_at >= :from AND started_at < :to
columns:
  started_at: { type: time, stored_as: local, timezone: Europe/Moscow }
  queue: text
  offered: bool
  answered: bool
  abandoned: bool
  wait_s: duration
  talk_s: duration
  csat: number
  nps: number
  ces: number
";

pub(super) const ACTIVITY: &str = "
dataset: agent_activity
source: pbx
time: began_at
query: SELECT * FROM agent_activity WHERE began_at >= :from AND began_at < :to
columns:
  began_at: { type: time, stored_as: utc_text }
  agent: text
  seconds: duration
";

const ACTIVITY_ROWS: &str = "CREATE TABLE agent_activity (began_at TEXT, agent TEXT, seconds INTEGER);
INSERT INTO agent_activity VALUES ('2026-11-16 08:00:00', 'Anna', 3600), ('2026-11-16 09:00:00', 'Boris', 1800);";

/// A call centre with its rules.
pub(super) struct Floor {
    pub(super) workspace: Workspace,
    /// What `check` would say about the rules.
    pub(super) told: Vec<String>,
    pub(super) sources: Sources,
    _folder: TempDir,
}

impl Floor {
    /// KPIs as their YAML, over these datasets and a database that this SQL fills.
    pub(super) async fn new(datasets: &[&str], kpis: &str, sql: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("callbrief.yaml", SETTINGS);
        for (index, dataset) in datasets.iter().enumerate() {
            write(&format!("rules/datasets/{index}.yaml"), dataset);
        }
        write("rules/kpis/all.yaml", kpis);
        let file = folder.path().join("calls.db");
        let mut connection =
            sqlx::sqlite::SqliteConnectOptions::new().filename(file).create_if_missing(true).connect().await.unwrap();
        connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
        connection.close().await.unwrap();
        let now = Clock::Fixed(MONDAY.1.parse().unwrap()).now();
        let prepared = prepare(folder.path(), &std::collections::BTreeMap::new(), now);
        let told = prepared.diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect();
        let workspace = prepared.workspace.unwrap_or_else(|| panic!("{:#?}", prepared.diagnostics));
        let sources = Sources::connect(&workspace.catalog).await;
        Self { workspace, told, sources, _folder: folder }
    }

    /// The example rows, and KPIs `k0`, `k1`, … of these formulas.
    pub(super) async fn of_formulas(formulas: &[&str]) -> Self {
        let floor = Self::new(&[CALLS, ACTIVITY], &kpis(formulas), &example_sql()).await;
        assert_eq!(floor.told, Vec::<String>::new());
        floor
    }

    pub(super) async fn measure(&self, questions: &[(&[&str], &[&str])]) -> Measured {
        self.measure_in(MONDAY, chrono_tz::Europe::Moscow, questions).await
    }

    pub(super) async fn measure_in(
        &self,
        window: (&str, &str),
        zone: Tz,
        questions: &[(&[&str], &[&str])],
    ) -> Measured {
        let questions = questions.iter().map(|(by, kpis)| Question {
            by: by.iter().map(|name| Grouping::parse(name)).collect(),
            kpis: kpis.iter().map(|id| (*id).to_owned()).collect(),
            ..Question::default()
        });
        let window = Window { from: window.0.parse().unwrap(), to: window.1.parse().unwrap() };
        let Workspace { kpis, catalog, .. } = &self.workspace;
        measure(kpis, catalog, &self.sources, Frame::Rolling { window, zone }, questions.collect()).await
    }

    /// Answers to questions about the example rows' Monday.
    pub(super) async fn ask(&self, questions: Vec<Question>) -> Measured {
        let Workspace { kpis, catalog, .. } = &self.workspace;
        measure(kpis, catalog, &self.sources, monday(), questions).await
    }

    /// The same within a scope.
    pub(super) async fn ask_within(&self, scope: Scope, questions: Vec<Question>) -> Measured {
        let Workspace { kpis, catalog, .. } = &self.workspace;
        measure_within(kpis, catalog, &self.sources, (monday(), scope), questions).await
    }

    /// The same for each combination of some dimensions' values.
    pub(super) async fn ask_apart(
        &self,
        (dimensions, values): (Vec<String>, BTreeSet<GroupKey>),
        questions: Vec<Question>,
    ) -> BTreeMap<GroupKey, Snapshot> {
        let Workspace { kpis, catalog, .. } = &self.workspace;
        measure_apart(kpis, catalog, &self.sources, (monday(), dimensions, values), questions).await
    }

    /// The totals of all KPIs `k0`, `k1`, …
    pub(super) async fn totals(&self) -> Vec<Reading> {
        let ids: Vec<String> = (0..self.workspace.catalog.kpis.len()).map(|index| format!("k{index}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let measured = self.measure(&[(&[], &ids)]).await;
        measured.snapshot.results[0].groups[0].clone()
    }
}

/// The example rows' Monday as a frame.
fn monday() -> Frame {
    let window = Window { from: MONDAY.0.parse().unwrap(), to: MONDAY.1.parse().unwrap() };
    Frame::Rolling { window, zone: chrono_tz::Europe::Moscow }
}

pub(super) fn kpis(formulas: &[&str]) -> String {
    let mut yaml = "kpis:\n".to_owned();
    for (index, formula) in formulas.iter().enumerate() {
        let formula = formula.replace('\n', "\n      ");
        write!(yaml, "  k{index}:\n    title: {{ en: K }}\n    dataset: calls\n    unit: number\n").unwrap();
        writeln!(yaml, "    formula: |\n      {formula}").unwrap();
    }
    yaml
}

/// The example rows as SQL.
pub(super) fn example_sql() -> String {
    let mut lines = EXAMPLE_ROWS.lines();
    let mut sql = format!("CREATE TABLE calls ({});\n", lines.next().unwrap());
    for line in lines {
        let values: Vec<String> = line
            .split(',')
            .map(|value| match value {
                "" => "NULL".to_owned(),
                number if number.parse::<f64>().is_ok() => number.to_owned(),
                text => format!("'{text}'"),
            })
            .collect();
        writeln!(sql, "INSERT INTO calls VALUES ({});", values.join(", ")).unwrap();
    }
    sql + ACTIVITY_ROWS
}
