//! Outbound campaigns: a dialer calls people, passes those who pick up to an agent, and hangs up on those for whom no
//! agent is free. Its agents are another company's, so the floor knows nothing of them.

use chrono::{Datelike, NaiveDate};
use rand::RngExt;

use super::draw::{Dice, chance, lognormal, poisson};

/// One attempt to reach somebody.
#[derive(Clone, Debug)]
pub(super) struct Dial {
    /// When, in Unix seconds.
    pub at: i64,
    /// The campaign's index.
    pub campaign: usize,
    /// How it ended.
    pub result: DialResult,
}

/// How a dial ended; each is more than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DialResult {
    /// Nobody picked up, or a machine did.
    NoPerson,
    /// A person picked up, and there was no agent: the dialer hung up.
    Dropped,
    /// A person picked up, but not the one wanted.
    WrongPerson,
    /// The one wanted talked to an agent.
    Contact,
    /// And bought something.
    Sale,
}

/// Dials of an ordinary workday, the share picked up by people, and of the contacts the share that buys.
const CAMPAIGNS: [(f64, f64, f64); 2] = [(190.0, 0.43, 0.19), (150.0, 0.33, 0.07)];

/// A day's dials, by time: 10:00 to 20:00 on workdays, the law forbids the rest.
pub(super) fn dial(dice: &mut Dice, day: NaiveDate, midnight: i64, into: &mut Vec<Dial>) {
    if day.weekday().num_days_from_monday() > 4 {
        return;
    }
    let mut dials = Vec::new();
    for (campaign, (daily, picked_up, buys)) in CAMPAIGNS.into_iter().enumerate() {
        let expected = daily * lognormal(dice, 1.0, 0.08);
        for _ in 0..poisson(dice, expected) {
            let at = midnight + dice.random_range(36_000..72_000);
            let result = if !chance(dice, picked_up) {
                DialResult::NoPerson
            } else if chance(dice, 0.019) {
                DialResult::Dropped
            } else if chance(dice, 0.3) {
                DialResult::WrongPerson
            } else if chance(dice, buys) {
                DialResult::Sale
            } else {
                DialResult::Contact
            };
            dials.push(Dial { at, campaign, result });
        }
    }
    dials.sort_by_key(|dial| (dial.at, dial.campaign, dial.result));
    into.append(&mut dials);
}
