//! What a column is, judged by its first cells: the most particular kind that all of them fit.

use super::cell::{CellKind, Reading, read};

/// What is known of a column so far.
#[derive(Clone, Debug)]
pub(super) struct Guess {
    possible: Vec<CellKind>,
    seen: bool,
}

impl Guess {
    /// Nothing seen, everything possible.
    pub(super) fn new() -> Self {
        // A number of seconds is a duration only when the user says so.
        Self { possible: CellKind::ALL.to_vec(), seen: false }
    }

    /// Rules out what a cell is not; empty cells tell nothing.
    pub(super) fn observe(&mut self, text: &str, reading: Reading) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.seen = true;
        // The zone is left out: a time that does not exist in it is a mistake in a row and no sign of another kind.
        let reading = Reading { zone: None, ..reading };
        let has_colon = text.contains(':');
        self.possible.retain(|kind| match kind {
            // A time of day is a duration at first sight; which of both it is, `pairs` decides.
            CellKind::Time => false,
            CellKind::Duration => has_colon && read(*kind, text, reading).is_ok(),
            CellKind::Text => true,
            _ => read(*kind, text, reading).is_ok(),
        });
    }

    /// Whether any cell had something in it.
    pub(super) fn has_seen_something(&self) -> bool {
        self.seen
    }

    /// The most particular kind that is still possible; text for a column that is always empty.
    pub(super) fn decide(&self) -> CellKind {
        if self.seen { self.possible.first().copied().unwrap_or(CellKind::Text) } else { CellKind::Text }
    }
}

/// The column that holds the time of day belonging to this column of dates, by their names: `date` and `time`,
/// `call_date` and `call_time`, `data` and `vremya`.
pub(super) fn time_for_date<'a>(date: &str, columns: impl IntoIterator<Item = &'a str>) -> Option<usize> {
    const PAIRS: [(&str, &str); 2] = [("date", "time"), ("data", "vremya")];
    let wanted: Vec<String> = PAIRS
        .into_iter()
        .filter(|(date_word, _)| date.split('_').any(|word| word == *date_word))
        .map(|(date_word, time_word)| {
            let words: Vec<&str> =
                date.split('_').map(|word| if word == date_word { time_word } else { word }).collect();
            words.join("_")
        })
        .collect();
    columns.into_iter().position(|name| wanted.iter().any(|wanted| wanted == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_particular_kind_that_fits() {
        let cases: [(&[&str], CellKind); 13] = [
            (&["1", "0", ""], CellKind::Integer),
            (&["1", "2.5"], CellKind::Number),
            (&["Y", "n"], CellKind::Bool),
            (&["да", "нет", "да"], CellKind::Bool),
            (&["00:02:23", "1:05"], CellKind::Duration),
            (&["2026-11-23", "24.11.2026"], CellKind::Date),
            (&["2026-11-23 09:00", "2026-11-23T09:00:01"], CellKind::DateTime),
            (&["2026-11-23T09:00:00Z", "2026-11-23T09:00:00+03:00"], CellKind::Instant),
            (&["2026-11-23T09:00:00Z", "2026-11-23 09:00"], CellKind::Text),
            (&["007", "12"], CellKind::Text),
            (&["1", "x"], CellKind::Text),
            (&["", " "], CellKind::Text),
            (&["00:02:23", "15"], CellKind::Text),
        ];
        for (cells, expected) in cases {
            let mut guess = Guess::new();
            for cell in cells {
                guess.observe(cell, Reading { decimal_comma: false, zone: None });
            }
            assert_eq!(guess.decide(), expected, "{cells:?}");
        }
    }

    #[test]
    fn dates_find_their_times() {
        let columns = ["id", "time", "call_date", "call_time", "vremya_zvonka"];
        let cases = [("date", Some(1)), ("call_date", Some(3)), ("data_zvonka", Some(4)), ("birthday", None)];
        for (date, expected) in cases {
            assert_eq!(time_for_date(date, columns), expected, "{date}");
        }
    }
}
