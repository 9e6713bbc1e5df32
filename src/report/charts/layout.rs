//! From a chart to a drawing of a given size: margins, axes, series, target, labels. The chart's title is not drawn;
//! formats set it as text above the drawing.

use super::axis::{CategoryLabels, LABEL_GAP, LABEL_SIZE, Plot};
use super::legend::{ROW, legend};
use super::metrics::{self, LINE_HEIGHT, MIDDLE};
use super::style::{self, TARGET_DASH};
use super::ticks::ticks;
use super::{Anchor, Drawing, Shape, bar, bullet, heat, line, stacked, usable};
use crate::locale::{self, Language};
use crate::report::document::{Chart, ChartKind, SeriesRole};
use crate::report::theme::Theme;
use crate::report::typeface::Face;

/// The chart laid out in a box of this size in points. All shapes lie inside the box and no labels overlap. A chart
/// without any value becomes its alternative text.
pub fn layout(chart: &Chart, width: f64, height: f64, theme: &Theme, language: Language) -> Drawing {
    let [width, height] = [width, height].map(|side| if side.is_finite() { side.clamp(1.0, 10_000.0) } else { 1.0 });
    let shapes = shapes(chart, width, height, theme, language).unwrap_or_else(|| words(chart, width, height, theme));
    Drawing { width, height, shapes }
}

/// The height a chart is best read at, in points: `usual`, but for charts that grow with their rows. It is at most
/// what a page has room for.
pub fn height(chart: &Chart, usual: f64) -> f64 {
    const MOST: f64 = 560.0;
    let needed = match chart.kind {
        ChartKind::Line | ChartKind::Bar | ChartKind::StackedBar => return usual,
        ChartKind::HeatMap => heat::AROUND + chart.series.len() as f64 * heat::ROW,
        ChartKind::Bullet => ROW + LABEL_GAP + bullet::AXIS + chart.categories.len() as f64 * bullet::ROW,
    };
    needed.clamp(usual.min(70.0), MOST)
}

/// The shapes of a chart; none when it has no values or the box has no room for a plot.
fn shapes(chart: &Chart, width: f64, height: f64, theme: &Theme, language: Language) -> Option<Vec<Shape>> {
    let write = |value: f64, decimals: u8| locale::format_value(value, chart.scale.unit, decimals, language);
    let shown = chart.series.iter().flat_map(|series| series.values.iter().take(chart.categories.len()));
    let values: Vec<f64> = shown.filter_map(|value| usable(*value)).collect();
    if values.is_empty() {
        return None;
    }
    match chart.kind {
        ChartKind::Line | ChartKind::Bar => upright(chart, values, (width, height), theme, write),
        ChartKind::StackedBar => {
            let ends = stacked::sums(chart).into_iter().flatten().flat_map(|(up, down)| [up, down]);
            upright(chart, ends.collect(), (width, height), theme, write)
        }
        ChartKind::HeatMap => {
            let no_data = locale::text(language, "no-data", &[]);
            let words = heat::Words { no_data: &no_data, write: &|value| write(value, chart.scale.decimals) };
            heat::shapes(chart, width, height, theme, &words)
        }
        ChartKind::Bullet => bullet::shapes(chart, width, height, theme, write),
    }
}

/// A chart with upright values over categories; `values` are the heights it must show.
fn upright(
    chart: &Chart,
    mut values: Vec<f64>,
    (width, height): (f64, f64),
    theme: &Theme,
    write: impl Fn(f64, u8) -> String,
) -> Option<Vec<Shape>> {
    let categories = chart.categories.len();
    let target = chart.target.as_ref().and_then(|target| Some((usable(Some(target.value))?, target.label.as_str())));
    values.extend(target.map(|(value, _)| value));

    let legend = legend(chart, width, theme);
    let top = legend.height + LABEL_SIZE + 2.0;
    let most = ((height - top - 20.0) / 34.0).clamp(2.0, 6.0) as usize;
    let ticks = ticks(&values, chart.scale.unit, chart.kind, most);
    let tick_labels: Vec<String> = ticks.values.iter().map(|value| write(*value, ticks.decimals)).collect();
    let widest = |labels: &mut dyn Iterator<Item = f64>| labels.fold(0.0, f64::max);
    let left = widest(&mut tick_labels.iter().map(|label| metrics::text_width(label, LABEL_SIZE, theme.regular())));
    let left = left.min(0.4 * width) + LABEL_GAP;

    let sides = side_labels(chart, target, theme, 0.26 * width, |value| write(value, chart.scale.decimals));
    let sides_width = widest(&mut sides.iter().map(|label| metrics::text_width(&label.text, LABEL_SIZE, label.face)));
    let right = width - if sides.is_empty() { 4.0 } else { sides_width + LABEL_GAP };
    let labels = CategoryLabels::choose(&chart.categories, chart.kind, (left, right), width, theme.regular());
    let below = LABEL_GAP + labels.lines() as f64 * LABEL_SIZE * LINE_HEIGHT + 2.0;
    // Bars that hang down have their values under them.
    let hangs = chart.kind == ChartKind::Bar && values.iter().any(|value| *value < 0.0);
    let hanging = if hangs { LABEL_SIZE } else { 0.0 };
    let plot = Plot { left, right, top, bottom: height - below - hanging, ticks, categories };
    let least_height = (plot.ticks.values.len() - 1) as f64 * LABEL_SIZE * LINE_HEIGHT;
    if plot.right - plot.left < 20.0 || plot.bottom - plot.top < least_height {
        return None;
    }

    let mut shapes = plot.grid(&tick_labels, theme);
    let target = target.map(|(value, _)| {
        let y = plot.y(value);
        let points = vec![(plot.left, y), (plot.right, y)];
        Shape::Line { points, color: theme.good, width: 1.2, dash: Some(TARGET_DASH) }
    });
    match chart.kind {
        // Behind the lines: a target explains them, it does not cross them out. Behind bars it would not be seen.
        ChartKind::Line => {
            shapes.extend(target);
            shapes.extend(line::lines(chart, &plot, theme));
        }
        _ => {
            let heights = match (chart.kind, chart.series.as_slice()) {
                (ChartKind::StackedBar, _) => stacked::wholes(chart),
                (_, [series]) => series.values.clone(),
                _ => Vec::new(),
            };
            shapes.extend(match chart.kind {
                ChartKind::StackedBar => stacked::bars(chart, &plot, theme),
                _ => bar::bars(chart, &plot, theme),
            });
            shapes.extend(target);
            let value = chart.target.as_ref().map(|target| target.value);
            shapes.extend(bar::values(&heights, &plot, value, theme, |value| write(value, chart.scale.decimals)));
        }
    }
    shapes.extend(place(sides, &plot));
    shapes.extend(labels.shapes(&plot, plot.bottom + hanging + LABEL_GAP, width, theme));
    shapes.extend(legend.shapes);
    Some(shapes)
}

/// A label in the right margin, at the height of its value.
struct SideLabel {
    value: f64,
    text: String,
    color: super::Color,
    face: Face,
}

/// The labels in the right margin: the last value of a line, first because it gives way last, and the target.
fn side_labels(
    chart: &Chart,
    target: Option<(f64, &str)>,
    theme: &Theme,
    width: f64,
    write: impl Fn(f64) -> String,
) -> Vec<SideLabel> {
    let mut labels = Vec::new();
    let mut present = chart.series.iter().enumerate().filter(|(_, series)| series.role == SeriesRole::Current);
    if let (ChartKind::Line, Some((index, series)), None) = (chart.kind, present.next(), present.next()) {
        let last = chart.categories.len().checked_sub(1).and_then(|last| series.values.get(last).copied().flatten());
        if let Some(value) = usable(last) {
            let color = style::series_color(chart, index, theme);
            labels.push(SideLabel { value, text: write(value), color, face: theme.bold() });
        }
    }
    if let Some((value, label)) = target {
        labels.push(SideLabel { value, text: label.to_owned(), color: theme.good, face: theme.regular() });
    }
    for label in &mut labels {
        label.text = metrics::fit(&label.text, LABEL_SIZE, label.face, width);
    }
    labels.retain(|label| !label.text.is_empty());
    labels
}

/// The side labels beside the plot; the second one is moved away from the first where they would touch.
fn place(labels: Vec<SideLabel>, plot: &Plot) -> Vec<Shape> {
    let apart = LABEL_SIZE * LINE_HEIGHT;
    let mut taken: Option<f64> = None;
    let mut shapes = Vec::new();
    for label in labels {
        let wanted = plot.y(label.value);
        let y = match taken {
            Some(other) if (wanted - other).abs() < apart => {
                let above = wanted < other || (wanted == other && other - apart >= plot.top);
                let moved = if above { other - apart } else { other + apart };
                let inside = moved >= plot.top - LABEL_SIZE / 2.0 && moved <= plot.bottom;
                if inside {
                    moved
                } else if above {
                    other + apart
                } else {
                    other - apart
                }
            }
            _ => wanted,
        };
        taken = Some(y);
        shapes.push(Shape::Text {
            x: plot.right + LABEL_GAP,
            y: y + MIDDLE * LABEL_SIZE,
            text: label.text,
            size: LABEL_SIZE,
            color: label.color,
            anchor: Anchor::Start,
            face: label.face,
        });
    }
    shapes
}

/// The chart's alternative text in the middle of the box, as much of it as fits.
fn words(chart: &Chart, width: f64, height: f64, theme: &Theme) -> Vec<Shape> {
    let size = LABEL_SIZE + 1.0;
    let rows = (height / (size * LINE_HEIGHT)).floor();
    if rows < 1.0 {
        return Vec::new();
    }
    let lines = metrics::wrap(&chart.alternative, size, theme.regular(), width - 8.0, rows.min(4.0) as usize);
    let block = (lines.len() as f64 - 1.0) * size * LINE_HEIGHT;
    let first = height / 2.0 - block / 2.0 + MIDDLE * size;
    let row = |(row, text): (usize, String)| Shape::Text {
        x: width / 2.0,
        y: first + row as f64 * size * LINE_HEIGHT,
        text,
        size,
        color: theme.muted,
        anchor: Anchor::Middle,
        face: theme.regular(),
    };
    lines.into_iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests;
