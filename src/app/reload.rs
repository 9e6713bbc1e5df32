//! Reading the workspace's files again while the service runs: they are taken only if all of them are right. What was begun
//! with the old ones ends with them.

use std::path::Path;
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::sync::mpsc;

use super::ServeOptions;
use super::watch::Watch;
use crate::diagnostics::{Diagnostic, Severity};
use crate::pipeline::{Workspace, prepare};

/// How often the files are looked at. What is written in several steps is taken after it has rested so long.
const PAUSE: Duration = Duration::from_secs(1);

/// What came of reading the files again.
pub(super) enum Reading {
    /// All of them are right.
    Good(Box<Workspace>),
    /// They have these mistakes, each with its place.
    Mistaken(Vec<String>),
}

/// Reads the files as they are now.
pub(super) fn read(root: &Path, options: &ServeOptions) -> Reading {
    let prepared = prepare(root, &options.environment, options.clock.now());
    match prepared.workspace {
        Some(workspace) if !prepared.diagnostics.iter().any(is_error) => Reading::Good(Box::new(workspace)),
        _ => Reading::Mistaken(prepared.diagnostics.iter().filter(|mistake| is_error(mistake)).map(line).collect()),
    }
}

/// Sends the paths of files that have changed, for as long as somebody listens.
pub(super) fn watch(root: &Path) -> mpsc::Receiver<Vec<String>> {
    let mut watch = Watch::new(root, PAUSE);
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        loop {
            let changed = watch.changed().await;
            if sender.send(changed).await.is_err() {
                break;
            }
        }
    });
    receiver
}

/// The settings that differ and are taken only when the service is started again.
pub(super) fn for_the_next_start(old: &Workspace, new: &Workspace) -> Vec<&'static str> {
    let (old, new) = (&old.catalog.settings, &new.catalog.settings);
    let mut settings = Vec::new();
    if old.journal.url.expose_secret() != new.journal.url.expose_secret() {
        settings.push("journal");
    }
    if old.service.http != new.service.http {
        settings.push("service.http");
    }
    if (old.service.log, old.service.log_level) != (new.service.log, new.service.log_level) {
        settings.push("service.log");
    }
    settings
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error
}

/// A mistake in one line, without the text it is in: that may hold a password.
fn line(mistake: &Diagnostic) -> String {
    let place = mistake.span.as_ref().map_or_else(String::new, |span| {
        let start = span.position();
        format!("{}:{}:{}: ", span.file.path, start.line, start.column)
    });
    format!("{place}{} [{}]", mistake.message, mistake.code)
}
