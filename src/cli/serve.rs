//! `callbrief serve`: schedules and mail until SIGTERM. Logging is set up here, for this command alone.

use std::io::IsTerminal;

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use super::Verdict;
use super::session::{Session, complain, style};
use crate::app::{ServeOptions, serve};
use crate::diagnostics::{Severity, render_text};
use crate::workspace::{LogFormat, ServiceSettings};

pub(super) async fn run(session: &Session) -> anyhow::Result<Verdict> {
    let prepared = session.prepare()?;
    if !prepared.diagnostics.is_empty() {
        complain(render_text(&prepared.diagnostics, style(&std::io::stderr())).trim_end());
    }
    let mistakes = prepared.diagnostics.iter().filter(|mistake| mistake.severity == Severity::Error).count();
    let workspace = prepared.workspace.context("the workspace has mistakes that must be mended first; see above")?;
    log(&workspace.catalog.settings.service, session);
    let (clock, environment) = (session.clock, session.environment.clone());
    serve(workspace, ServeOptions { clock, owner: machine(), environment, mistakes }).await?;
    Ok(Verdict::Fine)
}

/// Begins to log, to standard error. `CALLBRIEF_LOG` is for looking closely for a while and goes before the settings.
fn log(settings: &ServiceSettings, session: &Session) {
    let usual = format!("callbrief={},warn", settings.log_level.word());
    let wanted = session.environment.get("CALLBRIEF_LOG").unwrap_or(&usual);
    let filter = EnvFilter::try_new(wanted).unwrap_or_else(|_| EnvFilter::new(&usual));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // People read lines, collectors read JSON.
    let fitting = if std::io::stderr().is_terminal() { LogFormat::Text } else { LogFormat::Json };
    match settings.log.unwrap_or(fitting) {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    // The place alone: what broke down says why with the values it had in hand, which may be rows of a database.
    std::panic::set_hook(Box::new(|fault| {
        let place = fault.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a fault of the program");
    }));
}

/// The machine's name; it tells people which process did what.
fn machine() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "callbrief".to_owned() } else { name.to_owned() }
}
