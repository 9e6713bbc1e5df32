//! What came of a test, as lines that were expected and lines that came.

use similar::TextDiff;

use crate::diagnostics::{Span, Spanned};

/// Lines of agreement around a difference.
const CONTEXT: usize = 3;

/// What came of a test.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The test's name, at its place.
    pub name: Spanned<String>,
    /// What came otherwise than expected; nothing when the test passed.
    pub differences: Vec<Difference>,
}

/// Something that came otherwise than expected.
#[derive(Clone, Debug)]
pub struct Difference {
    /// What it is about, in words.
    pub about: String,
    /// Where the expectation stands.
    pub place: Span,
    /// What was expected, line by line.
    pub expected: Vec<String>,
    /// What came.
    pub came: Vec<String>,
    /// What explains it: why something failed.
    pub notes: Vec<String>,
}

impl Outcome {
    /// Whether everything came as expected.
    pub fn is_passed(&self) -> bool {
        self.differences.is_empty()
    }
}

impl Difference {
    /// The difference, if there is one.
    pub(super) fn between(
        about: String,
        place: Span,
        expected: Vec<String>,
        came: Vec<String>,
        notes: Vec<String>,
    ) -> Option<Self> {
        (expected != came).then_some(Self { about, place, expected, came, notes })
    }

    /// A failure in place of everything that was expected.
    pub(super) fn failure(about: &str, place: Span, reason: String) -> Self {
        let (expected, came) = (vec!["it can be tried".to_owned()], vec!["it failed".to_owned()]);
        Self { about: about.to_owned(), place, expected, came, notes: vec![reason] }
    }

    /// A unified diff.
    pub fn unified(&self) -> String {
        let lines = |lines: &[String]| -> String { lines.iter().map(|line| format!("{line}\n")).collect() };
        let (expected, came) = (lines(&self.expected), lines(&self.came));
        let diff = TextDiff::from_lines(&expected, &came);
        diff.unified_diff().context_radius(CONTEXT).header("expected", "came").to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostics::SourceFile;

    #[test]
    fn a_difference_is_shown_as_a_unified_diff() {
        let file = Arc::new(SourceFile { path: "rules/tests/a.yaml".to_owned(), text: String::new() });
        let lines = |text: &str| text.lines().map(str::to_owned).collect();
        let difference = Difference::between(
            "x".to_owned(),
            Span { file, range: 0..0 },
            lines("queue  offered\nBilling  16\nSales  4"),
            lines("queue  offered\nBilling  15\nSales  4"),
            Vec::new(),
        );
        let expected =
            "--- expected\n+++ came\n@@ -1,3 +1,3 @@\n queue  offered\n-Billing  16\n+Billing  15\n Sales  4\n";
        assert_eq!(difference.unwrap().unified(), expected);
    }
}
