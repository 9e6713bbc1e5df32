//! A small line without axes or words, for a KPI's tile. Charts with axes are in `layout`.

use super::style::SPARKLINE_DASH;
use super::{Drawing, Shape, usable};
use crate::report::document::Sparkline;
use crate::report::theme::Theme;

/// The radius of the last value's point, in points.
const POINT: f64 = 2.0;
/// The line's width, in points.
const STROKE: f64 = 1.3;
/// A course that varies less than this share of its values is drawn nearly flat: there is no axis to correct the
/// impression of a leap.
const LEAST_SPAN: f64 = 0.02;

/// The course in a box of this size in points: the line broken where there is no data, a point at the last value, the
/// target as a hairline where it lies among the values. Nothing is drawn when there is no value or no room.
pub fn sparkline(line: &Sparkline, width: f64, height: f64, theme: &Theme) -> Drawing {
    let [width, height] = [width, height].map(|side| if side.is_finite() { side.clamp(1.0, 10_000.0) } else { 1.0 });
    let shapes = shapes(line, width, height, theme).unwrap_or_default();
    Drawing { width, height, shapes }
}

fn shapes(line: &Sparkline, width: f64, height: f64, theme: &Theme) -> Option<Vec<Shape>> {
    let values: Vec<Option<f64>> = line.values.iter().map(|value| usable(*value)).collect();
    let known = || values.iter().flatten().copied();
    let lowest = known().reduce(f64::min)?;
    let highest = known().reduce(f64::max)?;
    let (left, right, top, bottom) = (POINT, width - POINT, POINT, height - POINT);
    if right <= left || bottom <= top {
        return None;
    }
    let span = (highest - lowest).max(LEAST_SPAN * highest.abs().max(lowest.abs())).max(1e-9);
    let low = (lowest + highest - span) / 2.0;
    let y = |value: f64| bottom - (value - low) / span * (bottom - top);
    let steps = values.len().saturating_sub(1).max(1) as f64;
    let points: Vec<Option<(f64, f64)>> = values
        .iter()
        .enumerate()
        .map(|(index, value)| value.map(|value| (left + index as f64 / steps * (right - left), y(value))))
        .collect();

    let mut shapes = Vec::new();
    if let Some(target) = usable(line.target).filter(|target| (lowest..=highest).contains(target)) {
        let points = vec![(left, y(target)), (right, y(target))];
        let color = theme.muted.mix(theme.line, 0.5);
        shapes.push(Shape::Line { points, color, width: 0.6, dash: Some(SPARKLINE_DASH) });
    }
    for run in points.split(Option::is_none) {
        match run.iter().flatten().copied().collect::<Vec<_>>().as_slice() {
            [] => {}
            // A value between two gaps would not be seen at all.
            [(x, y)] => shapes.push(Shape::Circle { x: *x, y: *y, radius: 0.6 * POINT, color: theme.brand }),
            run => {
                let points = run.to_vec();
                shapes.push(Shape::Line { points, color: theme.brand, width: STROKE, dash: None });
            }
        }
    }
    let last = points.iter().rev().flatten().next();
    shapes.extend(last.map(|(x, y)| Shape::Circle { x: *x, y: *y, radius: POINT, color: theme.brand }));
    Some(shapes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn drawn(values: &[Option<f64>], target: Option<f64>, width: f64, height: f64) -> Vec<Shape> {
        let line = Sparkline { values: values.to_vec(), target, alternative: String::new() };
        sparkline(&line, width, height, &Theme::default()).shapes
    }

    fn check(values: &[Option<f64>], target: Option<f64>, lines: usize, points: usize) {
        let shapes = drawn(values, target, 80.0, 18.0);
        let found = shapes.iter().filter(|shape| matches!(shape, Shape::Line { .. })).count();
        assert_eq!((found, shapes.len() - found), (lines, points), "{values:?} {target:?}");
    }

    #[test]
    fn gaps_targets_and_lonely_values() {
        check(&[], Some(1.0), 0, 0);
        check(&[None, Some(f64::NAN)], Some(1.0), 0, 0);
        check(&[Some(3.0)], None, 0, 2);
        check(&[Some(3.0), Some(4.0), None, Some(5.0), None, Some(1.0), Some(2.0)], None, 2, 2);
        check(&[Some(3.0), Some(5.0)], Some(4.0), 2, 1);
        check(&[Some(3.0), Some(5.0)], Some(9.0), 1, 1);
    }

    #[test]
    fn a_flat_course_lies_in_the_middle() {
        for value in [0.0, 100.0, -100.0] {
            let shapes = drawn(&[Some(value); 3], None, 80.0, 18.0);
            let Some(Shape::Line { points, .. }) = shapes.first() else { panic!("{shapes:?}") };
            assert!(points.iter().all(|(_, y)| (y - 9.0).abs() < 1e-6), "{points:?}");
        }
    }

    proptest! {
        #[test]
        fn everything_lies_inside_the_box(
            values in prop::collection::vec(prop::option::of(prop::num::f64::ANY), 0..60),
            target in prop::option::of(prop::num::f64::ANY),
            width in 0.0..200.0_f64,
            height in 0.0..60.0_f64,
        ) {
            let (right, bottom) = (width.max(1.0) + 1e-6, height.max(1.0) + 1e-6);
            for shape in drawn(&values, target, width, height) {
                let points = match &shape {
                    Shape::Line { points, .. } => points.clone(),
                    Shape::Circle { x, y, radius, .. } => vec![(x - radius, y - radius), (x + radius, y + radius)],
                    other => panic!("{other:?}"),
                };
                for (x, y) in points {
                    prop_assert!((-1e-6..=right).contains(&x) && (-1e-6..=bottom).contains(&y), "{shape:?}");
                }
            }
        }
    }
}
