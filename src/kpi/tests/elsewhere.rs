//! KPIs from other windows and across dimensions, and groupings that are answered together or cannot be.

use super::floor::{ACTIVITY, CALLS, Floor};
use super::{shown, statements};

const KPIS: &str = "
kpis:
  offered: { title: { en: O }, dataset: calls, unit: count, formula: count() }
  wait: { title: { en: W }, dataset: calls, unit: duration, formula: avg(wait_s) }
  before: { title: { en: B }, unit: count, formula: previous(offered) }
  growth: { title: { en: G }, unit: count, formula: offered - previous(offered) }
  two_ago: { title: { en: T }, unit: count, formula: 'same_time(offered, 2)' }
  usual: { title: { en: U }, unit: count, formula: 'baseline(offered, 3)' }
  share: { title: { en: S }, unit: percent, formula: 'percent(offered, across(offered, queue))' }
  nested: { title: { en: N }, unit: count, formula: previous(before) }
  pace: { title: { en: P }, unit: number, formula: offered / (interval_s() / 3600) }
  spread: { title: { en: D }, dataset: calls, unit: number, formula: 'stddev(wait_s) + percentile(wait_s, 50) * 0' }
";

/// Calls at ten in Moscow on four Mondays: 8, 4, 2 and 1 of them, half of them in each queue but the last.
const MONDAYS: &str = "
CREATE TABLE calls (started_at, queue, agent, wait_s);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8)
INSERT INTO calls SELECT day || ' 10:00:00', CASE i % 2 WHEN 0 THEN 'Sales' ELSE 'Support' END, 'Anna', i
FROM n, (SELECT '2026-11-16' AS day, 8 AS calls UNION ALL SELECT '2026-11-09', 4 UNION ALL SELECT '2026-11-02', 2
         UNION ALL SELECT '2026-10-26', 1) WHERE i <= calls;";

const DAY: (&str, &str) = ("2026-11-15T21:00:00Z", "2026-11-16T21:00:00Z");
const WEEK: (&str, &str) = ("2026-11-15T21:00:00Z", "2026-11-22T21:00:00Z");

async fn check(window: (&str, &str), by: &[&str], kpis: &[&str], expected: &[&str]) {
    let floor = Floor::new(&[CALLS, ACTIVITY], KPIS, MONDAYS).await;
    assert_eq!(floor.told, Vec::<String>::new());
    let measured = floor.measure_in(window, chrono_tz::Europe::Moscow, &[(by, kpis)]).await;
    assert_eq!(shown(&measured), expected, "{by:?} {kpis:?}");
}

#[tokio::test]
async fn kpis_of_other_windows() {
    check(WEEK, &[], &["offered", "before", "growth"], &[": 8.00, 4.00, 4.00"]).await;
    check(WEEK, &[], &["two_ago", "usual", "nested"], &[": 2.00, 2.00, 2.00"]).await;
    // The day before had no calls; a count of nothing is 0.
    check(DAY, &[], &["before", "two_ago"], &[": 0.00, 2.00"]).await;
    check(WEEK, &["queue"], &["growth", "usual"], &["Sales: 2.00, 1.00", "Support: 2.00, 1.00"]).await;
    check(WEEK, &["day"], &["offered", "before", "usual"], &["2026-11-16: 8.00, 4.00, 2.00"]).await;
    check(WEEK, &["hour"], &["growth", "two_ago"], &["07:00 UTC: 4.00, 2.00"]).await;
    check(WEEK, &["weekday", "queue"], &["growth"], &["1 / Sales: 2.00", "1 / Support: 2.00"]).await;
}

#[tokio::test]
async fn deviations_from_what_is_usual() {
    // Ten calls or so on each Monday, twenty on the last one; one queue is younger than four weeks.
    let sql = "
CREATE TABLE calls (started_at, queue, agent, wait_s);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25)
INSERT INTO calls SELECT day || ' 10:00:00', 'Sales', 'Anna', i
FROM n, (SELECT '2026-11-16' AS day, 25 AS calls UNION ALL SELECT '2026-11-09', 9 UNION ALL SELECT '2026-11-02', 11
         UNION ALL SELECT '2026-10-26', 10 UNION ALL SELECT '2026-10-12', 10 UNION ALL SELECT '2026-10-05', 90)
WHERE i <= calls;
INSERT INTO calls VALUES ('2026-11-16 10:00:00', 'Young', 'Anna', 5), ('2026-11-09 10:00:00', 'Young', 'Anna', 5);";
    let kpis = "
kpis:
  offered: { title: { en: O }, dataset: calls, unit: count, formula: count() }
  far: { title: { en: F }, unit: number, formula: 'deviation(offered, 6)' }
  surge: { title: { en: S }, unit: number, formula: 'if unusual(offered, 6, \"high\") { 1 } else { 0 }' }
  drop: { title: { en: D }, unit: number, formula: 'if unusual(offered, 6, \"low\") { 1 } else { 0 }' }
";
    let floor = Floor::new(&[CALLS, ACTIVITY], kpis, sql).await;
    assert_eq!(floor.told, Vec::<String>::new());
    let asked: &[&str] = &["offered", "far", "surge", "drop"];
    let measured = floor.measure_in(DAY, chrono_tz::Europe::Moscow, &[(&["queue"], asked)]).await;
    // The middle of 9, 11, 10, 10 and, without the week without calls, 25 (that is what `calls` allows) is 10.
    let expected = ["Sales: 25.00, 4.74, 1.00, 0.00", "Young: 1.00, no data, no data, no data"];
    assert_eq!(shown(&measured), expected);
}

#[tokio::test]
async fn kpis_across_a_dimension_and_intervals() {
    check(WEEK, &["queue"], &["share"], &["Sales: 50.00", "Support: 50.00"]).await;
    check(WEEK, &["queue", "day"], &["share"], &["Sales / 2026-11-16: 50.00", "Support / 2026-11-16: 50.00"]).await;
    // What is no grouping is across all of it anyway.
    check(WEEK, &[], &["share"], &[": 100.00"]).await;
    check(DAY, &[], &["pace"], &[": 0.33"]).await;
    check(WEEK, &["hour_of_day"], &["pace"], &["10: 1.14"]).await;
    check(WEEK, &["hour"], &["pace"], &["07:00 UTC: 8.00"]).await;
    // The waits are 1 to 8: whole numbers, and their deviation is none.
    check(WEEK, &[], &["spread"], &[": 2.29"]).await;
}

#[tokio::test]
async fn too_many_fine_groups_are_asked_for_apart() {
    let dataset = CALLS.replace("  queue: text\n", "  queue: text\n  agent: text\n");
    let sql = "CREATE TABLE calls (started_at, queue, agent, wait_s);
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29999)
INSERT INTO calls SELECT '2026-11-16 12:00:00', 'Q' || (i % 200), 'A' || (i / 200), i % 7 FROM n;";
    let floor = Floor::new(&[&dataset, ACTIVITY], KPIS, sql).await;
    let kpis: &[&str] = &["offered", "wait"];
    let together = floor.measure(&[(&["queue"], kpis), (&["agent"], kpis), (&[], kpis)]).await;
    let results = &together.snapshot.results;
    assert_eq!(results.iter().map(|result| result.groups.len()).collect::<Vec<_>>(), [200, 150, 1]);
    // Once together, then the two halves.
    assert_eq!(statements(&together), 3);
    for (index, by) in [&["queue"][..], &["agent"], &[]].into_iter().enumerate() {
        let alone = floor.measure(&[(by, kpis)]).await;
        assert_eq!(alone.snapshot.results[0], results[index]);
    }
}
