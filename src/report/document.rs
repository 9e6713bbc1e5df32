//! The neutral content of a report: blocks of finished text and figures. All wording, number formatting and choice of
//! status is done before a document exists; exporters only lay it out.

use chrono::{DateTime, Utc};

use crate::locale::Language;
use crate::workspace::Format;

/// A report's content, ready to be laid out in any format.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The report's name, also the file's title.
    pub title: String,
    /// The period in words, such as "16–22 November 2026".
    pub subtitle: String,
    /// The language the texts are in.
    pub language: Language,
    /// Who made it, for the file's metadata: the organisation or "callbrief".
    pub author: String,
    /// The run's instant; used for file dates, so that the same run gives the same bytes.
    pub created: DateTime<Utc>,
    /// The line that mail programs show beside the subject: the numbers that matter, as text.
    pub preheader: String,
    /// The content, in reading order.
    pub blocks: Vec<Block>,
    /// Small print at the end of the content: freshness of the data, what was left out, hash of the rules.
    pub footnotes: Vec<String>,
    /// Words exporters need in the document's language.
    pub words: Words,
}

/// Words exporters print by themselves, in the document's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// "page {page} of {pages}", with both placeholders.
    pub page_of: String,
    /// "target".
    pub target: String,
    /// "previous period".
    pub previous: String,
    /// Shown in place of a value there is no data for: "no data".
    pub no_data: String,
    /// "continued", for a table's header on its following pages.
    pub continued: String,
}

/// One block of content.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading; levels 1 to 3. It never stands alone at the end of a page.
    Heading {
        /// 1, 2 or 3.
        level: u8,
        /// Its text.
        text: Vec<Inline>,
    },
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list, one entry of inlines per item.
    List {
        /// Bullets or numbers.
        marker: Marker,
        /// The items.
        items: Vec<Vec<Inline>>,
    },
    /// What matters first, in words.
    Headline(Headline),
    /// KPI tiles, side by side.
    Tiles(Vec<Tile>),
    /// A table.
    Table(Table),
    /// A chart.
    Chart(Chart),
    /// A remark that must be seen: a failed KPI, a hole in the data.
    Note(Vec<Inline>),
    /// How KPIs came about. Mails leave most of it to the attachment.
    Explained(Explained),
    /// A new page where the format has pages.
    PageBreak,
}

/// What stands before a list's items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// A bullet.
    Bullet,
    /// 1, 2, 3.
    Number,
}

/// A stretch of running text.
#[derive(Clone, Debug, PartialEq)]
pub enum Inline {
    /// Plain text; never markup.
    Text(String),
    /// Bold.
    Strong(Vec<Inline>),
    /// Italic.
    Emphasis(Vec<Inline>),
    /// Code.
    Code(String),
    /// A link; the address is `https:`, `http:` or `mailto:`, checked when the document is made.
    Link {
        /// What is shown.
        text: Vec<Inline>,
        /// Where it leads.
        address: String,
    },
    /// A line break inside the paragraph.
    LineBreak,
}

/// How good a value is; formats choose colours, and never colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// Target reached.
    Good,
    /// Between target and warning value.
    Near,
    /// Beyond the warning value.
    Bad,
    /// No target, or no data.
    #[default]
    Neutral,
}

/// What matters first, in words; it stands out from running text.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    /// The sentence.
    pub text: Vec<Inline>,
    /// Whether it is good news.
    pub status: Status,
    /// How sure it is, or what goes with it, in smaller type; none when there is nothing to add.
    pub remark: Option<String>,
}

/// One KPI, large.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// The KPI's name.
    pub title: String,
    /// The value with its unit, such as "83.4%", or the words for no data.
    pub value: String,
    /// The number behind the text, for formats with typed cells.
    pub number: Option<f64>,
    /// How the number is written.
    pub scale: Scale,
    /// Against target.
    pub status: Status,
    /// "target 80%"; none without a target.
    pub target: Option<String>,
    /// The change against the previous period, such as "+2.1 pp".
    pub change: Option<Change>,
    /// How it went over the period; none where there is no course to show.
    pub sparkline: Option<Sparkline>,
}

/// A small line without axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Sparkline {
    /// The values in order; none where there is no data.
    pub values: Vec<Option<f64>>,
    /// The target, drawn as a hairline when it lies within the values' range.
    pub target: Option<f64>,
    /// The course in a sentence, for those who cannot see it.
    pub alternative: String,
}

/// A change against the previous period.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The change with sign and unit, such as "+2.1 pp"; holds the words for "no change" where that is so.
    pub text: String,
    /// Which way it went.
    pub trend: Trend,
    /// Whether that is good for this KPI.
    pub status: Status,
}

/// Which way a value went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// It rose.
    Up,
    /// It fell.
    Down,
    /// It did not change as far as its decimals show.
    Flat,
}

/// A table. Rows are never cut; the header is repeated on each page.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What it holds, in Latin letters, which names the file where each table is one: the report's data block or `alerts`. None for
    /// other tables.
    pub data: Option<String>,
    /// A line above the table.
    pub caption: Option<String>,
    /// The columns.
    pub columns: Vec<TableColumn>,
    /// The rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// The total, computed from the parts, shown as the last row.
    pub total: Option<Vec<Cell>>,
    /// What was left out, in words, such as "first 20 of 37"; none when nothing was.
    pub omitted: Option<String>,
}

/// A table's column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableColumn {
    /// Its heading.
    pub title: String,
    /// Where its cells stand.
    pub align: Align,
    /// How its numbers are written, for formats with typed cells; none for columns of text.
    pub scale: Option<Scale>,
}

/// Where a column's cells stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Left, for names.
    Left,
    /// Right, for numbers.
    Right,
}

/// A table's cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What is shown.
    pub text: String,
    /// Against target, for cells that hold a KPI.
    pub status: Status,
    /// The number behind the text, for formats with typed cells.
    pub number: Option<f64>,
    /// How long the bar in the cell is, from 0 to 1; none for cells without a bar.
    pub share: Option<f64>,
}

/// A chart over one axis of categories.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The line above it.
    pub title: String,
    /// How it is drawn.
    pub kind: ChartKind,
    /// The labels along the axis, in order.
    pub categories: Vec<String>,
    /// The values, each series as long as `categories`.
    pub series: Vec<Series>,
    /// A horizontal line with its label ("target 80%").
    pub target: Option<TargetLine>,
    /// Against target, for each category; empty where the kind of chart does not colour by it.
    pub statuses: Vec<Status>,
    /// How numbers on the value axis and beside points are written.
    pub scale: Scale,
    /// What a person who cannot see it must know: the chart in a sentence.
    pub alternative: String,
}

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartKind {
    /// A line with points; a gap where there is no data.
    Line,
    /// Bars beside each other.
    Bar,
    /// Bars on top of each other: parts of a whole.
    StackedBar,
    /// A grid of coloured fields: the categories are its columns, the series its rows.
    HeatMap,
    /// A lying bar for each category, with the target as a mark and the previous period behind it.
    Bullet,
}

/// One line or one set of bars.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// Its values; none where there is no data.
    pub values: Vec<Option<f64>>,
    /// What it stands for, which decides how it is drawn.
    pub role: SeriesRole,
}

/// What a series stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesRole {
    /// The period the report is about: the brand colour.
    Current,
    /// The period before: thin and grey.
    Previous,
    /// A part of a whole, or a row of a grid.
    Part,
}

/// The target in a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetLine {
    /// Where it lies.
    pub value: f64,
    /// Its label.
    pub label: String,
}

/// How numbers in a chart are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// The KPI's unit.
    pub unit: crate::workspace::Unit,
    /// Digits after the decimal point.
    pub decimals: u8,
}

/// How KPIs came about, for readers who check or compare them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The KPIs.
    pub kpis: Vec<ExplainedKpi>,
    /// What holds for all of them, as name and text: the window, the data, the rules.
    pub facts: Vec<(String, String)>,
}

/// How one KPI came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedKpi {
    /// The KPI's name.
    pub title: String,
    /// The value with its unit, or the words for why there is none.
    pub value: String,
    /// "target 80%"; none without a target.
    pub target: Option<String>,
    /// What it measures; none when nobody wrote it down.
    pub definition: Option<String>,
    /// The formula's lines; none when it is the only part.
    pub formula: Vec<String>,
    /// What the value was computed from.
    pub parts: Vec<ExplainedPart>,
}

/// A part of a KPI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedPart {
    /// The part as the formula means it.
    pub what: String,
    /// Its value.
    pub value: String,
    /// Where the value is from: rows counted and left out, the window, the KPI's name.
    pub origin: String,
}

/// A rendered file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Which of the report's formats it is in.
    pub format: Format,
    /// A Latin file name, such as `weekly-2026-W46.pdf`; old mail programs show no others.
    pub name: String,
    /// Its media type, such as `application/pdf`.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A text without its markup, for formats that have none and for titles.
pub fn plain_text(inlines: &[Inline]) -> String {
    inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) | Inline::Code(text) => text.clone(),
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Link { text: inner, .. } => plain_text(inner),
            Inline::LineBreak => "\n".to_owned(),
        })
        .collect()
}
