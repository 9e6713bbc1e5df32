//! How the text shows how KPIs came about: formulas and parts under each other, indented.

use super::super::clean::{MOST_IN_CELL, MOST_IN_TEXT, clean};
use super::width::{self, WIDTH};
use crate::report::document::{Explained, ExplainedKpi};

/// The most characters of a formula's line, and of a part of it.
const MOST_IN_FORMULA: usize = 1_000;
/// The most characters of a fact's name.
const LONGEST_NAME: usize = 24;

/// The block without an empty line at its end.
pub(super) fn explained(explained: &Explained) -> String {
    let mut parts: Vec<String> = explained.kpis.iter().map(|kpi| of_kpi(kpi).join("\n")).collect();
    let facts: Vec<(String, &String)> =
        explained.facts.iter().map(|(name, fact)| (clean(name, LONGEST_NAME), fact)).collect();
    let names = facts.iter().map(|(name, _)| width::of(name)).max().unwrap_or(0);
    let facts = facts.iter().flat_map(|(name, fact)| {
        let name = format!("{}  ", width::left(name, names));
        width::wrap(&clean(fact, MOST_IN_CELL), WIDTH, &name, &" ".repeat(names + 2))
    });
    parts.push(facts.collect::<Vec<_>>().join("\n"));
    parts.join("\n\n")
}

fn of_kpi(kpi: &ExplainedKpi) -> Vec<String> {
    let short = |text: &String| clean(text, MOST_IN_CELL);
    let target = kpi.target.as_ref().map(|target| format!(" ({})", short(target))).unwrap_or_default();
    let mut lines = width::wrap(&format!("{}: {}{target}", short(&kpi.title), short(&kpi.value)), WIDTH, "", "  ");
    let mut add = |text: &str, first: &str, next: &str| lines.extend(width::wrap(text, WIDTH, first, next));
    if let Some(definition) = &kpi.definition {
        add(&clean(definition, MOST_IN_TEXT), "  ", "  ");
    }
    for (index, line) in kpi.formula.iter().enumerate() {
        add(&clean(line, MOST_IN_FORMULA), if index == 0 { "  = " } else { "    " }, "      ");
    }
    for part in &kpi.parts {
        add(&format!("{} = {}", clean(&part.what, MOST_IN_FORMULA), short(&part.value)), "  - ", "      ");
        add(&short(&part.origin), "    ", "    ");
    }
    lines
}
