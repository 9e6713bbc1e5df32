//! `rules/holidays.yaml` as calendars by name. The tree was compared with `shapes` before.

use indexmap::IndexMap;

use super::values;
use super::yaml::Node;
use crate::time::DaysOff;

/// Where calendars are defined.
pub(super) const PLACE: &str = "rules/holidays.yaml";
/// The key their names stand under.
pub(super) const KEY: &str = "holidays";

/// Calendars by name.
pub(super) type Calendars = IndexMap<String, DaysOff>;

/// Reads the file.
pub(super) fn calendars(node: &Node) -> Option<Calendars> {
    let days = |node: &Node| DaysOff::parse(&values::text(node)?.value).ok();
    let entries = node.get(KEY)?.entries().iter();
    entries.map(|entry| Some((entry.key.value.clone(), all(entry.value.items().iter().map(days))?))).collect()
}

/// The days of the calendars that a schedule or the hours of an alert rule name; none when one is not known.
pub(super) fn kept(node: &Node, calendars: &Calendars) -> Option<DaysOff> {
    let of = |name: &Node| calendars.get(&values::text(name)?.value).cloned();
    all(values::one_or_more(node, KEY).map(of))
}

/// The days of all lists together.
pub(super) fn all(lists: impl Iterator<Item = Option<DaysOff>>) -> Option<DaysOff> {
    lists.into_iter().try_fold(DaysOff::default(), |mut all, days| {
        all.extend(&days?);
        Some(all)
    })
}
