//! The workspace that ships inside the binary: the same files as at the top of the repository.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, File, include_dir};

use super::files::{SETTINGS_FILE, WorkspaceFiles, is_text};
use crate::diagnostics::SourceFile;

static SETTINGS: &str = include_str!("../../callbrief.yaml");
static RULES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");
static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/report-templates");

/// What happens to a file that is already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays as it is.
    Keep,
    /// It is replaced.
    Replace,
}

/// What unpacking did: paths relative to the workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unpacked {
    /// Files that were written.
    pub written: Vec<String>,
    /// Files that were there and stayed.
    pub kept: Vec<String>,
}

/// The shipped workspace, as if it stood in `root`; relative paths of its settings start from there.
pub fn shipped(root: impl Into<PathBuf>) -> WorkspaceFiles {
    let files: BTreeMap<_, _> = all()
        .into_iter()
        .filter(|(path, _)| is_text(path))
        .filter_map(|(path, bytes)| Some((path.clone(), std::str::from_utf8(bytes).ok()?.to_owned())))
        .map(|(path, text)| (path.clone(), Arc::new(SourceFile { path, text })))
        .collect();
    WorkspaceFiles { root: root.into(), files, ..WorkspaceFiles::default() }
}

/// Unpacks the shipped workspace into a folder, which is made if it is missing.
pub fn write_to(folder: &Path, existing: Existing) -> io::Result<Unpacked> {
    let mut unpacked = Unpacked::default();
    for (name, bytes) in all() {
        let path = folder.join(&name);
        if existing == Existing::Keep && path.exists() {
            unpacked.kept.push(name);
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, bytes)?;
        unpacked.written.push(name);
    }
    Ok(unpacked)
}

/// Every shipped file by its path in the workspace.
fn all() -> BTreeMap<String, &'static [u8]> {
    let mut files = BTreeMap::from([(SETTINGS_FILE.to_owned(), SETTINGS.as_bytes())]);
    for (folder, dir) in [("rules", &RULES), ("report-templates", &TEMPLATES)] {
        collect(dir, &mut |file| {
            let inside = file.path().components().map(|part| part.as_os_str().to_string_lossy());
            let path = std::iter::once(folder.into()).chain(inside).collect::<Vec<_>>().join("/");
            // Editors' and version control's leftovers are no part of a workspace.
            if !path.split('/').any(|part| part.starts_with('.') || part.ends_with('~')) {
                files.insert(path, file.contents());
            }
        });
    }
    files
}

fn collect(dir: &'static Dir<'static>, each: &mut impl FnMut(&'static File<'static>)) {
    dir.files().for_each(&mut *each);
    dir.dirs().for_each(|dir| collect(dir, each));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_workspace_has_no_mistakes() {
        let loaded = crate::workspace::load_files(&shipped("."), &BTreeMap::new());
        assert_eq!(crate::diagnostics::render_text(&loaded.diagnostics, crate::diagnostics::Style::Plain), "");
        assert!(loaded.catalog.is_some());
    }

    #[test]
    fn unpacking_never_overwrites_unasked() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = write_to(folder.path(), Existing::Keep).expect("unpacked");
        assert!(first.written.contains(&SETTINGS_FILE.to_owned()) && first.kept.is_empty());
        fs::write(folder.path().join(SETTINGS_FILE), "mine").expect("written");
        let second = write_to(folder.path(), Existing::Keep).expect("unpacked");
        assert_eq!((second.written.len(), second.kept.len()), (0, first.written.len()));
        assert_eq!(fs::read_to_string(folder.path().join(SETTINGS_FILE)).expect("read"), "mine");
        write_to(folder.path(), Existing::Replace).expect("unpacked");
        assert_eq!(fs::read_to_string(folder.path().join(SETTINGS_FILE)).expect("read"), SETTINGS);
    }
}
