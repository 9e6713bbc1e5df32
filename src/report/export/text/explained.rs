//! How the text shows how KPIs came about: formulas and parts under each other, indented.

use super::super::clean::{MOST_IN_CELL, MOST_IN_TEXT, clean};
use super::width::{self, WIDTH};
use crate::report::document::{Explained, ExplainedKpi};

/// The block without an empty line at its end.
pub(super) fn explained(explained: &Explained) -> String {
    let mut parts: Vec<String> = explained.kpis.iter().map(|kpi| of_kpi(kpi).join("\n")).collect();
    let names = explained.facts.iter().map(|(name, _)| width::of(name)).max().unwrap_or(0);
    let facts = explained.facts.iter().flat_map(|(name, fact)| {
        let name = format!("{}  ", width::left(&clean(name, MOST_IN_CELL), names));
        width::wrap(&clean(fact, MOST_IN_TEXT), WIDTH, &name, &" ".repeat(names + 2))
    });
    parts.push(facts.collect::<Vec<_>>().join("\n"));
    parts.join("\n\n")
}

fn of_kpi(kpi: &ExplainedKpi) -> Vec<String> {
    let target = kpi.target.as_ref().map(|target| format!(" ({target})")).unwrap_or_default();
    let mut lines = Vec::new();
    let mut add = |text: &str, first: &str, next: &str| {
        lines.extend(width::wrap(&clean(text, MOST_IN_TEXT), WIDTH, first, next));
    };
    add(&format!("{}: {}{target}", kpi.title, kpi.value), "", "  ");
    if let Some(definition) = &kpi.definition {
        add(definition, "  ", "  ");
    }
    for (index, line) in kpi.formula.iter().enumerate() {
        add(line, if index == 0 { "  = " } else { "    " }, "      ");
    }
    for part in &kpi.parts {
        add(&format!("{} = {}", part.what, part.value), "    ", "      ");
        add(&part.origin, "      ", "      ");
    }
    lines
}
