//! The past looked at again: at every instant a replay reads what a measurement at that instant reads.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Europe::Berlin;

use super::floor::{ACTIVITY, Floor};
use crate::kpi::{GroupKey, History, Question, Reading, Replay, ReplayRequest, Turn};
use crate::pipeline::{Workspace, fetch_all, measure};
use crate::time::{Frame, Window};
use crate::workspace::Grouping;

const KPIS: &str = "
kpis:
  offered: { title: { en: O }, dataset: calls, unit: count, formula: count() }
  level: { title: { en: L }, dataset: calls, unit: percent, formula: 'percent(count(answered and wait_s <= 20), count(offered))' }
  wait: { title: { en: W }, dataset: calls, unit: duration, formula: avg(wait_s) }
  range: { title: { en: R }, dataset: calls, unit: number, formula: 'max(wait_s, answered) - min(wait_s)' }
  score: { title: { en: S }, dataset: calls, unit: number, formula: 'sum(csat) ?? 0' }
  usual_wait: { title: { en: M }, dataset: calls, unit: duration, formula: 'percentile(wait_s, 80) + median(wait_s, answered)' }
  spread: { title: { en: D }, dataset: calls, unit: number, formula: stddev(wait_s) }
  callers: { title: { en: C }, dataset: calls, unit: count, formula: 'distinct(caller) + distinct(wait_s, answered)' }
  before: { title: { en: B }, unit: count, formula: previous(offered) }
  last_week: { title: { en: T }, unit: count, formula: 'offered - same_time(offered, 1)' }
  usual: { title: { en: U }, unit: count, formula: 'baseline(wait, 2)' }
  share: { title: { en: A }, unit: percent, formula: 'percent(offered, across(offered, queue))' }
  pace: { title: { en: P }, unit: number, formula: offered / (interval_s() / 3600) }
  hidden: { title: { en: H }, dataset: calls, unit: number, formula: 'if count() > 3 { sum(talk_s) } else { 0 - count(abandoned) }' }
  staff: { title: { en: F }, unit: number, formula: 'if offered > 2 { sum(agent_activity.seconds) } else { 1 }' }
";

const CALLS: &str = "
dataset: calls
source: pbx
time: started_at
query: SELECT * FROM calls WHERE started_at >= :from AND started_at < :to
columns:
  started_at: { type: time, stored_as: local, timezone: Europe/Berlin }
  queue: text
  caller: text
  offered: bool
  answered: bool
  abandoned: bool
  wait_s: duration
  talk_s: duration
  csat: number
";

/// Six hundred calls of a week and one day around the autumn's change of the clocks in Berlin, at odd seconds.
const ROWS: &str = "
CREATE TABLE calls (started_at, queue, caller, offered, answered, abandoned, wait_s, talk_s, csat);
WITH RECURSIVE n(i, a) AS (SELECT 0, 12345 UNION ALL SELECT i + 1, (a * 1103515245 + 12345) % 2147483648 FROM n WHERE i < 1199)
INSERT INTO calls
SELECT datetime('2026-10-24 20:00:00', (a / 65536 % 30000) || ' seconds', CASE WHEN i % 2 THEN '-7 days' ELSE '0 days' END),
       CASE a / 1024 % 5 WHEN 0 THEN NULL WHEN 1 THEN 'Sales' WHEN 2 THEN 'Support' ELSE 'Billing' END,
       'C' || (a / 4096 % 7), a / 512 % 4 > 0, a / 256 % 3 > 0, a / 256 % 3 = 0, a / 128 % 90,
       CASE WHEN a / 256 % 3 > 0 THEN a / 64 % 300 END, CASE WHEN a / 8192 % 2 THEN (a / 2048 % 9) / 2.0 END
FROM n;
CREATE TABLE agent_activity (began_at TEXT, agent TEXT, seconds INTEGER);
INSERT INTO agent_activity SELECT datetime(started_at, '-2 hours'), 'Anna', wait_s FROM calls WHERE wait_s % 5 = 0;";

/// The readings at every instant from the evening before the change to the morning after it, both ways.
async fn check(kpis: &[&str], by: &[&str], window: TimeDelta, every: TimeDelta) {
    let floor = Floor::new(&[CALLS, ACTIVITY], KPIS, ROWS).await;
    assert_eq!(floor.told, Vec::<String>::new());
    let from: DateTime<Utc> = "2026-10-24T18:00:00Z".parse().unwrap();
    let instants: Vec<DateTime<Utc>> =
        (0..).map(|step| from + every * step).take_while(|at| *at <= from + TimeDelta::hours(12)).collect();
    let frame = move |at: DateTime<Utc>| Frame::Rolling { window: Window { from: at - window, to: at }, zone: Berlin };
    let question = Question {
        by: by.iter().map(|name| Grouping::parse(name)).collect(),
        kpis: kpis.iter().map(|id| (*id).to_owned()).collect(),
        ..Question::default()
    };
    let Workspace { kpis: set, catalog, .. } = &floor.workspace;
    let request =
        ReplayRequest { question: question.clone(), instants, frame: &frame, dialects: floor.sources.dialects() };
    let mut replay = Replay::new(set, catalog, request, History::default());
    let (mut seen, mut statements) = (0, 0);
    loop {
        let moment = match replay.turn() {
            Turn::Done => break,
            Turn::Fetch(fetches) => {
                statements += fetches.len();
                for (id, rows) in fetch_all(&floor.sources, &fetches).await {
                    replay.supply(id, rows).unwrap();
                }
                continue;
            }
            Turn::At(moment) => moment,
        };
        let measured = measure(set, catalog, &floor.sources, frame(moment.at), vec![question.clone()]).await;
        let result = &measured.snapshot.results[0];
        let replayed: Vec<(&GroupKey, &[Reading])> = {
            let mut groups: Vec<_> = moment.groups().map(|(_, key, found)| (key, found.readings)).collect();
            groups.sort_by_key(|(key, _)| *key);
            groups
        };
        let expected: Vec<(&GroupKey, &Vec<Reading>)> = result.groups.iter().collect();
        assert_eq!(replayed.len(), expected.len(), "{} {replayed:?} {expected:?}", moment.at);
        for ((key, readings), (expected_key, expected)) in replayed.iter().zip(expected) {
            assert_eq!(*key, expected_key, "{}", moment.at);
            assert_same(readings, expected, moment.at);
            seen += readings.iter().filter(|reading| reading.number().is_some_and(|number| number != 0.0)).count();
        }
        assert_same(moment.without_rows().readings, &measured.without_rows[0], moment.at);
        for dataset in ["calls", "agent_activity"] {
            let newest = measured.snapshot.freshness.get(dataset).and_then(|freshness| freshness.newest);
            assert_eq!(moment.newest(dataset), newest, "{dataset} {}", moment.at);
        }
    }
    assert!(seen > 40, "{kpis:?}: there is nothing to compare");
    assert!(statements < 60, "{kpis:?}: {statements} statements");
}

#[track_caller]
fn assert_same(readings: &[Reading], expected: &[Reading], at: DateTime<Utc>) {
    let is_same = |(one, other): (&Reading, &Reading)| match (one, other) {
        // A deviation's sum is added in another order.
        (Reading::Value(one), Reading::Value(other)) => (one - other).abs() <= 1e-9 * other.abs().max(1.0),
        _ => one == other,
    };
    assert!(
        readings.len() == expected.len() && readings.iter().zip(expected).all(is_same),
        "{at}: {readings:?} {expected:?}"
    );
}

#[tokio::test]
async fn a_replay_reads_what_a_measurement_reads() {
    let (ten, half_hour) = (TimeDelta::minutes(10), TimeDelta::minutes(30));
    let all: Vec<&str> =
        KPIS.lines().filter_map(|line| line.trim().split_once(": { title")).map(|(id, _)| id).collect();
    check(&all, &["queue"], half_hour, ten).await;
    check(&all, &[], half_hour, ten).await;
    check(&all, &["queue", "caller"], TimeDelta::minutes(7), TimeDelta::minutes(20)).await;
    check(&["level", "usual_wait", "last_week"], &["queue"], TimeDelta::hours(3), TimeDelta::seconds(450)).await;
}

#[tokio::test]
async fn groups_by_time_are_replayed_as_well() {
    let kpis = ["offered", "before", "last_week", "pace", "share"];
    check(&kpis, &["queue", "quarter_hour"], TimeDelta::minutes(40), TimeDelta::minutes(20)).await;
    check(&kpis, &["hour_of_day"], TimeDelta::hours(5), TimeDelta::minutes(30)).await;
}

#[tokio::test]
async fn each_kpi_alone_asks_for_no_more_than_it_needs() {
    let (minutes, by_queue): (_, &[&str]) = (TimeDelta::minutes, &["queue"]);
    for (kpi, by) in [("hidden", by_queue), ("staff", &[]), ("callers", by_queue), ("last_week", by_queue)] {
        check(&[kpi], by, minutes(15), minutes(10)).await;
    }
}
