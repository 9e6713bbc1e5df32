//! Service levels as published: each method on calls made for it.

use std::fmt::Write;

use super::floor::{ACTIVITY, CALLS, Floor, kpis};
use super::{Reading, check};

/// So many calls with the same fate: answered, abandoned, seconds of waiting.
type Calls = (u32, bool, bool, u32);

async fn measured(calls: &[Calls], formulas: &[&str]) -> Vec<Reading> {
    let mut sql = "CREATE TABLE calls (started_at, queue, answered, abandoned, wait_s);\n".to_owned();
    for (count, answered, abandoned, wait) in calls {
        writeln!(
            sql,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) INSERT INTO calls \
             SELECT '2026-11-16 12:00:00', 'Sales', {answered}, {abandoned}, {wait} FROM n;"
        )
        .unwrap();
    }
    let floor = Floor::new(&[CALLS, ACTIVITY], &kpis(formulas), &sql).await;
    assert_eq!(floor.told, Vec::<String>::new());
    floor.totals().await
}

#[tokio::test]
async fn every_method_gives_the_published_figure() {
    // ICMI, "Service Level Calculations", 2002: 1,000 answered, 860 of them in 20 s; 60 abandoned, 20 of them in 20 s and
    // 10 of those in less than 5 s. Waits lie on the boundaries where they can. 40 calls flowed out.
    let icmi = [
        (860, true, false, 20),
        (140, true, false, 21),
        (10, false, true, 4),
        (5, false, true, 5),
        (5, false, true, 20),
        (40, false, true, 21),
        (40, false, false, 10),
    ];
    let pairs = [
        ("service_level(20, \"abandon_in_threshold_ok\")", Some(88_000.0 / 1_060.0)),
        ("service_level(20, \"answered_only\")", Some(86.0)),
        ("service_level(20, \"all_offered\")", Some(86_000.0 / 1_060.0)),
        ("service_level(20, \"exclude_abandoned_in_threshold\")", Some(86_000.0 / 1_040.0)),
        ("service_level(20, \"short_ok\", 5)", Some(87_000.0 / 1_060.0)),
        ("service_level(20, \"exclude_short\", 5)", Some(86_000.0 / 1_050.0)),
        ("service_level(20, \"all_offered+flowouts\")", Some(86_000.0 / 1_100.0)),
        ("service_level(20, \"answered_only+flowouts\")", Some(86_000.0 / 1_040.0)),
        ("service_level(20, \"exclude_short+flowouts\", 5)", Some(86_000.0 / 1_090.0)),
        ("service_level(20, \"exclude_short\", 5, wait_s > 20)", Some(0.0)),
        ("service_level(20, \"answered_only\", abandoned)", None),
        ("let limit = 20; service_level(limit, \"answered_only\", queue == \"Sales\")", Some(86.0)),
    ];
    let formulas: Vec<&str> = pairs.iter().map(|(formula, _)| *formula).collect();
    check(&pairs, &measured(&icmi, &formulas).await);

    // Cisco ICM's guide: 100 offered, 70 in time, 10 abandoned in time, 20 answered late.
    let cisco = [(70, true, false, 10), (10, false, true, 10), (20, true, false, 60)];
    let pairs = [
        ("service_level(20, \"exclude_abandoned_in_threshold\")", Some(7_000.0 / 90.0)),
        ("service_level(20, \"all_offered\")", Some(70.0)),
        ("service_level(20, \"abandon_in_threshold_ok\")", Some(80.0)),
    ];
    check(&pairs, &measured(&cisco, &pairs.map(|(formula, _)| formula)).await);

    // A thread of Genesys' forum: 57.14 % with abandons below 10 s left out.
    let genesys = [(200, true, false, 10), (100, true, false, 60), (50, false, true, 9), (50, false, true, 11)];
    let pairs = [("service_level(20, \"exclude_short\", 10)", Some(20_000.0 / 350.0))];
    check(&pairs, &measured(&genesys, &pairs.map(|(formula, _)| formula)).await);
}
