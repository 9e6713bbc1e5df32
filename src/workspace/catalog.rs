//! From files to a checked catalog: parse, collect names, compare with the table, read, relate. Every step goes on after
//! mistakes, so that all of them are told at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono_tz::Tz;
use indexmap::IndexMap;

use super::definition::{Catalog, TemplateFolder, ThemeFiles};
use super::faulty_kpis;
use super::files::{MAIL_FRAME_FILE, PAGE_FRAME_FILE, SETTINGS_FILE, THEME_FILE, WorkspaceFiles, read_what_can_be};
use super::names::{Names, SHARED_FOLDER};
use super::placeholders;
use super::read_kpis::{FUNCTIONS, script_path};
use super::read_tests::is_file_of_rows;
use super::shape::Target;
use super::shapes::{FILE_FORMATS, FileFormat};
use super::yaml::{Node, NodeKind};
use super::{
    check, environment, read_alerts, read_datasets, read_kpis, read_parameters, read_pdf, read_recipients,
    read_reports, read_tests,
};
use super::{read_settings, read_theme, relations, values, yaml};
use crate::diagnostics::{Code, Diagnostic, Severity, SourceFile, Span, in_order};

/// What came of loading a workspace.
#[derive(Debug)]
pub struct Loaded {
    /// The catalog; `None` when there is an error anywhere but in KPIs' definitions. Those fail each for itself.
    pub catalog: Option<Catalog>,
    /// All mistakes, by file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// The house's looks, for the report room; empty when the workspace has none of its own.
    pub theme: ThemeFiles,
}

/// Values of parameters for one run, by name. Names that no parameter has are not looked at here.
pub type ParameterValues = BTreeMap<String, f64>;

/// Loads the workspace in a folder. `environment` are the variables that `${NAME}` in `callbrief.yaml` may name.
pub fn load(root: &Path, environment: &BTreeMap<String, String>) -> Loaded {
    load_with(root, environment, &ParameterValues::new())
}

/// Loads the workspace in a folder with other values for some parameters.
pub fn load_with(root: &Path, environment: &BTreeMap<String, String>, values: &ParameterValues) -> Loaded {
    let reading = read_what_can_be(root);
    assemble(&reading.files, environment, &reading.unread, values, reading.diagnostics)
}

/// Loads a workspace from files that were read before.
pub fn load_files(files: &WorkspaceFiles, environment: &BTreeMap<String, String>) -> Loaded {
    assemble(files, environment, &[], &ParameterValues::new(), Vec::new())
}

fn assemble(
    files: &WorkspaceFiles,
    environment: &BTreeMap<String, String>,
    unread: &[String],
    values: &ParameterValues,
    mut diagnostics: Vec<Diagnostic>,
) -> Loaded {
    let mut parsed = parse(files, &mut diagnostics);
    let mut names = Names::of_templates(files);
    for tree in &parsed.trees {
        names.add(&tree.node, &tree.format.kind, &mut diagnostics);
    }
    for format in &parsed.broken {
        names.forgive(&format.kind);
    }
    for path in unread {
        match format_of(path) {
            Some(format) => names.forgive(&format.kind),
            None => names.forgive_everything(),
        }
    }
    check_trees(&mut parsed.trees, &names, environment, &mut diagnostics);
    let templates = templates(files, &mut diagnostics);
    let kpi_files =
        || parsed.trees.iter().filter(|tree| tree.format.place == faulty_kpis::PLACE).map(|tree| &tree.node);
    read_parameters::clashes(kpi_files(), &names, &mut diagnostics);
    for kpi in kpi_files().filter_map(|node| node.get(faulty_kpis::KEY)).flat_map(Node::entries) {
        placeholders::check(&kpi.value, &names, &mut diagnostics);
    }
    let mut read = read(&parsed.trees, files, values, &mut diagnostics);
    relations::check(
        &relations::Parts {
            some_dataset_is_unread: names.is_incomplete(Target::Dataset)
                || names.all(Target::Dataset).any(|id| !read.datasets.contains_key(id)),
            datasets: &read.datasets,
            kpis: &read.kpis,
            alerts: &read.alerts,
            reports: &read.reports,
            tests: &read.tests,
            recipients: &read.recipients,
        },
        &mut diagnostics,
    );
    in_order(&mut diagnostics);
    let contained = faulty_kpis::contain(kpi_files(), &diagnostics);
    faulty_kpis::stand_in(&contained.faulty, &read.parameters, &mut read.kpis);
    let catalog = read.settings.filter(|_| contained.is_all).map(|settings| Catalog {
        root: files.root.clone(),
        settings,
        datasets: read.datasets,
        kpis: read.kpis,
        parameters: read.parameters,
        faulty_kpis: contained.faulty.into_iter().map(|(id, faulty)| (id, faulty.mistake)).collect(),
        alerts: read.alerts,
        reports: read.reports,
        tests: read_tests::sound(read.tests, &diagnostics),
        recipients: read.recipients,
        functions: functions(files, &parsed.trees),
        templates,
        rules_hash: files.rules_hash(),
    });
    let of_theme = parsed.trees.iter().find(|tree| tree.file.path == THEME_FILE);
    let theme = ThemeFiles {
        definition: of_theme.map(|tree| read_theme::theme(&tree.node)).unwrap_or_default(),
        page: files.files.get(PAGE_FRAME_FILE).cloned(),
        mail: files.files.get(MAIL_FRAME_FILE).cloned(),
        assets: files.assets.clone(),
    };
    Loaded { catalog, diagnostics, theme }
}

/// A file that is YAML.
struct Tree {
    file: Arc<SourceFile>,
    format: &'static FileFormat,
    node: Node,
}

struct Parsed {
    trees: Vec<Tree>,
    /// The formats of files that are not YAML: what they would define is unknown, so nothing can be called missing.
    broken: Vec<&'static FileFormat>,
}

fn parse(files: &WorkspaceFiles, diagnostics: &mut Vec<Diagnostic>) -> Parsed {
    let mut parsed = Parsed { trees: Vec::new(), broken: Vec::new() };
    for file in files.files.values() {
        let Some(format) = format_of(&file.path) else {
            diagnostics.extend(unexpected(file));
            continue;
        };
        match yaml::parse(file) {
            Ok(Some(node)) => parsed.trees.push(Tree { file: Arc::clone(file), format, node }),
            // Settings must say something; a file of rules may have everything commented out.
            Ok(None) if file.path == SETTINGS_FILE => {
                let node = Node { span: start_of(file), kind: NodeKind::Map(Vec::new()) };
                parsed.trees.push(Tree { file: Arc::clone(file), format, node });
            }
            Ok(None) => {}
            Err(diagnostic) => {
                diagnostics.push(*diagnostic);
                parsed.broken.push(format);
            }
        }
    }
    parsed
}

fn check_trees(
    trees: &mut [Tree],
    names: &Names,
    environment: &BTreeMap<String, String>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for tree in trees {
        let mut missing = Vec::new();
        if tree.file.path == SETTINGS_FILE {
            environment::expand(&mut tree.node, environment, &mut missing);
        } else if tree.format.place == read_reports::PLACE {
            for password in read_pdf::passwords(&mut tree.node) {
                environment::expand(password, environment, &mut missing);
            }
        }
        let mut found = Vec::new();
        check::check(&tree.node, &tree.format.kind, &tree.file.path, names, &mut found);
        // A value that lacks its variable is not wrong in any other way.
        found.retain(|diagnostic| !missing.iter().any(|missing| missing.span == diagnostic.span));
        diagnostics.append(&mut missing);
        diagnostics.append(&mut found);
    }
}

struct Read {
    settings: Option<super::Settings>,
    datasets: IndexMap<String, super::DatasetDefinition>,
    parameters: IndexMap<String, super::ParameterDefinition>,
    kpis: IndexMap<String, super::KpiDefinition>,
    alerts: IndexMap<String, super::AlertDefinition>,
    reports: IndexMap<String, super::ReportDefinition>,
    recipients: IndexMap<String, super::RecipientGroup>,
    tests: Vec<read_tests::ReadTest>,
}

fn read(trees: &[Tree], files: &WorkspaceFiles, values: &ParameterValues, diagnostics: &mut Vec<Diagnostic>) -> Read {
    let of = |place: &'static str| trees.iter().filter(move |tree| tree.format.place == place).map(|tree| &tree.node);
    let entries = |place: &'static str, key: &'static str| {
        of(place).filter_map(move |node| node.get(key)).flat_map(|node| node.entries())
    };
    let settings_node = of(SETTINGS_FILE).next();
    let zone = settings_node.and_then(|node| node.get("timezone")).and_then(values::zone).unwrap_or(Tz::UTC);
    // What a reader misses was reported by the check; so it only stays silent here. The first definition of an id counts.
    let mut read = Read {
        settings: settings_node.and_then(|node| read_settings::settings(node, &files.root, diagnostics)),
        datasets: IndexMap::new(),
        parameters: IndexMap::new(),
        kpis: IndexMap::new(),
        alerts: IndexMap::new(),
        reports: IndexMap::new(),
        recipients: of("rules/recipients.yaml").find_map(read_recipients::recipients).unwrap_or_default(),
        tests: Vec::new(),
    };
    for dataset in of("rules/datasets/").filter_map(|node| read_datasets::dataset(node, zone, diagnostics)) {
        read.datasets.entry(dataset.id.value.clone()).or_insert(dataset);
    }
    for parameter in entries(faulty_kpis::PLACE, read_parameters::KEY).filter_map(read_parameters::parameter) {
        read.parameters.entry(parameter.id.value.clone()).or_insert(parameter);
    }
    read_parameters::replace(&mut read.parameters, values);
    for kpi in entries(faulty_kpis::PLACE, faulty_kpis::KEY)
        .filter_map(|entry| read_kpis::kpi(entry, files, &read.parameters, diagnostics))
    {
        read.kpis.entry(kpi.id.value.clone()).or_insert(kpi);
    }
    for entry in entries("rules/alerts/", "alerts") {
        let Some(alert) = read_alerts::alert(entry, zone, diagnostics) else { continue };
        read.alerts.entry(alert.id.value.clone()).or_insert(alert);
    }
    for report in entries(read_reports::PLACE, read_reports::KEY)
        .filter_map(|entry| read_reports::report(entry, zone, &files.root, diagnostics))
    {
        read.reports.entry(report.id.value.clone()).or_insert(report);
    }
    if let Some(settings) = &read.settings {
        let known = read_tests::Known {
            zone,
            language: settings.locale,
            files,
            sources: &settings.sources,
            datasets: &read.datasets,
            kpis: &read.kpis,
            alerts: &read.alerts,
        };
        read.tests = of("rules/tests/").flat_map(|node| read_tests::tests(node, &known, diagnostics)).collect();
    }
    read
}

/// The shared functions: every Rhai file that is not the formula of a KPI.
fn functions(files: &WorkspaceFiles, trees: &[Tree]) -> Vec<Arc<SourceFile>> {
    let kpis = trees.iter().filter_map(|tree| tree.node.get("kpis")).flat_map(Node::entries);
    let scripts: BTreeSet<_> = kpis
        .filter_map(|entry| values::text(entry.value.get("script")?))
        .map(|script| script_path(&script.value))
        .collect();
    files.under(FUNCTIONS).filter(|file| is_function(&file.path) && !scripts.contains(&file.path)).cloned().collect()
}

fn templates(files: &WorkspaceFiles, diagnostics: &mut Vec<Diagnostic>) -> IndexMap<String, TemplateFolder> {
    let mut folders: IndexMap<&str, Vec<&Arc<SourceFile>>> = IndexMap::new();
    for file in files.under("report-templates/") {
        if let Some((folder, _)) = template_file(&file.path) {
            folders.entry(folder).or_default().push(file);
        }
    }
    let shared = folders.shift_remove(SHARED_FOLDER).unwrap_or_default();
    let mut templates = IndexMap::new();
    for (folder, files) in folders {
        let named = |name: &str| files.iter().find(|file| file.path.ends_with(name)).map(|file| Arc::clone(file));
        let Some(report) = named("/report.md") else {
            let message = format!("the template `{folder}` has no `report.md`");
            let diagnostic = Diagnostic::error(Code::UnknownTemplate, start_of(files[0]), message);
            diagnostics.push(diagnostic.hint(format!("make the file report-templates/{folder}/report.md")));
            continue;
        };
        let subject = named("/subject.txt");
        let is_part =
            |file: &Arc<SourceFile>| !file.path.ends_with("/report.md") && !file.path.ends_with("/subject.txt");
        let mut parts: Vec<_> = files.iter().copied().filter(|file| is_part(file)).cloned().collect();
        parts.extend(mentioned(&shared, &files));
        templates.insert(folder.to_owned(), TemplateFolder { report, subject, parts });
    }
    templates
}

/// The shared files that these files speak of, or that those speak of: what a template does not include is no part of it.
fn mentioned(shared: &[&Arc<SourceFile>], files: &[&Arc<SourceFile>]) -> Vec<Arc<SourceFile>> {
    let mut found: Vec<Arc<SourceFile>> = Vec::new();
    loop {
        let speaks_of = |name: &str| files.iter().copied().chain(&found).any(|file| file.text.contains(name));
        let next = shared
            .iter()
            .copied()
            .find(|file| !found.contains(file) && speaks_of(file.path.trim_start_matches("report-templates/")));
        match next {
            Some(file) => found.push(Arc::clone(file)),
            None => return found,
        }
    }
}

/// The format of a YAML file at this path.
pub(super) fn format_of(path: &str) -> Option<&'static FileFormat> {
    FILE_FORMATS.iter().find(|format| match path.strip_prefix(format.place) {
        Some("") => true,
        Some(name) => format.place.ends_with('/') && name.ends_with(".yaml") && !name.contains('/'),
        None => false,
    })
}

/// Folder and name of a template's file.
fn template_file(path: &str) -> Option<(&str, &str)> {
    let (folder, name) = path.strip_prefix("report-templates/")?.split_once('/')?;
    let known = name == "subject.txt" || name.ends_with(".md");
    (known && folder != "theme" && !name.contains('/') && !is_note(path)).then_some((folder, name))
}

/// Whether a file is the frame of the page or of mails.
fn is_frame(path: &str) -> bool {
    path == PAGE_FRAME_FILE || path == MAIL_FRAME_FILE
}

fn is_function(path: &str) -> bool {
    path.strip_prefix(FUNCTIONS).is_some_and(|name| name.ends_with(".rhai") && !name.contains('/'))
}

/// Notes that people leave for each other.
fn is_note(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case("readme.md"))
}

/// The mistake of a file that nothing reads: a rule that silently does nothing is worse than one that fails.
fn unexpected(file: &Arc<SourceFile>) -> Option<Diagnostic> {
    let path = &file.path;
    if is_function(path) || template_file(path).is_some() || is_note(path) || is_file_of_rows(path) || is_frame(path) {
        return None;
    }
    let warning = Diagnostic::warning(Code::UnexpectedFile, start_of(file), format!("nothing reads the file `{path}`"));
    let renamed = path.strip_suffix(".yml").map(|stem| format!("{stem}.yaml"));
    Some(match renamed {
        Some(renamed) if format_of(&renamed).is_some() => {
            Diagnostic { severity: Severity::Error, ..warning }.hint(format!("rename it to `{renamed}`"))
        }
        _ if path.starts_with("rules/") => warning.hint(format!(
            "rules stand in {} and {FUNCTIONS}*.rhai",
            FILE_FORMATS
                .iter()
                .filter(|format| format.place.starts_with("rules/"))
                .map(|format| if format.place.ends_with('/') {
                    format!("{}*.yaml", format.place)
                } else {
                    format.place.to_owned()
                })
                .collect::<Vec<_>>()
                .join(", ")
        )),
        _ => warning.hint("a template is a folder with report.md, subject.txt and further .md files"),
    })
}

fn start_of(file: &Arc<SourceFile>) -> Span {
    Span { file: Arc::clone(file), range: 0..0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::workspace::read_folder;

    /// The files of the workspace that the golden cases start from.
    fn good() -> WorkspaceFiles {
        read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics/good")).expect("good files")
    }

    #[test]
    fn a_good_workspace_becomes_a_catalog() {
        let loaded = load_files(&good(), &BTreeMap::new());
        let catalog = loaded.catalog.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
        assert_eq!(catalog.kpis.keys().collect::<Vec<_>>(), ["offered", "service_level"]);
        let service_level = &catalog.kpis["service_level"];
        assert_eq!((service_level.target, service_level.warn), (Some(80.0), Some(75.0)));
        assert_eq!(service_level.title.get(crate::locale::Language::Russian), Some("Уровень сервиса"));
        let place = service_level.formula.span_of(14..22);
        assert_eq!((place.text(), place.position().line, place.position().column), ("answered", 10, 28));
        let report = &catalog.reports["weekly"];
        assert_eq!(report.schedule.as_ref().map(|schedule| schedule.timezone), Some(Tz::Europe__Moscow));
        assert_eq!(report.data["by_day"].by[0].value.name(), "day");
        let crate::workspace::RecipientGroup::Listed(members) = &catalog.recipients["directors"] else {
            panic!("a list")
        };
        let member = |member: &crate::workspace::Member| match member {
            crate::workspace::Member::Recipient(who) => (who.address.value.clone(), who.name.clone()),
            other => panic!("no recipient: {other:?}"),
        };
        let group: Vec<_> = members.iter().map(member).collect();
        assert_eq!(
            group,
            [
                ("anna@example.com".to_owned(), Some("Анна".to_owned())),
                ("boris@example.com".to_owned(), Some("Boris".to_owned()))
            ]
        );
        assert!(catalog.templates["weekly"].subject.is_some());
    }

    #[test]
    fn a_kpi_may_have_its_formula_in_a_file() {
        let mut files = good();
        let texts = [
            ("rules/functions/long.rhai", "let a = count();\na\n"),
            ("rules/functions/shared.rhai", "fn twice(x) { x * 2 }"),
            ("rules/kpis/long.yaml", "kpis:\n  long: { dataset: calls, script: long.rhai, unit: count }"),
        ];
        files.files.extend(WorkspaceFiles::from_texts("", texts).files);
        let catalog = load_files(&files, &BTreeMap::new()).catalog.expect("no mistakes");
        let place = catalog.kpis["long"].formula.span_of(17..18);
        assert_eq!((place.file.path.as_str(), place.position().line), ("rules/functions/long.rhai", 2));
        let functions: Vec<_> = catalog.functions.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(functions, ["rules/functions/shared.rhai"], "a script is no library");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

        /// Whatever is done to a file, the answer is a catalog or an error, and every place lies in its file.
        #[test]
        fn damaged_files_are_told_and_never_fatal(
            which in any::<prop::sample::Index>(),
            at in any::<prop::sample::Index>(),
            cut in 0..20_usize,
            put in r#"[-\[\]{}:,&*!|>'"%@`#?$ \t\n\rя🎉a0~]{0,6}"#,
        ) {
            let mut files = good();
            let path = files.files.keys().nth(which.index(files.files.len())).expect("a file").clone();
            let mut text = files.files[&path].text.clone();
            let start = text.floor_char_boundary(at.index(text.len()));
            let end = text.ceil_char_boundary((start + cut).min(text.len()));
            text.replace_range(start..end, &put);
            files.files.insert(path.clone(), Arc::new(SourceFile { path, text: text.clone() }));
            let loaded = load_files(&files, &BTreeMap::new());
            let errors = loaded.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
            let is_hurt = loaded.catalog.as_ref().is_none_or(|catalog| !catalog.faulty_kpis.is_empty());
            prop_assert_eq!(is_hurt, errors > 0, "{}", text);
            for style in [crate::diagnostics::Style::Plain, crate::diagnostics::Style::Coloured] {
                crate::diagnostics::render_text(&loaded.diagnostics, style);
            }
            crate::diagnostics::render_json(&loaded.diagnostics);
        }
    }
}
