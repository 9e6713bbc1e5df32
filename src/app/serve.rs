//! The loop of `callbrief serve`: on each tick what is due is done, in `due_work`; beside it the outbox is emptied and questions
//! about its health are answered. Told to stop, it finishes what it has in hand, starts nothing new, and leaves the rest in
//! the journal for the next start.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Mutex, watch};
use tracing::{error, info, warn};

use super::due_work::do_due_work;
use super::http::{Answers, answer};
use super::metrics::Metrics;
use super::outboxes::Outboxes;
use super::presence::Presence;
use super::pulse::{Files, Pulse};
use super::reload::{self, Reading};
use super::supervisor::Supervisor;
use crate::journal::{Journal, Recorded};
use crate::pipeline::{
    Hearer, LateRuns, ToldTrouble, Workspace, tell_run_troubles, tell_undelivered, tell_workspace_mistakes,
    workspace_is_right,
};
use crate::schedule::{Heartbeat, Tick};
use crate::time::Clock;

/// How often old messages are looked for.
const TIDY_EVERY: TimeDelta = TimeDelta::hours(1);
/// How often runs with trouble are looked for.
const TROUBLE_EVERY: Duration = Duration::from_secs(2);

/// So long after the start nothing is said about late runs: what was missed is made up for first.
const CATCHING_UP: Duration = Duration::from_secs(60);

/// How `serve` runs.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Where "now" comes from.
    pub clock: Clock,
    /// The machine's name. With a number it is the name of this process in the journal.
    pub owner: String,
    /// The environment, for settings that name variables and for what systemd tells.
    pub environment: BTreeMap<String, String>,
    /// How many mistakes the workspace's files have at the start; what has none works.
    pub mistakes: usize,
}

/// Serves a workspace until SIGTERM or SIGINT. Files that change are taken when all of them are right, on SIGHUP at once.
pub async fn serve(workspace: Workspace, options: ServeOptions) -> anyhow::Result<()> {
    // First of all, so that from here on a signal is a wish to stop and not an end in the middle of something.
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let mut hangup = signal(SignalKind::hangup()).context("cannot listen for SIGHUP")?;
    let mut changes = reload::watch(&workspace.catalog.root);
    let supervisor = Supervisor::of(&options.environment);
    let mut service = Service::start(workspace, options).await?;
    let mut heartbeat = Heartbeat::start().await?;
    supervisor.watch(Arc::clone(&service.pulse));
    supervisor.ready();
    loop {
        tokio::select! {
            tick = heartbeat.tick() => {
                if tick == Tick::Silence {
                    service.metrics.silence();
                    warn!("no heartbeat for half a minute: the clock was set back or the scheduler died");
                }
                // Not cancelled half-way: a signal that comes meanwhile waits for the end.
                service.presence.go_on(&service.journal).await?;
                service.tick().await;
            }
            changed = changes.recv() => {
                info!(files = changed.unwrap_or_default().join(" "), "files of the workspace have changed");
                supervisor.reloading();
                service.reload().await;
                supervisor.ready();
            }
            _ = hangup.recv() => {
                supervisor.reloading();
                service.reload().await;
                supervisor.ready();
            }
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        }
    }
    info!("stopping");
    supervisor.stopping();
    heartbeat.stop().await?;
    service.stop().await?;
    info!("stopped");
    Ok(())
}

/// What serves, and what it remembers between two ticks.
struct Service {
    workspace: Arc<Workspace>,
    /// The workspace for those who answer questions about it.
    shown: watch::Sender<Arc<Workspace>>,
    journal: Journal,
    presence: Presence,
    options: ServeOptions,
    metrics: Arc<Metrics>,
    pulse: Arc<Pulse>,
    outboxes: Outboxes,
    begun: Instant,
    /// Why alert rules have no answer, by rule, as it was logged.
    troubles: BTreeMap<String, String>,
    /// When there were no old messages.
    tidied: Option<DateTime<Utc>>,
    /// When runs with trouble were looked for.
    looked: Option<Instant>,
}

impl Service {
    async fn start(workspace: Workspace, mut options: ServeOptions) -> anyhow::Result<Self> {
        let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
        let presence = Presence::begin(&journal, &options.owner, options.clock.now()).await?;
        options.owner = presence.name().to_owned();
        let metrics = Arc::new(Metrics::default());
        let pulse = Arc::new(Pulse::new(if options.mistakes == 0 { Files::InUse } else { Files::Mistaken }));
        let outboxes = Outboxes::start(&workspace, &journal, &options, &metrics)?;
        let workspace = Arc::new(workspace);
        let (shown, receiver) = watch::channel(Arc::clone(&workspace));
        if let Some(address) = workspace.catalog.settings.service.http {
            let answers = Answers {
                workspace: receiver,
                journal: journal.clone(),
                clock: options.clock,
                started: options.clock.now(),
                metrics: Arc::clone(&metrics),
                pulse: Arc::clone(&pulse),
                asked: Mutex::new(None),
            };
            answer(address, answers).await?;
        }
        info!(
            reports = workspace.catalog.reports.len(),
            kpis = workspace.catalog.kpis.len(),
            alerts = workspace.alerts.len(),
            "serving"
        );
        let (begun, troubles, tidied, looked) = (Instant::now(), BTreeMap::new(), None, None);
        Ok(Self {
            workspace,
            shown,
            journal,
            presence,
            options,
            metrics,
            pulse,
            outboxes,
            begun,
            troubles,
            tidied,
            looked,
        })
    }

    /// Does what is due.
    async fn tick(&mut self) {
        let Self { workspace, journal, options, metrics, troubles, .. } = self;
        self.pulse.begin_work();
        guarded(metrics, do_due_work(workspace, journal, options, metrics, troubles)).await;
        guarded(metrics, failed_deliveries(workspace, journal, options)).await;
        let_go(workspace, journal, options.clock.now(), &mut self.tidied).await;
        if self.looked.is_none_or(|looked| looked.elapsed() >= TROUBLE_EVERY) {
            let is_new = self.begun.elapsed() < CATCHING_UP;
            let late_runs = if is_new { LateRuns::MadeUpFor } else { LateRuns::Told };
            guarded(metrics, tell_troubles(workspace, journal, late_runs, options, metrics)).await;
            self.looked = Some(Instant::now());
        }
        self.pulse.end_work();
    }

    /// Reads the workspace's files again. With mistakes in them everything stays as it was, and the operator is told.
    async fn reload(&mut self) {
        let taken = match reload::read(&self.workspace.catalog.root, &self.options) {
            Reading::Good(workspace) => self.take(*workspace).await,
            Reading::Mistaken(mistakes) => Err(mistakes),
        };
        let Err(mistakes) = taken else { return };
        self.metrics.reload("refused");
        self.pulse.set_files(Files::Mistaken);
        for mistake in &mistakes {
            error!(mistake, "the changed files are not taken");
        }
        let now = self.options.clock.now();
        let told = tell_workspace_mistakes(&self.workspace, &self.journal, &mistakes, &self.options.owner, now).await;
        match told {
            Ok(Recorded::Written) => info!("the operator is told of the mistakes"),
            Ok(Recorded::Overtaken) => {}
            Err(failure) => error!(error = format!("{failure:#}"), "the operator cannot be told of the mistakes"),
        }
    }

    /// Goes on with other files.
    async fn take(&mut self, workspace: Workspace) -> Result<(), Vec<String>> {
        let Self { journal, options, metrics, .. } = self;
        let changed = self.outboxes.change(&workspace, journal, options, metrics);
        changed.map_err(|failure| vec![format!("{failure:#}")])?;
        for setting in reload::for_the_next_start(&self.workspace, &workspace) {
            warn!(setting, "the changed setting `{setting}` is taken when the service is started again");
        }
        self.workspace = Arc::new(workspace);
        self.shown.send_replace(Arc::clone(&self.workspace));
        self.pulse.set_files(Files::InUse);
        self.metrics.reload("applied");
        if let Err(failure) = workspace_is_right(&self.journal).await {
            error!(error = format!("{failure:#}"), "the journal cannot be written to");
        }
        let catalog = &self.workspace.catalog;
        let (reports, kpis, alerts) = (catalog.reports.len(), catalog.kpis.len(), self.workspace.alerts.len());
        info!(reports, kpis, alerts, "the files as they are now are in use");
        Ok(())
    }

    async fn stop(self) -> anyhow::Result<()> {
        self.outboxes.stop().await?;
        self.journal.close().await;
        Ok(())
    }
}

/// Lets work break down without the service: what it has claimed is taken up again when its claim has lapsed. What it
/// said in breaking down may hold data and is not repeated.
async fn guarded(metrics: &Metrics, work: impl Future<Output = ()>) {
    if AssertUnwindSafe(work).catch_unwind().await.is_err() {
        metrics.panic();
        error!("work broke down by a fault of the program; it is tried again");
    }
}

/// Tells people of runs that are not as they should be.
async fn tell_troubles(
    workspace: &Workspace,
    journal: &Journal,
    late_runs: LateRuns,
    options: &ServeOptions,
    metrics: &Metrics,
) {
    let told = match tell_run_troubles(workspace, journal, late_runs, &options.owner, options.clock.now()).await {
        Ok(told) => told,
        Err(failure) => return error!(error = format!("{failure:#}"), "runs with trouble cannot be told of"),
    };
    for ToldTrouble { report, kind, periods, hearer } in told {
        let periods = periods.join(" ");
        let Some(kind) = kind else {
            info!(report.name = report, periods, "report {report} is sent again: {periods}");
            continue;
        };
        metrics.trouble(kind, periods.split(' ').count());
        let kind = kind.word();
        match hearer {
            Hearer::Mailed => {
                warn!(report.name = report, periods, "report {report} {periods} is {kind}: its owner is told")
            }
            Hearer::Nobody => error!(
                report.name = report,
                periods,
                "report {report} {periods} is {kind}, and nobody is told: it has no `owner`, nor is there an `operator`"
            ),
        }
    }
}

/// Tells whoever looks after reports and rules what did not arrive.
async fn failed_deliveries(workspace: &Workspace, journal: &Journal, options: &ServeOptions) {
    match tell_undelivered(workspace, journal, &options.owner, options.clock.now()).await {
        Ok(0) => {}
        Ok(count) => warn!(count, "messages did not arrive; those who look after them are told"),
        Err(failure) => error!(error = format!("{failure:#}"), "failed deliveries cannot be told"),
    }
}

/// Lets go of messages that have been kept long enough: looks once an hour, and goes on at each tick while there are
/// some. `tidied` is when there were none.
async fn let_go(workspace: &Workspace, journal: &Journal, now: DateTime<Utc>, tidied: &mut Option<DateTime<Utc>>) {
    if tidied.is_some_and(|last| now - last < TIDY_EVERY) {
        return;
    }
    match journal.let_go(now - workspace.catalog.settings.keep).await {
        Ok(0) => *tidied = Some(now),
        Ok(count) => info!(count, "old messages are let go of"),
        Err(failure) => {
            *tidied = Some(now);
            error!(error = failure.to_string(), "old messages cannot be let go of");
        }
    }
}
