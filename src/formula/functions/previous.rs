//! `previous`: a KPI in the window just before.

use super::Function;
use crate::formula::reference::{Elsewhere, Reference};

pub(super) const PREVIOUS: Function = Function {
    name: "previous",
    usage: &["previous(kpi)"],
    summary: "The KPI's value in the window just before; in a report, in its previous period.",
    formula: "the KPI over the same group's rows of that window; no data where it has none there",
    examples: &[],
    arity: 1..=1,
    call: |call| {
        let kpi = call.name_argument(0)?;
        call.state.reference(Reference { kpi, place: Elsewhere::Previous })
    },
};
