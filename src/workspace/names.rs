//! What a workspace defines, by name and place: collected before anything is checked, so that a name in one file can
//! refer to a thing in another, even when that thing has mistakes of its own.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::files::WorkspaceFiles;
use super::shape::{Ids, Kind, Presence, Target};
use super::values;
use super::yaml::{Node, NodeKind};
use crate::diagnostics::{Code, Diagnostic, Span, Spanned};

/// The folder of `report-templates/` whose files every template may include; it is no template itself.
pub(super) const SHARED_FOLDER: &str = "shared";

/// The names of a workspace, with the place of each definition.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: BTreeMap<Target, IndexMap<String, Span>>,
    /// What is not fully known, because a file that may define it is broken.
    incomplete: BTreeSet<Target>,
}

impl Names {
    /// The names of all templates; the place is their `report.md`.
    pub(super) fn of_templates(files: &WorkspaceFiles) -> Self {
        let templates = files.under("report-templates/").filter_map(|file| {
            let name = file.path.strip_prefix("report-templates/")?.strip_suffix("/report.md")?;
            let start = Span { file: file.clone(), range: 0..0 };
            (name != "theme" && name != SHARED_FOLDER && !name.contains('/')).then(|| (name.to_owned(), start))
        });
        Self { known: BTreeMap::from([(Target::Template, templates.collect())]), incomplete: BTreeSet::new() }
    }

    /// Adds what a tree defines; what was defined before is reported with both places.
    pub(super) fn add(&mut self, node: &Node, kind: &Kind, diagnostics: &mut Vec<Diagnostic>) {
        match kind {
            Kind::Object(shape) => {
                // What a missing key would define is unknown; that the key is missing is told once, by the check.
                for field in shape.fields.iter().filter(|field| node.get(field.name).is_none()) {
                    if field.presence == Presence::Required {
                        self.forgive(&field.kind);
                    }
                }
                for entry in node.entries() {
                    if let Some(field) = shape.field(&entry.key.value) {
                        self.add(&entry.value, &field.kind, diagnostics);
                    }
                }
            }
            Kind::Id(target) => {
                if let Some(id) = values::text(node) {
                    self.define(*target, &id, diagnostics);
                }
            }
            Kind::Entries { ids: Ids::Of(target), .. } => {
                if !node.is_null() && !matches!(node.kind, NodeKind::Map(_)) {
                    self.forgive(kind);
                }
                for entry in node.entries() {
                    self.define(*target, &entry.key, diagnostics);
                }
            }
            _ => {}
        }
    }

    /// Takes every name for known that a broken file of this kind might define.
    pub(super) fn forgive(&mut self, kind: &Kind) {
        match kind {
            Kind::Object(shape) => shape.fields.iter().for_each(|field| self.forgive(&field.kind)),
            Kind::Id(target) | Kind::Entries { ids: Ids::Of(target), .. } => {
                self.incomplete.insert(*target);
            }
            _ => {}
        }
    }

    /// Takes every name for known: a whole folder could not be read, or a file whose purpose is unknown.
    pub(super) fn forgive_everything(&mut self) {
        self.incomplete.extend(Target::ALL);
    }

    /// Whether something of this kind has this name.
    pub(super) fn has(&self, target: Target, name: &str) -> bool {
        self.incomplete.contains(&target) || self.known.get(&target).is_some_and(|names| names.contains_key(name))
    }

    /// Where something of this kind and name is defined.
    pub(super) fn place(&self, target: Target, name: &str) -> Option<&Span> {
        self.known.get(&target)?.get(name)
    }

    /// Whether there may be names of this kind that are not known.
    pub(super) fn is_incomplete(&self, target: Target) -> bool {
        self.incomplete.contains(&target)
    }

    /// All names of this kind.
    pub(super) fn all(&self, target: Target) -> impl Iterator<Item = &str> {
        self.known.get(&target).into_iter().flat_map(|names| names.keys().map(String::as_str))
    }

    fn define(&mut self, target: Target, id: &Spanned<String>, diagnostics: &mut Vec<Diagnostic>) {
        let names = self.known.entry(target).or_default();
        match names.get(&id.value) {
            None => {
                names.insert(id.value.clone(), id.span.clone());
            }
            Some(first) => diagnostics.push(
                Diagnostic::error(
                    Code::Duplicate,
                    id.span.clone(),
                    format!("the {} `{}` is defined twice", target.noun(), id.value),
                )
                .related(first.clone(), "first defined here")
                .hint("give one of them another id, or remove it"),
            ),
        }
    }
}
