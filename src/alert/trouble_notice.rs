//! The notice to whoever looks after rules: which of them give no answer, since when and why.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::notice::words;
use super::state::{Trouble, TroubleKind};
use crate::locale::{Language, format_instant, text};
use crate::report::document::{Align, Block, Cell, Document, Inline, Status, Table, TableColumn};
use crate::workspace::Catalog;

/// How many rules a subject names.
const NAMED_IN_SUBJECT: usize = 2;

/// Everything such a notice is made from.
pub struct TroubleRequest<'a> {
    /// The rules by their ids, with what is wrong; at least one.
    pub troubles: &'a [(&'a str, &'a Trouble)],
    /// The workspace, for the rules' names.
    pub catalog: &'a Catalog,
    /// The reader's language.
    pub language: Language,
    /// The zone instants are written in.
    pub zone: Tz,
    /// The evaluation's instant.
    pub now: DateTime<Utc>,
}

/// The subject: how many rules, and the first ones.
pub fn trouble_subject(request: &TroubleRequest<'_>) -> String {
    let names: Vec<String> =
        request.troubles.iter().take(NAMED_IN_SUBJECT).map(|(rule, _)| request.title(rule)).collect();
    let mut subject = text(request.language, "trouble-subject", &[("rules", names.join(", ").into())]);
    if request.troubles.len() > NAMED_IN_SUBJECT {
        subject.push_str(&format!(" +{}", request.troubles.len() - NAMED_IN_SUBJECT));
    }
    subject
}

/// The notice's content.
pub fn trouble_document(request: &TroubleRequest<'_>) -> Document {
    let language = request.language;
    let say = |message: &str| text(language, message, &[]);
    let column = |message: &str| TableColumn { title: say(message), align: Align::Left, scale: None };
    let cell = |text: String, status: Status| Cell { text, status, number: None, share: None };
    let row = |(rule, trouble): &(&str, &Trouble)| {
        let kind = match trouble.kind {
            TroubleKind::Error => say("trouble-error"),
            TroubleKind::NoData | TroubleKind::TooFew => say("trouble-no-data"),
        };
        vec![
            cell(request.title(rule), Status::Neutral),
            cell(kind, Status::Bad),
            cell(format_instant(trouble.since, request.zone, language), Status::Neutral),
            cell(trouble.reason.clone(), Status::Neutral),
        ]
    };
    let table = Table {
        data: None,
        caption: None,
        columns: ["trouble-rule", "trouble-what", "alert-since", "trouble-why"].map(column).into(),
        rows: request.troubles.iter().map(row).collect(),
        total: None,
        omitted: None,
    };
    Document {
        title: say("trouble-title"),
        subtitle: format_instant(request.now, request.zone, language),
        language,
        author: "callbrief".to_owned(),
        created: request.now,
        preheader: request.troubles.first().map(|(_, trouble)| trouble.reason.clone()).unwrap_or_default(),
        blocks: vec![
            Block::Paragraph(vec![Inline::Text(say("trouble-meaning"))]),
            Block::Table(table),
            Block::Paragraph(vec![
                Inline::Text(format!("{} ", say("trouble-look"))),
                Inline::Code("callbrief alerts".to_owned()),
            ]),
        ],
        footnotes: vec![say("trouble-once")],
        words: words(language),
    }
}

impl TroubleRequest<'_> {
    fn title(&self, rule: &str) -> String {
        let definition = self.catalog.alerts.get(rule);
        definition.and_then(|definition| definition.title.get(self.language)).unwrap_or(rule).to_owned()
    }
}
