//! Labels: which group of a rule an alert is about. Kept in the journal as JSON with the keys in order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kpi::KeyPart;
use crate::workspace::Grouping;

/// The values of a rule's groupings by name; none is a dimension without a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(BTreeMap<String, Option<String>>);

impl Labels {
    /// Labels by their names.
    pub fn named(labels: impl IntoIterator<Item = (String, Option<String>)>) -> Self {
        Self(labels.into_iter().collect())
    }

    /// The labels of a group.
    pub fn of(by: &[Grouping], key: &[KeyPart]) -> Self {
        Self(by.iter().zip(key).map(|(grouping, part)| (grouping.name().to_owned(), value(part))).collect())
    }

    /// The value of a grouping; the outer none says that there is no such label.
    pub fn get(&self, name: &str) -> Option<Option<&str>> {
        self.0.get(name).map(Option::as_deref)
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_deref()))
    }

    /// The values for people, by name: "Billing / Anna"; empty for a rule without groupings.
    pub fn text(&self) -> String {
        self.0.values().map(|value| value.as_deref().unwrap_or("(no value)")).collect::<Vec<_>>().join(" / ")
    }

    /// Whether no label that both have differs: the whole centre agrees with each of its queues.
    pub fn agree_with(&self, other: &Self) -> bool {
        self.0.iter().all(|(name, value)| other.0.get(name).is_none_or(|theirs| theirs == value))
    }

    /// Whether the labels are of a rule with this grouping.
    pub fn fit(&self, by: &[Grouping]) -> bool {
        self.0.len() == by.len() && by.iter().all(|grouping| self.0.contains_key(grouping.name()))
    }
}

fn value(part: &KeyPart) -> Option<String> {
    match part {
        KeyPart::Text(text) => Some(text.clone()),
        KeyPart::NoValue => None,
        KeyPart::Hour(instant) => Some(instant.format("%Y-%m-%dT%H:%MZ").to_string()),
        KeyPart::Date(day) => Some(day.to_string()),
        KeyPart::Number(number) => Some(number.to_string()),
    }
}
