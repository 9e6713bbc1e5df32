//! The agents' time, and whether there are enough of them.

use serde_json::{Value, json};

use super::centre::{Calls, Centre, DAY, End, calls, shown};
use crate::program::kpi_groups;

#[tokio::test]
async fn agents_times_are_divided_as_their_descriptions_say() {
    // MetricNet: 8 hours paid, 6 logged in, 4 of them handling calls; it divides both by what callbrief does.
    let metricnet = "INSERT INTO agent_intervals (interval_at, agent, paid_s, scheduled_s, scheduled_on_queue_s,
            adherent_s, logged_in_s, ready_s, talk_s, wrap_s, pause_s, rings, missed_rings) VALUES
        ('2026-11-16 09:00:00', 'Anna', 28800, 28800, 25200, 21600, 21600, 7200, 10800, 3600, 0, 40, 10);
        INSERT INTO agent_activity (started_at, agent, state, reason, seconds) VALUES
        ('2026-11-16 09:10:00', 'Anna', 'pause', 'Lunch', 1800), ('2026-11-16 10:00:00', 'Anna', 'pause', NULL, 360),
        ('2026-11-16 09:00:00', 'Anna', 'login', NULL, 21600);";
    let centre = Centre::new(metricnet).await;
    centre.check(
        &[],
        &[
            ("utilization", Some("50")),
            ("occupancy", Some("66.7")),
            ("availability", Some("33.3")),
            ("adherence", Some("75")),
            ("conformance", Some("85.7")),
            ("shrinkage", Some("25")),
            ("pause_share", Some("10")),
            ("non_response", Some("25")),
            ("rings", Some("40")),
            ("missed_rings", Some("10")),
            ("logged_in_time", Some("21600")),
            ("staffed_time", Some("21600")),
        ],
    );
    // A part of the logged-in time of everybody, not of its own reason.
    let groups = kpi_groups(centre.path(), &["--period", DAY, "--by", "reason", "pause_share"]);
    let shares: Vec<_> =
        groups.iter().map(|(group, values)| (&group["reason"], shown(&values["pause_share"], Some("0.00")))).collect();
    let lunch = json!("Lunch");
    assert_eq!(shares, [(&lunch, Some("8.33".to_owned())), (&Value::Null, Some("1.67".to_owned()))]);
    // bit1024: of 160 paid hours 20 are not on the phones.
    let bit1024 = "INSERT INTO agent_intervals (interval_at, paid_s, ready_s, talk_s, wrap_s)
        VALUES ('2026-11-16 09:00:00', 576000, 104000, 300000, 100000);";
    Centre::new(bit1024).await.check(&[], &[("shrinkage", Some("12.5"))]);
}

#[tokio::test]
async fn staffing_is_that_of_published_erlang_tables() {
    // 100 calls of 180 s in half an hour are 10 Erlang; 14 agents answer 88.8 % within 20 s and are the fewest for 80 %.
    let rows = calls(&[Calls(100, End::Answered, 8)])
        + "UPDATE calls SET talk_s = 140, hold_s = 10, wrap_s = 30;
           WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15)
           INSERT INTO agent_intervals (interval_at, agent, scheduled_s, ready_s, talk_s, wrap_s)
           SELECT '2026-11-16 09:00:00', 'agent ' || i, 1800, 500, 1000, 300 FROM n WHERE i <= 14
           UNION ALL SELECT '2026-11-16 18:30:00', 'late', 0, 0, 0, 0;";
    let centre = Centre::new(&rows).await;
    centre.check(
        &[],
        &[
            ("opening_time", Some("1800")),
            ("traffic", Some("10")),
            ("agents_on_line", Some("14")),
            ("required_agents", Some("14")),
            ("staffing_gap", Some("0")),
            ("expected_service_level", Some("88.8")),
            ("occupancy", Some("72.2")),
        ],
    );
    centre.check(&["--set", "sl_target=90"], &[("required_agents", Some("15")), ("staffing_gap", Some("-1"))]);
}
