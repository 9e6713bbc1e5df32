//! What callers and staff say, what those who listen find, what it costs and brings in.

use super::centre::{Calls, Centre, End, calls};

#[tokio::test]
async fn what_people_say_and_what_it_costs() {
    let rows = calls(&[Calls(10, End::Answered, 5)])
        + "UPDATE calls SET queue = 'Sales', survey_invited = 1, sale = rowid <= 3, complaint = rowid = 1,
             resolved = rowid <= 6, repeat_within_7d = rowid > 8, transferred = rowid = 4;
           UPDATE calls SET csat = rowid WHERE rowid <= 5;
           UPDATE calls SET ces = rowid + 2 WHERE rowid <= 5;
           UPDATE calls SET sale = NULL WHERE rowid > 6;
           INSERT INTO evaluations (evaluated_at, points, possible_points, score, critical_error) VALUES
             ('2026-11-16 10:00:00', 90, 100, 90, 0), ('2026-11-16 10:00:00', 60, 80, 75, 0),
             ('2026-11-16 10:00:00', 95, 100, 0, 1);
           INSERT INTO costs VALUES ('2026-11-15 21:00:00', 'Wages', 800), ('2026-11-15 21:00:00', 'Telephony', 150);
           INSERT INTO dials (dialed_at, human, dropped, contact, sale) VALUES
             ('2026-11-16 09:00:00', 1, 1, 0, 0), ('2026-11-16 09:00:00', 1, 0, 1, 1),
             ('2026-11-16 09:00:00', 1, 0, 1, 0), ('2026-11-16 09:00:00', 1, 0, 0, 0), ('2026-11-16 09:00:00', 0, 0, 0, 0);
           INSERT INTO forecast VALUES ('2026-11-16 09:00:00', 'Sales', 7, 200);
           INSERT INTO turned_away VALUES ('2026-11-16 09:00:00', 'Sales', 'full'),
             ('2026-11-16 09:00:00', 'Sales', 'unstaffed'), ('2026-11-16 09:00:00', 'Sales', 'unstaffed');
           INSERT INTO staff_days (day_at, on_date, agent, scheduled, absent, last_day) VALUES
             ('2026-11-15 21:00:00', '2026-11-16', 'Anna', 1, 0, 0), ('2026-11-15 21:00:00', '2026-11-16', 'Boris', 1, 1, 1),
             ('2026-11-16 21:00:00', '2026-11-17', 'Anna', 0, 0, 0);";
    let centre = Centre::new(&rows).await;
    centre.check(
        &[],
        &[
            ("csat", Some("40")),
            ("csat_mean", Some("3.00")),
            ("csat_share", Some("60")),
            ("dsat", Some("40")),
            ("csat_answers", Some("5")),
            ("ces", Some("5.00")),
            ("ces_share", Some("60")),
            ("ces_answers", Some("5")),
            ("survey_invitations", Some("10")),
            ("survey_response_rate", Some("50")),
            ("complaints", Some("1")),
            ("complaints_per_thousand", Some("100")),
            ("first_contact_resolution", Some("75")),
            ("repeat_rate", Some("20")),
            ("fcr_by_repeats", Some("80")),
            ("transfer_rate", Some("10")),
            // A critical error's points count for nothing, what it could have had counts.
            ("quality_score", Some("53.57")),
            ("critical_errors", Some("33.33")),
            ("critical_error_accuracy", Some("66.67")),
            ("evaluated_calls", Some("3")),
            ("evaluated_share", Some("30")),
            ("total_cost", Some("950")),
            ("cost_per_call", Some("95")),
            ("sales", Some("3")),
            ("conversion", Some("50")),
            ("dials", Some("5")),
            ("contact_rate", Some("40")),
            ("drop_rate", Some("25")),
            ("outbound_conversion", Some("50")),
            ("forecast_calls", Some("7")),
            ("forecast_error", Some("30")),
            ("blocked", Some("2")),
            ("saturated", Some("1")),
            ("headcount", Some("2.0")),
            ("absenteeism", Some("50")),
            ("attrition", Some("50")),
        ],
    );
    // Over two days the headcount is 1.5.
    let both = [("headcount", Some("1.5")), ("attrition", Some("66.7"))];
    centre.check(&["--period", "2026-11-16..2026-11-17"], &both);
}
