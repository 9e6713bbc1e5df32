//! `deviation`: how far a KPI is from what it usually is, measured by how much it usually varies.

use super::{Accepts, Category, Function, Parameter, same_time, usual};

pub(super) const DEVIATION: Function = Function {
    name: "deviation",
    category: Category::Elsewhere,
    usage: &["deviation(kpi, weeks)"],
    summary: "How many times its usual spread the KPI lies above what it usually is at this weekday and time of day; negative \
              when below.",
    parameters: &[
        Parameter::required("kpi", Accepts::Kpi, "the KPI, by its name alone"),
        Parameter::required("weeks", Accepts::Weeks, "how many weeks back, at least four"),
    ],
    result: "a number without unit: 0 is usual, beyond 3 or −3 is rare",
    formula: "(kpi − baseline(kpi, weeks)) ÷ spread, the spread being the one explained under `unusual`: of medians, so that a \
              wild week or two count for little; no data when fewer than four weeks have some",
    elsewhere: None,
    examples: &[],
    arity: 2..=2,
    call: |call| {
        let weeks = same_time::weeks(call)?;
        usual::deviation(call, weeks)
    },
};
