//! Names of sheets: what Excel allows, each once.

use std::collections::BTreeSet;

use super::super::clean::{MOST_IN_CELL, clean};

/// The longest name of a sheet, in UTF-16 units.
const LONGEST: usize = 31;
/// Characters that stand in no name: they have a meaning where formulas name a sheet.
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

/// The names that are taken; Excel does not tell upper from lower case.
#[derive(Debug, Default)]
pub(super) struct SheetNames {
    taken: BTreeSet<String>,
}

impl SheetNames {
    /// A name as near to the wanted one as can be.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let cleaned: String = clean(wanted, MOST_IN_CELL)
            .chars()
            .map(|character| if FORBIDDEN.contains(&character) { ' ' } else { character })
            .collect();
        let words: Vec<&str> = cleaned.split_whitespace().collect();
        let base = words.join(" ");
        let base = match trimmed(&base) {
            "" => "1",
            base => base,
        };
        let mut name = shortened(base, LONGEST);
        let mut number = 2;
        // Excel keeps "History" for itself.
        while name.eq_ignore_ascii_case("history") || !self.taken.insert(name.to_lowercase()) {
            let suffix = format!(" ({number})");
            name = format!("{}{suffix}", shortened(base, LONGEST - suffix.len()));
            number += 1;
        }
        name
    }
}

/// Without the apostrophes that no name begins or ends with.
fn trimmed(name: &str) -> &str {
    name.trim_matches(|character: char| character == '\'' || character.is_whitespace())
}

/// At most so many UTF-16 units, with "…" where something was cut.
fn shortened(name: &str, most: usize) -> String {
    if name.encode_utf16().count() <= most {
        return name.to_owned();
    }
    let mut room = most - 1;
    let fits = |character: &char| {
        let left = room.checked_sub(character.len_utf16());
        room = left.unwrap_or(0);
        left.is_some()
    };
    let kept: String = name.chars().take_while(fits).collect();
    format!("{}…", trimmed(&kept))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_xlsxwriter::utility::check_sheet_name;

    use super::*;

    fn check(wanted: &[&str], expected: &[&str]) {
        let mut names = SheetNames::default();
        let taken: Vec<String> = wanted.iter().map(|name| names.take(name)).collect();
        assert_eq!(taken, expected);
    }

    #[test]
    fn names_are_legal_and_taken_once() {
        check(&["Queues", "queues", "QUEUES"], &["Queues", "queues (2)", "QUEUES (3)"]);
        check(&["A/B [1]: *?", "'quoted'", "", "'"], &["A B 1", "quoted", "1", "1 (2)"]);
        check(&["History"], &["History (2)"]);
        check(
            &["Операторы по числу принятых звонков", "Операторы по числу принятых звонков за неделю"],
            &["Операторы по числу принятых зв…", "Операторы по числу приняты… (2)"],
        );
    }

    proptest! {
        #[test]
        fn every_text_gives_a_name_excel_takes(texts in prop::collection::vec(".{0,60}", 1..6)) {
            let mut names = SheetNames::default();
            for text in texts.iter().chain(&texts) {
                let name = names.take(text);
                prop_assert!(check_sheet_name(&name).is_ok(), "{name:?}");
            }
            prop_assert_eq!(names.taken.len(), 2 * texts.len());
        }
    }
}
