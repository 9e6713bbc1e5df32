//! The parts of a KPI as readers see them: the value, and in words where it is from. The formula itself is not here.

use chrono_tz::Tz;

use super::keys::key_text;
use crate::kpi::{Origin, Part, Reading, RowCounts};
use crate::locale::{Language, format_instant, format_precise, text};
use crate::time::Window;
use crate::workspace::Catalog;

/// Whom parts are told to.
#[derive(Clone, Copy, Debug)]
pub struct PartText<'a> {
    /// The workspace, for the names of KPIs.
    pub catalog: &'a Catalog,
    /// The zone instants are told in.
    pub zone: Tz,
    /// The language.
    pub language: Language,
}

impl PartText<'_> {
    /// The value, precise enough to compute with, or the words for why there is none.
    pub fn value(&self, part: &Part) -> String {
        match part.reading {
            Reading::Value(value) => format_precise(value, self.language),
            Reading::NoData => text(self.language, "no-data", &[]),
            Reading::Failed(_) => text(self.language, "failed-short", &[]),
        }
    }

    /// Where the value is from: rows counted and left out, the window, the KPI's name; or why there is none.
    pub fn origin(&self, part: &Part) -> String {
        let language = self.language;
        if let Reading::Failed(reason) = &part.reading {
            return reason.clone();
        }
        match &part.origin {
            Origin::Rows { dataset, counts: Some(counts) } => self.rows(dataset, counts),
            Origin::Rows { dataset, counts: None } => dataset.clone(),
            Origin::Kpi => {
                let title = self.catalog.kpis.get(&part.what).and_then(|kpi| kpi.title.get(language));
                text(language, "explain-kpi", &[("title", title.unwrap_or(&part.what).into())])
            }
            Origin::Elsewhere { window, by, key } => {
                let group = key.as_ref().filter(|key| !key.is_empty());
                let group = group.map(|key| key_text(key, by, self.zone, language));
                group.into_iter().chain([self.window(*window)]).collect::<Vec<_>>().join("; ")
            }
            Origin::Parameter => text(language, "explain-parameter", &[]),
            Origin::Interval => text(language, "explain-interval", &[]),
        }
    }

    /// A window as the clocks of the zone show its ends.
    pub fn window(&self, window: Window) -> String {
        let [from, to] = [window.from, window.to].map(|instant| format_instant(instant, self.zone, self.language));
        text(self.language, "explain-from-to", &[("from", from.into()), ("to", to.into())])
    }

    /// A window in UTC, the same in every language but for the word between.
    pub fn window_in_utc(&self, window: Window) -> String {
        let [from, to] = [window.from, window.to].map(|instant| instant.format("%Y-%m-%d %H:%M").to_string());
        let to = format!("{to}\u{a0}UTC");
        text(self.language, "explain-from-to", &[("from", from.into()), ("to", to.into())])
    }

    fn rows(&self, dataset: &str, counts: &RowCounts) -> String {
        let RowCounts { all, entered, outside, missing, sum } = *counts;
        let language = self.language;
        let key = if entered == all { "explain-rows-all" } else { "explain-rows-some" };
        let variables = [("entered", entered.into()), ("all", all.into()), ("dataset", dataset.into())];
        let mut told = vec![text(language, key, &variables)];
        for (key, rows) in [("explain-outside", outside), ("explain-missing", missing)] {
            if rows > 0 {
                told.push(text(language, key, &[("rows", rows.into())]));
            }
        }
        let told = told.join(", ");
        match sum.filter(|_| entered > 0) {
            // A mean is told with what it was divided from and by.
            Some(sum) => {
                let entered = format_precise(entered as f64, language);
                format!("{} / {entered}; {told}", format_precise(sum, language))
            }
            None => told,
        }
    }
}
