//! What `callbrief kpi --explain` tells: enough to compute each number again, in lines that fit a terminal, and as JSON
//! whose names stay.

use serde_json::Value;

use super::command_line::Desk;

const ROWS: &str = "CREATE TABLE calls (started_at TEXT, queue TEXT, answered INTEGER, wait_s INTEGER);
INSERT INTO calls VALUES ('2026-11-16 08:00:00', 'Sales', 1, 5), ('2026-11-17 08:00:00', 'Sales', 1, 12),
    ('2026-11-17 09:00:00', 'Sales', 0, NULL), ('2026-11-18 08:00:00', 'Support', 0, 90),
    ('2026-11-18 09:30:00', 'Support', 1, 20), ('2026-11-19 08:00:00', NULL, 1, 41),
    ('2026-11-10 08:00:00', 'Sales', 1, 5), ('2026-11-11 08:00:00', 'Sales', 0, 7), ('soon', 'Sales', 1, 3);";

const KPIS: &str = "parameters:
  patience: { value: 20, unit: duration }
kpis:
  in_time:
    title: { en: In time, ru: Вовремя }
    description: { en: 'Answered within {patience}, of all.', ru: 'Принято за {patience}, от всех.' }
    dataset: calls
    formula: percent(count(answered and wait_s <= patience), count())
    unit: percent
    target: 80
  asa:
    title: { en: Speed of answer, ru: Скорость ответа }
    dataset: calls
    formula: avg(wait_s, answered)
    unit: duration
  growth:
    title: { en: Growth, ru: Рост }
    formula: |
      // More calls than in the window before.
      if previous(offered) == 0 {
        ()
      } else {
        percent(offered - previous(offered), previous(offered))
      }
    unit: percent
  pace:
    title: { en: Pace, ru: Темп }
    formula: offered / (interval_s() / 3600)
    unit: number
  spread:
    title: { en: Spread, ru: Разброс }
    dataset: calls
    formula: percentile(wait_s, 90, answered) - median(wait_s)
    unit: duration
  refused:
    title: { en: Refused, ru: Отказ }
    dataset: calls
    formula: offered / sum(wait_s) * count(nowhere.seconds > 1)
    unit: number
";

const NOWHERE: &str = "dataset: nowhere
source: pbx
time: began_at
query: SELECT * FROM nowhere
columns: { began_at: { type: time, stored_as: utc_text }, seconds: duration }
";

async fn desk() -> Desk {
    let desk = Desk::with_calls(ROWS).await;
    desk.write("rules/kpis/more.yaml", KPIS);
    desk.write("rules/datasets/nowhere.yaml", NOWHERE);
    desk
}

async fn json(arguments: &[&str]) -> Value {
    let output = desk().await.run(arguments);
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn numbers_are_explained_in_lines() {
    let desk = desk().await;
    insta::assert_snapshot!(desk.all_told(&[
        &["kpi", "in_time", "asa", "growth", "pace", "spread", "refused", "--explain"],
        &["kpi", "in_time", "--by", "queue", "--explain"],
    ]));
    desk.edit("callbrief.yaml", |text| text.replace("locale: en", "locale: ru"));
    let told = desk.all_told(&[&["kpi", "in_time", "asa", "growth", "--explain"]]);
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    insta::assert_snapshot!("in_russian", told);
}

#[tokio::test]
async fn only_some_groups_are_told_and_it_is_said() {
    let rows: Vec<String> =
        (10..40).map(|second| format!("('2026-11-16 08:00:{second}', 'Queue {second}', 1, 5)")).collect();
    let sql = "CREATE TABLE calls (started_at TEXT, queue TEXT, answered INTEGER, wait_s INTEGER);";
    let desk = Desk::with_calls(&format!("{sql}INSERT INTO calls VALUES {};", rows.join(", "))).await;
    let told = desk.all_told(&[&["kpi", "offered", "--by", "queue", "--explain"]]);
    assert_eq!(told.matches("Queue: Queue").count(), 20, "{told}");
    assert!(told.ends_with("The first 20 of 30 rows are explained; --json explains all of them.\n"), "{told}");
    let output = desk.run(&["kpi", "offered", "--by", "queue", "--explain", "--json"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let groups = told["groups"].as_array().unwrap();
    assert_eq!(groups.iter().filter(|group| group["kpis"]["offered"]["explanation"].is_object()).count(), 30);
}

#[tokio::test]
async fn rows_that_are_in_no_period_are_told() {
    let desk = desk().await;
    desk.edit("rules/datasets/calls.yaml", |text| {
        text.replace("  WHERE started_at >= :from AND started_at < :to\n", "")
    });
    let told = desk.all_told(&[&["kpi", "offered", "--explain"]]);
    assert!(told.contains("calls: 1 row without a usable time is in no period\n"), "{told}");
    let output = desk.run(&["kpi", "offered", "--explain", "--json"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["datasets"]["calls"]["without_time"], 1);
}

/// These names are read by programs of others.
#[tokio::test]
async fn the_names_in_the_json_stay() {
    let told = json(&["kpi", "in_time", "asa", "growth", "pace", "refused", "--explain", "--json"]).await;
    insta::assert_snapshot!(serde_json::to_string_pretty(&told).unwrap());
}

/// With nothing but a calculator: every number from its parts.
#[tokio::test]
async fn numbers_can_be_computed_again() {
    for by in [&[][..], &["--by", "queue"], &["--by", "queue,day"]] {
        let told = json(&[&["kpi", "in_time", "asa", "pace", "--explain", "--json"], by].concat()).await;
        let groups = told["groups"].as_array().unwrap();
        assert!(!groups.is_empty());
        for group in groups {
            let kpi = |name: &str| (&group["kpis"][name]["value"], &group["kpis"][name]["explanation"]["parts"]);
            let number = |value: &Value| value.as_f64().unwrap();
            let check = |told: &Value, computed: f64| {
                assert!((number(told) - computed).abs() < 1e-9, "{computed} instead of {told}: {group:#}");
            };
            let (in_time, parts) = kpi("in_time");
            check(in_time, number(&parts[0]["value"]) / number(&parts[1]["value"]) * 100.0);
            let (asa, parts) = kpi("asa");
            if number(&parts[0]["rows"]["entered"]) > 0.0 {
                check(asa, number(&parts[0]["sum"]) / number(&parts[0]["rows"]["entered"]));
            } else {
                assert!(asa.is_null(), "{group:#}");
            }
            let (pace, parts) = kpi("pace");
            assert_eq!((&parts[0]["part"], &parts[1]["part"]), (&"offered".into(), &"interval_s()".into()));
            check(pace, number(&parts[0]["value"]) / (number(&parts[1]["value"]) / 3600.0));
            let offered = &group["needed_kpis"]["offered"];
            check(&offered["value"], number(&offered["explanation"]["parts"][0]["rows"]["entered"]));
        }
    }
}
