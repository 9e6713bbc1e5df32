//! A chart as the spreadsheet draws it, from the cells beside it.

use rust_xlsxwriter::{
    Chart as NativeChart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType, ChartMarker,
    ChartMarkerType, ChartPoint, ChartRange, ChartSeries, ChartSolidFill, ChartType, XlsxError,
};

use super::super::clean::{MOST_IN_TEXT, clean};
use super::cell::number_format;
use super::look::color;
use crate::report::charts::{Color, series_color};
use crate::report::document::{Chart, ChartKind, SeriesRole, Status};
use crate::report::theme::Theme;

/// Width and height in pixels.
const SIZE: (u32, u32) = (760, 320);

/// A chart and where its cells are: its name above the header, below it the categories in the first column, the series in the next ones,
/// the target in the last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Data<'a> {
    /// The sheet's name.
    pub(super) sheet: &'a str,
    /// The row of the series' names.
    pub(super) header: u32,
    /// What is drawn; with at least one category and one series.
    pub(super) chart: &'a Chart,
}

/// The native chart.
pub(super) fn native(data: &Data<'_>, theme: &Theme) -> Result<NativeChart, XlsxError> {
    let chart = data.chart;
    let mut made = NativeChart::new(match chart.kind {
        ChartKind::Line => ChartType::Line,
        ChartKind::StackedBar => ChartType::ColumnStacked,
        ChartKind::Bullet => ChartType::Bar,
        ChartKind::Bar | ChartKind::HeatMap => ChartType::Column,
    });
    for index in 0..chart.series.len() {
        made.push_series(&series(data, index, theme));
    }
    if chart.target.is_some() {
        match chart.kind {
            ChartKind::Line => {
                made.push_series(&target_line(data, theme));
            }
            // Lying bars cannot be combined with a line: the target stands in the name.
            ChartKind::Bullet => {}
            ChartKind::Bar | ChartKind::StackedBar | ChartKind::HeatMap => {
                let mut line = NativeChart::new(ChartType::Line);
                line.push_series(&target_line(data, theme));
                made.combine(&line);
            }
        }
    }
    // A text given here could be taken for a range of cells; the cell above the header holds the name.
    let name = data.header.saturating_sub(1);
    made.title().set_name(&ChartRange::new_from_range(data.sheet, name, 0, name, 0));
    made.title().set_font(ChartFont::new().set_bold().set_size(11).set_color(color(theme.ink)));
    if chart.series.len() == 1 && (chart.target.is_none() || chart.kind == ChartKind::Bullet) {
        made.legend().set_hidden();
    } else {
        made.legend().set_position(ChartLegendPosition::Bottom);
    }
    let font = |made: &mut ChartFont| made.set_size(9).set_color(color(theme.muted)).clone();
    made.x_axis().set_font(&font(&mut ChartFont::new()));
    made.y_axis().set_font(&font(&mut ChartFont::new()));
    let values = if chart.kind == ChartKind::Bullet {
        // The first category on top, as in the report.
        made.y_axis().set_reverse().set_major_gridlines(false);
        made.x_axis()
    } else {
        made.y_axis()
    };
    values.set_num_format(number_format(chart.scale, Status::Neutral));
    values
        .set_major_gridlines(true)
        .set_major_gridlines_line(ChartLine::new().set_color(color(theme.line)).set_width(0.75));
    let all = chart.series.iter().flat_map(|series| &series.values).flatten();
    if chart.kind != ChartKind::Line && all.clone().all(|value| *value >= 0.0) {
        // A bar that does not begin at zero lies about its length.
        values.set_min(0);
    }
    made.set_width(SIZE.0).set_height(SIZE.1);
    made.set_alt_text(clean(&chart.alternative, MOST_IN_TEXT));
    Ok(made)
}

fn series(data: &Data<'_>, index: usize, theme: &Theme) -> ChartSeries {
    let chart = data.chart;
    let shade = color(series_color(chart, index, theme));
    let mut series = column(data, index);
    let mut format = ChartFormat::new();
    if chart.kind == ChartKind::Line {
        let mut line = ChartLine::new();
        line.set_color(shade).set_width(2.25);
        if chart.series[index].role == SeriesRole::Previous {
            line.set_width(1.5).set_dash_type(ChartLineDashType::Dash);
            series.set_marker(ChartMarker::new().set_none());
        } else {
            let mut fill = ChartFormat::new();
            fill.set_solid_fill(ChartSolidFill::new().set_color(shade));
            series.set_marker(ChartMarker::new().set_type(ChartMarkerType::Circle).set_size(5).set_format(&mut fill));
        }
        format.set_line(&line);
    } else {
        format.set_solid_fill(ChartSolidFill::new().set_color(shade));
        series.set_gap(60);
        if chart.series[index].role == SeriesRole::Current && !chart.statuses.is_empty() {
            series.set_points(&points(chart, series_color(chart, index, theme), theme));
        }
    }
    series.set_format(&mut format);
    series
}

/// The bars in the colours of their statuses.
fn points(chart: &Chart, neutral: Color, theme: &Theme) -> Vec<ChartPoint> {
    let shade = |status: &Status| match status {
        Status::Neutral => neutral,
        status => theme.status(*status),
    };
    let point = |status| {
        ChartPoint::new()
            .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(color(shade(status)))))
    };
    chart.statuses.iter().map(point).collect()
}

fn target_line(data: &Data<'_>, theme: &Theme) -> ChartSeries {
    let mut series = column(data, data.chart.series.len());
    let mut line = ChartLine::new();
    line.set_color(color(theme.muted)).set_width(1.5).set_dash_type(ChartLineDashType::LongDash);
    series.set_format(ChartFormat::new().set_line(&line)).set_marker(ChartMarker::new().set_none());
    series
}

/// The cells of a series: its name, its values, the categories.
fn column(data: &Data<'_>, index: usize) -> ChartSeries {
    let count = u32::try_from(data.chart.categories.len()).unwrap_or(u32::MAX);
    let (first, last) = (data.header + 1, data.header.saturating_add(count));
    let column = u16::try_from(index + 1).unwrap_or(u16::MAX);
    let mut series = ChartSeries::new();
    series
        .set_name(&ChartRange::new_from_range(data.sheet, data.header, column, data.header, column))
        .set_categories(&ChartRange::new_from_range(data.sheet, first, 0, last, 0))
        .set_values(&ChartRange::new_from_range(data.sheet, first, column, last, column));
    series
}
