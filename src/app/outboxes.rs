//! The loops that empty the outbox, one for each way out: a mail server that stands still must not keep programs waiting, nor
//! the other way round.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::{error, info, warn};

use super::ServeOptions;
use super::metrics::Metrics;
use crate::delivery::{Transport, deliver_while, pause_after, without_mailboxes};
use crate::journal::Journal;
use crate::pipeline::Workspace;

/// The loops at work.
pub(super) struct Outboxes {
    stopping: Arc<AtomicBool>,
    loops: Vec<JoinHandle<()>>,
    /// Loops of settings that hold no longer; each ends with the message it has in hand.
    retired: Vec<JoinHandle<()>>,
}

/// The ways out of a workspace.
fn ways_out(workspace: &Workspace) -> anyhow::Result<Vec<Transport>> {
    let (settings, root) = (&workspace.catalog.settings, &workspace.catalog.root);
    let mail = Transport::from_settings(&settings.mail, root)?;
    Ok(std::iter::once(mail).chain(Transport::webhooks(settings, root)?).collect())
}

impl Outboxes {
    /// Starts them. What can fail is what the settings name: the sender's address, certificates.
    pub(super) fn start(
        workspace: &Workspace,
        journal: &Journal,
        options: &ServeOptions,
        metrics: &Arc<Metrics>,
    ) -> anyhow::Result<Self> {
        let stopping = Arc::new(AtomicBool::new(false));
        let start = |transport| {
            let (stopping, metrics) = (Arc::clone(&stopping), Arc::clone(metrics));
            tokio::spawn(empty_outbox(journal.clone(), transport, options.clone(), stopping, metrics))
        };
        let loops = ways_out(workspace)?.into_iter().map(start).collect();
        Ok(Self { stopping, loops, retired: Vec::new() })
    }

    /// Goes on with the ways out of another workspace.
    pub(super) fn change(
        &mut self,
        workspace: &Workspace,
        journal: &Journal,
        options: &ServeOptions,
        metrics: &Arc<Metrics>,
    ) -> anyhow::Result<()> {
        let next = Self::start(workspace, journal, options, metrics)?;
        let old = std::mem::replace(self, next);
        old.stopping.store(true, Ordering::Relaxed);
        self.retired.extend(old.retired.into_iter().chain(old.loops).filter(|task| !task.is_finished()));
        Ok(())
    }

    /// Ends them; each finishes the message it has in hand.
    pub(super) async fn stop(self) -> anyhow::Result<()> {
        self.stopping.store(true, Ordering::Relaxed);
        for task in self.loops.into_iter().chain(self.retired) {
            task.await.context("the outbox loop ended by itself")?;
        }
        Ok(())
    }
}

/// Empties the outbox once a second until told to stop; the message in hand is finished.
async fn empty_outbox(
    journal: Journal,
    transport: Transport,
    options: ServeOptions,
    stopping: Arc<AtomicBool>,
    metrics: Arc<Metrics>,
) {
    let mut pause = tokio::time::interval(Duration::from_secs(1));
    pause.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let go_on = || !stopping.load(Ordering::Relaxed);
    let channel = transport.channel();
    let mut last = None;
    let mut halts = 0;
    let mut closed_until: Option<Instant> = None;
    while go_on() {
        pause.tick().await;
        if closed_until.is_some_and(|until| Instant::now() < until) {
            continue;
        }
        match deliver_while(&journal, &transport, &options.clock, &options.owner, go_on).await {
            Ok(round) => {
                let outcomes = [("sent", round.sent), ("failed", round.failed), ("retried", round.retried)];
                for (outcome, count) in outcomes {
                    metrics.deliveries(channel, outcome, count);
                }
                if round.sent + round.failed + round.retried > 0 {
                    info!(sent = round.sent, failed = round.failed, retried = round.retried, "outbox");
                }
                halts = if round.halted.is_some() { halts + 1 } else { 0 };
                closed_until = round.halted.as_ref().map(|failure| Instant::now() + pause_after(failure.kind, halts));
                // Told once, not every second, until the reason changes.
                let halted = round.halted.map(|failure| without_mailboxes(&failure.to_string()));
                if halted != last
                    && let Some(reason) = &halted
                {
                    warn!(reason, "messages cannot leave; they stay in the outbox");
                }
                last = halted;
            }
            Err(failure) => error!(error = failure.to_string(), "the outbox cannot be read"),
        }
    }
}
