//! The notices to whoever looks after a report: what is wrong with which of its runs, why and what to do; and that it is over.

use chrono::{DateTime, Utc};

use super::Workspace;
use crate::alert::words;
use crate::journal::{Over, RunState, RunTrouble, RunTroubleKind};
use crate::locale::{Language, format_instant, text};
use crate::report::document::{Align, Block, Cell, Document, Inline, Status, Table, TableColumn};
use crate::time::PeriodName;

/// So many runs are shown; a service that was away for long has missed many.
const MOST_ROWS: usize = 20;

/// Everything a notice of trouble is made from.
pub(super) struct TroubleNotice<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) report: &'a str,
    pub(super) kind: RunTroubleKind,
    /// At least one, all of the kind.
    pub(super) troubles: &'a [RunTrouble],
    pub(super) now: DateTime<Utc>,
}

/// Everything a notice that trouble is over is made from.
pub(super) struct OverNotice<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) report: &'a str,
    pub(super) over: &'a Over,
    pub(super) now: DateTime<Utc>,
}

impl TroubleNotice<'_> {
    pub(super) fn subject(&self) -> String {
        let period = self.troubles.last().map(|trouble| trouble.period.clone()).unwrap_or_default();
        let mut subject = text(
            language(self.workspace),
            &format!("run-trouble-{}", self.kind.word()),
            &[("report", title(self.workspace, self.report).into()), ("period", period.into())],
        );
        if self.troubles.len() > 1 {
            subject.push_str(&format!(" +{}", self.troubles.len() - 1));
        }
        subject
    }

    pub(super) fn document(&self) -> Document {
        let language = language(self.workspace);
        let say = |message: &str| text(language, message, &[]);
        let column = |message: &str| TableColumn { title: say(message), align: Align::Left, scale: None };
        let meaning = say(&format!("run-trouble-{}-meaning", self.kind.word()));
        let table = Table {
            data: None,
            caption: None,
            columns: ["run-trouble-period", "run-trouble-due", "run-trouble-why"].map(column).into(),
            rows: self.troubles.iter().rev().take(MOST_ROWS).map(|trouble| self.row(trouble)).collect(),
            total: None,
            omitted: None,
        };
        let mut blocks = vec![Block::Paragraph(vec![Inline::Text(meaning)]), Block::Table(table)];
        let more = self.troubles.len().saturating_sub(MOST_ROWS);
        if more > 0 {
            let more = text(language, "run-trouble-more", &[("count", (more as u64).into())]);
            blocks.push(Block::Paragraph(vec![Inline::Text(more)]));
        }
        blocks.extend(self.what_to_do(language));
        Document { preheader: self.reason(&self.troubles[0]), ..letter(self.workspace, self.report, self.now, blocks) }
    }

    fn row(&self, trouble: &RunTrouble) -> Vec<Cell> {
        let (language, zone) = (language(self.workspace), self.workspace.catalog.settings.timezone);
        vec![
            cell(trouble.period.clone(), Status::Neutral),
            cell(format_instant(trouble.scheduled_for, zone, language), Status::Neutral),
            cell(self.reason(trouble), Status::Bad),
        ]
    }

    /// Why, in words; the journal's own where it has some.
    fn reason(&self, trouble: &RunTrouble) -> String {
        let language = language(self.workspace);
        let state = match trouble.state {
            RunState::Claimed => Some("run-trouble-working"),
            RunState::Queued | RunState::Done => Some("run-trouble-messages"),
            _ => None,
        };
        let state = state.map(|state| text(language, state, &[("count", trouble.undelivered.into())]));
        match (state, &trouble.reason) {
            (Some(state), Some(reason)) => format!("{state}: {reason}"),
            (Some(state), None) => state,
            (None, Some(reason)) => reason.clone(),
            (None, None) => text(language, "run-trouble-unknown", &[]),
        }
    }

    fn what_to_do(&self, language: Language) -> Vec<Block> {
        let paragraph = |message: &str, command: String| {
            Block::Paragraph(vec![Inline::Text(format!("{} ", text(language, message, &[]))), Inline::Code(command)])
        };
        let Some(last) = self.troubles.last() else { return Vec::new() };
        let mut blocks = vec![paragraph("run-trouble-look", format!("callbrief runs show {}", last.run))];
        let can_be_named = PeriodName::parse(&last.period).is_ok();
        if matches!(self.kind, RunTroubleKind::Failed | RunTroubleKind::Missed) && can_be_named {
            let command = format!("callbrief report {} --period {} --send", self.report, last.period);
            blocks.push(paragraph("run-trouble-send", command));
        }
        blocks
    }
}

impl OverNotice<'_> {
    pub(super) fn subject(&self) -> String {
        self.say("run-trouble-over")
    }

    pub(super) fn document(&self) -> Document {
        let line = self.say("run-trouble-over-line");
        let blocks = vec![Block::Paragraph(vec![Inline::Text(line.clone())])];
        Document { preheader: line, footnotes: Vec::new(), ..letter(self.workspace, self.report, self.now, blocks) }
    }

    fn say(&self, message: &str) -> String {
        let (language, zone) = (language(self.workspace), self.workspace.catalog.settings.timezone);
        text(
            language,
            message,
            &[
                ("report", title(self.workspace, self.report).into()),
                ("period", self.over.period.clone().into()),
                ("at", format_instant(self.over.finished, zone, language).into()),
            ],
        )
    }
}

fn letter(workspace: &Workspace, report: &str, now: DateTime<Utc>, blocks: Vec<Block>) -> Document {
    let language = language(workspace);
    Document {
        title: title(workspace, report),
        subtitle: format_instant(now, workspace.catalog.settings.timezone, language),
        language,
        author: "callbrief".to_owned(),
        created: now,
        preheader: String::new(),
        blocks,
        footnotes: vec![text(language, "run-trouble-once", &[])],
        words: words(language),
    }
}

/// Whoever looks after reports reads the workspace's language.
fn language(workspace: &Workspace) -> Language {
    workspace.catalog.settings.locale
}

fn title(workspace: &Workspace, report: &str) -> String {
    let definition = workspace.catalog.reports.get(report);
    definition.and_then(|definition| definition.title.get(language(workspace))).unwrap_or(report).to_owned()
}

fn cell(text: String, status: Status) -> Cell {
    Cell { text, status, number: None, share: None }
}
