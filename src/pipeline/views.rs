//! A report measured for those who read it: once for each time zone and scope. Many scopes of one value each are
//! measured together. Before anything is shown, each measurement is compared with its scope.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use chrono_tz::Tz;
use indexmap::{IndexMap, IndexSet};

use super::{Sources, Workspace, measure, measure_apart, measure_within};
use crate::kpi::{Census, GroupKey, KeyPart, Question, Reading, Snapshot, breach, has_dimension};
use crate::report;
use crate::time::{Frame, Period, Window};
use crate::workspace::{ReportDefinition, Scope};

/// What a reader sees of a report.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct View {
    /// The zone of its period.
    pub zone: Tz,
    /// The rows it is made of; all of them when none.
    pub scope: Option<Scope>,
}

/// A report's numbers.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// The period.
    pub period: Period,
    /// The period's values.
    pub current: Snapshot,
    /// Those of the period it is compared with, when the report compares.
    pub previous: Option<Snapshot>,
    /// Those of the data blocks that look back over more than the period, by the block's name.
    pub trends: BTreeMap<String, Snapshot>,
}

impl Measurement {
    /// All that was measured, whatever the time.
    fn snapshots(&self) -> impl Iterator<Item = &Snapshot> {
        std::iter::once(&self.current).chain(&self.previous).chain(self.trends.values())
    }
}

/// What is measured.
pub(super) struct Measuring<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) sources: &'a Sources,
    pub(super) definition: &'a ReportDefinition,
    pub(super) questions: Vec<Question>,
}

/// Views that one measurement serves.
enum Shared {
    /// One of all rows.
    Everything(View),
    /// One of a scope.
    Within(View, Scope),
    /// Scopes with one value of each of these dimensions.
    Apart(Vec<String>, BTreeMap<GroupKey, View>),
}

impl Measuring<'_> {
    /// Measures a period over all rows.
    pub(super) async fn of_everything(&self, period: &Period) -> anyhow::Result<(View, Measurement)> {
        let views = IndexSet::from([View { zone: period.zone, scope: None }]);
        let measurements = self.measurements(&views, |_| period.clone()).await?;
        measurements.into_iter().next().context("one measurement for one view")
    }

    /// Measures the period for each view. It is an error when no KPI of a view can be computed, and when a measurement
    /// holds what its scope does not.
    pub(super) async fn measurements(
        &self,
        views: &IndexSet<View>,
        period: impl Fn(Tz) -> Period,
    ) -> anyhow::Result<IndexMap<View, Measurement>> {
        let mut measurements = IndexMap::new();
        for zone in views.iter().map(|view| view.zone).collect::<IndexSet<_>>() {
            let period = period(zone);
            let of_zone: Vec<&View> = views.iter().filter(|view| view.zone == zone).collect();
            for shared in shared(&of_zone) {
                let compared = self.definition.compare.period(&period);
                let before = async {
                    match &compared {
                        Some(period) => Some(self.snapshots(&shared, period, self.questions.clone()).await),
                        None => None,
                    }
                };
                let looking_back = self.trends(&shared, &period);
                let current = self.snapshots(&shared, &period, self.questions.clone());
                let (current, mut previous, mut trends) = tokio::join!(current, before, looking_back);
                for (view, current) in current {
                    let previous = previous.as_mut().and_then(|previous| previous.shift_remove(&view));
                    let trends = trends.shift_remove(&view).unwrap_or_default();
                    measurements.insert(view, Measurement { period: period.clone(), current, previous, trends });
                }
            }
        }
        self.guard(&measurements).await?;
        let failed = measurements.values().find_map(|measurement| total_failure(&measurement.current));
        match failed {
            Some(reason) => {
                bail!("no KPI of the report `{}` could be computed: {reason}", self.definition.id.value)
            }
            None => Ok(measurements),
        }
    }

    /// The answers for the data blocks that look back over more than the period.
    async fn trends(&self, shared: &Shared, period: &Period) -> IndexMap<View, BTreeMap<String, Snapshot>> {
        let mut answers: IndexMap<View, BTreeMap<String, Snapshot>> = IndexMap::new();
        for trend in report::trends(self.definition, period) {
            for (view, snapshot) in self.snapshots(shared, &trend.period, vec![trend.question]).await {
                answers.entry(view).or_default().insert(trend.data.clone(), snapshot);
            }
        }
        answers
    }

    async fn snapshots(&self, shared: &Shared, period: &Period, questions: Vec<Question>) -> IndexMap<View, Snapshot> {
        let (set, catalog, sources) = (&self.workspace.kpis, &self.workspace.catalog, self.sources);
        let frame = Frame::Period(period.clone());
        match shared {
            Shared::Everything(view) => {
                let measured = measure(set, catalog, sources, frame, questions).await;
                IndexMap::from([(view.clone(), measured.snapshot)])
            }
            Shared::Within(view, scope) => {
                let measured = measure_within(set, catalog, sources, (frame, scope.clone()), questions).await;
                IndexMap::from([(view.clone(), measured.snapshot)])
            }
            Shared::Apart(dimensions, views) => {
                let values = views.keys().cloned().collect();
                let mut parts =
                    measure_apart(set, catalog, sources, (frame, dimensions.clone(), values), questions).await;
                views.iter().filter_map(|(key, view)| Some((view.clone(), parts.remove(key)?))).collect()
            }
        }
    }

    /// Compares each scoped measurement with its scope.
    async fn guard(&self, measurements: &IndexMap<View, Measurement>) -> anyhow::Result<()> {
        let mut scoped: IndexMap<Window, Vec<(&Scope, &Snapshot)>> = IndexMap::new();
        for (view, measurement) in measurements {
            let Some(scope) = &view.scope else { continue };
            for snapshot in measurement.snapshots() {
                scoped.entry(snapshot.window).or_default().push((scope, snapshot));
            }
        }
        for (window, snapshots) in scoped {
            let dimensions: BTreeSet<&str> = snapshots.iter().flat_map(|(scope, _)| scope.dimensions()).collect();
            let datasets: BTreeSet<&String> =
                snapshots.iter().flat_map(|(_, snapshot)| snapshot.freshness.keys()).collect();
            let mut census = BTreeMap::new();
            for dataset in datasets {
                census.insert(dataset.clone(), self.census(dataset, window, &dimensions).await?);
            }
            for (scope, snapshot) in snapshots {
                if let Some(reason) = breach(scope, snapshot, &census) {
                    bail!("nothing is sent, as a report would show more than its reader may see ({scope}): {reason}");
                }
            }
        }
        Ok(())
    }

    async fn census(&self, dataset: &str, window: Window, dimensions: &BTreeSet<&str>) -> anyhow::Result<Census> {
        let definition = self.workspace.catalog.datasets.get(dataset).context("a dataset that was measured")?;
        let Some(Ok(source)) = self.sources.get(&definition.source.value) else {
            bail!("the source `{}` cannot be reached", definition.source.value);
        };
        let own: Vec<String> = dimensions
            .iter()
            .filter(|dimension| has_dimension(definition, dimension))
            .map(|dimension| (*dimension).to_owned())
            .collect();
        let rows = source.fetch(&Census::statement(definition, source.dialect(), window, &own)).await?;
        Ok(Census::read(&own, &rows))
    }
}

/// Sorts views of one zone by the measurements that serve them.
fn shared(views: &[&View]) -> Vec<Shared> {
    let mut all = Vec::new();
    let mut single: BTreeMap<Vec<String>, BTreeMap<GroupKey, View>> = BTreeMap::new();
    for view in views {
        match (&view.scope, view.scope.as_ref().and_then(Scope::only)) {
            (None, _) => all.push(Shared::Everything((*view).clone())),
            (Some(_), Some(only)) => {
                let key = only.values().map(|value| KeyPart::Text(value.clone())).collect();
                single.entry(only.keys().cloned().collect()).or_default().insert(key, (*view).clone());
            }
            (Some(scope), None) => all.push(Shared::Within((*view).clone(), scope.clone())),
        }
    }
    for (dimensions, views) in single {
        let alone = views.values().next().filter(|_| views.len() == 1);
        match alone.and_then(|view| Some((view.clone(), view.scope.clone()?))) {
            Some((view, scope)) => all.push(Shared::Within(view, scope)),
            None => all.push(Shared::Apart(dimensions, views)),
        }
    }
    all
}

/// Why nothing could be computed; none when at least one KPI could, or was asked and simply has no data.
fn total_failure(snapshot: &Snapshot) -> Option<String> {
    let mut readings = snapshot.results.iter().flat_map(|result| result.groups.values().flatten()).peekable();
    let first = match readings.peek() {
        Some(Reading::Failed(reason)) => reason.clone(),
        _ => return None,
    };
    readings.all(|reading| matches!(reading, Reading::Failed(_))).then_some(first)
}
