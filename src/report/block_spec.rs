//! What the fenced report blocks say, as plain data: `headline`, `kpis`, `table`, `chart`, `alerts`, `data_notes`, `note`,
//! `explain`, `pagebreak`. Names in them are not resolved here.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::document::{ChartKind, Inline};
use super::escape::restore;
use super::markdown;
use crate::diagnostics::nearest;

/// The names of the blocks, as users write them after the fence.
pub(super) const BLOCK_KINDS: [&str; 9] =
    ["headline", "kpis", "table", "chart", "alerts", "data_notes", "note", "explain", "pagebreak"];

/// A report block as written.
#[derive(Debug, PartialEq)]
pub(super) enum BlockSpec {
    /// What matters first, in words.
    Headline,
    /// KPI tiles.
    Kpis(TilesSpec),
    /// A table of a data block.
    Table(TableSpec),
    /// A chart of a data block.
    Chart(ChartSpec),
    /// The alerts that fired in the period.
    Alerts(AlertsSpec),
    /// What is missing in the data, and which KPIs failed.
    DataNotes,
    /// A remark.
    Note(Vec<Inline>),
    /// How KPIs came about; all of the report's totals when none is named.
    Explain(Vec<String>),
    /// A new page.
    PageBreak,
}

/// `[offered, aht]`, or `{kpis: [offered, aht], course: by_day}`.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TilesSpec {
    /// The KPIs.
    pub(super) kpis: Vec<String>,
    /// The data block their small lines are from; the first one by a stretch of time that holds the KPI when none.
    pub(super) course: Option<String>,
}

/// `{data: by_queue, columns: [offered], bars: [offered], changes: [offered], total: true, title: Queues}`.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableSpec {
    /// The data block.
    pub(super) data: String,
    /// The KPIs to show; all of the data block's when none.
    pub(super) columns: Option<Vec<String>>,
    /// The KPIs whose cells hold a bar.
    #[serde(default)]
    pub(super) bars: Vec<String>,
    /// The KPIs that are followed by their change.
    #[serde(default)]
    pub(super) changes: Vec<String>,
    /// Whether the total is the last row.
    #[serde(default = "yes")]
    pub(super) total: bool,
    /// A line above the table.
    pub(super) title: Option<String>,
}

/// `{kind: line, data: by_day, kpi: service_level, target: true, previous: true, title: By day}`.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChartSpec {
    /// How it is drawn.
    pub(super) kind: ChartSpecKind,
    /// The data block.
    pub(super) data: String,
    /// The KPI that is drawn.
    kpi: Option<String>,
    /// Several KPIs of one unit, instead of `kpi`.
    #[serde(default)]
    kpis: Vec<String>,
    /// Whether the target is drawn; a bullet draws it unless told not to.
    pub(super) target: Option<bool>,
    /// Whether the previous period is drawn; a bullet draws it unless told not to.
    pub(super) previous: Option<bool>,
    /// The line above the chart; made from the KPI's name when none.
    pub(super) title: Option<String>,
}

/// How a chart is drawn, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ChartSpecKind {
    /// A line.
    Line,
    /// Bars.
    Bar,
    /// Bars stacked from parts.
    Stacked,
    /// A grid of coloured fields.
    Heatmap,
    /// Lying bars against the target.
    Bullet,
}

/// `{limit: 10}`, or nothing.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertsSpec {
    /// At most so many alerts; how many were left out is said.
    pub(super) limit: Option<usize>,
}

/// What is wrong with a block, in words, and where in its text if that is known.
#[derive(Debug, PartialEq)]
pub(super) struct SpecError {
    /// One line, lower case.
    pub(super) message: String,
    /// Line and column in the block's text, from 1.
    pub(super) at: Option<(usize, usize)>,
    /// The way out.
    pub(super) hint: Option<String>,
}

/// Reads a block; `text` may hold masked values.
pub(super) fn read(kind: &str, text: &str) -> Result<BlockSpec, SpecError> {
    match kind {
        "headline" => nothing(kind, text).map(|()| BlockSpec::Headline),
        "kpis" => tiles(text).map(BlockSpec::Kpis),
        "explain" if text.trim().is_empty() => Ok(BlockSpec::Explain(Vec::new())),
        "explain" => ids(kind, text).map(BlockSpec::Explain),
        "table" => yaml::<TableSpec>(kind, text).map(|spec| BlockSpec::Table(spec.restored())),
        "chart" => {
            let spec = yaml::<ChartSpec>(kind, text)?.restored();
            if spec.kpis().is_empty() {
                return Err(SpecError::new("the chart names no KPI").with_hint("add `kpi: …` or `kpis: […]`"));
            }
            Ok(BlockSpec::Chart(spec))
        }
        "alerts" if text.trim().is_empty() => Ok(BlockSpec::Alerts(AlertsSpec::default())),
        "alerts" => yaml::<AlertsSpec>(kind, text).map(BlockSpec::Alerts),
        "data_notes" => nothing(kind, text).map(|()| BlockSpec::DataNotes),
        "note" => Ok(BlockSpec::Note(markdown::inlines(text))),
        "pagebreak" => Ok(BlockSpec::PageBreak),
        other => {
            let error = SpecError::new(format!("no report block is called `{other}`"));
            Err(match nearest(other, BLOCK_KINDS) {
                Some(name) => error.with_hint(format!("did you mean `{name}`?")),
                None => error.with_hint(format!(
                    "the blocks are {}; code goes between fences without a name",
                    BLOCK_KINDS.join(", ")
                )),
            })
        }
    }
}

impl ChartSpec {
    /// The KPIs that are drawn, each once.
    pub(super) fn kpis(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = Vec::new();
        for id in self.kpi.iter().chain(&self.kpis) {
            if !ids.contains(&id.as_str()) {
                ids.push(id);
            }
        }
        ids
    }

    fn restored(mut self) -> Self {
        self.data = restore(&self.data);
        self.kpi = self.kpi.as_deref().map(restore);
        self.kpis = self.kpis.iter().map(|id| restore(id)).collect();
        self.title = self.title.as_deref().map(restore);
        self
    }
}

impl TableSpec {
    fn restored(mut self) -> Self {
        self.data = restore(&self.data);
        self.columns = self.columns.map(|ids| ids.iter().map(|id| restore(id)).collect());
        self.bars = self.bars.iter().map(|id| restore(id)).collect();
        self.changes = self.changes.iter().map(|id| restore(id)).collect();
        self.title = self.title.as_deref().map(restore);
        self
    }
}

impl From<ChartSpecKind> for ChartKind {
    fn from(kind: ChartSpecKind) -> Self {
        match kind {
            ChartSpecKind::Line => Self::Line,
            ChartSpecKind::Bar => Self::Bar,
            ChartSpecKind::Stacked => Self::StackedBar,
            ChartSpecKind::Heatmap => Self::HeatMap,
            ChartSpecKind::Bullet => Self::Bullet,
        }
    }
}

impl SpecError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), at: None, hint: None }
    }

    fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

fn ids(kind: &str, text: &str) -> Result<Vec<String>, SpecError> {
    Ok(yaml::<Vec<String>>(kind, text)?.iter().map(|id| restore(id)).collect())
}

/// A list of KPIs, or the longer form that begins with a key.
fn tiles(text: &str) -> Result<TilesSpec, SpecError> {
    if !text.contains(':') {
        return Ok(TilesSpec { kpis: ids("kpis", text)?, course: None });
    }
    let written = yaml::<TilesSpec>("kpis", text)?;
    let kpis = written.kpis.iter().map(|id| restore(id)).collect();
    Ok(TilesSpec { kpis, course: written.course.as_deref().map(restore) })
}

/// Blocks that say all by their name.
fn nothing(kind: &str, text: &str) -> Result<(), SpecError> {
    if text.trim().is_empty() {
        return Ok(());
    }
    let error = SpecError::new(format!("the `{kind}` block holds nothing"));
    Err(error.with_hint("remove the lines between the fences; words of your own stand outside of them"))
}

fn yes() -> bool {
    true
}

fn yaml<T: DeserializeOwned>(kind: &str, text: &str) -> Result<T, SpecError> {
    serde_saphyr::from_str(text).map_err(|error| {
        let at = error.location().map(|place| (place.line() as usize, place.column() as usize));
        let message = error.without_snippet().to_string();
        let reason = message.lines().next().unwrap_or("it cannot be read");
        // The library ends its messages with a place in the block; the diagnostic shows the place in the file.
        let reason = reason.split(" at line ").next().unwrap_or(reason).trim_end_matches(',');
        let hint = Some(format!("write it as in {}", example(kind)));
        SpecError { message: format!("the `{kind}` block cannot be read: {reason}"), at, hint }
    })
}

/// A block as it should look.
fn example(kind: &str) -> &'static str {
    match kind {
        "kpis" => "[service_level, aht], or {kpis: [service_level, aht], course: by_day}",
        "explain" => "[service_level, aht]",
        "table" => "{data: by_queue, columns: [offered, aht], bars: [offered], changes: [aht], title: Queues}",
        "alerts" => "{limit: 10}",
        _ => "{kind: line, data: by_day, kpi: service_level, target: true, previous: true, title: By day}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_error(kind: &str, text: &str, expected: &str) {
        let error = read(kind, text).unwrap_err();
        let shown = format!("{} {:?} {:?}", error.message, error.at, error.hint);
        assert!(shown.contains(expected), "{shown}");
    }

    #[test]
    fn blocks_are_read() {
        let tiles = |course: Option<&str>| {
            BlockSpec::Kpis(TilesSpec { kpis: vec!["a".to_owned(), "b".to_owned()], course: course.map(str::to_owned) })
        };
        assert_eq!(read("kpis", "[a, b]\n"), Ok(tiles(None)));
        assert_eq!(read("kpis", "- a\n- b\n"), Ok(tiles(None)));
        assert_eq!(read("kpis", "kpis: [a, b]\ncourse: by_day"), Ok(tiles(Some("by_day"))));
        assert_eq!(read("headline", "\n"), Ok(BlockSpec::Headline));
        assert_eq!(read("data_notes", ""), Ok(BlockSpec::DataNotes));
        assert_eq!(read("alerts", ""), Ok(BlockSpec::Alerts(AlertsSpec { limit: None })));
        assert_eq!(read("alerts", "{limit: 3}"), Ok(BlockSpec::Alerts(AlertsSpec { limit: Some(3) })));
        let Ok(BlockSpec::Chart(chart)) = read("chart", "{kind: line, data: d, kpi: a, kpis: [a, b], target: true}")
        else {
            panic!("not a chart")
        };
        assert_eq!(chart.kpis(), ["a", "b"]);
        let Ok(BlockSpec::Table(table)) = read("table", "{data: d}") else { panic!("not a table") };
        assert!(table.total);
        assert_eq!(read("explain", "[a]"), Ok(BlockSpec::Explain(vec!["a".to_owned()])));
        assert_eq!(read("explain", " \n"), Ok(BlockSpec::Explain(Vec::new())));
        assert_eq!(read("pagebreak", ""), Ok(BlockSpec::PageBreak));
    }

    #[test]
    fn mistakes_are_named() {
        check_error("table", "{dta: d}", "unknown field `dta`");
        check_error("table", "{dta: d}", "Some((1, 2))");
        check_error("kpis", "a: b", "the `kpis` block cannot be read");
        check_error("explain", "all", "write it as in [service_level, aht]");
        check_error("kpis", "{kpis: [a], curse: d}", "unknown field `curse`");
        check_error("headline", "Good news", "the `headline` block holds nothing");
        check_error("alerts", "{limit: all}", "write it as in {limit: 10}");
        check_error("chart", "{kind: pie, data: d, kpi: a}", "pie");
        check_error("chart", "{kind: bar, data: d}", "names no KPI");
        check_error("tabel", "{data: d}", "did you mean `table`?");
        check_error("sql", "select 1", "the blocks are headline");
    }
}
