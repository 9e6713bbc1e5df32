//! `parameters:` of `rules/kpis/*.yaml` as [`ParameterDefinition`]s. The tree was compared with `shapes` before.

use indexmap::IndexMap;

use super::definition::{Localized, ParameterDefinition};
use super::names::Names;
use super::read_kpis::{plain, unit};
use super::shape::Target;
use super::values;
use super::yaml::{Entry, Node};
use crate::diagnostics::{Code, Diagnostic};
use crate::locale::Unit;

/// The key parameters stand under, in the files of KPIs.
pub(super) const KEY: &str = "parameters";

/// Reads a parameter, in its short form or its long one.
pub(super) fn parameter(entry: &Entry) -> Option<ParameterDefinition> {
    let node = &entry.value;
    let text = |key: &str, otherwise: Localized| node.get(key).map_or(Some(otherwise), values::localized);
    Some(ParameterDefinition {
        id: entry.key.clone(),
        value: values::number(node.get("value").unwrap_or(node))?,
        unit: node.get("unit").map_or(Some(Unit::Number), unit)?,
        title: text("title", plain(&entry.key.value))?,
        description: text("description", Localized::default())?,
    })
}

/// A name means one thing in a formula: a parameter cannot be called as a KPI or a dataset is.
pub(super) fn clashes<'a>(files: impl Iterator<Item = &'a Node>, names: &Names, diagnostics: &mut Vec<Diagnostic>) {
    for entry in files.filter_map(|node| node.get(KEY)).flat_map(Node::entries) {
        for other in [Target::Kpi, Target::Dataset] {
            if let Some(place) = names.place(other, &entry.key.value) {
                let message = format!("the parameter `{}` has the name of a {}", entry.key.value, other.noun());
                diagnostics.push(
                    Diagnostic::error(Code::Duplicate, entry.key.span.clone(), message)
                        .related(place.clone(), format!("the {}", other.noun()))
                        .hint("give one of them another id: a name means one thing in a formula"),
                );
            }
        }
    }
}

/// Puts other values in the place of those that the files give.
pub(super) fn replace(parameters: &mut IndexMap<String, ParameterDefinition>, values: &super::ParameterValues) {
    for (name, value) in values {
        if let Some(parameter) = parameters.get_mut(name) {
            parameter.value = *value;
        }
    }
}
