//! Alert rules from rows in a database to mails in a folder, minute by minute.

use chrono::TimeDelta;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tempfile::TempDir;

use super::*;
use crate::alert::{Ending, Phase};
use crate::delivery::{Transport, deliver_due};
use crate::journal::NewSilence;
use crate::kpi::Question;
use crate::pipeline::alert_measure::questions;
use crate::pipeline::{end_removed_rules, prepare};
use crate::time::Clock;
use crate::workspace::AlertSeverity;

const SETTINGS: &str = r#"
timezone: Europe/Moscow
locale: en
sources: { pbx: { url: "sqlite:calls.db" } }
journal: { url: "sqlite:journal.db" }
mail: { from: "Reports <reports@example.com>", transport: folder, folder: outbox }
operator: operator@example.com
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
    let since = "Service level is low: Billing, since 15:04";
    assert_eq!(english, [format!("[CRITICAL] {since}"), format!("[RESOLVED] {since}")]);
    // The second mail goes on with the first one's thread, to each recipient with the mail they got.
    let header = |mail: &String, name: &str| {
        let line = mail.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        line.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned))
    };
    let threads: Vec<(Option<String>, Option<String>)> =
        mails.iter().map(|mail| (header(mail, "Message-ID: "), header(mail, "In-Reply-To: "))).collect();
    let begins: Vec<&Option<String>> = threads.iter().filter(|(_, reply)| reply.is_none()).map(|(id, _)| id).collect();
    let replies: Vec<&Option<String>> =
        threads.iter().map(|(_, reply)| reply).filter(|reply| reply.is_some()).collect();
    assert_eq!((begins.len(), begins), (2, replies));

    // It fires again, and then the feed dies: nothing is over, and the rule that watches the feed fires.
    world.calls("Billing", 40..60, 90).await;
    let told = world.ticks(40..110).await;
    let expected = ["46 service_level_low Billing fired", "75 no_calls everywhere fired"];
    assert_eq!(told, expected);
    let states = world.states("service_level_low").await;
    let [(billing, state), (sales, quiet)] = states.as_slice() else { panic!("{states:?}") };
    assert_eq!((billing.as_str(), sales.as_str()), ("{\"queue\":\"Billing\"}", "{\"queue\":\"Sales\"}"));
    assert_eq!((state.phase(), state.word(), quiet.phase()), (Phase::Firing, "no_data", Phase::Inactive));
    // Whoever looks after the rules is told once that an alert fires of which nothing is known any more.
    let mails = world.mails(110).await;
    let troubles: Vec<&String> = mails.iter().filter(|mail| mail.contains("To: operator@example.com")).collect();
    assert_eq!((mails.len(), troubles.len()), (9, 1));
    assert!(troubles[0].contains("[NOT WATCHED] Service level is low"), "{}", troubles[0]);
    let runs = world.journal.recent_runs(10).await.unwrap();
    let runs: Vec<String> = runs.iter().map(|run| format!("{} {}", run.report, run.deliveries.len())).collect();
    let low = "alert:service_level_low 2";
    assert_eq!(runs, ["alerts:trouble 1", "alert:no_calls 2", low, low, low]);

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
        assert!(found.trouble.as_deref().is_some_and(|error| error.contains("calls")), "{:?}", found.trouble);
    }
    let states = world.states("service_level_low").await;
    assert_eq!((states[0].1.phase(), states[0].1.word()), (Phase::Firing, "error"));
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
async fn a_silence_holds_back_mails_until_it_ends() {
    let world = World::new(ALERTS).await;
    world.calls("Billing", 0..60, 90).await;
    world.calls("Sales", 0..60, 90).await;
    let billing = Labels::named([("queue".to_owned(), Some("Billing".to_owned()))]);
    let silence = NewSilence {
        rule: Some("service_level_low".to_owned()),
        labels: billing,
        author: "anna".to_owned(),
        reason: "a test of the line".to_owned(),
        ends_at: at(30),
    };
    let id = world.journal.add_silence(silence, at(0)).await.unwrap();
    assert_eq!(world.ticks(1..20).await, ["6 service_level_low Sales fired"]);
    let mails = world.mails(20).await;
    assert!(mails.len() == 2 && !mails[0].contains("Billing"), "{mails:?}");
    let states = world.states("service_level_low").await;
    let [(_, billing), (_, sales)] = states.as_slice() else { panic!("{states:?}") };
    assert_eq!((billing.phase(), sales.phase()), (Phase::Firing, Phase::Firing));
    assert_eq!(billing.muted.as_deref(), Some("silenced by anna: a test of the line"));
    // It ends before its time, and who was not told yet is told.
    assert!(world.journal.expire_silence(id, at(20)).await.unwrap());
    assert!(!world.journal.expire_silence(id, at(21)).await.unwrap());
    assert_eq!(world.ticks(20..30).await, ["20 service_level_low Billing fired"]);
    assert_eq!(world.journal.silences().await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_alert_that_matters_more_holds_back_others() {
    let alerts = ALERTS
        .replace("  no_calls:\n", "  no_calls:\n    inhibits: [service_level_low]\n")
        .replace("when: offered == 0", "when: offered > 40");
    let world = World::new(&alerts).await;
    world.calls("Billing", 0..30, 90).await;
    world.calls("Sales", 5..30, 5).await;
    // More than forty calls from minute 10 on, held for five; Billing has begun before.
    let told = world.ticks(1..30).await;
    assert_eq!(told, ["6 service_level_low Billing fired", "15 no_calls everywhere fired"]);
    // Both are over one after the other; that the one is over is told although the other fires on.
    world.calls("Billing", 30..60, 5).await;
    world.calls("Sales", 30..60, 90).await;
    let told = world.ticks(30..60).await;
    assert_eq!(told, ["40 service_level_low Billing is over"]);
    let states = world.states("service_level_low").await;
    let muted = states[1].1.muted.as_deref();
    assert_eq!((states[1].1.phase(), muted), (Phase::Firing, Some("`no_calls` fires, which matters more")));
    // Half of the calls stay away: nothing matters more any more.
    world.calls("Sales", 60..75, 90).await;
    let told = world.ticks(60..75).await;
    assert_eq!(told, ["67 service_level_low Sales fired", "67 no_calls everywhere is over"]);
}

#[tokio::test]
async fn outside_of_its_hours_a_rule_neither_asks_nor_fires() {
    let alerts =
        ALERTS.replace("    window: 10m\n    by", "    active: { hours: 15:00-15:30 }\n    window: 10m\n    by");
    let world = World::new(&alerts).await;
    world.calls("Billing", 0..120, 90).await;
    let hours = "service_level_low Billing";
    let told = world.ticks(1..60).await;
    assert_eq!(told, [format!("6 {hours} fired"), format!("30 {hours} ended with its hours")]);
    let states = world.states("service_level_low").await;
    assert_eq!((states[0].1.phase(), states[0].1.told), (Phase::Inactive, None));
    let episodes = world.journal.episodes_between(at(0), at(60)).await.unwrap();
    assert_eq!((episodes[0].ended_at, episodes[0].ending), (Some(at(30)), Some(Ending::HoursEnded)));
}

#[tokio::test]
async fn too_many_alerts_are_an_error_of_the_rule_and_told_to_the_operator_once() {
    let alerts = ALERTS.replace("    by: [queue]", "    limit: 2\n    by: [queue]");
    let world = World::new(&alerts).await;
    for queue in ["Billing", "Sales", "Support"] {
        world.calls(queue, 0..40, 90).await;
    }
    assert!(world.ticks(1..40).await.is_empty());
    let mails = world.mails(40).await;
    assert_eq!(subjects(&mails), ["[NOT WATCHED] Service level is low"]);
    // Where its lines break is the layout's and the encoding's.
    let text = mails[0].replace("\r\n", "\n").replace("=\n", "");
    assert!(text.contains("3 alerts at a time,") && text.contains("but its limit is 2:"), "{text}");
    assert!(mails[0].contains("To: operator@example.com"), "{}", mails[0]);
    // The other rule goes on.
    assert_eq!(world.ticks(40..60).await, ["55 no_calls everywhere fired"]);
}

#[tokio::test]
async fn a_rule_that_is_taken_out_ends_without_a_word() {
    let mut world = World::new(ALERTS).await;
    world.calls("Billing", 0..20, 90).await;
    assert_eq!(world.ticks(1..10).await, ["6 service_level_low Billing fired"]);
    let all = std::mem::take(&mut world.workspace.catalog.alerts);
    let removed = async |minute: i64| end_removed_rules(&world.workspace, &world.journal, at(minute)).await.unwrap();
    assert_eq!(removed(10).await, ["no_calls", "service_level_low"]);
    assert_eq!(removed(11).await, [""; 0]);
    assert!(world.states("service_level_low").await.is_empty());
    let episodes = world.journal.episodes_between(at(0), at(60)).await.unwrap();
    let ends: Vec<_> = episodes.iter().map(|episode| (episode.ended_at, episode.ending)).collect();
    assert_eq!(ends, [(Some(at(10)), Some(Ending::RuleRemoved))]);
    assert_eq!(world.mails(12).await.len(), 2);
    // When it comes back, it begins as any new rule does.
    world.workspace.catalog.alerts = all;
    assert_eq!(world.ticks(12..20).await, ["14 service_level_low Billing fired"]);
    let missed = world.tick(20).await.into_iter().map(|outcome| outcome.result.unwrap().missed);
    assert_eq!(missed.sum::<u64>(), 0);
}

#[tokio::test]
async fn severities_and_a_minimum_by_rows() {
    let rule = "
alerts:
  slow:
    warning: service_level < 75
    critical: service_level < 40
    recovers_when: service_level >= 80
    minimum: offered >= 15
    window: 10m
    repeat_every: [5m, 20m]
    notify: [floor]
";
    let world = World::new(rule).await;
    world.calls("Billing", 0..5, 5).await;
    world.calls("Billing", 5..9, 90).await;
    world.calls("Billing", 9..20, 90).await;
    world.calls("Billing", 20..40, 5).await;
    let told = world.ticks(1..60).await;
    let expected = ["7 fired", "12 is worse", "17 still fires", "24 has eased", "28 is over"];
    assert_eq!(told, expected.map(|word| word.replacen(' ', " slow everywhere ", 1)));
    // Behind minute 45 there are too few calls to say anything.
    assert_eq!(world.states("slow").await[0].1.word(), "too_few");
    let episodes = world.journal.episodes_between(at(0), at(60)).await.unwrap();
    assert_eq!((episodes.len(), episodes[0].severity), (1, AlertSeverity::Critical));
}

#[tokio::test]
async fn rules_with_one_window_share_their_statements() {
    let world = World::new(ALERTS).await;
    let due = due_alerts(&world.workspace, &world.journal, at(0)).await.unwrap();
    let alike: Vec<Question> = questions(due.iter().map(|due| due.rule));
    let grouped = ["service_level".to_owned(), "offered".to_owned()];
    assert_eq!(alike.len(), 2);
    assert_eq!((alike[0].by.len(), alike[0].kpis.as_slice()), (1, grouped.as_slice()));
    assert_eq!((alike[1].by.len(), alike[1].kpis.as_slice()), (0, ["offered".to_owned()].as_slice()));
}
