//! `across`: a KPI whatever a dimension's value.

use super::{Accepts, Category, Function, Parameter};
use crate::formula::reference::{Elsewhere, Reference};

pub(super) const ACROSS: Function = Function {
    name: "across",
    category: Category::Elsewhere,
    usage: &["across(kpi, dimension)"],
    summary: "The KPI's value whatever the dimension's value: the whole that a group's part is compared with.",
    parameters: &[
        Parameter::required("kpi", Accepts::Kpi, "the KPI, by its name alone"),
        Parameter::required("dimension", Accepts::Dimension, "the dimension that is left out"),
    ],
    result: "a number in the KPI's unit",
    formula: "the KPI over the group's rows, the dimension left out of the grouping; the KPI itself where rows are not \
              grouped by it",
    elsewhere: None,
    examples: &[],
    arity: 2..=2,
    call: |call| {
        let (kpi, dimension) = (call.name_argument(0)?, call.name_argument(1)?);
        call.state.reference(Reference { kpi, place: Elsewhere::Across(dimension) })
    },
};
