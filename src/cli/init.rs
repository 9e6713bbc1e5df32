//! `callbrief init`: the shipped workspace in a folder of one's own.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use super::session::print;
use super::{Verdict, schema};
use crate::workspace::embedded::{Existing, write_to};
use crate::workspace::schema::SCHEMA_FOLDER;

#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// The folder; files that exist stay as they are
    #[arg(default_value = ".")]
    folder: PathBuf,
}

pub(super) fn run(arguments: &InitArguments) -> anyhow::Result<Verdict> {
    let unpacked = write_to(&arguments.folder, Existing::Keep)
        .with_context(|| format!("cannot write to {}", arguments.folder.display()))?;
    for path in &unpacked.written {
        print(&format!("wrote {path}"))?;
    }
    for path in &unpacked.kept {
        print(&format!("kept  {path}"))?;
    }
    schema::write_into(&arguments.folder)?;
    print(&format!("wrote {SCHEMA_FOLDER}/, with which editors complete and check these files"))?;
    print("\nNext: point `sources:` in callbrief.yaml at your database, then run `callbrief check`.")?;
    Ok(Verdict::Fine)
}
