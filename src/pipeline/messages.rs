//! From measurements to messages: one edition for those who see the same in the same language, its bytes once for each of
//! them. Nothing of an edition is held longer than until its messages are built.

use anyhow::Context;
use chrono::{DateTime, Utc};
use indexmap::IndexMap;

use super::edition::{Layout, edition};
use super::made_from::made_from;
use super::parallel::in_parallel;
use super::run::inline;
use super::unsubscribing::Unsubscribing;
use super::{Addressee, Edition, Measurement, View, Workspace};
use crate::alert::Episode;
use crate::delivery::{Attachment, Contact, Mail, Origin, build};
use crate::journal::{Batch, NewDelivery};
use crate::locale::Language;
use crate::report::Notice;
use crate::workspace::{Format, ReportDefinition};

/// What all messages of a run have in common.
pub(super) struct Mailing<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) definition: &'a ReportDefinition,
    pub(super) origin: Origin,
    pub(super) run_at: DateTime<Utc>,
    pub(super) now: DateTime<Utc>,
    /// How readers get no more of it.
    pub(super) unsubscribing: Unsubscribing<'a>,
    /// Data that were not there in time.
    pub(super) late: Vec<Notice>,
    /// The alerts that fired.
    pub(super) episodes: Vec<Episode>,
    /// The view whose editions are kept.
    pub(super) kept: View,
}

/// The editions that were kept, by language, and the messages of all.
pub(super) struct Mailed {
    pub(super) kept: Vec<(Language, Edition)>,
    pub(super) batches: Vec<Batch>,
}

/// Those who get one edition.
struct Share<'a> {
    view: &'a View,
    measurement: &'a Measurement,
    language: Language,
    readers: Vec<&'a Addressee>,
}

impl Mailing<'_> {
    /// Makes every edition and its messages; on all cores, as most of the time of a run with many editions is spent here.
    pub(super) fn messages<'a>(
        &self,
        readers: &'a [(Addressee, View, Language)],
        measurements: &'a IndexMap<View, Measurement>,
    ) -> anyhow::Result<Mailed> {
        let mut shares: IndexMap<(&View, Language), Share<'a>> = IndexMap::new();
        for (addressee, view, language) in readers {
            let (view, measurement) = measurements.get_key_value(view).context("a measurement for each view")?;
            let share = Share { view, measurement, language: *language, readers: Vec::new() };
            shares.entry((view, *language)).or_insert(share).readers.push(addressee);
        }
        let shares: Vec<Share<'a>> = shares.into_values().collect();
        let mut mailed = Mailed { kept: Vec::new(), batches: Vec::with_capacity(shares.len()) };
        for made in in_parallel(&shares, |share| self.batch(share)) {
            let (batch, kept) = made?;
            mailed.kept.extend(kept);
            mailed.batches.push(batch);
        }
        Ok(mailed)
    }

    fn batch(&self, share: &Share<'_>) -> anyhow::Result<(Batch, Option<(Language, Edition)>)> {
        let limited = share.view.scope.iter().cloned().map(Notice::Limited);
        let notices: Vec<Notice> = limited.chain(self.late.iter().cloned()).collect();
        // Of an edition that is not kept, only what goes with the mail is needed.
        let is_needed = |format: &Format| *share.view == self.kept || self.definition.attaches(*format);
        let layout = Layout {
            workspace: self.workspace,
            definition: self.definition,
            formats: self.definition.formats.iter().copied().filter(is_needed).collect(),
            language: share.language,
            run_at: self.run_at,
            notices: &notices,
            episodes: &self.episodes,
        };
        let edition = edition(&layout, (share.view, share.measurement))?;
        let messages = share.readers.iter().map(|reader| self.message(reader, (share.language, &edition)));
        let batch = Batch {
            made_from: Some(made_from(
                &self.definition.id.value,
                &self.workspace.catalog.rules_hash,
                self.run_at,
                (share.view, share.measurement),
            )),
            deliveries: messages.collect::<anyhow::Result<_>>()?,
        };
        Ok((batch, (*share.view == self.kept).then_some((share.language, edition))))
    }

    fn message(&self, reader: &Addressee, (language, edition): (Language, &Edition)) -> anyhow::Result<NewDelivery> {
        let attached = edition.files.iter().filter(|file| self.definition.attaches(file.format));
        let message = build(&Mail {
            from: Contact::parse(&self.workspace.catalog.settings.mail.from.value)?,
            to: Contact { name: reader.name.clone(), address: reader.address.clone() },
            subject: edition.subject.clone(),
            text: edition.text.clone(),
            html: Some(edition.email.html.clone()),
            images: edition.email.images.iter().map(inline).collect(),
            attachments: attached.map(attachment).collect(),
            origin: self.origin.clone(),
            thread: Vec::new(),
            unsubscribe: Some(self.unsubscribing.from(&self.definition.id.value, &reader.address, language)?),
            date: self.run_at,
        })?;
        let on_unknown = self.definition.on_unknown.unwrap_or(self.workspace.catalog.settings.mail.on_unknown);
        Ok(NewDelivery { on_unknown, ..message.into_delivery(self.now) })
    }
}

fn attachment(file: &crate::report::document::Artifact) -> Attachment {
    Attachment { file_name: file.name.clone(), media_type: file.media_type.to_owned(), bytes: file.bytes.clone() }
}
