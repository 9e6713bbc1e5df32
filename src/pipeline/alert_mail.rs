//! The messages of an alert rule: a mail for each recipient, in their language, as a reply to the first mail of the incident;
//! and for each webhook the same as JSON.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::Workspace;
use super::run::{inline, recipients_in, webhooks_in};
use super::unsubscribing::Unsubscribing;
use crate::alert::{self, Labels, NoticeRequest, Rule, Told, Trend};
use crate::delivery::{Contact, EXPIRES_AFTER, Mail, Origin, Unsubscribe, build, webhook_recipient};
use crate::journal::{Channel, NewDelivery};
use crate::locale::Language;
use crate::report::document::Document;
use crate::report::export::email::EmailBody;
use crate::report::export::{email, text};

/// What an evaluation has to tell of a rule.
pub(super) struct News<'a> {
    pub(super) rule: Rule<'a>,
    pub(super) told: &'a [Told],
    pub(super) trends: &'a BTreeMap<Labels, Trend>,
    pub(super) unsubscribing: &'a Unsubscribing<'a>,
    pub(super) now: DateTime<Utc>,
}

/// A notice as one recipient reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentNotice {
    /// The recipient's address.
    pub recipient: String,
    /// The language it is written in.
    pub language: Language,
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    pub text: String,
    /// The id of the message in the outbox.
    pub message_id: String,
}

/// What a rule's notices are called among the runs; no report can have this name.
pub(super) fn run_name(rule: &str) -> String {
    format!("alert:{rule}")
}

/// The instant an evaluation stands for, as runs name their periods.
pub(super) fn period(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The notice for each recipient, as it is read and as it is sent.
pub(super) fn messages(workspace: &Workspace, news: &News<'_>) -> anyhow::Result<(Vec<SentNotice>, Vec<NewDelivery>)> {
    let settings = &workspace.catalog.settings;
    let mut letters: BTreeMap<Language, Letter> = BTreeMap::new();
    let (mut notices, mut deliveries) = (Vec::new(), Vec::new());
    for recipient in recipients_in(workspace, &news.rule.definition.notify) {
        let language = recipient.language.unwrap_or(settings.locale);
        let letter = letters.entry(language).or_insert_with(|| {
            let request = news.request(workspace, language);
            Letter {
                thread: news.thread(),
                ..Letter::new(workspace, alert::subject(&request), &alert::document(&request), news.origin(news.now))
            }
        });
        let to = Contact { name: recipient.name.clone(), address: recipient.address.value.clone() };
        let unsubscribe = news.unsubscribing.from(&run_name(&news.rule.definition.id.value), &to.address, language)?;
        let delivery = letter.with(workspace, to, Some(unsubscribe), news.now)?;
        notices.push(SentNotice {
            recipient: delivery.recipient.clone(),
            language,
            subject: letter.subject.clone(),
            text: letter.text.clone(),
            message_id: delivery.message_id.clone(),
        });
        deliveries.push(delivery);
    }
    for webhook in webhooks_in(workspace, &news.rule.definition.notify) {
        let origin = news.origin(news.now);
        let id = format!("{}.{}.{}", origin.report, origin.period, webhook.name.value);
        let body = alert::webhook_body(&news.request(workspace, webhook.language.unwrap_or(settings.locale)), &id);
        deliveries.push(NewDelivery {
            channel: Channel::Webhook,
            recipient: webhook_recipient(&webhook.name.value),
            message_id: id,
            envelope_from: String::new(),
            bytes: body.to_string().into_bytes(),
            on_unknown: crate::workspace::OnUnknown::Resend,
            expires_at: news.now + EXPIRES_AFTER,
        });
    }
    Ok((notices, deliveries))
}

/// A notice in one language before it is addressed.
pub(super) struct Letter {
    subject: String,
    text: String,
    body: EmailBody,
    origin: Origin,
    /// The mails it belongs to, the first one first.
    thread: Vec<Origin>,
}

impl Letter {
    /// A letter that belongs to no other.
    pub(super) fn new(workspace: &Workspace, subject: String, document: &Document, origin: Origin) -> Self {
        let (text, body) = (text::render(document), email::render(document, &workspace.theme));
        Self { subject, text, body, origin, thread: Vec::new() }
    }

    /// The message to someone who gets it for their job.
    pub(super) fn to(&self, workspace: &Workspace, to: Contact, now: DateTime<Utc>) -> anyhow::Result<NewDelivery> {
        self.with(workspace, to, None, now)
    }

    fn with(
        &self,
        workspace: &Workspace,
        to: Contact,
        unsubscribe: Option<Unsubscribe>,
        now: DateTime<Utc>,
    ) -> anyhow::Result<NewDelivery> {
        let message = build(&Mail {
            from: Contact::parse(&workspace.catalog.settings.mail.from.value)?,
            to,
            subject: self.subject.clone(),
            text: self.text.clone(),
            html: Some(self.body.html.clone()),
            images: self.body.images.iter().map(inline).collect(),
            attachments: Vec::new(),
            origin: self.origin.clone(),
            thread: self.thread.clone(),
            unsubscribe,
            date: now,
        })?;
        let on_unknown = workspace.catalog.settings.mail.on_unknown;
        Ok(NewDelivery { on_unknown, ..message.into_delivery(now) })
    }
}

impl<'a> News<'a> {
    fn request(&self, workspace: &Workspace, language: Language) -> NoticeRequest<'a> {
        NoticeRequest {
            rule: self.rule,
            told: self.told,
            trends: self.trends,
            language,
            zone: workspace.catalog.settings.timezone,
            now: self.now,
        }
    }

    /// What the mail of an evaluation at this instant belongs to.
    fn origin(&self, at: DateTime<Utc>) -> Origin {
        // Mails are named by the instants their evaluations stand for, of which there is one at or before each instant.
        let slot = alert::due(self.rule.definition.every, None, at).map_or(at, |slot| slot.at);
        Origin { report: run_name(&self.rule.definition.id.value), period: period(slot), generation: 0 }
    }

    /// The first mails of the incidents that this one goes on with.
    fn thread(&self) -> Vec<Origin> {
        let news = self.told.iter().filter(|told| told.notice.is_some());
        let first: BTreeSet<DateTime<Utc>> = news.filter_map(|told| told.after.told_first).collect();
        first.into_iter().filter(|first| *first < self.now).map(|first| self.origin(first)).collect()
    }
}
