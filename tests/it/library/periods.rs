//! Which period and group a call belongs to, and totals over them.

use super::centre::{Centre, DAY};
use crate::program::kpi_groups;

#[tokio::test]
async fn totals_come_from_the_parts() {
    let day = |date: &str, answered: usize, offered: usize| {
        let values = (0..offered).map(|call| format!("('{date} 09:00:00', 1, {}, 0, 5)", u8::from(call < answered)));
        let values: Vec<String> = values.collect();
        format!("INSERT INTO calls (started_at, offered, answered, abandoned, wait_s) VALUES {};\n", values.join(","))
    };
    let centre = Centre::new(&[day("2026-11-16", 90, 100), day("2026-11-17", 10, 20)].concat()).await;
    centre.check(&["--period", "2026-W47"], &[("answer_rate", Some("83.33")), ("offered", Some("120"))]);
    centre.check_groups("2026-W47", "day", "answer_rate", &["2026-11-16: 90.0", "2026-11-17: 50.0"]);
}

/// A call for each of these instants (UTC), in the queue behind it.
fn calls_at(instants: &[(&str, &str)]) -> String {
    let row = |(instant, queue): &(&str, &str)| format!("('{instant}', '{queue}', 1, 1, 0, 5, 600, 0, 0)");
    let rows: Vec<String> = instants.iter().map(row).collect();
    format!(
        "INSERT INTO calls (started_at, queue, offered, answered, abandoned, wait_s, talk_s, hold_s, wrap_s) VALUES {};",
        rows.join(", ")
    )
}

#[tokio::test]
async fn a_call_belongs_to_the_instant_it_entered_the_queue_at() {
    // 23:58 in Moscow and ten minutes long; and midnight itself.
    let centre = Centre::new(&calls_at(&[("2026-11-16 20:58:00", "Sales"), ("2026-11-16 21:00:00", "Sales")])).await;
    centre.check_groups("2026-W47", "day", "offered", &["2026-11-16: 1.0", "2026-11-17: 1.0"]);
    centre.check(&["--period", "2026-11-16"], &[("offered", Some("1")), ("aht", Some("600"))]);
    centre.check(&["--period", "2026-11-17"], &[("offered", Some("1")), ("aht", Some("600"))]);
    // The border of two weeks, and with it of two reports: 2026-W47 begins where the call has begun before.
    let centre = Centre::new(&calls_at(&[("2026-11-15 20:59:59", "Sales")])).await;
    centre.check(&["--period", "2026-W46"], &[("offered", Some("1"))]);
    centre.check(&["--period", "2026-W47"], &[("offered", Some("0"))]);
}

#[tokio::test]
async fn the_hour_that_comes_twice_is_two_hours_of_one_day() {
    // 02:30 in Berlin, once in summer time and once in winter time.
    let twice = calls_at(&[("2026-10-25 00:30:00", "Sales"), ("2026-10-25 01:30:00", "Sales")]);
    let centre = Centre::in_zone("Europe/Berlin", &twice).await;
    centre.check(&["--period", "2026-10-25"], &[("offered", Some("2"))]);
    assert_eq!(kpi_groups(centre.path(), &["--period", "2026-10-25", "--by", "hour", "offered"]).len(), 2);
    centre.check_groups("2026-10-25", "hour_of_day", "offered", &["2: 2.0"]);
    centre.check_groups("2026-10-25", "day", "offered", &["2026-10-25: 2.0"]);
}

#[tokio::test]
async fn a_call_in_two_queues_is_offered_twice_and_three_ringing_phones_are_no_calls() {
    let rows = calls_at(&[("2026-11-16 09:00:00", "Sales"), ("2026-11-16 09:01:00", "Support")])
        + "INSERT INTO agent_intervals (interval_at, agent, rings, missed_rings) VALUES
           ('2026-11-16 09:00:00', 'Anna', 1, 1), ('2026-11-16 09:00:00', 'Boris', 1, 1), ('2026-11-16 09:00:00', 'Vera', 1, 0);";
    let centre = Centre::new(&rows).await;
    centre.check_groups(DAY, "queue", "offered", &["Sales: 1.0", "Support: 1.0"]);
    centre.check(&[], &[("offered", Some("2")), ("rings", Some("3")), ("non_response", Some("66.67"))]);
}
