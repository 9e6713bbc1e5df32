//! The headline's sentences. Which of them are said is decided in `headline`.

use super::build::BuildRequest;
use super::document::{Status, Trend};
use super::figure::{Figure, title};
use super::headline::{News, Place};
use super::keys::{grouping_title, key_text};
use super::rows::groupings;
use crate::locale::{FluentValue, Language, format_percent, text};
use crate::time::PeriodKind;
use crate::workspace::{Compare, Direction};

/// A missed target, how it changed, and where it is worst.
pub(super) fn missed(request: &BuildRequest<'_>, news: &News<'_>, place: Option<&Place<'_>>) -> String {
    let figure = &news.figure;
    let key = match (news.moved(), news.met_before(), figure.definition.better) {
        (Some(Status::Bad), true, Direction::Lower) => "headline-rose",
        (Some(Status::Bad), true, _) => "headline-fell",
        (Some(Status::Bad), false, _) => "headline-worse",
        (Some(Status::Good), ..) => "headline-better",
        _ if figure.previous.is_some() => "headline-same",
        _ => "headline-missed",
    };
    let sentence = say(request, key, figure);
    match place {
        Some(place) => {
            let variables =
                [("place", place_text(request, place).into()), ("value", with_change(&place.figure).into())];
            format!("{sentence}{}.", text(request.language, "headline-worst", &variables))
        }
        None => format!("{sentence}."),
    }
}

/// That every target was met; with the group in which one was not.
pub(super) fn all_met(request: &BuildRequest<'_>, met: usize, exception: Option<&Place<'_>>) -> String {
    let language = request.language;
    let all = text(language, "headline-all-met", &[("all", met.into())]);
    let Some(place) = exception else { return format!("{all}.") };
    let variables = [
        ("name", inside(&title(place.figure.definition, language)).into()),
        ("place", place_text(request, place).into()),
        ("value", place.figure.text().into()),
    ];
    format!("{all}{}.", text(language, "headline-exception", &variables))
}

/// A change for the better.
pub(super) fn good_news(request: &BuildRequest<'_>, news: &News<'_>) -> String {
    say(request, "headline-good-news", &news.figure)
}

/// A change, whatever it means.
pub(super) fn moved(request: &BuildRequest<'_>, news: &News<'_>) -> String {
    let figure = &news.figure;
    let key = match (news.moved(), figure.change().map(|change| change.trend)) {
        (Some(Status::Good), _) => "headline-improved",
        (Some(Status::Bad), _) => "headline-worsened",
        (_, Some(Trend::Up)) => "headline-more",
        _ => "headline-less",
    };
    say(request, key, figure)
}

/// A value with nothing to tell of it.
pub(super) fn value(request: &BuildRequest<'_>, news: &News<'_>) -> String {
    say(request, if news.figure.previous.is_some() { "headline-unchanged" } else { "headline-value" }, &news.figure)
}

/// That there is no data.
pub(super) fn empty(language: Language) -> String {
    text(language, "period-empty", &[])
}

/// How many targets were met.
pub(super) fn targets(met: usize, all: usize, language: Language) -> String {
    text(language, "headline-targets", &[("met", met.into()), ("all", all.into())])
}

/// That so few calls say little.
pub(super) fn small_sample(calls: f64, language: Language) -> String {
    text(language, "headline-small-sample", &[("calls", calls.into())])
}

/// How many KPIs failed.
pub(super) fn failed(count: usize, language: Language) -> String {
    text(language, "headline-failed", &[("count", count.into())])
}

/// A sentence about a total. A number of calls changes by a share of itself, anything else in its own unit.
fn say(request: &BuildRequest<'_>, key: &str, figure: &Figure<'_>) -> String {
    let language = request.language;
    let change = figure.change().map(|change| change.text).unwrap_or_default();
    let share = figure.number().zip(figure.previous).filter(|(_, previous)| *previous > 0.0);
    let by = match (figure.definition.unit, share) {
        (crate::locale::Unit::Count, Some((value, previous))) => {
            format_percent(100.0 * (value - previous).abs() / previous, 0, language)
        }
        _ => change.trim_start_matches(['+', '\u{2212}']).to_owned(),
    };
    let name = title(figure.definition, language);
    let variables: [(&str, FluentValue<'_>); 9] = [
        ("name", inside(&name).into()),
        ("kpi", name.into()),
        ("unit", figure.definition.unit.name().into()),
        ("value", figure.text().into()),
        ("target", figure.target().unwrap_or_default().into()),
        ("previous", figure.previous_text().unwrap_or_default().into()),
        ("by", by.into()),
        ("change", change.into()),
        ("before", before(request).into()),
    ];
    text(language, key, &variables)
}

/// A name inside a sentence: "Service level" is written small there, "AHT" is not.
fn inside(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}

/// When it was compared with: "the week before", "неделей раньше".
fn before(request: &BuildRequest<'_>) -> String {
    let key = match (request.report.compare, request.period.kind()) {
        (Compare::PreviousYear, _) => "before-year",
        (Compare::PreviousWeek, _) => "before-same-week",
        (_, PeriodKind::Day) => "before-day",
        (_, PeriodKind::Week) => "before-week",
        (_, PeriodKind::Month) => "before-month",
        (_, PeriodKind::Quarter) => "before-quarter",
        (_, PeriodKind::Year) => "before-year",
        (_, PeriodKind::Range) => "before-period",
    };
    text(request.language, key, &[])
}

/// A group inside a sentence: "in the queue “Billing”", "в очереди «Расчёты»". Other languages decline the grouping's
/// name, so the usual ones are in the language's file, by the first word of the column's name.
fn place_text(request: &BuildRequest<'_>, place: &Place<'_>) -> String {
    let language = request.language;
    let by = groupings(place.data);
    let group = key_text(&place.row.key, &by, request.period.zone, language);
    let Some(grouping) = by.first() else { return group };
    let column = grouping.name().split('_').next().unwrap_or_default().to_owned();
    let dimension = grouping_title(grouping, place.data, request.catalog, language).to_lowercase();
    let variables = [("column", column.into()), ("dimension", dimension.into()), ("group", group.into())];
    text(language, "headline-place", &variables)
}

/// A value with its change behind it, when there is one to speak of.
fn with_change(figure: &Figure<'_>) -> String {
    let change = figure.change().filter(|change| change.trend != Trend::Flat);
    format!("{}{}", figure.text(), change.map(|change| format!(" ({})", change.text)).unwrap_or_default())
}
