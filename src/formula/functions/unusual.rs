//! `unusual`: whether a KPI is far from what it usually is, so that a condition needs no number.

use super::{Accepts, Category, Function, Parameter, same_time, usual};
use crate::formula::mistake::Mistake;
use crate::formula::operand::Operand;

/// Which way a KPI may be unusual.
pub(in crate::formula) const SIDES: [(&str, &str); 3] =
    [("high", "higher than usual"), ("low", "lower than usual"), ("both", "either")];

/// So many spreads away is unusual: with values that scatter normally less than three times in a thousand.
const FAR: f64 = 3.0;

pub(super) const UNUSUAL: Function = Function {
    name: "unusual",
    category: Category::Elsewhere,
    usage: &["unusual(kpi, weeks)", "unusual(kpi, weeks, side)"],
    summary: "Whether the KPI is far from what it usually is at this weekday and time of day.",
    parameters: &[
        Parameter::required("kpi", Accepts::Kpi, "the KPI, by its name alone"),
        Parameter::required("weeks", Accepts::Weeks, "how many weeks back, at least four; eight are a good choice"),
        Parameter::optional("side", Accepts::OneOf(&SIDES), "which way it must be unusual", "\"both\""),
    ],
    result: "yes or no",
    formula: "deviation(kpi, weeks) beyond 3, below −3, or either; the spread it goes by is 1.4826 × the median of \
              |same_time(kpi, 1…weeks) − baseline(kpi, weeks)|, but at least 5 % of the baseline and, for a KPI of unit count, \
              its square root: what hardly ever moves is not unusual as soon as it does, and calls vary by chance; weeks in \
              which a KPI of unit count is 0 are left out; no data when fewer than four weeks have some",
    elsewhere: None,
    examples: &[],
    arity: 2..=3,
    call: |call| {
        let weeks = same_time::weeks(call)?;
        let side = match call.argument(2) {
            None => "both",
            Some(Operand::Text(side)) => {
                SIDES.iter().map(|(word, _)| *word).find(|word| *word == &**side).unwrap_or("")
            }
            Some(_) => "",
        };
        if side.is_empty() {
            return Err(
                Mistake::kind(format!("`{}` knows the sides \"high\", \"low\" and \"both\"", call.name)).of_argument(2)
            );
        }
        Ok(match usual::deviation(call, weeks)? {
            Operand::Number(deviation) => Operand::Bool(match side {
                "high" => deviation > FAR,
                "low" => deviation < -FAR,
                _ => deviation.abs() > FAR,
            }),
            unknown => unknown,
        })
    },
};
