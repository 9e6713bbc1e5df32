//! One measurement: the KPI room's evaluation, its statements sent to the sources until it is done.

use futures_util::future::join_all;

use super::Sources;
use crate::kpi::{
    Evaluation, EvaluationRequest, Extent, Fetch, FetchFailure, FetchId, KpiSet, Question, Reading, Snapshot, Step,
};
use crate::source::{Rows, SourceError, Statement};
use crate::time::Frame;
use crate::workspace::Catalog;

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
    let request = EvaluationRequest { frame, questions, dialects: sources.dialects() };
    let mut evaluation = Evaluation::new(set, catalog, request);
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
    Measured { snapshot: evaluation.finish(), without_rows: evaluation.without_rows(), sent }
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
