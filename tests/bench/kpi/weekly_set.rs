//! The weekly set as callbrief computes it: 20 KPIs by four groupings in two periods.

use std::collections::BTreeMap;
use std::path::Path;

use callbrief::diagnostics::Severity;
use callbrief::kpi::{KeyPart, Question, Reading};
use callbrief::pipeline::{Measured, Sources, Workspace, measure, prepare};
use callbrief::time::{Frame, Period};
use callbrief::workspace::Grouping;
use chrono_tz::Europe::Moscow;

use crate::Failure;

/// The KPIs with their formulas, in the order of all results.
pub(crate) const KPIS: [(&str, &str); 20] = [
    ("offered", "count()"),
    ("answered_calls", "count(answered)"),
    ("abandoned_calls", "count(abandoned)"),
    ("answer_rate", "percent(count(answered), count())"),
    ("abandon_rate", "percent(count(abandoned), count())"),
    ("repeat_rate", "percent(count(repeat_within_7d), count())"),
    ("service_level", "percent(count(answered and wait_s <= 20), count())"),
    ("asa", "avg(wait_s, answered)"),
    ("max_wait", "max(wait_s)"),
    ("wait_p90", "percentile(wait_s, 90, answered)"),
    ("time_to_abandon", "avg(wait_s, abandoned)"),
    ("aht", "avg(talk_s + hold_s + wrap_s, answered)"),
    ("talk_time", "avg(talk_s, answered)"),
    ("hold_time", "avg(hold_s, answered)"),
    ("wrap_time", "avg(wrap_s, answered)"),
    ("transfer_rate", "percent(count(transferred), count(answered))"),
    ("fcr", "percent(count(resolved and not repeat_within_7d), count(answered and not repeat_within_7d))"),
    ("csat", "percent(count(csat >= 4), count(csat >= 1))"),
    ("csat_mean", "avg(csat)"),
    ("nps_score", "percent(count(nps >= 9), count(nps)) - percent(count(nps <= 6), count(nps))"),
];

/// The groupings, in the order of all results.
pub(crate) const GROUPINGS: [&[&str]; 4] = [&[], &["queue"], &["agent"], &["day"]];

/// The periods' first days; each is a week.
pub(crate) const WEEKS: [&str; 2] = ["2026-11-16", "2026-11-09"];

/// The values of the KPIs by (period, grouping, group).
pub(crate) type Values = BTreeMap<(usize, usize, String), Vec<Option<f64>>>;

pub(crate) struct WeeklySet {
    workspace: Workspace,
    sources: Sources,
}

pub(crate) struct Answer {
    pub(crate) values: Values,
    pub(crate) statements: usize,
}

impl WeeklySet {
    pub(crate) async fn new(url: &str, folder: &Path) -> Result<Self, Failure> {
        let stored_as = if url.starts_with("sqlite") { "utc_text" } else { "timestamptz" };
        let settings = format!(
            "timezone: Europe/Moscow\nlocale: en\nsources: {{ pbx: {{ url: \"{url}\" }} }}\n\
             journal: {{ url: \"sqlite:journal.db\" }}\n\
             mail: {{ from: \"a <a@example.com>\", transport: folder, folder: out }}\n"
        );
        let dataset = format!(
            "dataset: calls\nsource: pbx\ntime: started_at\nquery: |\n  SELECT * FROM calls WHERE started_at >= :from AND started_at < :to\n\
             columns:\n  started_at: {{ type: time, stored_as: {stored_as} }}\n  queue: text\n  agent: text\n  \
             answered: bool\n  abandoned: bool\n  wait_s: duration\n  talk_s: duration\n  hold_s: duration\n  \
             wrap_s: duration\n  transferred: bool\n  resolved: bool\n  repeat_within_7d: bool\n  csat: number\n  nps: number\n"
        );
        let kpis: String = KPIS
            .iter()
            .map(|(id, formula)| format!("  {id}: {{ dataset: calls, unit: number, formula: '{formula}' }}\n"))
            .collect();
        std::fs::create_dir_all(folder.join("rules/datasets"))?;
        std::fs::create_dir_all(folder.join("rules/kpis"))?;
        std::fs::write(folder.join("callbrief.yaml"), settings)?;
        std::fs::write(folder.join("rules/datasets/calls.yaml"), dataset)?;
        std::fs::write(folder.join("rules/kpis/weekly.yaml"), format!("kpis:\n{kpis}"))?;
        Self::load(folder).await
    }

    async fn load(folder: &Path) -> Result<Self, Failure> {
        let prepared = prepare(folder, &BTreeMap::new(), "2026-11-23T00:00:00Z".parse()?);
        // A warning remains: the test server's password stands in the address.
        let errors = prepared.diagnostics.iter().filter(|told| told.severity == Severity::Error);
        let errors: Vec<String> = errors.map(|told| told.message.clone()).collect();
        let workspace = prepared.workspace.filter(|_| errors.is_empty()).ok_or_else(|| errors.join("; "))?;
        let sources = Sources::connect(&workspace.catalog).await;
        Ok(Self { workspace, sources })
    }

    pub(crate) async fn measure(&self) -> Answer {
        let week = |first: &&str| {
            let first = first.parse().unwrap_or_default();
            self.week(Period::of_days(first, first + chrono::Days::new(6), Moscow))
        };
        let measured = futures_util::future::join_all(WEEKS.iter().map(week)).await;
        let mut values = Values::new();
        for (period, week) in measured.iter().enumerate() {
            for (grouping, result) in week.snapshot.results.iter().enumerate() {
                for (key, readings) in &result.groups {
                    let readings = readings.iter().map(Reading::number).collect();
                    values.insert((period, grouping, written(key)), readings);
                }
            }
        }
        Answer { values, statements: measured.iter().map(|week| week.sent.len()).sum() }
    }

    async fn week(&self, period: Period) -> Measured {
        let questions = GROUPINGS.iter().map(|by| Question {
            by: by.iter().map(|name| Grouping::parse(name)).collect(),
            kpis: KPIS.iter().map(|(id, _)| (*id).to_owned()).collect(),
            ..Question::default()
        });
        let Workspace { kpis, catalog, .. } = &self.workspace;
        measure(kpis, catalog, &self.sources, Frame::Period(period), questions.collect()).await
    }

    pub(crate) async fn close(self) {
        self.sources.close().await;
    }
}

fn written(key: &[KeyPart]) -> String {
    let part = |part: &KeyPart| match part {
        KeyPart::Text(text) => text.clone(),
        KeyPart::Date(day) => day.to_string(),
        other => format!("{other:?}"),
    };
    key.iter().map(part).collect()
}

/// A comparison is worth nothing when the numbers differ.
#[track_caller]
pub(crate) fn assert_same(found: &Values, expected: &Values) {
    let keys = |values: &Values| values.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(found), keys(expected));
    for (key, expected) in expected {
        for ((id, _), (one, other)) in KPIS.iter().zip(found[key].iter().zip(expected)) {
            let same = match (one, other) {
                (Some(one), Some(other)) => (one - other).abs() < 1e-9 * other.abs().max(1.0),
                (one, other) => one == other,
            };
            assert!(same, "{id} of {key:?}: {one:?} and {other:?}");
        }
    }
}

/// Runs this program again for the workspace in the folder and prints the memory it needed.
pub(crate) fn print_memory(folder: &Path) -> Result<(), Failure> {
    let this = std::env::current_exe()?;
    let output = std::process::Command::new(this).arg("measure-memory").arg(folder).output()?;
    print!("{}", String::from_utf8_lossy(&output.stdout));
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(())
}

/// Measures once and prints the most memory the process had.
pub(crate) async fn measure_memory(folder: &Path) -> Result<(), Failure> {
    let set = WeeklySet::load(folder).await?;
    let answer = set.measure().await;
    let groups = answer.values.len();
    let calls: f64 = answer.values.iter().filter(|((_, by, _), _)| *by == 0).filter_map(|(_, of)| of[0]).sum();
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown").trim();
    println!("memory: {peak} at most for {calls} calls in {groups} groups");
    set.close().await;
    Ok(())
}
