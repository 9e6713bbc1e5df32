//! `callbrief report`: one report made now, into a folder, into the mail, or both.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::{ArgGroup, Args};

use super::Verdict;
use super::session::{Session, complain, print};
use crate::delivery::{Contact, Transport, deliver_due};
use crate::journal::{Journal, RunId, Trigger};
use crate::locale::Language;
use crate::pipeline::{
    Addressee, Edition, Made, Order, Queued, RunOutcome, RunRequest, Sources, addressees, episodes, file_name, files,
    find_report, language_of, make, measure_report, run_report, template, zone_of,
};
use crate::report::context_json;
use crate::report::document::Artifact;
use crate::time::PeriodName;
use crate::workspace::Format;

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("target").required(true).multiple(true).args(["out", "send", "context"])))]
pub(super) struct ReportArguments {
    /// The report's id
    id: String,
    /// The period instead of the report's own: 2026-W46, 2026-11, yesterday, …
    #[arg(long, short)]
    period: Option<String>,
    /// Write the files into this folder
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write files of this format instead of the report's own: html, pdf, text, xlsx or csv
    #[arg(long, short, requires = "out", value_parser = format, value_name = "FORMAT")]
    format: Vec<Format>,
    /// Print what the template can use, as JSON
    #[arg(long, conflicts_with_all = ["out", "send"])]
    context: bool,
    /// Send it to the report's recipients
    #[arg(long)]
    send: bool,
    /// Send it to this one of its recipients only: their rows, language and zone
    #[arg(long, requires = "send", value_name = "ADDRESS")]
    recipient: Option<String>,
    /// Send it to this address instead; with `--recipient`, what that one would get
    #[arg(long, requires = "send", value_name = "ADDRESS")]
    to: Vec<String>,
    /// The language: en or ru
    #[arg(long, short, value_parser = language)]
    language: Option<Language>,
}

pub(super) fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "known languages are en and ru".to_owned())
}

/// The period that `--period` names.
pub(super) fn period(text: Option<&str>) -> anyhow::Result<Option<PeriodName>> {
    let name = text.map(|text| PeriodName::parse(text).map_err(|reason| anyhow!("--period {text:?}: {reason}")));
    name.transpose()
}

fn format(name: &str) -> Result<Format, String> {
    let known = || Format::ALL.map(Format::name).join(", ");
    Format::parse(name).ok_or_else(|| format!("known formats are {}", known()))
}

pub(super) async fn run(session: &Session, arguments: &ReportArguments) -> anyhow::Result<Verdict> {
    let workspace = session.workspace()?;
    let report = find_report(&workspace, &arguments.id)?;
    let now = session.clock.now();
    let name = period(arguments.period.as_deref())?.unwrap_or_else(|| report.period.clone());
    let period = name.at(now, zone_of(&workspace, report));
    let own = arguments.language.unwrap_or_else(|| language_of(&workspace, report));
    let sources = Sources::connect(&workspace.catalog).await;
    if arguments.context {
        let template = template(&workspace, report)?;
        let measured = measure_report(&workspace, &sources, report, template, &period).await?;
        sources.close().await;
        let context = context_json(&measured.request(&workspace, report, template, own, now));
        print(&serde_json::to_string_pretty(&context)?)?;
        return Ok(Verdict::Fine);
    }
    let mut verdict = Verdict::Fine;
    let made = if arguments.send {
        let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
        let readers = match (&arguments.recipient, arguments.to.is_empty()) {
            (None, false) => Vec::new(),
            (None, true) => addressees(&workspace, &sources, &report.recipients).await?,
            (Some(address), _) => vec![one_of(addressees(&workspace, &sources, &report.recipients).await?, address)?],
        };
        let mut recipients = instead(readers, &arguments.to)?;
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
                if round.is_paced {
                    complain(
                        "the mail server takes no more messages within this minute; `callbrief serve` sends the rest",
                    );
                }
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
                let episodes = episodes(&workspace, template(&workspace, report)?, period.window).await?;
                let order = Order { period: period.clone(), run_at: now, languages: vec![own], episodes };
                Box::new(make(&workspace, &sources, report, &order).await?)
            }
        };
        let edition = edition(&made, own)?;
        let base = file_name(report, &period);
        let mut chosen = Vec::new();
        for format in &arguments.format {
            chosen.extend(files(*format, &base, &edition.document, &workspace.theme, &report.pdf)?);
        }
        let written = if arguments.format.is_empty() { &edition.files } else { &chosen };
        for path in write(written, folder)? {
            print(&path.display().to_string())?;
        }
    }
    sources.close().await;
    Ok(verdict)
}

/// A report's edition in a language.
pub(super) fn edition(made: &Made, language: Language) -> anyhow::Result<&Edition> {
    made.editions.get(&language).context("the report was not made in this language")
}

/// Writes files into a folder.
pub(super) fn write(files: &[Artifact], folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let write = |file: &Artifact| {
        let path = folder.join(&file.name);
        std::fs::write(&path, &file.bytes).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    };
    files.iter().map(write).collect()
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

/// The recipient of this address.
fn one_of(recipients: Vec<Addressee>, address: &str) -> anyhow::Result<Addressee> {
    let count = recipients.len();
    let same = |recipient: &Addressee| recipient.address.eq_ignore_ascii_case(address.trim());
    recipients.into_iter().find(same).with_context(|| format!("`{address}` is none of the report's {count} recipients"))
}

/// Those to whom it goes: these addresses in place of the recipients, when there are any. An address gets what the one
/// recipient would, or everything when there is none.
fn instead(recipients: Vec<Addressee>, addresses: &[String]) -> anyhow::Result<Vec<Addressee>> {
    if addresses.is_empty() {
        return Ok(recipients);
    }
    let redirected = |text: &String| {
        let reader = recipient(text)?;
        Ok(match recipients.first() {
            Some(own) => Addressee { address: reader.address, name: reader.name, ..own.clone() },
            None => reader,
        })
    };
    addresses.iter().map(redirected).collect()
}

fn recipient(text: &str) -> anyhow::Result<Addressee> {
    let contact = Contact::parse(text).context("--to")?;
    Ok(Addressee { address: contact.address, name: contact.name, language: None, zone: None, scope: None })
}
