//! How long callers wait and how calls end: service level in its variants, borders, no calls at all.

use super::centre::{Calls, Centre, End, calls};

#[tokio::test]
async fn service_levels_are_those_the_variants_were_published_with() {
    use End::{Abandoned, Answered, FlowedOut};
    // ICMI, QueueTips 2002: 1,000 answered of which 860 within 20 s; 60 abandoned, 20 of them within 20 s, 10 within 5 s.
    let icmi = [
        Calls(860, Answered, 10),
        Calls(140, Answered, 45),
        Calls(10, Abandoned, 3),
        Calls(10, Abandoned, 12),
        Calls(40, Abandoned, 60),
    ];
    Centre::new(&calls(&icmi)).await.check(
        &[],
        &[
            ("service_level_abandon_in_threshold_ok", Some("83.02")),
            ("service_level_answered_only", Some("86.00")),
            ("service_level_all_offered", Some("81.13")),
            ("service_level_exclude_abandoned_in_threshold", Some("82.69")),
            ("service_level_short_ok", Some("82.08")),
            // Nothing flowed out, so the centre's own variant is the third.
            ("service_level", Some("81.13")),
            ("offered", Some("1060")),
        ],
    );
    // Cisco ICM: 100 offered, 70 in time, 20 answered too late, 10 abandoned within the threshold.
    let cisco = [Calls(70, Answered, 20), Calls(20, Answered, 21), Calls(10, Abandoned, 20)];
    Centre::new(&calls(&cisco)).await.check(
        &[],
        &[
            ("service_level_exclude_abandoned_in_threshold", Some("77.8")),
            ("service_level_all_offered", Some("70")),
            ("service_level_abandon_in_threshold_ok", Some("80")),
        ],
    );
    // Cisco's older text: 50 in time, 80 over; it writes 38 %.
    let older = [Calls(50, Answered, 5), Calls(80, Answered, 90)];
    Centre::new(&calls(&older)).await.check(&[], &[("service_level_answered_only", Some("38.46"))]);
    // Genesys: of 400 calls 200 in time, 100 too late, 50 abandoned before 10 s and 50 after.
    let genesys =
        [Calls(200, Answered, 8), Calls(100, Answered, 80), Calls(50, Abandoned, 9), Calls(50, Abandoned, 11)];
    let centre = Centre::new(&calls(&genesys)).await;
    centre.check(&["--set", "short_abandon=10"], &[("service_level_exclude_short", Some("57.14"))]);
    centre.check(&[], &[("service_level_exclude_short", Some("50.00"))]);
    // What flows out counts where the variant says so.
    let overflow = [Calls(8, Answered, 8), Calls(2, FlowedOut, 900)];
    let expected =
        [("service_level", Some("80")), ("service_level_all_offered", Some("100")), ("flowed_out", Some("2"))];
    Centre::new(&calls(&overflow)).await.check(&[], &expected);
}

#[tokio::test]
async fn a_wait_of_exactly_the_threshold_is_inside_and_of_exactly_the_short_limit_is_not_short() {
    use End::{Abandoned, Answered};
    let rows = [Calls(1, Answered, 20), Calls(1, Answered, 21), Calls(1, Abandoned, 5), Calls(1, Abandoned, 4)];
    let centre = Centre::new(&calls(&rows)).await;
    centre.check(
        &[],
        &[
            ("service_level_answered_only", Some("50")),
            ("service_level_exclude_short", Some("33.33")),
            ("service_level_short_ok", Some("50")),
            ("abandon_rate", Some("50")),
            ("abandon_rate_without_short", Some("33.33")),
        ],
    );
    centre.check(&["--set", "sl_threshold=19"], &[("service_level_answered_only", Some("0"))]);
    centre.check(&["--set", "sl_threshold=21"], &[("service_level_answered_only", Some("100"))]);
}

#[tokio::test]
async fn no_calls_are_no_data_but_for_counts() {
    let centre = Centre::new("").await;
    let none = [
        "service_level",
        "service_level_answered_only",
        "abandon_rate",
        "answer_rate",
        "asa",
        "aht",
        "max_wait",
        "first_contact_resolution",
        "fcr_by_repeats",
        "csat",
        "nps",
        "occupancy",
        "shrinkage",
        "pause_share",
        "calls_per_hour",
        "forecast_error",
        "cost_per_call",
        "required_agents",
        "expected_service_level",
        "attrition",
    ];
    centre.check(&[], &none.map(|kpi| (kpi, None)));
    let zero = ["offered", "answered", "abandoned", "flowed_out", "csat_answers", "complaints", "blocked", "dials"];
    centre.check(&[], &zero.map(|kpi| (kpi, Some("0"))));
}

#[tokio::test]
async fn shares_may_leave_zero_to_a_hundred_where_they_can() {
    use End::{Abandoned, Answered};
    let rows = calls(&[Calls(2, Answered, 5), Calls(3, Abandoned, 30)])
        + "UPDATE calls SET nps = 3 WHERE answered;
           INSERT INTO staff_survey (answered_at, ease, value, support, recommend)
           VALUES ('2026-11-16 09:00:00', 4, 3, 5, 6), ('2026-11-16 09:00:00', 2, 3, 4, 0);";
    let centre = Centre::new(&rows).await;
    centre.check(
        &[],
        &[
            // VICIdial's ACR: three dropped for two answered.
            ("abandoned_to_answered", Some("150")),
            ("nps", Some("-100")),
            ("nps_answers", Some("2")),
            ("enps", Some("-100")),
            ("staff_index", Some("3.50")),
            ("staff_answers", Some("2")),
        ],
    );
}

#[tokio::test]
async fn a_call_that_was_not_answered_has_no_speed_of_answer() {
    let rows = "INSERT INTO calls (started_at, offered, answered, abandoned, wait_s, talk_s, hold_s, wrap_s) VALUES
        ('2026-11-16 09:00:00', 1, 1, 0, 30, 100, 0, 20), ('2026-11-16 09:01:00', 1, 1, 0, 10, 200, 60, 20),
        ('2026-11-16 09:02:00', 1, 0, 1, 80, NULL, NULL, NULL), ('2026-11-16 09:03:00', 1, 0, 1, NULL, NULL, NULL, NULL);";
    Centre::new(rows).await.check(
        &[],
        &[
            ("asa", Some("20")),
            ("average_wait", Some("40")),
            ("time_to_abandon", Some("80")),
            ("max_wait", Some("80")),
            ("aht", Some("200")),
            ("talk_time", Some("150")),
            ("hold_time", Some("30")),
            ("hold_time_of_held", Some("60")),
            ("wrap_time", Some("20")),
            ("talk_share", Some("75")),
            ("hold_share", Some("15")),
            ("wrap_share", Some("10")),
        ],
    );
}
