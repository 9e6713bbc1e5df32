//! KPIs measured over small SQLite databases: every function's examples, the language, rounds and statements, groups,
//! totals, and how one KPI's mistake leaves the others alone.

mod elsewhere;
mod explained;
mod floor;
mod language;
mod replay;
mod scope;
mod service_level;

use super::{KeyPart, Reading};
use crate::formula::functions;
use crate::pipeline::Measured;
use floor::{ACTIVITY, CALLS, Floor, example_sql, kpis};

fn is_near(reading: &Reading, expected: Option<f64>) -> bool {
    match (reading, expected) {
        (Reading::Value(value), Some(expected)) => (value - expected).abs() < 1e-9,
        (Reading::NoData, None) => true,
        _ => false,
    }
}

#[track_caller]
fn check(pairs: &[(&str, Option<f64>)], readings: &[Reading]) {
    let wrong: Vec<String> = pairs
        .iter()
        .zip(readings)
        .filter(|((_, expected), reading)| !is_near(reading, *expected))
        .map(|((formula, expected), reading)| format!("{formula}: {reading:?} instead of {expected:?}"))
        .collect();
    assert_eq!(pairs.len(), readings.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_function_does_what_its_examples_say() {
    let examples = functions().iter().flat_map(|function| function.examples);
    let pairs: Vec<(&str, Option<f64>)> = examples.map(|example| (example.formula, example.result)).collect();
    // A formula that never gives a value is refused, so an example of "no data" stands in an `if`.
    let formulas: Vec<String> = pairs
        .iter()
        .map(|(formula, result)| match result {
            Some(_) => (*formula).to_owned(),
            None => format!("if count() == 0 {{ 1 }} else {{ {formula} }}"),
        })
        .collect();
    let formulas: Vec<&str> = formulas.iter().map(String::as_str).collect();
    // What lies in other windows and groups cannot be computed from the example rows alone.
    let elsewhere = ["across", "baseline", "deviation", "interval_s", "previous", "same_time", "unusual"];
    let without = functions().iter().filter(|function| function.examples.is_empty()).map(|function| function.name);
    assert_eq!(without.collect::<Vec<_>>(), elsewhere);
    check(&pairs, &Floor::of_formulas(&formulas).await.totals().await);
}

#[tokio::test]
async fn the_language_computes_what_it_says() {
    let pairs = [
        ("7 / 2", Some(3.5)),
        ("sum(if_null(csat, 1) / 2)", Some(7.0)),
        ("let a = 7; a /= 2; a", Some(3.5)),
        ("7 % 4 - -2 * 3", Some(9.0)),
        ("let part = count(answered); percent(part, count())", Some(80.0)),
        ("// a comment\ncount() /* another */", Some(5.0)),
        ("return count();", Some(5.0)),
        ("fn share(a, b) { percent(a, b) }\nshare(count(answered), count())", Some(80.0)),
        // `if` around aggregates, with more than one level.
        ("if count() > 3 { avg(wait_s) } else { 0 }", Some(22.0)),
        ("if count() > 3 { if avg(wait_s) > 20 { max(wait_s) } else { min(wait_s) } } else { 0 }", Some(55.0)),
        ("if count(answered) > 3 and count(abandoned) < 2 { 1 } else { 0 }", Some(1.0)),
        ("if count(answered) > 9 && count() > 1 || count(abandoned) == 1 { 1 } else { 0 }", Some(1.0)),
        ("if not (count() > 100) { 1 } else { 0 }", Some(1.0)),
        ("if !(count() > 100) { 1 } else { 0 }", Some(1.0)),
        ("if count() in [5, 6] { 1 } else { 0 }", Some(1.0)),
        ("if avg(csat, queue == \"nobody\") > 5 { 1 } else { 2 }", None),
        ("if avg(csat, queue == \"nobody\") == () { 1 } else { 2 }", Some(1.0)),
        // `??` supplies what is missing.
        ("avg(csat, queue == \"nobody\") ?? 7", Some(7.0)),
        ("(avg(csat, queue == \"nobody\") ?? 0) + 1", Some(1.0)),
        ("avg(wait_s) ?? 7", Some(22.0)),
        ("avg(csat, queue == \"nobody\") + 1 ?? 7", Some(7.0)),
        ("percent(count(), count(queue == \"nobody\")) ?? 100", Some(100.0)),
        // `switch` sees whole numbers, whatever they were computed from.
        ("switch count(queue == \"Sales\") { 3 => 10, 2 => 20, _ => 30 }", Some(10.0)),
        ("switch count() { 0..3 => 1, 3..=5 => 2, _ => 3 }", Some(2.0)),
        ("switch avg(wait_s) { 22 => 1, _ => 2 }", Some(1.0)),
        ("switch count() / 2 { 2.5 => 1, _ => 2 }", Some(1.0)),
        ("switch count() { 5 => avg(wait_s), _ => 0 }", Some(22.0)),
        ("switch count() > 3 { true => 1, false => 2 }", Some(1.0)),
        // Lists and loops over plain numbers.
        ("let n = 0; for i in 0..4 { n += i; } n", Some(6.0)),
        ("let n = 0; for x in [1, 2, count()] { n += x; } n", Some(8.0)),
        ("let list = [count(), 2]; list[0] + list[1]", Some(7.0)),
        ("let n = 0; while n < 3 { n += 1; } n", Some(3.0)),
        // Conditions on rows.
        ("count(queue in [\"Sales\", \"VIP\"])", Some(3.0)),
        ("count(wait_s in [5, 10])", Some(3.0)),
        ("count(queue in [])", Some(0.0)),
        ("count(not answered)", Some(1.0)),
        ("count(!answered)", Some(1.0)),
        ("count(not (answered and wait_s < 20))", Some(2.0)),
        ("count(not answered and abandoned)", Some(1.0)),
        ("count(answered && wait_s <= 20 || abandoned)", Some(4.0)),
        ("count(abandoned or answered and wait_s <= 20)", Some(4.0)),
        ("count(answered == true)", Some(4.0)),
        ("count(answered != abandoned)", Some(5.0)),
        ("count(queue != \"Sales\")", Some(2.0)),
        ("count(csat > 3 or is_null(csat))", Some(4.0)),
        ("count(not (csat > 3))", Some(1.0)),
        ("count(wait_s, answered)", Some(4.0)),
        ("count(calls)", Some(5.0)),
        // Arithmetic on rows.
        ("sum(talk_s + wait_s * 2, queue == \"Sales\")", Some(330.0)),
        ("avg(wait_s % 10)", Some(2.0)),
        ("sum(-wait_s)", Some(-110.0)),
        ("avg(wait_s / 0)", None),
        ("sum(wait_s / 4)", Some(27.5)),
        ("min(count(), 3) + max(avg(wait_s), 3)", Some(25.0)),
        // Two datasets, each aggregated by itself.
        ("sum(talk_s) / sum(agent_activity.seconds)", Some(720.0 / 5400.0)),
        ("count(agent_activity.agent == \"Anna\")", Some(1.0)),
        ("sum(agent_activity[\"seconds\"]) + count(agent_activity)", Some(5402.0)),
        // From distributions.
        ("median(wait_s, answered)", Some(10.0)),
        ("percentile(wait_s, 100) - percentile(wait_s, 20)", Some(50.0)),
        ("percentile(csat, 50, queue == \"nobody\")", None),
        ("stddev(wait_s, queue == \"Support\")", Some(22.5)),
        ("stddev(wait_s, wait_s == 5)", Some(0.0)),
    ];
    let formulas: Vec<&str> = pairs.iter().map(|(formula, _)| *formula).collect();
    check(&pairs, &Floor::of_formulas(&formulas).await.totals().await);
}

/// How many statements were sent, besides the one that asks each dataset for its rows and freshness.
fn statements(measured: &Measured) -> usize {
    measured.sent.iter().filter(|sent| !sent.statement.sql.contains("COUNT(*), ")).count()
}

#[tokio::test]
async fn a_dataset_and_grouping_cost_one_statement_however_many_kpis_there_are() {
    let many: Vec<String> =
        (0..40).map(|seconds| format!("percent(count(answered and wait_s <= {seconds}), count())")).collect();
    let floor = Floor::of_formulas(&many.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let ids: Vec<String> = (0..40).map(|index| format!("k{index}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(statements(&floor.measure(&[(&[], &ids)]).await), 1);
    assert_eq!(statements(&floor.measure(&[(&[], &ids), (&["queue"], &ids), (&["hour"], &ids)]).await), 1);
}

#[tokio::test]
async fn only_what_an_if_hides_costs_another_round() {
    #[track_caller]
    fn check(floor: &Measured, expected: usize) {
        assert_eq!(statements(floor), expected);
    }
    let floor = Floor::of_formulas(&[
        "count() + sum(wait_s)",
        "if count() > 3 { avg(wait_s) } else { 0 }",
        "if count() > 99 { avg(wait_s) } else { 0 }",
        "median(wait_s) + percentile(wait_s, 90) + stddev(wait_s)",
        "sum(wait_s) / sum(agent_activity.seconds)",
        "7",
    ])
    .await;
    check(&floor.measure(&[(&[], &["k0"])]).await, 1);
    check(&floor.measure(&[(&[], &["k0", "k1"])]).await, 2);
    check(&floor.measure(&[(&[], &["k2"])]).await, 1);
    // The three need the same values with their frequencies.
    check(&floor.measure(&[(&[], &["k3"])]).await, 1);
    check(&floor.measure(&[(&[], &["k4"])]).await, 2);
    check(&floor.measure(&[(&[], &["k5"])]).await, 0);
}

/// Each group of the first result, as `key: reading, …`.
fn shown(measured: &Measured) -> Vec<String> {
    let groups = measured.snapshot.results[0].groups.iter();
    let lines = groups.map(|(key, readings)| {
        let key: Vec<String> = key
            .iter()
            .map(|part| match part {
                KeyPart::Text(text) => text.clone(),
                KeyPart::NoValue => "(none)".to_owned(),
                KeyPart::Hour(instant) => instant.format("%H:%M UTC").to_string(),
                KeyPart::Date(day) => day.to_string(),
                KeyPart::Number(number) => number.to_string(),
            })
            .collect();
        let readings: Vec<String> = readings
            .iter()
            .map(|reading| match reading {
                Reading::Value(value) => format!("{:.2}", value),
                Reading::NoData => "no data".to_owned(),
                Reading::Failed(reason) => format!("failed ({reason})"),
            })
            .collect();
        format!("{}: {}", key.join(" / "), readings.join(", "))
    });
    lines.collect()
}

const RATES: &str = "
kpis:
  offered: { title: { en: O }, dataset: calls, unit: count, formula: count() }
  answered_calls: { title: { en: A }, dataset: calls, unit: count, formula: count(answered) }
  rate: { title: { en: R }, unit: percent, formula: 'percent(answered_calls, offered)' }
  double_rate: { title: { en: D }, unit: percent, formula: 'rate * 2' }
  satisfaction: { title: { en: S }, dataset: calls, unit: number, formula: avg(csat) }
  satisfaction_or_zero: { title: { en: Z }, dataset: calls, unit: number, formula: avg(csat), no_data: 0 }
  logged_in: { title: { en: L }, dataset: agent_activity, unit: number, formula: sum(seconds) }
";

#[tokio::test]
async fn totals_are_computed_from_the_parts_not_as_a_mean_of_means() {
    let sql = "CREATE TABLE calls (started_at, queue, offered, answered, abandoned, wait_s, talk_s, csat, nps);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
INSERT INTO calls SELECT '2026-11-16 12:00:00', CASE WHEN i <= 100 THEN 'Sales' ELSE 'Support' END, 1,
    CASE WHEN i <= 90 OR i > 110 THEN 1 ELSE 0 END, 0, 5, 5, NULL, NULL FROM n;";
    let floor = Floor::new(&[CALLS, ACTIVITY], RATES, sql).await;
    let by_queue = floor.measure(&[(&["queue"], &["rate", "double_rate"])]).await;
    assert_eq!(shown(&by_queue), ["Sales: 90.00, 180.00", "Support: 50.00, 100.00"]);
    assert_eq!(shown(&floor.measure(&[(&[], &["rate", "offered"])]).await), [": 83.33, 120.00"]);
}

#[tokio::test]
async fn nothing_is_not_zero() {
    let floor = Floor::new(&[CALLS, ACTIVITY], RATES, &example_sql()).await;
    let kpis = ["offered", "rate", "double_rate", "satisfaction", "satisfaction_or_zero"];
    let empty = ("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z");
    let measured = floor.measure_in(empty, chrono_tz::UTC, &[(&[], &kpis)]).await;
    assert_eq!(shown(&measured), [": 0.00, no data, no data, no data, 0.00"]);
    let by_queue = floor.measure_in(empty, chrono_tz::UTC, &[(&["queue"], &kpis)]).await;
    assert_eq!(shown(&by_queue), Vec::<String>::new());
}

#[tokio::test]
async fn rows_without_a_dimension_are_a_group_of_their_own() {
    let sql = example_sql() + "INSERT INTO calls (started_at, wait_s, answered) VALUES ('2026-11-16 12:00:00', 7, 1);";
    let floor = Floor::new(&[CALLS, ACTIVITY], RATES, &sql).await;
    let measured = floor.measure(&[(&["queue"], &["offered", "satisfaction"])]).await;
    assert_eq!(shown(&measured), ["Sales: 3.00, 3.00", "Support: 2.00, 4.50", "(none): 1.00, no data"]);
}

#[tokio::test]
async fn a_dataset_without_the_dimension_fails_alone() {
    let kpis = format!("{RATES}  pace: {{ title: {{ en: P }}, unit: number, formula: 'offered / logged_in' }}\n");
    let floor = Floor::new(&[CALLS, ACTIVITY], &kpis, &example_sql()).await;
    let measured = floor.measure(&[(&["queue"], &["offered", "logged_in", "pace"])]).await;
    let reason = "the dataset `agent_activity` has no column `queue` to group by";
    let failed = format!("failed ({reason}), failed (the KPI `logged_in` that it needs failed: {reason})");
    assert_eq!(shown(&measured), [format!("Sales: 3.00, {failed}"), format!("Support: 2.00, {failed}")]);
}

#[tokio::test]
async fn a_query_that_fails_stops_its_own_kpis_only() {
    let broken = ACTIVITY.replace("FROM agent_activity", "FROM no_such_table");
    let kpis =
        format!("{RATES}  utilisation: {{ title: {{ en: U }}, unit: number, formula: 'offered / logged_in' }}\n");
    let floor = Floor::new(&[CALLS, &broken], &kpis, &example_sql()).await;
    let measured = floor.measure(&[(&[], &["offered", "logged_in", "utilisation"])]).await;
    let shown = shown(&measured).remove(0);
    assert!(shown.starts_with(": 5.00, failed ("), "{shown}");
    assert_eq!(shown.matches("no_such_table").count(), 2, "{shown}");
    assert!(shown.contains("the KPI `logged_in` that it needs failed: "), "{shown}");
}

#[tokio::test]
async fn a_mistake_in_a_formula_stops_its_own_kpi_and_those_that_need_it() {
    let kpis = format!(
        "{RATES}  broken: {{ title: {{ en: B }}, dataset: calls, unit: number, formula: sum(queue) }}\n  \
         child: {{ title: {{ en: C }}, unit: number, formula: broken + offered }}\n  \
         circle: {{ title: {{ en: C }}, unit: number, formula: circle + 1 }}\n"
    );
    let floor = Floor::new(&[CALLS, ACTIVITY], &kpis, &example_sql()).await;
    let mistake = "`sum` needs a number for each row, but `queue` is text";
    assert_eq!(floor.told, [mistake, "the KPI `circle` needs itself"]);
    let measured = floor.measure(&[(&[], &["child", "broken", "offered", "circle", "nothing"])]).await;
    let expected = format!(
        ": failed (the KPI `broken` that it needs failed: {mistake}), failed ({mistake}), 5.00, \
         failed (the KPI `circle` needs itself), failed (there is no KPI `nothing`)"
    );
    assert_eq!(shown(&measured), [expected]);
}

#[tokio::test]
async fn hours_and_weekdays_are_local_also_when_the_clocks_change() {
    let calls = CALLS
        .replace("{ type: time, stored_as: local, timezone: Europe/Moscow }", "{ type: time, stored_as: utc_text }");
    // The night to 25 October 2026 in Berlin: 02:30 comes twice. The last call is Monday's.
    let sql = "CREATE TABLE calls (started_at, queue, offered, answered, abandoned, wait_s, talk_s, csat, nps);
INSERT INTO calls (started_at) VALUES ('2026-10-24 23:30:00'), ('2026-10-25 00:30:00'), ('2026-10-25 01:30:00'),
    ('2026-10-25 02:30:00'), ('2026-10-25 22:59:59'), ('2026-10-25 23:00:00');";
    let formulas =
        kpis(&["count(hour(started_at) == 2)", "count(weekday(started_at) == 7)", "count(hour(started_at) >= 23)"]);
    let floor = Floor::new(&[&calls, ACTIVITY], &formulas, sql).await;
    let window = ("2026-10-24T22:00:00Z", "2026-10-26T23:00:00Z");
    let berlin = chrono_tz::Europe::Berlin;
    let all = floor.measure_in(window, berlin, &[(&[], &["k0", "k1", "k2"])]).await;
    assert_eq!(shown(&all), [": 2.00, 5.00, 1.00"]);
    let by_day = floor.measure_in(window, berlin, &[(&["day"], &["k0"])]).await;
    assert_eq!(shown(&by_day), ["2026-10-25: 2.00", "2026-10-26: 0.00"]);
    let by_hour = floor.measure_in(window, berlin, &[(&["hour"], &["k0"])]).await;
    assert_eq!(by_hour.snapshot.results[0].groups.len(), 6, "{:?}", shown(&by_hour));
}
