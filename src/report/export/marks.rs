//! Signs and words that stand beside a colour, so that a status is never told by colour alone.

use crate::locale::{self, Language};
use crate::report::document::{Change, Status, Trend};

/// The sign of a status; empty for a neutral one. None of them is drawn as an emoji.
pub(super) fn sign(status: Status) -> &'static str {
    match status {
        Status::Good => "✓",
        Status::Near => "!",
        Status::Bad => "✗",
        Status::Neutral => "",
    }
}

/// The status in words; empty for a neutral one.
pub(super) fn words(status: Status, language: Language) -> String {
    match status {
        Status::Good => locale::text(language, "status-good", &[]),
        Status::Near => locale::text(language, "status-near", &[]),
        Status::Bad => locale::text(language, "status-bad", &[]),
        Status::Neutral => String::new(),
    }
}

/// The change with an arrow; a flat one has none, its text says so.
pub(super) fn change(change: &Change) -> String {
    match change.trend {
        Trend::Up => format!("▲\u{a0}{}", change.text),
        Trend::Down => format!("▼\u{a0}{}", change.text),
        Trend::Flat => change.text.clone(),
    }
}

/// Whether a tile's value is a figure and no words such as those for no data, which are not set large.
pub(super) fn is_number(value: &str) -> bool {
    value.chars().any(|character| character.is_ascii_digit())
}

/// The name of a status in class attributes.
pub(super) fn class(status: Status) -> &'static str {
    match status {
        Status::Good => "good",
        Status::Near => "near",
        Status::Bad => "bad",
        Status::Neutral => "neutral",
    }
}
