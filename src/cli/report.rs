//! `callbrief report`: one report made now, into a folder, into the mail, or both.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{ArgGroup, Args};

use super::Verdict;
use super::session::{Session, complain, print};
use crate::alert::Episode;
use crate::delivery::{Contact, Transport, deliver_due};
use crate::diagnostics::nearest;
use crate::journal::{Journal, RunId, Trigger};
use crate::locale::Language;
use crate::pipeline::{
    Addressee, Edition, Made, Order, Queued, RunOutcome, RunRequest, Sources, Workspace, addressees, language_of, make,
    run_report, zone_of,
};
use crate::report::Template;
use crate::time::{PeriodName, Window};
use crate::workspace::ReportDefinition;

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("target").required(true).multiple(true).args(["out", "send"])))]
pub(super) struct ReportArguments {
    /// The report's id
    id: String,
    /// The period instead of the report's own: 2026-W46, 2026-11, yesterday, …
    #[arg(long, short)]
    period: Option<String>,
    /// Write the files into this folder
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Send it to the report's recipients
    #[arg(long)]
    send: bool,
    /// Send it to this address instead
    #[arg(long, requires = "send", value_name = "ADDRESS")]
    to: Vec<String>,
    /// The language: en or ru
    #[arg(long, short, value_parser = language)]
    language: Option<Language>,
}

pub(super) fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "known languages are en and ru".to_owned())
}

pub(super) async fn run(session: &Session, arguments: &ReportArguments) -> anyhow::Result<Verdict> {
    let workspace = session.workspace()?;
    let Some(report) = workspace.catalog.reports.get(&arguments.id) else {
        let near = nearest(&arguments.id, workspace.catalog.reports.keys().map(String::as_str));
        let hint = near.map_or_else(String::new, |near| format!("\nhelp: did you mean `{near}`?"));
        bail!("there is no report `{}`{hint}", arguments.id);
    };
    let now = session.clock.now();
    let name = match &arguments.period {
        Some(text) => match PeriodName::parse(text) {
            Ok(name) => name,
            Err(reason) => bail!("--period {text:?}: {reason}"),
        },
        None => report.period.clone(),
    };
    let period = name.at(now, zone_of(&workspace, report));
    let own = arguments.language.unwrap_or_else(|| language_of(&workspace, report));
    let sources = Sources::connect(&workspace.catalog).await;
    let mut verdict = Verdict::Fine;
    let made = if arguments.send {
        let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
        let mut recipients = match arguments.to.as_slice() {
            [] => addressees(&workspace, &sources, &report.recipients).await?,
            addresses => addresses.iter().map(|address| recipient(address)).collect::<anyhow::Result<_>>()?,
        };
        if recipients.is_empty() {
            bail!("the report `{}` has no recipients; name one with `--to ADDRESS`", arguments.id);
        }
        if let Some(language) = arguments.language {
            recipients.iter_mut().for_each(|recipient| recipient.language = Some(language));
        }
        let request = RunRequest {
            report,
            period: name,
            scheduled_for: now,
            trigger: Trigger::Manual,
            skips: Vec::new(),
            recipients: Some(recipients),
            owner: owner(),
            now,
        };
        let made = match run_report(&workspace, &sources, &journal, request).await? {
            RunOutcome::Queued(Queued { run, made, messages, .. }) => {
                let transport = Transport::from_settings(&workspace.catalog.settings.mail, &workspace.catalog.root)?;
                let round = deliver_due(&journal, &transport, &session.clock, &owner()).await?;
                verdict = tell_deliveries(&journal, run, &messages).await?;
                if let Some(failure) = round.halted {
                    complain(&format!(
                        "mail cannot leave now: {failure}; it stays in the outbox and `callbrief serve` sends it"
                    ));
                    verdict = Verdict::Found;
                }
                made
            }
            RunOutcome::Skipped(reason) | RunOutcome::Held { reason, .. } => bail!("the report is not sent: {reason}"),
            RunOutcome::Taken => bail!("another process is making this report at this moment"),
            RunOutcome::Failed(error) => return Err(error),
        };
        journal.close().await;
        made
    } else {
        None
    };
    if let Some(folder) = &arguments.out {
        let made = match made {
            Some(made) if made.editions.contains_key(&own) => made,
            _ => {
                let episodes = episodes(&workspace, report, period.window).await?;
                let order = Order { period, run_at: now, languages: vec![own], episodes };
                Box::new(make(&workspace, &sources, report, &order).await?)
            }
        };
        for path in write(&made, own, folder)? {
            print(&path.display().to_string())?;
        }
    }
    sources.close().await;
    Ok(verdict)
}

/// The alerts that fired in the period. The journal is not opened for a report that does not list them.
async fn episodes(workspace: &Workspace, report: &ReportDefinition, window: Window) -> anyhow::Result<Vec<Episode>> {
    if !workspace.templates.get(&report.template.value).is_some_and(Template::lists_alerts) {
        return Ok(Vec::new());
    }
    let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
    let episodes = journal.episodes_between(window.from, window.to).await?;
    journal.close().await;
    Ok(episodes)
}

/// Writes an edition's files into a folder.
pub(super) fn write(made: &Made, language: Language, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let edition: &Edition = made.editions.get(&language).context("the report was not made in this language")?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let write = |file: &crate::report::document::Artifact| {
        let path = folder.join(&file.name);
        std::fs::write(&path, &file.bytes).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    };
    edition.files.iter().map(write).collect()
}

/// A name of this process in the journal, for people.
pub(super) fn owner() -> String {
    format!("callbrief {}", std::process::id())
}

/// Prints what came of these messages of a run.
pub(super) async fn tell_deliveries(journal: &Journal, run: RunId, messages: &[String]) -> anyhow::Result<Verdict> {
    let mut verdict = Verdict::Fine;
    let messages: BTreeSet<&String> = messages.iter().collect();
    let run = journal.run(run).await?;
    for delivery in
        run.iter().flat_map(|run| &run.deliveries).filter(|delivery| messages.contains(&delivery.message_id))
    {
        let detail = delivery.reply.as_deref().or(delivery.last_error.as_deref()).unwrap_or_default();
        print(&format!("{} {}: {detail}", delivery.state.word(), delivery.recipient))?;
        if delivery.sent.is_none() {
            verdict = Verdict::Found;
        }
    }
    Ok(verdict)
}

fn recipient(text: &str) -> anyhow::Result<Addressee> {
    let contact = Contact::parse(text).context("--to")?;
    Ok(Addressee { address: contact.address, name: contact.name, language: None, zone: None, scope: None })
}
