//! Charts in a sentence, for those who cannot see them, and what their titles say about rows that were left out.

use super::build::BuildRequest;
use super::document::{Series, Status};
use super::figure::{Figure, title};
use super::rows::Rows;
use crate::locale::{Language, text};

/// The title with "first 20 of 37" behind it when not all are shown.
pub(super) fn with_limit(title: String, shown: usize, all: usize, language: Language) -> String {
    if shown >= all {
        return title;
    }
    let first = text(language, "first-of", &[("shown", shown.into()), ("all", all.into())]);
    format!("{title} ({first})")
}

/// Lowest, highest and total value of a column.
pub(super) fn range(request: &BuildRequest<'_>, rows: &Rows<'_>, column: usize, categories: &[String]) -> String {
    let definition = rows.kpis[column];
    let numbers = rows.rows.iter().map(|row| rows.figure(row, column).number());
    let places = numbers.zip(categories).filter_map(|(number, category)| Some((number?, category.as_str())));
    let total = request.total(definition);
    let Some(ends) = Ends::of(places) else { return no_data(&total) };
    text(
        request.language,
        "chart-range",
        &[
            ("kpi", title(definition, request.language).into()),
            ("total", total.text().into()),
            ("low", total.write(ends.low.0).into()),
            ("lowAt", ends.low.1.into()),
            ("high", total.write(ends.high.0).into()),
            ("highAt", ends.high.1.into()),
        ],
    )
}

/// How many of the judged ones reach their target; nothing when none is judged.
pub(super) fn met_targets(statuses: &[Status], language: Language) -> Option<String> {
    let judged = statuses.iter().filter(|status| **status != Status::Neutral).count();
    let met = statuses.iter().filter(|status| **status == Status::Good).count();
    (judged > 0).then(|| text(language, "chart-met", &[("met", met.into()), ("all", judged.into())]))
}

/// Where a grid is highest and lowest, and how much of it is unknown.
pub(super) fn grid_range(total: &Figure<'_>, series: &[Series], columns: &[String]) -> String {
    let language = total.language;
    let places: Vec<(f64, String)> = series
        .iter()
        .flat_map(|row| row.values.iter().zip(columns).map(move |(value, column)| (*value, row, column)))
        .filter_map(|(value, row, column)| Some((value?, format!("{}, {column}", row.name))))
        .collect();
    let Some(ends) = Ends::of(places.iter().map(|(value, place)| (*value, place.as_str()))) else {
        return no_data(total);
    };
    let mut sentence = text(
        language,
        "chart-grid",
        &[
            ("kpi", title(total.definition, language).into()),
            ("low", total.write(ends.low.0).into()),
            ("lowAt", ends.low.1.into()),
            ("high", total.write(ends.high.0).into()),
            ("highAt", ends.high.1.into()),
        ],
    );
    let all = series.len() * columns.len();
    if places.len() < all {
        let unknown = text(language, "chart-unknown", &[("count", (all - places.len()).into()), ("all", all.into())]);
        sentence.push_str("; ");
        sentence.push_str(&unknown);
    }
    sentence
}

/// What each part of a stacked chart comes to over all its bars.
pub(super) fn parts(total: &Figure<'_>, series: &[Series]) -> String {
    let language = total.language;
    let sum = |series: &Series| series.values.iter().flatten().copied().reduce(|one, other| one + other);
    let known: Vec<String> =
        series.iter().filter_map(|series| Some(format!("{} {}", series.name, total.write(sum(series)?)))).collect();
    if known.is_empty() {
        return no_data(total);
    }
    let kpi = title(total.definition, language);
    text(language, "chart-parts", &[("kpi", kpi.into()), ("parts", known.join(", ").into())])
}

fn no_data(total: &Figure<'_>) -> String {
    let kpi = title(total.definition, total.language);
    text(total.language, "chart-empty", &[("kpi", kpi.into())])
}

/// The least and the greatest of some values with where they are; the first ones of those that are alike.
struct Ends<'a> {
    low: (f64, &'a str),
    high: (f64, &'a str),
}

impl<'a> Ends<'a> {
    fn of(places: impl Iterator<Item = (f64, &'a str)>) -> Option<Self> {
        places.fold(None, |ends: Option<Self>, place| {
            let Some(ends) = ends else { return Some(Self { low: place, high: place }) };
            Some(Self {
                low: if place.0 < ends.low.0 { place } else { ends.low },
                high: if place.0 > ends.high.0 { place } else { ends.high },
            })
        })
    }
}
