//! Alert rules from rows in a database to mails in a folder, minute by minute.

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tempfile::TempDir;

use super::*;
use crate::delivery::{Transport, deliver_due};
use crate::pipeline::prepare;
use crate::time::Clock;

const SETTINGS: &str = r#"
timezone: Europe/Moscow
locale: en
sources: { pbx: { url: "sqlite:calls.db" } }
journal: { url: "sqlite:journal.db" }
mail: { from: "Reports <reports@example.com>", transport: folder, folder: outbox }
"#;

const DATASET: &str = r"
dataset: calls
source: pbx
time: started_at
query: SELECT started_at, queue, answered, wait_s FROM calls WHERE started_at >= :from AND started_at < :to
columns:
  started_at: { type: time, stored_as: utc_text }
  queue: { type: text, title: { en: Queue, ru: Очередь } }
  answered: bool
  wait_s: duration
";

const KPIS: &str = r"
kpis:
  offered:
    title: { en: Calls offered, ru: Поступило звонков }
    dataset: calls
    formula: count()
    unit: count
    better: neither
  service_level:
    title: { en: Service level, ru: Уровень сервиса }
    dataset: calls
    formula: percent(count(answered and wait_s <= 20), count())
    unit: percent
    better: higher
    target: 80
";

const ALERTS: &str = r"
alerts:
  service_level_low:
    title: { en: Service level is low, ru: Низкий уровень сервиса }
    when: service_level < 70 and offered >= 10
    recovers_when: service_level >= 75
    window: 10m
    by: [queue]
    for: 2m
    keep_firing_for: 2m
    severity: critical
    repeat_every: 1h
    notify: [floor]
  no_calls:
    title: { en: No calls, ru: Звонков нет }
    when: offered == 0
    window: 10m
    for: 5m
    notify: [floor]
";

const RECIPIENTS: &str = r"
recipients:
  floor:
    - { address: floor@example.com, name: Floor }
    - { address: smena@example.com, name: Смена, language: ru }
";

struct World {
    folder: TempDir,
    workspace: Workspace,
    journal: Journal,
}

impl World {
    async fn new(alerts: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("callbrief.yaml", SETTINGS),
            ("rules/datasets/calls.yaml", DATASET),
            ("rules/kpis/calls.yaml", KPIS),
            ("rules/alerts/calls.yaml", alerts),
            ("rules/recipients.yaml", RECIPIENTS),
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let prepared = prepare(folder.path(), &BTreeMap::new(), at(0));
        assert!(!prepared.has_errors(), "{:?}", prepared.diagnostics);
        let workspace = prepared.workspace.unwrap();
        let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await.unwrap();
        let world = Self { folder, workspace, journal };
        world.run_sql("CREATE TABLE calls (started_at TEXT, queue TEXT, answered INTEGER, wait_s REAL)").await;
        world
    }

    async fn run_sql(&self, sql: &str) {
        let path = self.folder.path().join("calls.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let mut connection = options.connect().await.unwrap();
        connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
        connection.close().await.unwrap();
    }

    /// A call of a queue every twenty seconds of these minutes, each with this wait.
    async fn calls(&self, queue: &str, minutes: std::ops::Range<i64>, wait: u32) {
        let rows: Vec<String> = (minutes.start * 3..minutes.end * 3)
            .map(|third| {
                let start = (at(0) + TimeDelta::seconds(third * 20)).format("%Y-%m-%d %H:%M:%S");
                format!("('{start}', '{queue}', 1, {wait})")
            })
            .collect();
        self.run_sql(&format!("INSERT INTO calls VALUES {}", rows.join(", "))).await;
    }

    /// A tick in each of these minutes; what was told, as "minute rule where word".
    async fn ticks(&self, minutes: std::ops::Range<i64>) -> Vec<String> {
        let mut told = Vec::new();
        for minute in minutes {
            for outcome in self.tick(minute).await {
                for (labels, notice) in &outcome.result.unwrap().notices {
                    let place = labels.get("queue").flatten().unwrap_or("everywhere").to_owned();
                    told.push(format!("{minute} {} {place} {}", outcome.rule, notice.word()));
                }
            }
        }
        told
    }

    async fn tick(&self, minute: i64) -> Vec<AlertOutcome> {
        let due = due_alerts(&self.workspace, &self.journal, at(minute)).await.unwrap();
        let sources = Sources::connect(&self.workspace.catalog).await;
        let outcomes = evaluate_alerts(&self.workspace, &sources, &self.journal, due, "test", at(minute)).await;
        sources.close().await;
        outcomes.unwrap()
    }

    /// Empties the outbox into the folder and gives the mails there, by file name.
    async fn mails(&self, minute: i64) -> Vec<String> {
        let transport = Transport::from_settings(&self.workspace.catalog.settings.mail, self.folder.path()).unwrap();
        deliver_due(&self.journal, &transport, &Clock::Fixed(at(minute)), "test").await.unwrap();
        let Ok(entries) = std::fs::read_dir(self.folder.path().join("outbox")) else { return Vec::new() };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
    }

    async fn states(&self, rule: &str) -> Vec<(String, AlertState)> {
        let rows = self.journal.alert_states().await.unwrap();
        let rows = rows.into_iter().filter(|row| row.rule == rule);
        rows.filter_map(|row| Some((row.labels?, alert::read_state(&row.state).unwrap()))).collect()
    }
}

/// Minutes after noon of a Monday.
fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_435_200 + minute * 60, 0).unwrap()
}

fn subjects(mails: &[String]) -> Vec<&str> {
    mails.iter().filter_map(|mail| mail.lines().find_map(|line| line.strip_prefix("Subject: "))).collect()
}

#[tokio::test]
async fn an_alert_fires_recovers_and_survives_a_dead_feed() {
    let world = World::new(ALERTS).await;
    world.calls("Billing", 0..10, 90).await;
    world.calls("Sales", 0..60, 5).await;
    // Ten calls are there after four minutes; held for two.
    assert_eq!(world.ticks(1..10).await, ["6 service_level_low Billing fired"]);
    assert_eq!(world.mails(10).await.len(), 2);

    // Good calls push the bad ones out of the window: 75 % are reached at 17:40, two minutes later it is over.
    world.calls("Billing", 10..40, 5).await;
    assert_eq!(world.ticks(10..40).await, ["20 service_level_low Billing is over"]);
    let mails = world.mails(40).await;
    assert_eq!(mails.len(), 4);
    let english: Vec<&str> = subjects(&mails).into_iter().filter(|subject| subject.starts_with('[')).collect();
    assert_eq!(english, ["[FIRING] Service level is low: Billing", "[RESOLVED] Service level is low: Billing"]);

    // It fires again, and then the feed dies: nothing is over, and the rule that watches the feed fires.
    world.calls("Billing", 40..60, 90).await;
    let told = world.ticks(40..110).await;
    let expected = ["46 service_level_low Billing fired", "75 no_calls everywhere fired"];
    assert_eq!(told, expected);
    let states = world.states("service_level_low").await;
    let [(billing, state), (sales, quiet)] = states.as_slice() else { panic!("{states:?}") };
    assert_eq!((billing.as_str(), sales.as_str()), ("{\"queue\":\"Billing\"}", "{\"queue\":\"Sales\"}"));
    assert_eq!((state.phase, state.word(), quiet.phase), (Phase::Firing, "no_data", Phase::Inactive));
    assert_eq!(world.mails(110).await.len(), 8);
    let runs = world.journal.recent_runs(10).await.unwrap();
    let runs: Vec<String> = runs.iter().map(|run| format!("{} {}", run.report, run.deliveries.len())).collect();
    let low = "alert:service_level_low 2";
    assert_eq!(runs, ["alert:no_calls 2", low, low, low]);

    // History knows both incidents: the second goes on, as nobody knows better.
    let episodes = world.journal.episodes_between(at(0), at(110)).await.unwrap();
    let told = |episode: &Episode| {
        let minutes = |instant: DateTime<Utc>| (instant - at(0)).num_minutes();
        let (fired, ended) = (minutes(episode.fired_at), episode.ended_at.map(minutes));
        format!(
            "{} {} {fired} {ended:?} {:?} {:?}",
            episode.rule,
            episode.labels.text(),
            episode.value_at_fire,
            episode.worst
        )
    };
    let expected = [
        "service_level_low Billing 6 Some(18) Some(0.0) Some(0.0)",
        "service_level_low Billing 46 None Some(40.0) Some(0.0)",
        "no_calls  75 None Some(0.0) Some(0.0)",
    ];
    assert_eq!(episodes.iter().map(told).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_source_that_fails_is_an_error_that_ends_nothing() {
    let world = World::new(ALERTS).await;
    world.calls("Billing", 0..10, 90).await;
    assert_eq!(world.ticks(1..10).await, ["6 service_level_low Billing fired"]);
    world.run_sql("ALTER TABLE calls RENAME TO gone").await;
    for outcome in world.tick(10).await {
        let found = outcome.result.unwrap();
        assert!(found.notices.is_empty());
        assert!(found.error.as_deref().is_some_and(|error| error.contains("calls")), "{:?}", found.error);
    }
    let states = world.states("service_level_low").await;
    assert_eq!((states[0].1.phase, states[0].1.word()), (Phase::Firing, "error"));
    // It comes back, and the alert goes on where it was.
    world.run_sql("ALTER TABLE gone RENAME TO calls").await;
    world.calls("Billing", 10..14, 90).await;
    assert!(world.ticks(11..14).await.is_empty());
    assert_eq!(world.states("service_level_low").await[0].1.word(), "firing");
}

#[tokio::test]
async fn of_two_processes_one_evaluates_and_missed_minutes_are_counted() {
    let world = World::new(ALERTS).await;
    world.calls("Billing", 0..60, 90).await;
    world.ticks(1..6).await;
    let first = due_alerts(&world.workspace, &world.journal, at(6)).await.unwrap();
    let second = due_alerts(&world.workspace, &world.journal, at(6)).await.unwrap();
    let sources = Sources::connect(&world.workspace.catalog).await;
    for (due, notices) in [(first, 1), (second, 0)] {
        let outcomes = evaluate_alerts(&world.workspace, &sources, &world.journal, due, "test", at(6)).await.unwrap();
        let told: usize = outcomes.iter().map(|outcome| outcome.result.as_ref().unwrap().notices.len()).sum();
        assert_eq!(told, notices);
    }
    sources.close().await;
    assert!(due_alerts(&world.workspace, &world.journal, at(6)).await.unwrap().is_empty());
    let missed: Vec<u64> = world.tick(30).await.into_iter().map(|outcome| outcome.result.unwrap().missed).collect();
    assert_eq!(missed, [23, 23]);
}

#[tokio::test]
async fn rules_with_one_window_share_their_statements() {
    let world = World::new(ALERTS).await;
    let due = due_alerts(&world.workspace, &world.journal, at(0)).await.unwrap();
    let alike: Vec<Question> = questions(&due);
    let grouped = ["service_level".to_owned(), "offered".to_owned()];
    assert_eq!(alike.len(), 2);
    assert_eq!((alike[0].by.len(), alike[0].kpis.as_slice()), (1, grouped.as_slice()));
    assert_eq!((alike[1].by.len(), alike[1].kpis.as_slice()), (0, ["offered".to_owned()].as_slice()));
}
