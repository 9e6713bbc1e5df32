//! A notice as a document: which alerts fire, which are over, with values against thresholds, worst value, beginning and
//! duration, what to do and how to be left in peace. One for each rule, recipient's language and tick; how it is sent is
//! not known here.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::evaluation::{Rule, Told};
use super::labels::Labels;
use super::notice_chart::{Trend, chart};
use super::notice_table::table;
use super::notice_text::{kpi_title, place, severity_word, silence_command, value};
use super::state::Cause;
use super::telling::Notice;
use crate::locale::{Language, format_instant, format_length, text};
use crate::report::document::{Block, Document, Inline, Words};
use crate::time::{PeriodName, local_day};
use crate::workspace::{AlertSeverity, AlertWindow, Grouping};

/// How many alerts a subject names.
const NAMED_IN_SUBJECT: usize = 3;

/// How many alerts of a notice get a chart.
pub const MOST_CHARTS: usize = 2;

/// Everything a notice is made from.
pub struct NoticeRequest<'a> {
    /// The rule.
    pub rule: Rule<'a>,
    /// The alerts, in the order of their labels; at least one has something to tell.
    pub told: &'a [Told],
    /// What the rule's first KPI was lately, for those of which it is known.
    pub trends: &'a BTreeMap<Labels, Trend>,
    /// The recipient's language.
    pub language: Language,
    /// The zone instants are written in.
    pub zone: Tz,
    /// The evaluation's instant.
    pub now: DateTime<Utc>,
}

/// The subject: what matters most first, and where. The incident's beginning keeps mails of one incident together, and
/// those of different ones apart.
pub fn subject(request: &NoticeRequest<'_>) -> String {
    let language = request.language;
    let Some(notice) = Notice::ALL.into_iter().find(|notice| request.tells(*notice)) else { return request.title() };
    let told: Vec<&Told> = request.told.iter().filter(|told| told.notice == Some(notice)).collect();
    let worst = told.iter().filter_map(|told| told.after.told).max();
    let mark = match (notice, worst) {
        (Notice::Fired | Notice::Escalated, Some(AlertSeverity::Critical)) => "alert-mark-critical",
        (Notice::Fired | Notice::Escalated, _) => "alert-mark-warning",
        (Notice::Eased, _) => "alert-mark-eased",
        (Notice::Repeated, _) => "alert-mark-still-firing",
        (Notice::Resolved, _) => "alert-mark-resolved",
        (Notice::HoursEnded, _) => "alert-mark-hours-ended",
    };
    let places: Vec<String> = told.iter().filter_map(|told| request.place(told)).collect();
    let mut subject = format!("[{}] {}", text(language, mark, &[]), request.title());
    if !places.is_empty() {
        subject.push_str(": ");
        subject.push_str(&places[..places.len().min(NAMED_IN_SUBJECT)].join(", "));
    }
    if places.len() > NAMED_IN_SUBJECT {
        subject.push_str(&format!(" +{}", places.len() - NAMED_IN_SUBJECT));
    }
    if let Some(since) = told.iter().map(|told| told.incident().since).min() {
        subject.push_str(&text(language, "alert-subject-since", &[("time", request.clock(since).into())]));
    }
    subject
}

/// The notice's content.
pub fn document(request: &NoticeRequest<'_>) -> Document {
    let language = request.language;
    let mut blocks = Vec::new();
    for section in Section::ALL {
        let told: Vec<&Told> = request.told.iter().filter(|told| Section::of(told) == Some(section)).collect();
        if !told.is_empty() {
            blocks.push(Block::Heading { level: 2, text: vec![Inline::Text(section.title(told.len(), language))] });
            blocks.push(Block::Table(table(request, section, &told)));
            blocks.extend(told.iter().filter_map(|told| request.remark(section, told)));
        }
    }
    let news = request.told.iter().filter(|told| told.notice.is_some());
    blocks.extend(news.filter_map(|told| chart(request, told)).take(MOST_CHARTS).map(Block::Chart));
    let firing = request.told.iter().any(|told| told.after.told.is_some());
    // Of what is over there is nothing left to do.
    if firing || request.tells(Notice::HoursEnded) {
        blocks.extend(request.runbook().map(Block::Paragraph));
    }
    blocks.push(Block::Paragraph(request.condition()));
    if firing {
        blocks.push(Block::Paragraph(vec![
            Inline::Text(format!("{} ", text(language, "alert-silence", &[]))),
            Inline::Code(silence_command(request.rule.definition, request.told)),
        ]));
    }
    let rule = ("rule", request.rule.definition.id.value.as_str().into());
    let instant = format_instant(request.now, request.zone, language);
    Document {
        title: request.title(),
        subtitle: match request.told.iter().filter_map(|told| told.after.told).max() {
            Some(severity) => format!("{} · {instant}", severity_word(severity, language)),
            None => instant,
        },
        language,
        author: "callbrief".to_owned(),
        created: request.now,
        preheader: request.preheader(),
        blocks,
        footnotes: vec![if firing {
            text(language, "alert-footnote-firing", &[rule])
        } else {
            text(language, "alert-footnote", &[rule])
        }],
        words: words(language),
    }
}

/// The parts of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Worse,
    New,
    Eased,
    Still,
    Over,
    HoursEnded,
}

impl Section {
    const ALL: [Self; 6] = [Self::Worse, Self::New, Self::Eased, Self::Still, Self::Over, Self::HoursEnded];

    fn of(told: &Told) -> Option<Self> {
        match told.notice {
            Some(Notice::Escalated) => Some(Self::Worse),
            Some(Notice::Fired) => Some(Self::New),
            Some(Notice::Eased) => Some(Self::Eased),
            Some(Notice::Repeated) => Some(Self::Still),
            Some(Notice::Resolved) => Some(Self::Over),
            Some(Notice::HoursEnded) => Some(Self::HoursEnded),
            // What recipients believe to fire is listed for completeness, unless they do not want to hear of it.
            None => (told.after.told.is_some() && told.after.muted.is_none()).then_some(Self::Still),
        }
    }

    /// Whether its alerts are no longer watched or fire no longer.
    pub(super) fn is_end(self) -> bool {
        matches!(self, Self::Over | Self::HoursEnded)
    }

    fn title(self, count: usize, language: Language) -> String {
        let message = match self {
            Self::Worse => "alert-worse",
            Self::New => "alert-firing",
            Self::Eased => "alert-eased",
            Self::Still => "alert-still-firing",
            Self::Over => "alert-resolved",
            Self::HoursEnded => "alert-hours-ended",
        };
        text(language, message, &[("count", count.into())])
    }
}

impl NoticeRequest<'_> {
    fn tells(&self, notice: Notice) -> bool {
        self.told.iter().any(|told| told.notice == Some(notice))
    }

    fn title(&self) -> String {
        let definition = self.rule.definition;
        definition.title.get(self.language).unwrap_or(&definition.id.value).to_owned()
    }

    pub(super) fn by(&self) -> Vec<Grouping> {
        self.rule.definition.by.iter().map(|grouping| grouping.value.clone()).collect()
    }

    pub(super) fn place(&self, told: &Told) -> Option<String> {
        place(&told.labels, &self.by(), self.language)
    }

    /// An instant as precise as readers need it: of today the time alone.
    pub(super) fn instant(&self, instant: DateTime<Utc>) -> String {
        if local_day(instant, self.zone) == local_day(self.now, self.zone) {
            return self.clock(instant);
        }
        format_instant(instant, self.zone, self.language)
    }

    /// The time of day.
    pub(super) fn clock(&self, instant: DateTime<Utc>) -> String {
        instant.with_timezone(&self.zone).format("%H:%M").to_string()
    }

    /// What is to be known about an alert besides its row.
    fn remark(&self, section: Section, told: &Told) -> Option<Block> {
        let language = self.language;
        let remark = match (section, &told.after.trouble, told.after.cause) {
            (Section::HoursEnded, ..) => {
                let hours = self.rule.definition.active.as_ref();
                match hours.and_then(|hours| hours.next_opening(self.now)) {
                    Some(opening) => {
                        text(language, "alert-not-watched-until", &[("opening", self.instant(opening).into())])
                    }
                    None => text(language, "alert-not-watched", &[]),
                }
            }
            (Section::Over, ..) | (_, None, _) => return None,
            (_, Some(_), Cause::NoData) => text(language, "alert-fires-without-data", &[]),
            (_, Some(_), Cause::Condition) => text(language, "alert-state-unknown", &[]),
        };
        let remark = self.place(told).map_or_else(|| remark.clone(), |place| format!("{place}: {remark}"));
        Some(Block::Note(vec![Inline::Text(remark)]))
    }

    /// What to do.
    fn runbook(&self) -> Option<Vec<Inline>> {
        let language = self.language;
        let what = self.rule.definition.runbook.as_ref()?.get(language)?.trim();
        let is_address = what.starts_with("https://") || what.starts_with("http://");
        let what = if is_address && !what.contains(char::is_whitespace) {
            Inline::Link { text: vec![Inline::Text(what.to_owned())], address: what.to_owned() }
        } else {
            Inline::Text(what.to_owned())
        };
        Some(vec![
            Inline::Strong(vec![Inline::Text(text(language, "alert-what-to-do", &[]))]),
            Inline::Text(" ".to_owned()),
            what,
        ])
    }

    /// What the rule watches, when it fires and when it ends, as it says itself.
    fn condition(&self) -> Vec<Inline> {
        let (language, rule) = (self.language, self.rule.definition);
        let description = rule.description.as_ref().and_then(|description| description.get(language));
        let mut inlines: Vec<Inline> =
            description.map(|description| Inline::Text(format!("{} ", description.trim()))).into_iter().collect();
        let mut say = |before: &str, message: &str, condition: &str| {
            inlines.push(Inline::Text(format!("{before}{} ", text(language, message, &[]))));
            inlines.push(Inline::Code(condition.trim().to_owned()));
        };
        for (index, level) in rule.levels.iter().enumerate() {
            let (before, message) = match (rule.levels.len(), index) {
                (1, _) => ("", "alert-condition"),
                (_, 0) => ("", "alert-condition-warning"),
                _ => ("; ", "alert-condition-critical"),
            };
            say(before, message, &level.when.text);
        }
        let mut before = format!("{}{}. ", self.window(), self.held());
        for (index, level) in rule.levels.iter().enumerate() {
            let message = if index == 0 { "alert-recovers-when" } else { "alert-eases-when" };
            if let Some(recovers_when) = &level.recovers_when {
                say(&std::mem::replace(&mut before, ". ".to_owned()), message, &recovers_when.text);
            }
        }
        if let Some(minimum) = &rule.minimum {
            say(&std::mem::replace(&mut before, ". ".to_owned()), "alert-minimum", &minimum.text);
        }
        inlines.push(Inline::Text(before.trim_end().to_owned()));
        inlines
    }

    fn window(&self) -> String {
        let language = self.language;
        let period = match &self.rule.definition.window {
            AlertWindow::Rolling(length) => {
                return text(language, "alert-window", &[("length", format_length(*length, language).into())]);
            }
            AlertWindow::Calendar(period) => period,
        };
        let message = match period {
            PeriodName::Today => "alert-window-today",
            PeriodName::Yesterday => "alert-window-yesterday",
            PeriodName::ThisWeek => "alert-window-this-week",
            PeriodName::PreviousWeek => "alert-window-previous-week",
            PeriodName::ThisMonth => "alert-window-this-month",
            PeriodName::PreviousMonth => "alert-window-previous-month",
            PeriodName::Days { .. } => return format!(", {period}"),
        };
        text(language, message, &[])
    }

    fn held(&self) -> String {
        let hold = self.rule.definition.hold;
        if hold <= TimeDelta::zero() {
            return String::new();
        }
        text(self.language, "alert-held", &[("length", format_length(hold, self.language).into())])
    }

    /// The first alert in a line, for the list of mails.
    fn preheader(&self) -> String {
        let Some(told) = self.told.iter().find(|told| told.notice.is_some()) else { return String::new() };
        let values = self.rule.compiled.kpis_of_when().iter().map(|id| {
            let number = told.after.values.get(id).copied();
            let shown = value(self.rule.catalog.kpis.get(id), number, self.language);
            format!("{} {shown}", kpi_title(id, self.rule.catalog, self.language))
        });
        let values = values.collect::<Vec<_>>().join(", ");
        self.place(told).map_or_else(|| values.clone(), |place| format!("{place}: {values}"))
    }
}

/// The words that a notice needs when it is written down.
pub fn words(language: Language) -> Words {
    Words {
        page_of: text(language, "page-of", &[("page", "{page}".into()), ("pages", "{pages}".into())]),
        target: text(language, "target", &[]),
        previous: text(language, "previous-period", &[]),
        no_data: text(language, "no-data", &[]),
        continued: text(language, "continued", &[]),
    }
}

#[cfg(test)]
#[path = "notice_tests.rs"]
mod tests;
