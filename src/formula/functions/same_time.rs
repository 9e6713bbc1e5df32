//! `same_time`: a KPI at the same time some weeks ago.

use super::{Accepts, Call, Category, Function, Parameter};
use crate::formula::mistake::Mistake;
use crate::formula::reference::{Elsewhere, Reference};
use crate::formula::reference_call::weeks_of;

pub(super) const SAME_TIME: Function = Function {
    name: "same_time",
    category: Category::Elsewhere,
    usage: &["same_time(kpi, weeks)"],
    summary: "The KPI's value at the same weekday and time of day so many weeks earlier; 1 to 52 weeks.",
    parameters: &[
        Parameter::required("kpi", Accepts::Kpi, "the KPI, by its name alone"),
        Parameter::required("weeks", Accepts::Weeks, "how many weeks back"),
    ],
    result: "a number in the KPI's unit",
    formula: "the KPI over the same group's rows of the window at the same civil times; no data where it has none there",
    elsewhere: None,
    examples: &[],
    arity: 2..=2,
    call: |call| {
        let kpi = call.name_argument(0)?;
        let weeks = weeks(call)?;
        call.state.reference(Reference { kpi, place: Elsewhere::WeeksAgo(weeks) })
    },
};

/// The weeks in the second argument.
pub(super) fn weeks(call: &Call<'_>) -> Result<u32, Mistake> {
    let weeks = call.number(1)?;
    let allowed = weeks_of(call.name);
    let is_allowed = weeks.fract() == 0.0 && allowed.contains(&(weeks as i64));
    if is_allowed {
        Ok(weeks as u32)
    } else {
        let (least, most) = (allowed.start(), allowed.end());
        Err(Mistake::kind(format!("`{}` takes whole weeks from {least} to {most}", call.name)).of_argument(1))
    }
}
