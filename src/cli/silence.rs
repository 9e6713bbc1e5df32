//! `callbrief silence`: asks for quiet about some alerts for a while, shows who asked, and ends it before its time.

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};
use serde_json::json;

use super::Verdict;
use super::session::{Session, print};
use super::table::{self, Side};
use crate::alert::{Labels, Silence};
use crate::diagnostics::nearest;
use crate::journal::{Journal, NewSilence};
use crate::pipeline::Workspace;
use crate::time::parse_duration;

#[derive(Debug, Args)]
pub(super) struct SilenceArguments {
    #[command(subcommand)]
    command: SilenceCommand,
}

#[derive(Debug, Subcommand)]
enum SilenceCommand {
    /// Tell nobody of some alerts for a while; they are evaluated on, and told if they still fire then
    Add(AddArguments),
    /// Show the silences that hold
    List(ListArguments),
    /// End a silence now
    Expire(ExpireArguments),
}

#[derive(Debug, Args)]
struct AddArguments {
    /// The rule, or `all`
    rule: String,
    /// Only alerts with these labels, such as queue=Billing; queue= for those without a value
    #[arg(value_name = "LABEL=VALUE", value_parser = label)]
    labels: Vec<(String, String)>,
    /// For how long, such as 2h or 3d
    #[arg(long = "for", value_name = "LENGTH", value_parser = length, required_unless_present = "until")]
    length: Option<TimeDelta>,
    /// Until when, such as 2026-11-23T08:00:00Z
    #[arg(long, value_name = "INSTANT", conflicts_with = "length")]
    until: Option<DateTime<Utc>>,
    /// Why
    #[arg(long)]
    reason: String,
    /// Who asks for it; the user of this session when not given
    #[arg(long)]
    author: Option<String>,
}

#[derive(Debug, Args)]
struct ListArguments {
    /// Also those that are over
    #[arg(long)]
    all: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct ExpireArguments {
    /// Its number, as `silence list` shows it
    id: i64,
}

pub(super) async fn run(session: &Session, arguments: SilenceArguments) -> anyhow::Result<Verdict> {
    let workspace = session.workspace()?;
    let now = session.clock.now();
    let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
    let verdict = match arguments.command {
        SilenceCommand::Add(arguments) => add(session, &workspace, &journal, arguments, now).await,
        SilenceCommand::List(arguments) => list(&workspace, &journal, &arguments, now).await,
        SilenceCommand::Expire(arguments) => expire(&journal, &arguments, now).await,
    };
    journal.close().await;
    verdict
}

async fn add(
    session: &Session,
    workspace: &Workspace,
    journal: &Journal,
    arguments: AddArguments,
    now: DateTime<Utc>,
) -> anyhow::Result<Verdict> {
    let rule = (arguments.rule != "all").then_some(arguments.rule);
    let given = arguments.labels.into_iter().map(|(name, value)| (name, Some(value).filter(|value| !value.is_empty())));
    let labels = Labels::named(given);
    must_exist(workspace, rule.as_deref(), &labels)?;
    let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| session.environment.get(*name));
    let author = arguments.author.or(user.cloned()).context("nobody knows who asks: say it with --author NAME")?;
    let ends_at = arguments.until.or(arguments.length.map(|length| now + length)).unwrap_or(now);
    if ends_at <= now {
        bail!("the silence would end before it begins");
    }
    let silence = NewSilence { rule, labels, author, reason: arguments.reason, ends_at };
    let id = journal.add_silence(silence, now).await?;
    let zone = workspace.catalog.settings.timezone;
    print(&format!("silence {id} holds until {}", ends_at.with_timezone(&zone).format("%a %Y-%m-%d %H:%M %Z")))?;
    Ok(Verdict::Fine)
}

/// A silence about nothing would give false peace of mind.
fn must_exist(workspace: &Workspace, rule: Option<&str>, labels: &Labels) -> anyhow::Result<()> {
    let alerts = &workspace.catalog.alerts;
    if let Some(id) = rule
        && !alerts.contains_key(id)
    {
        let near = nearest(id, alerts.keys().map(String::as_str));
        let hint = near.map_or_else(String::new, |near| format!("\nhelp: did you mean `{near}`?"));
        bail!("there is no alert rule `{id}`{hint}");
    }
    let rules = alerts.iter().filter(|(id, _)| rule.is_none_or(|wanted| wanted == *id));
    let known: BTreeSet<&str> =
        rules.flat_map(|(_, definition)| &definition.by).map(|grouping| grouping.value.name()).collect();
    match labels.iter().find(|(name, _)| !known.contains(name)) {
        None => Ok(()),
        Some((name, _)) if known.is_empty() => bail!("there is no label `{name}`: the rule has no groups"),
        Some((name, _)) => {
            let known: Vec<String> = known.into_iter().map(|name| format!("`{name}`")).collect();
            bail!("there is no label `{name}`\nhelp: there are {}", known.join(", "))
        }
    }
}

async fn list(
    workspace: &Workspace,
    journal: &Journal,
    arguments: &ListArguments,
    now: DateTime<Utc>,
) -> anyhow::Result<Verdict> {
    let silences = if arguments.all { journal.silences().await? } else { journal.silences_at(now).await? };
    if arguments.json {
        let silences: Vec<serde_json::Value> = silences.iter().map(|silence| as_json(silence, now)).collect();
        print(&serde_json::to_string_pretty(&silences)?)?;
        return Ok(Verdict::Fine);
    }
    if silences.is_empty() {
        print("nothing is silenced")?;
        return Ok(Verdict::Fine);
    }
    let zone = workspace.catalog.settings.timezone;
    let header = ["id", "rule", "where", "until", "author", "reason"].map(|title| (title, Side::Left));
    let row = |silence: &Silence| {
        let until = silence.ends_at.with_timezone(&zone).format("%a %Y-%m-%d %H:%M").to_string();
        vec![
            silence.id.to_string(),
            silence.rule.clone().unwrap_or_else(|| "all".to_owned()),
            silence.labels.text(),
            if silence.ends_at > now { until } else { format!("over since {until}") },
            silence.author.clone(),
            silence.reason.clone(),
        ]
    };
    print(&table::render(&header, silences.iter().map(row).collect()))?;
    Ok(Verdict::Fine)
}

async fn expire(journal: &Journal, arguments: &ExpireArguments, now: DateTime<Utc>) -> anyhow::Result<Verdict> {
    if !journal.expire_silence(arguments.id, now).await? {
        bail!(
            "there is no silence {} that still holds\nhelp: `callbrief silence list` shows those that do",
            arguments.id
        );
    }
    print(&format!("silence {} is over", arguments.id))?;
    Ok(Verdict::Fine)
}

fn as_json(silence: &Silence, now: DateTime<Utc>) -> serde_json::Value {
    json!({
        "id": silence.id, "rule": silence.rule, "labels": silence.labels, "author": silence.author,
        "reason": silence.reason, "created_at": silence.created_at.to_rfc3339(),
        "ends_at": silence.ends_at.to_rfc3339(), "holds": silence.ends_at > now,
    })
}

fn label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err("write it as queue=Billing".to_owned()),
    }
}

fn length(text: &str) -> Result<TimeDelta, String> {
    parse_duration(text).ok_or_else(|| "write a number with s, m, h, d or w, such as 2h".to_owned())
}
