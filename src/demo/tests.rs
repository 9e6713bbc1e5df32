//! The demo's figures are believable, its story is there, and the same plan gives the same bytes.

use std::path::Path;

use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Row, SqliteConnection};

use super::*;

fn plan() -> DemoPlan {
    DemoPlan {
        seed: 1,
        until: "2026-11-23".parse().unwrap(),
        zone: chrono_tz::Europe::Moscow,
        weeks: 13,
        language: Language::English,
    }
}

async fn made(plan: &DemoPlan, path: &Path) -> (Summary, SqliteConnection) {
    let summary = generate(plan, path, &mut |_| ()).await.unwrap();
    (summary, SqliteConnectOptions::new().filename(path).read_only(true).connect().await.unwrap())
}

async fn number(connection: &mut SqliteConnection, sql: &str) -> f64 {
    let row = sqlx::query(AssertSqlSafe(format!("SELECT CAST(({sql}) AS REAL)"))).fetch_one(connection).await.unwrap();
    row.get(0)
}

const SERVICE_LEVEL: &str = "SELECT 100.0 * sum(answered AND wait_s <= 20) / count(*) FROM calls";

#[tokio::test]
async fn a_quarter_of_a_year_is_believable_and_has_its_story() {
    let folder = tempfile::tempdir().unwrap();
    let (_, mut calls) = made(&plan(), &folder.path().join("calls.db")).await;
    check_figures(&mut calls).await;
    check_story(&mut calls).await;
}

async fn check_figures(calls: &mut SqliteConnection) {
    let checks = [
        ("calls a day", "SELECT count(*) / 91.0 FROM calls", 1_300.0..1_600.0),
        ("service level", SERVICE_LEVEL, 77.0..86.0),
        ("abandon rate", "SELECT 100.0 * sum(abandoned) / count(*) FROM calls", 3.0..7.0),
        ("flowed out", "SELECT 100.0 * sum(NOT abandoned AND NOT answered) / count(*) FROM calls", 0.001..1.0),
        ("handle time", "SELECT avg(talk_s + hold_s + wrap_s) FROM calls", 270.0..330.0),
        ("resolved", "SELECT 100.0 * sum(resolved) / sum(answered) FROM calls", 74.0..86.0),
        ("repeats", "SELECT 100.0 * sum(repeat_within_7d) / count(*) FROM calls", 8.0..20.0),
        ("csat", "SELECT avg(csat) FROM calls", 3.6..4.5),
        ("csat answers", "SELECT 100.0 * count(csat) / sum(answered) FROM calls", 23.0..27.0),
        ("nps answers", "SELECT 100.0 * count(nps) / sum(answered) FROM calls", 10.0..14.0),
        ("nps", "SELECT 100.0 * (sum(nps >= 9) - sum(nps <= 6)) / count(nps) FROM calls", 20.0..40.0),
        ("ces", "SELECT avg(ces) FROM calls", 4.8..5.8),
        ("invited", "SELECT 100.0 * sum(survey_invited) / sum(answered) FROM calls", 68.0..72.0),
        ("complaints", "SELECT 1000.0 * sum(complaint) / sum(answered) FROM calls", 3.0..9.0),
        ("conversion", "SELECT 100.0 * sum(sale) / count(sale) FROM calls", 10.0..22.0),
        (
            "first contacts",
            "SELECT 100.0 * avg(resolved) FROM calls WHERE answered AND NOT repeat_within_7d",
            72.0..84.0,
        ),
        (
            "occupancy",
            "SELECT 100.0 * sum(talk_s + wrap_s) / sum(talk_s + wrap_s + ready_s) FROM agent_intervals",
            73.0..82.0,
        ),
        (
            "shrinkage",
            "SELECT 100 - 100.0 * sum(talk_s + wrap_s + ready_s) / sum(paid_s) FROM agent_intervals",
            25.0..35.0,
        ),
        ("adherence", "SELECT 100.0 * sum(adherent_s) / sum(scheduled_s) FROM agent_intervals", 90.0..96.0),
        (
            "conformance",
            "SELECT 100.0 * sum(talk_s + wrap_s + ready_s) / sum(scheduled_on_queue_s) FROM agent_intervals",
            86.0..96.0,
        ),
        ("non-response", "SELECT 100.0 * sum(missed_rings) / sum(rings) FROM agent_intervals", 1.0..4.0),
        (
            "half hours hold what the stretches do",
            "SELECT 1.0 * sum(logged_in_s + ready_s + talk_s + wrap_s + pause_s)
             / (SELECT sum(seconds) FROM agent_activity) FROM agent_intervals",
            0.9999..1.0001,
        ),
        ("absenteeism", "SELECT 100.0 * sum(absent) / sum(scheduled) FROM staff_days", 2.0..9.0),
        ("leavers", "SELECT sum(last_day) FROM staff_days", 1.5..2.5),
        ("forecast", "SELECT 1.0 * sum(calls) / (SELECT count(*) FROM calls) FROM forecast", 0.93..1.07),
        ("contacts", "SELECT 100.0 * avg(contact) FROM dials", 20.0..35.0),
        ("drops", "SELECT 100.0 * sum(dropped) / sum(human) FROM dials", 1.0..3.0),
        ("cost of a call", "SELECT 1.0 * sum(amount) / (SELECT sum(answered) FROM calls) FROM costs", 4.0..9.0),
        ("turned away", "SELECT count(*) FROM turned_away", 200.0..1_500.0),
        (
            "time inside logins",
            "SELECT 1.0 * sum(seconds) FILTER (WHERE state <> 'login') / sum(seconds) FILTER (WHERE state = 'login')
             FROM agent_activity",
            0.9999..1.0001,
        ),
        (
            "quality",
            "SELECT 100.0 * sum(CASE WHEN critical_error THEN 0 ELSE points END) / sum(possible_points) FROM evaluations",
            80.0..92.0,
        ),
        ("scores", "SELECT avg(score) FROM evaluations", 80.0..92.0),
        ("critical errors", "SELECT 100.0 * avg(critical_error) FROM evaluations", 0.5..5.0),
        ("evaluations", "SELECT count(*) FROM evaluations", 1_000.0..2_500.0),
        ("staff", "SELECT avg(ease + value + support) / 3.0 FROM staff_survey", 3.4..4.2),
        ("agents", "SELECT count(*) FROM agents", 40.0..40.5),
    ];
    let mut wrong = Vec::new();
    for (name, sql, expected) in checks {
        let value = number(calls, sql).await;
        if !expected.contains(&value) {
            wrong.push(format!("{name} is {value:.2}, not within {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn check_story(calls: &mut SqliteConnection) {
    let mut week = async |queue: &str, from: &str, to: &str| {
        let which = format!("WHERE queue = '{queue}' AND started_at >= '{from}' AND started_at < '{to}'");
        number(calls, &format!("{SERVICE_LEVEL} {which}")).await
    };
    let (before, last) = ("2026-10-11 21:00:00", "2026-11-15 21:00:00");
    let healthy = week("Support", before, "2026-10-18 21:00:00").await;
    let worse = week("Support", last, "2026-11-22 21:00:00").await;
    assert!(healthy > 72.0 && (50.0..68.0).contains(&worse), "Support fell from {healthy} to {worse}");
    let calm = week("Billing", "2026-11-08 21:00:00", last).await;
    let surge = week("Billing", last, "2026-11-22 21:00:00").await;
    assert!(calm - surge > 8.0, "Billing fell from {calm} to {surge}");
    let outage = "FROM calls WHERE started_at >= '2026-10-29 08:00:00' AND started_at < '2026-10-29 11:00:00'";
    let few = number(calls, &format!("SELECT count(*) {outage}")).await;
    let lost = number(calls, &format!("SELECT 100.0 * sum(abandoned) / count(*) {outage}")).await;
    assert!((20.0..250.0).contains(&few) && lost > 80.0, "{few} calls, {lost} % abandoned");
}

#[tokio::test]
async fn the_same_plan_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let short = DemoPlan { weeks: 2, language: Language::Russian, ..plan() };
    let (summary, mut written) = made(&short, &folder.path().join("new").join("a.db")).await;
    for (table, rows) in [("calls", summary.calls), ("agent_activity", summary.activity), ("agents", summary.agents)] {
        assert_eq!(number(&mut written, &format!("SELECT count(*) FROM {table}")).await, rows as f64, "{table}");
    }
    let mut hashes = vec![Sha256::digest(std::fs::read(folder.path().join("new").join("a.db")).unwrap())];
    for (name, plan) in [("b.db", &short), ("c.db", &DemoPlan { seed: 2, ..short.clone() })] {
        let path = folder.path().join("new").join(name);
        generate(plan, &path, &mut |_| ()).await.unwrap();
        hashes.push(Sha256::digest(std::fs::read(path).unwrap()));
    }
    assert_eq!(hashes[0], hashes[1]);
    assert_ne!(hashes[0], hashes[2], "another seed, other calls");
    assert_eq!(std::fs::read_dir(folder.path().join("new")).unwrap().count(), 3, "nothing unfinished is left");
}

#[tokio::test]
async fn an_impossible_plan_is_refused_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    for (weeks, until) in [(0, plan().until), (261, plan().until), (1, NaiveDate::MIN)] {
        let error = generate(&DemoPlan { weeks, until, ..plan() }, &path, &mut |_| ()).await.unwrap_err();
        assert!(matches!(error, DemoError::BadPlan { .. }), "{error}");
        assert!(!path.exists());
    }
}
