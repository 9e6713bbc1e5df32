//! The files of a workspace as text, read from a folder. What they mean is not looked at here.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::definition::Asset;
use super::read_fixtures::TESTS;
use crate::diagnostics::{Code, Diagnostic, SourceFile, Span};

/// A file of rules longer than this is something else that got into the folder.
const MOST_BYTES: u64 = 1_000_000;
/// Folders nested deeper than this are a circle of links.
const MOST_LEVELS: usize = 16;
/// More files than this are not a workspace.
const MOST_FILES: usize = 10_000;

/// The settings' file, at the workspace's root.
pub const SETTINGS_FILE: &str = "callbrief.yaml";
/// The house's looks.
pub const THEME_FILE: &str = "report-templates/theme/theme.yaml";
/// The house's own frame of the HTML page.
pub(super) const PAGE_FRAME_FILE: &str = "report-templates/theme/page.html";
/// The house's own frame of mails.
pub(super) const MAIL_FRAME_FILE: &str = "report-templates/theme/mail.html";
/// The folder of the three, with pictures and fonts beside them.
const THEME_FOLDER: &str = "report-templates/theme/";
/// Longer pictures would make every mail as heavy.
const MOST_PICTURE_BYTES: u64 = 500_000;
/// Fonts with every script of the world are longer; none that is used for reports is.
const MOST_FONT_BYTES: u64 = 5_000_000;
/// The folders whose files belong to a workspace.
pub const FOLDERS: [&str; 2] = ["rules", "report-templates"];

/// The files of a workspace.
#[derive(Clone, Debug, Default)]
pub struct WorkspaceFiles {
    /// The folder relative paths start from.
    pub root: PathBuf,
    /// The files by their path relative to the root, with `/` on every system.
    pub files: BTreeMap<String, Arc<SourceFile>>,
    /// The theme's pictures and fonts by their path relative to its folder.
    pub assets: BTreeMap<String, Asset>,
}

/// Reads `callbrief.yaml`, `rules/` and `report-templates/` of a folder. All that cannot be read is reported at once;
/// nothing else of the folder is looked at.
pub fn read_folder(root: &Path) -> Result<WorkspaceFiles, Vec<Diagnostic>> {
    let reading = read_what_can_be(root);
    if reading.diagnostics.is_empty() { Ok(reading.files) } else { Err(reading.diagnostics) }
}

/// What came of reading a folder.
pub(super) struct Reading {
    real_root: PathBuf,
    /// What could be read.
    pub(super) files: WorkspaceFiles,
    /// Paths of what could not.
    pub(super) unread: Vec<String>,
    /// Why not.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads a folder and goes on after what cannot be read, so that the mistakes of all other files can be told too.
pub(super) fn read_what_can_be(root: &Path) -> Reading {
    let files = WorkspaceFiles { root: root.to_owned(), ..WorkspaceFiles::default() };
    let mut reading = Reading { real_root: PathBuf::new(), files, unread: Vec::new(), diagnostics: Vec::new() };
    reading.real_root = match fs::canonicalize(root) {
        Ok(path) if path.is_dir() => path,
        Ok(_) => {
            reading.refuse(&root.display().to_string(), "is a file, not a folder");
            return reading;
        }
        Err(error) => {
            reading.refuse(&root.display().to_string(), &reason(&error));
            return reading;
        }
    };
    if root.join(SETTINGS_FILE).exists() {
        reading.file(&root.join(SETTINGS_FILE), SETTINGS_FILE);
    } else {
        let message = format!("there is no `{SETTINGS_FILE}` in `{}`", root.display());
        reading.tell(
            SETTINGS_FILE,
            Diagnostic::without_place(Code::UnreadableFile, message)
                .hint("name the workspace's folder, or make a new workspace with `callbrief demo`"),
        );
    }
    for folder in FOLDERS {
        let path = root.join(folder);
        if path.is_dir() {
            reading.folder(&path, folder, 0);
        }
    }
    reading
}

impl WorkspaceFiles {
    /// Files that are at hand as text, for tests and for checking what is not yet saved.
    pub fn from_texts<'a>(root: impl Into<PathBuf>, texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = texts
            .into_iter()
            .map(|(path, text)| {
                (path.to_owned(), Arc::new(SourceFile { path: path.to_owned(), text: text.to_owned() }))
            })
            .collect();
        Self { root: root.into(), files, assets: BTreeMap::new() }
    }

    /// The files of a folder, given as `rules/kpis/`, in the order of their paths.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Arc<SourceFile>> {
        let from = self.files.range(folder.to_owned()..);
        from.take_while(move |(path, _)| path.starts_with(folder)).map(|(_, file)| file)
    }

    /// SHA-256 over paths and texts of the rules and templates, in hexadecimal. The settings and the rule tests are left
    /// out: where the database stands, and what is tried, does not change what a number means.
    pub fn rules_hash(&self) -> String {
        let mut hash = Sha256::new();
        let means_something = |path: &str| path != SETTINGS_FILE && !path.starts_with(TESTS);
        for file in self.files.values().filter(|file| means_something(&file.path)) {
            // Lengths keep one file's end from being taken for the next one's beginning.
            hash.update((file.path.len() as u64).to_be_bytes());
            hash.update(&file.path);
            hash.update((file.text.len() as u64).to_be_bytes());
            hash.update(&file.text);
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Reading {
    fn folder(&mut self, path: &Path, name: &str, level: usize) {
        if level >= MOST_LEVELS {
            return self.refuse(name, &format!("lies more than {MOST_LEVELS} folders deep"));
        }
        let entries = match fs::read_dir(path).and_then(Iterator::collect::<std::io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => return self.refuse(name, &reason(&error)),
        };
        let mut entries: Vec<_> = entries.into_iter().map(|entry| (entry.file_name(), entry.path())).collect();
        entries.sort();
        for (file_name, path) in entries {
            let Some(file_name) = file_name.to_str() else {
                self.refuse(&format!("{name}/{}", file_name.display()), "has a name that is not text");
                continue;
            };
            let name = format!("{name}/{file_name}");
            if is_leftover(file_name) || !self.stays_inside(&path, &name) {
                continue;
            }
            if path.is_dir() {
                self.folder(&path, &name, level + 1);
            } else if let Some(inside) = name.strip_prefix(THEME_FOLDER).filter(|_| !is_text(&name)) {
                self.asset(&path, &name, inside);
            } else {
                self.file(&path, &name);
            }
        }
    }

    /// A link out of the folder could carry any file of the machine into a report.
    fn stays_inside(&mut self, path: &Path, name: &str) -> bool {
        match fs::canonicalize(path) {
            Ok(real) if real.starts_with(&self.real_root) => true,
            Ok(_) => {
                let diagnostic = unreadable(name, "is a link that leads out of the workspace");
                self.tell(name, diagnostic.hint("copy the file into the workspace"));
                false
            }
            Err(error) => {
                self.refuse(name, &reason(&error));
                false
            }
        }
    }

    fn file(&mut self, path: &Path, name: &str) {
        if !self.stays_inside(path, name) {
            return;
        }
        if self.files.files.len() >= MOST_FILES {
            return self.refuse(name, &format!("is the file after the first {MOST_FILES}"));
        }
        let mut bytes = Vec::new();
        let read = fs::File::open(path).and_then(|file| {
            if !file.metadata()?.is_file() {
                return Err(std::io::Error::other("it is not an ordinary file"));
            }
            file.take(MOST_BYTES + 1).read_to_end(&mut bytes)
        });
        if let Err(error) = read {
            return self.refuse(name, &reason(&error));
        }
        if bytes.len() as u64 > MOST_BYTES {
            return self.refuse(name, "is longer than 1 MB");
        }
        match String::from_utf8(bytes) {
            Ok(text) => {
                // Editors on Windows put a byte-order mark in front; it is no part of the text.
                let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
                let file = Arc::new(SourceFile { path: name.to_owned(), text });
                self.files.files.insert(name.to_owned(), file);
            }
            Err(error) => self.tell(name, not_utf8(name, &error)),
        }
    }

    /// A file of the theme that is no text. Whether anything needs it is not known here, so only its reading can fail.
    fn asset(&mut self, path: &Path, name: &str, inside: &str) {
        let Some(most) = most_bytes(name) else { return };
        let mut bytes = Vec::new();
        let read = fs::File::open(path).and_then(|file| {
            let length = file.metadata()?.len();
            file.take(most).read_to_end(&mut bytes)?;
            Ok(length)
        });
        match read {
            Ok(length) => {
                self.files.assets.insert(inside.to_owned(), Asset { bytes: bytes.into(), length });
            }
            Err(error) => self.refuse(name, &reason(&error)),
        }
    }

    fn refuse(&mut self, name: &str, why: &str) {
        self.tell(name, unreadable(name, why));
    }

    fn tell(&mut self, name: &str, diagnostic: Diagnostic) {
        self.unread.push(name.to_owned());
        self.diagnostics.push(diagnostic);
    }
}

/// Whether a file is one that editors, file managers and version control leave behind.
pub fn is_leftover(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || name == "Thumbs.db"
}

/// Whether a path is one of those whose files are texts: everything but what stands beside the theme's three files.
pub(super) fn is_text(path: &str) -> bool {
    !path.starts_with(THEME_FOLDER) || [THEME_FILE, PAGE_FRAME_FILE, MAIL_FRAME_FILE].contains(&path)
}

/// How long a picture or a font of this name may be. Others, such as a designer's sources, are not looked at.
fn most_bytes(name: &str) -> Option<u64> {
    match name.to_ascii_lowercase().rsplit_once('.')?.1 {
        "png" | "svg" => Some(MOST_PICTURE_BYTES),
        "ttf" | "otf" => Some(MOST_FONT_BYTES),
        _ => None,
    }
}

fn unreadable(name: &str, why: &str) -> Diagnostic {
    Diagnostic::without_place(Code::UnreadableFile, format!("`{name}` {why}"))
}

/// Why a file or folder cannot be read, as the rest of a sentence that begins with its name.
pub(super) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "may not be read by this user".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

/// The mistake is placed where the first byte that is not text would stand.
fn not_utf8(name: &str, error: &std::string::FromUtf8Error) -> Diagnostic {
    let good = error.utf8_error().valid_up_to();
    let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
    let end = good + text[good..].chars().next().map_or(0, char::len_utf8);
    let span = Span { file: Arc::new(SourceFile { path: name.to_owned(), text }), range: good..end };
    Diagnostic::error(Code::UnreadableFile, span, format!("`{name}` is not UTF-8 text"))
        .hint("save the file with the encoding UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told about a folder with good settings and whatever `prepare` puts into it.
    #[track_caller]
    fn check(prepare: impl FnOnce(&Path), expected: &[&str]) {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("workspace");
        fs::create_dir_all(root.join("rules/kpis")).expect("folders");
        fs::write(root.join(SETTINGS_FILE), "timezone: UTC").expect("settings");
        prepare(&root);
        let told: Vec<_> = match read_folder(&root) {
            Ok(files) => files.files.into_keys().collect(),
            Err(diagnostics) => diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect(),
        };
        assert_eq!(told, expected);
    }

    fn put(path: PathBuf, bytes: impl AsRef<[u8]>) {
        fs::write(path, bytes).expect("a file");
    }

    #[test]
    fn only_the_workspace_is_read() {
        check(
            |root| {
                put(root.join("rules/kpis/a.yaml"), "\u{feff}kpis: {}");
                put(root.join("rules/kpis/.a.yaml.swp"), "\0");
                put(root.join("rules/kpis/a.yaml~"), "old");
                put(root.join("calls.db"), "\0");
                fs::create_dir_all(root.join("report-templates/theme")).expect("a folder");
                put(root.join("report-templates/theme/logo.png"), [0xff, 0xd8]);
                put(root.join("report-templates/theme/theme.yaml"), "");
            },
            &["callbrief.yaml", "report-templates/theme/theme.yaml", "rules/kpis/a.yaml"],
        );
    }

    #[test]
    fn what_cannot_be_read_is_told_at_once() {
        check(
            |root| {
                put(root.join("rules/kpis/a.yaml"), vec![b'#'; 1_000_001]);
                put(root.join("rules/kpis/b.yaml"), [b'#', 0xff]);
            },
            &["`rules/kpis/a.yaml` is longer than 1 MB", "`rules/kpis/b.yaml` is not UTF-8 text"],
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_inside() {
        use std::os::unix::fs::symlink;
        check(
            |root| {
                put(root.parent().expect("a folder").join("secret.yaml"), "x");
                symlink("../../../secret.yaml", root.join("rules/kpis/a.yaml")).expect("a link");
                symlink("/etc", root.join("rules/alerts")).expect("a link");
                symlink("b.yaml", root.join("rules/kpis/b.yaml")).expect("a link");
                symlink("nowhere.yaml", root.join("rules/kpis/c.yaml")).expect("a link");
            },
            &[
                "`rules/alerts` is a link that leads out of the workspace",
                "`rules/kpis/a.yaml` is a link that leads out of the workspace",
                "`rules/kpis/b.yaml` cannot be read: Too many levels of symbolic links (os error 40)",
                "`rules/kpis/c.yaml` does not exist",
            ],
        );
        check(
            |root| {
                put(root.join("rules/kpis/a.yaml"), "kpis: {}");
                symlink("a.yaml", root.join("rules/kpis/b.yaml")).expect("a link");
            },
            &["callbrief.yaml", "rules/kpis/a.yaml", "rules/kpis/b.yaml"],
        );
        check(
            |root| symlink("..", root.join("rules/kpis/up")).expect("a link"),
            &["`rules/kpis/up/kpis/up/kpis/up/kpis/up/kpis/up/kpis/up/kpis/up/kpis/up` lies more than 16 folders deep"],
        );
    }

    #[test]
    fn the_hash_names_the_rules_and_not_the_settings() {
        let hash = |texts: &[(&str, &str)]| WorkspaceFiles::from_texts("", texts.iter().copied()).rules_hash();
        let rules = ("rules/kpis/a.yaml", "kpis: {}");
        assert_eq!(hash(&[rules]), hash(&[rules, (SETTINGS_FILE, "locale: ru"), ("rules/tests/a.yaml", "tests: {}")]));
        assert_ne!(hash(&[rules]), hash(&[("rules/kpis/a.yaml", "kpis: { }")]));
        assert_ne!(hash(&[("rules/a", "b"), ("rules/c", "d")]), hash(&[("rules/a", "brules/cd")]));
        assert_eq!(hash(&[rules]).len(), 64);
    }
}
