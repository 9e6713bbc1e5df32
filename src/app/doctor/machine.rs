//! The machine: its clock, the zone data, the fonts, the room on the journal's disk.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;

use super::Chart;
use crate::pipeline::Workspace;

/// A journal of a year with a thousand messages a day and their attachments fits into this, in MB.
const ROOM_TO_WISH: u64 = 1_000;
/// With less than this, in MB, the next reports may not fit.
const ROOM_TO_NEED: u64 = 100;
/// A clock before this is not set: the program is younger. 2026-01-01.
const PROGRAM_IS_YOUNGER: i64 = 1_767_225_600;
/// Where systems keep zone data, with their version in the first line.
const ZONES_OF_SYSTEM: &str = "/usr/share/zoneinfo/tzdata.zi";

pub(super) fn examine(chart: &mut Chart, workspace: Option<&Workspace>, now: DateTime<Utc>) {
    let subject = chart.word("doctor-clock");
    let at = now.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    if now.timestamp() < PROGRAM_IS_YOUNGER {
        chart.ill(subject, "doctor-clock-ill", "doctor-clock-advice", &[("at", at.into())]);
    } else {
        chart.well(subject, "doctor-clock-well", &[("at", at.into())]);
    }
    zones(chart);
    if let Some(workspace) = workspace {
        let subject = chart.word("doctor-fonts");
        let said = if workspace.theme.has_own_fonts() { "doctor-fonts-own" } else { "doctor-fonts-shipped" };
        chart.well(subject, said, &[]);
        if let Some(file) = journal_file(workspace) {
            room(chart, &file);
        }
    }
}

/// The file of a journal that is one.
pub(super) fn journal_file(workspace: &Workspace) -> Option<PathBuf> {
    let url = workspace.catalog.settings.journal.url.expose_secret();
    let path = url.strip_prefix("sqlite:")?.trim_start_matches("//");
    Some(workspace.catalog.root.join(path.split('?').next().unwrap_or(path)))
}

/// The zone data are part of the program; the system's may be newer, and then the program should be.
fn zones(chart: &mut Chart) {
    let own = chrono_tz::IANA_TZDB_VERSION;
    let system = std::fs::read_to_string(ZONES_OF_SYSTEM).ok();
    let system = system.as_deref().and_then(|text| text.lines().next()?.strip_prefix("# version "));
    let subject = chart.word("doctor-zones");
    match system {
        Some(system) if is_newer(system, own) => {
            let values = &[("own", own.into()), ("system", system.to_owned().into())];
            chart.doubtful(subject, "doctor-zones-old", "doctor-zones-advice", values);
        }
        _ => chart.well(subject, "doctor-zones-well", &[("own", own.into())]),
    }
}

/// Versions are a year and a letter; a distribution may add something to them.
fn is_newer(system: &str, own: &str) -> bool {
    let version = |text: &str| text.trim().chars().take(5).collect::<String>();
    version(system) > version(own)
}

fn room(chart: &mut Chart, file: &Path) {
    let subject = chart.word("doctor-disk");
    let folder = file.ancestors().skip(1).find(|folder| folder.is_dir());
    let Some(free) = folder.and_then(free_megabytes) else {
        return chart.doubtful(subject, "doctor-disk-unknown", "doctor-disk-advice", &[]);
    };
    let values = &[("free", free.into())];
    match free {
        0..ROOM_TO_NEED => chart.ill(subject, "doctor-disk-well", "doctor-disk-advice", values),
        ROOM_TO_NEED..ROOM_TO_WISH => chart.doubtful(subject, "doctor-disk-well", "doctor-disk-advice", values),
        _ => chart.well(subject, "doctor-disk-well", values),
    }
}

/// As `df` says, which every system has; asking the system directly needs code that Rust cannot check.
fn free_megabytes(folder: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(folder).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    free_in(&text)
}

/// The fourth column of the second line, in kB.
fn free_in(df: &str) -> Option<u64> {
    let free: u64 = df.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(free / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_understood() {
        let df = "Filesystem     1024-blocks     Used Available Capacity Mounted on\n/dev/vda         264224128 54000000  41943040      57% /\n";
        assert_eq!(free_in(df), Some(41_943));
        assert_eq!(free_in("df: no such file"), None);
        assert!(is_newer("2026b", "2025c") && is_newer("2025c-rearguard", "2025b"));
        assert!(!is_newer("2025b", "2025b") && !is_newer("2024a-debian", "2025b"));
    }
}
