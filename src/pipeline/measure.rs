//! One measurement: the KPI room's evaluation, its statements sent to the sources until it is done.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use super::Sources;
use crate::kpi::{
    Evaluation, EvaluationRequest, Extent, Fetch, FetchFailure, FetchId, GroupKey, KpiSet, Question, Reach, Reading,
    Snapshot, Step,
};
use crate::source::{Rows, SourceError, Statement};
use crate::time::Frame;
use crate::workspace::{Catalog, Scope};

/// What a measurement gave.
#[derive(Debug)]
pub struct Measured {
    /// The values.
    pub snapshot: Snapshot,
    /// For each question, what its KPIs read in a group without rows.
    pub without_rows: Vec<Vec<Reading>>,
    /// Every statement that was sent, in order.
    pub sent: Vec<Sent>,
}

/// A statement that was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The source it was sent to.
    pub source: String,
    /// The dataset it was made for.
    pub dataset: String,
    /// The statement.
    pub statement: Statement,
}

/// Evaluates KPIs over a frame. What cannot be read becomes failed readings; nothing here is an error.
pub async fn measure(
    set: &KpiSet,
    catalog: &Catalog,
    sources: &Sources,
    frame: Frame,
    questions: Vec<Question>,
) -> Measured {
    measured(set, catalog, sources, (frame, Reach::Everything), questions).await
}

/// Evaluates KPIs over the rows of a scope, as if there were no others.
pub async fn measure_within(
    set: &KpiSet,
    catalog: &Catalog,
    sources: &Sources,
    (frame, scope): (Frame, Scope),
    questions: Vec<Question>,
) -> Measured {
    measured(set, catalog, sources, (frame, Reach::Within(scope)), questions).await
}

/// Evaluates KPIs over the rows of each of these combinations of the dimensions' values, as if there were no others: as
/// many measurements by the statements of one.
pub async fn measure_apart(
    set: &KpiSet,
    catalog: &Catalog,
    sources: &Sources,
    (frame, dimensions, values): (Frame, Vec<String>, BTreeSet<GroupKey>),
    questions: Vec<Question>,
) -> BTreeMap<GroupKey, Snapshot> {
    let reach = Reach::Apart { dimensions, values: values.clone() };
    let request = EvaluationRequest { frame, questions, dialects: sources.dialects(), reach };
    let mut evaluation = Evaluation::new(set, catalog, request);
    evaluate(&mut evaluation, sources).await;
    values.into_iter().map(|key| (key.clone(), evaluation.part(&key))).collect()
}

async fn measured(
    set: &KpiSet,
    catalog: &Catalog,
    sources: &Sources,
    (frame, reach): (Frame, Reach),
    questions: Vec<Question>,
) -> Measured {
    let request = EvaluationRequest { frame, questions, dialects: sources.dialects(), reach };
    let mut evaluation = Evaluation::new(set, catalog, request);
    let sent = evaluate(&mut evaluation, sources).await;
    Measured { snapshot: evaluation.finish(), without_rows: evaluation.without_rows(), sent }
}

/// Sends what an evaluation needs until it is done.
async fn evaluate(evaluation: &mut Evaluation<'_>, sources: &Sources) -> Vec<Sent> {
    let mut sent = Vec::new();
    while let Step::Fetch(fetches) = evaluation.step() {
        sent.extend(fetches.iter().map(|fetch| Sent {
            source: fetch.source.clone(),
            dataset: fetch.dataset.clone(),
            statement: fetch.statement.clone(),
        }));
        for (id, rows) in fetch_all(sources, &fetches).await {
            evaluation.supply(id, rows);
        }
    }
    sent
}

/// Sends statements to their sources, at the same time as far as these let it.
pub async fn fetch_all(sources: &Sources, fetches: &[Fetch]) -> Vec<(FetchId, Result<Rows, FetchFailure>)> {
    join_all(fetches.iter().map(|fetch| fetch_one(sources, fetch))).await
}

async fn fetch_one(sources: &Sources, fetch: &Fetch) -> (FetchId, Result<Rows, FetchFailure>) {
    let failed = |error: &SourceError| FetchFailure {
        reason: error.to_string(),
        extent: if error.is_temporary() { Extent::Source } else { Extent::Statement },
    };
    let rows = match sources.get(&fetch.source) {
        Some(Ok(source)) => source.fetch(&fetch.statement).await.map_err(|error| failed(&error)),
        Some(Err(error)) => Err(FetchFailure { reason: error.to_string(), extent: Extent::Source }),
        None => Err(FetchFailure { reason: format!("there is no source `{}`", fetch.source), extent: Extent::Source }),
    };
    (fetch.id, rows)
}
