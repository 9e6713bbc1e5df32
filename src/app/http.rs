//! What machines ask the service: `/healthz` (does it live), `/readyz` (can it do its work), `/metrics`. Only to be read; no
//! address of a recipient and no password is in any answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::{DateTime, Utc};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, watch};

use super::metrics::{JournalReadings, Metrics, Readings};
use super::pulse::{Files, Pulse};
use crate::journal::{Journal, JournalError};
use crate::pipeline::{Sources, Workspace};
use crate::time::Clock;

/// Databases are asked at most this often, however often we are.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(15);

/// What answers are made from.
pub(super) struct Answers {
    pub(super) workspace: watch::Receiver<Arc<Workspace>>,
    pub(super) journal: Journal,
    pub(super) clock: Clock,
    pub(super) started: DateTime<Utc>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) pulse: Arc<Pulse>,
    pub(super) asked: Mutex<Option<(Instant, Vec<Finding>)>>,
}

/// Whether one thing that is needed is there.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    name: String,
    /// Why not; none when it is.
    fault: Option<String>,
}

/// Answers at this address until the process ends.
pub(super) async fn answer(address: SocketAddr, answers: Answers) -> anyhow::Result<()> {
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address} (`service: http`)"))?;
    let router = Router::new()
        .route("/healthz", get(health))
        .route("/readyz", get(readiness))
        .route("/metrics", get(metrics))
        .with_state(Arc::new(answers));
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(())
}

async fn health(State(answers): State<Arc<Answers>>) -> Response {
    match answers.pulse.complaint() {
        None => (StatusCode::OK, "alive\n").into_response(),
        Some(complaint) => (StatusCode::SERVICE_UNAVAILABLE, format!("{complaint}\n")).into_response(),
    }
}

async fn readiness(State(answers): State<Arc<Answers>>) -> Response {
    let mistaken = "its files have mistakes; `callbrief check` shows them".to_owned();
    let mut findings = vec![Finding {
        name: "workspace".to_owned(),
        fault: (answers.pulse.files() == Files::Mistaken).then_some(mistaken),
    }];
    findings.push(Finding { name: "heartbeat".to_owned(), fault: answers.pulse.complaint() });
    findings.extend(answers.ask().await);
    let is_ready = findings.iter().all(|finding| finding.fault.is_none());
    let checks: Vec<_> = findings
        .iter()
        .map(|finding| json!({ "name": finding.name, "ok": finding.fault.is_none(), "reason": finding.fault }))
        .collect();
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = format!("{:#}\n", json!({ "ready": is_ready, "checks": checks }));
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn metrics(State(answers): State<Arc<Answers>>) -> Response {
    let readings = Readings {
        started: Some(answers.started),
        now: answers.clock.now(),
        heartbeat_age: answers.pulse.age(),
        is_valid: answers.pulse.files() == Files::InUse,
        journal: read(&answers.journal).await.ok(),
    };
    let format = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, format)], answers.metrics.page(&readings)).into_response()
}

async fn read(journal: &Journal) -> Result<JournalReadings, JournalError> {
    Ok(JournalReadings {
        outbox: journal.outbox_figures().await?,
        last_sent: journal.last_sent().await?,
        schema: journal.schema_version().await?,
    })
}

impl Answers {
    /// Whether the databases answer, as they said a moment ago or say now. Who asks meanwhile waits for the same answer.
    async fn ask(&self) -> Vec<Finding> {
        let mut asked = self.asked.lock().await;
        if let Some((at, findings)) = &*asked
            && at.elapsed() < ASK_AGAIN_AFTER
        {
            return findings.clone();
        }
        let workspace = Arc::clone(&self.workspace.borrow());
        let sources = Sources::connect(&workspace.catalog).await;
        let dialects = sources.dialects();
        sources.close().await;
        let written = self.journal.try_writing().await;
        let mut findings =
            vec![Finding { name: "journal".to_owned(), fault: written.err().map(|failure| failure.to_string()) }];
        findings.extend(
            dialects.into_iter().map(|(name, answer)| Finding { name: format!("source {name}"), fault: answer.err() }),
        );
        *asked = Some((Instant::now(), findings.clone()));
        findings
    }
}
