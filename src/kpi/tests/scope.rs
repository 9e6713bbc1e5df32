//! Measurements within a scope: the same numbers as from a database that holds nothing else, however they are asked for.

use std::collections::BTreeMap;

use super::floor::{ACTIVITY, CALLS, Floor};
use crate::kpi::{Detail, KeyPart, Question, Reading, Snapshot};
use crate::workspace::{Grouping, Scope};

/// One KPI for each way of computing: rows, distributions, other groups, other windows, other KPIs.
const KPIS: &str = "
kpis:
  offered: { title: { en: O }, dataset: calls, unit: count, formula: count() }
  wait: { title: { en: W }, dataset: calls, unit: duration, formula: avg(wait_s) }
  median: { title: { en: M }, dataset: calls, unit: duration, formula: 'percentile(wait_s, 50)' }
  spread: { title: { en: D }, dataset: calls, unit: number, formula: stddev(wait_s) }
  agents: { title: { en: A }, dataset: calls, unit: count, formula: distinct(agent) }
  share: { title: { en: S }, unit: percent, formula: 'percent(offered, across(offered, queue))' }
  before: { title: { en: B }, unit: count, formula: previous(offered) }
  usual: { title: { en: U }, unit: number, formula: 'baseline(median, 2)' }
  pace: { title: { en: P }, unit: number, formula: offered / (interval_s() / 3600) }
  late: { title: { en: L }, unit: number, formula: 'if offered > 3 { wait - across(wait, queue) } else { 0 }' }
  logged_in: { title: { en: I }, dataset: agent_activity, unit: duration, formula: sum(seconds) }
";

const OF_CALLS: [&str; 10] =
    ["offered", "wait", "median", "spread", "agents", "share", "before", "usual", "pace", "late"];

/// Three weeks of calls in five queues, one of them with no calls in the last week, and some in none.
const ROWS: &str = "CREATE TABLE calls (started_at, queue, site, agent, wait_s);
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 599)
INSERT INTO calls SELECT datetime('2026-11-16 08:00:00', '-' || (i % 3 * 7) || ' days', '+' || (i % 11 * 37) || ' minutes'),
    CASE WHEN i % 7 = 5 AND i % 3 = 0 THEN NULL
         ELSE json_extract('[\"Sales\", \"sales\", \"Support\", \"VIP\", \"Old\", \"Old\", \"Sales\"]', '$[' || (i % 7) || ']') END,
    CASE i % 2 WHEN 0 THEN 'Berlin' ELSE 'Hamburg' END, 'Agent ' || (i % 5), i % 83 FROM n;
UPDATE calls SET queue = 'VIP' WHERE queue = 'Old' AND started_at > '2026-11-15';
CREATE TABLE agent_activity (began_at TEXT, agent TEXT, seconds INTEGER);";

fn datasets() -> [String; 2] {
    [CALLS.replace("  queue: text\n", "  queue: text\n  site: text\n  agent: text\n"), ACTIVITY.to_owned()]
}

async fn floor(sql: &str) -> Floor {
    let [calls, activity] = datasets();
    Floor::new(&[&calls, &activity], KPIS, sql).await
}

fn questions(kpis: &[&str]) -> Vec<Question> {
    let question = |by: &[&str], detail| Question {
        by: by.iter().map(|name| Grouping::parse(name)).collect(),
        kpis: kpis.iter().map(|id| (*id).to_owned()).collect(),
        references: Vec::new(),
        detail,
    };
    vec![
        question(&[], Detail::Explained { groups: 1 }),
        question(&["queue"], Detail::Values),
        question(&["hour_of_day", "queue"], Detail::Values),
        question(&["site"], Detail::Values),
        question(&["day"], Detail::Values),
    ]
}

fn scope(queue: &str) -> Scope {
    Scope::of(BTreeMap::from([("queue".to_owned(), queue.to_owned())])).unwrap()
}

/// Without what differs where there are no rows at all: groups of other windows.
async fn of_these_rows_alone(condition: &str) -> Snapshot {
    let floor = floor(&format!("{ROWS} DELETE FROM calls WHERE NOT COALESCE({condition}, 0);")).await;
    floor.ask(questions(&OF_CALLS)).await.snapshot
}

#[tokio::test]
async fn a_scope_gives_what_its_rows_alone_would_give() {
    let floor = floor(ROWS).await;
    assert_eq!(floor.told, Vec::<String>::new());
    let check = async |scope: Scope, condition: &str| {
        let found = floor.ask_within(scope, questions(&OF_CALLS)).await.snapshot;
        assert_eq!(found, of_these_rows_alone(condition).await, "{condition}");
        assert!(!found.explained.is_empty());
    };
    check(scope("Sales"), "queue = 'Sales'").await;
    check(scope("sales"), "queue = 'sales'").await;
    check(scope("nobody's"), "0").await;
    check(scope("Sales").and(scope("VIP")), "queue IN ('Sales', 'VIP')").await;
    let berlin = Scope::of_each(&[
        ("queue".to_owned(), vec!["Sales".to_owned(), "Support".to_owned()]),
        ("site".to_owned(), vec!["Berlin".to_owned()]),
    ]);
    check(berlin.clone().unwrap(), "queue IN ('Sales', 'Support') AND site = 'Berlin'").await;
    check(berlin.unwrap().and(scope("VIP")), "queue = 'VIP' OR queue IN ('Sales', 'Support') AND site = 'Berlin'")
        .await;
}

#[tokio::test]
async fn scopes_measured_together_give_what_each_gives_alone() {
    let floor = floor(ROWS).await;
    let queues = ["Sales", "sales", "Support", "VIP", "Old", "nobody's"];
    let keys = queues.iter().map(|queue| vec![KeyPart::Text((*queue).to_owned())]).collect();
    let parts = floor.ask_apart((vec!["queue".to_owned()], keys), questions(&OF_CALLS)).await;
    assert_eq!(parts.len(), queues.len());
    for (key, part) in parts {
        let [KeyPart::Text(queue)] = key.as_slice() else { panic!("{key:?}") };
        let alone = floor.ask_within(scope(queue), questions(&OF_CALLS)).await.snapshot;
        assert_eq!(part, alone, "{queue}");
    }
    let sites = [("Sales", "Berlin"), ("Support", "Hamburg")];
    let text = |text: &str| KeyPart::Text(text.to_owned());
    let keys = sites.iter().map(|(queue, site)| vec![text(queue), text(site)]).collect();
    let dimensions = vec!["queue".to_owned(), "site".to_owned()];
    let mut parts = floor.ask_apart((dimensions, keys), questions(&OF_CALLS)).await;
    for (queue, site) in sites {
        let part = parts.remove(&vec![text(queue), text(site)]).unwrap();
        let values = [("queue", queue), ("site", site)].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let alone = floor.ask_within(Scope::of(values.into()).unwrap(), questions(&OF_CALLS)).await.snapshot;
        assert_eq!(part, alone, "{queue} {site}");
    }
}

#[tokio::test]
async fn what_cannot_be_limited_fails_and_is_never_unlimited() {
    let floor = floor(ROWS).await;
    let reason = "the dataset `agent_activity` has no column `queue` to be limited by";
    let check = |snapshot: &Snapshot| {
        let total = &snapshot.results[0].groups[&vec![]];
        assert_eq!(total[0], Reading::Failed(reason.to_owned()));
        assert!(total[1].number().is_some(), "{total:?}");
        assert!(!snapshot.freshness.contains_key("agent_activity"));
    };
    let questions = questions(&["logged_in", "offered"]);
    check(&floor.ask_within(scope("Sales"), questions.clone()).await.snapshot);
    let keys = [vec![KeyPart::Text("Sales".to_owned())]].into();
    for part in floor.ask_apart((vec!["queue".to_owned()], keys), questions).await.values() {
        check(part);
    }
}
