//! `callbrief preview`: a report made anew on every change of its files and shown on loopback, in every format, with the
//! mistakes in its place when it cannot be made. Nothing is sent or recorded.

mod data_page;
mod maker;
mod server;
mod shell;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use self::maker::{Good, Maker};
use super::watch::Watch;
use crate::diagnostics::Diagnostic;
use crate::locale::Language;
use crate::time::{Clock, PeriodName};

/// How often the files are looked at: a change is to be seen at once.
const LOOK_EVERY: Duration = Duration::from_millis(30);

/// What is previewed, and how.
#[derive(Clone, Debug)]
pub struct PreviewOptions {
    /// The workspace's folder.
    pub root: PathBuf,
    /// The environment, for settings that name variables.
    pub environment: BTreeMap<String, String>,
    /// Where "now" comes from.
    pub clock: Clock,
    /// The report's id.
    pub report: String,
    /// The period; the report's own when none.
    pub period: Option<PeriodName>,
    /// The language; the report's own when none.
    pub language: Option<Language>,
    /// The port; any that is free when 0.
    pub port: u16,
}

/// What there is to tell whoever has started the preview.
#[derive(Debug)]
pub enum Told<'a> {
    /// It can be looked at.
    Serving {
        /// The address for a browser.
        address: &'a str,
    },
    /// Something changed, and the report was made anew, or could not be.
    Made(&'a Showing),
}

/// What the preview shows at a moment.
#[derive(Debug)]
pub struct Showing {
    /// Counts the changes, from 1.
    pub version: u64,
    /// The files that changed; none at the beginning.
    pub changed: Vec<String>,
    /// How long it took from the moment the change was seen.
    pub took: Duration,
    /// Whether the databases were asked.
    pub measured: Measuring,
    /// The workspace's mistakes.
    pub diagnostics: Vec<Diagnostic>,
    /// Why the report could not be made, when the mistakes do not say it.
    pub failure: Option<String>,
    /// The report as it was made last.
    good: Option<Arc<Good>>,
    /// Whether that was now.
    is_made: bool,
}

/// Whether numbers were measured for a showing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measuring {
    /// They were.
    Anew,
    /// Those measured before were still good, or there was nothing to measure for.
    NotNeeded,
}

impl Showing {
    /// Whether the report could be made.
    pub fn is_made(&self) -> bool {
        self.is_made
    }
}

/// Previews a report until SIGTERM or SIGINT.
pub async fn preview(options: PreviewOptions, tell: impl Fn(Told<'_>)) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, options.port)))
        .await
        .with_context(|| format!("cannot listen on port {}", options.port))?;
    let port = listener.local_addr().context("the port is not known")?.port();

    let mut watch = Watch::new(&options.root, LOOK_EVERY);
    let mut maker = Maker::new(options);
    let first = show(&mut maker, &watch, Vec::new(), None).await;
    tell(Told::Made(&first));
    let (shown, receiver) = tokio::sync::watch::channel(Arc::new(first));
    let served = axum::serve(listener, server::router(receiver, port));
    let server = tokio::spawn(served.into_future());
    tell(Told::Serving { address: &format!("http://127.0.0.1:{port}/") });

    loop {
        tokio::select! {
            changed = watch.changed() => {
                let before = Arc::clone(&shown.borrow());
                let next = show(&mut maker, &watch, changed, Some(&before)).await;
                tell(Told::Made(&next));
                shown.send_replace(Arc::new(next));
            }
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        }
    }
    // Browsers keep their connections open: they are told nothing more.
    server.abort();
    Ok(())
}

/// Makes the report and says what is to be shown then.
async fn show(maker: &mut Maker, watch: &Watch, changed: Vec<String>, before: Option<&Showing>) -> Showing {
    let begun = Instant::now();
    let attempt = maker.make(&watch.digest_of_rules()).await;
    let is_made = attempt.result.is_ok();
    let (good, failure) = match attempt.result {
        Ok(good) => (Some(Arc::new(good)), None),
        Err(failure) => (before.and_then(|before| before.good.clone()), failure),
    };
    Showing {
        version: before.map_or(1, |before| before.version + 1),
        changed,
        took: begun.elapsed(),
        measured: attempt.measured,
        diagnostics: attempt.diagnostics,
        failure,
        good,
        is_made,
    }
}
