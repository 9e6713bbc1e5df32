//! Texts that a spreadsheet would take for a formula. Names of queues and agents come from a database that others write
//! to, and `=HYPERLINK(…)` as a name must stay a name.

/// What a formula begins with, also as full-width characters, which some spreadsheets accept.
const BEGINNINGS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet may take this text for a formula. The minus of our own figures, U+2212, begins none.
pub(super) fn may_be_formula(text: &str) -> bool {
    // Spreadsheets that trim a cell look at what stands behind the blanks.
    text.trim_start().starts_with(BEGINNINGS) || text.starts_with(['\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_known_by_their_beginning() {
        for text in ["=1+1", "+7 495 000-00-00", "-1", "@SUM(A1)", "\t=1", " =1", "\rx", "＝1"] {
            assert!(may_be_formula(text), "{text:?}");
        }
        for text in ["", "Sales", "a=b", "\u{2212}1.5", "'=1", "1-2"] {
            assert!(!may_be_formula(text), "{text:?}");
        }
    }
}
