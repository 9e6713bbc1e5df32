//! Tiles, charts and tables at their limits: many groups, few calls, nothing at all, strange values.

use super::*;
use crate::alert::{Ending, Labels};
use crate::kpi::KeyPart;
use crate::report::document::{Chart, ChartKind, SeriesRole, Table};
use crate::workspace::{AlertSeverity, Compare, Grouping};

fn chart(case: &Case) -> Chart {
    let document = case.build();
    let found =
        document.blocks.into_iter().find_map(|block| if let Block::Chart(chart) = block { Some(chart) } else { None });
    found.expect("a chart")
}

fn table(case: &Case) -> Table {
    let document = case.build();
    let found =
        document.blocks.into_iter().find_map(|block| if let Block::Table(table) = block { Some(table) } else { None });
    found.expect("a table")
}

fn fenced(kind: &str, text: &str) -> String {
    format!("```{kind}\n{text}\n```\n\n")
}

/// A case of one data block with these answers now and before.
fn one(template: &str, block: DataDefinition, now: &[(&str, &str)], before: &[(&str, &str)]) -> Case {
    let previous: &[&[(&str, &str)]] = &[&[("", "900 82")], before];
    let previous = if before.is_empty() { &[] } else { previous };
    Case::new(&[("report.md", template)], vec![block], &[&[("", "1000 80")], now], previous)
}

#[test]
fn bullets_and_tables_of_many_queues_say_what_they_leave_out() {
    let names: Vec<(String, String)> =
        (0..300).map(|queue| (format!("Queue {queue:03}"), format!("{} {}", 1000 - queue, 50 + queue % 50))).collect();
    let queues: Vec<(&str, &str)> = names.iter().map(|(name, values)| (name.as_str(), values.as_str())).collect();
    let template =
        [fenced("chart", "{kind: bullet, data: by_queue, kpi: service_level}"), fenced("table", "{data: by_queue}")]
            .concat();
    let block = |limit| data("by_queue", "queue", "offered service_level", Some("service_level"), limit);
    let case = one(&template, block(None), &queues, &queues[..200]);
    let bullet = chart(&case);
    assert_eq!((bullet.kind, bullet.categories.len(), bullet.statuses.len()), (ChartKind::Bullet, 20, 20));
    assert_eq!(bullet.title, "Service level (first 20 of 300)");
    assert_eq!(bullet.statuses[0], Status::Bad);
    assert_eq!(
        bullet.series.iter().map(|series| series.role).collect::<Vec<_>>(),
        [SeriesRole::Current, SeriesRole::Previous]
    );
    assert!(bullet.target.is_some() && bullet.alternative.contains("0 of 20 on target"), "{}", bullet.alternative);
    assert_eq!((table(&case).rows.len(), table(&case).omitted), (300, None));
    let limited = table(&one(&template, block(Some(7)), &queues, &[]));
    assert_eq!((limited.rows.len(), limited.omitted.as_deref()), (7, Some("first 7 of 300")));
}

#[test]
fn a_table_has_bars_changes_and_marks_for_few_calls() {
    let template =
        fenced("table", "{data: by_queue, bars: [offered, service_level], changes: [offered, service_level]}");
    let block = data("by_queue", "queue", "offered service_level", Some("service_level"), None);
    let now = [("Sales", "500 90"), ("Billing", "250 60"), ("Night", "3 0"), ("New", "40 80")];
    let before = [("Sales", "450 88"), ("Billing", "250 70"), ("Gone", "50 90")];
    let mut case = one(&template, block, &now, &before);
    insta::assert_snapshot!(outline(&case.build()));
    case.language = Language::Russian;
    let titles: Vec<String> = table(&case).columns.into_iter().map(|column| column.title).collect();
    assert_eq!(titles[1..3], ["Поступило", "Поступило, изменение"]);
}

#[test]
fn a_heat_map_is_complete_in_time_and_leaves_unknown_places_open() {
    let template = fenced("chart", "{kind: heatmap, data: grid, kpi: offered}");
    let block = || data("grid", "weekday hour_of_day", "offered", None, None);
    let mut case = one(&template, block(), &[("1 / 9", "30"), ("2 / 11", "50"), ("7 / 9", "0")], &[]);
    // A week in which an hour was repeated has the same places.
    case.period = period("2026-10-19", "2026-10-25", Tz::Europe__Berlin);
    let heat = chart(&case);
    let rows: Vec<&str> = heat.series.iter().map(|series| series.name.as_str()).collect();
    assert_eq!(rows, ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]);
    assert_eq!(heat.categories, ["09:00", "10:00", "11:00"]);
    assert_eq!(heat.series[0].values, [Some(30.0), None, None]);
    assert_eq!(heat.series[6].values, [Some(0.0), None, None]);
    assert_eq!(
        heat.alternative,
        "Offered. Offered: highest 50 (Tuesday, 11:00), lowest 0 (Sunday, 09:00); no data in 18 of 21 fields"
    );
    let nothing = chart(&one(&template, block(), &[], &[]));
    assert!(nothing.categories.is_empty() && nothing.alternative.ends_with("no data"), "{nothing:?}");

    let names: Vec<String> = (0..300).map(|queue| format!("Queue {queue:03} / {}", 8 + queue % 3)).collect();
    let queues: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "12")).collect();
    let by_queue = data("grid", "queue hour_of_day", "offered", None, None);
    let heat = chart(&one(&template, by_queue, &queues, &[]));
    assert_eq!((heat.series.len(), heat.title.as_str()), (24, "Offered (first 24 of 300)"));
}

#[test]
fn stacked_bars_add_up_what_is_too_small_to_tell_apart() {
    let template = fenced("chart", "{kind: stacked, data: parts, kpi: offered}");
    let parts: Vec<(String, String)> =
        (0..9).map(|queue| (format!("2026-11-16 / Queue {queue}"), format!("{}", 100 - queue))).collect();
    let parts: Vec<(&str, &str)> = parts.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let case = one(&template, data("parts", "day queue", "offered", None, None), &parts, &[]);
    let stacked = chart(&case);
    let names: Vec<&str> = stacked.series.iter().map(|series| series.name.as_str()).collect();
    assert_eq!(names, ["Queue 0", "Queue 1", "Queue 2", "Queue 3", "Queue 4", "others (4)"]);
    assert_eq!(stacked.categories.len(), 7);
    assert_eq!(stacked.series[5].values[0], Some(95.0 + 94.0 + 93.0 + 92.0));
    assert_eq!(stacked.series[0].values[1], None);
    assert!(stacked.series.iter().all(|series| series.role == SeriesRole::Part));
    assert!(
        stacked.alternative.starts_with("Offered. Offered by part: Queue 0 100, Queue 1 99"),
        "{}",
        stacked.alternative
    );
}

#[test]
fn tiles_show_their_course_where_there_is_one() {
    let by_day = || data("by_day", "day", "service_level", None, None);
    let days = [("2026-11-16", "74"), ("2026-11-17", "-"), ("2026-11-18", "81"), ("2026-11-20", "80")];
    let line = |template: &str, days: &[(&str, &str)]| {
        let case = one(template, by_day(), days, &[]);
        let document = case.build();
        let Some(Block::Tiles(tiles)) = document.blocks.first() else { panic!("no tiles") };
        tiles.iter().map(|tile| tile.sparkline.clone()).collect::<Vec<_>>()
    };
    let found = line(&fenced("kpis", "[service_level, offered]"), &days);
    let course = found[0].as_ref().expect("a course by itself");
    assert_eq!(course.values, [Some(74.0), None, Some(81.0), None, Some(80.0), None, None]);
    assert_eq!(course.target, Some(80.0));
    assert!(course.alternative.contains("lowest 74.0% (Mon 16)"), "{}", course.alternative);
    assert!(found[1].is_none(), "no block by time holds it");
    let named = line(&fenced("kpis", "{kpis: [service_level, offered], course: by_day}"), &days);
    assert_eq!(named, found);
    assert_eq!(line(&fenced("kpis", "[service_level]"), &days[..2]), [None], "two points are no course");
}

#[test]
fn values_at_the_ends_of_their_scale() {
    let template = fenced("kpis", "[offered, service_level, csat]");
    let written = |values: &str, target: f64| {
        let mut case = Case::new(&[("report.md", &template)], vec![], &[&[("", values)]], &[]);
        case.catalog.kpis["service_level"].target = Some(target);
        case.catalog.kpis["csat"].unit = crate::locale::Unit::Count;
        let Block::Tiles(tiles) = case.build().blocks.remove(0) else { panic!("no tiles") };
        tiles.into_iter().map(|tile| (tile.value, tile.status)).collect::<Vec<_>>()
    };
    let value = |text: &str, status: Status| (text.to_owned(), status);
    assert_eq!(
        written("0 99.99 -100", 100.0),
        [value("0", Status::Neutral), value("99.99%", Status::Near), value("\u{2212}100", Status::Bad)]
    );
    assert_eq!(written("0 99.99 -100", 80.0)[1], value("100.0%", Status::Good));
    assert_eq!(written("0 0 -", 80.0)[1..], [value("0.0%", Status::Bad), value("no data", Status::Neutral)]);
    assert_eq!(written("0 it_broke 0", 80.0)[1], value("failed", Status::Neutral));
}

#[test]
fn a_trend_looks_back_and_does_not_invent_zeroes() {
    let mut block = data("by_month", "month", "offered", None, None);
    block.periods = Some(4);
    let template = fenced("chart", "{kind: bar, data: by_month, kpi: offered, previous: true}");
    let mut case = Case::new(&[("report.md", &template)], vec![block], &[&[("", "700")]], &[&[("", "600")]]);
    case.period = period("2026-11-01", "2026-11-30", Tz::Europe__Moscow);
    let asked = trends(&case.report, &case.period);
    assert_eq!(asked.len(), 1);
    assert_eq!(
        (asked[0].period.first.to_string(), asked[0].period.label.as_str()),
        ("2026-08-01".to_owned(), "2026-08-01..2026-11-30")
    );
    let answers: &[(&str, &str)] = &[("2026-09-01", "500"), ("2026-11-01", "700")];
    let known = snapshot(&[asked[0].question.clone()], &asked[0].period, &[answers]);
    case.trends.insert("by_month".to_owned(), known);
    let bars = chart(&case);
    assert_eq!(bars.categories, ["Aug 2026", "Sept 2026", "Oct 2026", "Nov 2026"]);
    // Nothing is known of August; October had no calls. The run is before December.
    assert_eq!(bars.series.len(), 1, "a trend is compared with nothing");
    assert_eq!(bars.series[0].values, [None, Some(500.0), Some(0.0), Some(700.0)]);
}

#[test]
fn hours_without_rows_are_told_where_calls_could_be_expected() {
    let template = "text";
    let block = || data("by_queue", "queue", "offered", None, None);
    let hours = |day: &str, calls: &str, skipped: std::ops::Range<u32>| -> Vec<(String, String)> {
        // From 9 to 18 in Moscow.
        (6..15)
            .filter(|hour| !skipped.contains(hour))
            .map(|hour| (format!("{day}T{hour:02}:00:00Z"), calls.to_owned()))
            .collect()
    };
    let check = |calls: &str, skipped: std::ops::Range<u32>, expected: &[&str]| {
        let mut case = one(template, block(), &[], &[("x", "1")]);
        case.report.compare = Compare::PreviousWeek;
        let asked = questions(&case.report, &case.template, &case.catalog);
        assert_eq!(asked.last().expect("the hours").by, [Grouping::parse("hour")]);
        let fill = |rows: &[(String, String)], snapshot: &mut Snapshot| {
            let rows: Vec<(&str, &str)> = rows.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            let window = case.period.clone();
            let made = super::snapshot(&asked[asked.len() - 1..], &window, &[&rows]);
            snapshot.results.extend(made.results);
        };
        let (mut now, mut before) = (case.current.clone(), case.previous.clone().expect("a week before"));
        fill(&hours("2026-11-18", calls, skipped), &mut now);
        fill(&hours("2026-11-11", calls, 0..0), &mut before);
        case.current = now;
        case.previous = Some(before);
        let document = case.build();
        let told: Vec<String> = document
            .blocks
            .iter()
            .filter_map(|block| if let Block::Note(text) = block { Some(plain_text(text)) } else { None })
            .collect();
        assert_eq!(told, expected);
    };
    check(
        "40",
        8..11,
        &[
            "calls: no rows on 18 November 2026, 11:00–14:00, although the same hours had 120 before; either the centre was closed or data is missing.",
        ],
    );
    check("40", 0..0, &[]);
    // Three calls may stay away by chance.
    check("1", 8..11, &[]);
}

#[test]
fn data_notes_have_a_place_of_their_own() {
    let mut case = one(&fenced("data_notes", ""), data("by_queue", "queue", "offered", None, None), &[], &[]);
    let Block::Paragraph(text) = case.build().blocks.remove(0) else { panic!("not a paragraph") };
    assert_eq!(plain_text(&text), "No gaps were found in the data, and every KPI could be computed.");
    for known in case.current.freshness.values_mut() {
        *known = crate::kpi::Freshness { rows: 0, newest: None };
    }
    let document = case.build();
    assert!(
        matches!(document.blocks.as_slice(), [Block::List { items, .. }] if items.len() == 1),
        "{:?}",
        document.blocks
    );
}

#[test]
fn alerts_are_listed_with_their_duration_the_worst_first() {
    let template = fenced("alerts", "{limit: 2}");
    let mut case = one(&template, data("by_queue", "queue", "offered", None, None), &[], &[]);
    let sentence = |case: &Case| match case.build().blocks.remove(0) {
        Block::Paragraph(text) => plain_text(&text),
        other => panic!("{other:?}"),
    };
    assert_eq!(sentence(&case), "No alert rules are set up.");
    let rule = crate::report::samples::alert("low", "Service level is low|Низкий уровень сервиса");
    case.catalog.alerts.insert("low".to_owned(), rule);
    assert_eq!(sentence(&case), "No alert fired in this period.");
    let episode = |rule: &str, queue: &str, severity, fired: &str, ended: Option<&str>, worst| Episode {
        rule: rule.to_owned(),
        labels: Labels::of(&[Grouping::parse("queue")], &[KeyPart::Text(queue.to_owned())]),
        severity,
        began_at: instant(fired),
        fired_at: instant(fired),
        ended_at: ended.map(instant),
        ending: ended.map(|_| Ending::Recovered),
        kpi: Some("service_level".to_owned()),
        value_at_fire: worst,
        worst,
    };
    case.episodes = vec![
        episode(
            "low",
            "Sales",
            AlertSeverity::Warning,
            "2026-11-16T07:00:00Z",
            Some("2026-11-16T07:20:00Z"),
            Some(61.0),
        ),
        episode(
            "low",
            "Billing",
            AlertSeverity::Critical,
            "2026-11-10T07:14:00Z",
            Some("2026-11-17T09:20:00Z"),
            Some(12.25),
        ),
        episode("gone", "**Night**", AlertSeverity::Warning, "2026-11-22T20:00:00Z", None, None),
    ];
    insta::assert_snapshot!(outline(&case.build()));
    case.language = Language::Russian;
    insta::assert_snapshot!(outline(&case.build()));
}

#[test]
fn charts_that_cannot_be_drawn_are_mistakes_with_places() {
    let check = |by: &str, kpis: &str, spec: &str, expected: &[&str]| {
        let template = fenced("chart", spec);
        let case = one(&template, data("d", by, kpis, None, None), &[], &[]);
        let found = shown(&build(&case.request()).expect_err("the chart is wrong"));
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(expected), "{found}\nexpected {expected}");
        }
    };
    check("queue", "offered", "{kind: heatmap, data: d, kpi: offered}", &["CB503 2:23 the data block `d` is by queue"]);
    check(
        "weekday hour_of_day",
        "offered csat",
        "{kind: heatmap, data: d, kpis: [offered, csat], target: true}",
        &[
            "CB503 2:42 `offered` and `csat` have different units",
            "CB503 2:26 a heat map shows one KPI",
            "CB503 2:49 a heat map has no place for `target`",
        ],
    );
    check(
        "day queue",
        "service_level",
        "{kind: stacked, data: d, kpi: service_level}",
        &["CB503 2:31 `service_level` is a percentage"],
    );
    check("day", "offered", "{kind: stacked, data: d, kpi: offered}", &["CB503 2:23 the data block `d` is by day"]);
    check(
        "day",
        "service_level",
        "{kind: bullet, data: d, kpi: service_level}",
        &["CB503 2:22 the data block `d` is by day"],
    );
    check("queue", "offered", "{kind: pie, data: d, kpi: offered}", &["CB503 2:8 the `chart` block cannot be read"]);
}

#[test]
fn tables_and_tiles_with_mistakes() {
    let check = |kind: &str, spec: &str, expected: &str| {
        let template = fenced(kind, spec);
        let mut case = one(&template, data("by_queue", "queue", "offered service_level", None, None), &[], &[]);
        case.report.compare = Compare::Nothing;
        let found = shown(&build(&case.request()).expect_err("the block is wrong"));
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].starts_with(expected), "{}\nexpected {expected}", found[0]);
    };
    check("table", "{data: by_queue, bars: [ofered]}", "CB203 2:25 no KPI is called `ofered` did you mean `offered`?");
    check(
        "table",
        "{data: by_queue, columns: [offered], bars: [service_level]}",
        "CB503 2:45 `service_level` is not among the table's `columns:`",
    );
    check("table", "{data: by_queue, changes: [offered]}", "CB503 2:18 the report `weekly` compares with nothing");
    check("kpis", "{kpis: [offered], course: by_queue}", "CB503 2:27 the data block `by_queue` is no course");
    check("kpis", "{kpis: [offered], course: by_dya}", "CB207 2:27 the report `weekly` has no data block `by_dya`");
}
