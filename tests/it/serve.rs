//! `callbrief serve` as a process: what is due goes out once, also when the process is started again, told to stop, or
//! killed at any moment. `--now` makes it Monday morning.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::letters::Letter;
use super::program::{callbrief, copy, run, succeeded};

/// Sunday noon, when the service sees the report for the first time; Monday 08:00:20 in Moscow, when a run is due; and an
/// hour and a half later, when what a killed process had claimed is free again.
pub(crate) const SUNDAY: &str = "2026-11-22T09:00:00Z";
pub(crate) const MONDAY: &str = "2026-11-23T05:00:20Z";
const LATER: &str = "2026-11-23T06:30:00Z";

/// A service at work, and what it has logged so far.
pub(crate) struct Served {
    process: Child,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Served {
    /// Starts a service and waits until it says that it serves: before that a signal ends it as it ends any program.
    pub(crate) fn start(workspace: &Path, now: &str) -> Self {
        Self::spawn(callbrief(workspace, &["--now", now, "serve"]))
    }

    /// The same with a command of one's own.
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (stderr, into) = (BufReader::new(process.stderr.take().unwrap()), Arc::clone(&log));
        let reader = std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                into.lock().unwrap().push_str(&format!("{line}\n"));
            }
        });
        let mut served = Self { process, log, reader: Some(reader) };
        until("the start of the service", || {
            served.log().contains("serving") || served.process.try_wait().unwrap().is_some()
        });
        served
    }

    /// Asks it to stop and waits for that; it has two seconds.
    pub(crate) fn stop(mut self) {
        let asked = Instant::now();
        self.signal("-TERM");
        until("the end of the service", || self.process.try_wait().unwrap().is_some());
        let took = asked.elapsed();
        self.reader.take().unwrap().join().unwrap();
        let log = self.log();
        assert_eq!(self.process.wait().unwrap().code(), Some(0), "{log}");
        assert!(took < Duration::from_secs(2), "stopping took {took:?}\n{log}");
        assert!(log.contains("\"stopped\"") && !log.contains("\"ERROR\""), "{log}");
    }

    /// Sends it a signal, such as `-HUP`.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// Ends it as a power failure would.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Also when the test has failed; one that has ended already is no mistake.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits until something has happened, for half a minute at most.
pub(crate) fn until(what: &str, mut happened: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !happened() {
        assert!(Instant::now() < deadline, "{what} did not happen");
        std::thread::park_timeout(Duration::from_millis(3));
    }
}

pub(crate) fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy("tests/workspaces/small", folder.path());
    let calls = folder.path().join("calls.csv");
    succeeded(folder.path(), &["import", calls.to_str().unwrap(), "--table=calls"]);
    folder
}

/// A first day of service, on which nothing is due.
pub(crate) fn first_day(workspace: &Path) {
    let served = Served::start(workspace, SUNDAY);
    until("the first look at the schedule", || count(workspace, "SELECT COUNT(*) FROM schedules") == 1);
    served.stop();
    assert_eq!(letters(workspace), Vec::<String>::new());
}

/// One number out of the journal; 0 while there is no journal.
pub(crate) fn count(workspace: &Path, sql: &'static str) -> i64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(workspace.join("callbrief.db"));
        let Ok(mut journal) = sqlx::ConnectOptions::connect(&options.create_if_missing(false)).await else { return 0 };
        sqlx::query_scalar(sql).fetch_one(&mut journal).await.unwrap_or(0)
    })
}

fn runs(workspace: &Path) -> Value {
    serde_json::from_str(&succeeded(workspace, &["runs", "--json"])).unwrap()
}

/// The addresses that mail was written to, sorted.
pub(crate) fn letters(workspace: &Path) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(workspace.join("outbox")) else { return Vec::new() };
    let paths =
        files.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "eml"));
    let to = |path| Letter::read(&std::fs::read(path).unwrap()).headers["To"].as_str().unwrap().to_owned();
    let mut letters: Vec<String> = paths.map(to).collect();
    letters.sort();
    letters
}

pub(crate) fn all_sent(workspace: &Path) -> bool {
    count(workspace, "SELECT COUNT(*) FROM deliveries WHERE state = 'sent'") == 3
        && count(workspace, "SELECT COUNT(*) FROM runs WHERE state = 'done'") == 1
}

pub(crate) const EVERYONE: [&str; 3] = ["Anna <anna@example.org>", "boris@example.org", "vera@example.org"];

#[test]
fn a_due_report_goes_out_once() {
    let folder = workspace();
    let workspace = folder.path();
    first_day(workspace);
    let served = Served::start(workspace, MONDAY);
    until("the delivery", || all_sent(workspace));
    served.stop();
    assert_eq!(letters(workspace), EVERYONE);

    // Another report, whose first look at shows that the service has looked at all of them.
    let file = workspace.join("rules/reports/evening.yaml");
    let daily = std::fs::read_to_string(workspace.join("rules/reports/daily.yaml")).unwrap();
    std::fs::write(file, daily.replace("  daily:", "  evening:").replace("0 8 * * *", "0 20 * * *")).unwrap();
    let served = Served::start(workspace, LATER);
    until("a look at the schedules", || count(workspace, "SELECT COUNT(*) FROM schedules") == 2);
    served.stop();
    assert_eq!(letters(workspace), EVERYONE);
    assert_eq!(runs(workspace).as_array().unwrap().len(), 1);
    insta::assert_snapshot!("runs", normalized(&succeeded(workspace, &["runs"]), workspace));
}

#[test]
fn a_second_service_sends_nothing_twice() {
    let folder = workspace();
    let workspace = folder.path();
    first_day(workspace);
    let (one, other) = (Served::start(workspace, MONDAY), Served::start(workspace, MONDAY));
    until("the delivery", || all_sent(workspace));
    one.stop();
    other.stop();
    assert_eq!(letters(workspace), EVERYONE);
    assert_eq!(runs(workspace).as_array().unwrap().len(), 1);
}

#[test]
fn a_killed_service_loses_and_doubles_nothing() {
    let moments = [
        "SELECT COUNT(*) FROM runs",
        "SELECT COUNT(*) FROM runs WHERE state = 'queued'",
        "SELECT COUNT(*) FROM deliveries",
        "SELECT COUNT(*) FROM deliveries WHERE state = 'attempting'",
        "SELECT COUNT(*) FROM deliveries WHERE state = 'sent'",
    ];
    let check = |moment| {
        let folder = workspace();
        let workspace = folder.path();
        first_day(workspace);
        let served = Served::start(workspace, MONDAY);
        // Some moments pass too quickly to be seen; then it is killed after the work, which must do no harm either.
        until(moment, || count(workspace, moment) > 0 || all_sent(workspace));
        served.kill();
        let served = Served::start(workspace, LATER);
        until("the rest of the work", || all_sent(workspace));
        served.stop();
        assert_eq!(letters(workspace), EVERYONE, "{moment}");
        let runs = runs(workspace);
        assert_eq!(runs.as_array().unwrap().len(), 1, "{moment}: {runs}");
        assert_eq!(runs[0]["period"], "2026-11-22", "{moment}");
    };
    // At the same time, as each spends most of its own waiting for the next second.
    std::thread::scope(|scope| {
        moments.map(|moment| scope.spawn(move || check(moment))).map(|thread| thread.join().unwrap())
    });
}

#[test]
fn a_schedule_is_shown_in_local_time_and_utc() {
    let folder = workspace();
    let told = succeeded(folder.path(), &["--now", SUNDAY, "schedule", "-n", "3"]);
    insta::assert_snapshot!("schedule", told);
    let unknown = run(folder.path(), &["schedule", "dialy"]);
    assert!(unknown.code == 2 && unknown.err.starts_with("error: there is no report `dialy`"), "{}", unknown.err);
}

/// Without the folder's name and the ids of processes.
fn normalized(told: &str, workspace: &Path) -> String {
    told.replace(workspace.to_str().unwrap(), "WORKSPACE")
}
