//! What readers must know before they read a number, as far as the run knows it: whose rows the report is made of, and
//! data that were not there yet. What the numbers themselves tell is in `footnotes`.

use chrono::{DateTime, Utc};

use super::build::BuildRequest;
use super::escape::label;
use crate::locale::{format_instant, text};
use crate::workspace::Scope;

/// Of a scope so many values are named.
const MOST_VALUES: usize = 12;
/// The longest value that is shown whole.
const LONGEST_VALUE: usize = 80;

/// A note at the top of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It is made of the rows of a scope only.
    Limited(Scope),
    /// The data were not complete when it had to go out.
    Incomplete {
        /// The dataset.
        dataset: String,
        /// The newest row of the period; none when there is none.
        newest: Option<DateTime<Utc>>,
    },
}

/// The notices in words.
pub(super) fn notes(request: &BuildRequest<'_>) -> Vec<String> {
    let language = request.language;
    let note = |notice: &Notice| match notice {
        Notice::Limited(scope) => text(language, "notice-limited", &[("scope", scope_text(request, scope).into())]),
        Notice::Incomplete { dataset, newest: Some(newest) } => {
            let instant = format_instant(*newest, request.period.zone, language);
            text(language, "notice-incomplete", &[("dataset", dataset.as_str().into()), ("instant", instant.into())])
        }
        Notice::Incomplete { dataset, newest: None } => {
            text(language, "notice-nothing-yet", &[("dataset", dataset.as_str().into())])
        }
    };
    request.notices.iter().map(note).collect()
}

/// A scope in words: `Queue: Sales, Support`; where several dimensions play together, each combination.
fn scope_text(request: &BuildRequest<'_>, scope: &Scope) -> String {
    let title = |dimension: &str| {
        let datasets = request.catalog.datasets.values();
        let title = datasets.filter_map(|dataset| dataset.columns.get(dimension)?.title.get(request.language)).next();
        title.unwrap_or(dimension).to_owned()
    };
    let dimensions = scope.dimensions();
    let (mut parts, separator): (Vec<String>, _) = match dimensions.first() {
        Some(only) if dimensions.len() == 1 => {
            let values = scope.alternatives().filter_map(|alternative| alternative.get(*only));
            let mut values: Vec<String> = values.map(|value| label(value, LONGEST_VALUE)).collect();
            if let Some(first) = values.first_mut() {
                *first = format!("{}: {first}", title(only));
            }
            (values, ", ")
        }
        _ => {
            let part = |(dimension, value): (&String, &String)| {
                format!("{}: {}", title(dimension), label(value, LONGEST_VALUE))
            };
            let alternative = |alternative: &std::collections::BTreeMap<String, String>| {
                alternative.iter().map(part).collect::<Vec<_>>().join(", ")
            };
            (scope.alternatives().map(alternative).collect(), "; ")
        }
    };
    if parts.len() > MOST_VALUES {
        parts.truncate(MOST_VALUES);
        parts.push("…".to_owned());
    }
    parts.join(separator)
}
