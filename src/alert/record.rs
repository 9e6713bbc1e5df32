//! What the journal keeps of rules and alerts, as JSON.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::state::Trouble;
use super::stored_instant::optional;

/// What is remembered of a rule as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRecord {
    /// The instant the last evaluation stood for.
    #[serde(with = "optional", default)]
    pub evaluated: Option<DateTime<Utc>>,
    /// How many evaluations were missed since the rule is known.
    #[serde(default)]
    pub missed: u64,
    /// Why the rule as a whole gives no answer; none when it gives one.
    #[serde(default)]
    pub trouble: Option<Trouble>,
}

/// A state from the journal. The error is the reader's, for people; trying again does not help.
pub fn read_state<T: for<'de> Deserialize<'de>>(json: &str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| format!("the journal holds an alert state that cannot be read: {error}"))
}

/// A state for the journal.
pub fn write<T: Serialize>(state: &T) -> String {
    // Invariant: states hold strings, numbers and maps with string keys; floats are finite, as readings are.
    serde_json::to_string(state).expect("a state can always be written")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{AlertState as State, Cause, Extremes, Labels, Phase, Track, TroubleKind};
    use crate::workspace::AlertSeverity;

    fn check<T: Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(value: &T, json: &str) {
        assert_eq!(write(value), json);
        assert_eq!(&read_state::<T>(json).unwrap(), value);
    }

    #[test]
    fn states_come_back_as_they_were() {
        let at = |seconds: i64| DateTime::from_timestamp(1_795_392_000 + seconds, 0).unwrap();
        let state = State {
            tracks: vec![Track { phase: Phase::Recovering, since: at(0) }],
            active_since: Some(at(-600)),
            worst: Some(AlertSeverity::Critical),
            cause: Cause::Condition,
            trouble: Some(super::super::Trouble {
                kind: TroubleKind::NoData,
                reason: "no rows".to_owned(),
                since: at(-60),
            }),
            values: [("service_level".to_owned(), 61.25)].into(),
            extremes: [("service_level".to_owned(), Extremes { lowest: 50.0, highest: 61.25 })].into(),
            ..State::new(at(0))
        };
        check(
            &state,
            "{\"tracks\":[{\"phase\":\"recovering\",\"since\":1795392000}],\"active_since\":1795391400,\"fired\":null,\
             \"worst\":\"critical\",\"cause\":\"condition\",\
             \"trouble\":{\"kind\":\"no_data\",\"reason\":\"no rows\",\"since\":1795391940},\
             \"values\":{\"service_level\":61.25},\"extremes\":{\"service_level\":{\"lowest\":50.0,\"highest\":61.25}},\
             \"answered\":null,\"newest\":null,\"told\":null,\"told_first\":null,\"notified\":null,\"reminders\":0,\
             \"muted\":null,\"seen\":1795392000}",
        );
        check(&RuleRecord::default(), "{\"evaluated\":null,\"missed\":0,\"trouble\":null}");
        check(&Labels::default(), "{}");
        assert!(read_state::<State>("{}").unwrap_err().contains("missing field `tracks`"));
    }
}
