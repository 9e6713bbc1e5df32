//! Which groupings get their distributions from one statement: it counts values by the groups of several groupings
//! together, and the database rolls the counts up into those of each. That spares passes over the rows, as long as the
//! groups together are few. The statements themselves are written in `plan`.

use indexmap::IndexSet;

use super::plan::{Groups, Wish};
use crate::formula::Aggregate;
use crate::workspace::Grouping;

/// With more groups than this, counting values by all groupings together takes longer than counting them apart: there
/// are as many counts as rows. Measured on SQLite and PostgreSQL with half a million rows and two hundred values.
const MOST_SHARED_GROUPS: usize = 300;

/// Slices that get their distributions from one statement.
pub(super) struct Shared<'a> {
    /// The groupings that values are counted by.
    pub(super) by: IndexSet<&'a Grouping>,
    /// The aggregates of the first slice; those of the others are among them.
    pub(super) aggregates: IndexSet<Aggregate>,
    /// The slices.
    pub(super) wishes: Vec<Wish<'a>>,
    /// How many groups the groupings make together, at most.
    groups: usize,
}

/// Whether the numbers of groups decide which of these share a statement.
pub(super) fn depends_on_groups(wishes: &[Wish<'_>]) -> bool {
    wishes.iter().filter(|wish| !wish.by.is_empty()).count() > 1
        && wishes.iter().any(|wish| wish.groups == Groups::Unknown)
}

/// The slices in as few statements as is quick, those with few groups first. What is grouped by nothing else, as
/// the total is, can be had from any.
pub(super) fn shared(mut wishes: Vec<Wish<'_>>) -> Vec<Shared<'_>> {
    wishes.sort_by_key(|wish| match (wish.by, wish.groups) {
        ([], _) => usize::MAX,
        (_, Groups::Known(groups)) => groups,
        (_, Groups::Unknown) => usize::MAX - 1,
    });
    let mut statements: Vec<Shared<'_>> = Vec::new();
    for wish in wishes {
        let groups = match (wish.by, wish.groups) {
            ([], _) => 1,
            (_, Groups::Known(groups)) => groups,
            (_, Groups::Unknown) => usize::MAX,
        };
        let takes_in = |shared: &&mut Shared<'_>| {
            let is_few = shared.groups.saturating_mul(groups) <= MOST_SHARED_GROUPS;
            wish.aggregates.is_subset(&shared.aggregates) && (shared.is_finer(&wish) || is_few)
        };
        if let Some(shared) = statements.iter_mut().find(takes_in) {
            shared.groups = if shared.is_finer(&wish) { shared.groups } else { shared.groups.saturating_mul(groups) };
            shared.by.extend(wish.by);
            shared.wishes.push(wish);
        } else {
            let (by, aggregates) = (wish.by.iter().collect(), wish.aggregates.clone());
            statements.push(Shared { by, aggregates, wishes: vec![wish], groups });
        }
    }
    statements.iter_mut().for_each(|shared| times_first(&mut shared.by));
    statements
}

/// Puts groupings by time first: rows often lie in the order of time, and numbers are sorted faster than texts.
pub(super) fn times_first(by: &mut IndexSet<&Grouping>) {
    by.sort_by_key(|grouping| matches!(grouping, Grouping::Dimension(_)));
}

impl Shared<'_> {
    /// Whether a slice is grouped by nothing else, so that it adds no groups.
    fn is_finer(&self, wish: &Wish<'_>) -> bool {
        wish.by.iter().all(|grouping| self.by.contains(grouping))
    }

    /// Which of the groupings are a slice's own, in its order.
    pub(super) fn key(&self, wish: &Wish<'_>) -> Vec<usize> {
        // Invariant: `by` holds the groupings of every wish.
        wish.by.iter().filter_map(|grouping| self.by.get_index_of(grouping)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::formula::{AggregateFunction, Exact};
    use crate::time::Bucket;

    fn check(groups: [Groups; 3], statements: &[&[&str]]) {
        let column = |name: &str| Grouping::Dimension(name.to_owned());
        let groupings = [vec![column("agent")], vec![column("queue")], vec![Grouping::Time(Bucket::Day)]];
        let percentile = Aggregate {
            dataset: Arc::from("calls"),
            function: AggregateFunction::Percentile(Exact(90.0)),
            argument: None,
            condition: None,
        };
        let wish = |slice, by, groups| Wish { slice, by, aggregates: IndexSet::from([percentile.clone()]), groups };
        let mut wishes = vec![wish(0, &[][..], Groups::Unknown)];
        wishes.extend(groupings.iter().zip(groups).map(|(by, groups)| wish(1, by, groups)));
        let found: Vec<Vec<&str>> =
            shared(wishes).iter().map(|shared| shared.by.iter().map(|by| by.name()).collect()).collect();
        assert_eq!(found, statements);
    }

    #[test]
    fn groupings_share_a_statement_while_their_groups_are_few() {
        let known = Groups::Known;
        check([known(60), known(8), known(7)], &[&["day", "queue"], &["agent"]]);
        check([known(500), known(40), known(31)], &[&["day"], &["queue"], &["agent"]]);
        check([known(5), known(4), known(7)], &[&["day", "queue", "agent"]]);
        check([Groups::Unknown; 3], &[&["agent"], &["queue"], &["day"]]);
    }
}
