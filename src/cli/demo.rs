//! `callbrief demo`: a workspace with a generated call centre, its weekly report of the last full week, and the mail a
//! director will get. The same seed and date give the same bytes.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::kpi_answer::totals;
use super::report::{edition, language, owner, write};
use super::session::{Session, complain, print, style};
use super::{Verdict, schema};
use crate::delivery::{Transport, deliver_due};
use crate::demo::{DemoPlan, Progress, Stage, generate};
use crate::diagnostics::render_text;
use crate::journal::{Journal, Trigger};
use crate::locale::{Language, format_period};
use crate::pipeline::{Queued, RunOutcome, RunRequest, Sources, Workspace, remember_past, run_report};
use crate::report::questions;
use crate::schedule::CronSchedule;
use crate::time::{Clock, Window, local_day, local_day_start};
use crate::workspace::ReportDefinition;
use crate::workspace::embedded::{Existing, write_to};

/// The demo's report.
const REPORT: &str = "weekly";
/// How far back the last scheduled instant is looked for; a weekly report has one within it.
const LOOK_BACK: TimeDelta = TimeDelta::days(8);

#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// The folder
    #[arg(default_value = "var/demo")]
    folder: PathBuf,
    /// The first day without calls, instead of today
    #[arg(long, value_name = "DATE")]
    until: Option<NaiveDate>,
    /// Another seed gives another call centre
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many weeks of calls
    #[arg(long, default_value_t = 13, value_parser = clap::value_parser!(u32).range(3..=260))]
    weeks: u32,
    /// The language of names, report and mail: en or ru
    #[arg(long, short, value_parser = language)]
    language: Option<Language>,
}

pub(super) async fn run(session: &Session, arguments: &DemoArguments) -> anyhow::Result<Verdict> {
    let folder = &arguments.folder;
    let language = arguments.language.unwrap_or_else(|| spoken(session));
    unpack(folder, language)?;
    schema::write_into(folder)?;
    let prepared = session.prepare_in(folder)?;
    if !prepared.diagnostics.is_empty() {
        complain(render_text(&prepared.diagnostics, style(&std::io::stderr())).trim_end());
    }
    let workspace =
        prepared.workspace.with_context(|| format!("the workspace in {} has mistakes", folder.display()))?;
    let zone = workspace.catalog.settings.timezone;
    let until = arguments.until.unwrap_or_else(|| local_day(session.clock.now(), zone));
    let plan = DemoPlan { seed: arguments.seed, until, zone, weeks: arguments.weeks, language };
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template("{msg:12} {bar:40} {percent:>3} %")?);
    let summary = generate(&plan, &folder.join("calls.db"), &mut |progress| show(&bar, progress)).await?;
    bar.finish_and_clear();
    print(&format!(
        "{} calls and {} agent activities from {} to {} in {}\n",
        summary.calls,
        summary.activity,
        summary.first,
        summary.last,
        folder.join("calls.db").display()
    ))?;

    let report = workspace.catalog.reports.get(REPORT).context("the shipped workspace has no weekly report")?;
    let scheduled_for = last_instant(report, local_day_start(until, zone) + TimeDelta::hours(12))?;
    let period = report.period.at(scheduled_for, zone);
    let sources = Sources::connect(&workspace.catalog).await;
    let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
    // As if the rules had been watched since the week began.
    let watched = Window { from: period.window.from, to: scheduled_for };
    let fired = remember_past(&workspace, &sources, &journal, watched).await?;
    let request = RunRequest {
        report,
        period: report.period.clone(),
        scheduled_for,
        trigger: Trigger::Manual,
        skips: Vec::new(),
        recipients: None,
        owner: owner(),
        now: scheduled_for,
    };
    let (made, messages) = match run_report(&workspace, &sources, &journal, request).await? {
        RunOutcome::Queued(Queued { made: Some(made), messages, .. }) => (made, messages),
        RunOutcome::Failed(error) => return Err(error),
        // What an earlier demo left may have been changed since; the demo's own report goes to a reader of everything.
        _ => bail!("the report `{REPORT}` of this workspace is not sent to anyone who sees all of it"),
    };
    let transport = Transport::from_settings(&workspace.catalog.settings.mail, &workspace.catalog.root)?;
    deliver_due(&journal, &transport, &Clock::Fixed(scheduled_for), &owner()).await?;
    print(&format_period(&period, language))?;
    let kpis = shown_kpis(&workspace, report);
    print(&totals(&workspace, &kpis, &made.current, made.previous.as_ref()))?;
    print(&format!("\n{fired} alerts in that week: callbrief alerts --history --from {}", period.first))?;
    let runs = journal.recent_runs(5).await?;
    let sent = runs.iter().flat_map(|run| &run.deliveries).filter(|delivery| messages.contains(&delivery.message_id));
    print("")?;
    for path in sent.filter_map(|delivery| delivery.reply.clone()) {
        print(&path)?;
    }
    for path in write(&edition(&made, language)?.files, &folder.join("reports"))? {
        print(&path.display().to_string())?;
    }
    sources.close().await;
    journal.close().await;
    Ok(Verdict::Fine)
}

/// The language of the machine's user; English unless it is Russian.
fn spoken(session: &Session) -> Language {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| session.environment.get(*name).filter(|value| !value.is_empty()));
    if set.is_some_and(|value| value.starts_with("ru")) { Language::Russian } else { Language::English }
}

/// The shipped files, with the settings' paths inside this folder. Files that exist stay as the user left them.
fn unpack(folder: &Path, language: Language) -> anyhow::Result<()> {
    let fresh = !folder.join("callbrief.yaml").exists();
    write_to(folder, Existing::Keep).with_context(|| format!("cannot write to {}", folder.display()))?;
    if fresh {
        let path = folder.join("callbrief.yaml");
        let edit =
            |text: String| text.replace("var/demo/", "").replace("locale: ru", &format!("locale: {}", language.code()));
        std::fs::read_to_string(&path)
            .and_then(|text| std::fs::write(&path, edit(text)))
            .with_context(|| format!("cannot write {}", path.display()))?;
        let path = folder.join("rules/recipients.yaml");
        let edit = |text: String| text.replace("language: ru", &format!("language: {}", language.code()));
        std::fs::read_to_string(&path)
            .and_then(|text| std::fs::write(&path, edit(text)))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// The report's last scheduled instant before `latest`.
fn last_instant(report: &ReportDefinition, latest: DateTime<Utc>) -> anyhow::Result<DateTime<Utc>> {
    let definition = report.schedule.as_ref().context("the weekly report has no schedule")?;
    let schedule = CronSchedule::parse(&definition.cron.value, definition.timezone)?;
    schedule
        .due(latest - LOOK_BACK, latest)
        .last()
        .copied()
        .context("the weekly report's schedule has no instant in the last week")
}

fn shown_kpis(workspace: &Workspace, report: &ReportDefinition) -> Vec<String> {
    let template = workspace.templates.get(&report.template.value);
    let asked = template.map(|template| questions(report, template, &workspace.catalog));
    asked.and_then(|questions| questions.into_iter().next()).map(|total| total.kpis).unwrap_or_default()
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_message(match progress.stage {
        Stage::Calling => "calling",
        Stage::Writing => "writing",
    });
    bar.set_length(progress.total);
    bar.set_position(progress.done);
}
