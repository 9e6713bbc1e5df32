//! Single values of what a rule test expects: numbers with their decimals, words of states, severities; and the columns
//! of the rows they stand in.

use super::definition::{AlertSeverity, ExpectedValue, Unit};
use super::read_rows::Row;
use super::values;
use super::wording::{list, quoted};
use super::yaml::Node;
use crate::diagnostics::{Code, Diagnostic, Spanned};

/// The mistakes of a test, as they are found.
pub(super) type Mistakes = Vec<Diagnostic>;

/// The state of an alert whose condition does not hold.
pub(super) const INACTIVE: &str = "inactive";
/// The words of a state: a phase, then the trouble with the data.
const PHASES: [&str; 4] = [INACTIVE, "pending", "firing", "recovering"];
const TROUBLES: [&str; 3] = ["no_data", "too_few", "error"];

/// The words of a state, in one form; what is no state is told.
pub(super) fn state_words(node: &Node, mistakes: &mut Mistakes) -> Option<String> {
    let written = values::text(node).map(|text| text.value).unwrap_or_default();
    let words: Vec<&str> = written.split(',').map(str::trim).collect();
    match words.as_slice() {
        [phase] if PHASES.contains(phase) => Some((*phase).to_owned()),
        [phase, trouble] if PHASES.contains(phase) && TROUBLES.contains(trouble) => Some(format!("{phase}, {trouble}")),
        _ => {
            let message = format!("an alert cannot be {}", quoted(&written));
            mistakes.push(
                Diagnostic::error(Code::BadValue, node.span.clone(), message)
                    .did_you_mean(words.first().copied().unwrap_or_default(), PHASES)
                    .hint(format!(
                        "it is one of {}; where the data are missing, such as `firing, no_data`, also {}",
                        list(PHASES),
                        list(TROUBLES)
                    )),
            );
            None
        }
    }
}

/// A row's value in a column.
pub(super) fn cell<'a>(row: &'a Row, column: &str) -> Option<&'a Node> {
    row.cells.iter().find(|cell| cell.key.value == column).map(|cell| &cell.value)
}

/// The same, where a row must have one.
pub(super) fn required<'a>(row: &'a Row, column: &str, mistakes: &mut Mistakes) -> Option<&'a Node> {
    let found = cell(row, column);
    if found.is_none() {
        let message = format!("the row lacks `{column}`");
        mistakes.push(Diagnostic::error(Code::MissingKey, row.place.clone(), message));
    }
    found
}

/// Tells that a column is none.
pub(super) fn unknown_column<'a>(
    column: &Spanned<String>,
    known: impl Iterator<Item = &'a str>,
    hint: &str,
    mistakes: &mut Mistakes,
) {
    // A table names its columns once, however many rows it has.
    if !mistakes.iter().any(|told| told.code == Code::UnknownColumn && told.span.as_ref() == Some(&column.span)) {
        let message = format!("there is nothing called {} to expect", quoted(&column.value));
        let diagnostic = Diagnostic::error(Code::UnknownColumn, column.span.clone(), message);
        mistakes.push(diagnostic.did_you_mean(&column.value, known).hint(hint));
    }
}

/// The severity of this name.
pub(super) fn severity(node: &Node, mistakes: &mut Mistakes) -> Option<AlertSeverity> {
    match node.scalar().map(|scalar| scalar.text.as_str()) {
        Some("warning") => Some(AlertSeverity::Warning),
        Some("critical") => Some(AlertSeverity::Critical),
        _ => {
            let diagnostic = Diagnostic::error(Code::BadValue, node.span.clone(), "there is no such severity");
            mistakes.push(diagnostic.hint("it is one of `warning`, `critical`"));
            None
        }
    }
}

/// A number with as many decimals as it is written with, `no data`, `failed`; a length of time also as `1:30`.
pub(super) fn expected_value(text: &str, unit: Option<Unit>) -> Option<ExpectedValue> {
    let text = text.trim();
    match text {
        "no data" => return Some(ExpectedValue::NoData),
        "failed" => return Some(ExpectedValue::Failed),
        _ => {}
    }
    if unit == Some(Unit::Duration) && text.contains(':') {
        let parts = text.split(':').map(|part| part.parse::<u32>().ok()).collect::<Option<Vec<_>>>()?;
        let seconds = parts.iter().fold(0.0, |seconds, part| seconds * 60.0 + f64::from(*part));
        return Some(ExpectedValue::Number { value: seconds, decimals: 0 });
    }
    let text = if unit == Some(Unit::Percent) { text.trim_end_matches(['%', ' ']) } else { text };
    let value = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    let digits = text.rsplit_once('.').map_or("", |(_, digits)| digits);
    let decimals = digits.bytes().take_while(u8::is_ascii_digit).count().min(9);
    Some(ExpectedValue::Number { value, decimals })
}
