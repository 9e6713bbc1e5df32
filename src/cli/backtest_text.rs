//! A backtest for people: what the rule came to, a line of time on which its firing is drawn, the sums by group, and a
//! table of the runs with other numbers.

use chrono::{DateTime, TimeDelta, Utc};
use unicode_width::UnicodeWidthStr;

use super::backtest::{Answer, Run};
use super::table::{self, Side};
use crate::alert::{Firing, Labels};
use crate::locale::{Language, format_date, format_length, format_value, text};
use crate::pipeline::Way;
use crate::time::local_day;
use crate::workspace::AlertWindow;

/// How wide the line of time is, with the names before it.
const WIDTH: usize = 80;

/// A longer name is cut.
const LONGEST_NAME: usize = 24;

/// What a part of the time is drawn as, from a little of it to all of it.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// The rule as a whole.
    Total,
    /// Each group as well.
    Groups,
}

/// The whole answer.
pub(super) fn answer(answer: &Answer<'_>, detail: Detail) -> String {
    let mut paragraphs = vec![answer.heading()];
    match answer.runs.as_slice() {
        [only] => paragraphs.extend(answer.of_run(only, detail)),
        several => {
            paragraphs.extend(several.first().map(|run| answer.basis(run)));
            paragraphs.push(answer.sweep());
            if detail == Detail::Groups {
                for run in several {
                    paragraphs.push(answer.values(run));
                    paragraphs.extend(answer.groups(run));
                }
            }
        }
    }
    paragraphs.join("\n\n")
}

impl Answer<'_> {
    fn language(&self) -> Language {
        self.workspace.catalog.settings.locale
    }

    fn say(&self, key: &str, variables: &[(&str, fluent_bundle::FluentValue<'_>)]) -> String {
        text(self.language(), key, variables)
    }

    fn length(&self, length: TimeDelta) -> String {
        format_length(length, self.language())
    }

    fn instant(&self, instant: DateTime<Utc>) -> String {
        instant.with_timezone(&self.workspace.catalog.settings.timezone).format("%Y-%m-%d %H:%M").to_string()
    }

    fn heading(&self) -> String {
        let definition = self.workspace.catalog.alerts.get(self.rule);
        let title = definition.and_then(|rule| rule.title.get(self.language())).unwrap_or(self.rule);
        let variables = [
            ("title", title.into()),
            ("rule", self.rule.into()),
            ("from", self.instant(self.stretch.from).into()),
            ("to", self.instant(self.stretch.to).into()),
        ];
        self.say("backtest-heading", &variables)
    }

    /// What the numbers are made of.
    fn basis(&self, run: &Run) -> String {
        let definition = self.workspace.catalog.alerts.get(self.rule);
        let outcome = &run.outcome;
        let mut sentences = Vec::new();
        if let Some(rule) = definition {
            let window = match &rule.window {
                AlertWindow::Rolling(length) => self.length(*length),
                AlertWindow::Calendar(period) => period.to_string(),
            };
            let variables = [
                ("count", outcome.evaluations.into()),
                ("every", self.length(rule.every).into()),
                ("window", window.into()),
            ];
            sentences.push(self.say("backtest-evaluations", &variables));
        }
        let counted = [("backtest-closed", outcome.closed), ("backtest-held", outcome.held)];
        let counted = counted.into_iter().filter(|(_, count)| *count > 0);
        sentences.extend(counted.map(|(key, count)| self.say(key, &[("count", count.into())])));
        if let (failed, Some(reason)) = &outcome.failed {
            sentences
                .push(self.say("backtest-failed", &[("count", (*failed).into()), ("reason", reason.as_str().into())]));
        }
        sentences.push(match &run.way {
            Way::Replayed(instants) => self.say("backtest-replayed", &[("count", (*instants).into())]),
            Way::Measured(reason) => self.say("backtest-measured", &[("reason", reason.as_str().into())]),
        });
        sentences.join(" ")
    }

    fn of_run(&self, run: &Run, detail: Detail) -> Vec<String> {
        let (all, groups) = run.outcome.firing(self.flap);
        let mut paragraphs = vec![self.basis(run), self.summary(run, &all)];
        if all.times == 0 {
            return paragraphs;
        }
        let names: Vec<(String, Option<&Labels>)> = match detail {
            Detail::Total => vec![(String::new(), None)],
            Detail::Groups => groups.keys().map(|labels| (cut(&labels.text()), Some(*labels))).collect(),
        };
        paragraphs.push(self.timeline(run, &names));
        if detail == Detail::Groups {
            paragraphs.extend(self.groups(run));
        }
        paragraphs
    }

    fn summary(&self, run: &Run, all: &Firing) -> String {
        if all.times == 0 {
            return self.say("backtest-never", &[]);
        }
        let groups = run.outcome.firing(self.flap).1.len();
        let fired = [
            ("count", all.times.into()),
            ("groups", groups.into()),
            ("total", self.length(all.total).into()),
            ("longest", self.length(all.longest).into()),
        ];
        let flaps = [("count", all.flaps.into()), ("within", self.length(self.flap).into())];
        let mails = [("count", run.outcome.mails.into())];
        let key = if groups > 1 { "backtest-fired-in-groups" } else { "backtest-fired" };
        [self.say(key, &fired), self.say("backtest-flaps", &flaps), self.say("backtest-mails", &mails)].join(" ")
    }

    /// A line for each name, and under them the days.
    fn timeline(&self, run: &Run, names: &[(String, Option<&Labels>)]) -> String {
        let width = names.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
        let indent = if width == 0 { 0 } else { width + 1 };
        let parts = WIDTH - indent;
        let mut lines: Vec<String> = names
            .iter()
            .map(|(name, labels)| {
                let drawn: String = run.outcome.shares(*labels, parts).into_iter().map(mark).collect();
                let blanks = " ".repeat(indent - name.width());
                format!("{name}{blanks}{drawn}")
            })
            .collect();
        let zone = self.workspace.catalog.settings.timezone;
        let day = |instant: DateTime<Utc>| format_date(local_day(instant, zone), self.language());
        let (first, last) = (day(self.stretch.from), day(self.stretch.to - TimeDelta::seconds(1)));
        let between = parts.saturating_sub(first.width() + last.width());
        lines.push(format!("{}{first}{}{last}", " ".repeat(indent), " ".repeat(between)));
        let part = (self.stretch.to - self.stretch.from) / i32::try_from(parts).unwrap_or(1);
        lines.push(self.say("backtest-legend", &[("length", self.length(part).into())]));
        lines.join("\n")
    }

    fn groups(&self, run: &Run) -> Option<String> {
        let (_, groups) = run.outcome.firing(self.flap);
        let catalog = &self.workspace.catalog;
        let titles = ["backtest-group", "backtest-times", "backtest-flaps-title", "backtest-total", "backtest-longest"];
        let titles: Vec<String> =
            titles.iter().map(|key| self.say(key, &[])).chain([self.say("alert-worst", &[])]).collect();
        let header: Vec<(&str, Side)> = titles
            .iter()
            .enumerate()
            .map(|(column, title)| (title.as_str(), if column == 0 { Side::Left } else { Side::Right }))
            .collect();
        let rows = groups.iter().map(|(labels, firing)| {
            let own = || run.outcome.episodes.iter().filter(|episode| episode.labels == **labels);
            let kpi = own().find_map(|episode| catalog.kpis.get(episode.kpi.as_ref()?));
            let compiled = self.workspace.alerts.get(self.rule);
            let worst = own().filter_map(|episode| episode.worst).reduce(|one, other| {
                let good = kpi.zip(compiled).map(|(kpi, rule)| rule.good_direction(&kpi.id.value, catalog));
                match good {
                    Some(crate::workspace::Direction::Higher) => one.min(other),
                    _ => one.max(other),
                }
            });
            let worst = kpi.zip(worst).map(|(kpi, worst)| {
                let decimals = kpi.decimals.unwrap_or_else(|| kpi.unit.default_decimals());
                format_value(worst, kpi.unit, decimals, self.language())
            });
            let mut cells = vec![labels.text()];
            cells.extend(self.sums(firing));
            cells.push(worst.unwrap_or_else(|| "–".to_owned()));
            cells
        });
        let rows: Vec<Vec<String>> = rows.collect();
        let has_names = rows.iter().any(|row| row.first().is_some_and(|name| !name.is_empty()));
        has_names.then(|| table::render(&header, rows))
    }

    /// A row for each run.
    fn sweep(&self) -> String {
        let names: Vec<String> =
            self.runs.first().map_or_else(Vec::new, |run| run.values.iter().map(|(name, _)| name.clone()).collect());
        let titles =
            ["backtest-times", "backtest-flaps-title", "backtest-total", "backtest-longest", "backtest-mails-title"];
        let titles: Vec<String> = names.into_iter().chain(titles.iter().map(|key| self.say(key, &[]))).collect();
        let header: Vec<(&str, Side)> = titles.iter().map(|title| (title.as_str(), Side::Right)).collect();
        let rows = self.runs.iter().map(|run| {
            let mut cells: Vec<String> = run.values.iter().map(|(_, value)| value.to_string()).collect();
            cells.extend(self.sums(&run.outcome.firing(self.flap).0));
            cells.push(run.outcome.mails.to_string());
            cells
        });
        table::render(&header, rows.collect())
    }

    fn sums(&self, firing: &Firing) -> [String; 4] {
        let length = |length: TimeDelta| if length.is_zero() { "–".to_owned() } else { self.length(length) };
        [firing.times.to_string(), firing.flaps.to_string(), length(firing.total), length(firing.longest)]
    }

    fn values(&self, run: &Run) -> String {
        run.values.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(", ")
    }
}

fn mark(share: f64) -> char {
    if share <= 0.0 {
        return '·';
    }
    let place = (share * BLOCKS.len() as f64).ceil() as usize;
    BLOCKS[place.clamp(1, BLOCKS.len()) - 1]
}

fn cut(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    name.chars().take(LONGEST_NAME - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_time_as_marks() {
        let drawn: String = [0.0, 0.001, 0.125, 0.126, 0.5, 0.99, 1.0, 1.000_001].map(mark).iter().collect();
        assert_eq!(drawn, "·▁▁▂▄███");
        assert_eq!(cut("Поддержка корпоративных клиентов"), "Поддержка корпоративных…");
    }
}
