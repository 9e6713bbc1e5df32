//! `callbrief serve`: schedules and mail until SIGTERM. Logging is set up here, for this command alone.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use super::Verdict;
use super::session::Session;
use crate::app::{ServeOptions, serve};

pub(super) async fn run(session: &Session) -> anyhow::Result<Verdict> {
    let wanted = session.environment.get("CALLBRIEF_LOG").map_or("callbrief=info,warn", String::as_str);
    let filter = EnvFilter::try_new(wanted).unwrap_or_else(|_| EnvFilter::new("callbrief=info,warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // People read lines, collectors read JSON.
    if std::io::stderr().is_terminal() {
        log.init();
    } else {
        log.json().init();
    }
    let workspace = session.workspace()?;
    serve(workspace, ServeOptions { clock: session.clock, owner: machine() }).await?;
    Ok(Verdict::Fine)
}

/// The machine's name; it tells people which process did what.
fn machine() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "callbrief".to_owned() } else { name.to_owned() }
}
