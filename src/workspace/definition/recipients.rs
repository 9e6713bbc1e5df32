//! Recipients as data: groups that list them or ask a database for them, and the rows each may see.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono_tz::Tz;

use crate::diagnostics::Spanned;
use crate::locale::Language;

/// A group of recipients.
#[derive(Clone, Debug)]
pub enum RecipientGroup {
    /// They stand in the file.
    Listed(Vec<Member>),
    /// A database knows them; they are asked for at each run.
    Queried(RecipientQuery),
}

/// One line of a listed group.
#[derive(Clone, Debug)]
pub enum Member {
    /// Someone.
    Recipient(Recipient),
    /// Everyone of another group, known to exist.
    Group(Spanned<String>),
    /// A program that is told of alerts: a webhook, known to exist.
    Webhook(Spanned<String>),
}

/// Someone who gets mail.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The address, known to be well-formed.
    pub address: Spanned<String>,
    /// The name, if given.
    pub name: Option<String>,
    /// The language; the report's when none.
    pub language: Option<Language>,
    /// The zone the report's period is computed in; the report's when none.
    pub timezone: Option<Tz>,
    /// The rows the report is made of for them; all of them when none.
    pub scope: Option<Scope>,
}

/// A query that gives a group's recipients: a row for each, or several with one scope each.
#[derive(Clone, Debug)]
pub struct RecipientQuery {
    /// The source's name, known to exist.
    pub source: Spanned<String>,
    /// The SQL. It delivers `address` and may deliver `name`, `language`, `timezone` and the columns of the scope.
    pub query: Spanned<String>,
    /// The columns of the result that are dimensions of the data.
    pub scope: Vec<Spanned<String>>,
}

/// The rows someone may see: those that fit one of the alternatives, that is, have the value of each of its dimensions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// Invariant: there is one, and each names a dimension.
    alternatives: BTreeSet<BTreeMap<String, String>>,
}

impl Scope {
    /// The rows with these values. None when no dimension is named: that would be all of them.
    pub fn of(values: BTreeMap<String, String>) -> Option<Self> {
        (!values.is_empty()).then(|| Self { alternatives: BTreeSet::from([values]) })
    }

    /// The rows whose dimensions each have one of these values. None when a dimension has no value at all, or there is no
    /// dimension.
    pub fn of_each(dimensions: &[(String, Vec<String>)]) -> Option<Self> {
        let mut alternatives = BTreeSet::from([BTreeMap::new()]);
        for (dimension, values) in dimensions {
            let with = |known: &BTreeMap<String, String>, value: &String| {
                let mut known = known.clone();
                known.insert(dimension.clone(), value.clone());
                known
            };
            alternatives =
                alternatives.iter().flat_map(|known| values.iter().map(move |value| with(known, value))).collect();
        }
        (!dimensions.is_empty() && !alternatives.is_empty()).then_some(Self { alternatives })
    }

    /// The rows of both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.alternatives.extend(other.alternatives);
        self
    }

    /// The alternatives: the value of each dimension.
    pub fn alternatives(&self) -> impl Iterator<Item = &BTreeMap<String, String>> {
        self.alternatives.iter()
    }

    /// The only alternative; none when there are several.
    pub fn only(&self) -> Option<&BTreeMap<String, String>> {
        self.alternatives.first().filter(|_| self.alternatives.len() == 1)
    }

    /// Every dimension that some alternative names.
    pub fn dimensions(&self) -> BTreeSet<&str> {
        self.alternatives.iter().flat_map(BTreeMap::keys).map(String::as_str).collect()
    }

    /// Whether a row with these values may be seen; a missing value fits nothing.
    pub fn holds<'a>(&self, value: impl Fn(&str) -> Option<&'a str>) -> bool {
        let fits = |alternative: &BTreeMap<String, String>| {
            alternative.iter().all(|(dimension, wanted)| value(dimension) == Some(wanted))
        };
        self.alternatives.iter().any(fits)
    }
}

/// `queue: Sales, site: Berlin; queue: Support, site: Hamburg`.
impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, alternative) in self.alternatives.iter().enumerate() {
            let values: Vec<String> =
                alternative.iter().map(|(dimension, value)| format!("{dimension}: {value}")).collect();
            let separator = if index == 0 { "" } else { "; " };
            write!(formatter, "{separator}{}", values.join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(dimensions: &[(&str, &[&str])]) -> Option<Scope> {
        let owned = |(name, values): &(&str, &[&str])| {
            ((*name).to_owned(), values.iter().map(|value| (*value).to_owned()).collect())
        };
        Scope::of_each(&dimensions.iter().map(owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_scope_holds_the_rows_of_one_of_its_alternatives() {
        let berlin_sales = each(&[("queue", &["Sales"]), ("site", &["Berlin"])]).unwrap();
        let support = each(&[("queue", &["Support", "VIP"])]).unwrap();
        let both = berlin_sales.clone().and(support);
        let check = |queue: Option<&'static str>, site: Option<&'static str>, expected: bool| {
            let value = |dimension: &str| if dimension == "queue" { queue } else { site };
            assert_eq!(both.holds(value), expected, "{queue:?} {site:?}");
        };
        check(Some("Sales"), Some("Berlin"), true);
        check(Some("Sales"), Some("Hamburg"), false);
        check(Some("Sales"), None, false);
        check(Some("VIP"), None, true);
        check(Some("vip"), None, false);
        check(None, Some("Berlin"), false);
        assert_eq!(both.dimensions().into_iter().collect::<Vec<_>>(), ["queue", "site"]);
        assert_eq!((berlin_sales.only().map(BTreeMap::len), both.only()), (Some(2), None));
    }

    #[test]
    fn a_scope_of_nothing_is_none_and_never_everything() {
        assert_eq!(each(&[]), None);
        assert_eq!(each(&[("queue", &[])]), None);
        assert_eq!(each(&[("queue", &["Sales"]), ("site", &[])]), None);
        assert_eq!(Scope::of(BTreeMap::new()), None);
    }
}
