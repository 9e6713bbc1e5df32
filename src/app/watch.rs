//! Which of a workspace's files have changed. They are looked at again and again, by their time and size: that works
//! on every file system, also where no notices of changes arrive, and costs next to nothing for so few files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};
use tokio::time::{Interval, MissedTickBehavior};

use crate::workspace::{FOLDERS, SETTINGS_FILE, is_leftover};

/// Folders nested deeper than this are a circle of links.
const MOST_LEVELS: usize = 16;

/// The files as they were seen last.
pub(super) struct Watch {
    root: PathBuf,
    seen: BTreeMap<String, Seen>,
    pause: Interval,
}

/// A file as it was seen.
struct Seen {
    stamp: Stamp,
    digest: [u8; 32],
}

/// What changes when a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
}

impl Watch {
    /// Looks at the files for the first time, and again after each pause.
    pub(super) fn new(root: &Path, pause: Duration) -> Self {
        let mut pause = tokio::time::interval(pause);
        pause.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut watch = Self { root: root.to_owned(), seen: BTreeMap::new(), pause };
        let stamps = watch.stamps();
        watch.take(stamps);
        watch
    }

    /// Waits until files have changed and gives their paths. Editors write in several steps, so it waits until nothing
    /// happens any more; a file that was written with the same content has not changed.
    pub(super) async fn changed(&mut self) -> Vec<String> {
        loop {
            self.pause.tick().await;
            let mut stamps = self.stamps();
            if stamps.iter().eq(self.seen.iter().map(|(path, seen)| (path, &seen.stamp))) {
                continue;
            }
            loop {
                self.pause.tick().await;
                let now = self.stamps();
                if now == stamps {
                    break;
                }
                stamps = now;
            }
            let changed = self.take(stamps);
            if !changed.is_empty() {
                return changed;
            }
        }
    }

    /// Names the state of all files that decide what numbers are measured: the settings and the rules.
    pub(super) fn digest_of_rules(&self) -> String {
        let mut hash = Sha256::new();
        for (path, seen) in self.seen.iter().filter(|(path, _)| *path == SETTINGS_FILE || path.starts_with("rules/")) {
            hash.update((path.len() as u64).to_be_bytes());
            hash.update(path);
            hash.update(seen.digest);
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Keeps what was seen and gives the paths whose content is another one now.
    fn take(&mut self, stamps: BTreeMap<String, Stamp>) -> Vec<String> {
        let mut before = std::mem::take(&mut self.seen);
        let mut changed = Vec::new();
        for (path, stamp) in stamps {
            let old = before.remove(&path);
            let digest = match &old {
                Some(old) if old.stamp == stamp => old.digest,
                _ => digest(&self.root.join(&path)),
            };
            if old.is_none_or(|old| old.digest != digest) {
                changed.push(path.clone());
            }
            self.seen.insert(path, Seen { stamp, digest });
        }
        changed.extend(before.into_keys());
        changed
    }

    fn stamps(&self) -> BTreeMap<String, Stamp> {
        let mut stamps = BTreeMap::new();
        look_at(&self.root.join(SETTINGS_FILE), SETTINGS_FILE, 0, &mut stamps);
        for folder in FOLDERS {
            look_at(&self.root.join(folder), folder, 0, &mut stamps);
        }
        stamps
    }
}

/// The stamps of a file or of all in a folder. What cannot be read is not there; the check tells why.
fn look_at(path: &Path, name: &str, level: usize, stamps: &mut BTreeMap<String, Stamp>) {
    let Ok(metadata) = fs::metadata(path) else { return };
    if !metadata.is_dir() {
        stamps.insert(name.to_owned(), Stamp { modified: metadata.modified().ok(), bytes: metadata.len() });
        return;
    }
    if level >= MOST_LEVELS {
        return;
    }
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if let Some(inside) = entry.file_name().to_str().filter(|inside| !is_leftover(inside)) {
            look_at(&entry.path(), &format!("{name}/{inside}"), level + 1, stamps);
        }
    }
}

fn digest(path: &Path) -> [u8; 32] {
    Sha256::digest(fs::read(path).unwrap_or_default()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn changes_of_content_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("callbrief.yaml", "a");
        write("rules/kpis/a.yaml", "a");
        write("report-templates/weekly/report.md", "a");
        let mut watch = Watch::new(folder.path(), Duration::from_millis(30));
        let rules = watch.digest_of_rules();

        write("report-templates/weekly/report.md", "bb");
        write("report-templates/theme/logo.png", "x");
        write("report-templates/weekly/.report.md.swp", "x");
        write("elsewhere.txt", "x");
        assert_eq!(watch.changed().await, ["report-templates/theme/logo.png", "report-templates/weekly/report.md"]);
        assert_eq!(watch.digest_of_rules(), rules);

        // The same content again is no change; the removal behind it is.
        write("report-templates/weekly/report.md", "bb");
        fs::remove_file(folder.path().join("rules/kpis/a.yaml")).unwrap();
        assert_eq!(watch.changed().await, ["rules/kpis/a.yaml"]);
        assert_ne!(watch.digest_of_rules(), rules);
    }
}
