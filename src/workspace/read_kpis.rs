//! `rules/kpis/*.yaml` as [`KpiDefinition`]s. The tree was compared with `shapes` before.

use indexmap::IndexMap;

use super::definition::{Direction, FormulaText, KpiDefinition, Localized, ParameterDefinition, Unit};
use super::files::WorkspaceFiles;
use super::placeholders;
use super::values;
use super::yaml::{Entry, Node};
use crate::diagnostics::{Code, Diagnostic};

/// The folder of shared functions, and of the formulas that fill a file of their own.
pub(super) const FUNCTIONS: &str = "rules/functions/";

/// Reads a KPI; a formula that stands in a script is taken from the workspace's files, parameters in texts are filled in.
pub(super) fn kpi(
    entry: &Entry,
    files: &WorkspaceFiles,
    parameters: &IndexMap<String, ParameterDefinition>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<KpiDefinition> {
    let node = &entry.value;
    let texts = |key: &str, otherwise: Localized| {
        let texts = node.get(key).map_or(Some(otherwise), values::localized)?;
        Some(placeholders::fill(texts, parameters))
    };
    let formula = match node.get("script") {
        Some(script) => formula_of_script(script, files, diagnostics),
        None => node.get("formula").and_then(values::formula),
    };
    let definition = KpiDefinition {
        id: entry.key.clone(),
        title: texts("title", plain(&entry.key.value))?,
        description: texts("description", Localized::default())?,
        dataset: node.get("dataset").and_then(values::text),
        formula: formula?,
        unit: unit(node.get("unit")?)?,
        decimals: node.get("decimals").and_then(values::integer).and_then(|digits| u8::try_from(digits).ok()),
        better: node.get("better").map_or(Some(Direction::Neither), direction)?,
        target: node.get("target").and_then(values::number),
        warn: node.get("warn").and_then(values::number),
        no_data: node.get("no_data").and_then(values::number),
    };
    check_target(node, &definition, diagnostics);
    Some(definition)
}

/// The name of a script that a KPI uses, as a path in the workspace.
pub(super) fn script_path(name: &str) -> String {
    format!("{FUNCTIONS}{name}")
}

/// The id as title, for those that have none.
pub(super) fn plain(id: &str) -> Localized {
    let texts = crate::locale::Language::ALL.into_iter().map(|language| (language, id.to_owned())).collect();
    Localized { texts }
}

fn formula_of_script(script: &Node, files: &WorkspaceFiles, diagnostics: &mut Vec<Diagnostic>) -> Option<FormulaText> {
    let name = values::text(script)?;
    let Some(file) = files.files.get(&script_path(&name.value)) else {
        let known = files.under(FUNCTIONS).filter_map(|file| file.path.strip_prefix(FUNCTIONS));
        let message = format!("there is no file `{}`", script_path(&name.value));
        diagnostics.push(Diagnostic::error(Code::UnreadableFile, name.span, message).did_you_mean(&name.value, known));
        return None;
    };
    if file.text.trim().is_empty() {
        let message = format!("the file `{}` holds no formula", file.path);
        diagnostics.push(Diagnostic::error(Code::MissingKey, name.span, message));
        return None;
    }
    Some(values::formula_of_file(file))
}

/// A warning value on the good side of the target would colour good values as bad.
fn check_target(node: &Node, kpi: &KpiDefinition, diagnostics: &mut Vec<Diagnostic>) {
    let place = |key: &str| node.get(key).map(|value| value.span.clone());
    let (Some(warn), Some(warn_place)) = (kpi.warn, place("warn")) else { return };
    let id = &kpi.id.value;
    let (Some(target), Some(target_place)) = (kpi.target, place("target")) else {
        let message = format!("KPI `{id}` has a `warn` but no `target`, so it is never used");
        diagnostics
            .push(Diagnostic::warning(Code::BadValue, warn_place, message).hint("add a `target`, or remove `warn`"));
        return;
    };
    let (wrong, side) = match kpi.better {
        Direction::Higher => (warn > target, "below"),
        Direction::Lower => (warn < target, "above"),
        Direction::Neither => {
            let message = format!("KPI `{id}` has a target but does not say which way is good");
            let warning = Diagnostic::warning(Code::BadValue, target_place, message);
            diagnostics.push(warning.hint("add `better: higher` or `better: lower`"));
            return;
        }
    };
    if wrong {
        let way = if kpi.better == Direction::Higher { "higher" } else { "lower" };
        diagnostics.push(
            Diagnostic::warning(Code::BadValue, warn_place, "`warn` lies on the wrong side of `target`")
                .related(target_place, "the target")
                .hint(format!("{way} is better here, so `warn` belongs {side} {target}")),
        );
    }
}

/// What a value is.
pub(super) fn unit(node: &Node) -> Option<Unit> {
    Some(match values::text(node)?.value.as_str() {
        "count" => Unit::Count,
        "percent" => Unit::Percent,
        "duration" => Unit::Duration,
        "number" => Unit::Number,
        "money" => Unit::Money,
        _ => return None,
    })
}

fn direction(node: &Node) -> Option<Direction> {
    Some(match values::text(node)?.value.as_str() {
        "higher" => Direction::Higher,
        "lower" => Direction::Lower,
        "neither" => Direction::Neither,
        _ => return None,
    })
}
