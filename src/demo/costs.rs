//! What a day costs: wages for the paid hours, telephony by the call, premises and software by the day. Whole dollars in
//! English, whole roubles in Russian, as a director of either would expect them.

use super::names::COSTS;
use crate::locale::Language;

/// One item of a day's costs.
#[derive(Clone, Debug)]
pub(super) struct Cost {
    /// The day's beginning, in Unix seconds.
    pub at: i64,
    /// The item's index among the names.
    pub item: usize,
    /// How much.
    pub amount: i64,
}

/// The costs of a day with so many paid hours and answered calls.
pub(super) fn of_day(midnight: i64, paid_hours: f64, answered: usize, language: Language) -> [Cost; COSTS.len()] {
    let (wage, line, call, premises) = match language {
        Language::English => (19.5, 310.0, 0.11, 1_450.0),
        Language::Russian => (430.0, 6_200.0, 3.2, 34_000.0),
    };
    let amounts = [wage * paid_hours, line + call * answered as f64, premises];
    std::array::from_fn(|item| Cost { at: midnight, item, amount: amounts[item].round() as i64 })
}
