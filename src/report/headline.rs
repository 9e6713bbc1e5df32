//! What matters first: which target was missed or reached, how that changed, where it is worst, and what else is news.
//! Computed from the snapshots, so that it can never contradict the tables; what chance explains is no news. The
//! sentences are in `headline_words`.

use super::build::BuildRequest;
use super::document::{Headline, Inline, Status, Trend};
use super::evidence::{Measure, calls_behind, calls_of, differs, may_be_chance, too_few, worse_by};
use super::figure::Figure;
use super::headline_words as words;
use super::rows::{Row, Rows, rows};
use super::status::status;
use crate::locale::Unit;
use crate::workspace::{DataDefinition, Direction, Grouping, KpiDefinition};

/// The headline; it always says something, also that there is no data. Only a report without any KPI has none.
pub(super) fn headline(request: &BuildRequest<'_>) -> Option<Headline> {
    // Only what the reader sees beside it: a target met in some column of a table is not counted.
    let shown = request.template.kpis_mentioned(request.catalog);
    let is_shown = |kpi: &&KpiDefinition| shown.is_empty() || shown.contains(&kpi.id.value);
    let mut news: Vec<News<'_>> =
        request.total_kpis().into_iter().filter(is_shown).map(|kpi| News::of(request, kpi)).collect();
    // What the template's author names first matters most to the readers.
    news.sort_by_key(|news| request.template.first_mention(&news.figure.definition.id.value));
    if news.is_empty() {
        return None;
    }
    let (sentences, status, doubt) = finding(request, &news);
    let judged = news.iter().filter(|news| news.status() != Status::Neutral).count();
    let met = news.iter().filter(|news| news.status() == Status::Good).count();
    let failed = news.iter().filter(|news| news.figure.failure().is_some()).count();
    let mut remarks = Vec::new();
    if met < judged && judged > 1 {
        remarks.push(words::targets(met, judged, request.language));
    }
    remarks.extend(doubt.map(|calls| words::small_sample(calls, request.language)));
    if failed > 0 {
        remarks.push(words::failed(failed, request.language));
    }
    let remark = (!remarks.is_empty()).then(|| remarks.join(" "));
    Some(Headline { text: vec![Inline::Text(sentences.join(" "))], status, remark })
}

/// The headline and its remark as one text, for templates and for the line beside a mail's subject.
pub(super) fn headline_text(request: &BuildRequest<'_>) -> String {
    let Some(headline) = headline(request) else { return String::new() };
    let text = super::document::plain_text(&headline.text);
    match headline.remark {
        Some(remark) => format!("{text} {remark}"),
        None => text,
    }
}

/// A KPI's total and what is known about it.
pub(super) struct News<'a> {
    /// The total.
    pub(super) figure: Figure<'a>,
    /// The calls behind it.
    calls: Option<f64>,
    /// Those behind the other period's.
    calls_before: Option<f64>,
}

impl<'a> News<'a> {
    fn of(request: &BuildRequest<'a>, definition: &'a KpiDefinition) -> Self {
        Self {
            figure: request.total(definition),
            calls: calls_behind(request, request.current, definition),
            calls_before: request.previous.and_then(|previous| calls_behind(request, previous, definition)),
        }
    }

    fn status(&self) -> Status {
        self.figure.status()
    }

    fn measure(&self) -> Option<Measure> {
        Some(Measure { value: self.figure.number()?, calls: self.calls })
    }

    /// Which way it went, if it went by more than chance and readers can see it.
    pub(super) fn moved(&self) -> Option<Status> {
        let change = self.figure.change().filter(|change| change.trend != Trend::Flat)?;
        let before = Measure { value: self.figure.previous?, calls: self.calls_before };
        differs(self.figure.definition, self.measure()?, before).then_some(change.status)
    }

    /// Whether the target was met in the other period.
    pub(super) fn met_before(&self) -> bool {
        status(self.figure.definition, self.figure.previous) == Status::Good
    }

    /// How much of a news a missed target is: beyond its warning value or missed for the first time counts most, then
    /// that it got worse.
    fn urgency(&self) -> u32 {
        let beyond = if self.status() == Status::Bad { 2 } else { 0 };
        let worse = match self.moved() {
            Some(Status::Bad) if self.met_before() => 3,
            Some(Status::Bad) => 1,
            _ => 0,
        };
        beyond + worse
    }

    fn relative_change(&self) -> f64 {
        self.figure.number().zip(self.figure.previous).map_or(0.0, |(value, previous)| relative(value, previous))
    }

    /// The calls behind it when they are so few that chance explains a missed target.
    fn doubt(&self) -> Option<f64> {
        let (measure, target) = (self.measure()?, self.figure.definition.target?);
        measure.calls.filter(|_| may_be_chance(self.figure.definition, measure, target))
    }
}

/// One or two sentences, whether they are good news, and the calls behind them when these are too few.
fn finding(request: &BuildRequest<'_>, news: &[News<'_>]) -> (Vec<String>, Status, Option<f64>) {
    let known = news.iter().any(|news| news.figure.number().is_some_and(|number| number != 0.0));
    if !known && news.iter().all(|news| news.figure.failure().is_none()) {
        return (vec![words::empty(request.language)], Status::Neutral, None);
    }
    let missed = news.iter().filter(|news| matches!(news.status(), Status::Bad | Status::Near));
    // A target that chance may have missed is told only when no other one is missed. Of those that matter alike, the
    // one the template names first.
    let worst = missed.rev().max_by_key(|news| (news.doubt().is_none(), news.urgency()));
    if let Some(worst) = worst {
        let place = weakest(request, worst.figure.definition).filter(|place| place.beside_others);
        let mut sentences = vec![words::missed(request, worst, place.as_ref())];
        sentences.extend(second(request, news, worst));
        return (sentences, worst.status(), worst.doubt());
    }
    let met = news.iter().filter(|news| news.status() == Status::Good).count();
    if met > 0 {
        let exception = news
            .iter()
            .filter(|news| news.status() == Status::Good)
            .filter_map(|news| {
                weakest(request, news.figure.definition).filter(|place| place.figure.status() == Status::Bad)
            })
            .max_by(|left, right| left.gap.total_cmp(&right.gap));
        let mut sentences = vec![words::all_met(request, met, exception.as_ref())];
        sentences.extend(biggest_move(news).map(|moved| words::moved(request, moved)));
        return (sentences, if exception.is_some() { Status::Near } else { Status::Good }, None);
    }
    match biggest_move(news) {
        Some(moved) => (vec![words::moved(request, moved)], moved.moved().unwrap_or_default(), None),
        None => {
            let first = news.iter().find(|news| news.figure.number().is_some());
            (first.map(|first| words::value(request, first)).into_iter().collect(), Status::Neutral, None)
        }
    }
}

/// What goes with a missed target: good news, else that there were many more or many fewer calls.
fn second(request: &BuildRequest<'_>, news: &[News<'_>], first: &News<'_>) -> Option<String> {
    let others = || news.iter().filter(|news| news.figure.definition.id != first.figure.definition.id);
    let good = others().filter(|news| news.moved() == Some(Status::Good) && news.status() != Status::Bad);
    let best = good.max_by(|left, right| left.relative_change().total_cmp(&right.relative_change()));
    if let Some(best) = best {
        return Some(words::good_news(request, best));
    }
    // Only what came in: fewer answered calls are what the first sentence is about.
    let volume = others().find(|news| news.figure.definition.unit == Unit::Count)?;
    volume.moved().map(|_| words::moved(request, volume))
}

fn biggest_move<'a, 'b>(news: &'b [News<'a>]) -> Option<&'b News<'a>> {
    let moved = news.iter().filter(|news| news.moved().is_some());
    moved.max_by(|left, right| {
        let judged = |news: &News<'_>| news.figure.definition.better != Direction::Neither;
        judged(left).cmp(&judged(right)).then(left.relative_change().total_cmp(&right.relative_change()))
    })
}

/// The distance as a part of what it is measured from; at most 10, so that a start from nearly nothing does not win.
fn relative(value: f64, from: f64) -> f64 {
    ((value - from).abs() / from.abs().max(1e-9)).min(10.0)
}

/// The group a KPI is worst in.
pub(super) struct Place<'a> {
    /// The data block it was found in.
    pub(super) data: &'a DataDefinition,
    /// The group.
    pub(super) row: Row<'a>,
    /// Its figure.
    pub(super) figure: Figure<'a>,
    /// Whether there are other groups it can be compared with.
    beside_others: bool,
    /// How far it is beyond its target, relative.
    gap: f64,
}

/// The group a KPI is worst in, by the first data block that has the KPI by one dimension; groups with few calls, and those
/// that miss the target by chance, are left out. None when every group reaches the target.
fn weakest<'a>(request: &BuildRequest<'a>, definition: &KpiDefinition) -> Option<Place<'a>> {
    let by_dimension = |data: &&DataDefinition| {
        matches!(data.by.as_slice(), [by] if matches!(by.value, Grouping::Dimension(_)))
            && data.kpis.iter().any(|kpi| kpi.value == definition.id.value)
    };
    let data = request.report.data.values().find(by_dimension)?;
    let rows: Rows<'a> = rows(request, data);
    let column = rows.column(&definition.id.value)?;
    let target = definition.target?;
    let with_numbers = |row: &&Row<'a>| !too_few(&rows, row) && rows.figure(row, column).number().is_some();
    let beside_others = rows.rows.iter().filter(with_numbers).count() > 1;
    let number = |row: &Row<'a>| rows.figure(row, column).number().unwrap_or_default();
    let certain = |row: &&Row<'a>| {
        let measure = Measure { value: number(row), calls: calls_of(&rows, row) };
        !may_be_chance(definition, measure, target)
    };
    let missed = |row: &&Row<'a>| matches!(rows.figure(row, column).status(), Status::Bad | Status::Near);
    let by_badness = |left: &&Row<'a>, right: &&Row<'a>| {
        let badness = |row: &Row<'a>| worse_by(definition.better, number(row), target);
        badness(left).total_cmp(&badness(right))
    };
    let candidates = rows.rows.iter().filter(with_numbers).filter(certain).filter(missed);
    let row = candidates.max_by(by_badness)?.clone();
    let figure = rows.figure(&row, column);
    Some(Place { data, figure, beside_others, gap: relative(number(&row), target), row })
}
