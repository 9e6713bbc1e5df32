//! The JSON Schemas with which editors check a workspace's files, tried by a validator that is not ours: what
//! `callbrief check` accepts they accept, and mistakes of structure they refuse. `UPDATE_GOLDEN=1` writes the
//! repository's own schemas anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use boon::{Compiler, Schemas};
use callbrief::diagnostics::{Diagnostic, Severity, SourceFile};
use callbrief::workspace::schema::{KnownNames, SCHEMA_FOLDER, schemas};
use callbrief::workspace::yaml::{self, Node, NodeKind, Resolved};
use callbrief::workspace::{self, WorkspaceFiles, read_folder};
use serde_json::Value;

use super::program::succeeded;
use super::readme::{blocks, file};

/// Mistakes of structure: an unknown key, a wrong type, a missing key, a zone, period or duration that is none.
const STRUCTURE: [&str; 6] = ["CB102", "CB103", "CB104", "CB401", "CB402", "CB405"];
/// What follows from two keys together is told by `check` alone.
const OF_TWO_KEYS: [&str; 3] =
    ["a column of type time needs `stored_as`", "no KPI is expected to be anything", "the row lacks `queue`"];
/// Files in which what is wrong is a word, an id, a number, an address: not of `STRUCTURE` by their code, but refused.
const OTHERS_REFUSED: [&str; 8] = [
    "cb105_formula_and_script/rules/kpis/service.yaml",
    "cb106_id/rules/kpis/service.yaml",
    "cb106_number/rules/reports/weekly.yaml",
    "cb106_reserved_id/rules/kpis/service.yaml",
    "cb106_words/rules/kpis/service.yaml",
    "cb601_url/callbrief.yaml",
    "cb701_address/rules/recipients.yaml",
    "cb102_key_of_a_place_further_in/callbrief.yaml",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The schemas, ready to validate with.
struct Judge {
    schemas: Schemas,
    by_name: BTreeMap<String, boon::SchemaIndex>,
}

impl Judge {
    fn new(known: &KnownNames) -> Self {
        let (mut all, mut by_name) = (Schemas::new(), BTreeMap::new());
        for schema in schemas(known) {
            let place = format!("http://callbrief.test/{}", schema.name);
            let mut compiler = Compiler::new();
            compiler.add_resource(&place, serde_json::from_str(&schema.text).unwrap()).unwrap();
            // This also holds the schema itself against the draft that it names.
            by_name.insert(schema.name, compiler.compile(&place, &mut all).unwrap_or_else(|error| panic!("{error:#}")));
        }
        Self { schemas: all, by_name }
    }

    /// The schema of a file of a workspace.
    fn schema_of(&self, path: &str) -> Option<String> {
        let name = match path.strip_prefix("rules/").map(|rest| rest.split_once('/').ok_or(rest)) {
            Some(Ok((folder, _))) => folder,
            Some(Err(name)) => name,
            None => path.rsplit('/').next().unwrap_or(path),
        };
        let schema = format!("{}.schema.json", name.trim_end_matches(".yaml"));
        (path.ends_with(".yaml") && self.by_name.contains_key(&schema)).then_some(schema)
    }

    /// What is wrong with a file.
    fn refusal(&self, schema: &str, text: &str) -> Option<String> {
        let file = Arc::new(SourceFile { path: schema.to_owned(), text: text.to_owned() });
        let value = yaml::parse(&file).unwrap().as_ref().map_or(Value::Null, json);
        self.schemas.validate(&value, self.by_name[schema]).err().map(|error| format!("{error:#}"))
    }

    /// The files that have a schema.
    fn files<'a>(&self, files: &'a WorkspaceFiles) -> impl Iterator<Item = (&'a str, &'a str, String)> {
        files.files.values().filter_map(|file| Some((&*file.path, &*file.text, self.schema_of(&file.path)?)))
    }
}

fn json(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Map(entries) => entries.iter().map(|entry| (entry.key.value.clone(), json(&entry.value))).collect(),
        NodeKind::List(items) => items.iter().map(json).collect(),
        NodeKind::Scalar(scalar) => match scalar.resolved {
            Resolved::Null => Value::Null,
            Resolved::Bool(value) => value.into(),
            Resolved::Integer(value) => value.into(),
            Resolved::Number(value) => value.into(),
            Resolved::Text => scalar.text.clone().into(),
        },
    }
}

#[test]
fn the_repositorys_own_schemas_are_up_to_date() {
    let known = KnownNames::of(&workspace::embedded::shipped("."));
    for schema in schemas(&known) {
        let path = root().join(SCHEMA_FOLDER).join(&schema.name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &schema.text).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == schema.text, "{SCHEMA_FOLDER}/{} is out of date: run `callbrief schema`", schema.name);
    }
}

#[test]
fn shipped_files_name_their_schema_and_fit_it() {
    let files = workspace::embedded::shipped(".");
    let judge = Judge::new(&KnownNames::of(&files));
    let mut count = 0;
    for (path, text, schema) in judge.files(&files) {
        let first = text.lines().next().unwrap_or_default();
        let named = first.strip_prefix("# yaml-language-server: $schema=").unwrap_or_else(|| panic!("{path}: {first}"));
        let target = root().join(path).parent().unwrap().join(named);
        let expected = root().join(SCHEMA_FOLDER).join(&schema).canonicalize().unwrap();
        assert_eq!(target.canonicalize().unwrap_or_else(|error| panic!("{path}: {named}: {error}")), expected);
        assert_eq!(judge.refusal(&schema, text), None, "{path}");
        count += 1;
    }
    assert!(count >= 10, "only {count} files");
}

#[test]
fn the_readmes_files_fit_their_schemas() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let judge = Judge::new(&KnownNames::default());
    let mut count = 0;
    for block in blocks(&readme) {
        let Some((path, schema)) = file(&block).and_then(|path| Some((path, judge.schema_of(path)?))) else { continue };
        assert_eq!(judge.refusal(&schema, &block.text), None, "{path}");
        count += 1;
    }
    assert!(count >= 4, "only {count} files");
}

#[test]
fn mistakes_of_structure_are_refused_and_nothing_that_is_right() {
    let cases = root().join("tests/diagnostics");
    let judge = Judge::new(&KnownNames::default());
    let (mut wrong, mut refused, mut accepted) = (Vec::new(), BTreeSet::new(), 0);
    for case in folders(&cases) {
        let name = case.file_name().unwrap().to_str().unwrap();
        let folder = tempfile::tempdir().unwrap();
        super::diagnostics::copy(&cases.join("good"), folder.path());
        super::diagnostics::copy(&case, folder.path());
        let Ok(files) = read_folder(folder.path()) else { continue };
        let told = workspace::load(folder.path(), &BTreeMap::new()).diagnostics;
        for (path, text, schema) in judge.files(&files) {
            let is_of_case = case.join(path).exists();
            let errors = || told.iter().filter(|told| told.severity == Severity::Error && is_in(told, path));
            // What is no YAML has no structure.
            if !is_of_case || errors().any(|told| told.code.to_string() == "CB101") {
                continue;
            }
            let id = format!("{name}/{path}");
            let is_of_structure = |told: &Diagnostic| {
                STRUCTURE.contains(&told.code.to_string().as_str()) && !OF_TWO_KEYS.contains(&told.message.as_str())
            };
            let must = errors().any(is_of_structure) || OTHERS_REFUSED.contains(&id.as_str());
            let refusal = judge.refusal(&schema, text);
            match (must, &refusal) {
                (true, None) => wrong.push(format!("{id} must be refused")),
                (false, Some(refusal)) if errors().next().is_none() => wrong.push(format!("{id} is right: {refusal}")),
                (_, Some(_)) => drop(refused.insert(id)),
                (_, None) => accepted += 1,
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(OTHERS_REFUSED.iter().all(|id| refused.contains(*id)), "{refused:?}");
    assert!(refused.len() >= 15 && accepted >= 20, "{} refused, {accepted} accepted", refused.len());
}

fn is_in(told: &Diagnostic, path: &str) -> bool {
    told.span.as_ref().is_some_and(|span| span.file.path == path)
}

fn folders(path: &Path) -> Vec<PathBuf> {
    fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
}

#[test]
fn a_workspace_gets_its_schemas_and_an_editor_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let told = succeeded(at, &["init", at.to_str().unwrap()]);
    assert!(told.contains(SCHEMA_FOLDER), "{told}");
    let kept = |name: &str| fs::read_to_string(at.join(SCHEMA_FOLDER).join(name)).unwrap();
    assert!(kept("reports.schema.json").contains("\"service_level\""));
    // A KPI of one's own is offered after the next call, also while another file is broken.
    fs::write(at.join("rules/kpis/own.yaml"), "kpis:\n  sales_share: { formula: '1', unit: count }\n").unwrap();
    fs::write(at.join("rules/kpis/broken.yaml"), "kpis: [").unwrap();
    let told = succeeded(at, &["schema"]);
    assert_eq!(told.lines().count(), schemas(&KnownNames::default()).len(), "{told}");
    for name in ["\"sales_share\"", "\"service_level\"", "\"queue\"", "\"weekday\"", "\"directors\"", "\"weekly\""] {
        assert!(["reports", "alerts"].iter().any(|kind| kept(&format!("{kind}.schema.json")).contains(name)), "{name}");
    }
    // Outside of a workspace names are plain.
    let elsewhere = tempfile::tempdir().unwrap();
    let plain = elsewhere.path().join("plain");
    succeeded(elsewhere.path(), &["schema", plain.to_str().unwrap()]);
    let plain = fs::read_to_string(plain.join("reports.schema.json")).unwrap();
    assert!(!plain.contains("\"service_level\"") && plain.contains("\"weekday\""));
}
