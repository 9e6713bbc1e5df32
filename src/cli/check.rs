//! `callbrief check`: every mistake in the workspace's files, and in its queries as far as the databases answer.

use clap::{Args, ValueEnum};

use super::Verdict;
use super::session::{Session, print, style};
use crate::diagnostics::{Code, Diagnostic, Severity, render_json, render_text};
use crate::pipeline::{Sources, Workspace, probe_recipients};
use crate::workspace::RecipientGroup;

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// Do not ask the databases whether the datasets' queries run
    #[arg(long)]
    offline: bool,
    /// How the mistakes are printed
    #[arg(long, value_enum, default_value = "text")]
    format: OutputFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    Text,
    Json,
}

pub(super) async fn run(session: &Session, arguments: &CheckArguments) -> anyhow::Result<Verdict> {
    let prepared = session.prepare()?;
    let mut diagnostics = prepared.diagnostics;
    if let (Some(workspace), false) = (&prepared.workspace, arguments.offline) {
        diagnostics.extend(ask_databases(workspace).await);
    }
    match arguments.format {
        OutputFormat::Json => print(&serde_json::to_string_pretty(&render_json(&diagnostics))?)?,
        OutputFormat::Text if diagnostics.is_empty() => {
            let catalog = prepared.workspace.as_ref().map(|workspace| &workspace.catalog);
            let count = |count: Option<usize>, noun: &str| match count.unwrap_or(0) {
                1 => format!("1 {noun}"),
                other => format!("{other} {noun}s"),
            };
            print(&format!(
                "no mistakes: {}, {}, {}, {}",
                count(catalog.map(|catalog| catalog.datasets.len()), "dataset"),
                count(catalog.map(|catalog| catalog.kpis.len()), "KPI"),
                count(catalog.map(|catalog| catalog.alerts.len()), "alert rule"),
                count(catalog.map(|catalog| catalog.reports.len()), "report"),
            ))?;
        }
        OutputFormat::Text => print(render_text(&diagnostics, style(&std::io::stdout())).trim_end())?,
    }
    let has_errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    Ok(if has_errors { Verdict::Found } else { Verdict::Fine })
}

/// Tries each dataset's query on no rows, and looks at the columns of those that give recipients.
async fn ask_databases(workspace: &Workspace) -> Vec<Diagnostic> {
    let sources = Sources::connect(&workspace.catalog).await;
    let mut diagnostics = Vec::new();
    for (name, definition) in &workspace.catalog.settings.sources {
        if let Some(Err(error)) = sources.get(name) {
            diagnostics.push(
                Diagnostic::error(Code::UnreadableDatabase, definition.database.span.clone(), error.to_string())
                    .hint("`callbrief check --offline` checks the files alone"),
            );
        }
    }
    for dataset in workspace.catalog.datasets.values() {
        let Some(Ok(source)) = sources.get(&dataset.source.value) else { continue };
        match crate::dataset::probe(source, dataset).await {
            Ok(mistakes) => diagnostics.extend(mistakes),
            Err(error) => diagnostics.push(Diagnostic::error(
                Code::UnreadableDatabase,
                dataset.source.span.clone(),
                error.to_string(),
            )),
        }
    }
    for (name, group) in &workspace.catalog.recipients {
        let RecipientGroup::Queried(query) = group else { continue };
        if let Some(Ok(source)) = sources.get(&query.source.value) {
            diagnostics.extend(probe_recipients(source, name, query).await);
        }
    }
    sources.close().await;
    diagnostics
}
