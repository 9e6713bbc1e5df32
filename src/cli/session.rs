//! What every subcommand needs: the environment, the clock, the workspace with its mistakes told, and printing.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};

use crate::diagnostics::{Style, render_text};
use crate::pipeline::{self, Prepared, Workspace};
use crate::time::Clock;
use crate::workspace::ParameterValues;

/// One call of the program.
pub(super) struct Session {
    pub(super) root: PathBuf,
    pub(super) clock: Clock,
    pub(super) environment: BTreeMap<String, String>,
}

impl Session {
    pub(super) fn new(root: PathBuf, now: Option<&str>) -> anyhow::Result<Self> {
        let clock = match now {
            None => Clock::System,
            Some(text) => Clock::Fixed(
                DateTime::parse_from_rfc3339(text)
                    .with_context(|| format!("--now {text:?} is no instant; write it as 2026-11-23T08:00:00Z"))?
                    .with_timezone(&Utc),
            ),
        };
        // The one place that reads the environment.
        let readable = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Ok(Self { root, clock, environment: std::env::vars_os().filter_map(readable).collect() })
    }

    /// The workspace and its mistakes.
    pub(super) fn prepare(&self) -> anyhow::Result<Prepared> {
        self.prepare_in(&self.root)
    }

    /// The workspace in another folder and its mistakes.
    pub(super) fn prepare_in(&self, root: &Path) -> anyhow::Result<Prepared> {
        self.prepare_with(root, &ParameterValues::new())
    }

    fn prepare_with(&self, root: &Path, values: &ParameterValues) -> anyhow::Result<Prepared> {
        require_workspace(root)?;
        Ok(pipeline::prepare_with(root, &self.environment, values, self.clock.now()))
    }

    /// Fails unless there is a workspace, however wrong.
    pub(super) fn require_workspace(&self) -> anyhow::Result<()> {
        require_workspace(&self.root)
    }

    /// The workspace to work with. Its mistakes are told; work goes on with what is right, and what needs a part with
    /// a mistake fails with the reason.
    pub(super) fn workspace(&self) -> anyhow::Result<Workspace> {
        self.workspace_with(&ParameterValues::new())
    }

    /// The same with other values for some parameters.
    pub(super) fn workspace_with(&self, values: &ParameterValues) -> anyhow::Result<Workspace> {
        let prepared = self.prepare_with(&self.root, values)?;
        if !prepared.diagnostics.is_empty() {
            complain(render_text(&prepared.diagnostics, style(&std::io::stderr())).trim_end());
        }
        prepared.workspace.context("the workspace has mistakes that must be mended first; see above")
    }

    /// The same where its mistakes were told already.
    pub(super) fn workspace_quietly(&self, values: &ParameterValues) -> anyhow::Result<Workspace> {
        self.prepare_with(&self.root, values)?.workspace.context("the workspace has mistakes that must be mended first")
    }
}

fn require_workspace(root: &Path) -> anyhow::Result<()> {
    if !root.join("callbrief.yaml").is_file() {
        bail!(
            "there is no workspace in {}: callbrief.yaml is missing\nhelp: name its folder with `--workspace DIR`, or make one with `callbrief init DIR` or `callbrief demo`",
            root.display()
        );
    }
    Ok(())
}

/// How diagnostics are drawn on this stream.
pub(super) fn style(stream: &impl IsTerminal) -> Style {
    if stream.is_terminal() { Style::Coloured } else { Style::Plain }
}

/// Prints to standard output; a closed pipe is an error that ends the program quietly.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

/// Prints to standard error. There is nowhere to say that this failed.
pub(super) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
