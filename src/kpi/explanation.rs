//! How KPIs came about: the formula, the parts it was computed from, their values, and the rows that entered them. How
//! this is shown is decided by those who show it.

use indexmap::IndexSet;

use super::compute::{OfKpi, reading_of};
use super::evaluation::Evaluation;
use super::question::Detail;
use super::row_counts::{Counting, RowCounts};
use super::slice::Slice;
use super::snapshot::{GroupKey, Reading};
use crate::formula::{Aggregate, Reference};
use crate::time::Window;
use crate::workspace::Grouping;

/// How the KPIs of one group came about.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedGroup {
    /// What the group is one of; empty for the total.
    pub by: Vec<Grouping>,
    /// The group.
    pub key: GroupKey,
    /// The asked KPIs, then those they are computed from.
    pub kpis: Vec<Explanation>,
}

/// Everything needed to check a number by hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The KPI's id.
    pub kpi: String,
    /// What came of it.
    pub reading: Reading,
    /// The formula as it was written.
    pub formula: String,
    /// `file:line:column` of the formula.
    pub place: String,
    /// What it was computed from: aggregates in the order of their use, KPIs, KPIs elsewhere, parameters.
    pub parts: Vec<Part>,
}

/// One part of a KPI.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The part as formulas write it.
    pub what: String,
    /// Its value.
    pub reading: Reading,
    /// Where the value is from.
    pub origin: Origin,
}

/// Where the value of a part is from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// It was computed from rows.
    Rows {
        /// The dataset they are of.
        dataset: String,
        /// How many entered and how many did not; none when they could not be counted.
        counts: Option<RowCounts>,
    },
    /// It is another KPI of the same group.
    Kpi,
    /// It is a KPI elsewhere.
    Elsewhere {
        /// The window it is of.
        window: Window,
        /// What the group there is one of.
        by: Vec<Grouping>,
        /// The group there; none when there is no such group.
        key: Option<GroupKey>,
    },
    /// It is a parameter of the rules.
    Parameter,
    /// It is the length of the group's interval in seconds.
    Interval,
}

impl ExplainedGroup {
    /// How a KPI came about.
    pub fn of(&self, kpi: &str) -> Option<&Explanation> {
        self.kpis.iter().find(|explanation| explanation.kpi == kpi)
    }
}

impl Evaluation<'_> {
    /// How the KPIs of the questions that want it explained came about, for the rows with these values of what is kept
    /// apart.
    pub(super) fn explained(&self, own: &GroupKey) -> Vec<ExplainedGroup> {
        let mut explained = Vec::new();
        for question in &self.request.questions {
            let Detail::Explained { groups } = question.detail else { continue };
            let Some(index) = self.answered(question) else { continue };
            let slice = &self.slices[index];
            let kpis = self.with_needs(&question.kpis, slice);
            explained.extend(slice.keys_of(own).take(groups).map(|key| ExplainedGroup {
                by: question.by.clone(),
                key: key[own.len()..].to_vec(),
                kpis: kpis.iter().filter_map(|kpi| self.explanation(index, key, kpi)).collect(),
            }));
        }
        explained
    }

    /// The KPIs, and behind them those they are computed from in the same group.
    fn with_needs(&self, kpis: &[String], slice: &Slice) -> IndexSet<String> {
        let mut all: IndexSet<String> = kpis.iter().cloned().collect();
        let mut place = 0;
        while let Some(kpi) = all.get_index(place) {
            if let Some(compiled) = self.set.kpis.get(kpi) {
                let here = compiled.refers.iter().filter(|reference| slice.is_here(&reference.place));
                all.extend(here.map(|reference| reference.kpi.to_string()).chain(compiled.needs.iter().cloned()));
            }
            place += 1;
        }
        all
    }

    fn explanation(&self, index: usize, key: &GroupKey, kpi: &str) -> Option<Explanation> {
        let text = &self.catalog.kpis.get(kpi)?.formula;
        let position = text.span_of(0..0).position();
        let of_kpi = self.computed.get(index)?.groups.get(key).and_then(|group| group.get(kpi));
        Some(Explanation {
            kpi: kpi.to_owned(),
            reading: of_kpi.map_or_else(|| self.left_out(kpi), |of_kpi| of_kpi.reading.clone()),
            formula: text.text.trim().to_owned(),
            place: format!("{}:{}:{}", text.span.file.path, position.line, position.column),
            parts: of_kpi.map_or_else(Vec::new, |of_kpi| self.parts(index, key, kpi, of_kpi)),
        })
    }

    fn parts(&self, index: usize, key: &GroupKey, kpi: &str, of_kpi: &OfKpi) -> Vec<Part> {
        let slice = &self.slices[index];
        let aggregates = of_kpi.used.iter().map(|aggregate| self.of_rows(slice, key, aggregate));
        let needs = self.set.kpis.get(kpi).into_iter().flat_map(|compiled| &compiled.needs);
        let group = self.computed[index].groups.get(key);
        let kpis = needs.map(|needed| {
            let reading = group.and_then(|group| group.get(needed)).map(|needed| needed.reading.clone());
            let reading = reading.unwrap_or_else(|| self.left_out(needed));
            Part { what: needed.clone(), reading, origin: Origin::Kpi }
        });
        let elsewhere = of_kpi.references.iter().map(|reference| self.of_elsewhere(index, key, reference));
        let parameters = of_kpi.parameters.iter().map(|(name, value)| Part {
            what: name.to_string(),
            reading: Reading::Value(*value),
            origin: Origin::Parameter,
        });
        let interval = of_kpi.interval_s.map(|seconds| Part {
            what: "interval_s()".to_owned(),
            reading: Reading::Value(seconds),
            origin: Origin::Interval,
        });
        aggregates.chain(kpis).chain(elsewhere).chain(parameters).chain(interval).collect()
    }

    fn of_rows(&self, slice: &Slice, key: &GroupKey, aggregate: &Aggregate) -> Part {
        let obstacle = self.obstacle(slice, &aggregate.dataset);
        let known = slice.groups.get(key);
        let (reading, counts) = match obstacle.or_else(|| slice.refused.get(aggregate).cloned()) {
            Some(reason) => (Reading::Failed(reason), None),
            None => {
                let value = known.and_then(|known| known.get(aggregate).copied().flatten());
                let counting = Counting::of(aggregate);
                let counts = known.and_then(|known| counting.read(known));
                // What the database refused to count is not known to be 0.
                let is_refused = counting.into_aggregates().any(|count| slice.refused.contains_key(&count));
                (value.map_or(Reading::NoData, Reading::Value), counts.filter(|_| !is_refused))
            }
        };
        let origin = Origin::Rows { dataset: aggregate.dataset.to_string(), counts };
        Part { what: aggregate.to_string(), reading, origin }
    }

    fn of_elsewhere(&self, index: usize, key: &GroupKey, reference: &Reference) -> Part {
        let slice = &self.slices[index];
        let own = self.computed[index].groups.get(key).cloned().unwrap_or_default();
        let reading = reading_of(self.elsewhere(slice, Some(key), reference, &own), &reference.kpi);
        let (there, group) = match slice.links.get(&reference.place) {
            Some(link) => (&self.slices[link.target], link.key(key)),
            None => (slice, Some(key.clone())),
        };
        let by = there.by[there.apart..].to_vec();
        let key = group.map(|group| group[there.apart..].to_vec());
        let origin = Origin::Elsewhere { window: there.frame.window(), by, key };
        Part { what: reference.to_string(), reading, origin }
    }
}
