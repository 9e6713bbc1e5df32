//! How the page shows how KPIs came about: for each a section with its formula and a list of its parts.

use super::super::markup::{cell, running};
use crate::report::document::{Explained, ExplainedKpi};

/// The block as elements.
pub(super) fn explained(explained: &Explained) -> String {
    let kpis: String = explained.kpis.iter().map(section).collect();
    let facts: String = explained
        .facts
        .iter()
        .map(|(name, fact)| format!("<dt>{}</dt><dd>{}</dd>", cell(name), running(fact)))
        .collect();
    format!("<div class=\"explained\">\n{kpis}<dl class=\"common\">{facts}</dl>\n</div>")
}

fn section(kpi: &ExplainedKpi) -> String {
    let target = kpi.target.iter().map(|target| format!("<span>{}</span>", cell(target)));
    let definition = kpi.definition.iter().map(|words| format!("<p class=\"what\">{}</p>\n", running(words)));
    let formula: Vec<String> = kpi.formula.iter().map(|line| running(line)).collect();
    let formula = match formula.as_slice() {
        [] => String::new(),
        lines => format!("<code class=\"formula\">{}</code>\n", lines.join("\n")),
    };
    let parts = kpi.parts.iter().map(|part| {
        let (what, value, origin) = (running(&part.what), cell(&part.value), running(&part.origin));
        format!("<dt>{what}</dt><dd class=\"figure\">{value}</dd><dd class=\"origin\">{origin}</dd>\n")
    });
    let parts: String = parts.collect();
    let parts = if parts.is_empty() { parts } else { format!("<dl>\n{parts}</dl>\n") };
    format!(
        "<section>\n<p class=\"head\">{}{}<strong>{}</strong></p>\n{}{formula}{parts}</section>\n",
        cell(&kpi.title),
        target.collect::<String>(),
        cell(&kpi.value),
        definition.collect::<String>(),
    )
}
