//! The small print of every report, whatever its template says: period and zone, freshness, failures, rules.

use super::build::BuildRequest;
use super::document::Block;
use super::figure::title;
use crate::kpi::Freshness;
use crate::locale::{format_instant, format_period, text};

/// How many digits of the rules' hash are printed: enough to name one state among all that ever were.
const HASH_DIGITS: usize = 12;

/// The small print, each a line. What the content says of the data is not said again.
pub(super) fn footnotes(request: &BuildRequest<'_>, content: &[Block]) -> Vec<String> {
    let (language, period) = (request.language, request.period);
    let mut notes = vec![text(
        language,
        "footnote-period",
        &[("period", format_period(period, language).into()), ("zone", period.zone.name().into())],
    )];
    if request.previous.is_some() {
        let previous = format_period(&request.compared_period(), language);
        notes.push(text(language, "footnote-compared", &[("period", previous.into())]));
    }
    if !content.iter().any(|block| matches!(block, Block::Explained(_))) {
        notes.extend(freshness(request));
    }
    for definition in request.total_kpis() {
        if let Some(reason) = request.total(definition).failure() {
            let kpi = title(definition, language);
            notes.push(text(language, "kpi-failed", &[("kpi", kpi.into()), ("reason", reason.into())]));
        }
    }
    let hash: String = request.catalog.rules_hash.chars().take(HASH_DIGITS).collect();
    notes.push(text(
        language,
        "footnote-made",
        &[("instant", format_instant(request.run_at, period.zone, language).into()), ("hash", hash.into())],
    ));
    notes
}

/// The rows and the newest row of each dataset in words.
pub(super) fn freshness(request: &BuildRequest<'_>) -> impl Iterator<Item = String> {
    request.current.freshness.iter().map(|(dataset, freshness)| dataset_freshness(request, dataset, *freshness))
}

/// A dataset's rows and newest row in words.
pub(super) fn dataset_freshness(request: &BuildRequest<'_>, dataset: &str, freshness: Freshness) -> String {
    let language = request.language;
    match freshness.newest {
        Some(newest) => text(
            language,
            "footnote-data",
            &[
                ("dataset", dataset.into()),
                ("rows", freshness.rows.into()),
                ("instant", format_instant(newest, request.period.zone, language).into()),
            ],
        ),
        None => text(language, "footnote-no-rows", &[("dataset", dataset.into())]),
    }
}
