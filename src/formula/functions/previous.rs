//! `previous`: a KPI in the window just before.

use super::{Accepts, Category, Function, Parameter};
use crate::formula::reference::{Elsewhere, Reference};

pub(super) const PREVIOUS: Function = Function {
    name: "previous",
    category: Category::Elsewhere,
    usage: &["previous(kpi)"],
    summary: "The KPI's value in the window just before; in a report, in its previous period.",
    parameters: &[Parameter::required("kpi", Accepts::Kpi, "the KPI, by its name alone")],
    result: "a number in the KPI's unit",
    formula: "the KPI over the same group's rows of that window; no data where it has none there",
    elsewhere: None,
    examples: &[],
    arity: 1..=1,
    call: |call| {
        let kpi = call.name_argument(0)?;
        call.state.reference(Reference { kpi, place: Elsewhere::Previous })
    },
};
