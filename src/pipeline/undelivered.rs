//! The notice to whoever looks after a report or a rule that a message did not arrive: to whom, why, and whether the next
//! one goes there. Told once for each delivery, however many processes there are.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Workspace;
use super::alert_mail::{Letter, period};
use crate::alert;
use crate::delivery::{Contact, Origin};
use crate::journal::{AlertNotices, DeliveryId, Journal, JournalError, Recorded, Undelivered};
use crate::locale::{format_instant, text};
use crate::report::document::{Block, Document, Inline, Marker};
use crate::time::Window;

/// What these notices are called among the runs; no report can have this name.
const RUN_NAME: &str = "deliveries:failed";

/// How many reports and rules a subject names.
const NAMED_IN_SUBJECT: usize = 2;

/// Tells of the deliveries that have failed since the last time; how many there were. Those of which nobody wants to be
/// told are counted as told.
pub async fn tell_undelivered(
    workspace: &Workspace,
    journal: &Journal,
    owner: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<usize> {
    let failed = journal.undelivered(RUN_NAME).await?;
    if failed.is_empty() {
        return Ok(0);
    }
    let mut by_address: BTreeMap<&str, Vec<&Undelivered>> = BTreeMap::new();
    for delivery in &failed {
        if let Some(address) = looks_after(workspace, &delivery.report) {
            by_address.entry(address).or_default().push(delivery);
        }
    }
    let origin = Origin { report: "deliveries-failed".to_owned(), period: period(now), generation: 0 };
    let letters = by_address.into_iter().map(|(address, failed)| {
        let subject = subject(workspace, &failed);
        let letter = Letter::new(workspace, subject, &document(workspace, &failed, now), origin.clone());
        letter.to(workspace, Contact { name: None, address: address.to_owned() }, now)
    });
    let deliveries = letters.collect::<anyhow::Result<Vec<_>>>()?;
    let notices = (!deliveries.is_empty()).then(|| AlertNotices {
        report: RUN_NAME.to_owned(),
        scheduled_for: now,
        period: period(now),
        window: Window { from: now, to: now },
        owner: owner.to_owned(),
        deliveries,
    });
    let ids: Vec<DeliveryId> = failed.iter().map(|delivery| delivery.id).collect();
    let recorded: Result<Recorded, JournalError> = journal.tell_undelivered(&ids, notices, now).await;
    Ok(if recorded? == Recorded::Written { failed.len() } else { 0 })
}

/// Who looks after what runs of this name send.
fn looks_after<'a>(workspace: &'a Workspace, run: &str) -> Option<&'a str> {
    let catalog = &workspace.catalog;
    let owner = match run.strip_prefix("alert:") {
        Some(rule) => catalog.alerts.get(rule).and_then(|rule| rule.owner.as_ref()),
        None => catalog.reports.get(run).and_then(|report| report.owner.as_ref()),
    };
    owner.or(catalog.settings.operator.as_ref()).map(|address| address.value.as_str())
}

/// What people call a report or a rule.
fn title<'a>(workspace: &'a Workspace, run: &'a str) -> &'a str {
    let catalog = &workspace.catalog;
    let title = match run.strip_prefix("alert:") {
        Some(rule) => catalog.alerts.get(rule).map(|rule| &rule.title),
        None => catalog.reports.get(run).map(|report| &report.title),
    };
    title.and_then(|title| title.get(catalog.settings.locale)).unwrap_or(run)
}

fn subject(workspace: &Workspace, failed: &[&Undelivered]) -> String {
    let mut names: Vec<&str> = failed.iter().map(|delivery| title(workspace, &delivery.report)).collect();
    names.dedup();
    let named = names.iter().take(NAMED_IN_SUBJECT).copied().collect::<Vec<_>>().join(", ");
    let mut subject = text(workspace.catalog.settings.locale, "undelivered-subject", &[("names", named.into())]);
    if names.len() > NAMED_IN_SUBJECT {
        subject.push_str(&format!(" +{}", names.len() - NAMED_IN_SUBJECT));
    }
    subject
}

fn document(workspace: &Workspace, failed: &[&Undelivered], now: DateTime<Utc>) -> Document {
    let settings = &workspace.catalog.settings;
    let language = settings.locale;
    let say = |message: &str| text(language, message, &[]);
    let item = |delivery: &&Undelivered| {
        let variables = [
            ("title", title(workspace, &delivery.report).into()),
            ("run", delivery.run.to_string().into()),
            ("error", delivery.error.as_str().into()),
        ];
        let about = text(language, "undelivered-item", &variables);
        vec![Inline::Strong(vec![Inline::Text(delivery.recipient.clone())]), Inline::Text(format!(" {about}"))]
    };
    let part = |failed: &[&Undelivered], meaning: &str, hint: &str, command: &str| {
        [
            Block::Paragraph(vec![Inline::Text(say(meaning))]),
            Block::List { marker: Marker::Bullet, items: failed.iter().map(item).collect() },
            Block::Paragraph(vec![Inline::Text(format!("{} ", say(hint))), Inline::Code(command.to_owned())]),
        ]
    };
    let (gone, given_up): (Vec<&Undelivered>, Vec<&Undelivered>) =
        failed.iter().partition(|delivery| delivery.is_suppressed);
    let mut blocks = Vec::new();
    if !gone.is_empty() {
        blocks.extend(part(&gone, "undelivered-gone", "undelivered-lift", "callbrief suppressions remove ADDRESS"));
    }
    if !given_up.is_empty() {
        let command = "callbrief runs resend RUN --recipient ADDRESS";
        blocks.extend(part(&given_up, "undelivered-given-up", "undelivered-again", command));
    }
    Document {
        title: say("undelivered-title"),
        subtitle: format_instant(now, settings.timezone, language),
        language,
        author: "callbrief".to_owned(),
        created: now,
        preheader: failed.first().map(|delivery| delivery.recipient.clone()).unwrap_or_default(),
        blocks,
        footnotes: vec![say("undelivered-once")],
        words: alert::words(language),
    }
}
