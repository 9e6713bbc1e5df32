//! Many reports due at the same minute, two processes on one PostgreSQL journal that are killed again and again, and a mail
//! server that refuses every twentieth message at first. Nothing here says how many of each: the test and the bench do.

mod sink;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use callbrief::time::Clock;
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use sink::Sink;

/// How much of it.
pub(crate) struct Size {
    /// Reports that are due together; each has two recipients.
    pub(crate) reports: usize,
    /// How often a process is killed, every two seconds.
    pub(crate) kills: usize,
    /// How long everything may take from the due minute on.
    pub(crate) limit: Duration,
}

/// What came of it.
pub(crate) struct Outcome {
    /// Messages that are to be taken by the mail server once each.
    pub(crate) messages: usize,
    /// Messages of which the journal says that they were taken.
    pub(crate) sent: usize,
    /// Messages that the mail server has not.
    pub(crate) lost: Vec<String>,
    /// Copies at the mail server beyond the first that the journal knows nothing of.
    pub(crate) doubled: Vec<String>,
    /// Messages at the mail server that are in no journal.
    pub(crate) foreign: usize,
    /// Runs that are not done.
    pub(crate) unfinished: usize,
    /// Attempts that ended without an answer, as the journal counts them.
    pub(crate) uncertain: i64,
    /// Copies beyond the first at the mail server.
    pub(crate) copies: usize,
    /// How often the mail server refused a message for the time being.
    pub(crate) refused: usize,
    /// How long after the due minute messages were taken: half of them, 99 of 100, the last. In seconds.
    pub(crate) lateness: [i64; 3],
    /// The most memory a process held, in MB.
    pub(crate) peak_mb: u64,
    /// From the due minute to the end.
    pub(crate) took: Duration,
}

impl Outcome {
    /// Whether everybody got everything once, but for the copies the journal owns up to.
    pub(crate) fn is_kept(&self) -> bool {
        self.sent == self.messages
            && self.lost.is_empty()
            && self.doubled.is_empty()
            && (self.foreign, self.unfinished) == (0, 0)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, [half, most, last]) = (self.took.as_secs_f64(), self.lateness);
        writeln!(
            formatter,
            "{} of {} messages sent in {seconds:.0} s, {} refused at first",
            self.sent, self.messages, self.refused
        )?;
        writeln!(
            formatter,
            "lost {:?}, doubled {:?}, unknown {}, runs not done {}",
            self.lost, self.doubled, self.foreign, self.unfinished
        )?;
        writeln!(
            formatter,
            "{} attempts uncertain, {} copies at the mail server of those",
            self.uncertain, self.copies
        )?;
        write!(
            formatter,
            "late by {half} s (p50), {most} s (p99), {last} s (the last); peak memory {} MB",
            self.peak_mb
        )
    }
}

const KILL_EVERY: Duration = Duration::from_secs(2);
const RECIPIENTS: usize = 2;

/// A process and what its life is for.
struct Process {
    child: Child,
}

/// Does it. The server is the one `tests/run` starts.
pub(crate) fn run(size: &Size, server: &str, seed: u64) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let database = format!("headline_{}", std::process::id());
    let journal = {
        let (host, _) = server.rsplit_once('/').unwrap();
        format!("{host}/{database}")
    };
    let mut connection = runtime.block_on(async {
        let mut connection = PgConnection::connect(server).await.unwrap();
        connection.execute(sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {database}")))).await.unwrap();
        PgConnection::connect(&journal).await.unwrap()
    });
    let mut number = |sql: &'static str| -> i64 {
        runtime.block_on(async { sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap_or(-1) })
    };

    let sink = Sink::start();
    let folder = tempfile::tempdir().unwrap();
    let due = next_minute(Clock::System.now() + TimeDelta::seconds(10));
    workspace(folder.path(), &journal, sink.port(), size.reports, due);
    let mut processes = [start(folder.path()), start(folder.path())];
    let mut peak = 0;
    let known = i64::try_from(size.reports).unwrap();
    wait(Duration::from_secs(60), "the first look at the schedules", || {
        number("SELECT COUNT(*) FROM schedules") == known
    });
    let until_due = (due - Clock::System.now()).to_std().unwrap_or_default() + Duration::from_secs(10);
    wait(until_due, "the first run", || number("SELECT COUNT(*) FROM runs") > 0);

    let began = Instant::now();
    let mut random = seed;
    for kill in 1..=size.kills {
        let at = began + KILL_EVERY * u32::try_from(kill).unwrap();
        while Instant::now() < at {
            peak = peak.max(memory(&processes));
            std::thread::park_timeout(Duration::from_millis(50));
        }
        // Knuth's generator; which of the two is all that is asked.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let process = &mut processes[usize::from(random >> 63 == 1)];
        process.child.kill().unwrap();
        process.child.wait().unwrap();
        *process = start(folder.path());
    }
    let open = "SELECT (SELECT COUNT(*) FROM runs WHERE state IN ('claimed', 'waiting', 'queued')) \
                + (SELECT COUNT(*) FROM schedules) - (SELECT COUNT(*) FROM runs)";
    wait(size.limit.saturating_sub(began.elapsed()), "the end of the work", || {
        peak = peak.max(memory(&processes));
        number(open) == 0
    });
    let took = began.elapsed();
    for process in &mut processes {
        process.child.kill().unwrap();
        process.child.wait().unwrap();
    }
    let rows: Vec<(String, String, i64, Option<i64>)> = runtime.block_on(async {
        sqlx::query_as(
            "SELECT deliveries.message_id, deliveries.state, deliveries.uncertain, \
             deliveries.sent_at - runs.scheduled_for FROM deliveries JOIN runs ON runs.id = deliveries.run_id",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap()
    });
    let unfinished = runtime.block_on(async {
        sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM runs WHERE state <> 'done'")
            .fetch_one(&mut connection)
            .await
            .unwrap()
    });
    let mut at_sink = sink.taken();
    let mut outcome = Outcome {
        messages: size.reports * RECIPIENTS,
        sent: rows.iter().filter(|(_, state, ..)| state == "sent").count(),
        lost: Vec::new(),
        doubled: Vec::new(),
        foreign: 0,
        unfinished: usize::try_from(unfinished).unwrap(),
        uncertain: rows.iter().map(|(_, _, uncertain, _)| uncertain).sum(),
        copies: 0,
        refused: sink.refused(),
        lateness: lateness(rows.iter().filter_map(|(.., late)| *late).collect()),
        peak_mb: peak / 1024,
        took,
    };
    for (id, _, uncertain, _) in &rows {
        let copies = at_sink.remove(id).unwrap_or(0);
        match copies {
            0 => outcome.lost.push(id.clone()),
            1 => {}
            more => {
                outcome.copies += more - 1;
                if i64::try_from(more - 1).unwrap() > *uncertain {
                    outcome.doubled.push(id.clone());
                }
            }
        }
    }
    outcome.foreign = at_sink.len();
    outcome
}

/// The next whole minute.
fn next_minute(after: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = after.timestamp() / 60 * 60 + 60;
    DateTime::from_timestamp(seconds, 0).unwrap()
}

/// A workspace with that many reports, all due at that minute of every day.
fn workspace(folder: &Path, journal: &str, port: u16, reports: usize, due: DateTime<Utc>) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/small");
    for file in [
        "rules/datasets/calls.yaml",
        "rules/kpis/calls.yaml",
        "report-templates/daily/report.md",
        "report-templates/daily/subject.txt",
    ] {
        std::fs::create_dir_all(folder.join(file).parent().unwrap()).unwrap();
        std::fs::copy(from.join(file), folder.join(file)).unwrap();
    }
    // Calls of yesterday, whatever day it is.
    let yesterday = (due - TimeDelta::days(1)).format("%Y-%m-%d").to_string();
    let calls = std::fs::read_to_string(from.join("calls.csv")).unwrap().replace("2026-11-22", &yesterday);
    std::fs::write(folder.join("calls.csv"), calls).unwrap();
    std::fs::write(
        folder.join("callbrief.yaml"),
        format!(
            "timezone: UTC\nlocale: en\nsources:\n  pbx: {{ url: \"sqlite:calls.db\" }}\njournal: {{ url: \"${{JOURNAL}}\" }}\n\
             mail:\n  from: Reports <reports@example.com>\n  transport: smtp\n  smtp: {{ host: 127.0.0.1, port: {port}, tls: none }}\n"
        ),
    )
    .unwrap();
    std::fs::write(folder.join("journal-address"), journal).unwrap();
    std::fs::write(
        folder.join("rules/recipients.yaml"),
        "recipients:\n  directors: [anna@example.org, boris@example.org]\n",
    )
    .unwrap();
    let mut text = "reports:\n".to_owned();
    for report in 1..=reports {
        let (minute, hour) = (due.minute(), due.hour());
        write!(
            text,
            "  report_{report}:\n    title: {{ en: Calls of the day {report} }}\n    \
             schedule: {{ cron: \"{minute} {hour} * * *\", timezone: UTC, misfire: fire_once, catchup_window: 6h }}\n    \
             period: yesterday\n    template: daily\n    \
             data:\n      by_queue: {{ kpis: [offered, service_level], by: [queue], sort: service_level }}\n    \
             formats: [html, pdf]\n    recipients: [directors]\n"
        )
        .unwrap();
    }
    std::fs::create_dir_all(folder.join("rules/reports")).unwrap();
    std::fs::write(folder.join("rules/reports/all.yaml"), text).unwrap();
    let calls = folder.join("calls.csv");
    let imported = program(folder).args(["import", calls.to_str().unwrap(), "--table=calls"]).output().unwrap();
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
}

fn program(folder: &Path) -> Command {
    let journal = std::fs::read_to_string(folder.join("journal-address")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_callbrief"));
    command.arg("--workspace").arg(folder).env("JOURNAL", journal).env("LC_ALL", "C.UTF-8");
    command
}

fn start(folder: &Path) -> Process {
    let log = File::options().create(true).append(true).open(folder.join("log.txt")).unwrap();
    let child = program(folder).arg("serve").stdout(Stdio::null()).stderr(log).spawn().unwrap();
    Process { child }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Also when something failed; one that has ended already is no mistake.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The most memory one of the processes has held so far, in kB.
fn memory(processes: &[Process]) -> u64 {
    let of = |process: &Process| {
        let status = std::fs::read_to_string(format!("/proc/{}/status", process.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    processes.iter().filter_map(of).max().unwrap_or(0)
}

fn wait(limit: Duration, what: &str, mut happened: impl FnMut() -> bool) {
    let deadline = Instant::now() + limit;
    while !happened() {
        assert!(Instant::now() < deadline, "{what} did not happen in {limit:?}");
        std::thread::park_timeout(Duration::from_millis(100));
    }
}

fn lateness(mut seconds: Vec<i64>) -> [i64; 3] {
    seconds.sort_unstable();
    let at = |share: usize| seconds.get((seconds.len() * share).div_ceil(100).saturating_sub(1)).copied().unwrap_or(0);
    [at(50), at(99), at(100)]
}

/// How often each message was taken, by its id.
pub(crate) type Taken = BTreeMap<String, usize>;
