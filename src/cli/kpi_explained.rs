//! How KPIs came about, in lines of 80 columns: what holds for all of them, then each with its definition, formula and
//! parts.

use std::collections::{BTreeMap, BTreeSet};

use super::kpi_answer::{Answer, shown_reading, title, written};
use crate::kpi::{ExplainedGroup, Explanation, Part, Reading};
use crate::locale::{Language, format_instant, format_number, format_period, text};
use crate::report::export::text::wrap;
use crate::report::part_text::PartText;
use crate::workspace::KpiDefinition;

/// So many groups are told; more of them nobody reads.
pub(super) const MOST_GROUPS: usize = 20;

/// The columns of a line.
const WIDTH: usize = 80;

/// How an answer's numbers came about. Rows in no period are told where they are known, by dataset.
pub(super) fn explained(answer: &Answer<'_>, without_time: &BTreeMap<String, u64>) -> String {
    let language = answer.language();
    let period = format_period(answer.period, language);
    let mut page = Page { lines: vec![period], names: names(language), defined: BTreeSet::new() };
    page.frame(answer, without_time);
    let groups = &answer.current.snapshot.explained;
    for group in groups {
        page.group(answer, group);
    }
    let all = answer.result().map_or(0, |result| result.groups.len());
    page.lines.push(String::new());
    if all == 0 {
        page.lines.push(answer.nothing());
    } else if groups.len() < all {
        let counts = [("shown", groups.len().into()), ("all", all.into())];
        page.lines.extend(wrap(&text(language, "explain-first-groups", &counts), WIDTH, "", ""));
    }
    page.lines.join("\n")
}

/// What stands before texts, each in a column of its own.
const NAMES: [&str; 9] = [
    "explain-window",
    "explain-data",
    "explain-rules",
    "explain-exactly",
    "explain-reason",
    "explain-target",
    "explain-definition",
    "explain-formula",
    "explain-parts",
];

fn names(language: Language) -> usize {
    NAMES.iter().map(|key| text(language, key, &[]).chars().count()).max().unwrap_or(0)
}

struct Page {
    lines: Vec<String>,
    /// How wide the column of names is.
    names: usize,
    /// The KPIs whose definition was told: it is the same in every group.
    defined: BTreeSet<String>,
}

impl Page {
    /// Window, datasets, rules.
    fn frame(&mut self, answer: &Answer<'_>, without_time: &BTreeMap<String, u64>) {
        let (language, parts) = (answer.language(), words(answer));
        let window = answer.period.window;
        let in_zone = [("window", parts.window(window).into()), ("zone", answer.period.zone.name().into())];
        self.named(language, "explain-window", &text(language, "explain-zone", &in_zone));
        self.more(&parts.window_in_utc(window));
        for (index, (dataset, freshness)) in answer.current.snapshot.freshness.iter().enumerate() {
            let told = match freshness.newest {
                Some(newest) => text(
                    language,
                    "footnote-data",
                    &[
                        ("dataset", dataset.as_str().into()),
                        ("rows", freshness.rows.into()),
                        ("instant", format_instant(newest, answer.period.zone, language).into()),
                    ],
                ),
                None => text(language, "footnote-no-rows", &[("dataset", dataset.as_str().into())]),
            };
            if index == 0 {
                self.named(language, "explain-data", &told)
            } else {
                self.more(&told)
            }
            if let Some(rows) = without_time.get(dataset).filter(|rows| **rows > 0) {
                let variables = [("dataset", dataset.as_str().into()), ("rows", (*rows).into())];
                self.more(&text(language, "explain-without-time", &variables));
            }
        }
        self.named(language, "explain-rules", &answer.workspace.catalog.rules_hash);
    }

    fn group(&mut self, answer: &Answer<'_>, group: &ExplainedGroup) {
        if !group.by.is_empty() {
            let parts = group.by.iter().zip(&group.key);
            let parts: Vec<String> =
                parts.map(|(by, part)| format!("{}: {}", answer.grouping_title(by), answer.key(part, by))).collect();
            let heading = parts.join(", ");
            let rule = "─".repeat(heading.chars().count().min(WIDTH));
            self.lines.extend([String::new(), heading, rule]);
        }
        for explanation in &group.kpis {
            self.lines.push(String::new());
            self.kpi(answer, explanation);
        }
    }

    fn kpi(&mut self, answer: &Answer<'_>, explanation: &Explanation) {
        let (language, parts) = (answer.language(), words(answer));
        let Some(definition) = answer.workspace.catalog.kpis.get(&explanation.kpi) else { return };
        let (id, title) = (&explanation.kpi, title(definition, language));
        let name = if title == *id { title } else { format!("{title} ({id})") };
        let value = match &explanation.reading {
            Reading::Failed(_) => text(language, "failed-short", &[]),
            reading => shown_reading(reading, definition, language),
        };
        self.lines.extend(wrap(&format!("{name} = {value}"), WIDTH, "", "  "));
        match &explanation.reading {
            Reading::Value(value) => self.named(language, "explain-exactly", &exactly(*value, language)),
            Reading::NoData => {}
            Reading::Failed(reason) => self.named(language, "explain-reason", reason),
        }
        if self.defined.insert(id.clone()) {
            self.definition(definition, explanation, language);
        }
        for (index, part) in explanation.parts.iter().enumerate() {
            let line = format!("{} = {}", part.what, parts.value(part));
            if index == 0 {
                self.named(language, "explain-parts", &line)
            } else {
                self.more(&line)
            }
            self.origin(&parts, part);
        }
    }

    fn definition(&mut self, definition: &KpiDefinition, explanation: &Explanation, language: Language) {
        if let Some(target) = definition.target {
            self.named(language, "explain-target", &written(target, definition, language));
        }
        if let Some(description) = definition.description.get(language) {
            self.named(language, "explain-definition", description.trim());
        }
        for (index, line) in explanation.formula.lines().enumerate() {
            let line = line.trim_end();
            let indent = line.len() - line.trim_start().len();
            let line = format!("{}{}", "\u{a0}".repeat(indent), line.trim_start());
            if index == 0 { self.named(language, "explain-formula", &line) } else { self.more(&line) }
        }
        self.more(&explanation.place);
    }

    fn origin(&mut self, parts: &PartText<'_>, part: &Part) {
        let indent = " ".repeat(self.names + 6);
        self.lines.extend(wrap(&parts.origin(part), WIDTH, &indent, &indent));
    }

    /// A text behind its name.
    fn named(&mut self, language: Language, key: &str, told: &str) {
        let name = text(language, key, &[]);
        let indent = " ".repeat(self.names + 4);
        let first = format!("  {name}{}", " ".repeat(self.names + 2 - name.chars().count()));
        self.lines.extend(wrap(told, WIDTH, &first, &indent));
    }

    /// Another text under the same name.
    fn more(&mut self, told: &str) {
        let indent = " ".repeat(self.names + 4);
        self.lines.extend(wrap(told, WIDTH, &indent, &indent));
    }
}

fn words<'a>(answer: &'a Answer<'_>) -> PartText<'a> {
    PartText { catalog: &answer.workspace.catalog, zone: answer.period.zone, language: answer.language() }
}

/// All digits that a value has.
fn exactly(value: f64, language: Language) -> String {
    let digits = value.to_string().split_once('.').map_or(0, |(_, digits)| digits.len());
    format_number(value, u8::try_from(digits).unwrap_or(u8::MAX), language)
}
