//! The `explain` block: from what the evaluation tells of the totals to finished texts. How it looks is decided by the
//! exporters.

use super::build::BuildRequest;
use super::document::{Explained, ExplainedKpi, ExplainedPart};
use super::figure::{Figure, title};
use super::footnotes::freshness;
use super::part_text::PartText;
use crate::kpi::{Explanation, Part};
use crate::locale::text;

/// A formula with more lines than this is a script; its beginning says what it does.
const MOST_FORMULA_LINES: usize = 16;

/// How these totals came about.
pub(super) fn explained(request: &BuildRequest<'_>, figures: &[Figure<'_>]) -> Explained {
    let (language, zone) = (request.language, request.period.zone);
    let parts = PartText { catalog: request.catalog, zone, language };
    let of = |id: &str| request.current.explained_total().and_then(|total| total.of(id));
    let kpis = figures.iter().map(|figure| explained_kpi(figure, of(&figure.definition.id.value), &parts));
    let window = request.period.window;
    let in_zone = [("window", parts.window(window).into()), ("zone", zone.name().into())];
    let name = |key: &str| text(language, key, &[]);
    let mut facts = vec![
        (name("explain-window"), text(language, "explain-zone", &in_zone)),
        (String::new(), parts.window_in_utc(window)),
    ];
    for (index, dataset) in freshness(request).enumerate() {
        facts.push((if index == 0 { name("explain-data") } else { String::new() }, dataset));
    }
    facts.push((name("explain-rules"), request.catalog.rules_hash.clone()));
    Explained { kpis: kpis.collect(), facts }
}

fn explained_kpi(figure: &Figure<'_>, explanation: Option<&Explanation>, parts: &PartText<'_>) -> ExplainedKpi {
    let (definition, language) = (figure.definition, figure.language);
    let part =
        |part: &Part| ExplainedPart { what: part.what.clone(), value: parts.value(part), origin: parts.origin(part) };
    let parts: Vec<ExplainedPart> =
        explanation.into_iter().flat_map(|explanation| &explanation.parts).map(part).collect();
    let formula = definition.formula.text.trim();
    // What is nothing but its only part is not written twice.
    let is_part = matches!(parts.as_slice(), [only] if only.what == formula);
    ExplainedKpi {
        title: title(definition, language),
        value: figure.text(),
        target: figure.target().map(|target| text(language, "target-value", &[("value", target.into())])),
        definition: definition.description.get(language).map(|words| words.trim().to_owned()),
        formula: if is_part { Vec::new() } else { formula_lines(formula) },
        parts,
    }
}

/// A formula's lines with their indentation, which no format takes away.
fn formula_lines(formula: &str) -> Vec<String> {
    let lines: Vec<&str> = formula.lines().collect();
    let indented = |line: &&str| {
        let text = line.trim();
        let indent = line.trim_end().len() - text.len();
        format!("{}{text}", "\u{a0}".repeat(indent))
    };
    let mut shown: Vec<String> = lines.iter().take(MOST_FORMULA_LINES).map(indented).collect();
    if lines.len() > MOST_FORMULA_LINES {
        shown.push("…".to_owned());
    }
    shown
}
