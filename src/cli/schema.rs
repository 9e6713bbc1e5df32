//! `callbrief schema`: JSON Schemas of the workspace's files, for editors.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use super::Verdict;
use super::session::{Session, print};
use crate::workspace::SETTINGS_FILE;
use crate::workspace::schema::{KnownNames, SCHEMA_FOLDER, schemas};

#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    /// The folder to write to, instead of the workspace's own
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

pub(super) fn run(session: &Session, arguments: &SchemaArguments) -> anyhow::Result<Verdict> {
    let folder = arguments.folder.clone().unwrap_or_else(|| session.root.join(SCHEMA_FOLDER));
    for path in write(&folder, &session.root)? {
        print(&format!("wrote {}", path.display()))?;
    }
    Ok(Verdict::Fine)
}

/// Writes the schemas into the place of a workspace where its files' first lines look for them.
pub(super) fn write_into(workspace: &Path) -> anyhow::Result<()> {
    write(&workspace.join(SCHEMA_FOLDER), workspace).map(|_| ())
}

/// Writes them, with the names of a workspace if there is one.
fn write(folder: &Path, workspace: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let has_workspace = workspace.join(SETTINGS_FILE).is_file();
    let names = if has_workspace { KnownNames::in_folder(workspace) } else { KnownNames::default() };
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    schemas(&names)
        .into_iter()
        .map(|schema| {
            let path = folder.join(schema.name);
            std::fs::write(&path, schema.text).with_context(|| format!("cannot write {}", path.display()))?;
            Ok(path)
        })
        .collect()
}
