//! Reports for many recipients: each gets their own rows in their own language and zone, or nobody gets anything. Time is
//! an argument throughout.

use std::collections::BTreeMap;
use std::path::Path;

use callbrief::delivery::attachments;
use callbrief::journal::{DeliveryState, Journal, RunRecord, RunState, Trigger};
use callbrief::pipeline::{RunOutcome, RunRequest, Sources, Workspace, prepare, run_report, work_on};
use chrono::{DateTime, Utc};
use tempfile::TempDir;

use super::databases::Engine;
use super::letters::Letter;
use super::program::{run, succeeded};

/// Monday 08:00 in Moscow, when the report is due; it is about Sunday.
const MONDAY: &str = "2026-11-23T05:00:00Z";

const DATASET: &str = "
dataset: calls
source: pbx
time: started_at
query: SELECT started_at, queue, wait_s FROM calls WHERE started_at >= :from AND started_at < :to
columns:
  started_at: { type: time, stored_as: utc_text }
  queue: { type: text, title: { en: Queue, ru: Очередь } }
  wait_s: duration
";

const KPIS: &str = "
kpis:
  offered: { title: { en: Offered, ru: Поступило }, dataset: calls, formula: count(), unit: count }
  longest: { title: { en: Longest wait, ru: Дольше всего }, dataset: calls, formula: max(wait_s), unit: duration }
  share: { title: { en: Share, ru: Доля }, formula: 'percent(offered, across(offered, queue))', unit: percent }
";

const TEMPLATE: &str =
    "```kpis\n[offered, longest, share]\n```\n\n```table\n{data: by_queue}\n```\n\n```explain\n[offered]\n```\n";

/// Calls of Sunday and of the Saturday before: Sales 5, Support 3, VIP 2 and one of no queue on Sunday as Moscow sees it.
/// One of Sales is of the last hour of Moscow's Saturday in Berlin; one of VIP of Monday there.
const CALLS: &str = "
CREATE TABLE calls (started_at VARCHAR(30), queue VARCHAR(30), wait_s INTEGER);
INSERT INTO calls VALUES
  ('2026-11-21 21:30:00', 'Sales', 10), ('2026-11-22 08:00:00', 'Sales', 20), ('2026-11-22 09:00:00', 'Sales', 30),
  ('2026-11-22 10:00:00', 'Sales', 40), ('2026-11-22 20:00:00', 'Sales', 50),
  ('2026-11-22 08:10:00', 'Support', 111), ('2026-11-22 09:10:00', 'Support', 112), ('2026-11-22 10:10:00', 'Support', 113),
  ('2026-11-22 08:20:00', 'VIP', 70), ('2026-11-22 09:20:00', 'VIP', 71), ('2026-11-22 22:30:00', 'VIP', 72),
  ('2026-11-22 09:30:00', NULL, 999),
  ('2026-11-21 09:00:00', 'Sales', 15), ('2026-11-21 09:00:00', 'Support', 16);
CREATE TABLE heads (email VARCHAR(60), lang VARCHAR(9), zone VARCHAR(30), queue VARCHAR(30));
";

const HEADS: &str = "
INSERT INTO heads VALUES
  ('anna@example.com', 'ru', NULL, 'Sales'), ('boris@example.com', 'en', NULL, 'Support'),
  ('berta@example.com', 'en', 'Europe/Berlin', 'Sales'), ('vera@example.com', 'en', NULL, 'VIP'),
  ('gleb@example.com', 'en', NULL, 'Sales'), ('gleb@example.com', 'en', NULL, 'VIP'),
  ('nina@example.com', 'en', NULL, 'Nowhere'), ('nora@example.com', 'en', NULL, 'Nowhere');
";

const RECIPIENTS: &str = "
recipients:
  directors: [Dora <dora@example.com>]
  queue_heads:
    source: pbx
    query: SELECT email AS address, lang AS language, zone AS timezone, queue FROM heads ORDER BY email
    scope: [queue]
  everyone:
    - { group: directors }
    - { group: queue_heads }
";

/// A workspace over a database of its own, with a journal.
struct Office {
    folder: TempDir,
    workspace: Workspace,
    sources: Sources,
    journal: Journal,
}

impl Office {
    async fn new(engine: Engine, setup: &str, report: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = engine.fresh(folder.path(), setup).await;
        // An address with a password in a file is a warning.
        let url = if engine == Engine::Sqlite { address.as_str() } else { "${CALLS}" };
        let settings = format!(
            "timezone: Europe/Moscow\nlocale: en\nsources: {{ pbx: {{ url: \"{url}\" }} }}\n\
             journal: {{ url: \"sqlite:callbrief.db\" }}\n\
             mail: {{ from: \"Reports <reports@example.com>\", transport: folder, folder: outbox }}\n"
        );
        let report = format!(
            "reports:\n  daily:\n    title: {{ en: Calls of the day, ru: Звонки за день }}\n    \
             schedule: {{ cron: \"0 8 * * *\" }}\n    period: yesterday\n    compare: previous_period\n    template: t\n    \
             data: {{ by_queue: {{ kpis: [offered], by: [queue] }} }}\n    formats: [pdf]\n    {report}\n"
        );
        for (path, text) in [
            ("callbrief.yaml", settings.as_str()),
            ("rules/datasets/calls.yaml", DATASET),
            ("rules/kpis/calls.yaml", KPIS),
            ("rules/reports/daily.yaml", &report),
            ("rules/recipients.yaml", RECIPIENTS),
            ("report-templates/t/report.md", TEMPLATE),
        ] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let (workspace, sources, journal) = open(folder.path(), &address).await;
        Self { folder, workspace, sources, journal }
    }

    /// The scheduled run of Monday, at this instant.
    async fn scheduled(&self, now: &str) -> RunOutcome {
        run_report(&self.workspace, &self.sources, &self.journal, self.request(now)).await.unwrap()
    }

    /// Goes on with a run that waits, as the service does; nothing when none does.
    async fn waiting(&self, now: &str) -> Option<RunOutcome> {
        let (claim, _) = self.journal.reclaim_run(instant(now), "test").await.unwrap()?;
        Some(work_on(&self.workspace, &self.sources, &self.journal, self.request(now), claim).await.unwrap())
    }

    fn request(&self, now: &str) -> RunRequest<'_> {
        let report = &self.workspace.catalog.reports["daily"];
        RunRequest {
            report,
            period: report.period.clone(),
            scheduled_for: instant(MONDAY),
            trigger: Trigger::Schedule,
            skips: Vec::new(),
            recipients: None,
            owner: "test".to_owned(),
            now: instant(now),
        }
    }

    async fn only_run(&self) -> RunRecord {
        let mut runs = self.journal.recent_runs(10).await.unwrap();
        assert_eq!(runs.len(), 1, "{runs:?}");
        runs.remove(0)
    }

    /// The plain text of each message, by address.
    async fn texts(&self) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for delivery in self.only_run().await.deliveries {
            let Some(archived) = self.journal.archived(delivery.id).await.unwrap() else { continue };
            let letter = Letter::read(&archived.bytes);
            assert!(letter.bytes("application/pdf").starts_with(b"%PDF-"));
            texts.insert(delivery.recipient, letter.text("text/plain").to_owned());
        }
        texts
    }
}

async fn open(folder: &Path, address: &str) -> (Workspace, Sources, Journal) {
    let environment = BTreeMap::from([("CALLS".to_owned(), address.to_owned())]);
    let prepared = prepare(folder, &environment, instant(MONDAY));
    assert!(prepared.diagnostics.is_empty(), "{:#?}", prepared.diagnostics);
    let workspace = prepared.workspace.unwrap();
    let sources = Sources::connect(&workspace.catalog).await;
    let journal = Journal::open(&folder.join("callbrief.db")).await.unwrap();
    (workspace, sources, journal)
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Whether a line begins with these words; the space between columns and the mark of a note do not count.
fn has_line(text: &str, words: &str) -> bool {
    // Groups with few calls have a star.
    let words_of = |line: &str| line.split_whitespace().filter(|word| *word != "*").collect::<Vec<_>>().join(" ");
    let plain = |line: &str| words_of(line.trim_start_matches("! "));
    text.lines().any(|line| plain(line).starts_with(words))
}

#[tokio::test]
async fn everyone_gets_their_own_rows_in_their_language_and_zone() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let office = Office::new(engine, &format!("{CALLS}{HEADS}"), "recipients: [everyone]").await;
        let RunOutcome::Queued(queued) = office.scheduled(MONDAY).await else { panic!("{engine:?}: not queued") };
        assert_eq!((queued.messages.len(), queued.left_out.len()), (8, 0));
        let texts = office.texts().await;
        let check = |address: &str, has: &[&str], hidden: &[&str]| {
            let text = &texts[address];
            for words in has {
                assert!(has_line(text, words), "{engine:?} {address}: {words:?} not in\n{text}");
            }
            for words in hidden {
                assert!(!text.contains(words), "{engine:?} {address}: {words:?} in\n{text}");
            }
        };
        // The total of one who sees everything; 999 is a wait of no queue.
        check("dora@example.com", &["Offered 11", "Sales 5", "Support 3", "VIP 2"], &["part of the data"]);
        let sales = [
            "Поступило 5",
            "Sales 5",
            "Дольше всего 0:50",
            "Доля 100,0 %",
            "Отчёт охватывает только часть данных. Очередь: Sales",
        ];
        check("anna@example.com", &sales, &["Support", "VIP", "16:39", "1:53"]);
        check(
            "boris@example.com",
            &["Offered 3", "Support 3", "Longest wait 1:53", "Share 100.0%"],
            &["Sales", "VIP", "16:39"],
        );
        check("vera@example.com", &["Offered 2", "VIP 2", "Longest wait 1:11"], &["Sales", "Support"]);
        // Berlin's Sunday begins and ends an hour or two later.
        check("berta@example.com", &["Offered 4", "Sales 4"], &["Support", "VIP"]);
        assert!(texts["berta@example.com"].contains("Europe/Berlin"), "{}", texts["berta@example.com"]);
        check(
            "gleb@example.com",
            &["Offered 7", "Sales 5", "VIP 2", "This report covers only part of the data. Queue: Sales, VIP"],
            &["Support"],
        );
        check("nina@example.com", &["Offered 0", "No data for this period."], &["Sales", "Support", "VIP"]);
        // The rows that are told of a number are those of the scope.
        assert!(texts["boris@example.com"].contains("calls: 3 rows"), "{}", texts["boris@example.com"]);

        let run = office.only_run().await;
        let numbers = |address: &str| run.deliveries.iter().find(|delivery| delivery.recipient == address).unwrap().id;
        let archived = office.journal.archived(numbers("boris@example.com")).await.unwrap().unwrap();
        let made_from: serde_json::Value = serde_json::from_str(&archived.made_from.unwrap()).unwrap();
        assert_eq!(made_from["scope"], serde_json::json!([{ "queue": "Support" }]));
        assert_eq!(made_from["current"]["data"]["calls"]["rows"], 3);
        assert_eq!(made_from["current"]["results"][0]["groups"][0]["values"][0], 3.0);
        assert_eq!(made_from["rules"], office.workspace.catalog.rules_hash);
        assert_eq!(attachments(&archived.bytes).len(), 1);
    }
}

#[tokio::test]
async fn one_bad_row_and_nobody_gets_anything() {
    let check = async |rows: &str, reason: &str| {
        let office = Office::new(Engine::Sqlite, &format!("{CALLS}{HEADS}{rows}"), "recipients: [everyone]").await;
        assert!(matches!(office.scheduled(MONDAY).await, RunOutcome::Failed(_)));
        let run = office.only_run().await;
        assert_eq!((run.state, run.deliveries.len()), (RunState::Failed, 0), "{rows}");
        let told = run.error.unwrap();
        assert_eq!(told, format!("the recipients of the group `queue_heads` are not known: {reason}"));
    };
    check("INSERT INTO heads VALUES (NULL, 'en', NULL, 'VIP');", "row 1 has no address").await;
    check("INSERT INTO heads VALUES ('z@example.com', 'en', NULL, NULL);", "row 9 (z@example.com) has no `queue`")
        .await;
    let zone = "row 9 (z@example.com) has the unknown time zone `Mars`";
    check("INSERT INTO heads VALUES ('z@example.com', 'en', 'Mars', 'VIP');", zone).await;
    let office =
        Office::new(Engine::Sqlite, &CALLS.replace("TABLE heads", "TABLE chiefs"), "recipients: [everyone]").await;
    let RunOutcome::Failed(error) = office.scheduled(MONDAY).await else { panic!("not failed") };
    assert!(format!("{error:#}").contains("no such table: heads"), "{error:#}");
    let office = Office::new(Engine::Sqlite, CALLS, "recipients: [queue_heads]").await;
    let RunOutcome::Failed(error) = office.scheduled(MONDAY).await else { panic!("not failed") };
    assert_eq!(error.to_string(), "nobody receives the report `daily`: its groups of recipients are empty");
}

#[tokio::test]
async fn a_query_that_gives_no_recipients_is_found_by_check() {
    let office = Office::new(Engine::Sqlite, &format!("{CALLS}{HEADS}"), "recipients: [everyone]").await;
    let folder = office.folder.path();
    assert!(succeeded(folder, &["check"]).starts_with("no mistakes: "));
    let check = |query: &str, told: &[&str]| {
        let file = RECIPIENTS.replace(
            "SELECT email AS address, lang AS language, zone AS timezone, queue FROM heads ORDER BY email",
            query,
        );
        std::fs::write(folder.join("rules/recipients.yaml"), file).unwrap();
        let ran = run(folder, &["check"]);
        assert_eq!(ran.code, 1, "{query}: {}", ran.out);
        for words in told {
            assert!(ran.out.contains(words), "{query}: {words:?} not in\n{}", ran.out);
        }
    };
    let lacks = "error[CB604]: the query of the group `queue_heads` delivers no column";
    check(
        "SELECT email, quue FROM (SELECT email, queue AS quue FROM heads)",
        &[
            &format!("{lacks} `address`"),
            &format!("{lacks} `queue`"),
            "rules/recipients.yaml:7:13",
            "did you mean `quue`?",
            "it delivers email, quue; name it with `AS queue`",
        ],
    );
    check(
        "SELECT email AS address, queue FROM haeds",
        &["error[CB603]: the query of the group `queue_heads` fails: no such table: haeds"],
    );
    check(
        "SELECT 1 AS address; DELETE FROM heads",
        &["error[CB603]: the query of the group `queue_heads` holds more than one statement"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_sees_what_one_recipient_would_get() {
    let office = Office::new(Engine::Sqlite, &format!("{CALLS}{HEADS}"), "recipients: [everyone]").await;
    let folder = office.folder.path();
    let send = |rest: &[&str]| run(folder, &[&["--now", MONDAY, "report", "daily", "--send"], rest].concat());
    let sent = send(&["--recipient", "Boris@example.com", "--to", "chief@example.com"]);
    assert_eq!((sent.code, sent.out.starts_with("sent chief@example.com: ")), (0, true), "{}", sent.out);
    let texts = office.texts().await;
    assert_eq!(texts.keys().collect::<Vec<_>>(), ["chief@example.com"]);
    let text = &texts["chief@example.com"];
    assert!(text.contains("Support") && !text.contains("Sales"), "{text}");

    let unknown = send(&["--recipient", "nobody@example.com"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("`nobody@example.com` is none of the report's 8 recipients"), "{}", unknown.err);
}

/// Calls that are in another queue each time one looks, as if a scope could not be kept.
const RESTLESS: &str = "
CREATE TABLE every_call (started_at);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
INSERT INTO every_call SELECT '2026-11-22 09:00:00' FROM n;
CREATE VIEW calls AS SELECT started_at, 'Q' || (abs(random()) % 12) AS queue, 5 AS wait_s FROM every_call;
CREATE TABLE heads (email, lang, zone, queue);
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 11)
INSERT INTO heads SELECT 'head' || i || '@example.com', 'en', NULL, 'Q' || i FROM n;
";

#[tokio::test]
async fn a_row_of_another_scope_fails_the_run_as_a_whole() {
    let office = Office::new(Engine::Sqlite, RESTLESS, "recipients: [everyone]").await;
    let RunOutcome::Failed(error) = office.scheduled(MONDAY).await else { panic!("it was sent") };
    let told = format!("{error:#}");
    let begin = "nothing is sent, as a report would show more than its reader may see (queue: Q";
    assert!(told.starts_with(begin) && told.contains(" rows of `calls`, but only "), "{told}");
    let run = office.only_run().await;
    assert_eq!((run.state, run.deliveries.len()), (RunState::Failed, 0));
    assert_eq!(run.error, Some(told));
}

#[tokio::test]
async fn conditions_are_judged_by_each_readers_own_numbers() {
    let setup = format!("{CALLS}{HEADS}");
    let office = Office::new(
        Engine::Sqlite,
        &setup,
        "recipients: [everyone]\n    skip_when_empty: true\n    only_if: offered >= 3 and offered > previous(offered)",
    )
    .await;
    let RunOutcome::Queued(queued) = office.scheduled(MONDAY).await else { panic!("not queued") };
    let left_out: BTreeMap<&str, &str> =
        queued.left_out.iter().map(|one| (one.recipient.as_str(), one.reason.as_str())).collect();
    let condition = "`only_if: offered >= 3 and offered > previous(offered)` is not true";
    let empty = "there are no rows in 2026-11-22";
    let expected = [("nina@example.com", empty), ("nora@example.com", empty), ("vera@example.com", condition)];
    assert_eq!(left_out, BTreeMap::from(expected));
    let run = office.only_run().await;
    let suppressed: BTreeMap<&str, &str> = run
        .deliveries
        .iter()
        .filter(|delivery| delivery.state == DeliveryState::Suppressed)
        .map(|delivery| (delivery.recipient.as_str(), delivery.last_error.as_deref().unwrap()))
        .collect();
    assert_eq!(suppressed, left_out);
    assert_eq!(run.deliveries.len(), 8);

    // When nobody is left the run is skipped, and says why.
    let check = async |setup: &str, conditions: &str, reason: &str| {
        let office = Office::new(Engine::Sqlite, setup, &format!("recipients: [directors]\n    {conditions}")).await;
        assert!(matches!(office.scheduled(MONDAY).await, RunOutcome::Skipped(told) if told == reason), "{reason}");
        let run = office.only_run().await;
        assert_eq!((run.state, run.error.as_deref(), run.deliveries.len()), (RunState::Skipped, Some(reason), 0));
    };
    check(&setup, "only_if: offered > 100", "`only_if: offered > 100` is not true").await;
    let without = format!("{CALLS}DELETE FROM calls;");
    check(&without, "skip_when_empty: true", empty).await;
    check(&without, "only_if: longest > 100", "`only_if: longest > 100` has no data for `longest`").await;
    let office = Office::new(Engine::Sqlite, &without, "recipients: [directors]").await;
    assert!(matches!(office.scheduled(MONDAY).await, RunOutcome::Queued(_)));
}

async fn write(folder: &Path, sql: &'static str) {
    use sqlx::{ConnectOptions, Executor};
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("calls.db"));
    options.connect().await.unwrap().execute(sqlx::raw_sql(sql)).await.unwrap();
}

const WAITS: &str = "recipients: [directors]\n    complete_by: { data: [calls], deadline: 10:00, tolerance: 30m }";

#[tokio::test]
async fn a_run_waits_for_its_data_and_is_sent_when_they_are_there() {
    let setup = format!("{CALLS}DELETE FROM calls WHERE started_at > '2026-11-22 10:30:00';");
    let office = Office::new(Engine::Sqlite, &setup, WAITS).await;
    let reason = "waiting for data until Mon 10:00 MSK: `calls` has rows only up to Sun 2026-11-22 13:10";
    let RunOutcome::Held { reason: told, until } = office.scheduled(MONDAY).await else { panic!("not held") };
    assert_eq!((told.as_str(), until), (reason, instant("2026-11-23T05:05:00Z")));
    let run = office.only_run().await;
    assert_eq!((run.state, run.error.as_deref()), (RunState::Waiting, Some(reason)));
    assert!(office.waiting("2026-11-23T05:04:59Z").await.is_none());
    // However often it looks, it is not given up.
    for minute in 1..12 {
        let now = format!("2026-11-23T05:{:02}:00Z", 5 * minute);
        assert!(matches!(office.waiting(&now).await, Some(RunOutcome::Held { .. })), "{now}");
    }
    // A row of Monday shows that the feed has come past Sunday's end.
    write(office.folder.path(), "INSERT INTO calls VALUES ('2026-11-22 21:01:00', 'Sales', 5)").await;
    assert!(matches!(office.waiting("2026-11-23T06:00:00Z").await, Some(RunOutcome::Queued(_))));
    let texts = office.texts().await;
    assert!(!texts["dora@example.com"].contains("deadline"), "{texts:?}");
    assert_eq!(office.only_run().await.state, RunState::Queued);
}

#[tokio::test]
async fn at_the_deadline_it_is_sent_with_a_stamp() {
    let setup = format!("{CALLS}DELETE FROM calls WHERE started_at > '2026-11-22 10:30:00';");
    let office = Office::new(Engine::Sqlite, &setup, WAITS).await;
    assert!(matches!(office.scheduled(MONDAY).await, RunOutcome::Held { .. }));
    let Some(RunOutcome::Held { until, .. }) = office.waiting("2026-11-23T06:58:00Z").await else { panic!("not held") };
    assert_eq!(until, instant("2026-11-23T07:00:00Z"));
    assert!(matches!(office.waiting("2026-11-23T07:00:00Z").await, Some(RunOutcome::Queued(_))));
    let text = &office.texts().await["dora@example.com"];
    let words: Vec<&str> = text.split_whitespace().collect();
    let stamp = "13:10 MSK only; sent at the deadline without waiting for the rest.";
    assert!(words.join(" ").contains(stamp), "{text}");

    let office = Office::new(Engine::Sqlite, &format!("{CALLS}DELETE FROM calls;"), WAITS).await;
    let told = office.scheduled("2026-11-23T07:30:00Z").await;
    assert!(matches!(told, RunOutcome::Queued(_)), "a run that is made up for after its deadline");
    let text = &office.texts().await["dora@example.com"];
    assert!(text.contains("calls: no data of this period yet"), "{text}");
}

#[tokio::test]
async fn without_a_tolerance_the_weeks_before_tell_how_a_day_ends() {
    // On Sundays the last call comes at about 13:00 in Moscow, on this one at 12:10 or at 9:00.
    let weeks = "DELETE FROM calls; INSERT INTO calls VALUES ('2026-11-15 10:00:00', 'Sales', 1), \
                 ('2026-11-08 09:20:00', 'Sales', 1), ('2026-11-21 20:00:00', 'Sales', 1), ";
    let check = async |last: &str, is_held: bool| {
        let setup = format!("{CALLS}{weeks}('2026-11-22 {last}:00', 'Sales', 1);");
        let conditions = "recipients: [directors]\n    complete_by: { data: [calls], deadline: \"10:00\" }";
        let office = Office::new(Engine::Sqlite, &setup, conditions).await;
        assert_eq!(matches!(office.scheduled(MONDAY).await, RunOutcome::Held { .. }), is_held, "{last}");
    };
    check("09:10", false).await;
    check("06:00", true).await;
}

#[tokio::test]
async fn what_was_sent_is_sent_again_as_it_was() {
    let office = Office::new(Engine::Sqlite, &format!("{CALLS}{HEADS}"), "recipients: [everyone]").await;
    let folder = office.folder.path();
    let outbox = || {
        let files = std::fs::read_dir(folder.join("outbox")).unwrap().map(|entry| entry.unwrap().path());
        let mut letters: Vec<Vec<u8>> = files
            .filter(|path| path.extension().is_some_and(|end| end == "eml"))
            .map(|path| std::fs::read(path).unwrap())
            .collect();
        letters.sort();
        letters
    };
    let send = ["--now", MONDAY, "report", "daily", "--send"];
    succeeded(folder, &send);
    let first = outbox();
    assert_eq!(first.len(), 8);
    // Whatever becomes of the data, what is sent again is what was sent.
    write(folder, "DELETE FROM calls").await;
    let later = "2026-11-23T09:00:00Z";
    let told = succeeded(folder, &["--now", later, "runs", "resend", "1", "--recipient", "Boris@example.com"]);
    assert!(told.starts_with("sent boris@example.com: "), "{told}");
    let again: Vec<_> = outbox().into_iter().filter(|letter| !first.contains(letter)).collect();
    let [again] = again.as_slice() else { panic!("{} letters", again.len()) };
    let original =
        first.iter().map(|bytes| Letter::read(bytes)).find(|letter| letter.headers["To"] == "boris@example.com");
    let (original, letter) = (original.unwrap(), Letter::read(again));
    assert_eq!(letter.bytes("application/pdf"), original.bytes("application/pdf"));
    assert_eq!(letter.text("text/html"), original.text("text/html"));
    assert_eq!(letter.headers["Subject"], original.headers["Subject"]);
    assert_eq!(letter.headers["Auto-Submitted"], "auto-generated");
    assert_eq!(letter.headers["X-Callbrief-Generation"], "2");
    assert_eq!(letter.headers["References"], original.headers["Message-ID"]);
    assert_ne!(letter.headers["Message-ID"], original.headers["Message-ID"]);

    let told = succeeded(
        folder,
        &["--now", later, "runs", "resend", "1", "--recipient", "vera@example.com", "--to", "Chef <chef@example.com>"],
    );
    assert!(told.starts_with("sent chef@example.com: "), "{told}");
    assert_eq!(succeeded(folder, &["--now", later, "runs", "resend", "1"]).lines().count(), 8);
    assert_eq!(outbox().len(), 18);
    let shown = succeeded(folder, &["runs", "show", "1"]);
    assert!(shown.contains("sent boris@example.com again, generation 2 at 12:00:00"), "{shown}");
    assert!(shown.contains("sent chef@example.com again, generation 3 at 12:00:00"), "{shown}");
    // A run of today's data by hand is no repetition and has an id of its own.
    succeeded(folder, &["--now", MONDAY, "report", "daily", "--send", "--to", "boris@example.com"]);
    assert_eq!(outbox().len(), 19);

    for (arguments, expected) in [
        (&["runs", "resend", "7"][..], "there is no run 7"),
        (&["runs", "resend", "1", "--to", "chef@example.com"], "run 1 has 8 messages, which may differ"),
        (&["runs", "resend", "1", "--recipient", "nobody@example.com"], "run 1 has no message to nobody@example.com"),
        (&["runs", "resend", "1", "--to", "chef"], "--to: `chef` is not a mail address"),
    ] {
        let ran = run(folder, arguments);
        assert!(ran.code == 2 && ran.err.contains(expected), "{arguments:?}: {}", ran.err);
    }

    let exported = folder.join("exported");
    succeeded(folder, &["runs", "export", "1", exported.to_str().unwrap()]);
    let own = exported.join("002-anna@example.com");
    let mut files: Vec<_> =
        std::fs::read_dir(&own).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    assert_eq!(files, ["daily-2026-11-22.pdf", "message.eml", "numbers.json"]);
    assert!(std::fs::read(own.join("daily-2026-11-22.pdf")).unwrap().starts_with(b"%PDF-"));
    assert!(first.contains(&std::fs::read(own.join("message.eml")).unwrap()));
}

#[tokio::test]
async fn what_was_kept_long_enough_is_let_go_of() {
    let office = Office::new(Engine::Sqlite, &format!("{CALLS}{HEADS}"), "recipients: [everyone]").await;
    let folder = office.folder.path();
    succeeded(folder, &["--now", MONDAY, "report", "daily", "--send"]);
    assert_eq!(office.journal.let_go(instant(MONDAY)).await.unwrap(), 0);
    let run_before = office.only_run().await;
    // Eight messages of seven editions: two readers see the same.
    assert_eq!(office.journal.let_go(instant("2026-11-23T05:00:01Z")).await.unwrap(), 8 + 7);
    assert_eq!(office.journal.let_go(instant("2026-11-23T05:00:01Z")).await.unwrap(), 0);
    assert_eq!(office.only_run().await, run_before);
    let ran = run(folder, &["runs", "resend", "1"]);
    assert!(ran.code == 2 && ran.err.contains("is no longer kept; see `journal: keep`"), "{}", ran.err);
    let claim = office.journal.reclaim_run(instant(MONDAY), "test").await.unwrap();
    assert!(claim.is_none(), "a run that is done is not done again");
    let next = office.scheduled(MONDAY).await;
    assert!(matches!(next, RunOutcome::Queued(_)), "the schedule's own run is another one");
    assert!(matches!(office.scheduled(MONDAY).await, RunOutcome::Taken));
}
