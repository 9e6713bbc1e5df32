//! The language over a workspace that has parameters and functions of its own: what they give, in formulas, in conditions
//! on rows and in texts.

use super::check;
use super::floor::{ACTIVITY, CALLS, Floor, example_sql};
use crate::locale::Language;

const PARAMETERS: &str = "
parameters:
  sl_threshold: { value: 20, unit: duration, title: { en: Threshold, ru: Порог } }
  share: { value: 80, unit: percent }
  wait_s: 1000
";

/// KPIs `k0`, `k1`, … of these formulas in a workspace with the parameters.
async fn floor(formulas: &[&str]) -> Floor {
    let kpis = super::kpis(formulas);
    Floor::new(&[CALLS, ACTIVITY], &format!("{PARAMETERS}{kpis}"), &example_sql()).await
}

#[tokio::test]
async fn parameters_stand_for_their_number() {
    let pairs = [
        ("percent(count(answered and wait_s <= sl_threshold), count(offered))", Some(60.0)),
        ("if percent(count(answered), count()) >= share { sl_threshold } else { 0 }", Some(20.0)),
        ("fn within(seconds) { count(wait_s <= seconds) } within(sl_threshold) + within(2 * sl_threshold)", Some(7.0)),
        ("percentile(wait_s, share)", Some(30.0)),
        ("sl_threshold", Some(20.0)),
        // The column of the same name is nearer.
        ("sum(wait_s)", Some(110.0)),
        ("let share = 5; share", Some(5.0)),
        ("-sl_threshold + 7 % share", Some(-13.0)),
        ("count(wait_s in [sl_threshold, 30])", Some(1.0)),
    ];
    let formulas: Vec<&str> = pairs.iter().map(|(formula, _)| *formula).collect();
    let floor = floor(&formulas).await;
    assert_eq!(floor.told, Vec::<String>::new());
    check(&pairs, &floor.totals().await);
}

#[tokio::test]
async fn every_aggregate_takes_a_condition_and_every_operator_columns_of_another_dataset() {
    let pairs = [
        ("count(wait_s, queue == \"Sales\")", Some(3.0)),
        ("sum(wait_s, queue == \"Sales\")", Some(45.0)),
        ("avg(wait_s, queue == \"Sales\")", Some(15.0)),
        ("min(wait_s, queue == \"Support\")", Some(10.0)),
        ("max(wait_s, queue == \"Sales\")", Some(30.0)),
        ("median(wait_s, queue == \"Sales\")", Some(10.0)),
        ("percentile(wait_s, 100, queue == \"Sales\")", Some(30.0)),
        ("stddev(wait_s, queue == \"Support\")", Some(22.5)),
        ("distinct(wait_s, queue == \"Sales\")", Some(3.0)),
        ("distinct(queue)", Some(2.0)),
        ("sum(agent_activity.seconds, agent_activity.agent == \"Anna\")", Some(3600.0)),
        ("count(starts_with(agent_activity.agent, \"An\") or ends_with(agent_activity.agent, \"s\"))", Some(2.0)),
        ("count(contains(queue, \"al\") and not starts_with(queue, \"X\"))", Some(3.0)),
        ("count(queue !in [\"Sales\"]) + count(not (queue in [\"Sales\"]))", Some(4.0)),
        ("count(if_null(csat, 0) > 3 or is_null(nps))", Some(3.0)),
        ("count(hour(started_at) in [9, 17] and weekday(started_at) == 1)", Some(4.0)),
        ("avg(agent_activity.seconds / 60 - 10 % 4)", Some(43.0)),
        ("count(calls.answered && !calls.abandoned || calls.wait_s >= 30)", Some(5.0)),
        ("wait_s.sum() + wait_s.percentile(50)", Some(120.0)),
    ];
    let formulas: Vec<&str> = pairs.iter().map(|(formula, _)| *formula).collect();
    let floor = floor(&formulas).await;
    assert_eq!(floor.told, Vec::<String>::new());
    check(&pairs, &floor.totals().await);
}

#[tokio::test]
async fn what_is_right_in_every_branch_is_told_of_in_none() {
    let formulas = [
        "let all = count(); if all == 0 { return (); } let part = count(answered); part / all",
        "let column = if count() > 3 { wait_s } else { talk_s }; sum(column, column > 5)",
        "let worst = (); for limit in [10, 20, 30] { if count(wait_s > limit) > 0 { worst = limit; } } worst ?? 0",
        "switch count() { 0 => (), 1..=3 if avg(wait_s) > 5 => 1, _ => 2 }",
        "let limits = [10, 20]; limits[0] = 5; count(wait_s <= limits[0])",
        "let n = 0; loop { n += 1; if n > 3 { break; } } n",
        "let n = loop { break count(); }; n",
        "let n = 3; do { n -= 1; } while n > 0; n",
        "try { count() } catch (e) { 0 }",
        "fn sum_up(n) { if n <= 0 { 0 } else { n + sum_up(n - 1) } } sum_up(3)",
        "100 / (count() - 50)",
        "percentile(wait_s, count() * 10)",
        "let text = `${count()} calls`; if text == \"\" { 1 } else { 2 }",
        "let x = 5; { let x = queue; } x + 1",
        "for (x, i) in [1, 2] { if i > 1 { return x; } } count()",
    ];
    let floor = floor(&formulas).await;
    assert_eq!(floor.told, Vec::<String>::new());
}

#[tokio::test]
async fn texts_say_the_parameters_values() {
    let kpis = "kpis:\n  within:\n    title: { en: 'Within {sl_threshold}', ru: 'За {sl_threshold}' }\n    \
                description: 'At least {share}'\n    dataset: calls\n    unit: percent\n    formula: \
                percent(count(wait_s <= sl_threshold), count())\n";
    let floor = Floor::new(&[CALLS, ACTIVITY], &format!("{PARAMETERS}{kpis}"), &example_sql()).await;
    let kpi = &floor.workspace.catalog.kpis["within"];
    let title = |language| kpi.title.get(language).unwrap_or_default().to_owned();
    assert_eq!(title(Language::English), "Within 20\u{a0}s");
    assert_eq!(title(Language::Russian), "За 20\u{a0}с");
    assert_eq!(kpi.description.get(Language::English), Some("At least 80%"));
}
