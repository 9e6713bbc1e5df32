//! `for` and `keep_firing_for` mean what they mean in Prometheus: the same series, made up at random, go through our tick
//! (rows in a database, statements, state machine, journal) and through `promtool test rules`, and the states are the same
//! at every step. Without promtool this test says so and passes.
//!
//! Where we differ on purpose, the cases keep away by what they are made of:
//! - without data an alert keeps its state; in Prometheus it is over. The rules have `no_data: ok`, which is the same;
//! - an alert ends only when rows have come since; one series goes on without gaps, so there are always newer rows;
//! - `recovers_when`, `minimum`, hours and severities have no counterpart in Prometheus; the rules do without them;
//! - a failed evaluation keeps every state, and after an hour without evaluations a waiting time begins anew: no step
//!   fails, and none is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use callbrief::alert::{AlertState, Labels, Phase, read_state};
use callbrief::journal::{Journal, NewSilence};
use callbrief::pipeline::{Sources, Workspace, due_alerts, evaluate_alerts, prepare};
use callbrief::source::{MemoryTable, Source, Value};
use chrono::{DateTime, TimeDelta, Utc};
use indexmap::IndexMap;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const CASES: usize = 48;
/// Steps of a minute.
const STEPS: usize = 45;
/// Lengths in seconds: none, less than a step, steps, between two steps.
const LENGTHS: [i64; 6] = [0, 30, 60, 90, 180, 300];
/// The threshold; values lie on both sides of it and on it.
const THRESHOLD: i64 = 5;

const SETTINGS: &str = r#"
timezone: UTC
sources: { pbx: { url: "sqlite:none.db" } }
journal: { url: "sqlite:none.db" }
mail: { from: a@example.com, transport: folder, folder: outbox }
"#;
const DATASET: &str = "
dataset: samples
source: pbx
time: at
query: SELECT at, series, value FROM samples
columns: { at: { type: time, stored_as: unix_s }, series: text, value: number }
";
const KPIS: &str = "kpis: { level: { dataset: samples, formula: max(value), unit: number } }";
const RECIPIENTS: &str = "recipients: { nobody: [nobody@example.com] }";

/// A rule, and what its series are at each step; none is a gap.
struct Case {
    hold: i64,
    keep: i64,
    series: BTreeMap<&'static str, Vec<Option<i64>>>,
}

/// The states at a step: Prometheus's words by series.
type States = BTreeSet<(String, &'static str)>;

impl Case {
    fn of(random: &mut ChaCha8Rng) -> Self {
        let mut length = || LENGTHS[random.random_range(0..LENGTHS.len())];
        let (hold, keep) = (length(), length());
        let mut series: BTreeMap<_, _> = ["a", "b", "c"].map(|name| (name, values(random))).into();
        series.insert("steady", vec![Some(0); STEPS]);
        Self { hold, keep, series }
    }

    fn rule(&self) -> String {
        format!("for_{}_keep_{}", self.hold, self.keep)
    }
}

/// Stretches of values above the threshold, of values that are not, and of gaps.
fn values(random: &mut ChaCha8Rng) -> Vec<Option<i64>> {
    let mut values = Vec::with_capacity(STEPS);
    while values.len() < STEPS {
        let kind = random.random_range(0..5);
        for _ in 0..random.random_range(1..=7) {
            values.push(match kind {
                0 | 1 => Some(random.random_range(THRESHOLD + 1..THRESHOLD + 5)),
                2 | 3 => Some(random.random_range(0..=THRESHOLD)),
                _ => None,
            });
        }
    }
    values.truncate(STEPS);
    values
}

fn instant(step: usize) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_392_000, 0).unwrap() + TimeDelta::minutes(i64::try_from(step).unwrap())
}

/// The workspace with a rule for every pair of lengths.
fn workspace(folder: &Path) -> Workspace {
    let mut alerts = "alerts:\n".to_owned();
    for (hold, keep) in LENGTHS.iter().flat_map(|hold| LENGTHS.map(|keep| (hold, keep))) {
        let times = format!("for: {hold}s, keep_firing_for: {keep}s");
        writeln!(
            alerts,
            "  for_{hold}_keep_{keep}: {{ when: level > {THRESHOLD}, {times}, window: 1m, by: [series], no_data: ok, notify: [nobody] }}"
        )
        .unwrap();
    }
    for (name, text) in [
        ("callbrief.yaml", SETTINGS),
        ("rules/datasets/samples.yaml", DATASET),
        ("rules/kpis/level.yaml", KPIS),
        ("rules/alerts/all.yaml", &alerts),
        ("rules/recipients.yaml", RECIPIENTS),
    ] {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let prepared = prepare(folder, &BTreeMap::new(), instant(0));
    assert!(!prepared.has_errors(), "{:?}", prepared.diagnostics);
    prepared.workspace.unwrap()
}

/// Our states at every step. `rule` is all that the workspace evaluates.
async fn ours(workspace: &Workspace, case: &Case) -> Vec<States> {
    let mut rows = Vec::new();
    for (name, values) in &case.series {
        for (step, value) in values.iter().enumerate().filter_map(|(step, value)| Some((step, (*value)?))) {
            // Inside the minute that ends with the step.
            let at = instant(step).timestamp() - 30;
            rows.push(vec![Value::Integer(at), Value::Text((*name).to_owned()), Value::Integer(value)]);
        }
    }
    let columns = ["at", "series", "value"].map(str::to_owned).to_vec();
    let table = MemoryTable { name: "samples".to_owned(), columns, rows };
    let sources = Sources::of([Source::in_memory("pbx", &[table]).await.unwrap()]);
    let journal = Journal::in_memory().await.unwrap();
    // Silences change no state, and spare the mails, which are another matter.
    let silence = NewSilence {
        rule: None,
        labels: Labels::default(),
        author: "test".to_owned(),
        reason: "only states matter".to_owned(),
        ends_at: instant(STEPS),
    };
    journal.add_silence(silence, instant(0)).await.unwrap();
    let mut states = Vec::new();
    for step in 0..STEPS {
        let due = due_alerts(workspace, &journal, instant(step)).await.unwrap();
        assert_eq!(due.len(), 1);
        for outcome in evaluate_alerts(workspace, &sources, &journal, due, "test", instant(step)).await.unwrap() {
            outcome.result.unwrap();
        }
        let rows = journal.alert_states().await.unwrap();
        let state = |labels: String, state: &str| {
            let labels: Labels = read_state(&labels).unwrap();
            let word = match read_state::<AlertState>(state).unwrap().phase() {
                Phase::Inactive => return None,
                Phase::Pending => "pending",
                // Prometheus has one word for both.
                Phase::Firing | Phase::Recovering => "firing",
            };
            Some((labels.get("series").flatten().unwrap().to_owned(), word))
        };
        states.push(rows.into_iter().filter_map(|row| state(row.labels?, &row.state)).collect());
    }
    sources.close().await;
    journal.close().await;
    states
}

/// Prometheus's rules, each on a metric of its own.
fn rules(cases: &[Case]) -> String {
    let mut text = "groups:\n- name: all\n  rules:\n".to_owned();
    for (number, case) in cases.iter().enumerate() {
        writeln!(
            text,
            "  - {{ alert: case_{number}, expr: level_{number} > {THRESHOLD}, for: {}s, keep_firing_for: {}s }}",
            case.hold, case.keep
        )
        .unwrap();
    }
    text
}

/// A case as Prometheus's test: the series, and our states as what is expected.
fn test(number: usize, case: &Case, states: &[States]) -> String {
    let mut text = "- interval: 1m\n  input_series:\n".to_owned();
    for (name, values) in &case.series {
        // A gap ends a series at once; without that mark the last value would count for five minutes.
        let sample = |(step, value): (usize, &Option<i64>)| match value {
            Some(value) => value.to_string(),
            None if step > 0 && values[step - 1].is_some() => "stale".to_owned(),
            None => "_".to_owned(),
        };
        let samples: Vec<String> = values.iter().enumerate().map(sample).collect();
        writeln!(text, "  - {{ series: 'level_{number}{{series=\"{name}\"}}', values: '{}' }}", samples.join(" "))
            .unwrap();
    }
    text.push_str("  promql_expr_test:\n");
    for (step, states) in states.iter().enumerate() {
        writeln!(text, "  - expr: ALERTS{{alertname=\"case_{number}\"}}\n    eval_time: {step}m\n    exp_samples:")
            .unwrap();
        for (series, word) in states {
            let labels = format!("alertname=\"case_{number}\", alertstate=\"{word}\", series=\"{series}\"");
            writeln!(text, "    - {{ labels: 'ALERTS{{{labels}}}', value: 1 }}").unwrap();
        }
    }
    text
}

fn promtool() -> Option<Command> {
    let found = Command::new("promtool").arg("--version").output().is_ok_and(|output| output.status.success());
    found.then(|| Command::new("promtool"))
}

#[tokio::test]
#[expect(clippy::print_stderr, reason = "a test that is skipped must say so")]
async fn states_are_those_of_prometheus_at_every_step() {
    let Some(mut promtool) = promtool() else {
        eprintln!("NOT CHECKED: alert states against Prometheus, because promtool is not installed");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut workspace = workspace(folder.path());
    let mut random = ChaCha8Rng::seed_from_u64(20_261_123);
    let cases: Vec<Case> = std::iter::repeat_with(|| Case::of(&mut random)).take(CASES).collect();

    let mut all = std::mem::take(&mut workspace.alerts);
    let mut tests = "rule_files: [rules.yaml]\nevaluation_interval: 1m\ntests:\n".to_owned();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, case) in cases.iter().enumerate() {
        let (rule, compiled) = all.swap_remove_entry(&case.rule()).unwrap();
        workspace.alerts = IndexMap::from([(rule, compiled)]);
        let states = ours(&workspace, case).await;
        all.append(&mut workspace.alerts);
        for (_, word) in states.iter().flatten() {
            *seen.entry(word).or_default() += 1;
        }
        tests.push_str(&test(number, case, &states));
    }
    // Cases in which nothing happens would agree with anything.
    assert!(seen["pending"] > 200 && seen["firing"] > 500, "{seen:?}");

    std::fs::write(folder.path().join("rules.yaml"), rules(&cases)).unwrap();
    std::fs::write(folder.path().join("tests.yaml"), &tests).unwrap();
    let output = promtool.args(["test", "rules", "tests.yaml"]).current_dir(folder.path()).output().unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "Prometheus's states are others than ours, which it calls expected:\n{told}");

    // And it would tell: one state that is not so is found.
    let wrong = tests.replacen("alertstate=\"pending\"", "alertstate=\"firing\"", 1);
    std::fs::write(folder.path().join("tests.yaml"), wrong).unwrap();
    let output =
        Command::new("promtool").args(["test", "rules", "tests.yaml"]).current_dir(folder.path()).output().unwrap();
    assert!(!output.status.success());
}
