//! `callbrief runs export`: what the archive keeps of a run, as files: each message as it was sent, what was attached to
//! it, and the numbers it was made from.

use std::path::Path;

use anyhow::Context;

use super::Verdict;
use super::runs::{let_go, made};
use super::session::print;
use crate::delivery::attachments;
use crate::journal::{Channel, Journal, RunRecord};

pub(super) async fn run(journal: &Journal, run: &RunRecord, folder: &Path) -> anyhow::Result<Verdict> {
    let mut written = 0;
    // One message at a time: a run may have very many.
    for (number, delivery) in (1..).zip(made(run)?) {
        let archived = journal.archived(delivery.id).await?.with_context(|| let_go(run, delivery))?;
        let own = folder.join(format!("{number:03}-{}", file_name(&delivery.recipient)));
        std::fs::create_dir_all(&own).with_context(|| format!("cannot make the folder {}", own.display()))?;
        let name = match delivery.channel {
            Channel::Mail => "message.eml",
            Channel::Webhook => "message.json",
        };
        let mut files = vec![(name.to_owned(), archived.bytes.clone())];
        files.extend(archived.made_from.clone().map(|json| ("numbers.json".to_owned(), json.into_bytes())));
        files.extend(attachments(&archived.bytes).into_iter().map(|(name, bytes)| (file_name(&name), bytes)));
        for (name, bytes) in files {
            let path = own.join(name);
            std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
            written += 1;
        }
        print(&own.display().to_string())?;
    }
    print(&format!("{written} files of run {}", run.id))?;
    Ok(Verdict::Fine)
}

/// A name that is safe in every file system.
fn file_name(text: &str) -> String {
    let safe = |letter: char| if letter.is_ascii_alphanumeric() || "._-@".contains(letter) { letter } else { '-' };
    text.chars().map(safe).collect::<String>().trim_start_matches('.').to_owned()
}
