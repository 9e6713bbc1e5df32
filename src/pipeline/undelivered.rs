//! The notice to whoever looks after a report or a rule that a message did not arrive: to whom, why, and whether the next
//! one goes there. Told once for each delivery, however many processes there are.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Workspace;
use super::alert_mail::{Letter, period};
use crate::alert;
use crate::delivery::{Contact, Origin};
use crate::journal::{AlertNotices, DeliveryId, Journal, Recorded, Suppression, Undelivered};
use crate::locale::{format_instant, text};
use crate::report::document::{Block, Document, Inline, Marker};
use crate::time::Window;

/// What these notices are called among the runs; no report can have this name.
const RUN_NAME: &str = "deliveries:failed";

/// How many reports and rules a subject names.
const NAMED_IN_SUBJECT: usize = 2;

/// What one person is told.
#[derive(Default)]
struct News<'a> {
    failed: Vec<&'a Undelivered>,
    unsubscribed: Vec<&'a Suppression>,
}

/// Tells of the deliveries that have failed since the last time, and of those who unsubscribed; how many there were. What
/// nobody wants to be told of counts as told.
pub async fn tell_undelivered(
    workspace: &Workspace,
    journal: &Journal,
    owner: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<usize> {
    let failed = journal.undelivered(RUN_NAME).await?;
    let unsubscribed = journal.untold_suppressions().await?;
    if failed.is_empty() && unsubscribed.is_empty() {
        return Ok(0);
    }
    let mut by_address: BTreeMap<&str, News<'_>> = BTreeMap::new();
    for delivery in &failed {
        if let Some(address) = looks_after(workspace, &delivery.report) {
            by_address.entry(address).or_default().failed.push(delivery);
        }
    }
    for suppression in &unsubscribed {
        if let Some(address) = looks_after(workspace, suppression.scope.name()) {
            by_address.entry(address).or_default().unsubscribed.push(suppression);
        }
    }
    let origin = Origin { report: "deliveries-failed".to_owned(), period: period(now), generation: 0 };
    let letters = by_address.into_iter().map(|(address, news)| {
        let letter =
            Letter::new(workspace, subject(workspace, &news), &document(workspace, &news, now), origin.clone());
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
    let recorded = journal.tell_undelivered(&ids, &unsubscribed, notices, now).await?;
    Ok(if recorded == Recorded::Written { failed.len() + unsubscribed.len() } else { 0 })
}

/// Who looks after what runs of this name send.
pub(super) fn looks_after<'a>(workspace: &'a Workspace, run: &str) -> Option<&'a str> {
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

fn subject(workspace: &Workspace, news: &News<'_>) -> String {
    let (key, runs): (_, Vec<&str>) = match news.failed.as_slice() {
        [] => ("unsubscribed-subject", news.unsubscribed.iter().map(|news| news.scope.name()).collect()),
        failed => ("undelivered-subject", failed.iter().map(|delivery| delivery.report.as_str()).collect()),
    };
    let mut names: Vec<&str> = runs.into_iter().map(|run| title(workspace, run)).collect();
    names.dedup();
    let named = names.iter().take(NAMED_IN_SUBJECT).copied().collect::<Vec<_>>().join(", ");
    let mut subject = text(workspace.catalog.settings.locale, key, &[("names", named.into())]);
    if names.len() > NAMED_IN_SUBJECT {
        subject.push_str(&format!(" +{}", names.len() - NAMED_IN_SUBJECT));
    }
    subject
}

fn document(workspace: &Workspace, news: &News<'_>, now: DateTime<Utc>) -> Document {
    let settings = &workspace.catalog.settings;
    let language = settings.locale;
    let say = |message: &str| text(language, message, &[]);
    let item = |address: &str, about: &str| {
        vec![Inline::Strong(vec![Inline::Text(address.to_owned())]), Inline::Text(format!(" – {about}"))]
    };
    let failure = |delivery: &&Undelivered| {
        let variables = [
            ("title", title(workspace, &delivery.report).into()),
            ("run", delivery.run.to_string().into()),
            ("error", delivery.error.as_str().into()),
        ];
        item(&delivery.recipient, &text(language, "undelivered-item", &variables))
    };
    let mut blocks = Vec::new();
    let mut part = |items: Vec<Vec<Inline>>, meaning: &str, hint: &str, command: &str| {
        if items.is_empty() {
            return;
        }
        blocks.push(Block::Paragraph(vec![Inline::Text(say(meaning))]));
        blocks.push(Block::List { marker: Marker::Bullet, items });
        blocks.push(Block::Paragraph(vec![Inline::Text(format!("{} ", say(hint))), Inline::Code(command.to_owned())]));
    };
    let failures = |wanted: fn(&Undelivered) -> bool| {
        news.failed.iter().filter(|delivery| wanted(delivery)).map(failure).collect::<Vec<_>>()
    };
    let left = news.unsubscribed.iter().map(|left| item(&left.address, title(workspace, left.scope.name())));
    let (remove, resend) = ("callbrief suppressions remove ADDRESS", "callbrief runs resend RUN --recipient ADDRESS");
    let gone = failures(|delivery| delivery.is_suppressed);
    let held = failures(|delivery| !delivery.is_suppressed && delivery.is_held);
    let given_up = failures(|delivery| !delivery.is_suppressed && !delivery.is_held);
    part(gone, "undelivered-gone", "undelivered-lift", remove);
    part(given_up, "undelivered-given-up", "undelivered-again", resend);
    part(held, "undelivered-held", "undelivered-again", resend);
    part(left.collect(), "unsubscribed-meaning", "unsubscribed-lift", remove);
    let first = news.failed.first().map(|delivery| &delivery.recipient);
    Document {
        title: say(if news.failed.is_empty() { "unsubscribed-title" } else { "undelivered-title" }),
        subtitle: format_instant(now, settings.timezone, language),
        language,
        author: "callbrief".to_owned(),
        created: now,
        preheader: first.or(news.unsubscribed.first().map(|left| &left.address)).cloned().unwrap_or_default(),
        blocks,
        footnotes: vec![say("undelivered-once")],
        words: alert::words(language),
    }
}
