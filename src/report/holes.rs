//! Holes in the data, which are too important for small print: datasets without rows, data that ends before the period
//! does, hours without rows that had many in the period it is compared with.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc, Weekday};

use super::build::BuildRequest;
use super::document::{Block, Inline, Marker};
use super::figure::title;
use super::questions::HOURS;
use crate::kpi::{GroupedResult, KeyPart, Snapshot};
use crate::locale::{format_date, format_instant, text};
use crate::time::{Bucket, BucketStart, local_time};

/// Hours without rows are a hole when so many calls could be expected in them: none at all then comes by chance once in
/// a hundred thousand times.
const EXPECTED: f64 = 12.0;
/// So many holes of a dataset are named; when there are more, their number is.
const MOST_NAMED: usize = 4;

/// What readers must know before they read a number.
pub(super) fn holes(request: &BuildRequest<'_>) -> Vec<String> {
    let language = request.language;
    let freshness = &request.current.freshness;
    if !freshness.is_empty() && freshness.values().all(|freshness| freshness.rows == 0) {
        return vec![text(language, "period-empty", &[])];
    }
    let mut holes = Vec::new();
    for (dataset, known) in freshness {
        match known.newest {
            None => holes.push(text(language, "footnote-no-rows", &[("dataset", dataset.as_str().into())])),
            Some(newest) => {
                let early = ends_early(request, dataset, newest);
                if early {
                    let instant = format_instant(newest, request.period.zone, language);
                    let variables = [("dataset", dataset.as_str().into()), ("instant", instant.into())];
                    holes.push(text(language, "data-ends-early", &variables));
                }
                let gaps = gaps(request, dataset);
                let inside: Vec<&Gap> = gaps.iter().filter(|gap| !early || gap.to <= newest).collect();
                holes.extend(inside.iter().take(MOST_NAMED).map(|gap| gap.text(request, dataset)));
                if let Some(more) = inside.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
                    let variables = [("dataset", dataset.as_str().into()), ("count", more.into())];
                    holes.push(text(language, "hole-more", &variables));
                }
            }
        }
    }
    holes
}

/// The holes and the failed KPIs as content, for templates that have a place for them; says so when there are none.
pub(super) fn data_notes(request: &BuildRequest<'_>) -> Vec<Block> {
    let mut notes = holes(request);
    for definition in request.total_kpis() {
        if let Some(reason) = request.total(definition).failure() {
            let kpi = title(definition, request.language);
            notes.push(text(request.language, "kpi-failed", &[("kpi", kpi.into()), ("reason", reason.into())]));
        }
    }
    if notes.is_empty() {
        return vec![Block::Paragraph(vec![Inline::Text(text(request.language, "data-complete", &[]))])];
    }
    let items = notes.into_iter().map(|note| vec![Inline::Text(note)]).collect();
    vec![Block::List { marker: Marker::Bullet, items }]
}

/// Whether a dataset's last day or more is missing. A centre that is closed on Sundays ends early every week, so the
/// end is compared with the other period's; without one there is nothing to judge by.
fn ends_early(request: &BuildRequest<'_>, dataset: &str, newest: DateTime<Utc>) -> bool {
    let gap = |snapshot: &Snapshot, newest: DateTime<Utc>| snapshot.window.to.min(request.run_at) - newest;
    let usual = request.previous.and_then(|previous| {
        let newest = previous.freshness.get(dataset)?.newest?;
        Some(gap(previous, newest))
    });
    usual.is_some_and(|usual| gap(request.current, newest) > usual.max(TimeDelta::zero()) + TimeDelta::days(1))
}

/// Hours on end without rows.
struct Gap {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    /// What could be expected in them.
    expected: f64,
}

/// The stretches of a dataset without rows although the same hours of the same weekdays had some in the other period.
fn gaps(request: &BuildRequest<'_>, dataset: &str) -> Vec<Gap> {
    let of_dataset = |result: &&GroupedResult| {
        let counted = result.kpis.first().and_then(|id| request.catalog.kpis.get(id)?.dataset.as_ref());
        result.by == [HOURS] && result.kpis.len() == 1 && counted.is_some_and(|counted| counted.value == dataset)
    };
    let hours = |snapshot: &'_ Snapshot| snapshot.results.iter().find(of_dataset).cloned();
    let (Some(now), Some(before)) = (hours(request.current), request.previous.and_then(hours)) else {
        return Vec::new();
    };
    let usual = Usual::of(&before, request);
    let zone = request.period.zone;
    let mut gaps: Vec<Gap> = Vec::new();
    let mut open: Option<Gap> = None;
    for start in Bucket::Hour.starts(request.period.window, zone) {
        let BucketStart::Hour(hour) = start else { continue };
        let over = hour + TimeDelta::hours(1);
        if over > request.run_at {
            break;
        }
        if now.groups.contains_key([KeyPart::Hour(hour)].as_slice()) {
            gaps.extend(open.take());
            continue;
        }
        let expected = usual.at(hour, request);
        // The night after a hole is not part of it.
        match (&mut open, expected > 0.0) {
            (None, true) => open = Some(Gap { from: hour, to: over, expected }),
            (Some(gap), true) => (gap.to, gap.expected) = (over, gap.expected + expected),
            (_, false) => {}
        }
    }
    gaps.extend(open);
    gaps.retain(|gap| gap.expected >= EXPECTED);
    gaps
}

/// The least calls of each hour of each weekday in the period it is compared with.
struct Usual(BTreeMap<(u32, u32), f64>);

impl Usual {
    fn of(before: &GroupedResult, request: &BuildRequest<'_>) -> Self {
        let mut least: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        let zone = request.period.zone;
        for start in Bucket::Hour.starts(request.compared_period().window, zone) {
            let BucketStart::Hour(hour) = start else { continue };
            let readings = before.groups.get([KeyPart::Hour(hour)].as_slice());
            let calls = readings.and_then(|readings| readings.first()?.number()).unwrap_or(0.0);
            least.entry(place(hour, request)).and_modify(|known| *known = known.min(calls)).or_insert(calls);
        }
        Self(least)
    }

    fn at(&self, hour: DateTime<Utc>, request: &BuildRequest<'_>) -> f64 {
        self.0.get(&place(hour, request)).copied().unwrap_or(0.0)
    }
}

/// An hour's weekday and hour of the day.
fn place(hour: DateTime<Utc>, request: &BuildRequest<'_>) -> (u32, u32) {
    let local = local_time(hour, request.period.zone);
    let weekday: Weekday = local.date().weekday();
    (weekday.number_from_monday(), local.hour())
}

impl Gap {
    fn text(&self, request: &BuildRequest<'_>, dataset: &str) -> String {
        let language = request.language;
        let [from, to] = [self.from, self.to].map(|instant| local_time(instant, request.period.zone));
        let moment = |local: chrono::NaiveDateTime| {
            format!("{}, {}", format_date(local.date(), language), local.format("%H:%M"))
        };
        let stretch = if from.date() == to.date() {
            format!("{}–{}", moment(from), to.format("%H:%M"))
        } else {
            format!("{} – {}", moment(from), moment(to))
        };
        let expected = crate::locale::format_number(self.expected, 0, language);
        text(
            language,
            "hole",
            &[("dataset", dataset.into()), ("stretch", stretch.into()), ("expected", expected.into())],
        )
    }
}
