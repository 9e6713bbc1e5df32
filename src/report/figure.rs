//! A KPI's reading as readers see it: text, status, target, change. Where it stands on the page is decided elsewhere.

use super::document::{Cell, Change, Status, Tile, Trend};
use super::status::{change_status, decimals, decimals_of, scale, status, trend};
use crate::kpi::Reading;
use crate::locale::{Language, Unit, format_change, format_value, text};
use crate::workspace::KpiDefinition;

/// What was measured for a KPI.
#[derive(Clone, Copy, Debug)]
pub(super) enum Measured<'a> {
    /// The evaluator's reading.
    Reading(&'a Reading),
    /// The group has no rows in the period: a count is 0, anything else is unknown.
    NoRows,
    /// The stretch of time lies after the run, or before a trend's first row.
    Outside,
}

/// A KPI's reading, with what it is compared with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figure<'a> {
    /// The KPI.
    pub(super) definition: &'a KpiDefinition,
    /// What was measured.
    pub(super) measured: Measured<'a>,
    /// The number of the previous period, if there is one.
    pub(super) previous: Option<f64>,
    /// The language of the texts.
    pub(super) language: Language,
}

impl Figure<'_> {
    /// The number, if there is one.
    pub(super) fn number(&self) -> Option<f64> {
        match self.measured {
            Measured::Reading(reading) => reading.number(),
            Measured::NoRows => (self.definition.unit == Unit::Count).then_some(0.0),
            Measured::Outside => None,
        }
    }

    /// The value with its unit, or the words for why there is none.
    pub(super) fn text(&self) -> String {
        let language = self.language;
        match (self.number(), self.measured) {
            (Some(number), _) => self.write(number),
            (None, Measured::Reading(Reading::Failed(_))) => text(language, "failed-short", &[]),
            (None, Measured::Reading(_)) => text(language, "no-data", &[]),
            (None, Measured::NoRows) => text(language, "no-calls", &[]),
            (None, Measured::Outside) => String::new(),
        }
    }

    /// Against target.
    pub(super) fn status(&self) -> Status {
        status(self.definition, self.number())
    }

    /// The reason, if the KPI failed.
    pub(super) fn failure(&self) -> Option<&str> {
        match self.measured {
            Measured::Reading(Reading::Failed(reason)) => Some(reason),
            _ => None,
        }
    }

    /// The target with its unit and no idle decimals: "80%".
    pub(super) fn target(&self) -> Option<String> {
        let target = self.definition.target?;
        let most = decimals(self.definition);
        let exact = |digits: &u8| {
            let scaled = target * 10_f64.powi(i32::from(*digits));
            (scaled - scaled.round()).abs() < 1e-9
        };
        let digits = (0..most).find(exact).unwrap_or(most);
        Some(format_value(target, self.definition.unit, digits, self.language))
    }

    /// The previous period's value with its unit.
    pub(super) fn previous_text(&self) -> Option<String> {
        self.previous.map(|previous| self.write(previous))
    }

    /// The change against the previous period; none when one of the two has no number.
    pub(super) fn change(&self) -> Option<Change> {
        let (value, previous) = (self.number()?, self.previous?);
        let trend = trend(self.definition, previous, value);
        let unit = self.definition.unit;
        Some(Change {
            text: format_change(previous, value, unit, decimals(self.definition), self.language),
            trend,
            status: change_status(self.definition.better, trend),
        })
    }

    /// A cell of a table.
    pub(super) fn cell(&self) -> Cell {
        Cell { text: self.text(), status: self.status(), number: self.number(), share: None }
    }

    /// A tile.
    pub(super) fn tile(&self) -> Tile {
        let target = self.target().map(|target| text(self.language, "target-value", &[("value", target.into())]));
        Tile {
            title: title(self.definition, self.language),
            value: self.text(),
            number: self.number(),
            scale: scale(self.definition),
            status: self.status(),
            target,
            change: self.change(),
            sparkline: None,
        }
    }

    /// A number with the KPI's unit.
    pub(super) fn write(&self, number: f64) -> String {
        format_value(number, self.definition.unit, decimals_of(self.definition, number), self.language)
    }
}

/// The KPI's name for people; its id when it has none.
pub(super) fn title(definition: &KpiDefinition, language: Language) -> String {
    definition.title.get(language).unwrap_or(&definition.id.value).to_owned()
}

/// The word templates use for a trend.
pub(super) fn trend_word(trend: Trend) -> &'static str {
    match trend {
        Trend::Up => "up",
        Trend::Down => "down",
        Trend::Flat => "flat",
    }
}

/// The word templates use for a status.
pub(super) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Good => "good",
        Status::Near => "near",
        Status::Bad => "bad",
        Status::Neutral => "neutral",
    }
}
