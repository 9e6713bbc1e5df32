//! `callbrief suppressions`: the addresses that get nothing any more, why and since when; one more, or one less.

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use serde_json::json;

use super::Verdict;
use super::session::{Session, print};
use crate::delivery::Contact;
use crate::diagnostics::nearest;
use crate::journal::{Journal, NewSuppression, Suppression, SuppressionCause, SuppressionScope};
use crate::locale::{FluentValue, format_date, text};
use crate::pipeline::Workspace;
use crate::report::export::text::wrap;

/// What stands before a rule's id where reports and rules are named together.
const RULE: &str = "alert:";

/// How wide reasons are written, and what stands before them.
const WIDTH: usize = 80;
const INDENT: &str = "    ";

#[derive(Debug, Args)]
pub(super) struct SuppressionsArguments {
    #[command(subcommand)]
    command: SuppressionsCommand,
}

#[derive(Debug, Subcommand)]
enum SuppressionsCommand {
    /// Show the addresses that get nothing any more
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Send nothing to an address any more, also of what waits in the outbox
    Add(AddArguments),
    /// Send to an address again
    Remove(RemoveArguments),
}

#[derive(Debug, Args)]
struct AddArguments {
    /// The address
    address: String,
    /// Only this: a report's id, or alert: and a rule's id
    #[arg(long, value_name = "REPORT")]
    only: Option<String>,
    /// Why
    #[arg(long)]
    reason: String,
    /// Who says so; the user of this session when not given
    #[arg(long)]
    author: Option<String>,
}

#[derive(Debug, Args)]
struct RemoveArguments {
    /// The address
    address: String,
    /// Only this: a report's id, or alert: and a rule's id; everything when not given
    #[arg(long, value_name = "REPORT")]
    only: Option<String>,
}

pub(super) async fn run(session: &Session, arguments: SuppressionsArguments) -> anyhow::Result<Verdict> {
    let workspace = session.workspace()?;
    let now = session.clock.now();
    let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
    let verdict = match arguments.command {
        SuppressionsCommand::List { json: true } => list_as_json(&journal).await,
        SuppressionsCommand::List { json: false } => list(&workspace, &journal).await,
        SuppressionsCommand::Add(arguments) => add(session, &workspace, &journal, arguments, now).await,
        SuppressionsCommand::Remove(arguments) => remove(&workspace, &journal, &arguments).await,
    };
    journal.close().await;
    verdict
}

async fn list_as_json(journal: &Journal) -> anyhow::Result<Verdict> {
    let as_json = |suppression: &Suppression| {
        let scope = match &suppression.scope {
            SuppressionScope::Everything => None,
            SuppressionScope::Runs(name) => Some(name),
        };
        json!({
            "address": suppression.address, "only": scope, "cause": suppression.cause.word(),
            "reason": suppression.reason, "author": suppression.author, "since": suppression.created.to_rfc3339(),
        })
    };
    let suppressions: Vec<_> = journal.suppressions().await?.iter().map(as_json).collect();
    print(&serde_json::to_string_pretty(&suppressions)?)?;
    Ok(Verdict::Fine)
}

async fn list(workspace: &Workspace, journal: &Journal) -> anyhow::Result<Verdict> {
    let suppressions = journal.suppressions().await?;
    let language = workspace.catalog.settings.locale;
    let say = |key: &str| text(language, key, &[]);
    if suppressions.is_empty() {
        print(&say("suppressions-none"))?;
        return Ok(Verdict::Fine);
    }
    let zone = workspace.catalog.settings.timezone;
    for suppression in &suppressions {
        let since = format_date(suppression.created.with_timezone(&zone).date_naive(), language);
        tell(workspace, "suppressions-line", (&suppression.address, &suppression.scope), &[("since", since.into())])?;
        let why = match suppression.cause {
            SuppressionCause::Bounce => format!("{}: {}", say("suppressions-mail-server"), suppression.reason),
            SuppressionCause::Unsubscribed => say("suppressions-unsubscribed"),
            SuppressionCause::ByHand => format!("{}: {}", suppression.author, suppression.reason),
        };
        print(&wrap(&why, WIDTH, INDENT, INDENT).join("\n"))?;
    }
    Ok(Verdict::Fine)
}

async fn add(
    session: &Session,
    workspace: &Workspace,
    journal: &Journal,
    arguments: AddArguments,
    now: DateTime<Utc>,
) -> anyhow::Result<Verdict> {
    let address = Contact::parse(&arguments.address)?.address;
    let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| session.environment.get(*name));
    let author = arguments.author.or(user.cloned()).context("nobody knows who says so: say it with --author NAME")?;
    let only = arguments.only.as_deref().map(|name| known(workspace, name)).transpose()?;
    let of = only.unwrap_or(SuppressionScope::Everything);
    let suppression = NewSuppression {
        address: address.clone(),
        scope: of.clone(),
        cause: SuppressionCause::ByHand,
        reason: arguments.reason,
        author,
    };
    let key = if journal.suppress(suppression, now).await? { "suppressions-added" } else { "suppressions-there" };
    tell(workspace, key, (&address, &of), &[])?;
    Ok(Verdict::Fine)
}

async fn remove(workspace: &Workspace, journal: &Journal, arguments: &RemoveArguments) -> anyhow::Result<Verdict> {
    let address = Contact::parse(&arguments.address)?.address;
    // What was suppressed may be gone from the workspace, so it need not be known.
    let only = arguments.only.as_deref().map(SuppressionScope::named);
    let lifted = journal.lift_suppressions(&address, only.as_ref()).await?;
    if lifted.is_empty() {
        bail!("`{address}` is not suppressed\nhelp: `callbrief suppressions list` shows the addresses that are");
    }
    for suppression in &lifted {
        tell(workspace, "suppressions-removed", (&suppression.address, &suppression.scope), &[])?;
    }
    Ok(Verdict::Fine)
}

/// Prints what is the case with an address, in the workspace's language.
fn tell(
    workspace: &Workspace,
    key: &str,
    (address, scope): (&str, &SuppressionScope),
    more: &[(&str, FluentValue<'_>)],
) -> anyhow::Result<()> {
    let (extent, scope) = match scope {
        SuppressionScope::Everything => ("all", ""),
        SuppressionScope::Runs(name) => ("one", name.as_str()),
    };
    let mut variables = vec![("address", address.into()), ("extent", extent.into()), ("scope", scope.into())];
    variables.extend_from_slice(more);
    print(&text(workspace.catalog.settings.locale, key, &variables))
}

/// The scope of this name. One that nothing has would give false peace of mind.
fn known(workspace: &Workspace, name: &str) -> anyhow::Result<SuppressionScope> {
    let catalog = &workspace.catalog;
    let names: Vec<String> =
        catalog.reports.keys().cloned().chain(catalog.alerts.keys().map(|rule| format!("{RULE}{rule}"))).collect();
    if names.iter().any(|known| known == name) {
        return Ok(SuppressionScope::Runs(name.to_owned()));
    }
    // Somebody may have left out what stands before a rule's id.
    let rule = Some(format!("{RULE}{name}")).filter(|rule| names.contains(rule));
    let near = rule.as_deref().or_else(|| nearest(name, names.iter().map(String::as_str)));
    let hint = near.map_or_else(String::new, |near| format!("\nhelp: did you mean `{near}`?"));
    bail!("there is no report and no alert rule `{name}`{hint}")
}
