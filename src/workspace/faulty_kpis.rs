//! KPIs whose definition has a mistake. The mistake stays with them: every other KPI is computed, and reports show the
//! faulty one as failed, with the reason. Mistakes in rule tests hurt nothing but them; mistakes anywhere else make the
//! workspace unusable.

use std::collections::BTreeMap;
use std::ops::Range;

use indexmap::IndexMap;

use super::definition::{Direction, FormulaText, KpiDefinition, Localized, ParameterDefinition, Unit};
use super::placeholders;
use super::read_kpis;
use super::read_tests;
use super::values;
use super::yaml::{Entry, Node};
use crate::diagnostics::{Diagnostic, Severity, Spanned};

/// Where files of KPIs stand.
pub(super) const PLACE: &str = "rules/kpis/";
/// The key their KPIs stand under.
pub(super) const KEY: &str = "kpis";

/// A KPI with a mistake.
pub(super) struct Faulty {
    id: Spanned<String>,
    title: Localized,
    dataset: Option<Spanned<String>>,
    formula: Option<FormulaText>,
    /// The first of its mistakes.
    pub(super) mistake: Diagnostic,
}

/// Which errors stay with a KPI.
pub(super) struct Contained {
    /// The KPIs with errors, by id.
    pub(super) faulty: BTreeMap<String, Faulty>,
    /// Whether these are all errors there are, besides those of rule tests.
    pub(super) is_all: bool,
}

/// Sorts errors by the KPI in whose lines they stand.
pub(super) fn contain<'a>(files: impl Iterator<Item = &'a Node>, diagnostics: &[Diagnostic]) -> Contained {
    let places: Vec<(&Entry, Range<usize>)> = files.filter_map(|node| node.get(KEY)).flat_map(places).collect();
    let mut contained = Contained { faulty: BTreeMap::new(), is_all: true };
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error) {
        let home = diagnostic.span.as_ref().and_then(|span| {
            places.iter().find(|(entry, lines)| entry.key.span.file == span.file && lines.contains(&span.range.start))
        });
        match home {
            Some((entry, _)) => {
                let title = || entry.value.get("title").and_then(values::localized);
                let faulty = || Faulty {
                    id: entry.key.clone(),
                    title: title().unwrap_or_else(|| read_kpis::plain(&entry.key.value)),
                    dataset: entry.value.get("dataset").and_then(values::text),
                    formula: entry.value.get("formula").and_then(values::formula),
                    mistake: diagnostic.clone(),
                };
                contained.faulty.entry(entry.key.value.clone()).or_insert_with(faulty);
            }
            None if read_tests::is_of_a_test(diagnostic) => {}
            None => contained.is_all = false,
        }
    }
    contained
}

/// Puts a definition in the place of each faulty KPI that could not be read, so that its name is known, and its formula's
/// mistakes can be told too.
pub(super) fn stand_in(
    faulty: &BTreeMap<String, Faulty>,
    parameters: &IndexMap<String, ParameterDefinition>,
    kpis: &mut IndexMap<String, KpiDefinition>,
) {
    for (id, faulty) in faulty {
        kpis.entry(id.clone()).or_insert_with(|| KpiDefinition {
            id: faulty.id.clone(),
            title: placeholders::fill(faulty.title.clone(), parameters),
            description: Localized::default(),
            dataset: faulty.dataset.clone(),
            formula: faulty.formula.clone().unwrap_or_else(|| nothing(&faulty.id)),
            unit: Unit::Number,
            decimals: None,
            better: Direction::Neither,
            target: None,
            warn: None,
            no_data: None,
        });
    }
}

/// The formula of a KPI that has none that can be read.
fn nothing(id: &Spanned<String>) -> FormulaText {
    FormulaText { text: String::new(), span: id.span.clone(), origin: Vec::new() }
}

/// Each KPI with the bytes from its name to the next one's.
fn places(kpis: &Node) -> Vec<(&Entry, Range<usize>)> {
    let entries = kpis.entries();
    let ends = entries.iter().skip(1).map(|next| next.key.span.range.start).chain([kpis.span.range.end]);
    entries.iter().zip(ends).map(|(entry, end)| (entry, entry.key.span.range.start..end)).collect()
}
