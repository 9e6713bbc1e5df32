//! Silences and inhibition: for which alerts notices are held back, and why. Who sets silences, and where they are kept,
//! is not known here.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::labels::Labels;
use super::telling::Mute;
use crate::workspace::Catalog;

/// Somebody's wish not to be told of some alerts for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// Its number, by which it is ended.
    pub id: i64,
    /// The rule; all rules when none.
    pub rule: Option<String>,
    /// The labels an alert must have; none for all alerts of the rule.
    pub labels: Labels,
    /// Who set it.
    pub author: String,
    /// Why.
    pub reason: String,
    /// When it was set.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// Everything that can hold back notices at one instant.
pub struct Muting<'a> {
    silences: &'a [Silence],
    /// The rules that inhibit a rule, by its id.
    inhibitors: BTreeMap<&'a str, Vec<&'a str>>,
    firing: &'a BTreeMap<String, BTreeSet<Labels>>,
    now: DateTime<Utc>,
}

impl Silence {
    /// Whether it is about this alert at this instant.
    pub fn covers(&self, rule: &str, labels: &Labels, now: DateTime<Utc>) -> bool {
        self.created_at <= now
            && now < self.ends_at
            && self.rule.as_ref().is_none_or(|own| own == rule)
            && self.labels.iter().all(|(name, value)| labels.get(name) == Some(value))
    }
}

impl<'a> Muting<'a> {
    /// What silences and the alerts that fire, by rule, hold back at `now`.
    pub fn new(
        catalog: &'a Catalog,
        silences: &'a [Silence],
        firing: &'a BTreeMap<String, BTreeSet<Labels>>,
        now: DateTime<Utc>,
    ) -> Self {
        let mut inhibitors: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, rule) in &catalog.alerts {
            for inhibited in rule.inhibits.iter().filter(|inhibited| inhibited.value != *id) {
                inhibitors.entry(&inhibited.value).or_default().push(id);
            }
        }
        Self { silences, inhibitors, firing, now }
    }

    /// Why notices of an alert are held back; none when they are not. A silence counts before another alert.
    pub fn of(&self, rule: &str, labels: &Labels) -> Option<Mute> {
        if let Some(silence) = self.silences.iter().find(|silence| silence.covers(rule, labels, self.now)) {
            return Some(Mute::Silenced(format!("silenced by {}: {}", silence.author, silence.reason)));
        }
        let agrees = |other: &&&str| {
            let theirs = self.firing.get(**other);
            theirs.is_some_and(|theirs| theirs.iter().any(|theirs| theirs.agree_with(labels)))
        };
        let other = self.inhibitors.get(rule)?.iter().find(agrees)?;
        Some(Mute::Inhibited(format!("`{other}` fires, which matters more")))
    }
}
