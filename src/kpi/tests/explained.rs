//! How numbers came about: parts with their values and the rows that entered them, of totals and groups.

use super::floor::Floor;
use crate::kpi::{Detail, Explanation, Origin, Part, Question, Reading};
use crate::workspace::Grouping;

/// The example rows with KPIs `k0`, `k1`, … of these formulas, the first of which is explained by some grouping.
async fn explained(formulas: &[&str], by: &[&str]) -> Vec<(String, Vec<Explanation>)> {
    let floor = Floor::of_formulas(formulas).await;
    let question = Question {
        by: by.iter().map(|name| Grouping::parse(name)).collect(),
        kpis: vec!["k0".to_owned()],
        detail: Detail::Explained { groups: usize::MAX },
        ..Question::default()
    };
    let measured = floor.ask(vec![question]).await;
    assert_eq!(measured.snapshot.results.len(), 1);
    let groups = measured.snapshot.explained.into_iter();
    groups.map(|group| (format!("{:?}", group.key), group.kpis)).collect()
}

fn shown(part: &Part) -> String {
    let value = match &part.reading {
        Reading::Value(value) => format!("{value:.2}"),
        Reading::NoData => "no data".to_owned(),
        Reading::Failed(reason) => reason.clone(),
    };
    let origin = match &part.origin {
        Origin::Rows { dataset, counts: Some(counts) } => {
            let sum = counts.sum.map(|sum| format!(", sum {sum:.2}")).unwrap_or_default();
            let (all, entered) = (counts.all, counts.entered);
            format!("{entered}/{all} of {dataset}, {} outside, {} missing{sum}", counts.outside, counts.missing)
        }
        Origin::Rows { dataset, counts: None } => format!("not counted, of {dataset}"),
        Origin::Kpi => "KPI".to_owned(),
        Origin::Elsewhere { window, key, .. } => format!("{} to {}, {key:?}", window.from, window.to),
        Origin::Parameter => "parameter".to_owned(),
        Origin::Interval => "interval".to_owned(),
    };
    format!("{} = {value}: {origin}", part.what)
}

/// The parts of the total of the first formula.
async fn check(formulas: &[&str], expected: &[&str]) {
    let groups = explained(formulas, &[]).await;
    let parts: Vec<String> = groups[0].1[0].parts.iter().map(shown).collect();
    assert_eq!(parts, expected, "{formulas:?}");
}

#[tokio::test]
async fn rows_are_counted_and_those_left_out() {
    check(&["count()"], &["count() = 5.00: 5/5 of calls, 0 outside, 0 missing"]).await;
    check(
        &["percent(count(answered and wait_s <= 20), count(offered))"],
        &[
            "count(answered and wait_s <= 20) = 3.00: 3/5 of calls, 2 outside, 0 missing",
            "count(offered) = 5.00: 5/5 of calls, 0 outside, 0 missing",
        ],
    )
    .await;
    // Means are told with what they were divided from.
    check(&["avg(talk_s)"], &["avg(talk_s) = 180.00: 4/5 of calls, 0 outside, 1 missing, sum 720.00"]).await;
    check(
        &["sum(csat, queue == \"Sales\")"],
        &["sum(csat, queue == \"Sales\") = 3.00: 1/5 of calls, 2 outside, 2 missing"],
    )
    .await;
    // A condition over a missing value neither holds nor fails.
    check(&["count(csat >= 4)"], &["count(csat >= 4) = 2.00: 2/5 of calls, 1 outside, 2 missing"]).await;
    check(&["count(csat)"], &["count(not is_null(csat)) = 3.00: 3/5 of calls, 0 outside, 2 missing"]).await;
    check(
        &["distinct(queue) + percentile(wait_s, 90, answered) - stddev(csat)"],
        &[
            "distinct(queue) = 2.00: 5/5 of calls, 0 outside, 0 missing",
            "percentile(wait_s, 90, answered) = 55.00: 4/5 of calls, 1 outside, 0 missing",
            "stddev(csat) = 0.82: 3/5 of calls, 0 outside, 2 missing",
        ],
    )
    .await;
    // Nothing to divide by gives no value.
    check(
        &["avg(wait_s / (wait_s - 30))"],
        &["avg(wait_s / (wait_s - 30)) = 0.25: 4/5 of calls, 0 outside, 1 missing, sum 1.00"],
    )
    .await;
    check(
        &["max(wait_s, queue == \"nobody\") ?? 0"],
        &["max(wait_s, queue == \"nobody\") = no data: 0/5 of calls, 5 outside, 0 missing"],
    )
    .await;
    check(
        &["count(agent_activity.seconds > 2000) / count()"],
        &[
            "count(seconds > 2000) = 1.00: 1/2 of agent_activity, 1 outside, 0 missing",
            "count() = 5.00: 5/5 of calls, 0 outside, 0 missing",
        ],
    )
    .await;
}

#[tokio::test]
async fn parts_are_of_every_kind() {
    check(
        &["k1 - previous(k1) + across(k1, queue) + interval_s()", "count()"],
        &[
            "k1 = 5.00: KPI",
            "previous(k1) = 0.00: 2026-11-14 21:00:00 UTC to 2026-11-15 21:00:00 UTC, Some([])",
            "across(k1, queue) = 5.00: 2026-11-15 21:00:00 UTC to 2026-11-16 21:00:00 UTC, Some([])",
            "interval_s() = 86400.00: interval",
        ],
    )
    .await;
}

#[tokio::test]
async fn every_group_is_explained_by_its_own_rows() {
    let groups = explained(&["percent(k1, across(k1, queue))", "count(answered)"], &["queue"]).await;
    let told = groups.iter().map(|(key, kpis)| {
        let kpis = kpis.iter().map(|kpi| {
            let parts: Vec<String> = kpi.parts.iter().map(shown).collect();
            format!("{}: {}", kpi.kpi, parts.join("; "))
        });
        format!("{key} {}", kpis.collect::<Vec<_>>().join(" | "))
    });
    let window = "2026-11-15 21:00:00 UTC to 2026-11-16 21:00:00 UTC, Some([])";
    let expected = [("Sales", 1), ("Support", 0)].map(|(queue, outside)| {
        format!(
            "[Text(\"{queue}\")] k0: k1 = 2.00: KPI; across(k1, queue) = 4.00: {window} | \
             k1: count(answered) = 2.00: 2/{} of calls, {outside} outside, 0 missing",
            2 + outside
        )
    });
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn what_failed_has_no_value() {
    let groups = explained(&["count() / count(agent_activity.agent == \"Anna\")"], &["queue"]).await;
    let parts: Vec<String> = groups[0].1[0].parts.iter().map(shown).collect();
    let reason = "the dataset `agent_activity` has no column `queue` to group by";
    assert_eq!(
        parts,
        [
            "count() = 3.00: 3/3 of calls, 0 outside, 0 missing".to_owned(),
            format!("count(agent == \"Anna\") = {reason}: not counted, of agent_activity"),
        ]
    );
    assert_eq!(groups[0].1[0].reading, Reading::Failed(reason.to_owned()));
}

#[tokio::test]
async fn counting_takes_no_statement_of_its_own() {
    let floor = Floor::of_formulas(&["percent(count(answered), count(csat >= 4))", "sum(wait_s)"]).await;
    let question = |detail| Question { kpis: vec!["k0".to_owned(), "k1".to_owned()], detail, ..Question::default() };
    for detail in [Detail::Values, Detail::Explained { groups: 1 }] {
        let measured = floor.ask(vec![question(detail)]).await;
        assert_eq!(measured.sent.len(), 1, "{detail:?}");
        assert_eq!(measured.snapshot.explained.len(), usize::from(detail != Detail::Values));
    }
}
