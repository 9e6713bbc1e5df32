//! What every drawing holds to, whatever the chart: inside its box, labels apart, finite, the same bytes again.

use proptest::prelude::*;

use super::super::metrics::ASCENT;
use super::super::{png, svg, text_width};
use super::*;
use crate::report::document::{Scale, Series, Status, TargetLine};
use crate::workspace::Unit;

fn chart(
    kind: ChartKind,
    unit: Unit,
    categories: Vec<String>,
    values: Vec<Vec<Option<f64>>>,
    target: Option<f64>,
) -> Chart {
    let roles = match kind {
        ChartKind::StackedBar | ChartKind::HeatMap => [SeriesRole::Part; 3],
        _ => [SeriesRole::Current, SeriesRole::Previous, SeriesRole::Current],
    };
    let statuses = [Status::Good, Status::Near, Status::Bad, Status::Neutral];
    let statuses = statuses.into_iter().cycle().take(categories.len()).collect();
    let series = values
        .into_iter()
        .zip(roles)
        .map(|(values, role)| Series { name: format!("{role:?} period"), values, role })
        .collect();
    Chart {
        title: "Service level".to_owned(),
        kind,
        categories,
        series,
        target: target.map(|value| TargetLine { value, label: "target 80%".to_owned() }),
        scale: Scale { unit, decimals: 1 },
        alternative: "No calls in the week of 16 November".to_owned(),
        statuses,
    }
}

/// How far a text reaches below its baseline, in font sizes.
const DESCENT: f64 = 0.24;

/// The box of a text: left, top, right, bottom.
fn text_box(shape: &Shape) -> Option<(f64, f64, f64, f64)> {
    let Shape::Text { x, y, text, size, anchor, face, .. } = shape else { return None };
    let width = text_width(text, *size, *face);
    let left = match anchor {
        Anchor::Start => *x,
        Anchor::Middle => x - width / 2.0,
        Anchor::End => x - width,
    };
    Some((left, y - ASCENT * size, left + width, y + DESCENT * size))
}

/// The box of any shape.
fn bounds(shape: &Shape) -> (f64, f64, f64, f64) {
    match shape {
        Shape::Rectangle { x, y, width, height, .. } => (*x, *y, x + width, y + height),
        Shape::Circle { x, y, radius, .. } => (x - radius, y - radius, x + radius, y + radius),
        Shape::Line { points, .. } => points.iter().fold((f64::MAX, f64::MAX, f64::MIN, f64::MIN), |found, (x, y)| {
            (found.0.min(*x), found.1.min(*y), found.2.max(*x), found.3.max(*y))
        }),
        Shape::Text { .. } => text_box(shape).expect("a text has a box"),
    }
}

#[track_caller]
fn check(drawing: &Drawing) {
    for shape in &drawing.shapes {
        let (left, top, right, bottom) = bounds(shape);
        let sides = [left, top, right, bottom];
        assert!(sides.iter().all(|side| side.is_finite()), "not finite: {shape:?}");
        let inside = left >= -0.01 && top >= -0.01 && right <= drawing.width + 0.01 && bottom <= drawing.height + 0.01;
        assert!(inside, "outside {} x {}: {shape:?} at {sides:?}", drawing.width, drawing.height);
    }
    let texts: Vec<_> = drawing.shapes.iter().filter(|shape| text_box(shape).is_some()).collect();
    for (index, one) in texts.iter().enumerate() {
        for other in &texts[index + 1..] {
            let (a, b) = (bounds(one), bounds(other));
            let apart = a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1;
            assert!(apart, "overlap: {one:?} and {other:?}");
        }
    }
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-zА-Яа-я0-9 <&]{0,30}", "[0-2][0-9]", Just("Понедельник 16 ноября".to_owned()), ".{0,12}"]
}

fn value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        4 => (-500.0..5_000.0_f64).prop_map(Some),
        2 => Just(Some(0.0)),
        2 => (0.0..100.0_f64).prop_map(Some),
        1 => Just(None),
        1 => prop::num::f64::ANY.prop_map(Some),
    ]
}

fn any_chart() -> impl Strategy<Value = Chart> {
    let units = prop::sample::select(vec![Unit::Count, Unit::Percent, Unit::Duration, Unit::Number, Unit::Money]);
    let kinds = prop::sample::select(vec![
        ChartKind::Line,
        ChartKind::Bar,
        ChartKind::StackedBar,
        ChartKind::HeatMap,
        ChartKind::Bullet,
    ]);
    let data = (0..100_usize, 0..4_usize).prop_flat_map(|(length, series)| {
        (prop::collection::vec(name(), length), prop::collection::vec(prop::collection::vec(value(), length), series))
    });
    (kinds, units, data, prop::option::of(-10.0..200.0_f64))
        .prop_map(|(kind, unit, (categories, values), target)| chart(kind, unit, categories, values, target))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shapes_stay_inside_and_labels_apart(chart in any_chart(), width in 1.0..1000.0_f64, height in 1.0..500.0_f64) {
        for language in Language::ALL {
            check(&layout(&chart, width, height, &Theme::default(), language));
            check(&layout(&chart, width, super::height(&chart, height), &Theme::default(), language));
        }
    }
}

fn texts(drawing: &Drawing) -> Vec<&str> {
    fn text(shape: &Shape) -> Option<&str> {
        match shape {
            Shape::Text { text, .. } => Some(text.as_str()),
            _ => None,
        }
    }
    drawing.shapes.iter().filter_map(text).collect()
}

fn days() -> Vec<String> {
    ["Mon 16", "Tue 17", "Wed 18", "Thu 19", "Fri 20", "Sat 21", "Sun 22"].map(str::to_owned).to_vec()
}

#[test]
fn a_week_has_its_days_a_target_and_a_last_value() {
    let values = [81.0, 79.5, 84.2, 88.0, 83.0, 76.4, 83.4].map(Some).to_vec();
    let chart = chart(ChartKind::Line, Unit::Percent, days(), vec![values.clone(), values], Some(80.0));
    let drawing = layout(&chart, 480.0, 200.0, &Theme::default(), Language::Russian);
    let texts = texts(&drawing);
    for expected in ["Mon 16", "Sun 22", "target 80%", "83,4\u{a0}%", "Current period", "Previous period", "80\u{a0}%"]
    {
        assert!(texts.contains(&expected), "{expected} is missing in {texts:?}");
    }
}

#[test]
fn many_categories_are_thinned() {
    let hours: Vec<String> = (0..24).map(|hour| format!("{hour:02}:00")).collect();
    let values: Vec<Option<f64>> = (0..24).map(|hour| Some(f64::from(hour * 3))).collect();
    let chart = chart(ChartKind::Bar, Unit::Count, hours.clone(), vec![values], None);
    let drawing = layout(&chart, 480.0, 200.0, &Theme::default(), Language::English);
    let shown = texts(&drawing).into_iter().filter(|text| hours.iter().any(|hour| hour == text)).count();
    assert_eq!(shown, 12);
}

#[test]
fn gaps_are_gaps_and_lonely_values_are_points() {
    let values = vec![Some(80.0), Some(82.0), None, Some(79.0), None, Some(f64::NAN), Some(81.0)];
    let chart = chart(ChartKind::Line, Unit::Percent, days(), vec![values], None);
    let drawing = layout(&chart, 480.0, 200.0, &Theme::default(), Language::English);
    let brand = Theme::default().brand;
    let lines =
        drawing.shapes.iter().filter(|shape| matches!(shape, Shape::Line { color, .. } if *color == brand)).count();
    let points = drawing.shapes.iter().filter(|shape| matches!(shape, Shape::Circle { .. })).count();
    assert_eq!((lines, points), (1, 4));
}

#[test]
fn no_data_becomes_words() {
    for values in [vec![], vec![vec![None; 7]], vec![vec![Some(f64::NAN); 7]]] {
        let chart = chart(ChartKind::Bar, Unit::Count, days(), values, Some(80.0));
        let drawing = layout(&chart, 480.0, 200.0, &Theme::default(), Language::English);
        assert_eq!(texts(&drawing), ["No calls in the week of 16 November"]);
    }
    let nothing = chart(ChartKind::Line, Unit::Count, vec![], vec![vec![]], None);
    check(&layout(&nothing, f64::NAN, -5.0, &Theme::default(), Language::English));
}

#[test]
fn the_painters_accept_any_text_and_repeat_themselves() {
    let mut chart = chart(ChartKind::Bar, Unit::Count, days(), vec![vec![Some(3.0); 7]], None);
    chart.categories[2] = "<script>\"&'\u{0}\u{7}\r\n😀".to_owned();
    let drawing = layout(&chart, 480.0, 200.0, &Theme::default(), Language::English);
    let page = svg(&drawing, "</title><script>\u{1}");
    assert!(!page.contains("<script>"), "{page}");
    let tree = resvg::usvg::Tree::from_str(&page, &resvg::usvg::Options::default()).expect("the SVG is well-formed");
    assert_eq!((tree.size().width(), tree.size().height()), (480.0, 200.0));

    let picture = png(&drawing, 2.0).expect("the chart is painted");
    assert_eq!(&picture[1..4], b"PNG");
    assert_eq!(picture, png(&drawing, 2.0).expect("the chart is painted again"));
    let pixels = resvg::tiny_skia::Pixmap::decode_png(&picture).expect("the PNG is readable");
    assert_eq!((pixels.width(), pixels.height()), (960, 400));
    assert!(pixels.pixels().iter().all(|pixel| pixel.alpha() == 255), "the background is opaque");
    assert!(matches!(png(&drawing, 1e6), Err(super::super::ChartError::Size { .. })));
}

#[test]
fn parts_are_stacked_and_wholes_written() {
    let parts = vec![vec![Some(30.0), None, Some(0.0)], vec![Some(12.0), None, Some(5.0)]];
    let chart = chart(ChartKind::StackedBar, Unit::Count, days()[..3].to_vec(), parts, None);
    let drawing = layout(&chart, 480.0, 200.0, &Theme::default(), Language::English);
    let texts = texts(&drawing);
    assert!(texts.contains(&"42.0") && texts.contains(&"5.0") && !texts.contains(&"0.0"), "{texts:?}");
}

#[test]
fn fields_without_data_are_crossed_out_and_named() {
    let rows = vec![vec![Some(0.0), Some(4.0), None], vec![None, Some(2.0), Some(8.0)]];
    let chart = chart(ChartKind::HeatMap, Unit::Percent, days()[..3].to_vec(), rows, None);
    let drawing = layout(&chart, 480.0, height(&chart, 200.0), &Theme::default(), Language::Russian);
    let crossed = drawing.shapes.iter().filter(|shape| matches!(shape, Shape::Line { .. })).count();
    // Two fields and the legend's.
    assert_eq!(crossed, 3);
    let texts = texts(&drawing);
    for expected in ["нет данных", "0,0\u{a0}%", "8,0\u{a0}%", "Part period", "Tue 17"] {
        assert!(texts.contains(&expected), "{expected} is missing in {texts:?}");
    }
}

#[test]
fn a_bullet_has_a_row_for_each_name_with_its_value_and_its_target() {
    let values = vec![vec![Some(-100.0), Some(40.0), None], vec![Some(20.0), None, None]];
    let chart = chart(ChartKind::Bullet, Unit::Number, days()[..3].to_vec(), values, Some(30.0));
    let drawing = layout(&chart, 480.0, height(&chart, 200.0), &Theme::default(), Language::English);
    let texts = texts(&drawing);
    for expected in ["Mon 16", "Wed 18", "\u{2212}100.0", "40.0", "–", "target 80%", "Previous period"] {
        assert!(texts.contains(&expected), "{expected} is missing in {texts:?}");
    }
    let marks = drawing.shapes.iter().filter(
        |shape| matches!(shape, Shape::Rectangle { width, color, .. } if *width == 2.0 && *color == Theme::default().ink),
    );
    assert_eq!(marks.count(), 3 + 1);
}
