//! A backtest as JSON: every time the rule fired, the sums by group, and a row for each run with other numbers.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::backtest::{Answer, Run};
use crate::alert::{Ending, Firing};
use crate::pipeline::Way;

/// The answer.
pub(super) fn answer(answer: &Answer<'_>) -> Value {
    let runs: Vec<Value> = answer.runs.iter().map(|run| of_run(answer, run)).collect();
    json!({
        "rule": answer.rule, "from": instant(answer.stretch.from), "to": instant(answer.stretch.to),
        "flap_within_s": answer.flap.num_seconds(), "runs": runs,
    })
}

fn of_run(answer: &Answer<'_>, run: &Run) -> Value {
    let outcome = &run.outcome;
    let (all, groups) = outcome.firing(answer.flap);
    let groups: Vec<Value> = groups.iter().map(|(labels, firing)| with(json!({ "labels": labels }), firing)).collect();
    let episodes: Vec<Value> = outcome
        .episodes
        .iter()
        .zip(outcome.flaps(answer.flap))
        .map(|(episode, is_flap)| {
            json!({
                "labels": episode.labels, "severity": episode.severity.word(), "flap": is_flap,
                "began_at": instant(episode.began_at), "fired_at": instant(episode.fired_at),
                "ended_at": episode.ended_at.map(instant), "ending": episode.ending.map(Ending::word),
                "lasted_s": (outcome.end(episode) - episode.fired_at).num_seconds(),
                "kpi": episode.kpi, "value_at_fire": episode.value_at_fire, "worst": episode.worst,
            })
        })
        .collect();
    let values: serde_json::Map<String, Value> =
        run.values.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let (failed, failure) = &outcome.failed;
    let compared = match &run.way {
        Way::Replayed(instants) => json!({ "way": "replayed", "compared_instants": instants }),
        Way::Measured(reason) => json!({ "way": "measured", "reason": reason }),
    };
    with(
        json!({
            "set": values, "evaluations": outcome.evaluations, "outside_hours": outcome.closed,
            "held_without_data": outcome.held, "failed": failed, "failure": failure, "mails": outcome.mails,
            "read": compared, "groups": groups, "episodes": episodes,
        }),
        &all,
    )
}

/// The same object with the sums of what fired.
fn with(mut object: Value, firing: &Firing) -> Value {
    object["fired"] = json!(firing.times);
    object["flaps"] = json!(firing.flaps);
    object["total_s"] = json!(firing.total.num_seconds());
    object["longest_s"] = json!(firing.longest.num_seconds());
    object
}

fn instant(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339()
}
