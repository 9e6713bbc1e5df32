//! The program as its users meet it: the real binary, run with arguments in a workspace's folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

/// What a run of the program left.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The program, to be run or spawned, in a plain environment.
pub(crate) fn callbrief(workspace: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callbrief"));
    command.arg("--workspace").arg(workspace).args(arguments).env("LC_ALL", "C.UTF-8").env_remove("CALLBRIEF_LOG");
    command
}

/// Runs it to its end, two minutes at most.
pub(crate) fn run(workspace: &Path, arguments: &[&str]) -> Ran {
    ended(callbrief(workspace, arguments))
}

pub(crate) fn ended(command: Command) -> Ran {
    let output = assert_cmd::Command::from_std(command).timeout(Duration::from_secs(120)).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs it and expects that all went well.
pub(crate) fn succeeded(workspace: &Path, arguments: &[&str]) -> String {
    let ran = run(workspace, arguments);
    assert_eq!(ran.code, 0, "callbrief {arguments:?}:\n{}\n{}", ran.err, ran.out);
    ran.out
}

/// The groups of `callbrief kpi --json`: each group's key and its KPIs' values.
pub(crate) fn kpi_groups(workspace: &Path, arguments: &[&str]) -> Vec<(Value, Value)> {
    let out = succeeded(workspace, &[&["kpi", "--json"], arguments].concat());
    let mut answer: Value = serde_json::from_str(&out).unwrap();
    let Value::Array(groups) = answer["groups"].take() else { panic!("no groups: {out}") };
    groups.into_iter().map(|mut group| (group["group"].take(), group["kpis"].take())).collect()
}

/// The total of `callbrief kpi --json`: its KPIs' values.
pub(crate) fn kpi_total(workspace: &Path, arguments: &[&str]) -> Value {
    let mut groups = kpi_groups(workspace, arguments);
    assert_eq!(groups.len(), 1, "{arguments:?}: a total is one group");
    groups.remove(0).1
}

/// Copies a folder of the repository.
pub(crate) fn copy(from: &str, to: &Path) {
    copy_folder(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(from), to);
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
